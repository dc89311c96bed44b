#include "bot/store/daily.h"

#include "bot/store/db.h"

static struct sqlite_value number_or_null(int64_t number)
{
	return number ? V(number) : V((const char *)NULL);
}

void daily_plan_clear(struct daily_plan *plan)
{
	g_free(plan->times);
	g_free(plan->topic);
	g_free(plan->language);
	*plan = (struct daily_plan){ 0 };
}

bool daily_read(struct sqlite *db, int64_t room, struct daily_plan *plan,
		GError **error)
{
	*plan = (struct daily_plan){ .room = room };
	g_auto(sqlite_rows) rows = sqlite_ask(db, DAILY_READ, V(room));
	if (sqlite_next(&rows)) {
		plan->times = g_strdup(sqlite_text(&rows, 0));
		plan->topic = g_strdup(sqlite_text(&rows, 1));
		plan->language = g_strdup(sqlite_text(&rows, 2));
		plan->paused = sqlite_int(&rows, 3);
		plan->alarm = sqlite_int(&rows, 4);
	}
	return sqlite_end(&rows, error);
}

bool daily_write(struct sqlite *db, const struct daily_plan *plan,
		 GError **error)
{
	return sqlite_do(db, DAILY_WRITE, error, V(plan->room), V(plan->times),
			 V(plan->topic), V(plan->language), V(plan->paused),
			 number_or_null(plan->alarm));
}

bool daily_drop(struct sqlite *db, int64_t room, GError **error)
{
	return sqlite_do(db, DAILY_DROP, error, V(room));
}

bool daily_is_done(struct sqlite *db, int64_t room, const char *local_date,
		   bool *done, GError **error)
{
	int64_t ignored;
	return sqlite_ask_int(db, DAILY_DAY_IS, &ignored, done, error, V(room),
			      V(local_date));
}

bool daily_done(struct sqlite *db, int64_t room, const char *local_date,
		int64_t question, int64_t at, GError **error)
{
	return sqlite_do(db, DAILY_DAY_PUT, error, V(room), V(local_date),
			 number_or_null(question), V(at));
}

bool daily_date_of(struct sqlite *db, int64_t room, int64_t question,
		   char **local_date, GError **error)
{
	g_auto(sqlite_rows) rows =
		sqlite_ask(db, DAILY_DAY_OF, V(room), V(question));
	*local_date =
		sqlite_next(&rows) ? g_strdup(sqlite_text(&rows, 0)) : NULL;
	return sqlite_end(&rows, error);
}

bool daily_asked(struct sqlite *db, int64_t room, char ***dates, GError **error)
{
	g_autoptr(GStrvBuilder) found = g_strv_builder_new();
	g_auto(sqlite_rows) rows = sqlite_ask(db, DAILY_DAYS_ASKED, V(room));
	while (sqlite_next(&rows))
		g_strv_builder_add(found, sqlite_text(&rows, 0));
	*dates = g_strv_builder_end(found);
	return sqlite_end(&rows, error);
}
