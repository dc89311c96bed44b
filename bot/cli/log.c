#include "bot/cli/log.h"

#include <glib.h>
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
	for (gsize i = 0; i < len; i++) {
		if (!g_str_equal(fields[i].key, "MESSAGE"))
			continue;
		if (g_getenv("JOURNAL_STREAM"))
			fprintf(stderr, "<%d>", levels[row].priority);
		fprintf(stderr, "znatok: %s: %s\n", levels[row].name,
			(const char *)fields[i].value);
	}
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
