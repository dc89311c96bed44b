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

/* "429 M_LIMIT_EXCEEDED: Too Many Requests", from a server that may say
 * anything. */
static char *describe(const struct api_answer *answer)
{
	const char *told = json_text_of(answer->json, "error");
	g_autofree char *short_told = g_strndup(told ? told : "", TOLD_MOST);
	g_autofree char *valid = g_utf8_make_valid(short_told, -1);
	for (char *c = valid; *c; c++)
		if (g_ascii_iscntrl(*c))
			*c = ' ';
	return g_strdup_printf("%u%s%s%s%s", answer->status,
			       *answer->errcode ? " " : "", answer->errcode,
			       *valid ? ": " : "", valid);
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
		return;
	}
	answer->status = http->status;
	g_autoptr(json) json = json_parse(http->body, http->len, NULL);
	if (json_is_object(json))
		answer->json = g_steal_pointer(&json);
	if (answer->class == RETRY_NOT) {
		if (answer->json)
			return;
		answer->class = RETRY_LATER;
		answer->trouble = g_strdup_printf(
			"%u with a body that is no JSON object", http->status);
		return;
	}
	const char *errcode = json_text_of(answer->json, "errcode");
	if (errcode && strlen(errcode) <= 100)
		answer->errcode = errcode;
	answer->soft_logout = json_true_of(answer->json, "soft_logout");
	int64_t ms;
	if (answer->retry_after < 0 &&
	    json_int_of(answer->json, "retry_after_ms", &ms) && ms >= 0)
		answer->retry_after = ms;
	answer->trouble = describe(answer);
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
