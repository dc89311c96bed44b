/* GET /sync: what happened since a position of the stream. */

#include <string.h>
#include "tests/mock/feed.h"
#include "tests/mock/handlers.h"
#include "tests/mock/slice.h"

static void sync_free(void *data)
{
	struct sync *sync = data;
	sync_filter_free(sync->filter);
	g_free(sync);
}

static bool is(const struct event *member, const char *membership)
{
	return member && g_str_equal(member->membership, membership);
}

/* ---- rooms ---- */

static void write_stripped(GString *out, const struct event *event)
{
	if (!event)
		return;
	g_string_append_c(out, '{');
	text_member(out, "type", event->type);
	text_member(out, "sender", event->sender);
	text_member(out, "state_key", event->state_key);
	g_string_append_printf(out, "\"content\":%s},", event->content);
}

static void write_invite(GString *out, const struct room *room,
			 const struct event *member)
{
	static const char *const told[] = { "m.room.create",
					    "m.room.join_rules", "m.room.name",
					    "m.room.encryption" };
	slice_open_room(out, room);
	g_string_append(out, "\"invite_state\":{\"events\":[");
	for (guint i = 0; room->invite_state && i < room->invite_state->len;
	     i++)
		g_string_append_printf(out, "%s,",
				       (char *)room->invite_state->pdata[i]);
	for (size_t i = 0; !room->invite_state && i < G_N_ELEMENTS(told); i++)
		write_stripped(out, room_state(room, told[i], ""));
	if (!room->invite_state)
		write_stripped(
			out, room_state(room, "m.room.member", member->sender));
	write_stripped(out, member);
	text_end(out);
	g_string_append(out, "]}");
	slice_close_room(out);
}

static void write_room(struct sync *sync, struct room *room)
{
	struct event *now = event_at(
		room_state(room, "m.room.member", sync->user->id), sync->now);
	struct event *then = event_at(now, sync->since);
	bool was_in = !sync->first && is(then, "join");
	struct slice slice = {
		.room = room,
		.from = was_in ? sync->since : 0,
		.to = sync->now,
		.fresh = !was_in,
	};
	if (is(now, "join")) {
		slice_write(sync->join, sync, &slice);
	} else if (is(now, "invite")) {
		if (now->pos > sync->since)
			write_invite(sync->invite, room, now);
	} else if (now && now->pos > sync->since && !sync->first) {
		slice.to = now->pos;
		slice.from = was_in ? sync->since : now->pos - 1;
		slice.fresh = false;
		slice_write(sync->leave, sync, &slice);
	}
}

/* ---- what concerns the user ---- */

static bool concerns(const struct sync *sync, const struct step *step)
{
	if (step->user)
		return step->user == sync->user;
	const struct event *event = step->event;
	if (event->hidden)
		return false;
	if (event->membership && g_str_equal(event->state_key, sync->user->id))
		return true;
	return g_strcmp0(room_membership(event->room, sync->user->id),
			 "join") == 0;
}

/* Whether there is something; then, where rooms is given, also where. */
static bool look(const struct sync *sync, uint64_t from, GHashTable *rooms)
{
	bool any = false;
	for (uint64_t pos = from + 1; pos <= sync->now; pos++) {
		const struct step *step = &g_array_index(sync->home->stream,
							 struct step, pos - 1);
		if (!concerns(sync, step))
			continue;
		any = true;
		if (!rooms)
			return true;
		if (step->event)
			g_hash_table_add(rooms, step->event->room);
	}
	return any;
}

static void write_data(GString *out, const struct sync *sync)
{
	GHashTableIter iter;
	gpointer value;
	g_hash_table_iter_init(&iter, sync->user->data);
	g_string_append(out, "\"account_data\":{\"events\":[");
	while (g_hash_table_iter_next(&iter, NULL, &value)) {
		const struct datum *datum = value;
		if (datum->pos <= sync->since ||
		    !event_filter_takes(&sync->filter->data, datum->type, NULL))
			continue;
		g_string_append_c(out, '{');
		text_member(out, "type", datum->type);
		g_string_append_printf(out, "\"content\":%s},", datum->content);
	}
	text_end(out);
	g_string_append(out, "]}");
}

static GString *take(GString **part)
{
	text_end(*part);
	return g_steal_pointer(part);
}

static void join_part(GString *out, const char *name, GString **part)
{
	g_autoptr(GString) text = take(part);
	g_string_append_printf(out, "\"%s\":{", name);
	g_string_append_len(out, text->str, (gssize)text->len);
	g_string_append(out, "},");
}

static GString *write_sync(struct sync *sync)
{
	g_autoptr(GHashTable) rooms = g_hash_table_new(NULL, NULL);
	if (!sync->first)
		look(sync, sync->since, rooms);
	GHashTableIter iter;
	gpointer room;
	g_hash_table_iter_init(&iter, sync->first ? sync->user->rooms : rooms);
	sync->join = g_string_new(NULL);
	sync->invite = g_string_new(NULL);
	sync->leave = g_string_new(NULL);
	while (g_hash_table_iter_next(&iter, &room, NULL))
		write_room(sync, room);
	GString *out = g_string_new(NULL);
	g_string_printf(out, "{\"next_batch\":\"s%" G_GUINT64_FORMAT "\",",
			sync->now);
	write_data(out, sync);
	g_string_append(out, ",\"rooms\":{");
	join_part(out, "join", &sync->join);
	join_part(out, "invite", &sync->invite);
	join_part(out, "leave", &sync->leave);
	text_end(out);
	g_string_append(out, "},\"presence\":{\"events\":[]},"
			     "\"to_device\":{\"events\":[]},"
			     "\"device_lists\":{\"changed\":[],\"left\":[]},"
			     "\"device_one_time_keys_count\":"
			     "{\"signed_curve25519\":0},"
			     "\"device_unused_fallback_key_types\":[]}");
	return out;
}

/* @NEXT@ stands for a position from which nothing is left out. */
static GString *scripted(struct sync *sync)
{
	g_autofree char *body = g_queue_pop_head(sync->user->bodies);
	GString *out = g_string_new(body);
	g_autofree char *now = g_strdup_printf(
		"s%" G_GUINT64_FORMAT, sync->first ? sync->now : sync->since);
	g_string_replace(out, "@NEXT@", now, 0);
	return out;
}

static bool sync_poll(struct call *call, bool must)
{
	struct sync *sync = call->state;
	GString *out = NULL;
	sync->now = home_pos(sync->home);
	if (!g_queue_is_empty(sync->user->bodies))
		out = scripted(sync);
	else
		out = feed_sync(sync);
	if (!out && (must || sync->first || sync->device->deleted ||
		     look(sync, sync->checked, NULL)))
		out = write_sync(sync);
	sync->checked = sync->now;
	if (!out)
		return false;
	call->http->note = g_strdup_printf("s%" G_GUINT64_FORMAT, sync->now);
	call_answer(call, 200, out);
	return true;
}

/* False: the answer was given. */
static bool read_since(struct call *call, struct sync *sync)
{
	const char *since = call_query(call, "since");
	char *end;
	sync->first = !since;
	if (!since)
		return true;
	sync->since = g_ascii_strtoull(since + 1, &end, 10);
	if (*since == 's' && end > since + 1 && !*end &&
	    sync->since <= home_pos(call->home)) {
		sync->checked = sync->since;
		return true;
	}
	call_error(call, 400, "M_UNKNOWN", "Invalid stream token");
	return false;
}

/* False: the answer was given. */
static bool read_filter(struct call *call, struct sync *sync)
{
	const char *filter = call_query(call, "filter");
	const GPtrArray *filters = call->user->filters;
	g_autoptr(cJSON) json = NULL;
	if (filter && *filter == '{') {
		json = cJSON_Parse(filter);
	} else if (filter) {
		guint64 id = g_ascii_strtoull(filter, NULL, 10);
		if (id < filters->len)
			json = cJSON_Parse(filters->pdata[id]);
	}
	if (filter && !json) {
		call_error(call, 404, "M_NOT_FOUND", "No such filter");
		return false;
	}
	sync->filter = sync_filter_new(json);
	return true;
}

static const char *state_key(struct call *call)
{
	static const char unstable[] = "org.matrix.msc4222.state_after",
			  flag[] = "org.matrix.msc4222.use_state_after";
	enum state_after can = call->home->state_after;
	if (can == STATE_AFTER_STABLE &&
	    g_strcmp0(call_query(call, "use_state_after"), "true") == 0)
		return "state_after";
	if (can == STATE_AFTER_UNSTABLE &&
	    g_strcmp0(call_query(call, flag), "true") == 0)
		return unstable;
	return "state";
}

void sync_get(struct call *call)
{
	struct sync *sync = g_new0(struct sync, 1);
	call->state = sync;
	call->state_free = sync_free;
	sync->home = call->home;
	sync->device = call->device;
	sync->user = call->user;
	sync->state_key = state_key(call);
	if (read_since(call, sync) && read_filter(call, sync))
		call_wait(call,
			  call_number(call, "timeout", 0) / call->home->speed,
			  sync_poll);
}
