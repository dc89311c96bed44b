#include "tests/mock/rules.h"

#include <assert.h>

#include "tests/mock/handlers.h"

enum action {
	PASS,
	ANSWER,
	CLOSE_BEFORE,
	CLOSE_AFTER,
	RESET_BEFORE,
	RESET_AFTER,
	TRUNCATE,
	DRIP,
	BLACK_HOLE,
	EMPTY,
	HOLD,
	SWALLOW,
	ACTIONS,
};

static const char *const action_names[] = {
	"pass",		"answer",      "close-before", "close-after",
	"reset-before", "reset-after", "truncate",     "drip",
	"black-hole",	"empty",       "hold",	       "swallow",
};
static_assert(G_N_ELEMENTS(action_names) == ACTIONS, "a name each");

struct rule {
	int64_t id;
	char *method, *prefix;
	GRegex *regex, *body_regex;
	int64_t skip, times; /* times < 0: for ever */
	int64_t hits;	     /* how often it had a request */
	enum action action;
	int status; /* 0: what the route says */
	char *headers, *body;
	unsigned delay, drip_ms, drip_bytes;
	GPtrArray *held; /* calls */
};

struct rules {
	GPtrArray *all;
	int64_t last;
};

static void rule_free(void *data)
{
	struct rule *rule = data;
	g_free(rule->method);
	g_free(rule->prefix);
	g_clear_pointer(&rule->regex, g_regex_unref);
	g_clear_pointer(&rule->body_regex, g_regex_unref);
	g_free(rule->headers);
	g_free(rule->body);
	g_ptr_array_unref(rule->held);
	g_free(rule);
}

struct rules *rules_new(void)
{
	struct rules *rules = g_new0(struct rules, 1);
	rules->all = g_ptr_array_new_with_free_func(rule_free);
	return rules;
}

/* ---- use ---- */

static bool fits(const struct rule *rule, const struct http_request *http)
{
	return (!rule->method || g_str_equal(rule->method, http->method)) &&
	       (!rule->prefix || g_str_has_prefix(http->path, rule->prefix)) &&
	       (!rule->regex ||
		g_regex_match(rule->regex, http->target, 0, NULL)) &&
	       (!rule->body_regex ||
		g_regex_match(rule->body_regex, http->body->str, 0, NULL));
}

static struct rule *find(struct rules *rules, const struct http_request *http)
{
	for (guint i = 0; i < rules->all->len; i++) {
		struct rule *rule = rules->all->pdata[i];
		if (rule->times == 0 || !fits(rule, http))
			continue;
		if (rule->skip > 0) {
			rule->skip--;
			continue;
		}
		if (rule->times > 0)
			rule->times--;
		rule->hits++;
		return rule;
	}
	return NULL;
}

static void act(struct call *call)
{
	const struct rule *rule = call->rule;
	struct http_request *http = call->http;
	static const enum http_cut cuts[ACTIONS] = {
		[CLOSE_BEFORE] = HTTP_CLOSE, [CLOSE_AFTER] = HTTP_CLOSE,
		[RESET_BEFORE] = HTTP_RESET, [RESET_AFTER] = HTTP_RESET,
		[TRUNCATE] = HTTP_TRUNCATE,  [DRIP] = HTTP_DRIP,
		[SWALLOW] = HTTP_SWALLOW,
	};
	http->cut = cuts[rule->action];
	http->drip_ms = rule->drip_ms;
	http->drip_bytes = rule->drip_bytes;
	switch (rule->action) {
	case CLOSE_BEFORE:
	case RESET_BEFORE:
	case EMPTY:
		http_answer(http, 200, NULL, NULL);
		return;
	case BLACK_HOLE:
		return;
	case HOLD:
		g_ptr_array_add(rule->held, call);
		return;
	default:
		break;
	}
	if (rule->status)
		http_answer(http, rule->status, rule->headers,
			    g_string_new(rule->body));
	else
		call_run(call);
}

static gboolean delayed(gpointer data)
{
	struct call *call = data;
	call->timer = 0;
	act(call);
	return G_SOURCE_REMOVE;
}

bool rules_take(struct call *call)
{
	call->rule = find(call->home->rules, call->http);
	if (!call->rule)
		return false;
	if (call->rule->delay)
		call->timer = g_timeout_add(call->rule->delay, delayed, call);
	else
		act(call);
	return true;
}

void rules_forget(struct call *call)
{
	if (call->rule)
		g_ptr_array_remove(call->rule->held, call);
}

/* ---- control ---- */

static enum action action_of(const cJSON *json)
{
	const char *name = text_of(json, "action");
	bool answers = member_of(json, "status") || member_of(json, "body");
	for (int i = 0; name && i < ACTIONS; i++)
		if (g_str_equal(name, action_names[i]))
			return (enum action)i;
	return answers ? ANSWER : PASS;
}

static char *headers_of(const cJSON *json)
{
	GString *out = g_string_new(NULL);
	const cJSON *one;
	cJSON_ArrayForEach(one, member_of(json, "headers"))
		g_string_append_printf(out, "%s: %s\r\n", one->string,
				       one->valuestring);
	return g_string_free(out, false);
}

static GRegex *regex_of(const cJSON *json, const char *key)
{
	const char *text = text_of(json, key);
	return text ? g_regex_new(text, 0, 0, NULL) : NULL;
}

static struct rule *rule_new(struct rules *rules, const cJSON *json)
{
	struct rule *rule = g_new0(struct rule, 1);
	const cJSON *body = member_of(json, "body");
	rule->id = ++rules->last;
	rule->method = g_strdup(text_of(json, "method"));
	rule->prefix = g_strdup(text_of(json, "path"));
	rule->regex = regex_of(json, "regex");
	rule->body_regex = regex_of(json, "body_regex");
	rule->skip = number_of(json, "skip", 0);
	rule->times = number_of(json, "times", -1);
	rule->action = action_of(json);
	rule->status = (int)number_of(json, "status", body ? 200 : 0);
	rule->headers = headers_of(json);
	rule->body = cJSON_IsString(body) ? g_strdup(body->valuestring)
					  : text_print(body);
	rule->delay = (unsigned)number_of(json, "delay_ms", 0);
	rule->drip_ms = (unsigned)number_of(json, "drip_ms", 1000);
	rule->drip_bytes = (unsigned)number_of(json, "drip_bytes", 1);
	rule->held = g_ptr_array_new();
	g_ptr_array_add(rules->all, rule);
	return rule;
}

void rules_post(struct call *call)
{
	const cJSON *json = call_json(call);
	if (!json)
		return;
	struct rule *rule = rule_new(call->home->rules, json);
	GString *out = g_string_new(NULL);
	g_string_printf(out, "{\"id\":%" G_GINT64_FORMAT "}", rule->id);
	call_answer(call, 200, out);
}

void rules_get(struct call *call)
{
	GPtrArray *all = call->home->rules->all;
	GString *out = g_string_new("{\"rules\":[");
	for (guint i = 0; i < all->len; i++) {
		const struct rule *rule = all->pdata[i];
		g_string_append_printf(
			out,
			"{\"id\":%" G_GINT64_FORMAT
			",\"hits\":%" G_GINT64_FORMAT
			",\"left\":%" G_GINT64_FORMAT ",\"held\":%u},",
			rule->id, rule->hits, rule->times, rule->held->len);
	}
	text_end(out);
	g_string_append(out, "]}");
	call_answer(call, 200, out);
}

/* What a rule holds goes on as if it had never been held. */
static void release(struct rule *rule)
{
	while (rule->held->len) {
		struct call *call = g_ptr_array_steal_index(rule->held, 0);
		call->rule = NULL;
		call_run(call);
	}
}

/* A rule stays in the list, used up: calls may still point to it. */
static void end_rule(struct rule *rule)
{
	rule->times = 0;
	release(rule);
}

static void each(struct call *call, int64_t id, void (*do_it)(struct rule *))
{
	GPtrArray *all = call->home->rules->all;
	for (guint i = 0; i < all->len; i++) {
		struct rule *rule = all->pdata[i];
		if (!id || rule->id == id)
			do_it(rule);
	}
}

void rules_delete(struct call *call)
{
	each(call, call_number(call, "id", 0), end_rule);
	call_ok(call);
}

void rules_release(struct call *call)
{
	each(call, call_number(call, "id", 0), release);
	call_ok(call);
}
