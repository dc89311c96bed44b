#include "bot/matrix/api.h"

#include <stdarg.h>
#include <string.h>

enum { TOLD_MOST = 200 }; /* bytes of a server's words in our log */

char *api_url_of(const char *base_url, const char *path)
{
	return g_strconcat(base_url, path, NULL);
}

char *api_url(const char *base_url, ...)
{
	GString *url = g_string_new(base_url);
	va_list segments;
	g_string_append(url, "/_matrix/client/v3");
	va_start(segments, base_url);
	for (const char *s = va_arg(segments, const char *); s;
	     s = va_arg(segments, const char *)) {
		g_string_append_c(url, '/');
		g_string_append_uri_escaped(url, s, NULL, false);
	}
	va_end(segments);
	return g_string_free(url, FALSE);
}

/* What a server says, which may be anything, for our log; caller frees. */
static char *told_by_server(const char *text)
{
	g_autofree char *told = g_strndup(text ? text : "", TOLD_MOST);
	char *valid = g_utf8_make_valid(told, -1);
	for (char *c = valid; *c; c++)
		if (g_ascii_iscntrl(*c))
			*c = ' ';
	return valid;
}

/* "429 M_LIMIT_EXCEEDED: Too Many Requests" */
static char *describe(const struct api_answer *answer)
{
	g_autofree char *valid =
		told_by_server(json_text_of(answer->json, "error"));
	return g_strdup_printf("%u%s%s%s%s", answer->status,
			       *answer->errcode ? " " : "", answer->errcode,
			       *valid ? ": " : "", valid);
}

static void is_foreign(struct api_answer *answer, char *trouble)
{
	answer->class = RETRY_LATER;
	answer->foreign = true;
	g_free(answer->trouble);
	answer->trouble = trouble;
}

static char *describe_redirect(const struct http_answer *http)
{
	g_autofree char *where = told_by_server(http->location);
	return g_strdup_printf("%u, a redirect to %s, which is not followed; "
			       "[matrix] homeserver in bot.conf must be the "
			       "address where the homeserver itself answers",
			       http->status, *where ? where : "nowhere");
}

/* Of what is no 2xx. */
static void read_error(const struct http_answer *http,
		       struct api_answer *answer)
{
	const char *errcode = json_text_of(answer->json, "errcode");
	if (errcode && strlen(errcode) <= 100)
		answer->errcode = errcode;
	answer->soft_logout = json_true_of(answer->json, "soft_logout");
	int64_t ms;
	if (answer->retry_after < 0 &&
	    json_int_of(answer->json, "retry_after_ms", &ms) && ms >= 0)
		answer->retry_after = ms;
	bool refused =
		answer->class == RETRY_NEVER || answer->class == RETRY_TOKEN;
	if (http->status >= 300 && http->status < 400)
		is_foreign(answer, describe_redirect(http));
	else if (refused && !*answer->errcode && http->status != 413)
		is_foreign(answer,
			   g_strdup_printf("%u without an errcode: a proxy "
					   "answers, and no homeserver",
					   http->status));
	else
		answer->trouble = describe(answer);
}

void api_answer_read(const struct http_answer *http, struct api_answer *answer)
{
	*answer = (struct api_answer){
		.class = retry_class(http),
		.errcode = "",
		.retry_after = http->retry_after,
		.date = http->date,
	};
	if (http->failure != HTTP_ANSWERED) {
		answer->trouble = g_strdup(http->error);
		answer->too_big = http->failure == HTTP_TOO_BIG;
		return;
	}
	answer->status = http->status;
	g_autoptr(json) json = json_parse(http->body, http->len, NULL);
	if (json_is_object(json))
		answer->json = g_steal_pointer(&json);
	if (answer->class != RETRY_NOT)
		read_error(http, answer);
	else if (!answer->json)
		is_foreign(
			answer,
			g_strdup_printf("%u with a body that is no JSON object",
					http->status));
}

void api_answer_needs(struct api_answer *answer, const char *name)
{
	if (answer->class == RETRY_NOT && !json_text_of(answer->json, name))
		is_foreign(answer, g_strdup_printf("%u without %s",
						   answer->status, name));
}

void api_answer_clear(struct api_answer *answer)
{
	json_free(answer->json);
	g_free(answer->trouble);
	*answer = (struct api_answer){ 0 };
}

bool api_answer_is(const struct api_answer *answer, const char *errcode)
{
	return g_strcmp0(answer->errcode, errcode) == 0;
}
