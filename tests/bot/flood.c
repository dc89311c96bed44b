#include "bot/base/clock.h"
#include "bot/flood.h"

#include <glib.h>

static void one_too_many_is_told_once(void)
{
	struct flood *flood = flood_new(3);
	for (int i = 0; i < 3; i++)
		g_assert_false(flood_count(flood, 1, 1000));
	g_assert_false(flood_is_muted(flood, 1, 1000));
	g_assert_true(flood_count(flood, 1, 1000));
	g_assert_true(flood_is_muted(flood, 1, 1000 + CLOCK_MINUTE - 1));
	g_assert_false(flood_is_muted(flood, 1, 1000 + CLOCK_MINUTE));
	g_assert_false(flood_is_muted(flood, 2, 1000));
	flood_free(flood);
}

static void a_minute_later_counting_begins_anew(void)
{
	struct flood *flood = flood_new(2);
	g_assert_false(flood_count(flood, 1, 0));
	g_assert_false(flood_count(flood, 1, 0));
	g_assert_false(flood_count(flood, 1, CLOCK_MINUTE));
	g_assert_false(flood_count(flood, 1, CLOCK_MINUTE));
	g_assert_true(flood_count(flood, 1, CLOCK_MINUTE));
	flood_free(flood);
}

/* A batch that the disk refuses is tried again, as often as it takes: that
 * must not make its people too many. */
static void what_is_rolled_back_is_not_counted(void)
{
	struct flood *flood = flood_new(2);
	for (int i = 0; i < 100; i++) {
		size_t mark = flood_mark(flood);
		g_assert_false(flood_count(flood, 1, 0));
		flood_undo(flood, mark);
	}
	g_assert_false(flood_count(flood, 1, 0));
	flood_keep(flood);
	g_assert_false(flood_count(flood, 1, 0));
	flood_undo(flood, 0);
	g_assert_false(flood_count(flood, 1, 0));
	g_assert_true(flood_count(flood, 1, 0));
	flood_undo(flood, 0);
	g_assert_false(flood_is_muted(flood, 1, 0));
	flood_free(flood);
}

static void zero_mutes_nobody(void)
{
	struct flood *flood = flood_new(0);
	for (int i = 0; i < 1000; i++)
		g_assert_false(flood_count(flood, 1, 0));
	flood_free(flood);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/flood/one too many is told once",
			one_too_many_is_told_once);
	g_test_add_func("/flood/a minute later counting begins anew",
			a_minute_later_counting_begins_anew);
	g_test_add_func("/flood/what is rolled back is not counted",
			what_is_rolled_back_is_not_counted);
	g_test_add_func("/flood/zero mutes nobody", zero_mutes_nobody);
	return g_test_run();
}
