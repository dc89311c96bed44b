/*
 * What an answer earns, and why:
 *
 *	points = round(100 · g · (1 − 0.25·hints) · speed · fresh · attempt)
 *
 * speed is 1, or in a race 0.8 + 0.2·(1 − t/T); attempt is 1, ½, ¼. All but
 * hints and attempt are whole thousandths, so that the reason, which the
 * ledger keeps, tells the points exactly.
 */

#pragma once

#include <stdbool.h>
#include <stdint.h>

enum points_rule {
	POINTS_COUNT,	 /* nothing speaks against it */
	POINTS_LIMIT,	 /* enough scored answers for a day */
	POINTS_AUTHOR,	 /* wrote the entry */
	POINTS_REDACTED, /* took the answer back */
	POINTS_RULES
};

struct points {
	int g, speed, fresh; /* thousandths */
	int hints;
	int attempt;  /* from 1 */
	char verdict; /* a accept, p peers, w likely wrong, x wrong */
	enum points_rule rule;
};

/* 0 where a rule speaks against it. */
int64_t points_earned(const struct points *points);

/* Thousandths: of an answer t ms after the opening, in a window of T. */
int points_speed(bool race, int64_t t, int64_t window);

enum { POINTS_REASON_LEN = 96 };

/* "g=840 hints=1 speed=1000 fresh=1000 attempt=1 verdict=a rule=0" */
void points_write(const struct points *points, char reason[POINTS_REASON_LEN]);

/* False where the text is no reason (an undo, a reset). */
bool points_read(const char *reason, struct points *points);
