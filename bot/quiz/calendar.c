#include "bot/quiz/calendar.h"

#include <stdio.h>
#include <string.h>

#include "bot/base/clock.h"

static GTimeZone *zone_of(const char *zone)
{
	GTimeZone *found = zone ? g_time_zone_new_identifier(zone) : NULL;
	return found ? found : g_time_zone_new_utc();
}

/* tzfile(5): every compiled zone begins so. GLib takes what does not for a
 * mistake of the program. */
static bool is_compiled_zone(const char *zone)
{
	char magic[4] = { 0 };
	const char *folder = g_getenv("TZDIR");
	g_autofree char *path = g_build_filename(
		folder ? folder : "/usr/share/zoneinfo", zone, NULL);
	FILE *file = fopen(path, "rbe");
	if (!file)
		return false;
	bool is = fread(magic, sizeof(magic), 1, file) == 1 &&
		  memcmp(magic, "TZif", sizeof(magic)) == 0;
	fclose(file);
	return is;
}

bool calendar_knows_zone(const char *zone)
{
	/* Zones of no place, or the same ones once more. */
	static const char *const none[] = { "Factory", "localtime",
					    "posixrules", NULL };
	/* Offsets such as "+03" are no places, and have no summer time. */
	if (!g_ascii_isalpha(*zone) || strstr(zone, "..") ||
	    g_str_has_prefix(zone, "posix/") ||
	    g_str_has_prefix(zone, "right/") || g_strv_contains(none, zone) ||
	    !is_compiled_zone(zone))
		return false;
	g_autoptr(GTimeZone) found = g_time_zone_new_identifier(zone);
	return found != NULL;
}

void calendar_date(const char *zone, int64_t at, char date[CALENDAR_DATE_LEN])
{
	g_autoptr(GTimeZone) place = zone_of(zone);
	g_autoptr(GDateTime) utc =
		g_date_time_new_from_unix_utc(at / CLOCK_SECOND);
	g_autoptr(GDateTime) local = g_date_time_to_timezone(utc, place);
	g_autofree char *text = g_date_time_format(local, "%Y-%m-%d");
	g_strlcpy(date, text, CALENDAR_DATE_LEN);
}

/* Seconds since 1970 that a wall clock shows at that second UTC. */
static int64_t wall(GTimeZone *zone, int64_t second)
{
	int interval =
		g_time_zone_find_interval(zone, G_TIME_TYPE_UNIVERSAL, second);
	return second + g_time_zone_get_offset(zone, interval);
}

enum { MINUTE = 60, QUARTER = 15 * MINUTE, DAY = 24 * 60 * MINUTE };

/* The first minute at which the wall clock shows `wanted` or more. Clocks jump
 * at most once in a quarter of an hour. */
static int64_t first_minute(GTimeZone *zone, int64_t wanted)
{
	/* No zone is more than 26 hours from UTC. */
	int64_t t = wanted - 26 * 60 * MINUTE;
	for (;; t += QUARTER) {
		int64_t before = wall(zone, t), after = wall(zone, t + QUARTER);
		bool jumps = after - before != QUARTER;
		if (!jumps && after < wanted)
			continue;
		for (int64_t m = t; m <= t + QUARTER; m += MINUTE)
			if (wall(zone, m) >= wanted)
				return m;
	}
}

bool calendar_moment(const char *zone, const char *date, int minute,
		     int64_t *at)
{
	g_autoptr(GTimeZone) place = zone_of(zone);
	int year, month, day;
	if (sscanf(date, "%d-%d-%d", &year, &month, &day) != 3)
		g_error("%s is not a date", date);
	g_autoptr(GDateTime) midnight =
		g_date_time_new_utc(year, month, day, 0, 0, 0);
	int64_t start = g_date_time_to_unix(midnight);
	/* The date is there if its first minute is. */
	if (wall(place, first_minute(place, start)) >= start + DAY)
		return false;
	*at = first_minute(place, start + minute * MINUTE) * CLOCK_SECOND;
	return true;
}

int calendar_minute(const char *zone, int64_t at)
{
	g_autoptr(GTimeZone) place = zone_of(zone);
	int64_t shown = wall(place, at / CLOCK_SECOND) % DAY;
	return (int)(shown < 0 ? shown + DAY : shown) / MINUTE;
}

static void read_date(const char *text, GDate *date)
{
	int year, month, day;
	if (sscanf(text, "%d-%d-%d", &year, &month, &day) != 3)
		g_error("%s is not a date", text);
	g_date_clear(date, 1);
	g_date_set_dmy(date, (GDateDay)day, (GDateMonth)month, (GDateYear)year);
}

void calendar_add(const char *date, int days, char to[CALENDAR_DATE_LEN])
{
	GDate then;
	read_date(date, &then);
	if (days < 0)
		g_date_subtract_days(&then, (guint)-days);
	else
		g_date_add_days(&then, (guint)days);
	g_date_strftime(to, CALENDAR_DATE_LEN, "%Y-%m-%d", &then);
}

int calendar_days(const char *from, const char *to)
{
	GDate a, b;
	read_date(from, &a);
	read_date(to, &b);
	return g_date_days_between(&a, &b);
}

/* How many days between the two were there to be answered. */
static int missed_between(const char *from, const char *to, char *const *asked)
{
	int missed = 0;
	if (!asked || !*asked)
		return calendar_days(from, to) - 1;
	for (; *asked; asked++) {
		missed += strcmp(*asked, from) > 0 && strcmp(*asked, to) < 0;
		if (asked[1] || strcmp(from, *asked) >= 0)
			continue;
		/* Before the first of them every day was. */
		const char *until = strcmp(to, *asked) < 0 ? to : *asked;
		missed += calendar_days(from, until) - 1;
	}
	return missed;
}

unsigned calendar_streak(char *const *dates, const char *today,
			 char *const *asked)
{
	unsigned streak = 0;
	const char *before = today;  /* the newest day that is not missed */
	const char *forgiven = NULL; /* the day before the last gap */
	for (; *dates; before = *dates++) {
		int missed = missed_between(*dates, before, asked);
		if (missed > 1)
			break;
		if (missed == 1) {
			if (forgiven && calendar_days(*dates, forgiven) < 7)
				break;
			forgiven = *dates;
		}
		streak++;
	}
	return streak;
}
