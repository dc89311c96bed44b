#include "bot/matrix/pace.h"

#include <glib.h>

static const int64_t second = G_USEC_PER_SEC;

static void send_many(struct pace *pace, int count, int64_t now)
{
	for (int i = 0; i < count; i++)
		pace_sent(pace, now);
}

static void what_was_sent_leaks_away(void)
{
	struct pace pace = { 0 };
	int64_t now = 1000 * second;
	g_assert_true(pace_is_calm(&pace, now));
	send_many(&pace, 3, now);
	g_assert_true(pace_is_calm(&pace, now));
	/* A question and four reactions. */
	send_many(&pace, 5, now);
	g_assert_false(pace_is_calm(&pace, now));
	g_assert_false(pace_is_calm(&pace, now + 24 * second));
	g_assert_true(pace_is_calm(&pace, now + 25 * second));
}

static void a_limit_counts_for_an_hour(void)
{
	struct pace pace = { 0 };
	int64_t now = 1000 * second;
	pace_limited(&pace, now);
	g_assert_false(pace_is_calm(&pace, now + 3600 * second));
	g_assert_true(pace_is_calm(&pace, now + 3601 * second));
}

static void who_lets_us_may_be_asked_for_more(void)
{
	struct pace pace = { 0 };
	int64_t now = 1000 * second;
	send_many(&pace, 14, now);
	g_assert_false(pace_is_calm(&pace, now));
	send_many(&pace, 1, now);
	g_assert_true(pace_is_calm(&pace, now));
	send_many(&pace, 100, now);
	g_assert_true(pace_is_calm(&pace, now));
	/* Until it says no, once. */
	pace_limited(&pace, now);
	g_assert_false(pace_is_calm(&pace, now));
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/pace/what was sent leaks away",
			what_was_sent_leaks_away);
	g_test_add_func("/pace/a limit counts for an hour",
			a_limit_counts_for_an_hour);
	g_test_add_func("/pace/who lets us may be asked for more",
			who_lets_us_may_be_asked_for_more);
	return g_test_run();
}
