#include "bot/store/matrix.h"

#include "bot/store/db.h"
#include "bot/store/room.h"
#include "bot/store/wire.h"

/* ---- rooms ---- */

bool matrix_room_read(struct sqlite *db, const char *room_id,
		      struct matrix_room *room, GError **error)
{
	*room = (struct matrix_room){ .room_id = g_strdup(room_id) };
	g_auto(sqlite_rows) rows = sqlite_ask(db, MATRIX_ROOM_READ, V(room_id));
	if (sqlite_next(&rows)) {
		room->membership = g_strdup(sqlite_text(&rows, 0));
		room->inviter = g_strdup(sqlite_text(&rows, 1));
		room->name = g_strdup(sqlite_text(&rows, 2));
		room->encryption = g_strdup(sqlite_text(&rows, 3));
		room->plain = sqlite_int(&rows, 4);
		room->told = sqlite_int(&rows, 5);
		room->version = g_strdup(sqlite_text(&rows, 6));
		room->creators = g_strdup(sqlite_text(&rows, 7));
		room->power_levels = g_strdup(sqlite_text(&rows, 8));
		room->predecessor = g_strdup(sqlite_text(&rows, 9));
		room->replacement = g_strdup(sqlite_text(&rows, 10));
		room->task_token = g_strdup(sqlite_text(&rows, 11));
		room->members = sqlite_int(&rows, 12);
	} else {
		room->membership = g_strdup("");
	}
	return sqlite_end(&rows, error);
}

bool matrix_room_write(struct sqlite *db, const struct matrix_room *room,
		       GError **error)
{
	return sqlite_do(db, MATRIX_ROOM_WRITE, error, V(room->room_id),
			 V(room->membership), V(room->inviter), V(room->name),
			 V(room->encryption), V(room->plain), V(room->told),
			 V(room->version), V(room->creators),
			 V(room->power_levels), V(room->predecessor),
			 V(room->replacement), V(room->task_token),
			 V(room->members));
}

void matrix_room_clear(struct matrix_room *room)
{
	g_free(room->room_id);
	g_free(room->membership);
	g_free(room->inviter);
	g_free(room->name);
	g_free(room->encryption);
	g_free(room->version);
	g_free(room->creators);
	g_free(room->power_levels);
	g_free(room->predecessor);
	g_free(room->replacement);
	g_free(room->task_token);
	*room = (struct matrix_room){ 0 };
}

GPtrArray *matrix_rooms_joined(struct sqlite *db, GError **error)
{
	g_autoptr(GPtrArray) found = g_ptr_array_new_with_free_func(g_free);
	g_auto(sqlite_rows) rows = sqlite_ask(db, MATRIX_ROOMS_JOINED);
	while (sqlite_next(&rows))
		g_ptr_array_add(found, g_strdup(sqlite_text(&rows, 0)));
	return sqlite_end(&rows, error) ? g_steal_pointer(&found) : NULL;
}

static bool one_text(struct sqlite_rows *rows, char **text, GError **error)
{
	*text = sqlite_next(rows) ? g_strdup(sqlite_text(rows, 0)) : NULL;
	return sqlite_end(rows, error);
}

bool matrix_room_of_task(struct sqlite *db, const char *token, char **room_id,
			 GError **error)
{
	g_auto(sqlite_rows) rows =
		sqlite_ask(db, MATRIX_ROOM_OF_TASK, V(token));
	return one_text(&rows, room_id, error);
}

bool matrix_room_replaced_by(struct sqlite *db, const char *replacement,
			     char **room_id, GError **error)
{
	g_auto(sqlite_rows) rows =
		sqlite_ask(db, MATRIX_ROOM_REPLACED, V(replacement));
	return one_text(&rows, room_id, error);
}

bool matrix_room_upgrade(struct sqlite *db, const char *from, const char *to,
			 int64_t now, GError **error)
{
	int64_t room_no;
	return room_number(db, MATRIX_NETWORK, from, false, &room_no, error) &&
	       sqlite_do(db, ROOM_ADDRESS_END, error, V(now), V(MATRIX_NETWORK),
			 V(from)) &&
	       sqlite_do(db, ROOM_ADDRESS_MOVE, error, V(MATRIX_NETWORK), V(to),
			 V(room_no));
}

bool matrix_room_moved(struct sqlite *db, const char *room_id, int64_t *at,
		       GError **error)
{
	*at = 0;
	return sqlite_ask_int(db, MATRIX_ROOM_MOVED, at, NULL, error,
			      V(MATRIX_NETWORK), V(room_id));
}

bool matrix_event_place(struct sqlite *db, const char *event, GBytes **bytes,
			int64_t *received, GError **error)
{
	g_auto(sqlite_rows) rows =
		sqlite_ask(db, MATRIX_EVENT_BYTES, V(event), V(MATRIX_NETWORK));
	*received = 0;
	*bytes = NULL;
	if (sqlite_next(&rows)) {
		size_t len;
		const void *data = sqlite_blob(&rows, 0, &len);
		*bytes = len ? g_bytes_new(data, len) : NULL;
	}
	return sqlite_end(&rows, error) &&
	       sqlite_ask_int(db, MATRIX_EVENT_RECEIVED, received, NULL, error,
			      V(MATRIX_NETWORK), V(event));
}

/* ---- account data ---- */

bool matrix_data_write(struct sqlite *db, const char *type, const char *content,
		       GError **error)
{
	return sqlite_do(db, MATRIX_DATA_WRITE, error, V(type), V(content));
}

bool matrix_data_read(struct sqlite *db, const char *type, char **content,
		      GError **error)
{
	g_auto(sqlite_rows) rows = sqlite_ask(db, MATRIX_DATA_READ, V(type));
	return one_text(&rows, content, error);
}

/* ---- gaps ---- */

void matrix_gap_free(struct matrix_gap *gap)
{
	if (!gap)
		return;
	g_free(gap->room_id);
	g_free(gap->cursor);
	g_free(gap->until);
	g_free(gap);
}

bool matrix_gap_put(struct sqlite *db, const char *room_id, const char *cursor,
		    const char *until, bool joining, GError **error)
{
	return sqlite_do(db, MATRIX_GAP_PUT, error, V(room_id), V(cursor),
			 V(until), V(joining));
}

bool matrix_gap_move(struct sqlite *db, const struct matrix_gap *gap,
		     GError **error)
{
	return sqlite_do(db, MATRIX_GAP_MOVE, error, V(gap->cursor),
			 V(gap->pages), V(gap->joining), V(gap->closed),
			 V(gap->id));
}

bool matrix_gap_drop(struct sqlite *db, int64_t id, GError **error)
{
	return sqlite_do(db, MATRIX_GAP_DROP, error, V(id));
}

bool matrix_gap_drop_room(struct sqlite *db, const char *room_id,
			  GError **error)
{
	return sqlite_do(db, MATRIX_GAP_DROP_ROOM, error, V(room_id));
}

GPtrArray *matrix_gaps(struct sqlite *db, GError **error)
{
	g_autoptr(GPtrArray) found =
		g_ptr_array_new_with_free_func((GDestroyNotify)matrix_gap_free);
	g_auto(sqlite_rows) rows = sqlite_ask(db, MATRIX_GAP_ALL);
	while (sqlite_next(&rows)) {
		struct matrix_gap *gap = g_new0(struct matrix_gap, 1);
		gap->id = sqlite_int(&rows, 0);
		gap->room_id = g_strdup(sqlite_text(&rows, 1));
		gap->cursor = g_strdup(sqlite_text(&rows, 2));
		gap->until = g_strdup(sqlite_text(&rows, 3));
		gap->pages = (int)sqlite_int(&rows, 4);
		gap->joining = sqlite_int(&rows, 5);
		gap->closed = sqlite_int(&rows, 6);
		g_ptr_array_add(found, gap);
	}
	return sqlite_end(&rows, error) ? g_steal_pointer(&found) : NULL;
}

bool matrix_gap_is_open(struct sqlite *db, const char *room_id, bool *open,
			GError **error)
{
	int64_t count = 0;
	bool well = sqlite_ask_int(db, MATRIX_GAP_OPEN, &count, NULL, error,
				   V(room_id));
	*open = count > 0;
	return well;
}

/* ---- tasks ---- */

void matrix_task_free(struct matrix_task *task)
{
	if (!task)
		return;
	g_free(task->kind);
	g_free(task->room_id);
	g_free(task->user_id);
	g_free(task->via);
	g_free(task->token);
	g_free(task);
}

bool matrix_task_put(struct sqlite *db, const char *kind, const char *room_id,
		     const char *user_id, const char *via, GError **error)
{
	char token[WIRE_TXN];
	wire_new_txn(token);
	return sqlite_do(db, MATRIX_TASK_PUT, error, V(kind), V(room_id),
			 V(user_id), V(via), V((const char *)token));
}

GPtrArray *matrix_tasks(struct sqlite *db, GError **error)
{
	g_autoptr(GPtrArray) found = g_ptr_array_new_with_free_func(
		(GDestroyNotify)matrix_task_free);
	g_auto(sqlite_rows) rows = sqlite_ask(db, MATRIX_TASK_ALL);
	while (sqlite_next(&rows)) {
		struct matrix_task *task = g_new0(struct matrix_task, 1);
		task->id = sqlite_int(&rows, 0);
		task->kind = g_strdup(sqlite_text(&rows, 1));
		task->room_id = g_strdup(sqlite_text(&rows, 2));
		task->user_id = g_strdup(sqlite_text(&rows, 3));
		task->via = g_strdup(sqlite_text(&rows, 4));
		task->token = g_strdup(sqlite_text(&rows, 5));
		task->tries = (int)sqlite_int(&rows, 6);
		g_ptr_array_add(found, task);
	}
	return sqlite_end(&rows, error) ? g_steal_pointer(&found) : NULL;
}

bool matrix_task_tried(struct sqlite *db, int64_t id, GError **error)
{
	return sqlite_do(db, MATRIX_TASK_TRIED, error, V(id));
}

bool matrix_task_drop(struct sqlite *db, int64_t id, GError **error)
{
	return sqlite_do(db, MATRIX_TASK_DROP, error, V(id));
}

bool matrix_task_drop_of(struct sqlite *db, const char *kind,
			 const char *room_id, GError **error)
{
	return sqlite_do(db, MATRIX_TASK_DROP_OF, error, V(kind), V(room_id));
}
