#include "bot/cli/log.h"

#include <glib.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

static const struct {
	GLogLevelFlags flag;
	const char *name;  /* at the line's start */
	int priority;	   /* of syslog(3) */
	const char *least; /* the log_level that shows it */
} levels[] = {
	{ G_LOG_LEVEL_ERROR, "fatal", 2, "error" },
	{ G_LOG_LEVEL_CRITICAL, "error", 3, "error" },
	{ G_LOG_LEVEL_WARNING, "warning", 4, "warning" },
	{ G_LOG_LEVEL_MESSAGE, "info", 6, "info" },
	{ G_LOG_LEVEL_INFO, "info", 6, "info" },
	{ G_LOG_LEVEL_DEBUG, "debug", 7, "debug" },
};

static size_t shown = 5; /* rows of levels */

/* Ends a line, or is obeyed by a terminal, or turns the text around it about
 * (Unicode TR 36, "Bidirectional Text Spoofing"). */
static bool is_unruly(gunichar letter)
{
	return g_unichar_iscntrl(letter) || letter == 0x061c ||
	       (letter >= 0x200e && letter <= 0x200f) ||
	       (letter >= 0x2028 && letter <= 0x202e) ||
	       (letter >= 0x2066 && letter <= 0x2069);
}

char *log_visible(const char *text)
{
	GString *visible = g_string_new(NULL);
	g_autofree char *valid = g_utf8_make_valid(text, -1);
	for (const char *c = valid; *c; c = g_utf8_next_char(c)) {
		gunichar letter = g_utf8_get_char(c);
		if (is_unruly(letter))
			g_string_append_printf(
				visible, letter < 0x100 ? "\\x%02x" : "\\u%04x",
				letter);
		else
			g_string_append_unichar(visible, letter);
	}
	return g_string_free(visible, FALSE);
}

static void write_message(const char *message, int priority, const char *level)
{
	g_autofree char *visible = log_visible(message);
	if (g_getenv("JOURNAL_STREAM"))
		fprintf(stderr, "<%d>", priority);
	fprintf(stderr, "znatok: %s: %s\n", level, visible);
}

static GLogWriterOutput write_line(GLogLevelFlags level,
				   const GLogField *fields, gsize len,
				   gpointer data)
{
	(void)data;
	size_t row = 0;
	while (row + 1 < G_N_ELEMENTS(levels) && !(level & levels[row].flag))
		row++;
	if (row >= shown)
		return G_LOG_WRITER_HANDLED;
	for (gsize i = 0; i < len; i++)
		if (g_str_equal(fields[i].key, "MESSAGE"))
			write_message(fields[i].value, levels[row].priority,
				      levels[row].name);
	return G_LOG_WRITER_HANDLED;
}

void log_begin(void)
{
	g_log_set_writer_func(write_line, NULL, NULL);
}

void log_set_level(const char *level)
{
	shown = 0;
	for (size_t i = 0; i < G_N_ELEMENTS(levels); i++) {
		shown = i + 1;
		if (g_str_equal(levels[i].least, level) &&
		    (i + 1 == G_N_ELEMENTS(levels) ||
		     !g_str_equal(levels[i + 1].least, level)))
			return;
	}
}
