/*
 * Days as people live them: local dates, and when on a date a wall clock shows
 * a time. Zones are IANA names; NULL is UTC.
 */

#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <glib.h>

enum { CALENDAR_DATE_LEN = 11 }; /* "2025-01-31" and its NUL */

/* True if the system knows a place of that name; other files lie beside its
 * zones. */
bool calendar_knows_zone(const char *zone);

/* The date at that moment (ms UTC); a zone that is not known is UTC. */
void calendar_date(const char *zone, int64_t at, char date[CALENDAR_DATE_LEN]);

/*
 * The moment (ms UTC) at which wall clocks show that minute of that date. Of a
 * time that comes twice when clocks are set back, the first; of one that is
 * left out when they are set forward, the first minute after. False where the
 * place had no such date (Apia, 2011-12-30).
 */
bool calendar_moment(const char *zone, const char *date, int minute,
		     int64_t *at);

/* The minute of the day at that moment. */
int calendar_minute(const char *zone, int64_t at);

/* The date so many days later (or earlier). */
void calendar_add(const char *date, int days, char to[CALENDAR_DATE_LEN]);

/* How many days from one date to the other. */
int calendar_days(const char *from, const char *to);

/*
 * How many days somebody has kept at it: dates are those with an answer, the
 * newest first, none after today. Today counts if it is there and is not yet
 * missed if not; one missed day in any seven is forgiven, and counts not.
 *
 * asked are the days with a question of the day, newest first: from the first
 * of them on only these can be missed. NULL or empty: any day can be.
 */
unsigned calendar_streak(char *const *dates, const char *today,
			 char *const *asked);
