/* bot.conf: what it gives, and what it says about mistakes. */

#include <locale.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <glib/gstdio.h>

#include "config/config.h"
#include "config/near.h"
#include "config/value.h"

static struct config *parse(const char *text, GError **error)
{
	return config_parse(text, strlen(text), "/etc/znatok/bot.conf", error);
}

/* For texts that must be right. */
static struct config *parse_right(const char *text)
{
	g_autoptr(GError) error = NULL;
	struct config *config = parse(text, &error);
	g_assert_no_error(error);
	g_assert_nonnull(config);
	return config;
}

static void test_defaults(void)
{
	g_autoptr(bot_config) config = config_default();
	g_autofree char *state =
		g_build_filename(g_get_user_state_dir(), "znatok", NULL);
	g_assert_null(config->file);
	g_assert_cmpstr(config->bot_state, ==, state);
	g_assert_cmpstr(config->bot_language, ==, "auto");
	g_assert_cmpstr(config->bot_prefix, ==, "!");
	g_assert_cmpint(config->bot_flood, ==, 120);
	g_assert_cmpstr(config->bot_log_level, ==, "info");
	g_assert_cmpstr(config->bot_settings, ==, "everyone");
	g_assert_cmpuint(g_strv_length(config->bot_admins), ==, 0);
	g_assert_cmpuint(g_strv_length(config->notes_folders), ==, 0);
	g_assert_true(config->notes_watch);
	g_assert_cmpstr(config->notes_site_url, ==, "");
	g_assert_cmpint(config->notes_answer_budget, ==, 1500);
}

static void test_values(void)
{
	g_autoptr(bot_config) config =
		parse_right("\xef\xbb\xbf# a comment\r\n"
			    "[bot]\r\n"
			    "  state = ~/znatok state \r\n"
			    "admins = @a:example.org; @b:example.org ;;\r\n"
			    "prefix=\\\\!\n"
			    "flood = 0\n"
			    "language = ru\n"
			    "[notes]\n"
			    "folders = notes;./more;../up;/abs;~;x\\;y\n"
			    "watch = false\n"
			    "site_url = https://notes.example.org/base/\n"
			    "[console]\n");
	g_autofree char *state =
		g_build_filename(g_get_home_dir(), "znatok state", NULL);
	g_assert_cmpstr(config->file, ==, "/etc/znatok/bot.conf");
	g_assert_cmpstr(config->bot_state, ==, state);
	g_assert_cmpuint(g_strv_length(config->bot_admins), ==, 2);
	g_assert_cmpstr(config->bot_admins[1], ==, "@b:example.org");
	g_assert_cmpstr(config->bot_prefix, ==, "\\!");
	g_assert_cmpint(config->bot_flood, ==, 0);
	g_assert_cmpstr(config->bot_language, ==, "ru");
	g_autofree char *folders = g_strjoinv("|", config->notes_folders);
	g_autofree char *expected = g_strdup_printf(
		"/etc/znatok/notes|/etc/znatok/more|/etc/znatok/../up|/abs|%s|"
		"/etc/znatok/x;y",
		g_get_home_dir());
	g_assert_cmpstr(folders, ==, expected);
	g_assert_false(config->notes_watch);
	g_assert_cmpstr(config->notes_site_url, ==,
			"https://notes.example.org/base/");
}

/* Each text, and a piece of what is said about it. */
static const struct {
	const char *text;
	const char *said;
} mistakes[] = {
	{ "[bot]\n\nprefx = !\n",
	  "/etc/znatok/bot.conf:3: [bot] prefx: unknown key; did you mean "
	  "prefix? allowed: state, admins, " },
	{ "[bot]\nPREFIX = !\n", "did you mean prefix?" },
	{ "[bot]\nfolders = a\n", "it belongs to [notes]; allowed: state," },
	{ "[bot]\nzzzzzz = a\n", "unknown key; allowed: state," },
	{ "[bot]\nlanguage[ru] = ru\n", "language[ru]: unknown key" },
	{ "[console]\na = b\n", "unknown key; this section has none" },
	{ "[nots]\na = b\n",
	  ":1: [nots]: unknown section; did you mean "
	  "[notes]? allowed: [bot], [notes], [matrix], [quiz], "
	  "[daily], [console]" },
	{ "[x]\n", "[x]: unknown section; allowed: [bot]," },
	{ "[]\n", "unknown section" },
	{ "[bot]\n[bot]\n", ":2: [bot] the section stands twice, first in "
			    "line 1" },
	{ "[bot]\nflood=1\n#\nflood=1\n",
	  ":4: [bot] flood: the key stands twice, first in line 2" },
	{ "flood = 1\n", ":1: flood: it stands before the first [section]" },
	{ "[bot]\nflood\n", ":2: [bot] neither [section], key = value nor" },
	{ "[bot]\n= 4\n", "neither [section], key = value nor # comment" },
	{ "[bot] # x\n", ":1: a section is written [name], alone" },
	{ "[bot\n", ":1: a section is written [name], alone" },
	{ "[bot]\nadmins = \xcf\xf0\n", ":2: [bot] not UTF-8 text" },
	{ "[bot]\nadmins = a\x1b[31m\n", ":2: [bot] a control character" },
	{ "[bot]\nstate = a\\nb\n", "state: a control character" },
	{ "[bot]\nadmins = a\\tb\n", "admins: a control character" },
	{ "[bot]\nstate = C:\\dir\n", "a backslash is written \\\\" },
	{ "[bot]\nadmins = \\q\n", "a backslash is written \\\\" },
	{ "[bot]\nstate =\n", "state: no path is given" },
	{ "[bot]\nstate = ~bob/x\n", "~ can only be followed by /" },
	{ "[bot]\nstate = $ZNATOK_NO_SUCH/x\n",
	  "$ZNATOK_NO_SUCH is not set in the environment" },
	{ "[bot]\nflood = many\n",
	  "flood: \"many\" is not allowed; allowed: 0 to 100000 commands" },
	{ "[bot]\nflood = -1\n", "0 to 100000" },
	{ "[bot]\nflood = 100001\n", "0 to 100000" },
	{ "[bot]\nflood = 99999999999999999999\n", "0 to 100000" },
	{ "[bot]\nflood =\n", "0 to 100000" },
	{ "[bot]\nflood = 1 # a little\n", "a # comment needs a line" },
	{ "[bot]\nlanguage = de\n", "allowed: ru, en, auto" },
	{ "[bot]\nlanguage = RU\n", "allowed: ru, en, auto" },
	{ "[bot]\nprefix = !!!!!\n", "1 to 4 visible characters" },
	{ "[bot]\nprefix =\n", "1 to 4 visible characters" },
	{ "[bot]\nprefix = q\n", "1 to 4 visible characters" },
	{ "[bot]\nprefix = !я\n", "1 to 4 visible characters" },
	{ "[bot]\nprefix = ! !\n", "1 to 4 visible characters" },
	{ "[bot]\nprefix = !\xe2\x80\x8b\n", "1 to 4 visible characters" },
	{ "[notes]\nwatch = yes\n", "allowed: true or false" },
	{ "[notes]\nwatch = True\n", "allowed: true or false" },
	{ "[notes]\nsite_url = notes.example.org\n", "http or https address" },
	{ "[notes]\nsite_url = ftp://a.example\n", "http or https address" },
	{ "[notes]\nsite_url = https://\n", "http or https address" },
	{ "[notes]\nanswer_budget = 199\n", "200 to 30000 characters" },
};

static void test_mistakes(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(mistakes); i++) {
		g_autoptr(GError) error = NULL;
		g_autoptr(bot_config) config = parse(mistakes[i].text, &error);
		if (config)
			g_error("taken: %s", mistakes[i].text);
		g_assert_error(error, CONFIG_ERROR, CONFIG_ERROR_OPTION);
		if (!strstr(error->message, mistakes[i].said))
			g_error("%s\n-> %s\nwithout: %s", mistakes[i].text,
				error->message, mistakes[i].said);
		g_assert_null(strchr(error->message, '\n'));
	}
}

static void test_all_mistakes_at_once(void)
{
	g_autoptr(GError) error = NULL;
	g_assert_null(parse("[bot]\nprefx = !\nflood = x\n[nots]\nfolders = a\n"
			    "[notes]\nwatch = 1\n",
			    &error));
	g_auto(GStrv) lines = g_strsplit(error->message, "\n", 0);
	g_assert_cmpuint(g_strv_length(lines), ==, 4);
	g_assert_true(g_str_has_prefix(lines[0], "/etc/znatok/bot.conf:2: "));
	g_assert_true(g_str_has_prefix(lines[1], "/etc/znatok/bot.conf:3: "));
	g_assert_true(g_str_has_prefix(lines[2], "/etc/znatok/bot.conf:4: "));
	g_assert_true(g_str_has_prefix(lines[3], "/etc/znatok/bot.conf:7: "));
}

static void test_many_mistakes(void)
{
	g_autoptr(GString) text = g_string_new("[bot]\n");
	g_autoptr(GError) error = NULL;
	for (int i = 0; i < 50; i++)
		g_string_append(text, "?\n");
	g_assert_null(parse(text->str, &error));
	g_assert_true(g_str_has_suffix(error->message, "bot.conf: 30 more"));
}

static void test_zero_byte(void)
{
	static const char text[] = "[bot]\nflood = 1\0 2\n";
	g_autoptr(GError) error = NULL;
	g_assert_null(config_parse(text, sizeof(text) - 1, "bot.conf", &error));
	g_assert_cmpstr(error->message, ==, "bot.conf:2: [bot] not UTF-8 text");
}

static void test_relative_file(void)
{
	static const char text[] = "[notes]\nfolders = notes\n";
	g_autofree char *here = g_get_current_dir();
	static const char *const paths[] = { "bot.conf", "./bot.conf",
					     "a/bot.conf" };
	static const char *const folders[] = { "notes", "notes", "a/notes" };
	for (size_t i = 0; i < G_N_ELEMENTS(paths); i++) {
		g_autoptr(bot_config) config =
			config_parse(text, sizeof(text) - 1, paths[i], NULL);
		g_autofree char *expected =
			g_build_filename(here, folders[i], NULL);
		g_assert_cmpstr(config->notes_folders[0], ==, expected);
	}
}

static void assert_file_error(const char *path, const char *said)
{
	g_autoptr(GError) error = NULL;
	g_assert_null(config_load(path, &error));
	g_assert_error(error, CONFIG_ERROR, CONFIG_ERROR_FILE);
	g_autofree char *expected = g_strdup_printf("%s: %s", path, said);
	g_assert_cmpstr(error->message, ==, expected);
}

static void test_files(void)
{
	g_autofree char *folder = g_dir_make_tmp("znatok-XXXXXX", NULL);
	g_autofree char *path = g_build_filename(folder, "bot.conf", NULL);
	assert_file_error(path, "No such file or directory");
	assert_file_error(folder, "it is a folder");
	assert_file_error("/dev/zero", "it is larger than 1 MB");
	const char *const places[] = { "/no/such", path, folder, NULL };
	g_autofree char *other = config_find(places);
	g_assert_cmpstr(other, ==, folder);

	g_assert_true(g_file_set_contents(path, "", 0, NULL));
	g_autofree char *found = config_find(places);
	g_assert_cmpstr(found, ==, path);
	g_autoptr(bot_config) empty = config_load(path, NULL);
	g_assert_cmpstr(empty->bot_prefix, ==, "!");
	g_assert_cmpstr(empty->file, ==, path);
	if (geteuid() != 0) { /* root reads everything */
		g_chmod(path, 0);
		assert_file_error(path, "Permission denied");
	}
	g_unlink(path);
	g_rmdir(folder);
}

static void test_places(void)
{
	g_auto(GStrv) places = config_places();
	g_assert_cmpuint(g_strv_length(places), ==, 3);
	g_assert_cmpstr(places[0], ==, "bot.conf");
	g_assert_true(g_str_has_prefix(places[1], g_get_user_config_dir()));
	g_assert_cmpstr(places[2], ==, "/etc/znatok/bot.conf");
}

static void test_secret(void)
{
	static const struct {
		mode_t mode;
		bool right;
	} modes[] = {
		{ 0600, true },	 { 0400, true },  { 0640, false },
		{ 0644, false }, { 0602, false }, { 0700, true },
	};
	g_autofree char *folder = g_dir_make_tmp("znatok-XXXXXX", NULL);
	g_autofree char *path = g_build_filename(folder, "pass word", NULL);
	g_assert_true(g_file_set_contents(path, "s3 cret\r\n\n", -1, NULL));
	for (size_t i = 0; i < G_N_ELEMENTS(modes); i++) {
		g_autoptr(GError) error = NULL;
		g_chmod(path, (int)modes[i].mode);
		g_autofree char *secret = config_secret(path, &error);
		g_assert_cmpstr(secret, ==, modes[i].right ? "s3 cret" : NULL);
		if (!modes[i].right) {
			g_assert_error(error, CONFIG_ERROR, CONFIG_ERROR_FILE);
			g_autofree char *end = g_strdup_printf(
				"mend it by: chmod 600 '%s'", path);
			g_assert_true(g_str_has_suffix(error->message, end));
		}
	}
	static const char *const around[] = { " s3 cret", "\n\ts3 cret ",
					      "\xef\xbb\xbfs3 cret\n",
					      "\xef\xbb\xbf s3 cret" };
	for (size_t i = 0; i < G_N_ELEMENTS(around); i++) {
		g_assert_true(g_file_set_contents(path, around[i], -1, NULL));
		g_chmod(path, 0600);
		g_autofree char *secret = config_secret(path, NULL);
		g_assert_cmpstr(secret, ==, "s3 cret");
	}
	g_autoptr(GError) error = NULL;
	g_chmod(path, 0600);
	g_assert_true(g_file_set_contents(path, "\n", -1, NULL));
	g_chmod(path, 0600);
	g_assert_null(config_secret(path, &error));
	g_assert_nonnull(strstr(error->message, "the secret is empty"));
	g_unlink(path);
	g_rmdir(folder);
}

static void test_duration(void)
{
	static const struct {
		const char *text;
		int64_t ms; /* -1: refused */
	} rows[] = {
		{ "10 min", 600000 },
		{ "30s", 30000 },
		{ "20 h", 72000000 },
		{ "7 d", 604800000 },
		{ "500 ms", 500 },
		{ "0 s", -1 },
		{ "8 d", -1 },
		{ "10", -1 },
		{ "min", -1 },
		{ "", -1 },
		{ "1.5 h", -1 },
		{ "-1 h", -1 },
		{ "10 Min", -1 },
		{ "1 h 2 min", -1 },
		{ "99999999999999999999 d", -1 },
	};
	const struct config_option option = { .type = OPTION_DURATION,
					      .least = 500,
					      .most = 604800000,
					      .unit = "" };
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autoptr(GError) error = NULL;
		int64_t ms = -1;
		bool right =
			value_parse(&option, rows[i].text, "/", &ms, &error);
		g_assert_cmpint(right, ==, rows[i].ms >= 0);
		g_assert_cmpint(right ? ms : -1, ==, rows[i].ms);
		if (!right)
			g_assert_nonnull(strstr(
				error->message,
				"allowed: 500 ms to 7 d; units: ms, s, min"));
	}
}

static void test_variables(void)
{
	const struct config_option option = { .type = OPTION_SECRET };
	char *path = NULL;
	g_setenv("CREDENTIALS_DIRECTORY", "/run/credentials/znatok", TRUE);
	g_assert_true(value_parse(&option, "$CREDENTIALS_DIRECTORY/password",
				  "/", &path, NULL));
	g_assert_cmpstr(path, ==, "/run/credentials/znatok/password");
	value_clear(&option, &path);
	g_assert_null(path);
}

static void test_near(void)
{
	static const char *const names[] = { "state", "prefix", "flood", NULL };
	g_assert_cmpstr(near_name("satte", names), ==, "state");
	g_assert_cmpstr(near_name("FLOOD", names), ==, "flood");
	g_assert_cmpstr(near_name("foold", names), ==, NULL);
	g_assert_cmpstr(near_name("pre-fix", names), ==, "prefix");
	g_assert_cmpstr(near_name("", names), ==, NULL);
	g_assert_cmpstr(near_name("префикс", names), ==, NULL);
	g_autofree char *longest = g_strnfill(1000, 'x');
	g_assert_cmpstr(near_name(longest, names), ==, NULL);
}

int main(int argc, char **argv)
{
	setlocale(LC_ALL, "C"); /* strerror's words */
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/config/defaults", test_defaults);
	g_test_add_func("/config/values", test_values);
	g_test_add_func("/config/mistakes", test_mistakes);
	g_test_add_func("/config/all-mistakes", test_all_mistakes_at_once);
	g_test_add_func("/config/many-mistakes", test_many_mistakes);
	g_test_add_func("/config/zero-byte", test_zero_byte);
	g_test_add_func("/config/relative-file", test_relative_file);
	g_test_add_func("/config/files", test_files);
	g_test_add_func("/config/places", test_places);
	g_test_add_func("/config/secret", test_secret);
	g_test_add_func("/config/duration", test_duration);
	g_test_add_func("/config/variables", test_variables);
	g_test_add_func("/config/near", test_near);
	return g_test_run();
}
