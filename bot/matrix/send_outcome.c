/*
 * What has become of rows, committed together: a lane whose next step depends
 * on it waits for the commit; a message that the server has taken does not hold
 * its room up.
 */

#include "bot/matrix/content.h"
#include "bot/matrix/send_private.h"

enum { TOGETHER = 64, TOGETHER_MS = 50 }; /* that share a commit at most */

static void commit_now(struct send *send);

static gboolean commit_again(gpointer data)
{
	struct send *send = data;
	send->commit = 0;
	if (send->decided->len > 0 || send->sent->len > 0)
		commit_now(send);
	return G_SOURCE_REMOVE;
}

void lane_outcome(struct lane *lane, enum outcome outcome, const char *text)
{
	lane->state = LANE_DECIDED;
	lane->outcome = outcome;
	g_free(lane->text);
	lane->text = g_strdup(text);
	g_ptr_array_add(lane->send->decided, lane);
	if (!lane->send->commit)
		lane->send->commit = g_idle_add(commit_again, lane->send);
}

void lane_sent(struct lane *lane, const char *event_id)
{
	struct sent sent = { .wire = lane->wire.id,
			     .outbox = lane->wire.outbox,
			     .event_id = g_strdup(event_id) };
	g_strlcpy(sent.txn, lane->wire.txn_id, sizeof(sent.txn));
	g_array_append_val(lane->send->sent, sent);
	lane_step_on(lane, false);
	lane_watch_slowness(lane);
}

void lane_failed(struct lane *lane, const char *reason)
{
	g_warning("matrix: a message to %s is not sent: %s", lane->room_id,
		  reason);
	lane_outcome(lane, OUTCOME_FAILED, reason);
}

void lane_unknown(struct lane *lane, const char *reason)
{
	g_warning("matrix: whether message %s to %s was sent is not known, it "
		  "is not sent again: %s",
		  lane->wire.txn_id, lane->room_id, reason);
	lane_outcome(lane, OUTCOME_UNKNOWN, reason);
}

void lane_absent(struct lane *lane)
{
	g_message("matrix: message %s to %s was never taken; it is sent now",
		  lane->wire.txn_id, lane->room_id);
	lane_outcome(lane, OUTCOME_ABSENT, NULL);
}

/* The message in two halves, and the parts behind it once more behind them:
 * parts go in the order of their numbers. */
static bool halve(struct matrix *matrix, struct lane *lane, GError **error)
{
	struct sqlite *db = matrix->host.db;
	const char *device = client_device_id(matrix->client);
	char txn[2][WIRE_TXN];
	g_autoptr(GBytes) first = NULL, second = NULL;
	int part;
	wire_new_txn(txn[0]);
	wire_new_txn(txn[1]);
	if (!content_halve(lane->wire.bytes, txn[0], txn[1], &first, &second))
		return wire_end(db, lane->wire.outbox, "failed",
				"too large for the server", error);
	if (!wire_next_part(db, lane->wire.outbox, &part, error) ||
	    !wire_end_part(db, lane->wire.id, "halved", error) ||
	    !wire_put(db, lane->wire.outbox, part++, txn[0], device, first,
		      error) ||
	    !wire_put(db, lane->wire.outbox, part++, txn[1], device, second,
		      error))
		return false;
	for (guint i = 1; i < lane->places->len; i++) {
		const struct wire_place *place =
			&g_array_index(lane->places, struct wire_place, i);
		g_auto(wire) later = { 0 };
		if (place->outbox != lane->wire.outbox)
			break;
		if (!wire_read(db, place->id, &later, error))
			return false;
		if (!later.id)
			continue;
		wire_new_txn(txn[0]);
		g_autoptr(GBytes) same = content_with_id(later.bytes, txn[0]);
		if (!wire_end_part(db, later.id, "moved", error) ||
		    !wire_put(db, later.outbox, part++, txn[0], device, same,
			      error))
			return false;
	}
	return true;
}

/* The room is encrypted: nothing goes there, and somebody is told. */
static bool seal(struct matrix *matrix, struct lane *lane, GError **error)
{
	g_auto(matrix_room) room = { 0 };
	if (!matrix_room_read(matrix->host.db, lane->room_id, &room, error))
		return false;
	g_free(room.encryption);
	room.encryption = g_strdup(lane->text);
	room.plain = false;
	g_autofree char *asker =
		lane->wire.id ? content_mention(lane->wire.bytes) : NULL;
	if (!room.told && !matrix_tell_sealed(matrix, &room, asker, error))
		return false;
	return matrix_room_write(matrix->host.db, &room, error) &&
	       wire_end_room(matrix->host.db, lane->room,
			     "the room is encrypted", error);
}

static bool open_room(struct matrix *matrix, struct lane *lane, GError **error)
{
	g_auto(matrix_room) room = { 0 };
	if (!matrix_room_read(matrix->host.db, lane->room_id, &room, error))
		return false;
	room.plain = true;
	return matrix_room_write(matrix->host.db, &room, error);
}

static bool keep(struct matrix *matrix, struct lane *lane, GError **error)
{
	struct sqlite *db = matrix->host.db;
	const struct wire *wire = &lane->wire;
	switch (lane->outcome) {
	case OUTCOME_FAILED:
		return wire_end(db, wire->outbox, "failed", lane->text, error);
	case OUTCOME_UNKNOWN:
		return wire_end(db, wire->outbox, "unknown", lane->text, error);
	case OUTCOME_TOO_LARGE:
		return halve(matrix, lane, error);
	case OUTCOME_SEALED:
		return seal(matrix, lane, error);
	case OUTCOME_PLAIN:
		return open_room(matrix, lane, error);
	case OUTCOME_MOVED:
		return matrix_move_wire(matrix, wire, lane->text, error);
	case OUTCOME_ABSENT:
		return wire_set_device(db, wire->id,
				       client_device_id(matrix->client), error);
	}
	return true;
}

void sent_clear(void *data)
{
	struct sent *sent = data;
	g_free(sent->event_id);
}

bool send_keep(struct send *send, GError **error)
{
	for (; send->kept < send->sent->len; send->kept++) {
		const struct sent *sent =
			&g_array_index(send->sent, struct sent, send->kept);
		if (!wire_done(send->matrix->host.db, sent->wire, sent->outbox,
			       sent->event_id, error))
			return false;
	}
	return true;
}

void send_kept(struct send *send, bool committed)
{
	if (committed && send->kept > 0)
		g_array_remove_range(send->sent, 0, send->kept);
	send->kept = 0;
}

bool send_has_sent(const struct send *send, const char *txn)
{
	for (guint i = 0; i < send->sent->len; i++)
		if (g_str_equal(g_array_index(send->sent, struct sent, i).txn,
				txn))
			return true;
	return false;
}

static bool keep_all(struct matrix *matrix, void *data, GError **error)
{
	struct send *send = data;
	if (!send_keep(send, error))
		return false;
	for (guint i = 0; i < send->decided->len; i++)
		if (!keep(matrix, send->decided->pdata[i], error))
			return false;
	return true;
}

/* After the commit: the lane goes on. */
static void settle(struct lane *lane)
{
	switch (lane->outcome) {
	case OUTCOME_FAILED:
	case OUTCOME_UNKNOWN:
	case OUTCOME_TOO_LARGE:
		/* New halves come in by send_step(). */
		lane_step_on(lane, true);
		break;
	case OUTCOME_SEALED:
		g_array_set_size(lane->places, 0);
		wire_clear(&lane->wire);
		lane_ready(lane);
		tasks_step(lane->send->matrix->tasks);
		break;
	case OUTCOME_PLAIN:
	case OUTCOME_MOVED:
		lane_ready(lane);
		break;
	case OUTCOME_ABSENT:
		lane->cleared = lane->wire.id;
		lane_ready(lane);
		break;
	}
	lane_watch_slowness(lane);
}

static void commit_now(struct send *send)
{
	struct matrix *matrix = send->matrix;
	g_clear_handle_id(&send->commit, g_source_remove);
	g_clear_handle_id(&send->later, g_source_remove);
	if (!matrix_transaction(matrix, keep_all, send)) {
		send->commit = g_timeout_add(CLOCK_SECOND, commit_again, send);
		return;
	}
	g_autoptr(GPtrArray) decided = g_steal_pointer(&send->decided);
	send->decided = g_ptr_array_new();
	for (guint i = 0; i < decided->len; i++)
		settle(decided->pdata[i]);
	/* What was sent may be what another row waited for. */
	matrix->host.drain(matrix->host.data);
	matrix_check_finished(matrix);
}

static gboolean commit_sent(gpointer data)
{
	struct send *send = data;
	send->later = 0;
	if (send->sent->len > 0)
		commit_now(send);
	return G_SOURCE_REMOVE;
}

void send_commit(struct send *send)
{
	send_pump(send);
	if (send->decided->len > 0 || send->sent->len >= TOGETHER ||
	    (send->sent->len > 0 && send->under_way == 0))
		commit_now(send);
	else if (send->sent->len > 0 && !send->later)
		send->later = g_timeout_add(TOGETHER_MS, commit_sent, send);
}
