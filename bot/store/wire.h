/*
 * The wire: the bytes of the outbox, from made to taken by the network.
 *
 *	new -> done(event id) | failed(reason) | unknown(reason)
 *
 * Rows of a room go in the order of (outbox, part), reactions behind them,
 * each when the one before it has ended. That a try begins is not written down:
 * after a start every row that is new counts as tried, under the device that it
 * names.
 */

#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <glib.h>
#include "bot/store/mail.h"
#include "kb/sqlite.h"

enum { WIRE_TXN = 48 }; /* bytes of a transaction id with its NUL */

/* 128 random bits from the kernel, in hex. */
void wire_new_txn(char txn[WIRE_TXN]);

/* The id of a later part of the same message; part 0 has txn itself. */
void wire_part_txn(const char *txn, int part, char out[WIRE_TXN]);

/* Adds a row, to be sent under that device (NULL: the network has none). */
bool wire_put(struct sqlite *db, int64_t outbox, int part, const char *txn,
	      const char *device, GBytes *bytes, GError **error);

/* The transaction id of the outbox row's first part; *found false: it has not
 * been rendered. */
bool wire_txn_of(struct sqlite *db, int64_t outbox, char txn[WIRE_TXN],
		 bool *found, GError **error);

/* The same part in other words: under its own transaction id, by which the
 * network knows what it has taken already. */
bool wire_reput(struct sqlite *db, int64_t outbox, int part, const char *txn,
		const char *device, GBytes *bytes, GError **error);

/* All parts of it are put again, and there are so many. Its words are kept no
 * longer than until it is sent. */
bool wire_reput_all(struct sqlite *db, int64_t outbox, int parts,
		    GError **error);

/* Where a row stands in its room's order. */
struct wire_place {
	int64_t id, outbox, room;
	int part;
	bool ornament; /* a reaction of ours: whatever is said goes first */
};

/* New rows of the network with an id above `after`: GArray of wire_place. */
GArray *wire_new_since(struct sqlite *db, const char *network, int64_t after,
		       GError **error);

/* New rows that answer what that redaction, which the inbox holds, has taken
 * away in its room: the same. */
GArray *wire_of_redacted(struct sqlite *db, const char *network,
			 const char *redaction, GError **error);

/* The last id that was given out; 0: none yet. */
bool wire_last(struct sqlite *db, int64_t *id, GError **error);

struct wire {
	int64_t id, outbox, room;
	int part;
	enum chat_say kind;
	char *txn_id, *device; /* device may be NULL */
	char *reply_event;     /* what it answers, or NULL */
	GBytes *bytes;
	int64_t at, until; /* of its outbox row; until 0: for ever */
};
typedef struct wire wire;

/* wire->id 0: it is not new any more. wire_clear() in any case. */
bool wire_read(struct sqlite *db, int64_t id, struct wire *wire,
	       GError **error);
void wire_clear(struct wire *wire);

/* The network took it; its outbox row is done with its last part. */
bool wire_done(struct sqlite *db, int64_t id, int64_t outbox,
	       const char *event_id, GError **error);

/* The same by its transaction id, as an echo tells; *found: it was ours. */
bool wire_done_txn(struct sqlite *db, const char *txn, const char *event_id,
		   bool *found, GError **error);

/* It ends as "failed" or "unknown", and with it its later parts and its outbox
 * row. */
bool wire_end(struct sqlite *db, int64_t outbox, const char *state,
	      const char *reason, GError **error);

bool wire_set_device(struct sqlite *db, int64_t id, const char *device,
		     GError **error);

/* It was never taken, and goes to another place: as other bytes, under another
 * transaction id. */
bool wire_readdress(struct sqlite *db, int64_t id, const char *txn,
		    const char *device, GBytes *bytes, GError **error);

/* The number that the next part of that outbox row gets. */
bool wire_next_part(struct sqlite *db, int64_t outbox, int *part,
		    GError **error);

/* One part ends as failed; the outbox row goes on with others. */
bool wire_end_part(struct sqlite *db, int64_t id, const char *reason,
		   GError **error);

/* The reactions that we have not put on that message yet end as failed. */
bool wire_end_ornaments(struct sqlite *db, int64_t outbox, const char *reason,
			GError **error);

/* The same of all messages of the network. */
bool wire_end_all_ornaments(struct sqlite *db, const char *network,
			    const char *reason, GError **error);

/* Everything unsent of the room ends as failed. */
bool wire_end_room(struct sqlite *db, int64_t room, const char *reason,
		   GError **error);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(wire, wire_clear)
