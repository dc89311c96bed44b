#include "bot/store/wire.h"

#include <sys/random.h>

#include "bot/store/db.h"

void wire_new_txn(char txn[WIRE_TXN])
{
	uint64_t random[2];
	/* 16 bytes come whole or not at all: getrandom(2). */
	if (getrandom(random, sizeof(random), 0) != sizeof(random))
		g_error("no random numbers from the kernel");
	g_snprintf(txn, WIRE_TXN,
		   "%016" G_GINT64_MODIFIER "x%016" G_GINT64_MODIFIER "x",
		   random[0], random[1]);
}

void wire_part_txn(const char *txn, int part, char out[WIRE_TXN])
{
	if (part == 0)
		g_strlcpy(out, txn, WIRE_TXN);
	else
		g_snprintf(out, WIRE_TXN, "%s-%d", txn, part);
}

bool wire_put(struct sqlite *db, int64_t outbox, int part, const char *txn,
	      const char *device, GBytes *bytes, GError **error)
{
	size_t len;
	const void *data = g_bytes_get_data(bytes, &len);
	return sqlite_do(db, WIRE_PUT, error, V(outbox), V(part), V(txn),
			 V(device),
			 sqlite_value_blob(len ? data : "", (int)len));
}

bool wire_txn_of(struct sqlite *db, int64_t outbox, char txn[WIRE_TXN],
		 bool *found, GError **error)
{
	g_auto(sqlite_rows) rows = sqlite_ask(db, WIRE_TXN_OF, V(outbox));
	*found = sqlite_next(&rows);
	if (*found)
		g_strlcpy(txn, sqlite_text(&rows, 0), WIRE_TXN);
	return sqlite_end(&rows, error);
}

bool wire_reput(struct sqlite *db, int64_t outbox, int part, const char *txn,
		const char *device, GBytes *bytes, GError **error)
{
	size_t len;
	const void *data = g_bytes_get_data(bytes, &len);
	return sqlite_do(db, WIRE_REPUT, error, V(outbox), V(part), V(txn),
			 V(device),
			 sqlite_value_blob(len ? data : "", (int)len));
}

bool wire_reput_all(struct sqlite *db, int64_t outbox, int parts,
		    GError **error)
{
	return sqlite_do(db, WIRE_END_PARTS, error, V("said in fewer parts"),
			 V(outbox), V(parts)) &&
	       sqlite_do(db, OUTBOX_SAID_ANEW, error, V(outbox)) &&
	       sqlite_do(db, OUTBOX_FINISH, error, V(outbox));
}

static GArray *places(struct sqlite_rows *rows, GError **error)
{
	g_autoptr(GArray) found =
		g_array_new(false, false, sizeof(struct wire_place));
	while (sqlite_next(rows)) {
		struct wire_place place = {
			.id = sqlite_int(rows, 0),
			.outbox = sqlite_int(rows, 1),
			.part = (int)sqlite_int(rows, 2),
			.room = sqlite_int(rows, 3),
			.ornament = sqlite_int(rows, 4) == CHAT_SAY_REACT,
		};
		g_array_append_val(found, place);
	}
	return sqlite_end(rows, error) ? g_steal_pointer(&found) : NULL;
}

GArray *wire_new_since(struct sqlite *db, const char *network, int64_t after,
		       GError **error)
{
	g_auto(sqlite_rows) rows =
		sqlite_ask(db, WIRE_NEW_SINCE, V(after), V(network));
	return places(&rows, error);
}

GArray *wire_of_redacted(struct sqlite *db, const char *network,
			 const char *redaction, GError **error)
{
	g_auto(sqlite_rows) rows =
		sqlite_ask(db, WIRE_OF_REDACTED, V(network), V(redaction));
	return places(&rows, error);
}

bool wire_last(struct sqlite *db, int64_t *id, GError **error)
{
	return sqlite_ask_int(db, WIRE_LAST, id, NULL, error);
}

bool wire_read(struct sqlite *db, int64_t id, struct wire *wire, GError **error)
{
	*wire = (struct wire){ 0 };
	g_auto(sqlite_rows) rows = sqlite_ask(db, WIRE_READ, V(id));
	if (sqlite_next(&rows)) {
		size_t len;
		wire->id = sqlite_int(&rows, 0);
		wire->outbox = sqlite_int(&rows, 1);
		wire->part = (int)sqlite_int(&rows, 2);
		wire->txn_id = g_strdup(sqlite_text(&rows, 3));
		const void *data = sqlite_blob(&rows, 4, &len);
		wire->bytes = g_bytes_new(data, len);
		wire->device = g_strdup(sqlite_text(&rows, 5));
		wire->kind = (enum chat_say)sqlite_int(&rows, 6);
		wire->room = sqlite_int(&rows, 7);
		wire->at = sqlite_int(&rows, 8);
		wire->until = sqlite_int(&rows, 9);
		wire->reply_event = g_strdup(sqlite_text(&rows, 10));
	}
	return sqlite_end(&rows, error);
}

void wire_clear(struct wire *wire)
{
	g_free(wire->txn_id);
	g_free(wire->device);
	g_free(wire->reply_event);
	g_clear_pointer(&wire->bytes, g_bytes_unref);
	*wire = (struct wire){ 0 };
}

bool wire_done(struct sqlite *db, int64_t id, int64_t outbox,
	       const char *event_id, GError **error)
{
	return sqlite_do(db, WIRE_DONE, error, V(event_id), V(id)) &&
	       sqlite_do(db, OUTBOX_FINISH, error, V(outbox));
}

bool wire_done_txn(struct sqlite *db, const char *txn, const char *event_id,
		   bool *found, GError **error)
{
	int64_t id = 0, outbox = 0;
	bool is_done = false;
	g_auto(sqlite_rows) rows = sqlite_ask(db, WIRE_BY_TXN, V(txn));
	*found = sqlite_next(&rows);
	if (*found) {
		id = sqlite_int(&rows, 0);
		outbox = sqlite_int(&rows, 1);
		is_done = g_str_equal(sqlite_text(&rows, 2), "done");
	}
	if (!sqlite_end(&rows, error))
		return false;
	return !*found || is_done || wire_done(db, id, outbox, event_id, error);
}

bool wire_end(struct sqlite *db, int64_t outbox, const char *state,
	      const char *reason, GError **error)
{
	return sqlite_do(db, WIRE_END_REST, error, V(state), V(reason),
			 V(outbox)) &&
	       sqlite_do(db, OUTBOX_STATE, error, V("failed"), V(outbox));
}

bool wire_set_device(struct sqlite *db, int64_t id, const char *device,
		     GError **error)
{
	return sqlite_do(db, WIRE_DEVICE, error, V(device), V(id));
}

bool wire_readdress(struct sqlite *db, int64_t id, const char *txn,
		    const char *device, GBytes *bytes, GError **error)
{
	size_t len;
	const void *data = g_bytes_get_data(bytes, &len);
	return sqlite_do(db, WIRE_READDRESS, error, V(txn), V(device),
			 sqlite_value_blob(len ? data : "", (int)len), V(id));
}

bool wire_next_part(struct sqlite *db, int64_t outbox, int *part,
		    GError **error)
{
	int64_t last = -1;
	if (!sqlite_ask_int(db, WIRE_PARTS, &last, NULL, error, V(outbox)))
		return false;
	*part = (int)last + 1;
	return true;
}

bool wire_end_part(struct sqlite *db, int64_t id, const char *reason,
		   GError **error)
{
	return sqlite_do(db, WIRE_END, error, V("failed"), V(reason), V(id));
}

bool wire_end_room(struct sqlite *db, int64_t room, const char *reason,
		   GError **error)
{
	return sqlite_do(db, WIRE_END_ROOM, error, V(reason), V(room)) &&
	       sqlite_do(db, OUTBOX_END_ROOM, error, V(room));
}

bool wire_end_ornaments(struct sqlite *db, int64_t outbox, const char *reason,
			GError **error)
{
	return sqlite_do(db, WIRE_END_ORNAMENTS, error, V(reason), V(outbox),
			 V(CHAT_SAY_REACT)) &&
	       sqlite_do(db, OUTBOX_END_ORNAMENTS, error, V(outbox),
			 V(CHAT_SAY_REACT));
}

bool wire_end_all_ornaments(struct sqlite *db, const char *network,
			    const char *reason, GError **error)
{
	return sqlite_do(db, WIRE_END_ALL_ORNAMENTS, error, V(reason),
			 V(network), V(CHAT_SAY_REACT)) &&
	       sqlite_do(db, OUTBOX_END_ALL_ORNAMENTS, error, V(network),
			 V(CHAT_SAY_REACT));
}
