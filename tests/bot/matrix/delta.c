#include "bot/matrix/delta.h"

#include <string.h>

#include "bot/base/error.h"

static const char body[] =
	"{\"next_batch\":\"s\\u0031\",\"rooms\":{\"join\":{"
	"\"!a:x\":{\"state\":{\"events\":[{\"n\":1}]},\"timeline\":{"
	"\"events\":[{\"n\":2},{\"n\":3}],\"limited\":true,\"prev_batch\":"
	"\"p\"},\"summary\":{\"m.joined_member_count\":2,"
	"\"m.invited_member_count\":1}},"
	"\"!b:x\":{\"state\":{\"events\":[]},\"state_after\":{\"events\":["
	"{\"n\":4}]},\"timeline\":{\"events\":[]}},"
	"\"!c:x\":{\"org.matrix.msc4222.state_after\":{\"events\":[{\"n\":5}]}"
	"},\"!d:x\":{\"a\":1,\"a\":2},\"!e:x\":5},"
	"\"invite\":{\"!i:x\":{\"invite_state\":{\"events\":[{\"n\":6}]}}},"
	"\"leave\":{}},\"account_data\":{\"events\":[{},{}]}}";

static int64_t first_n(const struct json *events)
{
	int64_t n = 0;
	json_int_of(json_first(events), "n", &n);
	return n;
}

static void rooms_are_cut(void)
{
	g_auto(delta) delta = { 0 };
	g_autoptr(GError) error = NULL;
	g_assert_true(delta_read(body, strlen(body), &delta, &error));
	g_assert_no_error(error);
	g_assert_cmpstr(delta.next_batch, ==, "s1");
	struct json_cut cut = json_cut_object(delta.join);
	g_auto(delta_room) a = { 0 };
	g_assert_true(delta_next_room(&cut, &a));
	g_assert_cmpstr(a.room_id, ==, "!a:x");
	g_assert_false(a.after);
	g_assert_cmpint(first_n(a.state), ==, 1);
	g_assert_cmpint(first_n(a.timeline), ==, 2);
	g_assert_true(a.limited);
	g_assert_cmpstr(a.prev_batch, ==, "p");
	g_assert_cmpint(a.members, ==, 3);
	/* Where state_after is there, it alone counts: under either name. */
	for (int i = 4; i <= 5; i++) {
		g_auto(delta_room) b = { 0 };
		g_assert_true(delta_next_room(&cut, &b));
		g_assert_true(b.after);
		g_assert_cmpint(first_n(b.state), ==, i);
		g_assert_cmpint(b.members, ==, -1);
	}
	/* What is odd in a room takes nothing with it. */
	g_auto(delta_room) d = { 0 };
	g_assert_true(delta_next_room(&cut, &d));
	g_assert_cmpstr(d.room_id, ==, "!d:x");
	g_assert_nonnull(d.tree);
	g_auto(delta_room) e = { 0 };
	g_assert_true(delta_next_room(&cut, &e));
	g_assert_null(e.timeline);
	g_auto(delta_room) end = { 0 };
	g_assert_false(delta_next_room(&cut, &end));

	cut = json_cut_object(delta.invite);
	g_auto(delta_room) invite = { 0 };
	g_assert_true(delta_next_room(&cut, &invite));
	g_assert_cmpint(first_n(invite.state), ==, 6);
}

static void what_is_no_sync(void)
{
	static const char *const not [] = {
		"",
		"<html>",
		"[]",
		"{}",
		"{\"next_batch\":\"\"}",
		"{\"next_batch\":5}",
		"{\"next_batch\":\"s1\"",
		"null",
	};
	for (size_t i = 0; i < G_N_ELEMENTS(not ); i++) {
		g_auto(delta) delta = { 0 };
		g_autoptr(GError) error = NULL;
		g_assert_false(
			delta_read(not [i], strlen(not [i]), &delta, &error));
		g_assert_error(error, ZNATOK_ERROR, ZNATOK_ERROR_PROTOCOL);
	}
	g_auto(delta) least = { 0 };
	static const char empty[] = "{\"next_batch\":\"s\",\"rooms\":[]}";
	g_assert_true(delta_read(empty, strlen(empty), &least, NULL));
	struct json_cut cut = json_cut_object(least.join);
	g_auto(delta_room) room = { 0 };
	g_assert_false(delta_next_room(&cut, &room));
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/delta/rooms are cut", rooms_are_cut);
	g_test_add_func("/delta/what is no sync", what_is_no_sync);
	return g_test_run();
}
