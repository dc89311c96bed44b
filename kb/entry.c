#include "kb/entry.h"

#include <string.h>

struct entry *entry_new(void)
{
	struct entry *entry = g_new0(struct entry, 1);
	char ***const arrays[] = {
		&entry->path,	   &entry->tags,     &entry->aliases,
		&entry->questions, &entry->keywords, &entry->wrong,
		&entry->links,
	};
	for (size_t i = 0; i < G_N_ELEMENTS(arrays); i++)
		*arrays[i] = g_new0(char *, 1);
	return entry;
}

void entry_free(struct entry *entry)
{
	if (!entry)
		return;
	char **const arrays[] = {
		entry->path,	 entry->tags,  entry->aliases, entry->questions,
		entry->keywords, entry->wrong, entry->links,
	};
	for (size_t i = 0; i < G_N_ELEMENTS(arrays); i++)
		g_strfreev(arrays[i]);
	char *const texts[] = {
		entry->title,	 entry->language,  entry->brief,
		entry->answer,	 entry->body,	   entry->example,
		entry->hint,	 entry->author,	   entry->difficulty,
		entry->block_id, entry->permalink, entry->file,
	};
	for (size_t i = 0; i < G_N_ELEMENTS(texts); i++)
		g_free(texts[i]);
	for (size_t i = 0; i < entry->code_len; i++) {
		g_free(entry->code[i].language);
		g_free(entry->code[i].text);
	}
	g_free(entry->code);
	g_free(entry);
}

void entry_id(char id[ENTRY_ID_LEN + 1], const char *key, const char *local,
	      unsigned n)
{
	g_autoptr(GChecksum) sum = g_checksum_new(G_CHECKSUM_SHA256);
	g_autofree char *count = g_strdup_printf("%u", n);
	g_checksum_update(sum, (const guchar *)key, strlen(key) + 1);
	g_checksum_update(sum, (const guchar *)local, strlen(local) + 1);
	g_checksum_update(sum, (const guchar *)count, strlen(count));
	g_strlcpy(id, g_checksum_get_string(sum), ENTRY_ID_LEN + 1);
}

/* A length before each text: no two different entries feed the same bytes. */
static void hash_text(GChecksum *sum, const char *text)
{
	char head[24];
	int len = text ? g_snprintf(head, sizeof(head), "%zu:", strlen(text))
		       : g_snprintf(head, sizeof(head), "-");
	g_checksum_update(sum, (const guchar *)head, len);
	if (text)
		g_checksum_update(sum, (const guchar *)text, strlen(text));
}

static void hash_count(GChecksum *sum, size_t count)
{
	g_autofree char *text = g_strdup_printf("%zu", count);
	hash_text(sum, text);
}

char *entry_content_hash(const struct entry *entry)
{
	g_autoptr(GChecksum) sum = g_checksum_new(G_CHECKSUM_SHA256);
	const char *const texts[] = {
		entry->brief,	entry->answer, entry->body,
		entry->example, entry->hint,
	};
	char **const arrays[] = {
		entry->questions, entry->aliases, entry->tags,
		entry->keywords,  entry->wrong,
	};
	for (size_t i = 0; i < G_N_ELEMENTS(texts); i++)
		hash_text(sum, texts[i]);
	for (size_t i = 0; i < G_N_ELEMENTS(arrays); i++) {
		hash_count(sum, g_strv_length(arrays[i]));
		for (char **text = arrays[i]; *text; text++)
			hash_text(sum, *text);
	}
	hash_count(sum, entry->code_len);
	for (size_t i = 0; i < entry->code_len; i++) {
		hash_text(sum, entry->code[i].language);
		hash_text(sum, entry->code[i].text);
	}
	return g_strndup(g_checksum_get_string(sum), 16);
}

static void put_block(GString *markdown, const char *text)
{
	if (!text || !*text)
		return;
	if (markdown->len > 0)
		g_string_append(markdown, "\n\n");
	g_string_append(markdown, text);
}

/* An answer without its question says little. A quote holds any Markdown. */
static char *quoted_question(const struct entry *entry)
{
	const char *question = *entry->questions;
	if (!question || g_strcmp0(question, entry->title) == 0)
		return NULL;
	g_auto(GStrv) lines = g_strsplit(question, "\n", -1);
	g_autofree char *joined = g_strjoinv("\n> ", lines);
	return g_strconcat("> ", joined, NULL);
}

char *entry_markdown(const struct entry *entry)
{
	GString *markdown = g_string_new(NULL);
	g_autofree char *question = quoted_question(entry);
	put_block(markdown, entry->brief);
	put_block(markdown, entry->body);
	put_block(markdown, question);
	put_block(markdown, entry->answer);
	put_block(markdown, entry->example);
	return g_string_free(markdown, FALSE);
}
