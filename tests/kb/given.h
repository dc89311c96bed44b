/* Entries by hand, for the tests of what stands on them. */

#pragma once

#include <string.h>
#include "kb/index.h"

struct given {
	const char *title;
	const char *question, *brief, *answer, *code;
	const char *aliases, *tags, *keywords; /* "one|two" */
	const char *permalink, *block_id, *language;
	const char *id; /* NULL: made of the title */
	int line;
};

static inline char **given_list(const char *text)
{
	return g_strsplit(text ? text : "", "|", -1);
}

static inline struct entry *given_entry(const struct given *given,
					const char *file)
{
	struct entry *made = entry_new();
	g_autofree char *hash = g_compute_checksum_for_string(G_CHECKSUM_SHA256,
							      given->title, -1);
	g_strlcpy(made->id, given->id ? given->id : hash, sizeof(made->id));
	made->title = g_strdup(given->title);
	made->brief = g_strdup(given->brief);
	made->answer = g_strdup(given->answer);
	made->permalink = g_strdup(given->permalink);
	made->block_id = g_strdup(given->block_id);
	made->language = g_strdup(given->language ? given->language : "ru");
	made->dialect = "labels";
	made->file = g_strdup(file);
	made->line = given->line ? given->line : 1;
	char ***lists[] = { &made->questions, &made->aliases, &made->tags,
			    &made->keywords };
	const char *const texts[] = { given->question, given->aliases,
				      given->tags, given->keywords };
	for (size_t i = 0; i < G_N_ELEMENTS(lists); i++) {
		g_strfreev(*lists[i]);
		*lists[i] = given_list(texts[i]);
	}
	if (given->code) {
		made->code = g_new0(struct code, 1);
		made->code[0].language = g_strdup("python");
		made->code[0].text = g_strdup(given->code);
		made->code_len = 1;
	}
	return made;
}

/* Puts them as one note; inside begin…commit. */
static inline void given_put(struct index *index, const char *file,
			     const struct given *given, size_t len)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(GPtrArray) entries =
		g_ptr_array_new_with_free_func((GDestroyNotify)entry_free);
	for (size_t i = 0; i < len; i++)
		g_ptr_array_add(entries, given_entry(&given[i], file));
	struct index_note note = { .file = (char *)file,
				   .key = (char *)file,
				   .hash = (char *)"00",
				   .size = 100,
				   .mtime = 1 };
	index_put_note(index, &note, entries, NULL, &error);
	g_assert_no_error(error);
}

/* An index in memory that holds them as generation 1. */
static inline struct index *given_index(const struct given *given, size_t len)
{
	g_autoptr(GError) error = NULL;
	struct index *index = index_open(NULL, NULL, &error);
	g_assert_no_error(error);
	index_begin(index, &error);
	g_assert_no_error(error);
	given_put(index, "notes/given.md", given, len);
	index_commit(index, &error);
	g_assert_no_error(error);
	return index;
}
