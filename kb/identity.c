#include "kb/identity.h"

#include <string.h>

#include "kb/folders.h"
#include "kb/words.h"

struct identity {
	GHashTable *files;  /* key -> the file that has it */
	GHashTable *latest; /* base -> the last n given out */
};

struct identity *identity_new(void)
{
	struct identity *self = g_new0(struct identity, 1);
	self->files =
		g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	self->latest =
		g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	return self;
}

void identity_free(struct identity *self)
{
	if (!self)
		return;
	g_hash_table_unref(self->files);
	g_hash_table_unref(self->latest);
	g_free(self);
}

void identity_reserve(struct identity *self, const char *key, const char *file)
{
	g_hash_table_insert(self->files, g_strdup(key), g_strdup(file));
}

bool identity_is_taken(const struct identity *self, const char *key,
		       const char *file)
{
	const char *other = g_hash_table_lookup(self->files, key);
	return other && strcmp(other, file) != 0;
}

static char *spell(const char *base, guint n)
{
	return n > 1 ? g_strdup_printf("%s@%u", base, n) : g_strdup(base);
}

char *identity_claim(struct identity *self, const char *base, const char *file)
{
	/* From the last one on, or a thousand copies would take a million. */
	guint n = GPOINTER_TO_UINT(g_hash_table_lookup(self->latest, base));
	n = MAX(n, 1);
	char *key = spell(base, n);
	while (identity_is_taken(self, key, file)) {
		g_free(key);
		key = spell(base, ++n);
	}
	g_hash_table_insert(self->latest, g_strdup(base), GUINT_TO_POINTER(n));
	identity_reserve(self, key, file);
	return key;
}

bool identity_is_plain(const char *key, const char *below)
{
	if (strcmp(key, below) == 0)
		return true;
	const char *at = strrchr(key, '@');
	bool numbered =
		at && at[1] && strspn(at + 1, "0123456789") == strlen(at + 1);
	return !numbered && !folders_is_note(key);
}

/*
 * An entry in a second language is to bear the id of the one that it says
 * again: its dialect will have to tell, here, which one that is.
 */
void identity_set_ids(struct note *parsed, const char *key)
{
	g_autoptr(GHashTable) earlier =
		g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	for (guint i = 0; i < parsed->entries->len; i++) {
		struct entry *each = parsed->entries->pdata[i];
		char *local = each->block_id ? g_strdup(each->block_id)
					     : words_fold(each->title);
		guint n = GPOINTER_TO_UINT(g_hash_table_lookup(earlier, local));
		entry_id(each->id, key, local, n);
		g_hash_table_insert(earlier, local, GUINT_TO_POINTER(n + 1));
	}
}
