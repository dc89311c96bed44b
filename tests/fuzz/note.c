/* Any bytes at all are a note: nothing crashes, and what comes out is sane. */
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "kb/lines.h"
#include "kb/note.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* abort(), for a fuzzer does not see the trap of g_error(). */
static void require(bool good, const char *what, const char *text)
{
	if (good)
		return;
	g_printerr("%s: %s\n", what, text);
	abort();
}

static void check_text(const char *text)
{
	require(!text || g_utf8_validate(text, -1, NULL), "not UTF-8", text);
}

static void check_strv(char **texts, GString *all)
{
	g_assert_nonnull(texts);
	for (; *texts; texts++) {
		check_text(*texts);
		g_string_append_printf(all, "%s\n", *texts);
	}
}

/* Each line of code stands in a text of its entry, whatever its indent. */
static void check_code(const struct code *code, const char *all)
{
	check_text(code->language);
	check_text(code->text);
	g_auto(GStrv) lines = g_strsplit(code->text, "\n", -1);
	for (char **line = lines; *line; line++) {
		size_t len = strlen(*line);
		if (lines_space(*line, len) < len)
			require(strstr(all, g_strstrip(*line)), "lost code",
				*line);
	}
}

static void check_entry(const struct entry *entry, size_t lines)
{
	g_autoptr(GString) all = g_string_new(NULL);
	const char *const texts[] = {
		entry->title,	 entry->brief,	   entry->answer,
		entry->body,	 entry->example,   entry->hint,
		entry->language, entry->author,	   entry->difficulty,
		entry->block_id, entry->permalink,
	};
	for (size_t i = 0; i < G_N_ELEMENTS(texts); i++) {
		check_text(texts[i]);
		g_string_append_printf(all, "%s\n", texts[i] ? texts[i] : "");
	}
	char **const arrays[] = {
		entry->path,	 entry->tags,  entry->aliases, entry->questions,
		entry->keywords, entry->wrong, entry->links,
	};
	for (size_t i = 0; i < G_N_ELEMENTS(arrays); i++)
		check_strv(arrays[i], all);
	for (size_t i = 0; i < entry->code_len; i++)
		check_code(&entry->code[i], all->str);
	g_assert_nonnull(entry->title);
	g_assert_cmpint(*entry->title, !=, '\0');
	g_assert_nonnull(entry->language);
	g_assert_nonnull(entry->dialect);
	g_assert_cmpint(entry->line, >=, 1);
	g_assert_cmpuint((size_t)entry->line, <=, lines);
	g_autofree char *hash = entry_content_hash(entry);
	g_autofree char *markdown = entry_markdown(entry);
	g_assert_cmpuint(strlen(hash), ==, 16);
	check_text(markdown);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	size_t lines = 1;
	for (size_t i = 0; i < size; i++)
		lines += data[i] == '\n' || data[i] == '\r';
	g_autoptr(note) note =
		note_parse("note.md", NULL, (const char *)data, size);
	check_text(note->title);
	check_text(note->language);
	g_assert_cmpint(*note->title, !=, '\0');
	for (guint i = 0; i < note->entries->len; i++)
		check_entry(note->entries->pdata[i], lines);
	for (guint i = 0; i < note->remarks->len; i++) {
		const struct remark *remark = note->remarks->pdata[i];
		g_assert_cmpint(remark->line, >=, 0);
		check_text(remark->text);
		require((size_t)remark->line <= lines, "no such line",
			remark->text);
	}
	return 0;
}
