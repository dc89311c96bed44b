#include "bot/store/talk.h"

#include "bot/base/clock.h"
#include "tests/bot/store/store.h"

static const struct talk alice = { .room = 1, .person = 1, .now = 1000000 };
static const struct talk bob = { .room = 1, .person = 2, .now = 1000000 };

static int64_t take(struct sqlite *db, struct talk talk, int64_t later, int n)
{
	int64_t entry_no = -1;
	talk.now += later;
	WELL(talk_take(db, &talk, n, &entry_no, &trouble));
	return entry_no;
}

static void ones_own_offer_comes_first(void)
{
	g_autoptr(sqlite) db = open_store();
	const int64_t first[] = { 11, 12 }, second[] = { 21, 22, 23 };
	g_assert_cmpint(take(db, alice, 0, 1), ==, 0);
	WELL(talk_offer(db, &alice, 100, first, 2, &trouble));
	WELL(talk_offer(db, &bob, 101, second, 3, &trouble));
	g_assert_cmpint(take(db, alice, 0, 2), ==, 12);
	g_assert_cmpint(take(db, bob, 0, 2), ==, 22);
	/* Three are offered to bob, two to alice. */
	g_assert_cmpint(take(db, alice, 0, 3), ==, 0);
	/* Somebody without an own offer takes the room's last. */
	struct talk carol = { .room = 1, .person = 3, .now = alice.now };
	g_assert_cmpint(take(db, carol, 0, 1), ==, 21);
	struct talk elsewhere = { .room = 2, .person = 1, .now = alice.now };
	g_assert_cmpint(take(db, elsewhere, 0, 1), ==, 0);
}

static void offers_last_ten_minutes(void)
{
	g_autoptr(sqlite) db = open_store();
	const int64_t offered[] = { 11 };
	WELL(talk_offer(db, &alice, 100, offered, 1, &trouble));
	g_assert_cmpint(take(db, alice, 10 * CLOCK_MINUTE, 1), ==, 11);
	g_assert_cmpint(take(db, alice, 10 * CLOCK_MINUTE + 1, 1), ==, 0);
	/* A reaction stands on the message itself, however old. */
	int64_t entry_no;
	WELL(talk_take_from(db, 100, 1, &entry_no, &trouble));
	g_assert_cmpint(entry_no, ==, 11);
}

static void the_rest_is_of_a_person_in_a_room(void)
{
	g_autoptr(sqlite) db = open_store();
	struct talk_rest rest = { 5, (char *)"hash", 3 };
	WELL(talk_set_rest(db, &alice, &rest, &trouble));
	g_auto(talk_rest) of_alice = { 0 };
	g_auto(talk_rest) of_bob = { 0 };
	WELL(talk_get_rest(db, &alice, &of_alice, &trouble));
	WELL(talk_get_rest(db, &bob, &of_bob, &trouble));
	g_assert_cmpint(of_alice.entry_no, ==, 5);
	g_assert_cmpint(of_alice.block, ==, 3);
	g_assert_cmpstr(of_alice.content_hash, ==, "hash");
	g_assert_cmpint(of_bob.entry_no, ==, 0);
	const struct talk_rest none = { 0 };
	WELL(talk_set_rest(db, &alice, &none, &trouble));
	talk_rest_clear(&of_alice);
	WELL(talk_get_rest(db, &alice, &of_alice, &trouble));
	g_assert_cmpint(of_alice.entry_no, ==, 0);
}

static void gaps_are_counted_by_what_was_meant(void)
{
	g_autoptr(sqlite) db = open_store();
	WELL(talk_gap(db, &alice, "rust", "rust", &trouble));
	WELL(talk_gap(db, &alice, "Kubernetes", "kubernetes", &trouble));
	WELL(talk_gap(db, &bob, "kubernetes", "kubernetes", &trouble));
	WELL(talk_gap(db, &bob, "KUBERNETES", "kubernetes", &trouble));
	int64_t all;
	g_autoptr(GError) error = NULL;
	g_autoptr(GPtrArray) gaps = talk_gaps(db, 1, &all, &error);
	g_assert_no_error(error);
	g_assert_cmpint(all, ==, 2);
	g_assert_cmpuint(gaps->len, ==, 1);
	const struct talk_gap_row *gap = gaps->pdata[0];
	g_assert_cmpstr(gap->query, ==, "KUBERNETES");
	g_assert_cmpint(gap->times, ==, 3);
	g_assert_cmpint(gap->people, ==, 2);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/talk/one's own offer comes first",
			ones_own_offer_comes_first);
	g_test_add_func("/talk/offers last ten minutes",
			offers_last_ten_minutes);
	g_test_add_func("/talk/the rest is of a person in a room",
			the_rest_is_of_a_person_in_a_room);
	g_test_add_func("/talk/gaps are counted by what was meant",
			gaps_are_counted_by_what_was_meant);
	return g_test_run();
}
