#include "bot/quiz/points.h"

#include <glib.h>

static const struct points plain = {
	.g = 1000,
	.speed = 1000,
	.fresh = 1000,
	.attempt = 1,
	.verdict = 'a',
};

static void each_factor_counts(void)
{
	struct points p = plain;
	g_assert_cmpint(points_earned(&p), ==, 100);
	p.g = 837;
	g_assert_cmpint(points_earned(&p), ==, 84);
	p = plain;
	p.hints = 1;
	g_assert_cmpint(points_earned(&p), ==, 75);
	p.hints = 3;
	g_assert_cmpint(points_earned(&p), ==, 25);
	p.hints = 9;
	g_assert_cmpint(points_earned(&p), ==, 0);
	p = plain;
	p.attempt = 2;
	g_assert_cmpint(points_earned(&p), ==, 50);
	p.attempt = 3;
	g_assert_cmpint(points_earned(&p), ==, 25);
	p = plain;
	p.fresh = 100;
	g_assert_cmpint(points_earned(&p), ==, 10);
	p = plain;
	p.g = 500;
	p.hints = 1;
	p.attempt = 2;
	g_assert_cmpint(points_earned(&p), ==, 19); /* 18.75 */
}

static void rules_pay_nothing(void)
{
	for (int rule = POINTS_COUNT + 1; rule < POINTS_RULES; rule++) {
		struct points p = plain;
		p.rule = (enum points_rule)rule;
		g_assert_cmpint(points_earned(&p), ==, 0);
	}
}

static void speed_counts_in_a_race_only(void)
{
	g_assert_cmpint(points_speed(false, 0, 30000), ==, 1000);
	g_assert_cmpint(points_speed(false, 30000, 30000), ==, 1000);
	g_assert_cmpint(points_speed(true, 0, 30000), ==, 1000);
	g_assert_cmpint(points_speed(true, 15000, 30000), ==, 900);
	g_assert_cmpint(points_speed(true, 30000, 30000), ==, 800);
	g_assert_cmpint(points_speed(true, 99999, 30000), ==, 800);
	g_assert_cmpint(points_speed(true, -5, 30000), ==, 1000);
}

static void a_reason_tells_the_points(void)
{
	char reason[POINTS_REASON_LEN];
	g_autoptr(GRand) rand = g_rand_new_with_seed(1);
	for (int i = 0; i < 1000; i++) {
		const struct points p = {
			.g = g_rand_int_range(rand, 0, 1001),
			.speed = g_rand_int_range(rand, 800, 1001),
			.fresh = g_rand_int_range(rand, 100, 1001),
			.hints = g_rand_int_range(rand, 0, 4),
			.attempt = g_rand_int_range(rand, 1, 4),
			.verdict = "apw"[i % 3],
			.rule = i % POINTS_RULES,
		};
		struct points again;
		points_write(&p, reason);
		g_assert_true(points_read(reason, &again));
		g_assert_cmpint(points_earned(&again), ==, points_earned(&p));
		g_assert_cmpint(again.verdict, ==, p.verdict);
		g_assert_cmpint(again.rule, ==, p.rule);
	}
	struct points none;
	g_assert_false(points_read("", &none));
	g_assert_false(points_read("g=1 hints=", &none));
	g_assert_false(points_read("g=1 hints=0 speed=1 fresh=1 attempt=1 "
				   "verdict=a rule=99",
				   &none));
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/points/each factor counts", each_factor_counts);
	g_test_add_func("/points/rules pay nothing", rules_pay_nothing);
	g_test_add_func("/points/speed counts in a race only",
			speed_counts_in_a_race_only);
	g_test_add_func("/points/a reason tells the points",
			a_reason_tells_the_points);
	return g_test_run();
}
