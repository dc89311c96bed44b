/* How there comes to be a session: where the server is, a login or whoami. */

#include <string.h>

#include "bot/matrix/client_private.h"
#include "bot/matrix/discovery.h"

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

/* ---- login ---- */

static void login_refused(struct client *client,
			  const struct api_answer *answer)
{
	if (answer->class == RETRY_LATER || answer->class == RETRY_LIMITED)
		session_try_later(client, answer, "the bot cannot log in");
	else if (api_answer_is(answer, "M_FORBIDDEN"))
		session_die(client, 1,
			    "the server refuses the user or the password (%s); "
			    "look at "
			    "[matrix] user and password_file",
			    answer->trouble);
	else
		session_die(client, 1,
			    "the server refuses to log the bot in: %s",
			    answer->trouble);
}

static void logged_in(const struct http_answer *http, void *data)
{
	struct client *client = data;
	g_auto(api_answer) answer = { 0 };
	client->opening = NULL;
	api_answer_read(http, &answer);
	api_answer_needs(&answer, "user_id");
	api_answer_needs(&answer, "device_id");
	api_answer_needs(&answer, "access_token");
	if (answer.class != RETRY_NOT) {
		login_refused(client, &answer);
		return;
	}
	const char *user = json_text_of(answer.json, "user_id");
	const char *device = json_text_of(answer.json, "device_id");
	session_set_text(&client->account.user_id, user);
	session_set_text(&client->account.device_id, device);
	session_take_tokens(client, answer.json);
	g_message("matrix: logged in as %s, device %s", user, device);
	session_keep(client);
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
void session_log_in(struct client *client)
{
	g_autoptr(GError) error = NULL;
	char *password = password_of(client, &error);
	if (!password) {
		bool soft = client->state == CLIENT_RENEWING;
		session_die(
			client, soft ? CLIENT_LOGGED_OUT : 1, "%s",
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
	if (same && !session_write(client, &error)) {
		account_wipe(&password);
		client->options.trouble(client->options.data, error);
		client->timer =
			g_timeout_add(CLOCK_SECOND, session_again, client);
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

bool client_user_is(const char *user_id, const char *wanted)
{
	g_autofree char *start = g_strdup_printf("@%s:", wanted);
	return !*wanted || g_str_equal(user_id, wanted) ||
	       (*wanted != '@' && g_str_has_prefix(user_id, start));
}

static bool is_wanted(const struct client *client, const char *user_id)
{
	return client_user_is(user_id, client->options.config->matrix_user);
}

static void known_now(const struct http_answer *http, void *data)
{
	struct client *client = data;
	g_auto(api_answer) answer = { 0 };
	client->opening = NULL;
	api_answer_read(http, &answer);
	api_answer_needs(&answer, "user_id");
	const char *user = json_text_of(answer.json, "user_id");
	const char *device = json_text_of(answer.json, "device_id");
	if (answer.class == RETRY_TOKEN &&
	    api_answer_is(&answer, "M_UNKNOWN_TOKEN")) {
		client_token_is_refused(client, &answer);
	} else if (answer.class == RETRY_LATER ||
		   answer.class == RETRY_LIMITED ||
		   answer.class == RETRY_TOKEN) {
		session_try_later(client, &answer,
				  "the homeserver does not answer");
	} else if (answer.class != RETRY_NOT) {
		session_die(client, 1,
			    "the server does not say who the bot is: %s",
			    answer.trouble);
	} else if (!is_wanted(client, user)) {
		session_die(client, 1,
			    "the token belongs to %s, but [matrix] user is %s",
			    user, client->options.config->matrix_user);
	} else {
		session_set_text(&client->account.user_id, user);
		session_set_text(&client->account.device_id,
				 device ? device : "");
		client->account.state = ACCOUNT_LIVE;
		int64_t left = client->account.expires -
			       clock_now(client->options.clock);
		session_plan_renewal(client,
				     client->account.expires ? left : 0);
		session_keep(client);
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
		session_die(client, 1, "%s", error->message);
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
		session_log_in(client);
	}
}

static void found(const struct discovery *discovery, void *data)
{
	struct client *client = data;
	client->search = NULL;
	if (discovery->base_url) {
		session_set_text(&client->account.base_url,
				 discovery->base_url);
		identify(client);
	} else if (discovery->later) {
		struct api_answer answer = { .retry_after = -1,
					     .trouble = discovery->error };
		session_try_later(client, &answer,
				  "the homeserver is not found");
	} else {
		session_die(client, 1, "%s", discovery->error);
	}
}

void session_open(struct client *client)
{
	const struct config *config = client->options.config;
	const char *homeserver = config->matrix_homeserver;
	const char *colon = strchr(config->matrix_user, ':');
	if (strstr(homeserver, "://")) {
		g_autofree char *url = discovery_trim(homeserver);
		session_set_text(&client->account.base_url, url);
	} else if (!client->known && !*homeserver && !colon) {
		session_die(client, 1,
			    "[matrix] homeserver is not set, and user names no "
			    "server");
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
	session_enter(client, CLIENT_OPENING);
	/* Nothing of another account's session may be used. */
	if (client->known && !is_wanted(client, client->account.user_id)) {
		session_die(client, 1,
			    "the store holds a session of %s, but [matrix] "
			    "user is %s; "
			    "another account needs a [bot] state of its own",
			    client->account.user_id,
			    client->options.config->matrix_user);
		return;
	}
	session_open(client);
}
