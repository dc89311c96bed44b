#include "tests/mock/call.h"

#include <string.h>
#include "tests/mock/handlers.h"

void call_unwait(struct call *call)
{
	if (call->timer)
		g_source_remove(call->timer);
	call->timer = 0;
	g_ptr_array_remove(call->home->waiting, call);
}

void call_answer(struct call *call, int status, GString *json)
{
	call_unwait(call);
	http_answer(call->http, status, NULL, json);
}

void call_error(struct call *call, int status, const char *code,
		const char *text)
{
	GString *json = g_string_new("{");
	text_member(json, "errcode", code);
	text_member(json, "error", text);
	text_end(json);
	g_string_append_c(json, '}');
	call_answer(call, status, json);
}

void call_ok(struct call *call)
{
	call_answer(call, 200, g_string_new("{}"));
}

void call_text(struct call *call, const char *key, const char *value)
{
	GString *json = g_string_new("{");
	text_member(json, key, value);
	text_end(json);
	g_string_append_c(json, '}');
	call_answer(call, 200, json);
}

static void read_query(struct call *call)
{
	call->query =
		g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	if (!call->http->query)
		return;
	g_auto(GStrv) pairs = g_strsplit(call->http->query, "&", -1);
	for (char **pair = pairs; *pair; pair++) {
		char *is = strchr(*pair, '=');
		char *name = g_uri_unescape_segment(*pair, is, NULL);
		char *value = g_uri_unescape_string(is ? is + 1 : "", NULL);
		if (name && value && !g_hash_table_contains(call->query, name))
			g_hash_table_insert(call->query, name, value);
		else {
			g_free(name);
			g_free(value);
		}
	}
}

const char *call_query(struct call *call, const char *name)
{
	if (!call->query)
		read_query(call);
	return g_hash_table_lookup(call->query, name);
}

int64_t call_number(struct call *call, const char *name, int64_t otherwise)
{
	const char *text = call_query(call, name);
	return text ? g_ascii_strtoll(text, NULL, 10) : otherwise;
}

cJSON *call_json(struct call *call)
{
	const GString *body = call->http->body;
	if (!call->json)
		call->json = cJSON_ParseWithLength(body->str, body->len);
	if (!call->json)
		call_error(call, 400, "M_NOT_JSON", "Content not JSON.");
	else if (!cJSON_IsObject(call->json))
		call_error(call, 400, "M_BAD_JSON",
			   "Content must be an object");
	else
		return call->json;
	return NULL;
}

struct room *call_room(struct call *call)
{
	struct room *room = room_find(call->home, call->args[0]);
	if (room &&
	    g_strcmp0(room_membership(room, call->user->id), "join") == 0)
		return room;
	call_error(call, 403, "M_FORBIDDEN", "User is not in room");
	return NULL;
}

/* ---- long polls ---- */

static gboolean time_is_up(gpointer data)
{
	struct call *call = data;
	call->timer = 0;
	bool answered = call->poll(call, true);
	g_assert(answered);
	return G_SOURCE_REMOVE;
}

void call_wait(struct call *call, int64_t timeout,
	       bool (*poll)(struct call *call, bool now))
{
	if (poll(call, timeout <= 0))
		return;
	call->poll = poll;
	call->timer = g_timeout_add((guint)timeout, time_is_up, call);
	g_ptr_array_add(call->home->waiting, call);
}

/* Answering may change the list: it is walked as a copy. */
static gboolean wake(gpointer data)
{
	struct home *home = data;
	home->wake = 0;
	g_autoptr(GPtrArray) all = g_ptr_array_copy(home->waiting, NULL, NULL);
	for (guint i = 0; i < all->len; i++) {
		struct call *call = all->pdata[i];
		if (g_ptr_array_find(home->waiting, call, NULL))
			call->poll(call, false);
	}
	return G_SOURCE_REMOVE;
}

void home_changed(struct home *home)
{
	if (!home->wake)
		home->wake =
			g_idle_add_full(G_PRIORITY_DEFAULT, wake, home, NULL);
}

/* ---- who asks ---- */

static void unknown_token(struct call *call, bool soft)
{
	GString *json = g_string_new(
		"{\"errcode\":\"M_UNKNOWN_TOKEN\","
		"\"error\":\"Access token has expired or is unknown\",");
	g_string_append_printf(json, "\"soft_logout\":%s}",
			       soft ? "true" : "false");
	call_answer(call, 401, json);
}

/* False: not let in, and told so. */
static bool let_in(struct call *call)
{
	const char *given = http_header(call->http, "Authorization");
	if (!given || !g_str_has_prefix(given, "Bearer ")) {
		call_error(call, 401, "M_MISSING_TOKEN",
			   "Missing access token");
		return false;
	}
	struct token *token = token_use(call->home, given + strlen("Bearer "));
	if (!token || token->refresh) {
		unknown_token(call, false);
		return false;
	}
	if (token->soft || (token->expires &&
			    token->expires < g_get_monotonic_time() / 1000)) {
		unknown_token(call, true);
		return false;
	}
	call->token = token;
	call->device = token->device;
	call->user = token->device->user;
	if (!call->user->locked)
		return true;
	call_answer(call, 401,
		    g_string_new("{\"errcode\":\"M_USER_LOCKED\","
				 "\"error\":\"This account has been locked\","
				 "\"soft_logout\":true}"));
	return false;
}

/* ---- routes ---- */

static const struct route routes[] = {
#define ROUTE(method, pattern, run, auth) { #method, pattern, run, auth },
#include "tests/mock/routes.def"
#undef ROUTE
};

/* `*` stands for one part of the path, and is kept. */
static bool path_fits(const char *pattern, char **path, const char **args)
{
	size_t n = 0;
	for (pattern++; *path; path++) {
		size_t len = strcspn(pattern, "/");
		if (len == 1 && *pattern == '*')
			args[n++] = *path;
		else if (strncmp(pattern, *path, len) != 0 ||
			 strlen(*path) != len)
			return false;
		pattern += len;
		if (!path[1])
			return !*pattern;
		if (!*pattern++)
			return false;
	}
	return false;
}

static const struct route *find_route(struct call *call)
{
	for (size_t i = 0; i < G_N_ELEMENTS(routes); i++)
		if (g_str_equal(routes[i].method, call->http->method) &&
		    path_fits(routes[i].pattern, call->path, call->args))
			return &routes[i];
	return NULL;
}

/* `/a/b%2Fc` is two parts. */
static char **split_path(const char *path)
{
	char **parts = g_strsplit(path + (*path == '/'), "/", -1);
	for (char **part = parts; *part; part++) {
		char *plain = g_uri_unescape_string(*part, NULL);
		g_free(*part);
		*part = plain ? plain : g_strdup("");
	}
	return parts;
}

void call_run(struct call *call)
{
	if (!call->path)
		call->path = split_path(call->http->path);
	call->route = find_route(call);
	if (!call->route)
		call_error(call, 404, "M_UNRECOGNIZED", "Unrecognized request");
	else if (!call->route->auth || let_in(call))
		call->route->run(call);
}
