/*
 * Into the store, inside the caller's transaction: what a /sync or a page of
 * /messages brings. Nothing is said or asked here.
 */

#pragma once

#include "bot/matrix/delta.h"
#include "bot/matrix/event.h"
#include "bot/matrix/matrix_private.h"

/* Where the newest event of a room stands that somebody else has sent. */
struct take_read {
	char *room_id, *event_id, *thread;
};

/* What is to be done once it is committed. */
struct taken {
	GPtrArray *reads;    /* of struct take_read */
	GPtrArray *redacted; /* ids of redactions */
	bool data;	     /* account data has changed */
};
typedef struct taken taken;

void taken_init(struct taken *taken);
void taken_clear(struct taken *taken);

/*
 * since: what was asked from, NULL: the first answer of all, which is mute;
 * date: of the answer, ms, 0: not told. The position is the caller's to write,
 * behind all this and in the same transaction.
 */
bool take_delta(struct matrix *matrix, const struct delta *delta,
		const char *since, int64_t date, struct taken *taken,
		GError **error);

/* One room's events, oldest first, which are behind those that are known. */
struct take_page {
	struct matrix_room *room;
	const struct json *events;
	const struct json *members; /* events of lazily loaded members */
	int64_t date;
	bool held;
	bool mute; /* nothing is heard but the echo of our own messages */
	/* Whatever stands before our own join is passed over; false after. */
	bool joining;
};
bool take_page(struct matrix *matrix, struct take_page *page,
	       struct taken *taken, GError **error);

/* m.direct names it, and nobody else has come in since. */
bool take_is_direct(const struct matrix *matrix,
		    const struct matrix_room *room);

/* Is it the event by which we came in? A change of our name is none. */
bool take_is_own_join(const struct json *json, const struct event *event,
		      const char *own_id);

/* Is it among these? */
bool take_has_own_join(const struct json *events, const char *own_id);

/* We are no longer in the room; membership: leave or ban. */
bool take_leave(struct matrix *matrix, const char *room_id,
		const char *membership, GError **error);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(taken, taken_clear)
