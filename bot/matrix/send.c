/*
 * The outbox on the wire: each row is PUT as it stands, as often as needed,
 * until the server has taken it; one at a time in a room, rooms in parallel.
 *
 *	waiting -> (encryption asked) -> (looked for) -> PUT -> outcome -> row
 *
 * What the PUTs have come to is committed together. A room goes on while its
 * last message is still to be recorded as sent: after a kill it is PUT again,
 * with the same transaction id, and the server knows it.
 * Reactions of ours are ornaments: they go when nobody has anything to say, and
 * not at all once the server has asked us to be slower.
 * A row that an earlier device or an earlier day may have sent is looked for
 * first (lookback.c), since a transaction id means nothing there.
 */

#include "bot/matrix/content.h"
#include "bot/matrix/room.h"
#include "bot/matrix/send_private.h"

enum { AT_ONCE = 8, DAY = 24 * 60 * CLOCK_MINUTE };

/* ---- the next row of a room ---- */

/* It may have been sent under another device's name, or so long ago that the
 * server has forgotten its transaction id. */
static bool must_be_looked_for(const struct lane *lane)
{
	struct matrix *matrix = lane->send->matrix;
	const struct wire *wire = &lane->wire;
	if (lane->cleared == wire->id)
		return false;
	if (wire->device &&
	    !g_str_equal(wire->device, client_device_id(matrix->client)))
		return true;
	return wire->id <= lane->send->earlier &&
	       clock_now(matrix->host.clock) - wire->at > DAY;
}

static bool was_tried(const struct lane *lane)
{
	return lane->wire.id <= lane->send->earlier ||
	       lane->tried >= lane->wire.id;
}

/* False: the store cannot be read. */
static bool decide(struct lane *lane, GError **error)
{
	struct matrix *matrix = lane->send->matrix;
	g_auto(matrix_room) room = { 0 };
	g_autofree char *address = NULL;
	if (!matrix_room_read(matrix->host.db, lane->room_id, &room, error) ||
	    (room.replacement && !was_tried(lane) &&
	     !matrix_moved_to(matrix, lane->room, lane->room_id, &address,
			      error)))
		return false;
	if (address)
		lane_outcome(lane, OUTCOME_MOVED, address);
	else if (room.encryption)
		lane_outcome(lane, OUTCOME_SEALED, room.encryption);
	else if (!room_is_joined(&room))
		lane_failed(lane, "the bot is not in the room");
	else if (lane->wire.until &&
		 clock_now(matrix->host.clock) > lane->wire.until)
		lane_outcome(lane, OUTCOME_FAILED, "its time is over");
	else if (!room.plain)
		lane_ask_encryption(lane);
	else if (must_be_looked_for(lane))
		lookback_start(lane);
	else
		lane_put(lane);
	return true;
}

/* Takes up the first row that is still to be sent. */
static bool take_up(struct lane *lane, GError **error)
{
	/* Read anew each time: it may have ended while it waited. */
	wire_clear(&lane->wire);
	while (lane->places->len > 0 && !lane->wire.id) {
		int64_t id = lane_place(lane, 0)->id;
		if (!wire_read(lane->send->matrix->host.db, id, &lane->wire,
			       error))
			return false;
		if (lane->wire.id)
			break;
		/* An echo has told of it, or its question is gone. */
		g_array_remove_index(lane->places, 0);
	}
	if (lane->places->len == 0) {
		lane_watch_slowness(lane);
		return true;
	}
	g_free(lane->room_id);
	lane->room_id = content_room(lane->wire.bytes);
	if (lane->room_id)
		return decide(lane, error);
	lane->room_id = g_strdup("?");
	lane_failed(lane, "its bytes in the store make no sense");
	return true;
}

/* The first that has anything to say, else the first; NULL: there is none. */
static struct lane *next_lane(struct send *send)
{
	for (GList *link = send->ready.head; link; link = link->next) {
		struct lane *lane = link->data;
		if (!lane_has_to_say(lane))
			continue;
		g_queue_delete_link(&send->ready, link);
		return lane;
	}
	return g_queue_pop_head(&send->ready);
}

void send_pump(struct send *send)
{
	g_autoptr(GError) error = NULL;
	while (!send->pause && !send->stopped && send->under_way < AT_ONCE) {
		struct lane *lane = next_lane(send);
		if (!lane)
			return;
		lane->queued = false;
		if (lane->state != LANE_READY || take_up(lane, &error))
			continue;
		lane_ready(lane);
		send->matrix->host.trouble(send->matrix->host.data, error);
		return;
	}
}

/* ---- the part ---- */

bool send_step(struct send *send, GError **error)
{
	g_autoptr(GArray) fresh = wire_new_since(
		send->matrix->host.db, MATRIX_NETWORK, send->cursor, error);
	if (!fresh)
		return false;
	for (guint i = 0; i < fresh->len; i++) {
		const struct wire_place *place =
			&g_array_index(fresh, struct wire_place, i);
		struct lane *lane = send_lane(send, place->room);
		lane_put_in_order(lane, place);
		lane_watch_slowness(lane);
		if (lane->state == LANE_READY)
			lane_ready(lane);
		send->cursor = place->id;
	}
	send_pump(send);
	return true;
}

bool send_forget(struct send *send, const char *redaction, GError **error)
{
	struct sqlite *db = send->matrix->host.db;
	g_autoptr(GArray) places =
		wire_of_redacted(db, MATRIX_NETWORK, redaction, error);
	if (!places)
		return false;
	for (guint i = 0; i < places->len; i++) {
		const struct wire_place *place =
			&g_array_index(places, struct wire_place, i);
		struct lane *lane =
			g_hash_table_lookup(send->lanes, &place->room);
		bool tried = place->id <= send->earlier ||
			     (lane && lane->tried >= place->id);
		if (!tried && !wire_end(db, place->outbox, "failed",
					"its question was taken back", error))
			return false;
	}
	return true;
}

bool send_is_calm(const struct send *send)
{
	return pace_is_calm(&send->pace, g_get_monotonic_time());
}

void send_stop(struct send *send)
{
	send->stopped = true;
}

bool send_is_idle(const struct send *send)
{
	return send->under_way == 0 && send->decided->len == 0 &&
	       send->sent->len == 0;
}

struct send *send_new(struct matrix *matrix, GError **error)
{
	struct send *send = g_new0(struct send, 1);
	send->matrix = matrix;
	send->retry = (struct retry){ .least = 1000, .most = 60000 };
	send->decided = g_ptr_array_new();
	send->sent = g_array_new(false, false, sizeof(struct sent));
	g_array_set_clear_func(send->sent, sent_clear);
	send->lanes = g_hash_table_new_full(g_int64_hash, g_int64_equal, NULL,
					    lane_free);
	if (wire_last(matrix->host.db, &send->earlier, error))
		return send;
	send_free(send);
	return NULL;
}

void send_free(struct send *send)
{
	if (!send)
		return;
	g_clear_handle_id(&send->pause, g_source_remove);
	g_clear_handle_id(&send->commit, g_source_remove);
	g_clear_handle_id(&send->later, g_source_remove);
	g_array_unref(send->sent);
	g_queue_clear(&send->ready);
	g_ptr_array_unref(send->decided);
	g_hash_table_unref(send->lanes);
	g_free(send);
}
