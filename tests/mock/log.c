#include "tests/mock/log.h"

#include "tests/mock/handlers.h"

struct log *log_new(void)
{
	struct log *log = g_new0(struct log, 1);
	log->requests = g_ptr_array_new();
	return log;
}

/* What is asked for, and how far the log has been looked through. */
struct search {
	char *method, *prefix;
	GRegex *regex, *body;
	int64_t status; /* 0: any, with or without an answer */
	bool received;	/* also those without an answer */
	uint64_t since, wanted;
	uint64_t at, found; /* all before `at` is decided, and counted */
};

static void search_free(void *data)
{
	struct search *search = data;
	g_free(search->method);
	g_free(search->prefix);
	g_clear_pointer(&search->regex, g_regex_unref);
	g_clear_pointer(&search->body, g_regex_unref);
	g_free(search);
}

static bool fits(const struct search *search, const struct http_request *one)
{
	if (search->method && !g_str_equal(search->method, one->method))
		return false;
	if (search->prefix && !g_str_has_prefix(one->path, search->prefix))
		return false;
	if (search->regex &&
	    !g_regex_match(search->regex, one->target, 0, NULL))
		return false;
	if (search->body &&
	    !g_regex_match(search->body, one->body->str, 0, NULL))
		return false;
	return !search->status || search->status == one->status;
}

static void write_request(GString *out, const struct http_request *one,
			  uint64_t id)
{
	g_string_append_printf(out,
			       "{\"id\":%" G_GUINT64_FORMAT
			       ",\"status\":%d,\"connection\":%u,"
			       "\"size\":%zu,"
			       "\"first_byte\":%" G_GINT64_FORMAT
			       ",\"complete\":%" G_GINT64_FORMAT
			       ",\"last_byte\":%" G_GINT64_FORMAT ",",
			       id, one->status, one->connection_no, one->size,
			       one->first_byte, one->complete, one->last_byte);
	text_member(out, "method", one->method);
	text_member(out, "target", one->target);
	text_member(out, "path", one->path);
	text_member(out, "query", one->query ? one->query : "");
	if (one->note)
		text_member(out, "note", one->note);
	g_string_append(out, "\"headers\":{");
	for (guint i = 0; i < one->headers->len; i++) {
		const struct http_header *header =
			&g_array_index(one->headers, struct http_header, i);
		g_autofree char *name = g_ascii_strdown(header->name, -1);
		text_quote(out, name);
		g_string_append_c(out, ':');
		text_quote(out, header->value);
		g_string_append_c(out, ',');
	}
	text_end(out);
	g_string_append(out, "},\"body\":");
	text_quote(out, one->body->str);
	g_string_append_c(out, '}');
}

static bool decided(const struct http_request *one)
{
	return one->status || !one->connection;
}

static uint64_t count(struct search *search, const struct log *log)
{
	uint64_t found = search->found, end = log->before + log->requests->len;
	bool sure = true;
	search->at = MAX(search->at, log->before);
	for (uint64_t i = search->at; i < end; i++) {
		const struct http_request *one =
			log->requests->pdata[i - log->before];
		bool known = decided(one);
		sure = sure && known;
		if ((known || search->received) && fits(search, one))
			found++;
		if (!sure)
			continue;
		search->at = i + 1;
		search->found = found;
	}
	return found;
}

static bool log_poll(struct call *call, bool now)
{
	struct search *search = call->state;
	const struct log *log = call->home->log;
	if (!now && count(search, log) < search->wanted)
		return false;
	uint64_t end = log->before + log->requests->len;
	GString *out = g_string_new("{\"requests\":[");
	for (uint64_t i = MAX(search->since, log->before); i < end; i++) {
		const struct http_request *one =
			log->requests->pdata[i - log->before];
		if ((!decided(one) && !search->received) || !fits(search, one))
			continue;
		write_request(out, one, i);
		g_string_append_c(out, ',');
	}
	text_end(out);
	g_string_append_printf(out, "],\"next\":%" G_GUINT64_FORMAT "}", end);
	call_answer(call, 200, out);
	return true;
}

static GRegex *regex_of(struct call *call, const char *name)
{
	const char *text = call_query(call, name);
	return text ? g_regex_new(text, 0, 0, NULL) : NULL;
}

void log_get(struct call *call)
{
	struct search *search = g_new0(struct search, 1);
	search->method = g_strdup(call_query(call, "method"));
	search->prefix = g_strdup(call_query(call, "path"));
	search->regex = regex_of(call, "regex");
	search->body = regex_of(call, "body");
	search->status = call_number(call, "status", 0);
	search->received = call_number(call, "received", 0);
	search->since = (uint64_t)call_number(call, "since", 0);
	search->wanted = (uint64_t)call_number(call, "wait", 0);
	search->at = search->since;
	call->state = search;
	call->state_free = search_free;
	call_wait(call,
		  search->wanted ? call_number(call, "timeout", 30000) : 0,
		  log_poll);
}

void log_delete(struct call *call)
{
	struct log *log = call->home->log;
	guint n = 0;
	/* Those that are with a handler have to stay. */
	while (n < log->requests->len &&
	       !((struct http_request *)log->requests->pdata[n])->connection)
		http_request_free(log->requests->pdata[n++]);
	if (n)
		g_ptr_array_remove_range(log->requests, 0, n);
	log->before += n;
	call_ok(call);
}
