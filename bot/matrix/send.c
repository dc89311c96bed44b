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

#include <string.h>

#include "bot/matrix/content.h"
#include "bot/matrix/room.h"
#include "bot/matrix/send_private.h"

enum {
	AT_ONCE = 8,
	TOGETHER = 64, /* messages sent, and how long, that share a commit */
	TOGETHER_MS = 50,
	DAY = 24 * 60 * CLOCK_MINUTE,
	SLOW_MS = 1000, /* whoever waits longer is shown that we type */
	FOLLOW_MS = 60 * CLOCK_MINUTE, /* for an invitation to a new room */
	CLOSED_MS = 10 * CLOCK_MINUTE, /* the account may not send for now */
};

static void pump(struct send *send);
static void commit_now(struct send *send);

/* ---- rooms ---- */

static void lane_free(void *data)
{
	struct lane *lane = data;
	if (lane->call)
		client_cancel(lane->call);
	if (lane->timer)
		g_source_remove(lane->timer);
	if (lane->typing)
		g_source_remove(lane->typing);
	lookback_free(lane->lookback);
	g_array_unref(lane->places);
	wire_clear(&lane->wire);
	g_free(lane->text);
	g_free(lane->room_id);
	g_free(lane);
}

static struct lane *lane_of(struct send *send, int64_t room)
{
	struct lane *lane = g_hash_table_lookup(send->lanes, &room);
	if (lane)
		return lane;
	lane = g_new0(struct lane, 1);
	lane->send = send;
	lane->room = room;
	lane->places = g_array_new(false, false, sizeof(struct wire_place));
	lane->retry = (struct retry){ .least = 1000, .most = 60000 };
	g_hash_table_insert(send->lanes, &lane->room, lane);
	return lane;
}

/* Whoever can go on stands in a queue, so that no room waits for ever. */
static void lane_ready(struct lane *lane)
{
	lane->state = LANE_READY;
	if (lane->queued || lane->places->len == 0)
		return;
	lane->queued = true;
	g_queue_push_tail(&lane->send->ready, lane);
}

static const struct wire_place *place_at(const struct lane *lane, guint i)
{
	return &g_array_index(lane->places, struct wire_place, i);
}

static bool stands_before(const struct wire_place *a,
			  const struct wire_place *b)
{
	if (a->ornament != b->ornament)
		return b->ornament;
	return a->outbox != b->outbox ? a->outbox < b->outbox
				      : a->part <= b->part;
}

/* Order within a room: what is said by (outbox, part), then ornaments. The
 * first row stays where it is while something becomes of it. */
static void put_in_order(struct lane *lane, const struct wire_place *place)
{
	bool busy = lane->state == LANE_SENDING || lane->state == LANE_DECIDED;
	guint at = lane->places->len;
	while (at > (busy ? 1 : 0) &&
	       !stands_before(place_at(lane, at - 1), place))
		at--;
	g_array_insert_val(lane->places, at, *place);
}

static bool has_to_say(const struct lane *lane)
{
	return lane->places->len > 0 && !place_at(lane, 0)->ornament;
}

/* The lane's first row has ended, and with `all` all rows of its message. */
static void step_on(struct lane *lane, bool all)
{
	int64_t outbox = lane->wire.outbox;
	do {
		g_array_remove_index(lane->places, 0);
	} while (all && lane->places->len > 0 &&
		 place_at(lane, 0)->outbox == outbox);
	wire_clear(&lane->wire);
	lane->retry.tries = 0;
	lane_ready(lane);
}

static gboolean slow(gpointer data)
{
	struct lane *lane = data;
	lane->typing = 0;
	if (!has_to_say(lane) || !lane->room_id)
		return G_SOURCE_REMOVE;
	lane->typed = true;
	courtesy_type(lane->send->matrix->courtesy, lane->room_id, true);
	lane->typing = g_timeout_add_seconds(15, slow, lane);
	return G_SOURCE_REMOVE;
}

static void watch_slowness(struct lane *lane)
{
	if (has_to_say(lane) && !lane->typing)
		lane->typing = g_timeout_add(SLOW_MS, slow, lane);
	if (has_to_say(lane))
		return;
	if (lane->typing)
		g_source_remove(lane->typing);
	lane->typing = 0;
	if (lane->typed)
		courtesy_type(lane->send->matrix->courtesy, lane->room_id,
			      false);
	lane->typed = false;
}

/* ---- waiting ---- */

static gboolean lane_again(gpointer data)
{
	struct lane *lane = data;
	lane->timer = 0;
	lane_ready(lane);
	pump(lane->send);
	return G_SOURCE_REMOVE;
}

void lane_wait(struct lane *lane, int64_t told, const char *why)
{
	int64_t wait = retry_wait(&lane->retry, told);
	g_message("matrix: a message to %s is not taken: %s; trying again in "
		  "%.1f s",
		  lane->room_id, why, (double)wait / 1000);
	lane->state = LANE_WAITING;
	lane->timer = g_timeout_add((guint)wait, lane_again, lane);
}

static gboolean resume(gpointer data)
{
	struct send *send = data;
	send->pause = 0;
	pump(send);
	return G_SOURCE_REMOVE;
}

static bool drop_ornaments(struct matrix *matrix, void *data, GError **error)
{
	(void)data;
	return wire_end_all_ornaments(matrix->host.db, MATRIX_NETWORK,
				      "the server asks us to be slower", error);
}

/* A limit is the account's: nobody sends before it is over. */
static void pause_all(struct send *send, int64_t told, const char *why)
{
	int64_t wait = retry_wait(&send->retry, told);
	pace_limited(&send->pace, g_get_monotonic_time());
	matrix_transaction(send->matrix, drop_ornaments, NULL);
	if (send->pause)
		return; /* the first of several that were under way */
	g_message("matrix: sending pauses for %.1f s: %s", (double)wait / 1000,
		  why);
	send->pause = g_timeout_add((guint)wait, resume, send);
}

/* ---- outcomes ---- */

static gboolean commit_again(gpointer data)
{
	struct send *send = data;
	send->commit = 0;
	if (send->decided->len > 0 || send->sent->len > 0)
		commit_now(send);
	return G_SOURCE_REMOVE;
}

/* Its row changes in the next commit; until then nothing else goes. */
static void lane_outcome(struct lane *lane, enum outcome outcome,
			 const char *text)
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
	step_on(lane, false);
	watch_slowness(lane);
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

static void sent_clear(void *data)
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
		step_on(lane, true);
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
	watch_slowness(lane);
}

static void drop(guint *timer)
{
	if (*timer)
		g_source_remove(*timer);
	*timer = 0;
}

static void commit_now(struct send *send)
{
	struct matrix *matrix = send->matrix;
	drop(&send->commit);
	drop(&send->later);
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
	pump(send);
	if (send->decided->len > 0 || send->sent->len >= TOGETHER ||
	    (send->sent->len > 0 && send->under_way == 0))
		commit_now(send);
	else if (send->sent->len > 0 && !send->later)
		send->later = g_timeout_add(TOGETHER_MS, commit_sent, send);
}

/* ---- one PUT ---- */

/* The account itself is held back: Client-Server API, "Common error codes". */
static bool is_account_trouble(const struct api_answer *answer)
{
	static const char *const codes[] = { "M_USER_SUSPENDED",
					     "M_RESOURCE_LIMIT_EXCEEDED",
					     "M_USER_LIMIT_EXCEEDED",
					     "M_CONSENT_NOT_GIVEN", NULL };
	return g_strv_contains(codes, answer->errcode);
}

/* A room that was replaced takes nothing any more. True: the row goes to the
 * new one, or waits until we are in it; an invitation may take a while. */
static bool follows(struct lane *lane, const struct api_answer *answer)
{
	struct matrix *matrix = lane->send->matrix;
	g_autofree char *address = NULL;
	g_auto(matrix_room) room = { 0 };
	if (!api_answer_is(answer, "M_FORBIDDEN") ||
	    !matrix_moved_to(matrix, lane->room, lane->room_id, &address,
			     NULL) ||
	    !matrix_room_read(matrix->host.db, lane->room_id, &room, NULL))
		return false;
	if (address) {
		lane_outcome(lane, OUTCOME_MOVED, address);
		return true;
	}
	if (!room.replacement ||
	    clock_now(matrix->host.clock) - lane->wire.at > FOLLOW_MS)
		return false;
	lane_wait(lane, -1, "the room was replaced");
	return true;
}

static void refused(struct lane *lane, const struct api_answer *answer)
{
	const char *consent = json_text_of(answer->json, "consent_uri");
	if (is_account_trouble(answer)) {
		lane_ready(lane);
		pause_all(lane->send, CLOSED_MS,
			  consent ? consent : answer->trouble);
	} else if (api_answer_is(answer, "M_DUPLICATE_ANNOTATION")) {
		lane_sent(lane, NULL); /* it stands there already */
	} else if (answer->status == 413 ||
		   api_answer_is(answer, "M_TOO_LARGE")) {
		lane_outcome(lane, OUTCOME_TOO_LARGE, NULL);
	} else if (!follows(lane, answer)) {
		lane_failed(lane, answer->trouble);
	}
}

static void put_answered(const struct api_answer *answer, void *data)
{
	struct lane *lane = data;
	struct send *send = lane->send;
	lane->call = NULL;
	send->under_way--;
	switch (answer->class) {
	case RETRY_NOT:
		send->retry.tries = 0;
		pace_sent(&send->pace, g_get_monotonic_time());
		lane_sent(lane, json_text_of(answer->json, "event_id"));
		break;
	case RETRY_LIMITED:
		lane_ready(lane);
		pause_all(send, answer->retry_after, answer->trouble);
		break;
	case RETRY_NEVER:
		refused(lane, answer);
		break;
	case RETRY_LATER:
	case RETRY_TOKEN:
		lane_wait(lane, answer->retry_after, answer->trouble);
		break;
	}
	matrix_check_finished(send->matrix);
}

static void put(struct lane *lane)
{
	struct matrix *matrix = lane->send->matrix;
	const char *path, *body;
	size_t path_len, body_len;
	content_cut(lane->wire.bytes, &path, &path_len, &body, &body_len);
	g_autofree char *url = g_strdup_printf(
		"%s/_matrix/client/v3%.*s%s", client_base_url(matrix->client),
		(int)path_len, path, lane->wire.txn_id);
	g_autoptr(GBytes) bytes = g_bytes_new_from_bytes(
		lane->wire.bytes, path_len + 1, body_len);
	lane->state = LANE_SENDING;
	lane->tried = lane->wire.id;
	lane->send->under_way++;
	lane->call = client_start(
		matrix->client, &(struct client_request){ .method = "PUT",
							  .url = url,
							  .body = bytes,
							  .done = put_answered,
							  .data = lane });
}

/* ---- is the room plain? ---- */

static void encryption_answered(const struct api_answer *answer, void *data)
{
	struct lane *lane = data;
	lane->call = NULL;
	lane->send->under_way--;
	if (answer->class == RETRY_NOT) {
		const char *algorithm = json_text_of(answer->json, "algorithm");
		lane_outcome(lane, OUTCOME_SEALED,
			     algorithm && *algorithm ? algorithm : "unknown");
	} else if (answer->status == 404 &&
		   api_answer_is(answer, "M_NOT_FOUND")) {
		lane_outcome(lane, OUTCOME_PLAIN, NULL);
	} else {
		/* Anything else may be an encrypted room: nothing is sent. */
		lane_wait(lane, answer->retry_after, answer->trouble);
	}
	matrix_check_finished(lane->send->matrix);
}

static void ask_encryption(struct lane *lane)
{
	struct matrix *matrix = lane->send->matrix;
	g_autofree char *url =
		api_url(client_base_url(matrix->client), "rooms", lane->room_id,
			"state", "m.room.encryption", NULL);
	lane->state = LANE_SENDING;
	lane->send->under_way++;
	lane->call = client_start(
		matrix->client,
		&(struct client_request){ .url = url,
					  .done = encryption_answered,
					  .data = lane });
}

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
		ask_encryption(lane);
	else if (must_be_looked_for(lane))
		lookback_start(lane);
	else
		put(lane);
	return true;
}

/* Takes up the first row that is still to be sent. */
static bool take_up(struct lane *lane, GError **error)
{
	/* Read anew each time: it may have ended while it waited. */
	wire_clear(&lane->wire);
	while (lane->places->len > 0 && !lane->wire.id) {
		int64_t id = place_at(lane, 0)->id;
		if (!wire_read(lane->send->matrix->host.db, id, &lane->wire,
			       error))
			return false;
		if (lane->wire.id)
			break;
		/* An echo has told of it, or its question is gone. */
		g_array_remove_index(lane->places, 0);
	}
	if (lane->places->len == 0) {
		watch_slowness(lane);
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
		if (!has_to_say(lane))
			continue;
		g_queue_delete_link(&send->ready, link);
		return lane;
	}
	return g_queue_pop_head(&send->ready);
}

static void pump(struct send *send)
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
		struct lane *lane = lane_of(send, place->room);
		put_in_order(lane, place);
		watch_slowness(lane);
		if (lane->state == LANE_READY)
			lane_ready(lane);
		send->cursor = place->id;
	}
	pump(send);
	return true;
}

bool send_forget(struct send *send, const char *event_id, GError **error)
{
	struct sqlite *db = send->matrix->host.db;
	g_autoptr(GArray) places =
		wire_of_cause(db, MATRIX_NETWORK, event_id, error);
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
	drop(&send->pause);
	drop(&send->commit);
	drop(&send->later);
	g_array_unref(send->sent);
	g_queue_clear(&send->ready);
	g_ptr_array_unref(send->decided);
	g_hash_table_unref(send->lanes);
	g_free(send);
}
