/* Stems and stop words of words.h. */

#include <stdlib.h>
#include <string.h>
#include <libstemmer.h>

#include "kb/script.h"
#include "kb/words.h"

static void delete_stemmer(void *stemmer)
{
	sb_stemmer_delete(stemmer);
}

/* One a thread, for a stemmer keeps its last word. */
static GPrivate russian = G_PRIVATE_INIT(delete_stemmer);
static GPrivate english = G_PRIVATE_INIT(delete_stemmer);

static struct sb_stemmer *stemmer(GPrivate *slot, const char *language)
{
	struct sb_stemmer *own = g_private_get(slot);
	if (own)
		return own;
	own = sb_stemmer_new(language, "UTF_8");
	g_assert(own);
	g_private_set(slot, own);
	return own;
}

/* GPrivate forgets the main thread's; leak checkers do not. */
__attribute__((destructor)) static void delete_own_stemmers(void)
{
	g_private_replace(&russian, NULL);
	g_private_replace(&english, NULL);
}

/* A longer run of letters is no word of a language. */
enum { STEMMED_MOST = 100 };

void word_stem(const struct word *word, GString *to)
{
	enum script script = SCRIPT_OTHER;
	if (word->len <= STEMMED_MOST)
		script = script_of(g_utf8_get_char(word->text));
	if (script == SCRIPT_OTHER) {
		g_string_append_len(to, word->text, (gssize)word->len);
		return;
	}
	struct sb_stemmer *own = script == SCRIPT_CYRILLIC
					 ? stemmer(&russian, "russian")
					 : stemmer(&english, "english");
	const sb_symbol *stem = sb_stemmer_stem(
		own, (const sb_symbol *)word->text, (int)word->len);
	g_assert(stem); /* NULL where no memory is left */
	int len = sb_stemmer_length(own);
	g_string_append_len(to, (const char *)stem, len);
}

char *words_stem(const char *word)
{
	struct word whole = { word, strlen(word) };
	GString *to = g_string_sized_new(whole.len + 1);
	word_stem(&whole, to);
	return g_string_free(to, FALSE);
}

static const char *const stops[] = {
#define STOP(word) word,
#include "kb/stop.def"
#undef STOP
};

static int compare(const void *key, const void *row)
{
	const struct word *word = key;
	const char *stop = *(const char *const *)row;
	int order = strncmp(word->text, stop, word->len);
	return order ? order : -(stop[word->len] != '\0');
}

bool word_is_stop(const struct word *word)
{
	return bsearch(word, stops, G_N_ELEMENTS(stops), sizeof(stops[0]),
		       compare) != NULL;
}

bool words_is_stop(const char *word)
{
	struct word whole = { word, strlen(word) };
	return word_is_stop(&whole);
}
