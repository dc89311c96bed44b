/*
 * The question of the day: one a room and local date, at the room's own time.
 *
 * An alarm "daily" stands for the next one. Late after an outage it is put
 * all the same, unless it is too late, or the next one is due as well: then it
 * is left out, with a line in the log. Quiet hours put it off to their end.
 */

#pragma once

#include <stdbool.h>
#include <stdint.h>
#include "bot/command.h"
#include "bot/store/daily.h"

#define DAILY_ALARM "daily"

/* Writes the plan and stands an alarm for its next date; one that quiet hours
 * have put off is kept. *next is when, ms; 0: never. */
bool daily_start(struct command_call *call, struct daily_plan *plan,
		 int64_t *next, GError **error);

/* When the next one is due, ms; 0: never. */
bool daily_next(struct command_call *call, const struct daily_plan *plan,
		int64_t *next, GError **error);

/* Forgets the plan; *was tells whether there was one. */
bool daily_off(struct command_call *call, bool *was, GError **error);

/* The room's zone has changed: the alarm stands anew. */
bool daily_replan(struct command_call *call, GError **error);

/* Puts today's question now; *put false: there was one today, or (*none) there
 * is nothing to ask. */
bool daily_now(struct command_call *call, bool *put, bool *none,
	       GError **error);

bool daily_ring(struct command_call *call, const char *subject, GError **error);
