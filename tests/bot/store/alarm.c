#include "bot/store/alarm.h"
#include "bot/store/mail.h"
#include "tests/bot/store/store.h"

static void alarms_become_messages_in_order(void)
{
	g_autoptr(sqlite) db = open_store();
	int64_t id, due;
	bool fired;
	WELL(alarm_next(db, 0, &due, &trouble));
	g_assert_cmpint(due, ==, INT64_MAX);
	WELL(alarm_put(db, 3, "later", 2000, "b", &id, &trouble));
	WELL(alarm_put(db, 3, "first", 1000, "a", &id, &trouble));
	WELL(alarm_next(db, 0, &due, &trouble));
	g_assert_cmpint(due, ==, 1000);

	WELL(alarm_fire(db, 999, &fired, &trouble));
	g_assert_false(fired);
	WELL(alarm_fire(db, 5000, &fired, &trouble));
	g_assert_true(fired);
	WELL(alarm_fire(db, 5000, &fired, &trouble));
	g_assert_true(fired);
	WELL(alarm_fire(db, 5000, &fired, &trouble));
	g_assert_false(fired);

	g_autoptr(GError) error = NULL;
	g_autoptr(GPtrArray) rows = mail_ready(db, 64, &error);
	g_assert_no_error(error);
	g_assert_cmpuint(rows->len, ==, 2);
	const struct mail_in *first = rows->pdata[0];
	g_assert_cmpint(first->kind, ==, CHAT_ALARM);
	g_assert_cmpstr(first->network, ==, ALARM_NETWORK);
	g_assert_cmpstr(first->target, ==, "first");
	g_assert_cmpstr(first->body, ==, "a");
	g_assert_cmpint(first->at, ==, 1000);
	g_assert_cmpint(first->received, ==, 5000);
	g_assert_cmpint(first->person, ==, 0);
	g_assert_cmpint(first->room, ==, 3);
}

static void a_room_with_a_gap_comes_first(void)
{
	g_autoptr(sqlite) db = open_store();
	const struct chat_message held = {
		.event = "$1",
		.room = "!r",
		.person = "@p",
		.name = "p",
		.text = "an answer, given in time",
		.held = true,
	};
	int64_t id, due, room = 1;
	bool fired;
	WELL(mail_receive(db, "matrix", &held, 500, NULL, &trouble));
	WELL(alarm_put(db, room, "close", 1000, "", &id, &trouble));
	WELL(alarm_fire(db, 2000, &fired, &trouble));
	g_assert_false(fired);
	WELL(alarm_next(db, 2000, &due, &trouble));
	g_assert_cmpint(due, ==, INT64_MAX);
	/* Not for ever. */
	WELL(alarm_next(db, 1001 + 5 * 60 * 1000, &due, &trouble));
	g_assert_cmpint(due, ==, 1000);
	WELL(mail_release(db, room, &trouble));
	WELL(alarm_fire(db, 2000, &fired, &trouble));
	g_assert_true(fired);
}

static void a_dropped_alarm_is_gone(void)
{
	g_autoptr(sqlite) db = open_store();
	int64_t id;
	bool fired;
	WELL(alarm_put(db, 1, "close", 1000, "", &id, &trouble));
	WELL(alarm_drop(db, id, &trouble));
	WELL(alarm_drop(db, id, &trouble));
	WELL(alarm_fire(db, 2000, &fired, &trouble));
	g_assert_false(fired);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/alarm/alarms become messages in order",
			alarms_become_messages_in_order);
	g_test_add_func("/alarm/a room with a gap comes first",
			a_room_with_a_gap_comes_first);
	g_test_add_func("/alarm/a dropped alarm is gone",
			a_dropped_alarm_is_gone);
	return g_test_run();
}
