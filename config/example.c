/* bot.conf.example from the table. */

#include "config/config.h"
#include "config/value.h"

enum { COLUMNS = 78 };

static const char head[] =
	"# The configuration of znatok. Copy it to one of:\n"
	"#   bot.conf in the folder where znatok is started,\n"
	"#   ~/.config/znatok/bot.conf, /etc/znatok/bot.conf\n"
	"# Everything may be left out; what is commented out is the default.\n"
	"# A comment needs a line of its own. A relative path is counted from\n"
	"# the folder of this file; ~ is your home folder. A backslash is\n"
	"# written \\\\.\n";

/* text as comment lines, broken at spaces. */
static void comment(GString *out, const char *text)
{
	g_auto(GStrv) words = g_strsplit(text, " ", 0);
	long column = 0;
	for (char **word = words; *word; word++) {
		long len = g_utf8_strlen(*word, -1);
		if (column > 0 && column + 1 + len > COLUMNS) {
			g_string_append_c(out, '\n');
			column = 0;
		}
		if (column == 0) {
			g_string_append_c(out, '#');
			column = 1;
		}
		g_string_append_printf(out, " %s", *word);
		column += len + 1;
	}
	g_string_append_c(out, '\n');
}

static void option_lines(GString *out, const struct config_option *option)
{
	g_autofree char *allowed = value_allowed(option);
	g_autofree char *last = g_strdup_printf("Allowed: %s.", allowed);
	g_string_append_c(out, '\n');
	comment(out, option->help);
	comment(out, last);
	g_string_append_printf(out, "#%s =%s%s\n", option->key,
			       *option->preset ? " " : "", option->preset);
}

char *config_example(void)
{
	GString *out = g_string_new(head);
	for (size_t i = 0; i < CONFIG_SECTIONS; i++) {
		g_string_append_c(out, '\n');
		comment(out, config_sections[i].help);
		g_string_append_printf(out, "[%s]\n", config_sections[i].name);
		for (size_t j = 0; j < CONFIG_OPTIONS; j++)
			if (g_str_equal(config_options[j].section,
					config_sections[i].name))
				option_lines(out, &config_options[j]);
	}
	return g_string_free(out, FALSE);
}
