/* What people set: !set KEY VALUE, a plan of daily questions, and what stands
 * in the store for a reason. */

#include <stdint.h>
#include <string.h>

#include "bot/quiz/cron.h"
#include "bot/quiz/points.h"
#include "bot/quiz/rules.h"
#include "config/hours.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void set(const char *value)
{
	static const char *const keys[] = { RULES_WINDOW, RULES_RACE,
					    RULES_REACTIONS, RULES_QUIET,
					    "other" };
	for (size_t i = 0; i < G_N_ELEMENTS(keys); i++) {
		g_autofree char *kept = rules_parse(keys[i], value);
		/* What is kept may be typed again and means the same. */
		bool number = kept && g_ascii_isdigit(*kept) && i == 0;
		g_autofree char *typed = number ? g_strdup_printf("%s ms", kept)
						: g_strdup(kept ? kept : "");
		g_autofree char *again =
			kept ? rules_parse(keys[i], typed) : NULL;
		g_assert_cmpstr(kept, ==, again);
	}
}

static void plan(const char *text)
{
	struct cron cron;
	char date[CALENDAR_DATE_LEN];
	int64_t at;
	if (!cron_parse(text, &cron))
		return;
	g_assert_cmpint(cron_minute(&cron), <, 24 * 60);
	if (!cron_next(&cron, NULL, "2025-01-01", date, &at))
		return;
	g_assert_cmpstr(date, >, "2025-01-01");
	char shown[CALENDAR_DATE_LEN];
	calendar_date(NULL, at, shown);
	g_assert_cmpstr(shown, ==, date);
	g_assert_cmpint(calendar_minute(NULL, at), ==, cron_minute(&cron));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	g_autofree char *text =
		g_utf8_make_valid((const char *)data, (gssize)size);
	int from, until;
	int64_t ms = 0;
	struct points points;
	set(text);
	plan(text);
	if (hours_parse(text, &from, &until)) {
		g_assert_cmpint(from, <, 24 * 60);
		g_assert_cmpint(until, <, 24 * 60);
	}
	if (rules_span(text, 1000, 86400000, &ms)) {
		g_assert_cmpint(ms, >=, 1000);
		g_assert_cmpint(ms, <=, 86400000);
	}
	if (points_read(text, &points)) {
		g_assert_cmpint(points_earned(&points), >=, 0);
		g_assert_cmpint(points_earned(&points), <=, 100);
	}
	if (strlen(text) < 64)
		calendar_knows_zone(text);
	return 0;
}
