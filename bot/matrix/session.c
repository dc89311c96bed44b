/* How there comes to be a token, and what happens when it is refused. */

#include <string.h>

#include "bot/matrix/client_private.h"
#include "bot/matrix/discovery.h"

static void open_session(struct client *client);
static void refresh(struct client *client);
static void log_in(struct client *client);

/* ---- secrets ---- */

/* From the file that bot.conf names, else from the environment. NULL without
 * an error: neither is there. Caller wipes and frees. */
static char *secret(const char *file, const char *variable, GError **error)
{
	const char *value = g_getenv(variable);
	if (file)
		return config_secret(file, error);
	return value && *value ? g_strdup(value) : NULL;
}

static char *password_of(const struct client *client, GError **error)
{
	return secret(client->options.config->matrix_password_file,
		      "ZNATOK_MATRIX_PASSWORD", error);
}

static char *token_of(const struct client *client, GError **error)
{
	return secret(client->options.config->matrix_token_file,
		      "ZNATOK_MATRIX_TOKEN", error);
}

/* ---- states ---- */

static void enter(struct client *client, enum client_state state)
{
	static const char *const names[] = {
		[CLIENT_NEW] = "new",	[CLIENT_OPENING] = "opening",
		[CLIENT_LIVE] = "live", [CLIENT_RENEWING] = "renewing",
		[CLIENT_DEAD] = "dead",
	};
	g_debug("matrix: session %s -> %s", names[client->state], names[state]);
	client->state = state;
}

static void die(struct client *client, int status, const char *format, ...)
	G_GNUC_PRINTF(3, 4);
static void die(struct client *client, int status, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	g_autofree char *why = g_strdup_vprintf(format, args);
	va_end(args);
	enter(client, CLIENT_DEAD);
	client->options.dead(client->options.data, why, status);
}

/* The session's own call again after a while. */
static gboolean again(gpointer data)
{
	struct client *client = data;
	client->timer = 0;
	/* A refresh token that was refused has been wiped. */
	if (client->state == CLIENT_RENEWING && client->account.refresh_token)
		refresh(client);
	else if (client->state == CLIENT_RENEWING)
		log_in(client);
	else
		open_session(client);
	return G_SOURCE_REMOVE;
}

static void try_later(struct client *client, const struct api_answer *answer,
		      const char *what)
{
	int64_t wait = retry_wait(&client->retry, answer->retry_after);
	g_message("matrix: %s: %s; trying again in %.1f s", what,
		  answer->trouble, (double)wait / 1000);
	client->timer = g_timeout_add((guint)wait, again, client);
}

static gboolean renewal_is_due(gpointer data)
{
	struct client *client = data;
	client->renewal = 0;
	if (client->state == CLIENT_LIVE && client->account.refresh_token) {
		enter(client, CLIENT_RENEWING);
		client->soft = false;
		refresh(client);
	}
	return G_SOURCE_REMOVE;
}

/* At four fifths of its life: Client-Server API, "Refreshing access tokens". */
static void plan_renewal(struct client *client, int64_t life)
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

static bool write_account(struct client *client, GError **error)
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
static gboolean keep(gpointer data)
{
	struct client *client = data;
	g_autoptr(GError) error = NULL;
	client->timer = 0;
	if (!write_account(client, &error)) {
		client->options.trouble(client->options.data, error);
		client->timer = g_timeout_add(CLOCK_SECOND, keep, client);
		return G_SOURCE_REMOVE;
	}
	client->known = true;
	if (client->account.state == ACCOUNT_DEAD) {
		die(client, CLIENT_LOGGED_OUT,
		    "the server has logged the bot out for good; the next "
		    "start logs in as a new device where bot.conf has a "
		    "password, or do it by: znatok login");
		return G_SOURCE_REMOVE;
	}
	client->serial++;
	client->retry.tries = 0;
	enter(client, CLIENT_LIVE);
	if (!client->was_live) {
		client->was_live = true;
		client->options.live(client->options.data);
	}
	begin_waiting_calls(client);
	return G_SOURCE_REMOVE;
}

/* ---- tokens ---- */

static void set_text(char **field, const char *value)
{
	char *copy = g_strdup(value);
	g_free(*field);
	*field = copy;
}

static void take_tokens(struct client *client, const struct json *json)
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
	plan_renewal(client, life);
}

/* Logged out for good: what was stored of the session is marked so. */
static void is_logged_out(struct client *client)
{
	if (!client->known) { /* a token that bot.conf gives, and no session */
		die(client, 1,
		    "the server refuses the access token; look at [matrix] "
		    "token_file, or log in by: znatok login");
		return;
	}
	client->account.state = ACCOUNT_DEAD;
	account_wipe(&client->account.refresh_token);
	keep(client);
}

void client_token_is_refused(struct client *client,
			     const struct api_answer *answer)
{
	if (client->state == CLIENT_RENEWING || client->state == CLIENT_DEAD)
		return;
	enter(client, CLIENT_RENEWING);
	client->soft = answer->soft_logout;
	g_message("matrix: the access token is refused (%s)", answer->trouble);
	if (client->account.refresh_token)
		refresh(client);
	else if (client->soft)
		log_in(client);
	else
		is_logged_out(client);
}

static void refreshed(const struct http_answer *http, void *data)
{
	struct client *client = data;
	g_auto(api_answer) answer = { 0 };
	client->opening = NULL;
	api_answer_read(http, &answer);
	if (answer.class == RETRY_NOT &&
	    json_text_of(answer.json, "access_token")) {
		take_tokens(client, answer.json);
		keep(client);
	} else if (answer.class == RETRY_LATER ||
		   answer.class == RETRY_LIMITED) {
		try_later(client, &answer, "the token cannot be refreshed");
	} else if (client->soft || answer.soft_logout) {
		client->soft = true;
		account_wipe(&client->account.refresh_token);
		log_in(client);
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

/* ---- login ---- */

static void login_refused(struct client *client,
			  const struct api_answer *answer)
{
	if (answer->class == RETRY_LATER || answer->class == RETRY_LIMITED)
		try_later(client, answer, "the bot cannot log in");
	else if (api_answer_is(answer, "M_FORBIDDEN"))
		die(client, 1,
		    "the server refuses the user or the password (%s); look at "
		    "[matrix] user and password_file",
		    answer->trouble);
	else
		die(client, 1, "the server refuses to log the bot in: %s",
		    answer->trouble);
}

static void logged_in(const struct http_answer *http, void *data)
{
	struct client *client = data;
	g_auto(api_answer) answer = { 0 };
	client->opening = NULL;
	api_answer_read(http, &answer);
	if (answer.class != RETRY_NOT) {
		login_refused(client, &answer);
		return;
	}
	const char *user = json_text_of(answer.json, "user_id");
	const char *device = json_text_of(answer.json, "device_id");
	if (!user || !device || !json_text_of(answer.json, "access_token")) {
		die(client, 1, "the server's answer to a login makes no sense");
		return;
	}
	set_text(&client->account.user_id, user);
	set_text(&client->account.device_id, device);
	take_tokens(client, answer.json);
	g_message("matrix: logged in as %s, device %s", user, device);
	keep(client);
}

GBytes *session_login_body(const char *user, const char *password,
			   const char *device_id)
{
	g_autoptr(json) object = json_object();
	struct json *identifier = json_object();
	json_set_text(identifier, "type", "m.id.user");
	json_set_text(identifier, "user", user);
	json_set_text(object, "type", "m.login.password");
	json_set(object, "identifier", identifier);
	json_set_text(object, "password", password);
	if (device_id)
		json_set_text(object, "device_id", device_id);
	json_set_text(object, "initial_device_display_name", "znatok");
	json_set_bool(object, "refresh_token", true);
	g_autofree char *text = json_print(object);
	GBytes *body = g_bytes_new(text, strlen(text));
	explicit_bzero(text, strlen(text));
	return body;
}

/* As the same device after a soft logout, else as a new one: an old device's
 * keys are gone with its session (matrix.md calls for a new one). */
static void log_in(struct client *client)
{
	g_autoptr(GError) error = NULL;
	char *password = password_of(client, &error);
	if (!password) {
		bool soft = client->state == CLIENT_RENEWING;
		die(client, soft ? CLIENT_LOGGED_OUT : 1, "%s",
		    error ? error->message
			  : "there is no session and no password: set "
			    "[matrix] password_file, or log in once by: "
			    "znatok login");
		return;
	}
	bool same = client->known && client->account.state != ACCOUNT_DEAD;
	/* This login ends the old token. Should its answer be lost with the
	 * process, that must not look like a logout for good. */
	client->account.state = same ? ACCOUNT_SOFT : client->account.state;
	if (same && !write_account(client, &error)) {
		account_wipe(&password);
		client->options.trouble(client->options.data, error);
		client->timer = g_timeout_add(CLOCK_SECOND, again, client);
		return;
	}
	g_autoptr(GBytes) body = session_login_body(
		client->options.config->matrix_user, password,
		same ? client->account.device_id : NULL);
	account_wipe(&password);
	g_autofree char *url = api_url(client->account.base_url, "login", NULL);
	client->opening = http_start(client->http,
				     &(struct http_request){ .method = "POST",
							     .url = url,
							     .body = body,
							     .once = true,
							     .done = logged_in,
							     .data = client });
}

/* ---- whoami ---- */

/* Is it the account that bot.conf names, whole or by its name alone? */
static bool is_wanted(const struct client *client, const char *user_id)
{
	const char *wanted = client->options.config->matrix_user;
	g_autofree char *start = g_strdup_printf("@%s:", wanted);
	return !*wanted || g_str_equal(user_id, wanted) ||
	       (*wanted != '@' && g_str_has_prefix(user_id, start));
}

static void known_now(const struct http_answer *http, void *data)
{
	struct client *client = data;
	g_auto(api_answer) answer = { 0 };
	client->opening = NULL;
	api_answer_read(http, &answer);
	const char *user = json_text_of(answer.json, "user_id");
	const char *device = json_text_of(answer.json, "device_id");
	if (answer.class == RETRY_TOKEN &&
	    api_answer_is(&answer, "M_UNKNOWN_TOKEN")) {
		client_token_is_refused(client, &answer);
	} else if (answer.class == RETRY_LATER ||
		   answer.class == RETRY_LIMITED ||
		   answer.class == RETRY_TOKEN) {
		try_later(client, &answer, "the homeserver does not answer");
	} else if (answer.class != RETRY_NOT || !user) {
		die(client, 1, "the server does not say who the bot is: %s",
		    answer.trouble ? answer.trouble : "no user_id");
	} else if (!is_wanted(client, user)) {
		die(client, 1,
		    "the token belongs to %s, but [matrix] user is %s", user,
		    client->options.config->matrix_user);
	} else {
		set_text(&client->account.user_id, user);
		set_text(&client->account.device_id, device ? device : "");
		client->account.state = ACCOUNT_LIVE;
		int64_t left = client->account.expires -
			       clock_now(client->options.clock);
		plan_renewal(client, client->account.expires ? left : 0);
		keep(client);
	}
}

static void ask_who(struct client *client)
{
	g_autofree char *url =
		api_url(client->account.base_url, "account", "whoami", NULL);
	client->opening = http_start(
		client->http,
		&(struct http_request){ .url = url,
					.bearer = client->account.access_token,
					.done = known_now,
					.data = client });
}

/* ---- the beginning ---- */

/* There is an address: with a token ask who we are, else log in. */
static void identify(struct client *client)
{
	g_autoptr(GError) error = NULL;
	char *token = token_of(client, &error);
	if (error) {
		die(client, 1, "%s", error->message);
		return;
	}
	if (token) {
		if (g_strcmp0(token, client->account.access_token) != 0)
			account_wipe(&client->account.refresh_token);
		account_wipe(&client->account.access_token);
		client->account.access_token = token;
		ask_who(client);
	} else if (client->known && client->account.state == ACCOUNT_LIVE) {
		ask_who(client);
	} else {
		log_in(client);
	}
}

static void found(const struct discovery *discovery, void *data)
{
	struct client *client = data;
	client->search = NULL;
	if (discovery->base_url) {
		set_text(&client->account.base_url, discovery->base_url);
		identify(client);
	} else if (discovery->later) {
		struct api_answer answer = { .retry_after = -1,
					     .trouble = discovery->error };
		try_later(client, &answer, "the homeserver is not found");
	} else {
		die(client, 1, "%s", discovery->error);
	}
}

static void open_session(struct client *client)
{
	const struct config *config = client->options.config;
	const char *homeserver = config->matrix_homeserver;
	const char *colon = strchr(config->matrix_user, ':');
	if (strstr(homeserver, "://")) {
		g_autofree char *url = discovery_trim(homeserver);
		set_text(&client->account.base_url, url);
	} else if (!client->known && !*homeserver && !colon) {
		die(client, 1,
		    "[matrix] homeserver is not set, and user names no server");
		return;
	} else if (!client->known) {
		client->search = discovery_start(
			client->http, *homeserver ? homeserver : colon + 1,
			found, client);
		return;
	}
	identify(client);
}

void client_open(struct client *client)
{
	enter(client, CLIENT_OPENING);
	/* Nothing of another account's session may be used. */
	if (client->known && !is_wanted(client, client->account.user_id)) {
		die(client, 1,
		    "the store holds a session of %s, but [matrix] user is %s; "
		    "another account needs a [bot] state of its own",
		    client->account.user_id,
		    client->options.config->matrix_user);
		return;
	}
	open_session(client);
}
