#include "bot/quiz/cron.h"

#include <stdio.h>
#include <stdlib.h>

enum { YEARS_MOST = 9 };

/* "5", "1-5", "*"; with the steps behind. Moves *text behind it. */
static bool read_range(const char **text, unsigned least, unsigned most,
		       uint64_t *bits)
{
	char *end;
	unsigned long from = least, until = most, step = 1;
	const char *p = *text;
	if (*p == '*') {
		p++;
	} else if (g_ascii_isdigit(*p)) {
		from = until = strtoul(p, &end, 10);
		p = end;
		if (*p == '-' && g_ascii_isdigit(p[1])) {
			until = strtoul(p + 1, &end, 10);
			p = end;
		}
	} else {
		return false;
	}
	if (*p == '/' && g_ascii_isdigit(p[1])) {
		step = strtoul(p + 1, &end, 10);
		p = end;
	}
	if (from < least || until > most || from > until || step == 0)
		return false;
	/* A step over the whole range leaves the first. */
	for (unsigned long i = from; i <= until; i += MIN(step, most + 1))
		*bits |= (uint64_t)1 << i;
	*text = p;
	return true;
}

static bool read_field(const char *text, unsigned least, unsigned most,
		       uint64_t *bits, bool *any)
{
	*bits = 0;
	if (any)
		*any = *text == '*';
	while (read_range(&text, least, most, bits)) {
		if (!*text)
			return true;
		if (*text++ != ',')
			return false;
	}
	return false;
}

bool cron_parse(const char *text, struct cron *cron)
{
	*cron = (struct cron){ 0 };
	g_autofree char *copy = g_strstrip(g_strdup(text));
	g_auto(GStrv) fields = g_strsplit_set(copy, " \t", -1);
	char *field[5];
	size_t len = 0;
	for (char **f = fields; *f; f++) {
		if (!**f)
			continue;
		if (len == G_N_ELEMENTS(field))
			return false;
		field[len++] = *f;
	}
	if (len != G_N_ELEMENTS(field) ||
	    !read_field(field[0], 0, 59, &cron->minutes, NULL) ||
	    !read_field(field[1], 0, 23, &cron->hours, NULL) ||
	    !read_field(field[2], 1, 31, &cron->days, &cron->any_day) ||
	    !read_field(field[3], 1, 12, &cron->months, NULL) ||
	    !read_field(field[4], 0, 7, &cron->weekdays, &cron->any_weekday))
		return false;
	if (cron->weekdays & (1 << 7)) /* both are Sunday */
		cron->weekdays |= 1;
	return true;
}

bool cron_is_once(const struct cron *cron)
{
	return !(cron->minutes & (cron->minutes - 1)) &&
	       !(cron->hours & (cron->hours - 1));
}

static int first_bit(uint64_t bits)
{
	int bit = 0;
	while (!(bits >> bit & 1))
		bit++;
	return bit;
}

int cron_minute(const struct cron *cron)
{
	return first_bit(cron->hours) * 60 + first_bit(cron->minutes);
}

static bool is_on(const struct cron *cron, const char *text)
{
	int year, month, day;
	if (sscanf(text, "%d-%d-%d", &year, &month, &day) != 3)
		g_error("%s is not a date", text);
	GDate date;
	g_date_clear(&date, 1);
	g_date_set_dmy(&date, (GDateDay)day, (GDateMonth)month,
		       (GDateYear)year);
	bool by_day = cron->days >> day & 1;
	bool by_weekday = cron->weekdays >> (g_date_get_weekday(&date) % 7) & 1;
	bool either = !cron->any_day && !cron->any_weekday;
	return (cron->months >> month & 1) &&
	       (either ? by_day || by_weekday : by_day && by_weekday);
}

bool cron_next(const struct cron *cron, const char *zone, const char *after,
	       char date[CALENDAR_DATE_LEN], int64_t *at)
{
	g_strlcpy(date, after, CALENDAR_DATE_LEN);
	for (int i = 0; i < YEARS_MOST * 366; i++) {
		char next[CALENDAR_DATE_LEN];
		calendar_add(date, 1, next);
		g_strlcpy(date, next, CALENDAR_DATE_LEN);
		if (is_on(cron, date) &&
		    calendar_moment(zone, date, cron_minute(cron), at))
			return true;
	}
	return false;
}
