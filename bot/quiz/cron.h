/*
 * Times of a day and days of a year, written as cron does: five fields,
 *
 *	minute hour day-of-month month day-of-week
 *	30 9 * * 1-5        9:30 from Monday to Friday
 *
 * with *, lists 1,3, ranges 1-5 and steps * /2 (without the space). 0 and 7
 * are Sunday. Where both kinds of days are restricted, either will do. There
 * is at most one question a day: of several times, the first of the day.
 */

#pragma once

#include <stdbool.h>
#include <stdint.h>
#include "bot/quiz/calendar.h"

struct cron {
	uint64_t minutes, hours, days, months, weekdays; /* bit n: n is in */
	bool any_day, any_weekday;
};

/* False where the text is not five such fields. */
bool cron_parse(const char *text, struct cron *cron);

/*
 * The first date after that one on which it is due in the zone, and the moment
 * (ms UTC) when. False: never in the next nine years.
 */
bool cron_next(const struct cron *cron, const char *zone, const char *after,
	       char date[CALENDAR_DATE_LEN], int64_t *at);

/* True where a day has no more than one such time. */
bool cron_is_once(const struct cron *cron);

/* Minutes of the day when it is due. */
int cron_minute(const struct cron *cron);
