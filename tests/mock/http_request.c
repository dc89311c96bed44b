#include "tests/mock/http_request.h"

#include <string.h>

static void header_clear(gpointer data)
{
	struct http_header *header = data;
	g_free(header->name);
	g_free(header->value);
}

void http_request_free(struct http_request *request)
{
	if (!request)
		return;
	g_free(request->method);
	g_free(request->target);
	g_free(request->path);
	g_free(request->query);
	g_array_unref(request->headers);
	g_string_free(request->body, true);
	g_free(request->note);
	g_free(request);
}

const char *http_header(const struct http_request *request, const char *name)
{
	for (guint i = 0; i < request->headers->len; i++) {
		const struct http_header *header =
			&g_array_index(request->headers, struct http_header, i);
		if (g_ascii_strcasecmp(header->name, name) == 0)
			return header->value;
	}
	return NULL;
}

static void add_header(struct http_request *request, const char *line)
{
	const char *colon = strchr(line, ':');
	if (!colon)
		return;
	struct http_header header = {
		.name = g_strndup(line, (gsize)(colon - line)),
		.value = g_strstrip(g_strdup(colon + 1)),
	};
	g_array_append_val(request->headers, header);
}

/* "GET /path?query HTTP/1.1", then "Name: value" lines. */
struct http_request *http_request_parse(const char *head, size_t len)
{
	g_autofree char *text = g_strndup(head, len);
	g_auto(GStrv) lines = g_strsplit(text, "\r\n", -1);
	g_auto(GStrv) first = g_strsplit(lines[0] ? lines[0] : "", " ", 3);
	if (g_strv_length(first) != 3 || !g_str_has_prefix(first[2], "HTTP/1."))
		return NULL;
	struct http_request *request = g_new0(struct http_request, 1);
	request->method = g_strdup(first[0]);
	request->target = g_strdup(first[1]);
	char *mark = strchr(first[1], '?');
	request->query = mark ? g_strdup(mark + 1) : NULL;
	request->path = mark ? g_strndup(first[1], (gsize)(mark - first[1]))
			     : g_strdup(first[1]);
	request->headers =
		g_array_new(false, false, sizeof(struct http_header));
	g_array_set_clear_func(request->headers, header_clear);
	request->body = g_string_new(NULL);
	for (char **line = lines + 1; *line; line++)
		add_header(request, *line);
	return request;
}
