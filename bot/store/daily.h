/* When rooms get their question of the day, and on which days they got one. */

#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <glib.h>
#include "kb/sqlite.h"

struct daily_plan {
	int64_t room;
	char *times; /* five fields as of cron; NULL: there is no plan */
	char *topic; /* as typed; "": any */
	char *language;
	int64_t paused; /* until then, ms */
	int64_t alarm;	/* of the next one; 0: none */
};
typedef struct daily_plan daily_plan;
void daily_plan_clear(struct daily_plan *plan);

bool daily_read(struct sqlite *db, int64_t room, struct daily_plan *plan,
		GError **error);
bool daily_write(struct sqlite *db, const struct daily_plan *plan,
		 GError **error);
bool daily_drop(struct sqlite *db, int64_t room, GError **error);

/* Whether the room has had its question on that date, or it was left out. */
bool daily_is_done(struct sqlite *db, int64_t room, const char *local_date,
		   bool *done, GError **error);
/* question 0: it was left out. A date that is done already is an error. */
bool daily_done(struct sqlite *db, int64_t room, const char *local_date,
		int64_t question, int64_t at, GError **error);

/* The date whose question that is; NULL: it is none of the day. Caller frees.
 */
bool daily_date_of(struct sqlite *db, int64_t room, int64_t question,
		   char **local_date, GError **error);

/* The dates whose question has been asked and is over, newest first:
 * g_strfreev(). */
bool daily_asked(struct sqlite *db, int64_t room, char ***dates,
		 GError **error);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(daily_plan, daily_plan_clear)
