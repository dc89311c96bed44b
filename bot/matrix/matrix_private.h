/* The inside of the network, which its parts share. */

#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <glib.h>
#include "bot/base/clock.h"
#include "bot/base/json.h"
#include "bot/chat.h"
#include "bot/matrix/client.h"
#include "bot/store/matrix.h"
#include "bot/store/wire.h"
#include "config/config.h"
#include "kb/sqlite.h"

/* What account data says. */
struct matrix_people {
	GHashTable *direct;  /* ids of rooms that are direct chats: a set */
	GHashTable *ignored; /* ids of users that we do not hear: a set */
	struct json *lists;  /* m.direct: user id -> array of room ids */
};

struct matrix {
	struct chat_host host;
	struct client *client;
	char *own_name; /* our display name; NULL: not known yet */
	struct matrix_people people;
	struct sync *sync;
	struct gaps *gaps;
	struct tasks *tasks;
	struct send *send;
	struct courtesy *courtesy;
	struct client_call *asking, *naming; /* for versions, for our name */
	struct retry retry;		     /* of asking for versions */
	guint again;			     /* its timer */
	guint opening;	/* the session, when the loop runs */
	bool live;	/* there was a session */
	bool finishing; /* nothing new is begun */
	bool finished;	/* and the bot knows that all is done */
};

/* ---- account data (people.c) ---- */

/* Reads it from the store. */
bool people_load(struct matrix *matrix, GError **error);
void people_clear(struct matrix_people *people);

/* ---- each part: made and freed with the network ---- */

struct sync *sync_new(struct matrix *matrix);
void sync_free(struct sync *sync);
/* There is a session: asks for what is new, and goes on doing so. */
void sync_start(struct sync *sync);
/* Has it told what happened before the start, or while the server was away? */
bool sync_has_caught_up(const struct sync *sync);
/* The answers may be through that the next request waits for. */
void sync_step(struct sync *sync);
/* No further request. */
void sync_stop(struct sync *sync);

struct gaps *gaps_new(struct matrix *matrix);
void gaps_free(struct gaps *gaps);
/* Works the gaps that stand in the store. */
void gaps_step(struct gaps *gaps);
/* Are the room's messages to wait while a gap of it is open? */
bool gaps_hold(const struct gaps *gaps, const char *room_id);

struct tasks *tasks_new(struct matrix *matrix);
void tasks_free(struct tasks *tasks);
/* Works the tasks that stand in the store. */
void tasks_step(struct tasks *tasks);

struct send *send_new(struct matrix *matrix, GError **error);
void send_free(struct send *send);
/* Sends what waits on the wire. False: the store cannot be read. */
bool send_step(struct send *send, GError **error);
/* What that redaction has taken away is gone: so are its answers that were not
 * tried yet. */
bool send_forget(struct send *send, const char *redaction, GError **error);
/* Goes on, and commits what the calls that have ended came to. */
void send_commit(struct send *send);
/* Writes what was taken by the server and is not in the store yet, inside the
 * caller's transaction; send_kept() tells how that ended. */
bool send_keep(struct send *send, GError **error);
void send_kept(struct send *send, bool committed);
/* Is that one of these? */
bool send_has_sent(const struct send *send, const char *txn);
/* Starts nothing new. */
void send_stop(struct send *send);
bool send_is_idle(const struct send *send);
/* No limit was met for an hour, and the usual one is not near. */
bool send_is_calm(const struct send *send);

struct courtesy *courtesy_new(struct matrix *matrix);
void courtesy_free(struct courtesy *courtesy);
/* The room was read up to that event, of that thread (NULL: none). */
void courtesy_read(struct courtesy *courtesy, const char *room_id,
		   const char *event_id, const char *thread);
/* Goes on with what waited for the answers. */
void courtesy_step(struct courtesy *courtesy);
void courtesy_type(struct courtesy *courtesy, const char *room_id, bool on);

/* A transaction of one part: false, rolled back and told to the bot, where
 * the work or its commit fails. */
bool matrix_transaction(struct matrix *matrix,
			bool (*work)(struct matrix *matrix, void *data,
				     GError **error),
			void *data);

/* Where the room of that number is now, if not at room_id; else NULL. */
bool matrix_moved_to(struct matrix *matrix, int64_t room, const char *room_id,
		     char **address, GError **error);

/* The row, which was not taken, goes to the room that has replaced its own;
 * what can only be done in the old one ends as failed. */
bool matrix_move_wire(struct matrix *matrix, const struct wire *wire,
		      const char *room_id, GError **error);

/* struct chat_network's reaches. */
bool matrix_reaches(void *self, const char *room_id, const char *event,
		    bool *reaches, GError **error);

/* Whatever was asked for by finish() may be done now. */
void matrix_check_finished(struct matrix *matrix);

/* Somebody is to be told that we cannot speak in that room, once; inside the
 * caller's transaction. user_id: who, where nobody has invited us; or NULL. */
bool matrix_tell_sealed(struct matrix *matrix, struct matrix_room *room,
			const char *user_id, GError **error);
