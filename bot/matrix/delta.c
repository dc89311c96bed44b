#include "bot/matrix/delta.h"

#include <string.h>

#include "bot/base/error.h"

/* A JSON string as it stands in the text, unescaped; NULL: it is none. */
static char *unescape(struct json_text raw)
{
	if (!raw.text)
		return NULL;
	g_autoptr(json) tree = json_parse_part(raw.text, raw.len, NULL);
	return g_strdup(json_as_text(tree));
}

bool delta_read(const char *body, size_t len, struct delta *delta,
		GError **error)
{
	enum { NEXT_BATCH, ROOMS, DATA, ALL };
	static const char *const all_keys[ALL] = {
		[NEXT_BATCH] = "next_batch",
		[ROOMS] = "rooms",
		[DATA] = "account_data",
	};
	enum { JOIN, INVITE, LEAVE, KINDS };
	static const char *const room_keys[KINDS] = {
		[JOIN] = "join",
		[INVITE] = "invite",
		[LEAVE] = "leave",
	};
	struct json_text all[ALL], rooms[KINDS];
	*delta = (struct delta){ 0 };
	if (!json_text_check(body, len, error))
		return false;
	json_text_find((struct json_text){ body, len }, all_keys, all, ALL);
	delta->next_batch = unescape(all[NEXT_BATCH]);
	if (!delta->next_batch || !*delta->next_batch) {
		g_set_error(error, ZNATOK_ERROR, ZNATOK_ERROR_PROTOCOL,
			    "an answer to /sync without next_batch");
		return false;
	}
	json_text_find(all[ROOMS], room_keys, rooms, KINDS);
	delta->account_data = json_text_get(all[DATA], "events");
	delta->join = rooms[JOIN];
	delta->invite = rooms[INVITE];
	delta->leave = rooms[LEAVE];
	return true;
}

void delta_clear(struct delta *delta)
{
	g_free(delta->next_batch);
	*delta = (struct delta){ 0 };
}

/* MSC4222, stable since v1.16: where the key is there, it alone counts. */
static void find_state(struct delta_room *room)
{
	static const char *const after[] = { "state_after",
					     "org.matrix.msc4222.state_after" };
	for (size_t i = 0; i < G_N_ELEMENTS(after); i++) {
		const struct json *state = json_get(room->tree, after[i]);
		if (!state)
			continue;
		room->after = true;
		room->state = json_get(state, "events");
		return;
	}
	const struct json *state = json_get(room->tree, "state");
	if (!state) /* an invite calls it so */
		state = json_get(room->tree, "invite_state");
	room->state = json_get(state, "events");
}

/* The summary of a room comes with lazily loaded members, where it changed. */
static int64_t count_members(const struct json *summary)
{
	int64_t joined, invited = 0;
	if (!json_int_of(summary, "m.joined_member_count", &joined))
		return -1;
	json_int_of(summary, "m.invited_member_count", &invited);
	return joined + invited;
}

bool delta_next_room(struct json_cut *cut, struct delta_room *room)
{
	struct json_text key, value;
	*room = (struct delta_room){ 0 };
	if (!json_cut_member(cut, &key, &value))
		return false;
	/* The key with its quotes is a JSON string. */
	room->room_id =
		unescape((struct json_text){ key.text - 1, key.len + 2 });
	room->tree = json_parse_part(value.text, value.len, NULL);
	if (!room->tree)
		return true;
	find_state(room);
	const struct json *timeline = json_get(room->tree, "timeline");
	room->timeline = json_get(timeline, "events");
	room->limited = json_true_of(timeline, "limited");
	room->prev_batch = json_text_of(timeline, "prev_batch");
	room->members = count_members(json_get(room->tree, "summary"));
	return true;
}

void delta_room_clear(struct delta_room *room)
{
	g_free(room->room_id);
	json_free(room->tree);
	*room = (struct delta_room){ 0 };
}
