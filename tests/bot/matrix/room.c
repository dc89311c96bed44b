#include "bot/matrix/room.h"

#include <string.h>

static const char own[] = "@znatok:example.org";

/* The room that these state events make. */
static struct matrix_room room_of(const char *events)
{
	g_autoptr(json) tree = json_parse(events, strlen(events), NULL);
	struct matrix_room room = { .room_id = g_strdup("!r:example.org"),
				    .membership = g_strdup("") };
	struct event event;
	bool changed = false;
	g_assert_nonnull(tree);
	for (const struct json *e = json_first(tree); e; e = json_next(e))
		if (event_read(e, &event))
			room_apply(&room, &event, own, &changed);
	return room;
}

#define EVENT(type, sender, key, content)                                      \
	"{\"type\":\"" type "\",\"sender\":\"" sender                          \
	"\",\"state_key\":\"" key "\",\"content\":" content "}"
#define CREATE(sender, content) EVENT("m.room.create", sender, "", content)
#define POWER(content) EVENT("m.room.power_levels", "@a:b", "", content)

static void assert_roles(const char *events, const char *moderators)
{
	static const char *const people[] = { "@a:b", "@c:d", "@e:f" };
	g_auto(matrix_room) room = room_of(events);
	for (size_t i = 0; i < G_N_ELEMENTS(people); i++) {
		bool wanted = strstr(moderators, people[i]) != NULL;
		if ((room_role(&room, people[i]) == CHAT_MODERATOR) != wanted)
			g_error("%s in %s", people[i], events);
	}
}

static void power_makes_moderators(void)
{
	/* Nothing is known: nobody. */
	assert_roles("[]", "");
	/* No levels: the creator alone. */
	assert_roles("[" CREATE("@a:b", "{\"room_version\":\"11\"}") "]",
		     "@a:b");
	/* Up to version 10 the content names the creator. */
	assert_roles("[" CREATE("@a:b", "{\"creator\":\"@c:d\"}") "]", "@c:d");
	assert_roles("[" CREATE("@a:b", "{\"room_version\":\"11\",\"creator\":"
					"\"@c:d\"}") "]",
		     "@a:b");
	/* With levels, the creator of an old room is one as all others. */
	assert_roles("[" CREATE("@a:b", "{}") "," POWER(
			     "{\"users\":{\"@c:d\":50,\"@e:f\":49}}") "]",
		     "@c:d");
	assert_roles(
		"[" POWER("{\"users_default\":50,\"users\":{\"@a:b\":0}}") "]",
		"@c:d @e:f");
	/* What is no level is none. */
	assert_roles("[" POWER("{\"users\":{\"@a:b\":\"100\",\"@c:d\":99.5,"
			       "\"@e:f\":1e300}}") "]",
		     "");
	assert_roles("[" POWER("{\"users\":[\"@a:b\"]}") "]", "");
}

/* Room version 12: creators stand over all levels, and are in none. */
static void creators_of_version_12(void)
{
	assert_roles(
		"[" CREATE(
			"@a:b",
			"{\"room_version\":\"12\","
			"\"additional_creators\":[\"@c:d\",5]}") "," POWER("{\""
									   "use"
									   "rs"
									   "\":"
									   "{}"
									   "}") "]",
		"@a:b @c:d");
	assert_roles(
		"[" CREATE(
			"@a:b",
			"{\"room_version\":\"11\","
			"\"additional_creators\":[\"@c:d\"]}") "," POWER("{\"us"
									 "ers\""
									 ":{}}") "]",
		"");
	g_auto(matrix_room) room = room_of("[" CREATE(
		"@a:b", "{\"room_version\":\"org.example.new\"}") "]");
	g_assert_cmpint(room_version(&room), >=, 12);
	g_assert_true(room_power(&room, "@a:b") == ROOM_POWER_CREATOR);
}

static void encryption_is_a_latch(void)
{
	g_auto(matrix_room)
		room = room_of("[" EVENT("m.room.encryption", "@a:b", "",
					 "{\"algorithm\":\"m.megolm.v1.aes-"
					 "sha2\"}") "," EVENT("m.room."
							      "encryption",
							      "@a:b", "",
							      "{}") "]");
	g_assert_cmpstr(room.encryption, ==, "m.megolm.v1.aes-sha2");
	/* Emptied before we saw it: still not plain. */
	g_auto(matrix_room) emptied =
		room_of("[" EVENT("m.room.encryption", "@a:b", "", "{}") "]");
	g_assert_nonnull(emptied.encryption);
	/* Neither another key, nor what is no state, says anything. */
	g_auto(matrix_room) plain = room_of("[" EVENT(
		"m.room.encryption", "@a:b", "x",
		"{\"algorithm\":\"y\"}") ","
					 "{\"type\":\"m.room.encryption\","
					 "\"sender\":\"@a:b\","
					 "\"content\":{\"algorithm\":\"y\"}}]");
	g_assert_null(plain.encryption);
}

static void membership_is_our_own(void)
{
	g_auto(matrix_room) room = room_of("[" EVENT(
		"m.room.member", "@a:b", "@znatok:example.org",
		"{\"membership\":\"invite\"}") "," EVENT("m.room.member",
							 "@a:b", "@c:d",
							 "{\"membership\":"
							 "\"ban\"}") "]");
	g_assert_cmpstr(room.membership, ==, "invite");
	g_assert_cmpstr(room.inviter, ==, "@a:b");
	g_auto(matrix_room) odd = room_of(
		"[" EVENT("m.room.member", "@a:b", "@znatok:example.org",
			  "{\"membership\":\"god\"}") "]");
	g_assert_cmpstr(odd.membership, ==, "");
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/room/power makes moderators", power_makes_moderators);
	g_test_add_func("/room/creators of version 12", creators_of_version_12);
	g_test_add_func("/room/encryption is a latch", encryption_is_a_latch);
	g_test_add_func("/room/membership is our own", membership_is_our_own);
	return g_test_run();
}
