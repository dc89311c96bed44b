#include "bot/matrix/login.h"

#include "bot/base/error.h"
#include "bot/matrix/client.h"
#include "bot/matrix/discovery.h"

struct waiting {
	GMainLoop *loop;
	struct api_answer *answer;
	char *base_url, *error;
};

static void answered(const struct http_answer *http, void *data)
{
	struct waiting *waiting = data;
	api_answer_read(http, waiting->answer);
	g_main_loop_quit(waiting->loop);
}

void login_call(struct http *http, const char *method, const char *url,
		const char *token, GBytes *body, struct api_answer *answer)
{
	g_autoptr(GMainLoop) loop = g_main_loop_new(NULL, FALSE);
	struct waiting waiting = { .loop = loop, .answer = answer };
	http_start(http, &(struct http_request){ .method = method,
						 .url = url,
						 .bearer = token,
						 .body = body,
						 .timeout = 30,
						 .done = answered,
						 .data = &waiting });
	g_main_loop_run(loop);
}

static void found(const struct discovery *discovery, void *data)
{
	struct waiting *waiting = data;
	waiting->base_url = g_strdup(discovery->base_url);
	waiting->error = g_strdup(discovery->error);
	g_main_loop_quit(waiting->loop);
}

char *login_find(struct http *http, const char *homeserver, GError **error)
{
	g_autoptr(GMainLoop) loop = g_main_loop_new(NULL, FALSE);
	struct waiting waiting = { .loop = loop };
	discovery_start(http, homeserver, found, &waiting);
	g_main_loop_run(loop);
	if (!waiting.base_url)
		g_set_error_literal(error, ZNATOK_ERROR, ZNATOK_ERROR_NETWORK,
				    waiting.error);
	g_free(waiting.error);
	return waiting.base_url;
}

static void take(struct account *account, const struct json *json)
{
	int64_t life = 0;
	account_wipe(&account->access_token);
	account_wipe(&account->refresh_token);
	g_free(account->user_id);
	g_free(account->device_id);
	account->user_id = g_strdup(json_text_of(json, "user_id"));
	account->device_id = g_strdup(json_text_of(json, "device_id"));
	account->access_token = g_strdup(json_text_of(json, "access_token"));
	account->refresh_token = g_strdup(json_text_of(json, "refresh_token"));
	account->state = ACCOUNT_LIVE;
	json_int_of(json, "expires_in_ms", &life);
	account->expires = life ? g_get_real_time() / 1000 + life : 0;
}

bool login_with_password(struct http *http, const char *user,
			 const char *password, struct account *account,
			 GError **error)
{
	g_auto(api_answer) answer = { 0 };
	g_autofree char *url = api_url(account->base_url, "login", NULL);
	g_autoptr(GBytes) body = session_login_body(
		user, password,
		account->state == ACCOUNT_DEAD ? NULL : account->device_id);
	login_call(http, "POST", url, NULL, body, &answer);
	api_answer_needs(&answer, "user_id");
	api_answer_needs(&answer, "device_id");
	api_answer_needs(&answer, "access_token");
	if (answer.class != RETRY_NOT) {
		g_set_error(error, ZNATOK_ERROR, ZNATOK_ERROR_NETWORK,
			    api_answer_is(&answer, "M_FORBIDDEN")
				    ? "the server refuses the user or the "
				      "password: %s"
				    : "the server does not log the bot in: %s",
			    answer.trouble);
		return false;
	}
	take(account, answer.json);
	return true;
}
