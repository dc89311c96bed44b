/* Rooms that no /sync has told of: the list of those that the server has us in.
 */

#include "bot/matrix/sync_private.h"
#include "bot/matrix/take.h"

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

bool sync_enter_unknown(struct matrix *matrix, void *data, GError **error)
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

void sync_drop_left(GPtrArray *joined, struct json_text left)
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
	sync_ask(sync);
}

void sync_ask_joined(struct sync *sync)
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
