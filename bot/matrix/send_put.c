/* One request for a row, and what its answer means. */

#include "bot/matrix/content.h"
#include "bot/matrix/send_private.h"

enum {
	FOLLOW_MS = 60 * CLOCK_MINUTE, /* for an invitation to a new room */
	CLOSED_MS = 10 * CLOCK_MINUTE, /* the account may not send for now */
	FOREIGN_MOST = 20,	       /* answers to a row: some 8 minutes */
};

/* ---- limits ---- */

static gboolean resume(gpointer data)
{
	struct send *send = data;
	send->pause = 0;
	send_pump(send);
	return G_SOURCE_REMOVE;
}

static bool drop_ornaments(struct matrix *matrix, void *data, GError **error)
{
	(void)data;
	return wire_end_all_ornaments(matrix->host.db, MATRIX_NETWORK,
				      "the server asks us to be slower", error);
}

/* A limit is the account's: nobody sends before it is over. Of several that
 * were under way the first counts as a try, and the longest pause is made. */
static void send_pause(struct send *send, int64_t told, const char *why)
{
	int64_t now = g_get_monotonic_time() / 1000;
	int64_t wait = send->pause ? MIN(told, RETRY_MOST)
				   : retry_wait(&send->retry, told);
	pace_limited(&send->pace, g_get_monotonic_time());
	matrix_transaction(send->matrix, drop_ornaments, NULL);
	if (send->pause && now + wait <= send->resume)
		return;
	g_clear_handle_id(&send->pause, g_source_remove);
	g_message("matrix: sending pauses for %.1f s: %s", (double)wait / 1000,
		  why);
	send->resume = now + wait;
	send->pause = g_timeout_add((guint)wait, resume, send);
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
		send_pause(lane->send, CLOSED_MS,
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

/* A proxy that never lets one text through may not hold the room up for ever.
 * Where nothing else comes through either, nothing is given up. */
static void later(struct lane *lane, const struct api_answer *answer)
{
	if (answer->foreign && sync_has_caught_up(lane->send->matrix->sync))
		lane->foreign++;
	if (lane->foreign < FOREIGN_MOST)
		lane_wait(lane, answer->retry_after, answer->trouble);
	else if (answer->status < 300)
		lane_unknown(lane, answer->trouble);
	else
		lane_failed(lane, answer->trouble);
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
		send_pause(send, answer->retry_after, answer->trouble);
		break;
	case RETRY_NEVER:
		refused(lane, answer);
		break;
	case RETRY_LATER:
	case RETRY_TOKEN:
		later(lane, answer);
		break;
	}
	matrix_check_finished(send->matrix);
}

void lane_put(struct lane *lane)
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
							  .needs = "event_id",
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

void lane_ask_encryption(struct lane *lane)
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
