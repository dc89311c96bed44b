/*
 * How fast the account sends, next to what servers usually allow, so that
 * there is room for ornaments only where they hold up nothing. Pure: times are
 * monotonic, in µs.
 */

#pragma once

#include <stdbool.h>
#include <stdint.h>

struct pace {
	int64_t limited; /* when the server last asked us to be slower; 0 */
	double level;	 /* of what was sent, as it was when it last rose */
	int64_t rose;	 /* 0: never */
	bool roomy;	 /* more than the usual was let through */
};

/* The server has taken an event, or has refused one for being too many. */
void pace_sent(struct pace *pace, int64_t now);
void pace_limited(struct pace *pace, int64_t now);

/* No limit was met for an hour, and the usual one is not near. */
bool pace_is_calm(const struct pace *pace, int64_t now);
