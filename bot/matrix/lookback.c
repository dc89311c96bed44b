/* Was a message sent? Its id, org.znatok.id, is looked for in the room. */

#include "bot/matrix/content.h"
#include "bot/matrix/event.h"
#include "bot/matrix/send_private.h"
#include "bot/store/mail.h"

enum { PAGES_MOST = 20, DAY = 24 * 60 * CLOCK_MINUTE };

struct lookback {
	struct lane *lane;
	char *from; /* NULL: the newest events */
	int pages;
	bool doubt; /* it may be one of those that were redacted */
};

static void ask(struct lookback *lookback);

void lookback_free(struct lookback *lookback)
{
	if (!lookback)
		return;
	g_free(lookback->from);
	g_free(lookback);
}

/* It was never taken by the server. Late enough, nobody waits for it. */
static void absent(const struct lookback *lookback)
{
	struct lane *lane = lookback->lane;
	struct matrix *matrix = lane->send->matrix;
	if (lookback->doubt)
		lane_unknown(lane, "it may be one that was redacted");
	else if (clock_now(matrix->host.clock) - lane->wire.at > DAY)
		lane_unknown(lane, "it is over a day old and not in the room");
	else
		lane_absent(lane);
}

/* Nobody knows any more what it said, and we never heard that it was taken. */
static bool is_riddle(const struct lookback *lookback,
		      const struct event *event)
{
	int64_t known = 0;
	struct sqlite *db = lookback->lane->send->matrix->host.db;
	return event->redacted && !event->state_key &&
	       (!mail_outbox_of(db, MATRIX_NETWORK, event->event_id, &known,
				NULL) ||
		!known);
}

/* True where this page decides. */
static bool look(struct lookback *lookback, const struct json *chunk)
{
	struct lane *lane = lookback->lane;
	struct event event;
	for (const struct json *e = json_first(chunk); e; e = json_next(e)) {
		if (!event_read(e, &event) || !event.event_id)
			continue;
		const char *id = json_text_of(event.content, CONTENT_ID);
		bool ours =
			g_str_equal(event.sender,
				    client_user_id(lane->send->matrix->client));
		if (ours && g_strcmp0(id, lane->wire.txn_id) == 0) {
			lane_sent(lane, event.event_id);
			return true;
		}
		/* Before the question there is no answer. */
		if (g_strcmp0(event.event_id, lane->wire.reply_event) == 0) {
			absent(lookback);
			return true;
		}
		lookback->doubt |= ours && is_riddle(lookback, &event);
	}
	return false;
}

static void answered(const struct api_answer *answer, void *data)
{
	struct lookback *lookback = data;
	struct lane *lane = lookback->lane;
	const char *end = json_text_of(answer->json, "end");
	const struct json *chunk = json_get(answer->json, "chunk");
	lane->call = NULL;
	lane->send->under_way--;
	bool ended = true;
	if (answer->class == RETRY_LATER || answer->class == RETRY_LIMITED ||
	    answer->class == RETRY_TOKEN) {
		lane_wait(lane, answer->retry_after, answer->trouble);
	} else if (answer->class == RETRY_NEVER) {
		lane_unknown(lane, answer->trouble);
	} else if (!json_is_array(chunk)) {
		/* A proxy's {} does not say that the message is absent. */
		lane_wait(lane, -1, "a page without events");
	} else if (look(lookback, chunk)) {
		/* decided */
	} else if (!end) {
		absent(lookback); /* the room has no earlier event */
	} else if (++lookback->pages >= PAGES_MOST ||
		   g_strcmp0(end, lookback->from) == 0) {
		lane_unknown(lane, "it is not among the newest events");
	} else {
		ended = false;
		g_free(lookback->from);
		lookback->from = g_strdup(end);
		ask(lookback);
	}
	if (ended)
		g_clear_pointer(&lane->lookback, lookback_free);
	matrix_check_finished(lane->send->matrix);
}

static void ask(struct lookback *lookback)
{
	struct lane *lane = lookback->lane;
	struct matrix *matrix = lane->send->matrix;
	g_autofree char *base =
		api_url(client_base_url(matrix->client), "rooms", lane->room_id,
			"messages", NULL);
	g_autofree char *from = g_uri_escape_string(
		lookback->from ? lookback->from : "", NULL, false);
	g_autofree char *url =
		g_strdup_printf("%s?dir=b&limit=100%s%s", base,
				lookback->from ? "&from=" : "", from);
	lane->send->under_way++;
	lane->call = client_start(matrix->client,
				  &(struct client_request){ .url = url,
							    .most = 16 << 20,
							    .done = answered,
							    .data = lookback });
}

void lookback_start(struct lane *lane)
{
	lane->state = LANE_SENDING;
	lane->lookback = g_new0(struct lookback, 1);
	lane->lookback->lane = lane;
	ask(lane->lookback);
}
