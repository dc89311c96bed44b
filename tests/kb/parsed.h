/* What the tests of notes share: a note from a text, and its parts. */

#pragma once

#include <string.h>
#include "kb/note.h"

static inline struct note *parsed(const char *text)
{
	return note_parse("kb/note.md", NULL, text, strlen(text));
}

static inline struct entry *entry_at(const struct note *note, guint i)
{
	g_assert_cmpuint(i, <, note->entries->len);
	return note->entries->pdata[i];
}

/* True if a remark of that level and line says the words. */
static inline bool remarked(const struct note *note, enum remark_level level,
			    int line, const char *words)
{
	for (guint i = 0; i < note->remarks->len; i++) {
		const struct remark *remark = note->remarks->pdata[i];
		if (remark->level == level && remark->line == line &&
		    strstr(remark->text, words))
			return true;
	}
	return false;
}

/* The array's texts with "|" between. */
static inline void assert_strv(char **strv, const char *joined)
{
	g_autofree char *text = g_strjoinv("|", strv);
	g_assert_cmpstr(text, ==, joined);
}

static inline struct note *parsed_file(const char *file, char **text)
{
	size_t len;
	g_autoptr(GError) error = NULL;
	g_file_get_contents(file, text, &len, &error);
	g_assert_no_error(error);
	return note_parse(file, NULL, *text, len);
}
