/*
 * Breaks loops between bots: who, without a command's prefix, answers the bot
 * or calls it by name more than 10 times in a minute in one room is not heard
 * there for 10 minutes. Kept in memory: a restart forgives.
 */

#pragma once

#include <stdbool.h>
#include <stdint.h>

struct breaker;

struct breaker *breaker_new(void);
void breaker_free(struct breaker *breaker);

/* True while that person is not heard in that room. now: ms. */
bool breaker_is_open(struct breaker *breaker, int64_t room, int64_t person,
		     int64_t now);

/* Counts such a message, once however often it is tried; true if it was one
 * too many. id: of its inbox row, which grows. */
bool breaker_count(struct breaker *breaker, int64_t room, int64_t person,
		   int64_t id, int64_t now);
