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
 * may have the answer ready for it.
 */

#include <malloc.h>
#include <string.h>

#include "bot/base/error.h"
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

/* The row of the table of positions that knows the filter's id. */
#define FILTER_POSITION MATRIX_NETWORK " filter"

struct sync {
	struct matrix *matrix;
	struct client_call *call;
	char *since;  /* NULL: the next answer is the first, and mute */
	char *filter; /* its id on the server; NULL: not uploaded yet */
	char *url;    /* of the request at hand */
	struct retry retry;
	guint timer;
	bool held;	   /* the timer is that of HOLD_MS */
	bool caught_up;	   /* an answer has come since the start */
	bool outage;	   /* none has come to the last request */
	int64_t written;   /* when since was put into the store; monotonic */
	bool ask_joined;   /* for the list of rooms, after the next answer */
	GPtrArray *known;  /* rooms that we were in when it was asked for */
	GPtrArray *joined; /* that list, until an answer has come; or NULL */
	/* an answer that the store would not take yet */
	char *body;
	size_t len;
	int64_t date;
	bool stopped;
};

/*
 * State is asked for by type, a timeline whole: there, what was left out would
 * be lost, our own echoes too. Members come again with each message of theirs
 * (include_redundant_members), so that none has to be kept.
 */
static const char filter_text[] =
	"{\"presence\":{\"not_types\":[\"*\"]},"
	"\"account_data\":{\"types\":[\"m.ignored_user_list\",\"m.direct\"]},"
	"\"room\":{\"include_leave\":false,"
	"\"ephemeral\":{\"not_types\":[\"*\"]},"
	"\"account_data\":{\"not_types\":[\"*\"]},"
	"\"state\":{\"lazy_load_members\":true,"
	"\"include_redundant_members\":true,\"types\":[\"m.room.create\","
	"\"m.room.encryption\",\"m.room.member\",\"m.room.power_levels\","
	"\"m.room.name\",\"m.room.tombstone\"]},"
	"\"timeline\":{\"limit\":50}}}";

static void ask(struct sync *sync);
static void prepare(struct sync *sync);

/* ---- again ---- */

static gboolean again(gpointer data)
{
	struct sync *sync = data;
	sync->timer = 0;
	prepare(sync);
	return G_SOURCE_REMOVE;
}

static void later(struct sync *sync, int64_t told, const char *why)
{
	sync->outage = true;
	int64_t wait = retry_wait(&sync->retry, told);
	g_message("matrix: the homeserver does not answer: %s; asking again "
		  "in %.1f s",
		  why, (double)wait / 1000);
	sync->timer = g_timeout_add((guint)wait, again, sync);
}

/* ---- filter ---- */

static char *filter_hash(void)
{
	return g_compute_checksum_for_string(G_CHECKSUM_SHA256, filter_text,
					     -1);
}

/* "HASH ID": the id is good for this filter only. */
static void find_filter(struct sync *sync)
{
	g_autofree char *hash = filter_hash();
	g_autofree char *row = NULL;
	g_clear_pointer(&sync->filter, g_free);
	if (!db_position(sync->matrix->host.db, FILTER_POSITION, &row, NULL) ||
	    !row || !g_str_has_prefix(row, hash) || row[strlen(hash)] != ' ')
		return;
	sync->filter = g_strdup(row + strlen(hash) + 1);
}

static bool keep_filter(struct matrix *matrix, void *data, GError **error)
{
	struct sync *sync = data;
	g_autofree char *hash = filter_hash();
	g_autofree char *row =
		g_strconcat(hash, " ", sync->filter ? sync->filter : "", NULL);
	return db_set_position(matrix->host.db, FILTER_POSITION, row, error);
}

static void filter_answered(const struct api_answer *answer, void *data)
{
	struct sync *sync = data;
	const char *id = json_text_of(answer->json, "filter_id");
	sync->call = NULL;
	if (answer->class != RETRY_NOT || !id) {
		later(sync, answer->retry_after,
		      answer->trouble ? answer->trouble : "no filter_id");
		return;
	}
	sync->filter = g_strdup(id);
	matrix_transaction(sync->matrix, keep_filter, sync);
	prepare(sync);
}

static void upload_filter(struct sync *sync)
{
	struct matrix *matrix = sync->matrix;
	g_autoptr(GBytes) body =
		g_bytes_new_static(filter_text, strlen(filter_text));
	g_autofree char *url =
		api_url(client_base_url(matrix->client), "user",
			client_user_id(matrix->client), "filter", NULL);
	sync->call =
		client_start(matrix->client,
			     &(struct client_request){ .method = "POST",
						       .url = url,
						       .body = body,
						       .done = filter_answered,
						       .data = sync });
}

/* ---- rooms that no /sync has told of ---- */

struct reconciling {
	struct sync *sync;
	const struct json *joined; /* as the server says */
};

/* A room that the store had us in and the server does not: it was left. One
 * that was made meanwhile may be missing there. */
static bool leave_missing(struct matrix *matrix, void *data, GError **error)
{
	struct reconciling *now = data;
	GPtrArray *known = now->sync->known;
	g_autoptr(GHashTable) here = g_hash_table_new(g_str_hash, g_str_equal);
	for (const struct json *r = json_first(now->joined); r;
	     r = json_next(r))
		if (json_as_text(r))
			g_hash_table_add(here, (char *)json_as_text(r));
	for (guint i = 0; known && i < known->len; i++)
		if (!g_hash_table_contains(here, known->pdata[i]) &&
		    !take_leave(matrix, known->pdata[i], "leave", error))
			return false;
	return true;
}

/* One that the server has us in, and that the next /sync has not told of
 * either: nothing is known of it, so its state is asked for. */
static bool enter_unknown(struct matrix *matrix, void *data, GError **error)
{
	struct sqlite *db = matrix->host.db;
	GPtrArray *rooms = data;
	for (guint i = 0; i < rooms->len; i++) {
		g_auto(matrix_room) room = { 0 };
		if (!matrix_room_read(db, rooms->pdata[i], &room, error))
			return false;
		/* An invite that we have just accepted: the next /sync will
		 * show how we came in. */
		if (g_str_equal(room.membership, "join") ||
		    g_str_equal(room.membership, "invite"))
			continue;
		g_message(
			"matrix: the bot is in %s, of which no /sync has told",
			room.room_id);
		g_free(room.membership);
		room.membership = g_strdup("join");
		room.plain = false;
		if (!matrix_room_write(db, &room, error) ||
		    !matrix_task_put(db, "state", room.room_id, "", "", error))
			return false;
	}
	return true;
}

/* What the same /sync says that we have left. */
static void drop_left(GPtrArray *joined, struct json_text left)
{
	struct json_cut cut = json_cut_object(left);
	for (;;) {
		guint at;
		g_auto(delta_room) room = { 0 };
		if (!delta_next_room(&cut, &room))
			return;
		if (room.room_id &&
		    g_ptr_array_find_with_equal_func(joined, room.room_id,
						     g_str_equal, &at))
			g_ptr_array_remove_index_fast(joined, at);
	}
}

static void joined_answered(const struct api_answer *answer, void *data)
{
	struct sync *sync = data;
	struct matrix *matrix = sync->matrix;
	const struct json *joined = json_get(answer->json, "joined_rooms");
	sync->call = NULL;
	sync->ask_joined =
		answer->class != RETRY_NOT && answer->class != RETRY_NEVER;
	if (answer->class == RETRY_NOT && joined) {
		struct reconciling now = { sync, joined };
		matrix_transaction(matrix, leave_missing, &now);
		sync->joined = g_ptr_array_new_with_free_func(g_free);
		for (joined = json_first(joined); joined;
		     joined = json_next(joined))
			if (json_as_text(joined))
				g_ptr_array_add(sync->joined,
						g_strdup(json_as_text(joined)));
	}
	g_clear_pointer(&sync->known, g_ptr_array_unref);
	ask(sync);
}

static void ask_joined(struct sync *sync)
{
	struct matrix *matrix = sync->matrix;
	g_autoptr(GError) error = NULL;
	sync->known = matrix_rooms_joined(matrix->host.db, &error);
	if (!sync->known)
		matrix->host.trouble(matrix->host.data, error);
	g_autofree char *url =
		api_url(client_base_url(matrix->client), "joined_rooms", NULL);
	sync->call =
		client_start(matrix->client,
			     &(struct client_request){ .url = url,
						       .most = 16 << 20,
						       .done = joined_answered,
						       .data = sync });
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
		later(sync, -1, error->message);
		return;
	}
	taken_init(&taking.taken);
	if (matrix_transaction(sync->matrix, take, &taking)) {
		bool first = !sync->caught_up;
		if (sync->joined)
			drop_left(sync->joined, taking.delta.leave);
		free_body(sync);
		if (first)
			has_caught_up(sync);
		g_free(sync->since);
		sync->since = g_steal_pointer(&taking.delta.next_batch);
		g_clear_pointer(&sync->url, g_free);
		sync->retry.tries = 0;
		sync->outage = false;
		if (sync->joined)
			matrix_transaction(sync->matrix, enter_unknown,
					   sync->joined);
		g_clear_pointer(&sync->joined, g_ptr_array_unref);
		follow_up(sync, &taking.taken, taking.news || first);
		if (!sync->stopped && (first || sync->ask_joined))
			ask_joined(sync);
		else if (!sync->stopped)
			ask(sync);
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

static void refused(struct sync *sync, const struct api_answer *answer)
{
	if (sync->filter && api_answer_is(answer, "M_NOT_FOUND"))
		g_clear_pointer(&sync->filter, g_free);
	else if (sync->since && answer->status == 400)
		start_anew(sync, answer->trouble);
	g_clear_pointer(&sync->url, g_free);
	later(sync, answer->retry_after, answer->trouble);
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
		later(sync, answer->retry_after, answer->trouble);
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
	bool first = !sync->since;
	sync->call = client_start(
		sync->matrix->client,
		&(struct client_request){
			.url = sync->url,
			.timeout = first ? PATIENCE_FIRST : PATIENCE,
			.body_timeout = first ? PATIENCE_FIRST : BODY_SECONDS,
			.most = first ? body_most_first : body_most,
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

static void ask(struct sync *sync)
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

static void prepare(struct sync *sync)
{
	if (sync->stopped)
		return;
	if (!sync->filter)
		upload_filter(sync);
	else
		ask(sync);
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
		later(sync, -1, error->message);
		return;
	}
	find_filter(sync);
	prepare(sync);
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
