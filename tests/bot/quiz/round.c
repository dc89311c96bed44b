#include "bot/quiz/round.h"

enum { ALICE = 1, BOB, CAROL, WINDOW = 60000, OPENED = 1000 };

static int64_t cause;

static void open_round(struct round *round)
{
	round_init(round);
	round->window = WINDOW;
	round->hints_most = 2;
	round->starter = ALICE;
	round->left = 1;
	const struct round_event sent = { .kind = ROUND_SENT, .now = OPENED };
	struct round_effects effects = round_step(round, &sent);
	g_assert_true(effects.wakes);
	g_assert_cmpint(round->state, ==, ROUND_OPEN);
	g_assert_cmpint(round->closes, ==, OPENED + WINDOW);
}

static struct round_effects answer(struct round *round, int64_t person,
				   int64_t at, int64_t now, int g)
{
	const struct round_event event = {
		.kind = ROUND_ANSWER,
		.person = person,
		.cause = ++cause,
		.at = at,
		.now = now,
		.g = g,
	};
	return round_step(round, &event);
}

static struct round_effects at_time(struct round *round, int64_t now)
{
	const struct round_event event = { .kind = ROUND_TIME, .now = now };
	return round_step(round, &event);
}

static void add_player(struct round *round, int64_t person)
{
	g_array_append_val(round->players, person);
}

static void a_question_closes_when_its_time_is_up(void)
{
	g_auto(round) round;
	open_round(&round);
	struct round_effects e = answer(&round, BOB, 2000, 2000, 800);
	g_assert_true(e.takes);
	g_assert_cmpint(e.taken.attempt, ==, 1);
	g_assert_cmpint(e.taken.at, ==, 2000);
	g_assert_false(e.closes);
	e = at_time(&round, OPENED + WINDOW - 1);
	g_assert_false(e.closes);
	/* The alarm may be late: the question still closed in time. */
	e = at_time(&round, OPENED + WINDOW + 777);
	g_assert_true(e.closes);
	g_assert_cmpint(e.next, ==, ROUND_GOES_ON);
	g_assert_cmpint(round.closed, ==, OPENED + WINDOW);
	e = at_time(&round, OPENED + WINDOW + 778);
	g_assert_false(e.closes);
}

static void it_closes_early_when_all_players_have_answered(void)
{
	g_auto(round) round;
	open_round(&round);
	add_player(&round, ALICE);
	add_player(&round, BOB);
	g_assert_false(answer(&round, ALICE, 2000, 2000, 1000).closes);
	/* Who has not played yet is not waited for, and does not end it. */
	g_assert_false(answer(&round, CAROL, 2100, 2100, 0).closes);
	struct round_effects e = answer(&round, BOB, 2200, 2200, 0);
	g_assert_true(e.closes);
	g_assert_cmpint(round.closed, ==, 2200);
}

static void the_first_question_never_closes_early(void)
{
	g_auto(round) round;
	open_round(&round);
	round.first = true;
	add_player(&round, ALICE);
	g_assert_false(answer(&round, ALICE, 2000, 2000, 1000).closes);
}

static void attempts_are_counted(void)
{
	g_auto(round) round;
	open_round(&round);
	round.attempts = 3;
	g_assert_cmpint(answer(&round, BOB, 2000, 2000, 0).taken.attempt, ==,
			1);
	g_assert_cmpint(answer(&round, BOB, 2000, 2000, 0).taken.attempt, ==,
			2);
	g_assert_cmpint(answer(&round, BOB, 2000, 2000, 0).taken.attempt, ==,
			3);
	struct round_effects e = answer(&round, BOB, 2000, 2000, 1000);
	g_assert_false(e.takes);
	g_assert_cmpint(e.refusal, ==, ROUND_ALREADY);
	/* What is right needs no second try. */
	answer(&round, CAROL, 2000, 2000, 1000);
	e = answer(&round, CAROL, 2000, 2000, 1000);
	g_assert_cmpint(e.refusal, ==, ROUND_ALREADY);
}

static void nearly_right_is_told_once(void)
{
	g_auto(round) round;
	open_round(&round);
	add_player(&round, BOB);
	const struct round_event close = {
		.kind = ROUND_ANSWER,
		.person = BOB,
		.cause = ++cause,
		.at = 2000,
		.now = 2000,
		.close = true,
	};
	struct round_effects e = round_step(&round, &close);
	g_assert_cmpint(e.refusal, ==, ROUND_CLOSE);
	g_assert_true(e.takes);
	g_assert_cmpint(e.taken.attempt, ==, 0);
	g_assert_false(e.closes);
	e = round_step(&round, &close);
	g_assert_cmpint(e.refusal, ==, ROUND_FINE);
	g_assert_cmpint(e.taken.attempt, ==, 1);
	g_assert_true(e.closes);
}

static void the_network_s_clock_is_believed_within_reason(void)
{
	g_auto(round) round;
	open_round(&round);
	g_assert_cmpint(round_answered_at(&round, 5000, 9000), ==, 5000);
	g_assert_cmpint(round_answered_at(&round, 500, 9000), ==, 9000);
	g_assert_cmpint(round_answered_at(&round, 9500, 9000), ==, 9000);
}

static void late_answers(void)
{
	const int64_t closes = OPENED + WINDOW;
	g_auto(round) round;
	open_round(&round);
	/* The alarm waits while the bot catches up. */
	struct round_effects e =
		answer(&round, BOB, closes - 1, closes + 5000, 1000);
	g_assert_true(e.takes);
	g_assert_false(e.late);
	e = answer(&round, CAROL, closes, closes + 5000, 1000);
	g_assert_cmpint(e.refusal, ==, ROUND_LATE);
	at_time(&round, closes + 6000);
	/* Given in time, it counts after the closing; not for ever. */
	e = answer(&round, CAROL, closes - 5, closes + ROUND_LATE_MOST, 1000);
	g_assert_true(e.late);
	g_assert_true(e.takes);
	g_assert_cmpint(e.next, ==, ROUND_STAYS);
	e = answer(&round, ALICE, closes - 5, closes + ROUND_LATE_MOST + 1,
		   1000);
	g_assert_cmpint(e.refusal, ==, ROUND_LATE);
	e = answer(&round, ALICE, closes + 1, closes + 7000, 1000);
	g_assert_cmpint(e.refusal, ==, ROUND_LATE);
	/* A clock that is ahead of ours buys nothing. */
	e = answer(&round, ALICE, closes + 9000, closes + 7000, 1000);
	g_assert_cmpint(e.refusal, ==, ROUND_LATE);
}

static void three_in_silence_end_the_run(void)
{
	for (int before = 0; before < 3; before++) {
		g_auto(round) round;
		open_round(&round);
		round.unanswered = before;
		struct round_effects e = at_time(&round, OPENED + WINDOW);
		g_assert_cmpint(round.unanswered, ==, before + 1);
		g_assert_cmpint(e.next, ==,
				before == 2 ? ROUND_DIES : ROUND_GOES_ON);
	}
}

static void an_answer_ends_the_silence(void)
{
	g_auto(round) round;
	open_round(&round);
	round.unanswered = 2;
	answer(&round, BOB, 2000, 2000, 0);
	struct round_effects e = at_time(&round, OPENED + WINDOW);
	g_assert_cmpint(e.next, ==, ROUND_GOES_ON);
	g_assert_cmpint(round.unanswered, ==, 0);
}

static void who_may_skip_and_stop(void)
{
	g_auto(round) round;
	open_round(&round);
	struct round_event event = { .kind = ROUND_SKIP,
				     .person = BOB,
				     .now = 3000 };
	struct round_effects e = round_step(&round, &event);
	g_assert_cmpint(e.refusal, ==, ROUND_NOT_YOURS);
	g_assert_false(e.closes);
	event.may = true;
	e = round_step(&round, &event);
	g_assert_true(e.closes);
	g_assert_cmpint(e.next, ==, ROUND_GOES_ON);
	e = round_step(&round, &event);
	g_assert_cmpint(e.refusal, ==, ROUND_OVER);
}

static void a_stop_ends_the_run(void)
{
	g_auto(round) round;
	open_round(&round);
	const struct round_event event = { .kind = ROUND_STOP,
					   .person = ALICE,
					   .now = 3000 };
	struct round_effects e = round_step(&round, &event);
	g_assert_true(e.closes);
	g_assert_cmpint(e.next, ==, ROUND_ENDS);
}

static void hints_run_out(void)
{
	const struct round_event event = { .kind = ROUND_HINT };
	g_auto(round) round;
	open_round(&round);
	g_assert_true(round_step(&round, &event).hints);
	g_assert_true(round_step(&round, &event).hints);
	g_assert_cmpint(round.hinted, ==, 2);
	g_assert_cmpint(round_step(&round, &event).refusal, ==, ROUND_NO_HINTS);
	at_time(&round, OPENED + WINDOW);
	g_assert_cmpint(round_step(&round, &event).refusal, ==, ROUND_OVER);
}

static void an_edit_is_marked_and_raises_nothing(void)
{
	g_auto(round) round;
	open_round(&round);
	answer(&round, BOB, 2000, 2000, 300);
	struct round_event event = { .kind = ROUND_EDIT, .cause = cause };
	struct round_effects e = round_step(&round, &event);
	g_assert_true(e.marks);
	g_assert_true(e.taken.edited);
	g_assert_cmpint(e.taken.g, ==, 300);
	at_time(&round, OPENED + WINDOW);
	e = round_step(&round, &event);
	g_assert_false(e.marks);
}

static void a_redacted_answer_has_used_its_attempt(void)
{
	g_auto(round) round;
	open_round(&round);
	answer(&round, BOB, 2000, 2000, 900);
	struct round_event event = { .kind = ROUND_REDACT, .cause = cause };
	struct round_effects e = round_step(&round, &event);
	g_assert_true(e.marks);
	g_assert_false(e.undoes);
	g_assert_cmpint(e.taken.g, ==, 0);
	g_assert_cmpint(answer(&round, BOB, 2000, 2000, 900).refusal, ==,
			ROUND_ALREADY);
	answer(&round, CAROL, 2000, 2000, 900);
	at_time(&round, OPENED + WINDOW);
	event.cause = cause;
	e = round_step(&round, &event);
	g_assert_true(e.undoes);
	g_assert_false(round_step(&round, &event).undoes);
	event.cause = 99999;
	g_assert_false(round_step(&round, &event).marks);
}

static void what_cannot_be_sent_ends_the_run(void)
{
	g_auto(round) round;
	round_init(&round);
	round.left = 5;
	const struct round_event event = { .kind = ROUND_FAILED, .now = 50 };
	struct round_effects e = round_step(&round, &event);
	g_assert_cmpint(e.next, ==, ROUND_ENDS);
	g_assert_false(e.closes);
	g_assert_cmpint(answer(&round, BOB, 40, 60, 900).refusal, ==,
			ROUND_LATE);
}

/* Whatever happens in whatever order, what must hold holds. */
static void anything_may_happen(void)
{
	g_autoptr(GRand) rand = g_rand_new_with_seed(7);
	for (int game = 0; game < 2000; game++) {
		g_auto(round) round;
		round_init(&round);
		round.window = WINDOW;
		round.attempts = g_rand_int_range(rand, 1, 4);
		round.hints_most = 3;
		round.first = g_rand_boolean(rand);
		round.left = g_rand_int_range(rand, 0, 2);
		for (int64_t p = 1; p < g_rand_int_range(rand, 1, 4); p++)
			add_player(&round, p);
		int64_t now = 0;
		int closings = 0;
		for (int i = 0; i < 40; i++) {
			now += g_rand_int_range(rand, 0, 8000);
			const struct round_event event = {
				.kind = g_rand_int_range(rand, ROUND_SENT,
							 ROUND_REDACT + 1),
				.now = now,
				.at = now - g_rand_int_range(rand, -50, 9000),
				.person = g_rand_int_range(rand, 1, 5),
				.cause = g_rand_int_range(rand, 1, 60),
				.may = g_rand_boolean(rand),
				.g = g_rand_int_range(rand, 0, 1001),
				.close = g_rand_int_range(rand, 0, 4) == 0,
			};
			enum round_state before = round.state;
			struct round_effects e = round_step(&round, &event);
			closings += e.closes;
			g_assert_cmpint(round.state, >=, before);
			g_assert_true(!e.closes ||
				      (before != ROUND_CLOSED &&
				       round.state == ROUND_CLOSED &&
				       e.next != ROUND_STAYS));
			g_assert_true(!e.takes ||
				      e.taken.attempt <= round.attempts);
			g_assert_cmpint(round.hinted, <=, round.hints_most);
		}
		g_assert_cmpint(closings, <=, 1);
	}
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
#define TEST(name) g_test_add_func("/round/" #name, name)
	TEST(a_question_closes_when_its_time_is_up);
	TEST(it_closes_early_when_all_players_have_answered);
	TEST(the_first_question_never_closes_early);
	TEST(attempts_are_counted);
	TEST(nearly_right_is_told_once);
	TEST(the_network_s_clock_is_believed_within_reason);
	TEST(late_answers);
	TEST(three_in_silence_end_the_run);
	TEST(an_answer_ends_the_silence);
	TEST(who_may_skip_and_stop);
	TEST(a_stop_ends_the_run);
	TEST(hints_run_out);
	TEST(an_edit_is_marked_and_raises_nothing);
	TEST(a_redacted_answer_has_used_its_attempt);
	TEST(what_cannot_be_sent_ends_the_run);
	TEST(anything_may_happen);
	return g_test_run();
}
