/*
 * What a /sync says, cut but not yet read: a body of 50 MB becomes a tree for
 * one room at a time. Client-Server API, GET /_matrix/client/v3/sync. Pure.
 */

#pragma once

#include <stdbool.h>
#include <stddef.h>
#include "bot/base/json.h"
#include "bot/base/json_text.h"

struct delta {
	char *next_batch;		      /* owned */
	struct json_text account_data;	      /* an array of events */
	struct json_text join, invite, leave; /* objects by room id */
};
typedef struct delta delta;

/* False where the body is no answer to a /sync; body must outlive delta. */
bool delta_read(const char *body, size_t len, struct delta *delta,
		GError **error);
void delta_clear(struct delta *delta);

struct delta_room {
	char *room_id;
	struct json *tree;	  /* what the rest is borrowed from */
	const struct json *state; /* events, before the timeline or, if … */
	bool after;		  /* … so, behind it: then it is all */
	const struct json *timeline; /* events, oldest first */
	bool limited;		     /* some are missing before these */
	const char *prev_batch;	     /* where they are; may be NULL */
	int64_t members;	     /* joined and invited; -1: not told */
};
typedef struct delta_room delta_room;

/*
 * The next room of such an object. False at its end. A room that does not fit
 * into memory comes with tree NULL. delta_room_clear() after each.
 */
bool delta_next_room(struct json_cut *cut, struct delta_room *room);
void delta_room_clear(struct delta_room *room);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(delta, delta_clear)
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(delta_room, delta_room_clear)
