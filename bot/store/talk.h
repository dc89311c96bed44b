/* What a talk needs to go on: choices that were offered, the rest of a long
 * answer, and what people looked for in vain. */

#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <glib.h>
#include "kb/sqlite.h"

/* Who, where and when: what every row of a talk says. */
struct talk {
	int64_t room, person, now;
};

/* The choices entry_no[0..len) stand in that outbox row, numbered from 1. */
bool talk_offer(struct sqlite *db, const struct talk *talk, int64_t outbox,
		const int64_t *entry_no, size_t len, GError **error);

/*
 * Choice n of the person's own last offer in this room, else of the room's
 * last one, both for 10 minutes. 0: there is none.
 */
bool talk_take(struct sqlite *db, const struct talk *talk, int n,
	       int64_t *entry_no, GError **error);

/* Choice n that stands in that message of ours. 0: there is none. */
bool talk_take_from(struct sqlite *db, int64_t outbox, int n, int64_t *entry_no,
		    GError **error);

struct talk_rest {
	int64_t entry_no;   /* 0: there is no rest */
	char *content_hash; /* of the entry as it was */
	int64_t block;	    /* as render_part() counts */
};
void talk_rest_clear(struct talk_rest *rest);
typedef struct talk_rest talk_rest;

/* entry_no 0 forgets the rest. */
bool talk_set_rest(struct sqlite *db, const struct talk *talk,
		   const struct talk_rest *rest, GError **error);
bool talk_get_rest(struct sqlite *db, const struct talk *talk,
		   struct talk_rest *rest, GError **error);

bool talk_gap(struct sqlite *db, const struct talk *talk, const char *query,
	      const char *folded, GError **error);

struct talk_gap_row {
	char *query; /* as it was asked last */
	int64_t times, people;
};

/* The most wanted first: GPtrArray of talk_gap_row; *all counts them all. */
GPtrArray *talk_gaps(struct sqlite *db, unsigned most, int64_t *all,
		     GError **error);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(talk_rest, talk_rest_clear)
