/*
 * bot.conf.example in the repository is what the table says. After a change
 * of options.def: UPDATE=yes build/tests/config/example
 */

#include <string.h>

#include "config/config.h"

static void test_committed(void)
{
	const char *source = g_getenv("SOURCE_DIR");
	g_autofree char *path = g_build_filename(source ? source : ".",
						 "bot.conf.example", NULL);
	g_autofree char *committed = NULL;
	g_autofree char *printed = config_example();
	g_autoptr(GError) error = NULL;
	if (g_getenv("UPDATE"))
		g_file_set_contents(path, printed, -1, &error);
	g_assert_no_error(error);
	g_file_get_contents(path, &committed, NULL, &error);
	g_assert_no_error(error);
	g_assert_cmpstr(committed, ==, printed);
}

/* With every option set to what the example says, it is the defaults. */
static void test_uncommented(void)
{
	g_autofree char *example = config_example();
	g_auto(GStrv) lines = g_strsplit(example, "\n", 0);
	for (char **line = lines; *line; line++) {
		g_assert_cmpuint(g_utf8_strlen(*line, -1), <=, 80);
		if ((*line)[0] == '#' && g_ascii_isalpha((*line)[1]))
			memmove(*line, *line + 1, strlen(*line));
	}
	g_autofree char *text = g_strjoinv("\n", lines);
	g_autoptr(GError) error = NULL;
	g_autoptr(bot_config) config =
		config_parse(text, strlen(text), "bot.conf", &error);
	g_autoptr(bot_config) usual = config_default();
	g_assert_no_error(error);
	g_assert_cmpstr(config->bot_state, ==, usual->bot_state);
	g_assert_cmpint(config->bot_flood, ==, usual->bot_flood);
	g_assert_cmpstr(config->notes_site_url, ==, usual->notes_site_url);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/config/example/committed", test_committed);
	g_test_add_func("/config/example/uncommented", test_uncommented);
	return g_test_run();
}
