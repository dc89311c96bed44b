/* The control API below /_mock/: what a test makes happen. mock.py has a
 * function for each. */

#include "tests/mock/create.h"
#include "tests/mock/handlers.h"
#include "tests/mock/log.h"

/* NULL: there is none, and the answer was given. */
static struct room *room_of(struct call *call, const cJSON *json)
{
	const char *id = text_of(json, "room_id");
	struct room *room = id ? room_find(call->home, id) : NULL;
	if (!room)
		call_error(call, 404, "M_NOT_FOUND", "No such room");
	return room;
}

/* NULL: there is none, and the answer was given. */
static struct user *user_of(struct call *call, const cJSON *json)
{
	const char *name = text_of(json, "user");
	struct user *user = name ? user_find(call->home, name, false) : NULL;
	if (!user)
		call_error(call, 404, "M_NOT_FOUND", "No such user");
	return user;
}

/* ---- users ---- */

/* {user, password, name, login, device_id} */
void control_users(struct call *call)
{
	const cJSON *json = call_json(call);
	if (!json)
		return;
	struct user *user = user_find(call->home, text_of(json, "user"), true);
	if (text_of(json, "password")) {
		g_free(user->password);
		user->password = g_strdup(text_of(json, "password"));
	}
	if (text_of(json, "name")) {
		g_free(user->name);
		user->name = g_strdup(text_of(json, "name"));
	}
	GString *out = g_string_new("{");
	text_member(out, "user_id", user->id);
	if (truth_of(json, "login")) {
		struct device *device = device_find(call->home, user,
						    text_of(json, "device_id"));
		text_member(out, "device_id", device->id);
		text_member(out, "access_token",
			    token_new(call->home, device, false)->text);
	}
	text_end(out);
	g_string_append_c(out, '}');
	call_answer(call, 200, out);
}

/* {user, locked, deactivated, suspended} */
void control_user(struct call *call)
{
	const cJSON *json = call_json(call);
	struct user *user = json ? user_of(call, json) : NULL;
	if (!user)
		return;
	if (member_of(json, "locked"))
		user->locked = truth_of(json, "locked");
	if (member_of(json, "deactivated"))
		user->deactivated = truth_of(json, "deactivated");
	if (member_of(json, "suspended"))
		user->suspended = truth_of(json, "suspended");
	call_ok(call);
}

static void write_user(GString *out, const struct user *user)
{
	GHashTableIter iter;
	gpointer value;
	g_string_append(out, "{\"devices\":{");
	g_hash_table_iter_init(&iter, user->devices);
	while (g_hash_table_iter_next(&iter, NULL, &value)) {
		const struct device *device = value;
		if (!device->deleted)
			text_member(out, device->id,
				    device->name ? device->name : "");
	}
	text_end(out);
	g_string_append(out, "},\"account_data\":{");
	g_hash_table_iter_init(&iter, user->data);
	while (g_hash_table_iter_next(&iter, NULL, &value)) {
		const struct datum *datum = value;
		g_string_append_printf(out, "\"%s\":%s,", datum->type,
				       datum->content);
	}
	text_end(out);
	g_string_append(out, "},\"rooms\":{");
	g_hash_table_iter_init(&iter, user->rooms);
	while (g_hash_table_iter_next(&iter, &value, NULL)) {
		const struct room *room = value;
		text_member(out, room->id, room_membership(room, user->id));
	}
	text_end(out);
	g_string_append(out, "}}");
}

void control_user_get(struct call *call)
{
	const char *name = call_query(call, "user");
	struct user *user = name ? user_find(call->home, name, false) : NULL;
	if (!user) {
		call_error(call, 404, "M_NOT_FOUND", "No such user");
		return;
	}
	GString *out = g_string_new(NULL);
	write_user(out, user);
	call_answer(call, 200, out);
}

/* {user, device (all where it is missing), soft, expire} */
void control_logout(struct call *call)
{
	const cJSON *json = call_json(call);
	struct user *user = json ? user_of(call, json) : NULL;
	if (!user)
		return;
	const char *only = text_of(json, "device");
	g_autoptr(GList) all = g_hash_table_get_values(user->devices);
	for (GList *one = all; one; one = one->next) {
		struct device *device = one->data;
		if (only && !g_str_equal(only, device->id))
			continue;
		if (truth_of(json, "expire"))
			device_expire(call->home, device);
		else if (truth_of(json, "soft"))
			device_logout(call->home, device, true);
		else
			device_delete(call->home, device);
	}
	home_changed(call->home);
	call_ok(call);
}

/* {user, type, content} */
void control_data(struct call *call)
{
	const cJSON *json = call_json(call);
	struct user *user = json ? user_of(call, json) : NULL;
	if (!user)
		return;
	g_autofree char *content = text_print(member_of(json, "content"));
	user_set_data(call->home, user, text_of(json, "type"), content);
	call_ok(call);
}

/* ---- rooms ---- */

/* As POST /createRoom, with creator, members, invite_state */
void control_rooms(struct call *call)
{
	const cJSON *json = call_json(call), *one;
	if (!json)
		return;
	struct user *creator =
		user_find(call->home, text_of(json, "creator"), true);
	struct room *room = create_room(call->home, creator->id, json);
	cJSON_ArrayForEach(one, member_of(json, "members"))
		room_member(call->home, room, one->valuestring,
			    one->valuestring, "join", NULL);
	if (member_of(json, "invite_state"))
		room->invite_state = g_ptr_array_new();
	cJSON_ArrayForEach(one, member_of(json, "invite_state"))
		g_ptr_array_add(room->invite_state, text_print(one));
	call_text(call, "room_id", room->id);
}

/* {count, members, messages, body}: that many rooms, with the same people */
void control_crowd(struct call *call)
{
	const cJSON *json = call_json(call), *one;
	if (!json)
		return;
	g_autoptr(GPtrArray) members = g_ptr_array_new();
	cJSON_ArrayForEach(one, member_of(json, "members"))
		g_ptr_array_add(members, one->valuestring);
	g_ptr_array_add(members, NULL);
	int64_t count = number_of(json, "count", 1);
	GString *out = g_string_new("{\"room_ids\":[");
	for (int64_t i = 0; i < count; i++) {
		g_autofree char *name =
			g_strdup_printf("Room %" G_GINT64_FORMAT, i);
		const struct room *room = create_busy_room(
			call->home, name, (char **)members->pdata,
			(guint)number_of(json, "messages", 12),
			text_of(json, "body"));
		text_quote(out, room->id);
		g_string_append_c(out, ',');
	}
	text_end(out);
	g_string_append(out, "]}");
	call_answer(call, 200, out);
}

/* ---- events ---- */

/* What this homeserver makes of an event by itself. */
static bool is_ours(const char *key)
{
	static const char *const ours[] = {
		"room_id",   "sender",		 "type",
		"content",   "event_id",	 "unsigned",
		"state_key", "origin_server_ts", NULL,
	};
	return g_strv_contains(ours, key) || *key == '_';
}

/* Its other members, each with a comma behind it. */
static char *other_members(const cJSON *json, bool (*skip)(const char *))
{
	GString *out = g_string_new(NULL);
	const cJSON *one;
	cJSON_ArrayForEach(one, json)
	{
		if (skip && skip(one->string))
			continue;
		g_autofree char *value = text_print(one);
		text_quote(out, one->string);
		g_string_append_printf(out, ":%s,", value);
	}
	return g_string_free(out, false);
}

static const struct event *put_event(struct call *call, struct room *room,
				     const cJSON *json)
{
	const char *sender = text_of(json, "sender");
	g_autofree char *content = text_print(member_of(json, "content"));
	g_autofree char *extra = other_members(json, is_ours);
	g_autofree char *unsigned_ =
		other_members(member_of(json, "unsigned"), NULL);
	const char *device = text_of(json, "_device");
	struct user *user = user_find(call->home, sender, true);
	return room_put(
		call->home, room,
		&(struct draft){
			.id = text_of(json, "event_id"),
			.sender = user->id,
			.type = text_of(json, "type"),
			.state_key = text_of(json, "state_key"),
			.content = content,
			.extra = extra,
			.unsigned_ = unsigned_,
			.txn = text_of(json, "_txn"),
			.device = device ? device_find(call->home, user, device)
					 : NULL,
			.ts = number_of(json, "origin_server_ts", 0),
			.age = number_of(json, "_age", 0),
			.no_age = truth_of(json, "_no_age"),
			.hidden = truth_of(json, "_hidden"),
		});
}

/* {events: [event…]}: each with room_id, sender, type, content, as it is to be
 * seen; and _age (ms), _no_age, _hidden, _txn, _device. */
void control_events(struct call *call)
{
	const cJSON *json = call_json(call), *one;
	if (!json)
		return;
	const cJSON *events = member_of(json, "events");
	cJSON_ArrayForEach(one, events) if (!room_find(call->home,
						       text_of(one, "room_id")))
	{
		call_error(call, 404, "M_NOT_FOUND", "No such room");
		return;
	}
	GString *out = g_string_new("{\"event_ids\":[");
	cJSON_ArrayForEach(one, events)
	{
		struct room *room =
			room_find(call->home, text_of(one, "room_id"));
		text_quote(out, put_event(call, room, one)->id);
		g_string_append_c(out, ',');
	}
	text_end(out);
	g_string_append_printf(out, "],\"pos\":%" G_GUINT64_FORMAT "}",
			       home_pos(call->home));
	call_answer(call, 200, out);
}

/* {room_id, sender, user, membership, content: more members} */
void control_member(struct call *call)
{
	const cJSON *json = call_json(call);
	struct room *room = json ? room_of(call, json) : NULL;
	if (!room)
		return;
	g_autofree char *more = other_members(member_of(json, "content"), NULL);
	struct user *sender =
		user_find(call->home, text_of(json, "sender"), true);
	struct user *user = user_find(call->home, text_of(json, "user"), true);
	call_text(call, "event_id",
		  room_member(call->home, room, sender->id, user->id,
			      text_of(json, "membership"), more)
			  ->id);
}

/* {room_id, sender, event_id, reason} */
void control_redact(struct call *call)
{
	const cJSON *json = call_json(call);
	struct room *room = json ? room_of(call, json) : NULL;
	if (!room)
		return;
	struct user *sender =
		user_find(call->home, text_of(json, "sender"), true);
	call_text(call, "event_id",
		  room_redact(call->home, room,
			      &(struct draft){ .sender = sender->id },
			      text_of(json, "event_id"),
			      text_of(json, "reason"))
			  ->id);
}

/* ---- the server ---- */

/* {user, body}: the user's next /sync gets that text as it is */
void control_sync(struct call *call)
{
	const cJSON *json = call_json(call);
	struct user *user = json ? user_of(call, json) : NULL;
	if (!user)
		return;
	const cJSON *body = member_of(json, "body");
	g_queue_push_tail(user->bodies, cJSON_IsString(body)
						? g_strdup(body->valuestring)
						: text_print(body));
	home_changed(call->home);
	call_ok(call);
}

/* Every long poll of /sync ends now; next: the id of the request after that. */
void control_wake(struct call *call)
{
	g_autoptr(GPtrArray) all =
		g_ptr_array_copy(call->home->waiting, NULL, NULL);
	for (guint i = 0; i < all->len; i++) {
		struct call *one = all->pdata[i];
		if (g_ptr_array_find(call->home->waiting, one, NULL) &&
		    one->route->run == sync_get)
			one->poll(one, true);
	}
	const struct log *log = call->home->log;
	GString *out = g_string_new(NULL);
	g_string_append_printf(out, "{\"next\":%" G_GUINT64_FORMAT "}",
			       log->before + log->requests->len);
	call_answer(call, 200, out);
}

/* {token_lifetime_ms, date_offset, state_after, no_refresh, forget_txns,
 * speed} */
void control_server(struct call *call)
{
	struct home *home = call->home;
	const cJSON *json = call_json(call);
	if (!json)
		return;
	home->token_lifetime =
		number_of(json, "token_lifetime_ms", home->token_lifetime);
	home->date_offset = number_of(json, "date_offset", home->date_offset);
	home->speed = number_of(json, "speed", home->speed);
	if (member_of(json, "no_refresh"))
		home->no_refresh = truth_of(json, "no_refresh");
	if (truth_of(json, "forget_txns"))
		g_hash_table_remove_all(home->txns);
	const char *after = text_of(json, "state_after");
	if (after)
		home->state_after =
			g_str_equal(after, "stable")	 ? STATE_AFTER_STABLE
			: g_str_equal(after, "unstable") ? STATE_AFTER_UNSTABLE
							 : STATE_BEFORE;
	call_ok(call);
}

/* To be asked on the control port: the other one is closed. */
void control_offline(struct call *call)
{
	g_clear_pointer(&call->home->public, http_listener_free);
	call_ok(call);
}

void control_online(struct call *call)
{
	struct home *home = call->home;
	g_autoptr(GError) error = NULL;
	if (!home->public)
		home->public = http_listen(home->port, home->handler, &error);
	if (home->public)
		call_ok(call);
	else
		call_error(call, 500, "M_UNKNOWN", error->message);
}
