/*
 * Alarms: what is to happen at a time, kept through restarts. When one is due
 * it becomes an inbox row of its own kind, so that the same worker works it
 * under the same rules as a message.
 */

#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <glib.h>
#include "kb/sqlite.h"

/* The network name of inbox rows that alarms turn into. */
#define ALARM_NETWORK "alarm"

/* kind names the handler; subject is the handler's own. */
bool alarm_put(struct sqlite *db, int64_t room, const char *kind, int64_t due,
	       const char *subject, int64_t *id, GError **error);

/* *subject NULL: there is no such alarm any more. Caller frees. */
bool alarm_read(struct sqlite *db, int64_t id, int64_t *due, char **subject,
		GError **error);

/* It is not wanted any more; one that has been fired is not there. */
bool alarm_drop(struct sqlite *db, int64_t id, GError **error);

/* When the next one is due, ms UTC; INT64_MAX: never. Those of a room whose
 * messages are held (mail_release()) wait, for at most 5 minutes. */
bool alarm_next(struct sqlite *db, int64_t now, int64_t *due, GError **error);

/*
 * In one transaction of its own, turns the earliest alarm that is due into
 * an inbox row: target is its kind, body its subject, `at` when it was due.
 */
bool alarm_fire(struct sqlite *db, int64_t now, bool *fired, GError **error);
