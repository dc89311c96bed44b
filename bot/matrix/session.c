/* Tokens: how they are kept, refreshed, and what happens when one is refused.
 */

#include <string.h>

#include "bot/matrix/client_private.h"

static void refresh(struct client *client);

/* ---- states ---- */

void session_enter(struct client *client, enum client_state state)
{
	static const char *const names[] = {
		[CLIENT_NEW] = "new",	[CLIENT_OPENING] = "opening",
		[CLIENT_LIVE] = "live", [CLIENT_RENEWING] = "renewing",
		[CLIENT_DEAD] = "dead",
	};
	g_debug("matrix: session %s -> %s", names[client->state], names[state]);
	client->state = state;
}

void session_die(struct client *client, int status, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	g_autofree char *why = g_strdup_vprintf(format, args);
	va_end(args);
	session_enter(client, CLIENT_DEAD);
	client->options.dead(client->options.data, why, status);
}

/* The session's own call again after a while. */
gboolean session_again(gpointer data)
{
	struct client *client = data;
	client->timer = 0;
	/* A refresh token that was refused has been wiped. */
	if (client->state == CLIENT_RENEWING && client->account.refresh_token)
		refresh(client);
	else if (client->state == CLIENT_RENEWING)
		session_log_in(client);
	else
		session_open(client);
	return G_SOURCE_REMOVE;
}

void session_try_later(struct client *client, const struct api_answer *answer,
		       const char *what)
{
	int64_t wait = retry_wait(&client->retry, answer->retry_after);
	g_message("matrix: %s: %s; trying again in %.1f s", what,
		  answer->trouble, (double)wait / 1000);
	client->timer = g_timeout_add((guint)wait, session_again, client);
}

static gboolean renewal_is_due(gpointer data)
{
	struct client *client = data;
	client->renewal = 0;
	if (client->state == CLIENT_LIVE && client->account.refresh_token) {
		session_enter(client, CLIENT_RENEWING);
		client->soft = false;
		refresh(client);
	}
	return G_SOURCE_REMOVE;
}

/* At four fifths of its life: Client-Server API, "Refreshing access tokens". */
void session_plan_renewal(struct client *client, int64_t life)
{
	if (client->renewal)
		g_source_remove(client->renewal);
	client->renewal = 0;
	if (life > 0 && client->account.refresh_token)
		client->renewal =
			g_timeout_add((guint)MIN(life / 5 * 4, G_MAXINT),
				      renewal_is_due, client);
}

static void begin_waiting_calls(struct client *client)
{
	g_autoptr(GList) calls = g_hash_table_get_keys(client->calls);
	for (GList *c = calls; c; c = c->next) {
		struct client_call *call = c->data;
		if (!call->http_call)
			client_begin_call(call);
	}
}

bool session_write(struct client *client, GError **error)
{
	struct sqlite *db = client->options.db;
	if (!sqlite_begin(db, error))
		return false;
	if (account_write(db, MATRIX_NETWORK, &client->account, error) &&
	    sqlite_commit(db, error))
		return true;
	sqlite_rollback(db);
	return false;
}

/* What the server gave is written before it is used: a pair of tokens that is
 * lost with the process would be a logout. */
gboolean session_keep(gpointer data)
{
	struct client *client = data;
	g_autoptr(GError) error = NULL;
	client->timer = 0;
	if (!session_write(client, &error)) {
		client->options.trouble(client->options.data, error);
		client->timer =
			g_timeout_add(CLOCK_SECOND, session_keep, client);
		return G_SOURCE_REMOVE;
	}
	client->known = true;
	if (client->account.state == ACCOUNT_DEAD) {
		session_die(
			client, CLIENT_LOGGED_OUT,
			"the server has logged the bot out for good; the next "
			"start logs in as a new device where bot.conf has a "
			"password, or do it by: znatok login");
		return G_SOURCE_REMOVE;
	}
	client->serial++;
	client->retry.tries = 0;
	session_enter(client, CLIENT_LIVE);
	if (!client->was_live) {
		client->was_live = true;
		client->options.live(client->options.data);
	}
	begin_waiting_calls(client);
	return G_SOURCE_REMOVE;
}

/* ---- tokens ---- */

void session_set_text(char **field, const char *value)
{
	char *copy = g_strdup(value);
	g_free(*field);
	*field = copy;
}

void session_take_tokens(struct client *client, const struct json *json)
{
	int64_t life = 0;
	const char *access = json_text_of(json, "access_token");
	const char *next = json_text_of(json, "refresh_token");
	account_wipe(&client->account.access_token);
	client->account.access_token = g_strdup(access);
	if (next) { /* without one the old one stays good */
		account_wipe(&client->account.refresh_token);
		client->account.refresh_token = g_strdup(next);
	}
	json_int_of(json, "expires_in_ms", &life);
	client->account.expires =
		life > 0 ? clock_now(client->options.clock) + life : 0;
	client->account.state = ACCOUNT_LIVE;
	session_plan_renewal(client, life);
}

/* Logged out for good: what was stored of the session is marked so. */
static void is_logged_out(struct client *client)
{
	if (!client->known) { /* a token that bot.conf gives, and no session */
		session_die(
			client, 1,
			"the server refuses the access token; look at [matrix] "
			"token_file, or log in by: znatok login");
		return;
	}
	client->account.state = ACCOUNT_DEAD;
	account_wipe(&client->account.refresh_token);
	session_keep(client);
}

void client_token_is_refused(struct client *client,
			     const struct api_answer *answer)
{
	if (client->state == CLIENT_RENEWING || client->state == CLIENT_DEAD)
		return;
	session_enter(client, CLIENT_RENEWING);
	client->soft = answer->soft_logout;
	g_message("matrix: the access token is refused (%s)", answer->trouble);
	if (client->account.refresh_token)
		refresh(client);
	else if (client->soft)
		session_log_in(client);
	else
		is_logged_out(client);
}

/* Client-Server API, POST /refresh; Synapse says M_FORBIDDEN of a token that
 * is used up. All else may be of another kind tomorrow. */
static bool ends_session(const struct api_answer *answer)
{
	static const char *const codes[] = { "M_UNKNOWN_TOKEN", "M_FORBIDDEN",
					     "M_USER_DEACTIVATED", NULL };
	return (answer->class == RETRY_TOKEN || answer->class == RETRY_NEVER) &&
	       g_strv_contains(codes, answer->errcode);
}

static void refreshed(const struct http_answer *http, void *data)
{
	struct client *client = data;
	g_auto(api_answer) answer = { 0 };
	client->opening = NULL;
	api_answer_read(http, &answer);
	api_answer_needs(&answer, "access_token");
	if (answer.class == RETRY_NOT) {
		session_take_tokens(client, answer.json);
		session_keep(client);
	} else if (!ends_session(&answer)) {
		session_try_later(client, &answer,
				  "the token cannot be refreshed");
	} else if (client->soft || answer.soft_logout) {
		client->soft = true;
		account_wipe(&client->account.refresh_token);
		session_log_in(client);
	} else {
		is_logged_out(client);
	}
}

static void refresh(struct client *client)
{
	g_autoptr(json) object = json_object();
	json_set_text(object, "refresh_token", client->account.refresh_token);
	g_autofree char *text = json_print(object);
	g_autoptr(GBytes) body = g_bytes_new(text, strlen(text));
	explicit_bzero(text, strlen(text));
	g_autofree char *url =
		api_url(client->account.base_url, "refresh", NULL);
	client->opening = http_start(client->http,
				     &(struct http_request){ .method = "POST",
							     .url = url,
							     .body = body,
							     .done = refreshed,
							     .data = client });
}
