#include "bot/store/alarm.h"

#include <glib.h>

#include "bot/base/clock.h"
#include "bot/chat.h"
#include "bot/store/db.h"

bool alarm_put(struct sqlite *db, int64_t room, const char *kind, int64_t due,
	       const char *subject, int64_t *id, GError **error)
{
	return sqlite_ask_int(db, ALARM_PUT, id, NULL, error, V(room), V(kind),
			      V(due), V(subject));
}

struct due {
	int64_t id, room, at;
	char *kind, *subject;
};
typedef struct due due;

static void due_clear(struct due *due)
{
	g_free(due->kind);
	g_free(due->subject);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(due, due_clear)

/* How late an alarm may be for a room that is still being caught up with. */
enum { HELD_MOST = 5 * CLOCK_MINUTE };

static bool read_next(struct sqlite *db, int64_t now, struct due *due,
		      GError **error)
{
	*due = (struct due){ .at = INT64_MAX };
	g_auto(sqlite_rows) rows =
		sqlite_ask(db, ALARM_NEXT, V(now - HELD_MOST));
	if (sqlite_next(&rows)) {
		due->id = sqlite_int(&rows, 0);
		due->room = sqlite_int(&rows, 1);
		due->kind = g_strdup(sqlite_text(&rows, 2));
		due->at = sqlite_int(&rows, 3);
		due->subject = g_strdup(sqlite_text(&rows, 4));
	}
	return sqlite_end(&rows, error);
}

bool alarm_read(struct sqlite *db, int64_t id, int64_t *due, char **subject,
		GError **error)
{
	*due = 0;
	*subject = NULL;
	g_auto(sqlite_rows) rows = sqlite_ask(db, ALARM_READ, V(id));
	if (sqlite_next(&rows)) {
		*due = sqlite_int(&rows, 0);
		*subject = g_strdup(sqlite_text(&rows, 1));
	}
	return sqlite_end(&rows, error);
}

bool alarm_drop(struct sqlite *db, int64_t id, GError **error)
{
	return sqlite_do(db, ALARM_DROP, error, V(id));
}

bool alarm_next(struct sqlite *db, int64_t now, int64_t *at, GError **error)
{
	g_auto(due) due;
	bool well = read_next(db, now, &due, error);
	*at = due.at;
	return well;
}

static bool turn(struct sqlite *db, const struct due *due, int64_t now,
		 GError **error)
{
	char event[24];
	g_snprintf(event, sizeof(event), "%" G_GINT64_FORMAT, due->id);
	return sqlite_do(db, INBOX_PUT, error, V(ALARM_NETWORK),
			 V((const char *)event), V((int)CHAT_ALARM),
			 V(due->room), V((const char *)NULL), V((int)CHAT_USER),
			 V(false), V(false), V(due->subject), V(due->kind),
			 V((const char *)NULL), V(due->at), V(now), V("new")) &&
	       sqlite_do(db, ALARM_DROP, error, V(due->id));
}

bool alarm_fire(struct sqlite *db, int64_t now, bool *fired, GError **error)
{
	g_auto(due) due;
	*fired = false;
	if (!read_next(db, now, &due, error))
		return false;
	if (due.at > now)
		return true;
	if (!sqlite_begin(db, error))
		return false;
	*fired = turn(db, &due, now, error) && sqlite_commit(db, error);
	if (!*fired)
		sqlite_rollback(db);
	return *fired;
}
