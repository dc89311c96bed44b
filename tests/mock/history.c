/* What is read of a room: its past, its state, its members. */

#include <string.h>
#include "tests/mock/filter.h"
#include "tests/mock/handlers.h"

/* ---- /messages ---- */

/* A walk through a room's past. Positions lie between events. */
struct walk {
	struct room *room;
	struct event_filter filter;
	bool back;
	uint64_t from, to, end;
	guint found;
};

/* `t12` of a timeline, or `s12` of /sync. */
static bool read_token(const char *text, uint64_t *pos)
{
	char *end;
	if (!text || (*text != 't' && *text != 's'))
		return false;
	*pos = g_ascii_strtoull(text + 1, &end, 10);
	return end > text + 1 && !*end;
}

/* False: the answer was given. */
static bool read_walk(struct call *call, struct walk *walk)
{
	const char *dir = call_query(call, "dir");
	const char *from = call_query(call, "from"),
		   *to = call_query(call, "to");
	walk->back = g_strcmp0(dir, "b") == 0;
	walk->from = walk->back ? home_pos(call->home) : 0;
	walk->to = walk->back ? 0 : UINT64_MAX;
	bool good = (walk->back || g_strcmp0(dir, "f") == 0) &&
		    (!from || read_token(from, &walk->from)) &&
		    (!to || read_token(to, &walk->to));
	if (!good) {
		call_error(call, 400, "M_INVALID_PARAM",
			   "Invalid token or dir");
		return false;
	}
	const char *text = call_query(call, "filter");
	g_autoptr(cJSON) filter = text ? cJSON_Parse(text) : NULL;
	event_filter_read(&walk->filter, filter, 10);
	walk->filter.limit =
		(guint)CLAMP(call_number(call, "limit", 10), 1, 1000);
	return true;
}

static void take(GString *out, struct walk *walk, const struct event *event,
		 const struct device *reader)
{
	if (!event_filter_takes(&walk->filter, event->type, event->sender))
		return;
	event_write(out, event, reader, true);
	g_string_append_c(out, ',');
	walk->found++;
}

static void write_walk(GString *out, struct walk *walk,
		       const struct device *reader)
{
	GPtrArray *events = walk->room->events;
	guint i = room_index_after(walk->room, walk->from);
	walk->end = walk->from;
	while (walk->found < walk->filter.limit) {
		if (walk->back ? i == 0 : i == events->len)
			break;
		const struct event *event =
			events->pdata[walk->back ? --i : i++];
		if (walk->back ? event->pos <= walk->to : event->pos > walk->to)
			break;
		walk->end = walk->back ? event->pos - 1 : event->pos;
		take(out, walk, event, reader);
	}
}

void messages_get(struct call *call)
{
	struct walk walk = { .room = call_room(call) };
	if (!walk.room || !read_walk(call, &walk))
		return;
	GString *out = g_string_new("{\"chunk\":[");
	write_walk(out, &walk, call->device);
	text_end(out);
	g_string_append_printf(out, "],\"start\":\"t%" G_GUINT64_FORMAT "\"",
			       walk.from);
	/* As Synapse does: an `end` unless nothing was found. */
	if (walk.found)
		g_string_append_printf(
			out, ",\"end\":\"t%" G_GUINT64_FORMAT "\"", walk.end);
	g_string_append(out, ",\"state\":[]}");
	event_filter_clear(&walk.filter);
	call_answer(call, 200, out);
}

void event_get(struct call *call)
{
	const struct room *room = call_room(call);
	if (!room)
		return;
	const struct event *event =
		g_hash_table_lookup(call->home->events, call->args[1]);
	if (!event || event->room != room) {
		call_error(call, 404, "M_NOT_FOUND", "Event not found.");
		return;
	}
	GString *out = g_string_new(NULL);
	event_write(out, event, call->device, true);
	call_answer(call, 200, out);
}

/* ---- members ---- */

static bool wanted(struct call *call, const struct event *member)
{
	const char *only = call_query(call, "membership"),
		   *not = call_query(call, "not_membership");
	return (!only || g_str_equal(only, member->membership)) &&
	       (!not || !g_str_equal(not, member->membership));
}

void members_get(struct call *call)
{
	const struct room *room = call_room(call);
	GHashTableIter iter;
	gpointer value;
	if (!room)
		return;
	GString *out = g_string_new("{\"chunk\":[");
	g_hash_table_iter_init(&iter, room->state);
	while (g_hash_table_iter_next(&iter, NULL, &value)) {
		const struct event *event = value;
		if (!event->membership || !wanted(call, event))
			continue;
		event_write(out, event, call->device, true);
		g_string_append_c(out, ',');
	}
	text_end(out);
	g_string_append(out, "]}");
	call_answer(call, 200, out);
}

void joined_members_get(struct call *call)
{
	const struct room *room = call_room(call);
	GHashTableIter iter;
	gpointer value;
	if (!room)
		return;
	GString *out = g_string_new("{\"joined\":{");
	g_hash_table_iter_init(&iter, room->state);
	while (g_hash_table_iter_next(&iter, NULL, &value)) {
		const struct event *event = value;
		if (g_strcmp0(event->membership, "join") != 0)
			continue;
		text_quote(out, event->state_key);
		g_string_append(out, ":{},");
	}
	text_end(out);
	g_string_append(out, "}}");
	call_answer(call, 200, out);
}

/* ---- state ---- */

static void write_states(struct call *call, const struct room *room)
{
	GHashTableIter iter;
	gpointer value;
	GString *out = g_string_new("[");
	g_hash_table_iter_init(&iter, room->state);
	while (g_hash_table_iter_next(&iter, NULL, &value)) {
		event_write(out, value, call->device, true);
		g_string_append_c(out, ',');
	}
	text_end(out);
	g_string_append_c(out, ']');
	call_answer(call, 200, out);
}

void states_get(struct call *call)
{
	const struct room *room = call_room(call);
	if (room)
		write_states(call, room);
}

void state_get(struct call *call)
{
	const struct room *room = call_room(call);
	if (!room)
		return;
	const struct event *event = room_state(
		room, call->args[1], call->args[2] ? call->args[2] : "");
	if (event)
		call_answer(call, 200, g_string_new(event->content));
	else
		call_error(call, 404, "M_NOT_FOUND", "Event not found.");
}

void control_state(struct call *call)
{
	const char *id = call_query(call, "room");
	const struct room *room = id ? room_find(call->home, id) : NULL;
	if (room)
		write_states(call, room);
	else
		call_error(call, 404, "M_NOT_FOUND", "No such room");
}

/* ---- GET /_mock/timeline ---- */

/* What is asked for, and how far the room has been looked through. */
struct watch {
	struct room *room;
	char *sender, *type, *reply_to;
	uint64_t since;
	guint wanted, at, found;
	GString *out;
};

static void watch_free(void *data)
{
	struct watch *watch = data;
	g_free(watch->sender);
	g_free(watch->type);
	g_free(watch->reply_to);
	g_string_free(watch->out, true);
	g_free(watch);
}

static bool answers(const struct event *event, const char *target)
{
	g_autoptr(cJSON) content = cJSON_Parse(event->content);
	const cJSON *relation = member_of(content, "m.relates_to");
	return g_strcmp0(text_of(member_of(relation, "m.in_reply_to"),
				 "event_id"),
			 target) == 0;
}

static bool watched(const struct watch *watch, const struct event *event)
{
	return event->pos > watch->since &&
	       (!watch->sender || g_str_equal(watch->sender, event->sender)) &&
	       (!watch->type || g_str_equal(watch->type, event->type)) &&
	       (!watch->reply_to || answers(event, watch->reply_to));
}

static bool watch_poll(struct call *call, bool now)
{
	struct watch *watch = call->state;
	GPtrArray *events = watch->room->events;
	for (; watch->at < events->len; watch->at++) {
		const struct event *event = events->pdata[watch->at];
		if (!watched(watch, event))
			continue;
		watch->found++;
		event_write(watch->out, event, NULL, true);
		g_string_append_c(watch->out, ',');
	}
	if (!now && watch->found < watch->wanted)
		return false;
	GString *out = g_string_new("{\"events\":[");
	text_end(watch->out);
	g_string_append_len(out, watch->out->str, (gssize)watch->out->len);
	g_string_append_printf(out, "],\"pos\":%" G_GUINT64_FORMAT "}",
			       home_pos(call->home));
	call_answer(call, 200, out);
	return true;
}

void timeline_get(struct call *call)
{
	const char *id = call_query(call, "room");
	struct room *room = id ? room_find(call->home, id) : NULL;
	if (!room) {
		call_error(call, 404, "M_NOT_FOUND", "No such room");
		return;
	}
	struct watch *watch = g_new0(struct watch, 1);
	call->state = watch;
	call->state_free = watch_free;
	watch->room = room;
	watch->sender = g_strdup(call_query(call, "sender"));
	watch->type = g_strdup(call_query(call, "type"));
	watch->reply_to = g_strdup(call_query(call, "reply_to"));
	watch->since = (uint64_t)call_number(call, "since", 0);
	watch->wanted = (guint)call_number(call, "wait", 0);
	watch->out = g_string_new(NULL);
	call_wait(call, watch->wanted ? call_number(call, "timeout", 30000) : 0,
		  watch_poll);
}
