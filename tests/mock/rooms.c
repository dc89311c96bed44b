/* Rooms, their events and state. */

#include <stdlib.h>
#include <string.h>
#include "tests/mock/home.h"

uint64_t home_pos(const struct home *home)
{
	return home->stream->len;
}

struct room *room_find(struct home *home, const char *id)
{
	return g_hash_table_lookup(home->rooms, id);
}

bool room_is_version(const struct room *room, int least)
{
	return atoi(room->version) >= least;
}

struct room *room_new(struct home *home, const char *id, const char *version)
{
	struct room *room = g_new0(struct room, 1);
	room->version = g_strdup(version ? version : "10");
	g_autofree char *noise =
		home_random(home, room_is_version(room, 12) ? 43 : 18);
	if (id)
		room->id = g_strdup(id);
	else if (room_is_version(room, 12))
		room->id = g_strdup_printf("!%s", noise);
	else
		room->id = g_strdup_printf("!%s:%s", noise, SERVER_NAME);
	room->events = g_ptr_array_new();
	room->state =
		g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	room->creators =
		g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	room->reactions =
		g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	g_hash_table_insert(home->rooms, room->id, room);
	return room;
}

/* Types hold no newline; caller frees. */
static char *state_name(const char *type, const char *key)
{
	return g_strconcat(type, "\n", key, NULL);
}

struct event *room_state(const struct room *room, const char *type,
			 const char *key)
{
	g_autofree char *name = state_name(type, key);
	return g_hash_table_lookup(room->state, name);
}

struct event *event_at(struct event *newest, uint64_t pos)
{
	while (newest && newest->pos > pos)
		newest = newest->replaces;
	return newest;
}

static const char *membership_in(const char *json)
{
	static const char *const all[] = { "join", "invite", "leave", "ban",
					   "knock" };
	g_autoptr(cJSON) content = cJSON_Parse(json);
	const char *said = text_of(content, "membership");
	for (size_t i = 0; said && i < G_N_ELEMENTS(all); i++)
		if (g_str_equal(all[i], said))
			return all[i];
	return "leave";
}

const char *room_membership(const struct room *room, const char *user)
{
	const struct event *event = room_state(room, "m.room.member", user);
	return event ? event->membership : NULL;
}

static cJSON *power_levels(const struct room *room)
{
	struct event *event = room_state(room, "m.room.power_levels", "");
	return event ? cJSON_Parse(event->content) : NULL;
}

int64_t room_power(const struct room *room, const char *user)
{
	if (g_hash_table_contains(room->creators, user))
		return INT64_MAX;
	g_autoptr(cJSON) levels = power_levels(room);
	return number_of(member_of(levels, "users"), user,
			 number_of(levels, "users_default", 0));
}

int64_t room_power_needed(const struct room *room, const char *type, bool state)
{
	g_autoptr(cJSON) levels = power_levels(room);
	if (!levels)
		return 0;
	return number_of(member_of(levels, "events"), type,
			 state ? number_of(levels, "state_default", 50)
			       : number_of(levels, "events_default", 0));
}

/* ---- putting ---- */

static void count_member(struct room *room, const struct event *event, int by)
{
	if (event && g_str_equal(event->membership, "join"))
		room->joined += (unsigned)by;
	else if (event && g_str_equal(event->membership, "invite"))
		room->invited += (unsigned)by;
}

static void know_creators(struct room *room, const struct event *event)
{
	if (!room_is_version(room, 12))
		return;
	g_autoptr(cJSON) content = cJSON_Parse(event->content);
	const cJSON *one;
	g_hash_table_add(room->creators, g_strdup(event->sender));
	cJSON_ArrayForEach(
		one, member_of(content,
			       "additional_creators")) if (cJSON_IsString(one))
		g_hash_table_add(room->creators, g_strdup(one->valuestring));
}

static void set_state(struct home *home, struct room *room, struct event *event)
{
	char *name = state_name(event->type, event->state_key);
	event->replaces = g_hash_table_lookup(room->state, name);
	g_hash_table_insert(room->state, name, event);
	if (g_str_equal(event->type, "m.room.create"))
		know_creators(room, event);
	if (!g_str_equal(event->type, "m.room.member"))
		return;
	event->membership = membership_in(event->content);
	count_member(room, event->replaces, -1);
	count_member(room, event, 1);
	struct user *user = user_find(home, event->state_key, true);
	g_hash_table_add(user->rooms, room);
}

/* From version 12 on the room is called as its create event. */
static char *new_id(struct home *home, const struct room *room,
		    const char *type)
{
	if (room_is_version(room, 12) && g_str_equal(type, "m.room.create"))
		return g_strconcat("$", room->id + 1, NULL);
	g_autofree char *noise = home_random(home, 43);
	return g_strconcat("$", noise, NULL);
}

struct event *room_put(struct home *home, struct room *room,
		       const struct draft *draft)
{
	struct event *event = g_new0(struct event, 1);
	event->room = room;
	event->id = g_strdup(draft->id);
	if (!event->id)
		event->id = new_id(home, room, draft->type);
	event->type = g_strdup(draft->type);
	event->sender = g_strdup(draft->sender);
	event->state_key = g_strdup(draft->state_key);
	event->content = g_strdup(draft->content ? draft->content : "{}");
	event->extra = g_strdup(draft->extra);
	event->unsigned_ = g_strdup(draft->unsigned_);
	event->txn = g_strdup(draft->txn);
	event->device = draft->device;
	event->ts =
		draft->ts ? draft->ts : g_get_real_time() / 1000 - draft->age;
	event->received = g_get_monotonic_time() / 1000 - draft->age;
	event->no_age = draft->no_age;
	event->hidden = draft->hidden;
	struct step step = { .event = event };
	g_array_append_val(home->stream, step);
	event->pos = home_pos(home);
	g_ptr_array_add(room->events, event);
	g_hash_table_insert(home->events, event->id, event);
	if (event->state_key)
		set_state(home, room, event);
	home_changed(home);
	return event;
}

struct event *room_member(struct home *home, struct room *room,
			  const char *sender, const char *user,
			  const char *membership, const char *more)
{
	const struct user *who = user_find(home, user, true);
	g_autoptr(GString) content = g_string_new("{");
	text_member(content, "membership", membership);
	text_member(content, "displayname", who->name);
	g_string_append(content, more ? more : "");
	text_end(content);
	g_string_append_c(content, '}');
	return room_put(home, room,
			&(struct draft){
				.sender = sender,
				.type = "m.room.member",
				.state_key = user,
				.content = content->str,
			});
}

/* What is left of a redacted event's content. */
static char *pruned(const struct event *event)
{
	if (!g_str_equal(event->type, "m.room.member"))
		return g_strdup("{}");
	return g_strdup_printf("{\"membership\":\"%s\"}", event->membership);
}

struct event *room_redact(struct home *home, struct room *room,
			  const struct draft *draft, const char *target,
			  const char *reason)
{
	/* `redacts` moved into the content with version 11. */
	bool inside = room_is_version(room, 11);
	g_autoptr(GString) content = g_string_new("{");
	g_autoptr(GString) extra = g_string_new(NULL);
	text_member(inside ? content : extra, "redacts", target);
	if (reason)
		text_member(content, "reason", reason);
	text_end(content);
	g_string_append_c(content, '}');
	struct draft redaction = *draft;
	redaction.type = "m.room.redaction";
	redaction.content = content->str;
	redaction.extra = extra->str;
	struct event *event = room_put(home, room, &redaction);
	struct event *gone = g_hash_table_lookup(home->events, target);
	if (gone && gone->room == room) {
		char *rest = pruned(gone);
		g_free(gone->content);
		gone->content = rest;
		gone->redacted_by = event;
	}
	return event;
}

guint room_index_after(const struct room *room, uint64_t pos)
{
	guint from = 0, to = room->events->len;
	while (from < to) {
		guint middle = from + (to - from) / 2;
		const struct event *event = room->events->pdata[middle];
		if (event->pos > pos)
			to = middle;
		else
			from = middle + 1;
	}
	return from;
}

/* ---- writing ---- */

static void write_unsigned(GString *out, const struct event *event,
			   const struct device *reader)
{
	g_string_append(out, "\"unsigned\":{");
	if (!event->no_age)
		g_string_append_printf(out, "\"age\":%" G_GINT64_FORMAT ",",
				       g_get_monotonic_time() / 1000 -
					       event->received);
	if (event->txn && reader && event->device == reader)
		text_member(out, "transaction_id", event->txn);
	if (event->replaces)
		g_string_append_printf(out, "\"prev_content\":%s,",
				       event->replaces->content);
	if (event->redacted_by) {
		g_string_append(out, "\"redacted_because\":");
		event_write(out, event->redacted_by, reader, true);
		g_string_append_c(out, ',');
	}
	g_string_append(out, event->unsigned_ ? event->unsigned_ : "");
	text_end(out);
	g_string_append_c(out, '}');
}

void event_write(GString *out, const struct event *event,
		 const struct device *reader, bool with_room)
{
	g_string_append_c(out, '{');
	text_member(out, "type", event->type);
	text_member(out, "sender", event->sender);
	text_member(out, "event_id", event->id);
	if (with_room)
		text_member(out, "room_id", event->room->id);
	if (event->state_key)
		text_member(out, "state_key", event->state_key);
	g_string_append(out, event->extra ? event->extra : "");
	g_string_append_printf(out,
			       "\"origin_server_ts\":%" G_GINT64_FORMAT
			       ",\"content\":%s,",
			       event->ts, event->content);
	write_unsigned(out, event, reader);
	g_string_append_c(out, '}');
}
