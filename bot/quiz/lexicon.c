#include "bot/quiz/lexicon.h"

#include <string.h>
#include <glib.h>

struct row {
	const char
		*poles[2]; /* patterns, a space between; [1] NULL: synonyms */
	enum lexicon_kind kind;
};

static const struct row rows[] = {
#define OPPOSITE(a, b) { { a, b }, LEXICON_OPPOSITE },
#define CONTRAST(a, b) { { a, b }, LEXICON_CONTRAST },
#define QUANTITY(a, b) { { a, b }, LEXICON_QUANTITY },
#define SYNONYMS(a) { { a, NULL }, LEXICON_SYNONYMS },
#include "bot/quiz/opposites.def"
#include "bot/quiz/synonyms.def"
#undef OPPOSITE
#undef CONTRAST
#undef QUANTITY
#undef SYNONYMS
};

struct pattern {
	const char *text;
	size_t len;
	bool open; /* "быстр*": the beginning of a word */
	bool two;  /* "тот_же" */
	struct meaning meaning;
};

static void add_patterns(GHashTable *by_letter, const char *patterns,
			 struct meaning meaning)
{
	for (const char *p = patterns; *p;) {
		size_t len = strcspn(p, " ");
		bool open = p[len - 1] == '*';
		struct pattern pattern = { p, len - open, open,
					   memchr(p, '_', len) != NULL,
					   meaning };
		gpointer letter = GUINT_TO_POINTER(g_utf8_get_char(p));
		GArray *list = g_hash_table_lookup(by_letter, letter);
		if (!list) {
			list = g_array_new(FALSE, FALSE, sizeof(pattern));
			g_hash_table_insert(by_letter, letter, list);
		}
		g_array_append_val(list, pattern);
		p += len;
		p += strspn(p, " ");
	}
}

/* The patterns by their first letter, made once and kept. */
static GHashTable *index_patterns(void)
{
	static GHashTable *made;
	if (!g_once_init_enter(&made))
		return made;
	GHashTable *by_letter = g_hash_table_new(NULL, NULL);
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		bool pair = rows[i].poles[1] != NULL;
		add_patterns(by_letter, rows[i].poles[0],
			     (struct meaning){ (short)i, pair ? 1 : 0 });
		if (pair)
			add_patterns(by_letter, rows[i].poles[1],
				     (struct meaning){ (short)i, 2 });
	}
	g_once_init_leave(&made, by_letter);
	return made;
}

static bool fits(const struct pattern *pattern, const char *word)
{
	return strncmp(pattern->text, word, pattern->len) == 0 &&
	       (pattern->open || word[pattern->len] == '\0');
}

static size_t find(const char *word, bool two,
		   struct meaning meanings[MEANINGS_MOST], size_t len)
{
	GArray *list = g_hash_table_lookup(
		index_patterns(), GUINT_TO_POINTER(g_utf8_get_char(word)));
	for (size_t i = 0; list && i < list->len && len < MEANINGS_MOST; i++) {
		const struct pattern *pattern =
			&g_array_index(list, struct pattern, i);
		if (pattern->two == two && fits(pattern, word))
			meanings[len++] = pattern->meaning;
	}
	return len;
}

size_t lexicon_find(const char *word, const char *before,
		    struct meaning meanings[MEANINGS_MOST])
{
	size_t len = 0;
	if (before) {
		g_autofree char *both = g_strconcat(before, "_", word, NULL);
		len = find(both, true, meanings, len);
	}
	return find(word, false, meanings, len);
}

enum lexicon_kind lexicon_kind(short row)
{
	return rows[row].kind;
}
