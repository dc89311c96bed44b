#include "kb/document.h"

#include <stdbool.h>
#include <string.h>

#include "kb/fence.h"
#include "kb/identifiers.h"
#include "kb/names.h"
#include "kb/words.h"

const double field_weight[FIELDS] = {
	[FIELD_TITLE] = 4,    [FIELD_ALIAS] = 4, [FIELD_TAGS] = 2,
	[FIELD_QUESTION] = 2, [FIELD_BRIEF] = 2, [FIELD_ANSWER] = 1,
	[FIELD_CODE] = 1,
};

static void add_words(struct document *document, enum field field,
		      const char *folded)
{
	GString *to = document->text[field];
	struct word word;
	for (const char *rest = folded; word_next(&rest, &word);) {
		if (word_is_stop(&word))
			continue;
		if (to->len)
			g_string_append_c(to, ' ');
		size_t from = to->len;
		word_stem(&word, to);
		document->len++;
		if (!g_hash_table_contains(document->stems, to->str + from))
			g_hash_table_insert(document->stems,
					    g_strdup(to->str + from),
					    g_strndup(word.text, word.len));
	}
}

/* Code is found by its identifiers: what its strings say is not about it. */
static void add_code(struct document *document, const struct entry *entry)
{
	g_autoptr(GPtrArray) all = identifiers_of(entry);
	for (guint i = 0; i < all->len; i++) {
		g_autofree char *folded = words_fold(all->pdata[i]);
		if (!words_has_cyrillic(folded))
			add_words(document, FIELD_CODE, folded);
	}
}

/* What stands between fences is in the entry's code already. */
static char *without_fences(const char *text)
{
	GString *to = g_string_sized_new(strlen(text));
	struct fence_reader fence = { 0 };
	while (*text) {
		size_t len = strcspn(text, "\n");
		len += text[len] == '\n';
		if (!fence_reader_is_code(&fence, text))
			g_string_append_len(to, text, (gssize)len);
		text += len;
	}
	return g_string_free(to, FALSE);
}

static void add(struct document *document, enum field field, const char *text)
{
	if (!text)
		return;
	g_autofree char *prose = without_fences(text);
	g_autofree char *plain = names_plain(prose);
	g_autofree char *folded = words_fold(plain);
	add_words(document, field, folded);
}

static void add_all(struct document *document, enum field field, char **texts)
{
	for (; *texts; texts++)
		add(document, field, *texts);
}

void document_init(struct document *document, const struct entry *entry)
{
	*document = (struct document){ .stems = g_hash_table_new_full(
					       g_str_hash, g_str_equal, g_free,
					       g_free) };
	for (size_t i = 0; i < FIELDS; i++)
		document->text[i] = g_string_new(NULL);
	add(document, FIELD_TITLE, entry->title);
	add_all(document, FIELD_ALIAS, entry->aliases);
	add_all(document, FIELD_TAGS, entry->tags);
	add_all(document, FIELD_TAGS, entry->keywords);
	add_all(document, FIELD_QUESTION, entry->questions);
	add(document, FIELD_BRIEF, entry->brief);
	add(document, FIELD_ANSWER, entry->body);
	add(document, FIELD_ANSWER, entry->answer);
	add(document, FIELD_ANSWER, entry->example);
	add_code(document, entry);
}

void document_clear(struct document *document)
{
	for (size_t i = 0; i < FIELDS; i++)
		if (document->text[i])
			g_string_free(document->text[i], TRUE);
	if (document->stems)
		g_hash_table_unref(document->stems);
	*document = (struct document){ 0 };
}
