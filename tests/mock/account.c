/* What belongs to a user: filters, account data, the profile, rooms. */

#include "tests/mock/handlers.h"

/* False: it is somebody else's, and the answer was given. */
static bool own(struct call *call)
{
	if (g_str_equal(call->args[0], call->user->id))
		return true;
	call_error(call, 403, "M_FORBIDDEN", "Cannot act for other users");
	return false;
}

void filter_post(struct call *call)
{
	const cJSON *json = own(call) ? call_json(call) : NULL;
	if (!json)
		return;
	GPtrArray *filters = call->user->filters;
	g_ptr_array_add(filters, text_print(json));
	g_autofree char *id = g_strdup_printf("%u", filters->len - 1);
	call_text(call, "filter_id", id);
}

void filter_get(struct call *call)
{
	if (!own(call))
		return;
	guint64 id = g_ascii_strtoull(call->args[1], NULL, 10);
	if (id >= call->user->filters->len)
		call_error(call, 404, "M_NOT_FOUND", "No such filter");
	else
		call_answer(call, 200,
			    g_string_new(call->user->filters->pdata[id]));
}

void data_get(struct call *call)
{
	if (!own(call))
		return;
	const struct datum *datum =
		g_hash_table_lookup(call->user->data, call->args[1]);
	if (datum)
		call_answer(call, 200, g_string_new(datum->content));
	else
		call_error(call, 404, "M_NOT_FOUND", "Account data not found");
}

void data_put(struct call *call)
{
	const cJSON *json = own(call) ? call_json(call) : NULL;
	if (!json)
		return;
	user_set_data(call->home, call->user, call->args[1],
		      call->http->body->str);
	call_ok(call);
}

void profile_get(struct call *call)
{
	const struct user *user = user_find(call->home, call->args[0], false);
	if (user)
		call_text(call, "displayname", user->name);
	else
		call_error(call, 404, "M_NOT_FOUND", "No such user");
}

void profile_put(struct call *call)
{
	const cJSON *json = own(call) ? call_json(call) : NULL;
	if (!json)
		return;
	g_free(call->user->name);
	call->user->name = g_strdup(text_of(json, "displayname"));
	if (!call->user->name)
		call->user->name = g_strdup(call->user->localpart);
	call_ok(call);
}

void joined_rooms_get(struct call *call)
{
	GHashTableIter iter;
	gpointer room;
	GString *out = g_string_new("{\"joined_rooms\":[");
	g_hash_table_iter_init(&iter, call->user->rooms);
	while (g_hash_table_iter_next(&iter, &room, NULL)) {
		const char *is = room_membership(room, call->user->id);
		if (g_strcmp0(is, "join") != 0)
			continue;
		text_quote(out, ((struct room *)room)->id);
		g_string_append_c(out, ',');
	}
	text_end(out);
	g_string_append(out, "]}");
	call_answer(call, 200, out);
}
