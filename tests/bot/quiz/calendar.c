#include "bot/quiz/calendar.h"

#include "bot/quiz/cron.h"

static void assert_moment(const char *zone, const char *date, int minute,
			  const char *wanted)
{
	int64_t at;
	g_assert_true(calendar_moment(zone, date, minute, &at));
	g_autoptr(GDateTime) utc = g_date_time_new_from_unix_utc(at / 1000);
	g_autofree char *text = g_date_time_format(utc, "%Y-%m-%dT%H:%M");
	g_assert_cmpstr(text, ==, wanted);
}

static void clocks_that_jump(void)
{
	assert_moment("Europe/Moscow", "2025-01-01", 9 * 60 + 30,
		      "2025-01-01T06:30");
	/* 02:30 is left out on 2025-03-30; 03:00 is the first minute after. */
	assert_moment("Europe/Berlin", "2025-03-30", 2 * 60 + 30,
		      "2025-03-30T01:00");
	assert_moment("Europe/Berlin", "2025-03-30", 3 * 60,
		      "2025-03-30T01:00");
	assert_moment("Europe/Berlin", "2025-03-30", 3 * 60 + 1,
		      "2025-03-30T01:01");
	/* 02:30 comes twice on 2025-10-26. */
	assert_moment("Europe/Berlin", "2025-10-26", 2 * 60 + 30,
		      "2025-10-26T00:30");
	assert_moment("Europe/Berlin", "2025-10-26", 3 * 60,
		      "2025-10-26T02:00");
	assert_moment("America/New_York", "2025-11-02", 60 + 30,
		      "2025-11-02T05:30");
	assert_moment("Asia/Kathmandu", "2025-01-01", 0, "2024-12-31T18:15");
	assert_moment("Australia/Lord_Howe", "2025-10-05", 2 * 60 + 10,
		      "2025-10-04T15:30");
	assert_moment(NULL, "2025-01-01", 61, "2025-01-01T01:01");
}

static void a_day_that_never_was(void)
{
	int64_t at;
	assert_moment("Pacific/Apia", "2011-12-29", 12 * 60,
		      "2011-12-29T22:00");
	g_assert_false(calendar_moment("Pacific/Apia", "2011-12-30", 720, &at));
	assert_moment("Pacific/Apia", "2011-12-31", 12 * 60,
		      "2011-12-30T22:00");
	assert_moment("Pacific/Apia", "2011-12-31", 0, "2011-12-30T10:00");
}

static void dates(void)
{
	char date[CALENDAR_DATE_LEN];
	calendar_date("Pacific/Apia", 1735689600000, date);
	g_assert_cmpstr(date, ==, "2025-01-01");
	calendar_date("America/New_York", 1735689600000, date);
	g_assert_cmpstr(date, ==, "2024-12-31");
	calendar_date("No/Where", 1735689600000, date);
	g_assert_cmpstr(date, ==, "2025-01-01");
	calendar_add("2024-02-28", 1, date);
	g_assert_cmpstr(date, ==, "2024-02-29");
	calendar_add("2025-01-01", -1, date);
	g_assert_cmpstr(date, ==, "2024-12-31");
	g_assert_cmpint(calendar_days("2024-12-31", "2025-03-01"), ==, 60);
	g_assert_cmpint(calendar_minute("Asia/Kathmandu", 0), ==, 5 * 60 + 30);
	g_assert_cmpint(calendar_minute("Asia/Kathmandu", 1735689600000), ==,
			5 * 60 + 45);
	g_assert_true(calendar_knows_zone("Europe/Moscow"));
	g_assert_false(calendar_knows_zone("Europe/Moskow"));
	g_assert_true(calendar_knows_zone("UTC"));
	g_assert_true(calendar_knows_zone("EST5EDT"));
	g_assert_true(calendar_knows_zone("America/Argentina/Buenos_Aires"));
	/* What lies beside the zones, or is a zone of no place. */
	static const char *const none[] = { "Factory",
					    "posixrules",
					    "localtime",
					    "tzdata.zi",
					    "zone.tab",
					    "iso3166.tab",
					    "leapseconds",
					    "MSK-3",
					    "Asia",
					    "posix/Europe/Moscow",
					    "right/Europe/Moscow" };
	for (size_t i = 0; i < G_N_ELEMENTS(none); i++)
		g_assert_false(calendar_knows_zone(none[i]));
	g_assert_false(calendar_knows_zone("+03"));
	g_assert_false(calendar_knows_zone("../../etc/passwd"));
	g_assert_false(calendar_knows_zone(""));
}

static unsigned streak(const char *dates, const char *today)
{
	g_auto(GStrv) list = g_strsplit(dates, " ", -1);
	return calendar_streak(list, today, NULL);
}

/* The same where only these days had a question. */
static unsigned streak_of(const char *dates, const char *today,
			  const char *asked)
{
	g_auto(GStrv) list = g_strsplit(dates, " ", -1);
	g_auto(GStrv) days = g_strsplit(asked, " ", -1);
	return calendar_streak(list, today, days);
}

static void streaks(void)
{
	g_assert_cmpuint(streak("", "2025-01-20"), ==, 0);
	g_assert_cmpuint(streak("2025-01-20", "2025-01-20"), ==, 1);
	g_assert_cmpuint(
		streak("2025-01-20 2025-01-19 2025-01-18", "2025-01-20"), ==,
		3);
	/* Today is not over. */
	g_assert_cmpuint(streak("2025-01-19 2025-01-18", "2025-01-20"), ==, 2);
	/* One missed day is forgiven, two are not. */
	g_assert_cmpuint(streak("2025-01-18 2025-01-17", "2025-01-20"), ==, 2);
	g_assert_cmpuint(streak("2025-01-17", "2025-01-20"), ==, 0);
	/* But only one a week. */
	g_assert_cmpuint(
		streak("2025-01-20 2025-01-18 2025-01-16", "2025-01-20"), ==,
		2);
	g_assert_cmpuint(streak("2025-01-20 2025-01-18 2025-01-17 2025-01-16 "
				"2025-01-15 2025-01-14 2025-01-13 2025-01-11",
				"2025-01-20"),
			 ==, 8);
	/* Two weekends in the way, and two pauses. */
	static const char *const weekdays =
		"2025-01-20 2025-01-17 2025-01-16 2025-01-15 2025-01-14 "
		"2025-01-13 2025-01-10 2025-01-09";
	g_assert_cmpuint(streak_of(weekdays, "2025-01-21", weekdays), ==, 8);
	g_assert_cmpuint(streak_of("2025-01-17 2025-01-16 2025-01-14 "
				   "2025-01-13 2025-01-10",
				   "2025-01-20", weekdays),
			 ==, 5);
	g_assert_cmpuint(
		streak_of("2025-01-17 2025-01-14", "2025-01-18", weekdays), ==,
		1);
	g_assert_cmpuint(
		streak_of("2025-06-02 2025-01-20", "2025-06-02", weekdays), ==,
		2);
	/* Before the first question of the day every day counted. */
	g_assert_cmpuint(
		streak_of("2025-01-09 2025-01-08 2025-01-06 2025-01-03",
			  "2025-01-09", weekdays),
		==, 3);
	g_assert_cmpuint(
		streak_of("2025-01-10 2025-01-05", "2025-01-10", weekdays), ==,
		1);
	g_assert_cmpuint(streak_of("2025-01-05 2025-01-03", "2025-01-06", ""),
			 ==, 2);
}

static void assert_next(const char *cron, const char *after, const char *wanted)
{
	struct cron parsed;
	char date[CALENDAR_DATE_LEN];
	int64_t at;
	g_assert_true(cron_parse(cron, &parsed));
	g_assert_cmpint(cron_next(&parsed, "UTC", after, date, &at), ==,
			wanted != NULL);
	if (wanted)
		g_assert_cmpstr(date, ==, wanted);
}

static void crons(void)
{
	assert_next("30 9 * * *", "2025-01-01", "2025-01-02");
	assert_next("30 9 * * 1-5", "2025-01-03", "2025-01-06");
	assert_next("30 9 * * 0", "2025-01-03", "2025-01-05");
	assert_next("30 9 * * 7", "2025-01-03", "2025-01-05");
	assert_next("0 0 1,15 * *", "2025-01-03", "2025-01-15");
	assert_next("0 0 15 * 1", "2025-01-03", "2025-01-06");
	assert_next("0 0 */10 * *", "2025-01-01", "2025-01-11");
	assert_next("0 0 29 2 *", "2025-01-01", "2028-02-29");
	assert_next("0 0 31 2 *", "2025-01-01", NULL);
	assert_next("  0\t0  1-31/30 6 *  ", "2025-01-01", "2025-06-01");
	struct cron cron;
	g_assert_true(cron_parse("15,45 8-10 * * *", &cron));
	g_assert_cmpint(cron_minute(&cron), ==, 8 * 60 + 15);
	g_assert_false(cron_is_once(&cron));
	g_assert_true(cron_parse("0,30 9 * * *", &cron));
	g_assert_false(cron_is_once(&cron));
	g_assert_true(cron_parse("0 9-18 * * *", &cron));
	g_assert_false(cron_is_once(&cron));
	g_assert_true(cron_parse("0 0 1,15 * 1-5", &cron));
	g_assert_true(cron_is_once(&cron));
	static const char *const bad[] = {
		"",
		"* * * *",
		"* * * * * *",
		"60 0 * * *",
		"0 24 * * *",
		"0 0 0 * *",
		"0 0 32 * *",
		"0 0 * 13 *",
		"0 0 * * 8",
		"5-1 0 * * *",
		"0/0 0 * * *",
		"a 0 * * *",
		"0, 0 * * *",
		"-1 0 * * *",
		"0 0 * * 1-",
		"0 0 * * mon",
		"99999999999999999999 0 * * *",
	};
	for (size_t i = 0; i < G_N_ELEMENTS(bad); i++)
		g_assert_false(cron_parse(bad[i], &cron));
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/calendar/clocks that jump", clocks_that_jump);
	g_test_add_func("/calendar/a day that never was", a_day_that_never_was);
	g_test_add_func("/calendar/dates", dates);
	g_test_add_func("/calendar/streaks", streaks);
	g_test_add_func("/calendar/crons", crons);
	return g_test_run();
}
