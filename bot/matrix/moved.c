/*
 * A room that was replaced: what stands in the old one cannot be edited,
 * answered or reacted to from the new one (Client-Server API, "Relationship
 * types": relations stay within a room), and what was to be said in the old
 * one is said in the new one.
 */

#include "bot/matrix/content.h"
#include "bot/matrix/matrix_private.h"
#include "bot/store/matrix.h"
#include "bot/store/room.h"
#include "bot/store/wire.h"

bool matrix_moved_to(struct matrix *matrix, int64_t room, const char *room_id,
		     char **address, GError **error)
{
	if (!room_address(matrix->host.db, MATRIX_NETWORK, room, address,
			  error))
		return false;
	if (*address && g_str_equal(*address, room_id))
		g_clear_pointer(address, g_free);
	return true;
}

bool matrix_reaches(void *self, const char *room_id, const char *event,
		    bool *reaches, GError **error)
{
	struct matrix *matrix = self;
	g_autoptr(GBytes) bytes = NULL;
	int64_t moved = 0, received = 0;
	*reaches = true;
	if (!matrix_room_moved(matrix->host.db, room_id, &moved, error))
		return false;
	if (!moved)
		return true;
	if (!matrix_event_place(matrix->host.db, event, &bytes, &received,
				error))
		return false;
	g_autofree char *ours = bytes ? content_room(bytes) : NULL;
	/* The same millisecond is that of one answer to /sync, which told of the
	 * new room and of what is said there. */
	*reaches = ours ? g_str_equal(ours, room_id) : received >= moved;
	return true;
}

bool matrix_move_wire(struct matrix *matrix, const struct wire *wire,
		      const char *room_id, GError **error)
{
	char txn[WIRE_TXN];
	struct sqlite *db = matrix->host.db;
	wire_new_txn(txn);
	g_autoptr(GBytes) moved = content_moved(wire->bytes, room_id, txn);
	if (!moved)
		return wire_end(db, wire->outbox, "failed",
				"the room was replaced", error);
	return wire_readdress(db, wire->id, txn,
			      client_device_id(matrix->client), moved, error);
}
