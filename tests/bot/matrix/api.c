#include "bot/matrix/api.h"

#include <string.h>

#include "bot/matrix/discovery.h"
#include "bot/matrix/event.h"
#include "bot/matrix/invite.h"

static struct api_answer read_answer(unsigned status, const char *body,
				     int64_t retry_after)
{
	struct api_answer answer;
	const struct http_answer http = {
		.status = status,
		.body = body,
		.len = strlen(body),
		.retry_after = retry_after,
	};
	api_answer_read(&http, &answer);
	return answer;
}

static void addresses(void)
{
	g_autofree char *url = api_url("https://h", "rooms", "!a/b:c", "send",
				       "m.x", "t?1", NULL);
	g_assert_cmpstr(url, ==,
			"https://h/_matrix/client/v3/rooms/%21a%2Fb%3Ac/send/"
			"m.x/t%3F1");
}

static void answers(void)
{
	static const struct {
		unsigned status;
		const char *body;
		enum retry_class class;
		const char *errcode;
	} rows[] = {
		{ 200, "{\"a\":1}", RETRY_NOT, "" },
		/* A page of a proxy, and what was cut short, are no answers. */
		{ 200, "<html>", RETRY_LATER, "" },
		{ 200, "", RETRY_LATER, "" },
		{ 200, "{\"a\":", RETRY_LATER, "" },
		{ 200, "[]", RETRY_LATER, "" },
		{ 302, "", RETRY_LATER, "" },
		{ 400, "{\"errcode\":\"M_X\"}", RETRY_NEVER, "M_X" },
		/* Nor are errors that name none. */
		{ 403, "nonsense", RETRY_LATER, "" },
		{ 404, "{\"errcode\":5}", RETRY_LATER, "" },
		{ 400, "{}", RETRY_LATER, "" },
		{ 401, "<html>", RETRY_LATER, "" },
		{ 413, "<html>", RETRY_NEVER, "" },
		{ 401, "{\"errcode\":\"M_UNKNOWN_TOKEN\"}", RETRY_TOKEN,
		  "M_UNKNOWN_TOKEN" },
		{ 408, "{}", RETRY_LATER, "" },
		{ 429, "{}", RETRY_LIMITED, "" },
		{ 500, "{\"errcode\":\"M_UNKNOWN\"}", RETRY_LATER,
		  "M_UNKNOWN" },
		{ 502, "<html>", RETRY_LATER, "" },
	};
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_auto(api_answer) answer =
			read_answer(rows[i].status, rows[i].body, -1);
		g_assert_cmpint(answer.class, ==, rows[i].class);
		g_assert_cmpstr(answer.errcode, ==, rows[i].errcode);
		g_assert_true((answer.trouble == NULL) ==
			      (rows[i].class == RETRY_NOT));
	}
}

static void needed(void)
{
	g_auto(api_answer) good = read_answer(200, "{\"a\":\"x\"}", -1);
	api_answer_needs(&good, "a");
	g_assert_cmpint(good.class, ==, RETRY_NOT);
	g_assert_false(good.foreign);
	api_answer_needs(&good, "b");
	g_assert_cmpint(good.class, ==, RETRY_LATER);
	g_assert_true(good.foreign);
	g_assert_cmpstr(good.trouble, ==, "200 without b");
	g_auto(api_answer) refused =
		read_answer(403, "{\"errcode\":\"M_FORBIDDEN\"}", -1);
	api_answer_needs(&refused, "b");
	g_assert_cmpint(refused.class, ==, RETRY_NEVER);
	g_assert_false(refused.foreign);
}

static void redirects(void)
{
	const struct http_answer http = { .status = 301,
					  .body = "",
					  .location = "https://new.example/\nx",
					  .retry_after = -1 };
	g_auto(api_answer) answer = { 0 };
	api_answer_read(&http, &answer);
	g_assert_cmpint(answer.class, ==, RETRY_LATER);
	g_assert_nonnull(strstr(answer.trouble, "https://new.example/ x"));
	g_assert_nonnull(strstr(answer.trouble, "[matrix] homeserver"));
}

static void how_long_to_wait(void)
{
	g_auto(api_answer) header =
		read_answer(429, "{\"retry_after_ms\":5}", 3000);
	g_assert_cmpint(header.retry_after, ==, 3000);
	g_auto(api_answer) json =
		read_answer(429, "{\"retry_after_ms\":1500}", -1);
	g_assert_cmpint(json.retry_after, ==, 1500);
	g_auto(api_answer) odd =
		read_answer(429, "{\"retry_after_ms\":-4}", -1);
	g_assert_cmpint(odd.retry_after, ==, -1);
	/* What a server asks for is never more than ten minutes. */
	struct retry retry = { .least = 1000, .most = 60000 };
	g_assert_cmpint(retry_wait(&retry, INT64_MAX), ==, RETRY_MOST);
	g_assert_cmpint(retry_wait(&retry, 3000), ==, 3000);
	for (int i = 0; i < 100; i++)
		g_assert_cmpint(retry_wait(&retry, -1), <=, 60000);
}

/* What a server says goes into our log: in one line, and not all of it. */
static void words_of_a_server(void)
{
	g_autofree char *much = g_strnfill(5000, 'x');
	g_autofree char *body =
		g_strdup_printf("{\"error\":\"a\\nb\\u001b%s\"}", much);
	g_auto(api_answer) answer = read_answer(400, body, -1);
	g_assert_cmpuint(strlen(answer.trouble), <, 300);
	g_assert_null(strchr(answer.trouble, '\n'));
	g_assert_null(strchr(answer.trouble, '\x1b'));
}

static void where_tokens_may_go(void)
{
	static const char *const may[] = {
		"https://example.org",	 "https://example.org:8448/x",
		"http://127.0.0.1:8008", "http://localhost",
		"http://[::1]:80",	 "http://127.1.2.3/",
	};
	static const char *const may_not[] = {
		"http://example.org",
		"http://127.0.0.1.example.org",
		"http://localhost.example.org",
		"ftp://localhost",
		"file:///x",
		"https://",
		"nonsense",
		"",
		"http://10.0.0.1",
	};
	for (size_t i = 0; i < G_N_ELEMENTS(may); i++)
		if (!http_may_go(may[i]))
			g_error("refused: %s", may[i]);
	for (size_t i = 0; i < G_N_ELEMENTS(may_not); i++)
		if (http_may_go(may_not[i]))
			g_error("allowed: %s", may_not[i]);
}

static void discovery(void)
{
	static const struct {
		const char *body, *url;
	} rows[] = {
		{ "{\"m.homeserver\":{\"base_url\":\"https://m.x.org/\"}}",
		  "https://m.x.org" },
		{ "{\"m.homeserver\":{\"base_url\":\"http://m.x.org\"}}",
		  NULL },
		{ "{\"m.homeserver\":{\"base_url\":5}}", NULL },
		{ "{\"m.homeserver\":[]}", NULL },
		{ "<html>", NULL },
		{ "", NULL },
	};
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autofree char *url =
			discovery_base_url(rows[i].body, strlen(rows[i].body));
		g_assert_cmpstr(url, ==, rows[i].url);
	}
}

static void who_may_invite(void)
{
	static const struct {
		const char *invites, *inviter;
		bool allowed;
	} rows[] = {
		{ "everyone", "@x:y", true },
		{ "none", "@admin:a.org", false },
		{ "admins", "@admin:a.org", true },
		{ "admins", "@x:a.org", false },
		{ "@x:y;b.org", "@x:y", true },
		{ "@x:y;b.org", "@z:b.org", true },
		{ "@x:y;b.org", "@z:evil-b.org", false },
		{ "@x:y;b.org:8448", "@z:b.org:8448", true },
		{ "@x:y;b.org", "@z:b.org:8448", false },
		{ "@x:y", "@x:y.org", false },
	};
	g_autoptr(bot_config) config = config_default();
	g_strfreev(config->bot_admins);
	config->bot_admins = g_strsplit("@admin:a.org", ";", 0);
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_strfreev(config->matrix_invites);
		config->matrix_invites = g_strsplit(rows[i].invites, ";", 0);
		if (invite_is_allowed(config, rows[i].inviter) !=
		    rows[i].allowed)
			g_error("%s by %s", rows[i].invites, rows[i].inviter);
	}
}

/* By the server's clocks alone. */
static void what_is_old(void)
{
	struct event event = { .age = 1001, .at = 5 };
	g_assert_true(event_is_old(&event, 0, 1000));
	event.age = 999;
	g_assert_false(event_is_old(&event, 99999999, 1000));
	g_assert_false(event_is_old(&event, 0, 0));
	event.age = -1;
	g_assert_true(event_is_old(&event, 2000, 1000));
	g_assert_false(event_is_old(&event, 900, 1000));
	g_assert_false(event_is_old(&event, 0, 1000));
	event.age = INT64_MAX;
	g_assert_false(event_is_old(&event, 0, 0));
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/api/addresses", addresses);
	g_test_add_func("/api/answers", answers);
	g_test_add_func("/api/how long to wait", how_long_to_wait);
	g_test_add_func("/api/needs", needed);
	g_test_add_func("/api/redirect", redirects);
	g_test_add_func("/api/words of a server", words_of_a_server);
	g_test_add_func("/api/where tokens may go", where_tokens_may_go);
	g_test_add_func("/api/discovery", discovery);
	g_test_add_func("/api/who may invite", who_may_invite);
	g_test_add_func("/api/what is old", what_is_old);
	return g_test_run();
}
