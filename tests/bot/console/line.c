#include <string.h>

#include "bot/console/line.h"

struct wanted {
	const char *text;
	enum console_what what;
	const char *name, *room, *said;
	int64_t number;
};

static const struct wanted right[] = {
	{ "alice: !q gil", CONSOLE_SAY, "alice", "#main", "!q gil", 0 },
	{ "alice:   padded  ", CONSOLE_SAY, "alice", "#main", "padded", 0 },
	{ "alice:", CONSOLE_SAY, "alice", "#main", "", 0 },
	{ "a-B_9: x", CONSOLE_SAY, "a-B_9", "#main", "x", 0 },
	{ "#python bob: !quiz", CONSOLE_SAY, "bob", "#python", "!quiz", 0 },
	{ "#питон bob: да", CONSOLE_SAY, "bob", "#питон", "да", 0 },
	{ "bob>: !score", CONSOLE_SAY, "bob", "bob>", "!score", 0 },
	{ "!q gil", CONSOLE_SAY, NULL, "#main", "!q gil", 0 },
	{ "http://example.org", CONSOLE_SAY, NULL, "#main",
	  "http://example.org", 0 },
	{ "9lives: x", CONSOLE_SAY, NULL, "#main", "9lives: x", 0 },
	{ "ночь: x", CONSOLE_SAY, NULL, "#main", "ночь: x", 0 },
	{ "#hash", CONSOLE_SAY, NULL, "#main", "#hash", 0 },
	{ "#python no colon", CONSOLE_SAY, NULL, "#main", "#python no colon",
	  0 },
	{ "/reply alice 3 потому что", CONSOLE_REPLY, "alice", NULL,
	  "потому что", 3 },
	{ "/thread alice 3 текст", CONSOLE_THREAD, "alice", NULL, "текст", 3 },
	{ "/edit alice 5 новый", CONSOLE_EDIT, "alice", NULL, "новый", 5 },
	{ "/redact alice 5", CONSOLE_REDACT, "alice", NULL, "", 5 },
	{ "/react alice 3 2️⃣", CONSOLE_REACT, "alice", NULL, "2️⃣",
	  3 },
	{ "/join carol", CONSOLE_JOIN, "carol", "#main", NULL, 0 },
	{ "/join carol moderator", CONSOLE_JOIN, "carol", "#main", NULL, 0 },
	{ "/join carol admin #python", CONSOLE_JOIN, "carol", "#python", NULL,
	  0 },
	{ "/join carol #python", CONSOLE_JOIN, "carol", "#python", NULL, 0 },
	{ "/wait 30s", CONSOLE_WAIT, NULL, NULL, NULL, 30000 },
	{ "/wait 250ms", CONSOLE_WAIT, NULL, NULL, NULL, 250 },
	{ "/wait 10 min", CONSOLE_WAIT, NULL, NULL, NULL, 600000 },
	{ "/wait 2h", CONSOLE_WAIT, NULL, NULL, NULL, 7200000 },
	{ "/wait 1d", CONSOLE_WAIT, NULL, NULL, NULL, 86400000 },
	{ "/at 2025-03-30T09:30Z", CONSOLE_AT, NULL, NULL, NULL,
	  1743327000000 },
	{ "/at 2025-03-30T09:30:05Z", CONSOLE_AT, NULL, NULL, NULL,
	  1743327005000 },
	{ "/at 2025-03-30T12:30+03:00", CONSOLE_AT, NULL, NULL, NULL,
	  1743327000000 },
	{ "/seed 7", CONSOLE_SEED, NULL, NULL, NULL, 7 },
	{ "# a comment", CONSOLE_NOTHING, NULL, NULL, NULL, 0 },
	{ "", CONSOLE_NOTHING, NULL, NULL, NULL, 0 },
	{ "  ", CONSOLE_NOTHING, NULL, NULL, NULL, 0 },
};

static void lines_are_read(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(right); i++) {
		const struct wanted *w = &right[i];
		g_auto(console_line) line = { 0 };
		g_autoptr(GError) error = NULL;
		g_test_message("%s", w->text);
		bool well = console_line_parse(w->text, &line, &error);
		g_assert_no_error(error);
		g_assert_true(well);
		g_assert_cmpint(line.what, ==, w->what);
		g_assert_cmpstr(line.name, ==, w->name);
		g_assert_cmpstr(line.room, ==, w->room);
		g_assert_cmpstr(line.text, ==, w->said);
		g_assert_cmpint(line.number, ==, w->number);
	}
}

static void roles_are_read(void)
{
	static const struct {
		const char *text;
		enum chat_role role;
	} cases[] = {
		{ "/join a", CHAT_USER },
		{ "/join a user", CHAT_USER },
		{ "/join a moderator #x", CHAT_MODERATOR },
		{ "/join a admin", CHAT_ADMIN },
	};
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_auto(console_line) line = { 0 };
		g_assert_true(console_line_parse(cases[i].text, &line, NULL));
		g_assert_cmpint(line.role, ==, cases[i].role);
	}
}

static void mistakes_are_explained(void)
{
	static const char *const wrong[] = {
		"/dance",
		"/",
		"/reply",
		"/reply alice",
		"/reply alice x y",
		"/reply alice 3",
		"/reply alice 0 x",
		"/reply alice -1 x",
		"/reply 9 3 x",
		"/redact alice 3 text",
		"/join",
		"/join alice king",
		"/join alice admin python",
		"/join alice admin #a b",
		"/wait",
		"/wait soon",
		"/wait 5",
		"/wait -5s",
		"/wait 99999999999999999999d",
		"/at",
		"/at tomorrow",
		"/at 2025-03-30",
		"/at 2025-13-30T09:30Z",
		"/at 2025-03-30T09:30",
		"/seed",
		"/seed x",
		"/seed -1",
	};
	for (size_t i = 0; i < G_N_ELEMENTS(wrong); i++) {
		g_auto(console_line) line = { 0 };
		g_autoptr(GError) error = NULL;
		g_test_message("%s", wrong[i]);
		g_assert_false(console_line_parse(wrong[i], &line, &error));
		g_assert_nonnull(error);
		g_assert_null(strchr(error->message, '\n'));
		g_assert_cmpint(line.what, ==, CONSOLE_NOTHING);
		g_assert_null(line.name);
	}
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/line/lines are read", lines_are_read);
	g_test_add_func("/line/roles are read", roles_are_read);
	g_test_add_func("/line/mistakes are explained", mistakes_are_explained);
	return g_test_run();
}
