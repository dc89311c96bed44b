/* What of a room goes into an answer to /sync: its timeline and state. */

#pragma once

#include "tests/mock/filter.h"

/* A /sync that is being answered, or waits. */
struct sync {
	const struct home *home;
	const struct device *device;
	struct user *user;
	struct sync_filter *filter;
	bool first;	  /* no `since` */
	uint64_t since;	  /* 0 the first time */
	uint64_t checked; /* nothing up to there is the user's */
	uint64_t now;
	const char *state_key; /* how the answer calls its state */
	GString *join, *invite, *leave;
};

/* What of a room goes into the answer: events after `from`, up to `to`. */
struct slice {
	struct room *room;
	bool fresh; /* newly joined: all of its state */
	uint64_t from, to;
	GPtrArray *timeline; /* of event, oldest first */
	bool limited;
	uint64_t begin; /* the timeline begins after it */
};

/* Appends `"ROOM":{…},` */
void slice_write(GString *out, const struct sync *sync, struct slice *slice);
void slice_open_room(GString *out, const struct room *room);
void slice_close_room(GString *out);
