/*
 * Gaps: what a /sync left out of a timeline is fetched by /messages, page by
 * page, back from where the timeline begins to where we were, so that it is the
 * oldest which a gap that is too large loses. Client-Server API, "Syncing" and
 * GET /rooms/{roomId}/messages.
 *
 * The pages wait in memory until the last one is there; then all go into the
 * store at once, oldest first. After a kill they are fetched anew.
 *
 * Later messages of the room are held meanwhile, so that what was said first
 * is answered first; but not for longer than 5 seconds.
 */

#include <string.h>

#include "bot/matrix/matrix_private.h"
#include "bot/matrix/take.h"
#include "bot/store/mail.h"
#include "bot/store/room.h"

enum { PAGES_MOST = 20, BYTES_MOST = 32 << 20, AT_ONCE = 2, HOLD_MS = 5000 };

struct gaps {
	struct matrix *matrix;
	GHashTable *running;  /* id of a gap -> struct filling */
	GHashTable *released; /* rooms whose messages wait no longer: a set */
	guint hold;	      /* timer of those that do wait */
};

struct gap_page {
	char *text; /* the answer */
	size_t len;
	int64_t date;
};

static void gap_page_free(void *data)
{
	struct gap_page *page = data;
	g_free(page->text);
	g_free(page);
}

/* One gap that is being fetched. */
struct filling {
	struct gaps *gaps;
	struct matrix_gap *gap; /* owned */
	struct client_call *call;
	struct retry retry;
	guint timer;
	GPtrArray *pages; /* struct gap_page, newest first */
	size_t bytes;	  /* of them all */
	char *from;	  /* where the next one begins */
	bool cut;	  /* older ones are left out */
	bool joined;	  /* our own join is in them */
};

static const char filter[] = "{\"lazy_load_members\":true,"
			     "\"include_redundant_members\":true}";

static void filling_free(void *data)
{
	struct filling *filling = data;
	if (filling->call)
		client_cancel(filling->call);
	if (filling->timer)
		g_source_remove(filling->timer);
	matrix_gap_free(filling->gap);
	g_ptr_array_unref(filling->pages);
	g_free(filling->from);
	g_free(filling);
}

struct gaps *gaps_new(struct matrix *matrix)
{
	struct gaps *gaps = g_new0(struct gaps, 1);
	gaps->matrix = matrix;
	gaps->running = g_hash_table_new_full(g_int64_hash, g_int64_equal, NULL,
					      filling_free);
	gaps->released =
		g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	return gaps;
}

void gaps_free(struct gaps *gaps)
{
	if (!gaps)
		return;
	if (gaps->hold)
		g_source_remove(gaps->hold);
	g_hash_table_unref(gaps->running);
	g_hash_table_unref(gaps->released);
	g_free(gaps);
}

bool gaps_hold(const struct gaps *gaps, const char *room_id)
{
	return !g_hash_table_contains(gaps->released, room_id);
}

/* ---- holding ---- */

static bool release(struct matrix *matrix, void *data, GError **error)
{
	int64_t room_no;
	return room_number(matrix->host.db, MATRIX_NETWORK, data, false,
			   &room_no, error) &&
	       mail_release(matrix->host.db, room_no, error);
}

static bool release_all(struct matrix *matrix, void *data, GError **error)
{
	GPtrArray *all = data;
	for (guint i = 0; i < all->len; i++) {
		struct matrix_gap *gap = all->pdata[i];
		if (!release(matrix, gap->room_id, error))
			return false;
	}
	return true;
}

static gboolean hold_ends(gpointer data)
{
	struct gaps *gaps = data;
	struct matrix *matrix = gaps->matrix;
	g_autoptr(GPtrArray) all = matrix_gaps(matrix->host.db, NULL);
	gaps->hold = 0;
	if (!all || !matrix_transaction(matrix, release_all, all)) {
		gaps->hold = g_timeout_add(CLOCK_SECOND, hold_ends, gaps);
		return G_SOURCE_REMOVE;
	}
	for (guint i = 0; i < all->len; i++) {
		struct matrix_gap *gap = all->pdata[i];
		g_hash_table_add(gaps->released, g_strdup(gap->room_id));
	}
	matrix->host.drain(matrix->host.data);
	return G_SOURCE_REMOVE;
}

/* ---- fetching ---- */

static void fetch(struct filling *filling);

static gboolean fetch_again(gpointer data)
{
	struct filling *filling = data;
	filling->timer = 0;
	fetch(filling);
	return G_SOURCE_REMOVE;
}

/* The last page is in the store and worked: what was held follows. */
static bool finish(struct matrix *matrix, void *data, GError **error)
{
	struct filling *filling = data;
	struct matrix_gap *gap = filling->gap;
	bool open;
	return matrix_gap_drop(matrix->host.db, gap->id, error) &&
	       matrix_gap_is_open(matrix->host.db, gap->room_id, &open,
				  error) &&
	       (open || release(matrix, gap->room_id, error));
}

static gboolean finish_again(gpointer data)
{
	struct filling *filling = data;
	struct gaps *gaps = filling->gaps;
	struct matrix *matrix = gaps->matrix;
	filling->timer = 0;
	/* What the gap brought is worked first. */
	if (!matrix->host.drain(matrix->host.data) ||
	    !matrix_transaction(matrix, finish, filling)) {
		filling->timer =
			g_timeout_add(CLOCK_SECOND, finish_again, filling);
		return G_SOURCE_REMOVE;
	}
	g_hash_table_remove(gaps->released, filling->gap->room_id);
	g_hash_table_remove(gaps->running, &filling->gap->id);
	matrix->host.drain(matrix->host.data);
	gaps_step(gaps);
	return G_SOURCE_REMOVE;
}

/* What /messages tells backward, in the order of time. Caller frees. */
static struct json *reversed(const struct json *chunk)
{
	struct json *array = json_array();
	g_autoptr(GPtrArray) events = g_ptr_array_new();
	for (const struct json *e = json_first(chunk); e; e = json_next(e))
		g_ptr_array_add(events, (void *)e);
	for (guint i = events->len; i-- > 0;)
		json_append(array, json_copy(events->pdata[i]));
	return array;
}

static bool take_one(struct filling *filling, const struct gap_page *held,
		     struct take_page *page, GError **error)
{
	g_auto(taken) taken;
	g_autoptr(json) json = json_parse(held->text, held->len, NULL);
	g_autoptr(json) events = reversed(json_get(json, "chunk"));
	taken_init(&taken);
	page->events = events;
	page->members = json_get(json, "state");
	page->date = held->date;
	return take_page(filling->gaps->matrix, page, &taken, error);
}

static bool take_all(struct matrix *matrix, void *data, GError **error)
{
	struct filling *filling = data;
	struct matrix_gap gap = *filling->gap;
	g_auto(matrix_room) room = { 0 };
	if (!matrix_room_read(matrix->host.db, gap.room_id, &room, error))
		return false;
	/* A join among what was left out is before all of these. */
	struct take_page page = {
		.room = &room,
		.joining = gap.joining && (!filling->cut || filling->joined),
	};
	for (guint i = filling->pages->len; i-- > 0;)
		if (!take_one(filling, filling->pages->pdata[i], &page, error))
			return false;
	gap.pages = (int)filling->pages->len;
	gap.joining = page.joining;
	gap.closed = true;
	return matrix_gap_move(matrix->host.db, &gap, error);
}

static gboolean take_again(gpointer data)
{
	struct filling *filling = data;
	filling->timer = 0;
	if (!matrix_transaction(filling->gaps->matrix, take_all, filling)) {
		filling->timer =
			g_timeout_add(CLOCK_SECOND, take_again, filling);
		return G_SOURCE_REMOVE;
	}
	filling->gap->closed = true;
	g_ptr_array_set_size(filling->pages, 0);
	finish_again(filling);
	return G_SOURCE_REMOVE;
}

static void later(struct filling *filling, int64_t told, const char *why)
{
	int64_t wait = retry_wait(&filling->retry, told);
	g_message("matrix: a gap in %s cannot be filled: %s; trying again in "
		  "%.1f s",
		  filling->gap->room_id, why, (double)wait / 1000);
	filling->timer = g_timeout_add((guint)wait, fetch_again, filling);
}

/* True where there is another page to ask for, which is then the next. */
static bool turn_page(struct filling *filling, const struct json *json)
{
	const struct matrix_gap *gap = filling->gap;
	const char *end = json_text_of(json, "end");
	if (!end || g_str_equal(end, gap->cursor))
		return false;
	filling->cut = true;
	if (g_str_equal(end, filling->from)) {
		g_message("matrix: /messages of %s does not move on from %s",
			  gap->room_id, end);
		return false;
	}
	if (filling->pages->len >= PAGES_MOST || filling->bytes > BYTES_MOST) {
		g_warning("matrix: the gap in %s is too large: what is before "
			  "its last %u pages was not read",
			  gap->room_id, filling->pages->len);
		return false;
	}
	filling->cut = false;
	g_free(filling->from);
	filling->from = g_strdup(end);
	return true;
}

static void fetched(const struct api_answer *answer, char *body, size_t len,
		    void *data)
{
	struct filling *filling = data;
	struct matrix *matrix = filling->gaps->matrix;
	g_autofree char *text = body;
	filling->call = NULL;
	if (answer->class == RETRY_LATER || answer->class == RETRY_LIMITED) {
		later(filling, answer->retry_after, answer->trouble);
		return;
	}
	if (answer->class == RETRY_NEVER) {
		g_warning("matrix: a gap in %s stays: %s",
			  filling->gap->room_id, answer->trouble);
		filling->cut = true;
		take_again(filling);
		return;
	}
	g_autoptr(json) json = json_parse(text, len, NULL);
	if (!json_is_array(json_get(json, "chunk"))) {
		later(filling, -1, "a page without events");
		return;
	}
	struct gap_page *page = g_new0(struct gap_page, 1);
	*page = (struct gap_page){ g_steal_pointer(&text), len, answer->date };
	g_ptr_array_add(filling->pages, page);
	filling->bytes += len;
	filling->joined |= take_has_own_join(json_get(json, "chunk"),
					     client_user_id(matrix->client));
	filling->retry.tries = 0;
	if (turn_page(filling, json))
		fetch(filling);
	else
		take_again(filling);
}

static void fetch(struct filling *filling)
{
	struct matrix *matrix = filling->gaps->matrix;
	const struct matrix_gap *gap = filling->gap;
	g_autofree char *base =
		api_url(client_base_url(matrix->client), "rooms", gap->room_id,
			"messages", NULL);
	g_autofree char *from = g_uri_escape_string(filling->from, NULL, false);
	g_autofree char *to = g_uri_escape_string(gap->cursor, NULL, false);
	g_autofree char *which = g_uri_escape_string(filter, NULL, false);
	g_autofree char *url =
		g_strdup_printf("%s?dir=b&from=%s&to=%s&limit=100&filter=%s",
				base, from, to, which);
	filling->call = client_start(
		matrix->client, &(struct client_request){ .url = url,
							  .most = 16 << 20,
							  .raw_done = fetched,
							  .data = filling });
}

static void begin(struct gaps *gaps, struct matrix_gap *gap)
{
	struct filling *filling = g_new0(struct filling, 1);
	filling->gaps = gaps;
	filling->gap = gap;
	filling->from = g_strdup(gap->until);
	filling->pages = g_ptr_array_new_with_free_func(gap_page_free);
	filling->retry = (struct retry){ .least = 1000, .most = 60000 };
	g_hash_table_insert(gaps->running, &gap->id, filling);
	if (!gaps->hold)
		gaps->hold = g_timeout_add(HOLD_MS, hold_ends, gaps);
	if (gap->closed)
		filling->timer = g_idle_add(finish_again, filling);
	else
		fetch(filling);
}

void gaps_step(struct gaps *gaps)
{
	g_autoptr(GError) error = NULL;
	struct matrix *matrix = gaps->matrix;
	if (matrix->finishing)
		return;
	g_autoptr(GPtrArray) all = matrix_gaps(matrix->host.db, &error);
	if (!all) {
		matrix->host.trouble(matrix->host.data, error);
		return;
	}
	for (guint i = 0; i < all->len; i++) {
		struct matrix_gap *gap = all->pdata[i];
		if (g_hash_table_size(gaps->running) >= AT_ONCE)
			return;
		if (g_hash_table_contains(gaps->running, &gap->id))
			continue;
		all->pdata[i] = NULL; /* it is the filling's now */
		begin(gaps, gap);
	}
}
