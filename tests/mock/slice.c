#include "tests/mock/slice.h"

/* ---- timeline ---- */

static void cut_timeline(const struct sync *sync, struct slice *slice)
{
	const struct event_filter *filter = &sync->filter->timeline;
	GPtrArray *events = slice->room->events;
	guint i = room_index_after(slice->room, slice->to);
	slice->timeline = g_ptr_array_new();
	slice->begin = slice->to;
	slice->limited = slice->fresh;
	for (; i > 0; i--) {
		struct event *event = events->pdata[i - 1];
		if (event->pos <= slice->from)
			break;
		if (event->hidden ||
		    !event_filter_takes(filter, event->type, event->sender))
			continue;
		if (slice->timeline->len == filter->limit) {
			slice->limited = true;
			break;
		}
		g_ptr_array_insert(slice->timeline, 0, event);
		slice->begin = event->pos - 1;
	}
}

static void write_timeline(GString *out, const struct sync *sync,
			   const struct slice *slice)
{
	g_string_append(out, "\"timeline\":{\"events\":[");
	for (guint i = 0; i < slice->timeline->len; i++) {
		event_write(out, slice->timeline->pdata[i], sync->device,
			    false);
		g_string_append_c(out, ',');
	}
	text_end(out);
	g_string_append_printf(
		out,
		"],\"limited\":%s,\"prev_batch\":\"t%" G_GUINT64_FORMAT "\"}",
		slice->limited ? "true" : "false", slice->begin);
}

/* ---- state ---- */

static bool speaks(const struct slice *slice, const char *user)
{
	for (guint i = 0; i < slice->timeline->len; i++) {
		const struct event *event = slice->timeline->pdata[i];
		if (g_str_equal(event->sender, user))
			return true;
	}
	return false;
}

/* All that is state at `at`, the members only where they matter. */
static void all_state(const struct sync *sync, const struct slice *slice,
		      uint64_t at, GHashTable *found)
{
	GHashTableIter iter;
	gpointer value;
	g_hash_table_iter_init(&iter, slice->room->state);
	while (g_hash_table_iter_next(&iter, NULL, &value)) {
		struct event *event = event_at(value, at);
		if (!event)
			continue;
		bool member = event->membership != NULL;
		if (member && sync->filter->state.lazy &&
		    !g_str_equal(event->state_key, sync->user->id) &&
		    !speaks(slice, event->state_key))
			continue;
		g_hash_table_add(found, event);
	}
}

/* State events that came between two positions, the newest of each. */
static void changed_state(const struct slice *slice, uint64_t from, uint64_t to,
			  GHashTable *found)
{
	const struct room *room = slice->room;
	guint i = room_index_after(room, from);
	for (; i < room->events->len; i++) {
		struct event *event = room->events->pdata[i];
		if (event->pos > to)
			break;
		if (!event->state_key)
			continue;
		g_hash_table_remove(found, event->replaces);
		g_hash_table_add(found, event);
	}
}

/* With lazy members: who speaks in the timeline is told of. */
static void speakers(const struct sync *sync, const struct slice *slice,
		     uint64_t at, GHashTable *found)
{
	for (guint i = 0; sync->filter->state.lazy && i < slice->timeline->len;
	     i++) {
		const struct event *event = slice->timeline->pdata[i];
		struct event *member = event_at(
			room_state(slice->room, "m.room.member", event->sender),
			at);
		if (member)
			g_hash_table_add(found, member);
	}
}

static int by_pos(gconstpointer a, gconstpointer b)
{
	const struct event *one = a, *other = b;
	return one->pos < other->pos ? -1 : one->pos > other->pos;
}

/* In front of the timeline; or, where state_after is spoken, behind it. */
static void write_state(GString *out, const struct sync *sync,
			const struct slice *slice)
{
	bool after = !g_str_equal(sync->state_key, "state");
	uint64_t at = after ? slice->to : slice->begin;
	g_autoptr(GHashTable) found = g_hash_table_new(NULL, NULL);
	if (slice->fresh) {
		all_state(sync, slice, at, found);
	} else {
		changed_state(slice, slice->from, at, found);
		speakers(sync, slice, at, found);
	}
	g_autoptr(GList) events =
		g_list_sort(g_hash_table_get_keys(found), by_pos);
	g_string_append_printf(out, "\"%s\":{\"events\":[", sync->state_key);
	for (GList *one = events; one; one = one->next) {
		const struct event *event = one->data;
		if (!event_filter_takes(&sync->filter->state, event->type,
					event->sender))
			continue;
		event_write(out, event, sync->device, false);
		g_string_append_c(out, ',');
	}
	text_end(out);
	g_string_append(out, "]}");
}

void slice_open_room(GString *out, const struct room *room)
{
	text_quote(out, room->id);
	g_string_append(out, ":{");
}

void slice_close_room(GString *out)
{
	text_end(out);
	g_string_append(out, "},");
}

void slice_write(GString *out, const struct sync *sync, struct slice *slice)
{
	cut_timeline(sync, slice);
	slice_open_room(out, slice->room);
	write_timeline(out, sync, slice);
	g_string_append_c(out, ',');
	write_state(out, sync, slice);
	g_string_append_printf(
		out,
		",\"summary\":{\"m.joined_member_count\":%u,"
		"\"m.invited_member_count\":%u},\"ephemeral\":{\"events\":[]},"
		"\"account_data\":{\"events\":[]},\"unread_notifications\":{}",
		slice->room->joined, slice->room->invited);
	slice_close_room(out);
	g_ptr_array_unref(slice->timeline);
}
