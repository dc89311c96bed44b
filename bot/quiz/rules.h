/* The rules of a room's quiz: what !set says there, else what bot.conf says. */

#pragma once

#include <stdbool.h>
#include <stdint.h>
#include "config/config.h"
#include "kb/sqlite.h"

/* The keys of !set, as they stand in the store. */
#define RULES_WINDOW "window"
#define RULES_RACE "race"
#define RULES_REACTIONS "reactions"
#define RULES_QUIET "quiet"

struct rules {
	int64_t window; /* ms; 0: by the type of each question */
	bool race;
	enum { REACTIONS_AUTO, REACTIONS_ON, REACTIONS_OFF } reactions;
	int quiet_from, quiet_until; /* minutes of the day; equal: never */
};

bool rules_read(struct sqlite *db, int64_t room, const struct config *config,
		struct rules *rules, GError **error);

/* When the quiet hours in which that moment lies end, ms; 0: it is in none. */
int64_t rules_quiet_until(const struct rules *rules, const char *zone,
			  int64_t now);

/*
 * The value as it is kept for a key above, read from what somebody typed; NULL
 * where it will not do. Caller frees.
 */
char *rules_parse(const char *key, const char *typed);

/* A span of time as people type it: 90s, 2m, 2 min, 7d; ms. */
bool rules_span(const char *typed, int64_t least, int64_t most, int64_t *ms);

/* What bot.conf says of that key, as one would type it; window: "auto", for
 * each type has its own. Caller frees. */
char *rules_default(const char *key, const struct config *config);
