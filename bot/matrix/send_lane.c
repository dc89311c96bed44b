/* A room's rows on the wire, in order; and who waits for them. */

#include "bot/matrix/send_private.h"

enum { SLOW_MS = 1000 }; /* whoever waits longer is shown that we type */

void lane_free(void *data)
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

struct lane *send_lane(struct send *send, int64_t room)
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
void lane_ready(struct lane *lane)
{
	lane->state = LANE_READY;
	if (lane->queued || lane->places->len == 0)
		return;
	lane->queued = true;
	g_queue_push_tail(&lane->send->ready, lane);
}

const struct wire_place *lane_place(const struct lane *lane, guint i)
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
void lane_put_in_order(struct lane *lane, const struct wire_place *place)
{
	bool busy = lane->state == LANE_SENDING || lane->state == LANE_DECIDED;
	guint at = lane->places->len;
	while (at > (busy ? 1 : 0) &&
	       !stands_before(lane_place(lane, at - 1), place))
		at--;
	g_array_insert_val(lane->places, at, *place);
}

bool lane_has_to_say(const struct lane *lane)
{
	return lane->places->len > 0 && !lane_place(lane, 0)->ornament;
}

/* The lane's first row has ended, and with `all` all rows of its message. */
void lane_step_on(struct lane *lane, bool all)
{
	int64_t outbox = lane->wire.outbox;
	do {
		g_array_remove_index(lane->places, 0);
	} while (all && lane->places->len > 0 &&
		 lane_place(lane, 0)->outbox == outbox);
	wire_clear(&lane->wire);
	lane->retry.tries = 0;
	lane->foreign = 0;
	lane_ready(lane);
}

static gboolean slow(gpointer data)
{
	struct lane *lane = data;
	lane->typing = 0;
	if (!lane_has_to_say(lane) || !lane->room_id)
		return G_SOURCE_REMOVE;
	lane->typed = true;
	courtesy_type(lane->send->matrix->courtesy, lane->room_id, true);
	lane->typing = g_timeout_add_seconds(15, slow, lane);
	return G_SOURCE_REMOVE;
}

void lane_watch_slowness(struct lane *lane)
{
	if (lane_has_to_say(lane) && !lane->typing)
		lane->typing = g_timeout_add(SLOW_MS, slow, lane);
	if (lane_has_to_say(lane))
		return;
	if (lane->typing)
		g_source_remove(lane->typing);
	lane->typing = 0;
	if (lane->typed)
		courtesy_type(lane->send->matrix->courtesy, lane->room_id,
			      false);
	lane->typed = false;
}

static gboolean lane_again(gpointer data)
{
	struct lane *lane = data;
	lane->timer = 0;
	lane_ready(lane);
	send_pump(lane->send);
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
