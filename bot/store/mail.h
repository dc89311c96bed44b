/*
 * Inbox, outbox and wire: what came in, what the bot wants to say, and the
 * bytes that say it.
 *
 *	inbox   new -> done | failed(reason)
 *	outbox  new (its target has no event id yet) -> ready -> done | failed
 *	wire    new -> done(event id) | failed(reason) | unknown
 *
 * A network puts all that one delivery brings into the inbox in one
 * transaction; bot.c works it, a savepoint a message; networks send the wire
 * rows after the commit that holds them, as they are, as often as needed.
 */

#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <glib.h>
#include "bot/chat.h"
#include "kb/sqlite.h"

/* ---- in ---- */

/*
 * Puts a message into the inbox, inside the caller's transaction. *fresh (may
 * be NULL) is false if that event was there already. Rooms and people are
 * made as needed; a redaction empties its target in that room at once.
 */
bool mail_receive(struct sqlite *db, const char *network,
		  const struct chat_message *message, int64_t now, bool *fresh,
		  GError **error);

/* What was received as held in that room can be worked now. */
bool mail_release(struct sqlite *db, int64_t room, GError **error);

struct mail_in {
	int64_t id;
	char *network, *event;
	enum chat_kind kind;
	int64_t room, person; /* person 0: an alarm */
	char *name, *address; /* what the network calls the person */
	enum chat_role role;
	bool direct, mentioned;
	char *body, *target, *thread; /* each may be NULL */
	int64_t at, received;
	int tries;
};

/* When the last row came in, ms; 0: none is kept. */
bool mail_latest(struct sqlite *db, int64_t *at, GError **error);

/* The oldest rows to work, at most that many: GPtrArray of mail_in. */
GPtrArray *mail_ready(struct sqlite *db, unsigned most, GError **error);

bool mail_done(struct sqlite *db, int64_t inbox, GError **error);
bool mail_tried(struct sqlite *db, int64_t inbox, GError **error);
bool mail_failed(struct sqlite *db, int64_t inbox, const char *reason,
		 GError **error);

/* ---- out ---- */

struct mail_out {
	const char *network;
	int64_t room;
	enum chat_say kind;
	int64_t target_outbox; /* 0: none */
	const char *target_event, *reply_event, *thread_event;
	bool notice;
	const char *markdown, *plain;
	int64_t until; /* 0: for ever */
	int64_t cause; /* inbox row; 0: none */
	int64_t at;
};

/* ready: its wire rows follow in this transaction; else it waits. */
bool mail_say(struct sqlite *db, const struct mail_out *out, bool ready,
	      int64_t *outbox, GError **error);

/* Rows that wait for the event id of their target, or to be said in other
 * words than they were rendered in (ledger_forget()). */
struct mail_waiting {
	int64_t outbox, room;
	char *network;
	enum chat_say kind;
	char *reply_event, *thread_event, *markdown, *plain;
	bool notice;
	bool target_failed;
	char *target_event; /* NULL: not known yet */
	bool has_target;
};

/* GPtrArray of mail_waiting. */
GPtrArray *mail_to_render(struct sqlite *db, GError **error);

/* state: "ready", "failed". */
bool mail_set_outbox(struct sqlite *db, int64_t outbox, const char *state,
		     GError **error);

struct mail_wire {
	int64_t id, outbox, room;
	int part, tries;
	enum chat_say kind;
	char *txn_id;
	GBytes *bytes;
};

/* What that network has to send, oldest first: GPtrArray of mail_wire. */
GPtrArray *mail_to_send(struct sqlite *db, const char *network, unsigned most,
			GError **error);

/* The network took it, under that event id; the outbox row may be done. */
bool mail_sent(struct sqlite *db, const struct mail_wire *wire,
	       const char *event_id, GError **error);

/* Which of our messages an event is; 0: none. */
bool mail_outbox_of(struct sqlite *db, const char *network,
		    const char *event_id, int64_t *outbox, GError **error);

/* Which row of the inbox a message of that room and writer (0: of anybody) is;
 * 0: none that is kept. */
bool mail_inbox_of(struct sqlite *db, const char *network, const char *event_id,
		   int64_t room, int64_t writer, int64_t *inbox,
		   GError **error);

/* The event of what that outbox row says; NULL: not sent yet, or outbox is 0.
 * Caller frees. */
bool mail_event_of(struct sqlite *db, int64_t outbox, char **event_id,
		   GError **error);

/* The address of the room where an event of anybody stands; NULL: it is not
 * known. Caller frees. */
bool mail_room_of(struct sqlite *db, const char *network, const char *event,
		  char **address, GError **error);

/* What that outbox row says; NULL: there is none. Caller frees. */
bool mail_said(struct sqlite *db, int64_t outbox, char **markdown,
	       GError **error);

/* How many outbox rows are unsent, and since when the oldest (ms; 0). */
bool mail_unsent(struct sqlite *db, int64_t *count, int64_t *oldest,
		 GError **error);

/* Forgets bodies after 7 days, inbox and outbox rows after 30. */
bool mail_sweep(struct sqlite *db, int64_t now, GError **error);
