/*
 * Time as an argument: the real clock, or one that only moves when told, so
 * that a whole evening of talk is tested in a moment.
 */

#pragma once

#include <stdbool.h>
#include <stdint.h>

struct clock {
	bool is_virtual;
	int64_t now; /* of a virtual clock; milliseconds since 1970, UTC */
};

enum { CLOCK_SECOND = 1000, CLOCK_MINUTE = 60 * CLOCK_SECOND };

/* Milliseconds since 1970, UTC. */
int64_t clock_now(const struct clock *clock);

/* Moves a virtual clock forwards; it never goes back. */
void clock_move(struct clock *clock, int64_t to);
