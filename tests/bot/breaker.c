#include "bot/breaker.h"

#include <glib.h>

#include "bot/base/clock.h"

enum { ROOM = 1, PERSON = 2 };

/* `count` messages, one every `step` ms; which of them trips, from 1; 0: none.
 */
static int trips(struct breaker *breaker, int count, int64_t step)
{
	static int64_t id = 0;
	for (int i = 0; i < count; i++)
		if (breaker_count(breaker, ROOM, PERSON, ++id, 1000 + i * step))
			return i + 1;
	return 0;
}

static void more_than_ten_in_a_minute(void)
{
	struct breaker *breaker = breaker_new();
	g_assert_cmpint(trips(breaker, 50, 100), ==, 11);
	int64_t at = 1000 + 10 * 100;
	g_assert_true(breaker_is_open(breaker, ROOM, PERSON, at));
	/* In that room alone, that person alone, for ten minutes. */
	g_assert_false(breaker_is_open(breaker, 7, PERSON, at));
	g_assert_false(breaker_is_open(breaker, ROOM, 7, at));
	g_assert_true(breaker_is_open(breaker, ROOM, PERSON,
				      at + 10 * CLOCK_MINUTE - 1));
	g_assert_false(
		breaker_is_open(breaker, ROOM, PERSON, at + 10 * CLOCK_MINUTE));
	breaker_free(breaker);
}

static void people_who_take_their_time(void)
{
	struct breaker *breaker = breaker_new();
	g_assert_cmpint(trips(breaker, 50, 6001), ==, 0);
	breaker_free(breaker);
}

static void a_second_try_counts_once(void)
{
	struct breaker *breaker = breaker_new();
	for (int i = 0; i < 50; i++)
		g_assert_false(
			breaker_count(breaker, ROOM, PERSON, 1000000, 1000));
	breaker_free(breaker);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/breaker/more than ten in a minute",
			more_than_ten_in_a_minute);
	g_test_add_func("/breaker/people who take their time",
			people_who_take_their_time);
	g_test_add_func("/breaker/a second try counts once",
			a_second_try_counts_once);
	return g_test_run();
}
