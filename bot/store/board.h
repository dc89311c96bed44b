/*
 * Boards: who has how many points in a room, by window of time and by topic.
 * They are sums of the ledger (ledger.h), kept so that a look-up is enough.
 */

#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <glib.h>
#include "kb/sqlite.h"

enum board_span { BOARD_DAY, BOARD_WEEK, BOARD_MONTH, BOARD_ALL, BOARD_SPANS };

/* "day", "week" (ISO 8601), "month", "all". */
const char *board_span_name(enum board_span span);

enum { BOARD_PERIOD_LEN = 16 };

/* 2025-01-31 -> 2025-01-31, 2025-W05, 2025-01, "". */
void board_period(enum board_span span, const char *local_date,
		  char period[BOARD_PERIOD_LEN]);

struct board_share {
	int64_t room, person;
	const char *topic; /* the entry's path; "": none */
	const char *local_date;
	int64_t points;
};

/* Adds to the boards of all spans, of all topics and of that one. */
bool board_add(struct sqlite *db, const struct board_share *share,
	       GError **error);

struct standing {
	int64_t person;
	char *name;
	int64_t points;
	unsigned place; /* the same for equal points: 1, 1, 3 */
};

struct board_query {
	int64_t room;
	enum board_span span;
	const char *local_date; /* a day of the span */
	/* Which paths belong to the topic asked for; NULL: all topics. */
	bool (*topic)(const char *path, void *data);
	void *data;
	unsigned most;
};

/* The best, best first; nobody with nothing: GArray of struct standing. */
GArray *board_top(struct sqlite *db, const struct board_query *query,
		  GError **error);

/* One person's points and place; place 0: not on the board. */
bool board_standing(struct sqlite *db, int64_t room, enum board_span span,
		    const char *local_date, struct standing *standing,
		    GError **error);
