/*
 * GET /sync, one request at a time: an answer is in the store, with the token
 * to ask from next, before that is asked. Client-Server API, "Syncing".
 *
 *	filter -> first request, which does not wait -> long polls
 *
 * While answers are on their way the next request waits for them, HOLD_MS at
 * most: a server that works at both at once is slower with the answers, and the
 * echoes of all come in one answer to /sync instead of one each.
 *
 * After any failure the same address is asked again, to the byte: the server
 * may have the answer ready for it. Where that is too large, there is no way
 * around it: it is asked for once more, with the limit of a first answer.
 */

#include <malloc.h>
#include <string.h>

#include "bot/base/error.h"
#include "bot/matrix/sync_private.h"
#include "bot/matrix/take.h"
#include "bot/store/db.h"

enum {
	POLL_SECONDS = 30,
	PATIENCE = POLL_SECONDS + 10, /* for the first byte of an answer */
	PATIENCE_FIRST = 600,
	BODY_SECONDS = 60,
	HOLD_MS = 100,
	TRIM_FROM = 8 << 20, /* bytes of a body that the heap is trimmed for */
};

static const size_t body_most = 64 << 20, body_most_first = 512 << 20;

/* ---- again ---- */

static gboolean again(gpointer data)
{
	struct sync *sync = data;
	sync->timer = 0;
	sync_prepare(sync);
	return G_SOURCE_REMOVE;
}

void sync_later(struct sync *sync, int64_t told, const char *why)
{
	sync->outage = true;
	int64_t wait = retry_wait(&sync->retry, told);
	g_message("matrix: the homeserver does not answer: %s; asking again "
		  "in %.1f s",
		  why, (double)wait / 1000);
	sync->timer = g_timeout_add((guint)wait, again, sync);
}

/* ---- an answer ---- */

struct taking {
	struct sync *sync;
	struct delta delta;
	struct taken taken;
	bool news; /* it has changed something in the store */
};

static bool take(struct matrix *matrix, void *data, GError **error)
{
	struct taking *taking = data;
	struct sync *sync = taking->sync;
	struct sqlite *db = matrix->host.db;
	int64_t before = sqlite_changes(db);
	if (!take_delta(matrix, &taking->delta, sync->since, sync->date,
			&taking->taken, error))
		return false;
	taking->news = sqlite_changes(db) != before;
	int64_t now = g_get_monotonic_time() / 1000;
	/* What has brought nothing, our own echoes say, brings it again after
	 * a kill: that is no reason to wait for the disk. */
	if (!taking->news && sync->caught_up &&
	    now - sync->written < CLOCK_MINUTE)
		return true;
	sync->written = now;
	/* Echoes of what was sent just now will not come again. */
	return send_keep(matrix->send, error) &&
	       db_set_position(db, MATRIX_NETWORK, taking->delta.next_batch,
			       error);
}

static bool forget_redacted(struct matrix *matrix, void *data, GError **error)
{
	GPtrArray *redacted = data;
	for (guint i = 0; i < redacted->len; i++)
		if (!send_forget(matrix->send, redacted->pdata[i], error))
			return false;
	return true;
}

/* What is outside of the store, once the store has the answer. */
static void follow_up(struct sync *sync, const struct taken *taken, bool news)
{
	struct matrix *matrix = sync->matrix;
	if (taken->redacted->len > 0)
		matrix_transaction(matrix, forget_redacted, taken->redacted);
	if (news)
		matrix->host.drain(matrix->host.data);
	for (guint i = 0; i < taken->reads->len; i++) {
		const struct take_read *read = taken->reads->pdata[i];
		courtesy_read(matrix->courtesy, read->room_id, read->event_id,
			      read->thread);
	}
	if (!news)
		return;
	tasks_step(matrix->tasks);
	gaps_step(matrix->gaps);
}

static void has_caught_up(struct sync *sync)
{
	g_message("matrix: in sync as %s%s",
		  client_user_id(sync->matrix->client),
		  sync->since ? "" : ", what was said before is not answered");
	sync->caught_up = true;
}

static gboolean take_body_again(gpointer data);

static void free_body(struct sync *sync)
{
	g_clear_pointer(&sync->body, g_free);
	/* A large body leaves a large heap, which nobody needs again. */
	if (sync->len >= TRIM_FROM)
		malloc_trim(0);
	sync->len = 0;
}

static void take_body(struct sync *sync)
{
	g_autoptr(GError) error = NULL;
	struct taking taking = { .sync = sync };
	if (!delta_read(sync->body, sync->len, &taking.delta, &error)) {
		free_body(sync);
		sync_later(sync, -1, error->message);
		return;
	}
	taken_init(&taking.taken);
	if (matrix_transaction(sync->matrix, take, &taking)) {
		bool first = !sync->caught_up;
		if (sync->joined)
			sync_drop_left(sync->joined, taking.delta.leave);
		free_body(sync);
		if (first)
			has_caught_up(sync);
		g_free(sync->since);
		sync->since = g_steal_pointer(&taking.delta.next_batch);
		g_clear_pointer(&sync->url, g_free);
		sync->retry.tries = 0;
		sync->outage = false;
		sync->large = false;
		if (sync->joined)
			matrix_transaction(sync->matrix, sync_enter_unknown,
					   sync->joined);
		g_clear_pointer(&sync->joined, g_ptr_array_unref);
		follow_up(sync, &taking.taken, taking.news || first);
		if (!sync->stopped && (first || sync->ask_joined))
			sync_ask_joined(sync);
		else if (!sync->stopped)
			sync_ask(sync);
	} else {
		/* Nothing new is read while the disk is in trouble. */
		sync->timer =
			g_timeout_add(CLOCK_SECOND, take_body_again, sync);
	}
	taken_clear(&taking.taken);
	delta_clear(&taking.delta);
}

static gboolean take_body_again(gpointer data)
{
	struct sync *sync = data;
	sync->timer = 0;
	take_body(sync);
	return G_SOURCE_REMOVE;
}

/* The token is none of this server's: start anew, and answer nothing old. */
static void start_anew(struct sync *sync, const char *why)
{
	g_warning("matrix: the server does not know where we were (%s); "
		  "starting anew, what was said meanwhile is not answered",
		  why);
	g_clear_pointer(&sync->since, g_free);
	sync->caught_up = false;
}

/* The specification names no errcode for it. Synapse says M_UNKNOWN. */
static bool is_of_position(const struct api_answer *answer)
{
	static const char *const codes[] = { "M_UNKNOWN_POS", "M_UNKNOWN",
					     "M_INVALID_PARAM", NULL };
	return answer->status == 400 && g_strv_contains(codes, answer->errcode);
}

static void refused(struct sync *sync, const struct api_answer *answer)
{
	if (sync->filter && api_answer_is(answer, "M_NOT_FOUND"))
		g_clear_pointer(&sync->filter, g_free);
	else if (sync->since && is_of_position(answer))
		start_anew(sync, answer->trouble);
	g_clear_pointer(&sync->url, g_free);
	sync_later(sync, answer->retry_after, answer->trouble);
}

static void is_too_big(struct sync *sync)
{
	if (!sync->since || sync->large)
		return;
	g_message("matrix: what is new takes over %zu MB: up to %zu MB are "
		  "taken this time",
		  body_most >> 20, body_most_first >> 20);
	sync->large = true;
}

static void answered(const struct api_answer *answer, char *body, size_t len,
		     void *data)
{
	struct sync *sync = data;
	sync->call = NULL;
	if (answer->class == RETRY_NOT) {
		sync->body = body;
		sync->len = len;
		sync->date = answer->date;
		take_body(sync);
	} else if (answer->class == RETRY_NEVER) {
		refused(sync, answer);
	} else {
		if (answer->too_big)
			is_too_big(sync);
		sync_later(sync, answer->retry_after, answer->trouble);
	}
}

/* ---- a request ---- */

/*
 * A first request must not get the answer that an earlier one got: Synapse
 * keeps it for two minutes, and all that was said meanwhile would follow as if
 * it were new. So its timeout differs each time, which means nothing else,
 * since there is always an answer.
 */
static int poll_time(const struct sync *sync)
{
	if (!sync->since)
		return 1 + (int)(clock_now(sync->matrix->host.clock) % 30000);
	return sync->caught_up ? POLL_SECONDS * 1000 : 0;
}

static char *sync_url(struct sync *sync)
{
	g_autofree char *base =
		api_url(client_base_url(sync->matrix->client), "sync", NULL);
	g_autofree char *filter =
		g_uri_escape_string(sync->filter, NULL, false);
	g_autofree char *since = g_uri_escape_string(
		sync->since ? sync->since : "", NULL, false);
	return g_strdup_printf(
		"%s?filter=%s%s%s&timeout=%d&set_presence=offline"
		"&use_state_after=true&org.matrix.msc4222.use_state_after=true",
		base, filter, sync->since ? "&since=" : "", since,
		poll_time(sync));
}

static void ask_now(struct sync *sync)
{
	if (!sync->url)
		sync->url = sync_url(sync);
	bool first = !sync->since, large = first || sync->large;
	sync->call = client_start(
		sync->matrix->client,
		&(struct client_request){
			.url = sync->url,
			.timeout = first ? PATIENCE_FIRST : PATIENCE,
			.body_timeout = large ? PATIENCE_FIRST : BODY_SECONDS,
			.most = large ? body_most_first : body_most,
			.raw_done = answered,
			.data = sync,
		});
}

static gboolean hold_is_over(gpointer data)
{
	struct sync *sync = data;
	sync->timer = 0;
	sync->held = false;
	ask_now(sync);
	return G_SOURCE_REMOVE;
}

void sync_ask(struct sync *sync)
{
	if (sync->stopped)
		return;
	sync->held = sync->since && !send_is_idle(sync->matrix->send);
	if (sync->held)
		sync->timer = g_timeout_add(HOLD_MS, hold_is_over, sync);
	else
		ask_now(sync);
}

void sync_step(struct sync *sync)
{
	if (!sync->held || !send_is_idle(sync->matrix->send))
		return;
	g_source_remove(sync->timer);
	hold_is_over(sync);
}

void sync_prepare(struct sync *sync)
{
	if (sync->stopped)
		return;
	if (!sync->filter)
		sync_upload_filter(sync);
	else
		sync_ask(sync);
}

/* ---- the part ---- */

void sync_start(struct sync *sync)
{
	g_autoptr(GError) error = NULL;
	g_free(sync->since);
	sync->since = NULL;
	if (!db_position(sync->matrix->host.db, MATRIX_NETWORK, &sync->since,
			 &error)) {
		sync->matrix->host.trouble(sync->matrix->host.data, error);
		sync_later(sync, -1, error->message);
		return;
	}
	sync_find_filter(sync);
	sync_prepare(sync);
}

void sync_stop(struct sync *sync)
{
	sync->stopped = true;
	if (sync->call)
		client_cancel(sync->call);
	sync->call = NULL;
	if (sync->timer)
		g_source_remove(sync->timer);
	sync->timer = 0;
	sync->held = false;
}

bool sync_has_caught_up(const struct sync *sync)
{
	return sync->caught_up && !sync->outage;
}

struct sync *sync_new(struct matrix *matrix)
{
	struct sync *sync = g_new0(struct sync, 1);
	sync->matrix = matrix;
	sync->retry = (struct retry){ .least = 1000, .most = 60000 };
	return sync;
}

void sync_free(struct sync *sync)
{
	if (!sync)
		return;
	sync_stop(sync);
	g_free(sync->since);
	g_free(sync->filter);
	g_free(sync->url);
	g_free(sync->body);
	g_clear_pointer(&sync->known, g_ptr_array_unref);
	g_clear_pointer(&sync->joined, g_ptr_array_unref);
	g_free(sync);
}
