/*
 * Stages d and e: words that no entry holds, for a typo or for the other
 * script, give way to the nearest ones that some entry does.
 */

#include <string.h>

#include "kb/lookup_private.h"
#include "kb/names.h"
#include "kb/words.h"

enum {
	SWAPPED_LEAST = 3, /* letters of a word whose swap is worth a guess */
	TYPED_MOST = 40,   /* letters of a word that somebody typed */
	ENDING = 3,	   /* letters by which forms of a word may differ */
};

/* The word to put in a term's place. */
struct near {
	char *word; /* NULL: none */
	char *stem;
	int64_t entries;
	unsigned typos;
};
typedef struct near near;

static void near_clear(struct near *near)
{
	g_free(near->word);
	g_free(near->stem);
	*near = (struct near){ 0 };
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(near, near_clear)

static void take(struct near *near, struct sqlite_rows *rows, unsigned typos)
{
	near_clear(near);
	near->stem = g_strdup(sqlite_text(rows, 0));
	near->word = g_strdup(sqlite_text(rows, 1));
	near->entries = sqlite_int(rows, 2);
	near->typos = typos;
}

/* gli and gil: two neighbours in the other order, all else alike. */
static bool is_swap(const char *a, const char *b)
{
	while (*a && g_utf8_get_char(a) == g_utf8_get_char(b)) {
		a = g_utf8_next_char(a);
		b = g_utf8_next_char(b);
	}
	if (!*a || !*b)
		return false;
	const char *a2 = g_utf8_next_char(a), *b2 = g_utf8_next_char(b);
	return *a2 && *b2 && g_utf8_get_char(a) == g_utf8_get_char(b2) &&
	       g_utf8_get_char(a2) == g_utf8_get_char(b) &&
	       g_str_equal(g_utf8_next_char(a2), g_utf8_next_char(b2));
}

/* Words of titles and aliases and code alone are worth a guess. */
static bool is_name(struct search *search, struct sqlite_rows *rows, bool *is,
		    GError **error)
{
	int64_t value = 0;
	if (!sqlite_ask_int(search->index->db, IS_NAME, &value, NULL, error,
			    V(sqlite_text(rows, 0)), V(sqlite_text(rows, 1)),
			    V(2 * NAME_ALIAS), V(2 * NAME_TITLE_CODE),
			    V(2 * NAME_CODE))) /* 2 * kind + loose */
		return false;
	*is = value != 0;
	return true;
}

/*
 * How far the term is from a word: by its whole letters, or, where its ending
 * is another one, by the stems, which are shorter and so have to be nearer.
 */
static unsigned typos_between(const struct term *term, const char *stem,
			      const char *word, unsigned most)
{
	size_t letters = (size_t)g_utf8_strlen(term->stem, -1);
	unsigned budget = MIN(words_typo_budget(letters), most);
	unsigned of_words = words_distance(term->word, word, most);
	if (words_distance(term->word, word, most + ENDING) > most + ENDING)
		return of_words;
	unsigned of_stems = words_distance(term->stem, stem, budget);
	return of_stems <= budget ? MIN(of_words, of_stems) : of_words;
}

/* Words of the same first letter; the nearest wins, then the commonest. */
static bool find_typo(struct search *search, const struct term *term,
		      struct near *near, GError **error)
{
	size_t letters = (size_t)g_utf8_strlen(term->word, -1);
	unsigned budget = words_typo_budget(letters);
	if (letters < SWAPPED_LEAST || letters > TYPED_MOST)
		return true;
	gunichar first = g_utf8_get_char(term->stem);
	char from[7] = { 0 }, to[7] = { 0 };
	g_unichar_to_utf8(first, from);
	g_unichar_to_utf8(first + 1, to);
	g_auto(sqlite_rows) rows =
		sqlite_ask(search->index->db, STEMS_FROM, V((const char *)from),
			   V((const char *)to));
	while (sqlite_next(&rows)) {
		const char *stem = sqlite_text(&rows, 0);
		unsigned most = near->word ? near->typos : MAX(budget, 1);
		const char *word = sqlite_text(&rows, 1);
		unsigned typos = typos_between(term, stem, word, most);
		if (typos > most || (!budget && !is_swap(term->word, word)))
			continue;
		if (near->word && typos == near->typos &&
		    sqlite_int(&rows, 2) <= near->entries)
			continue;
		bool name;
		if (!is_name(search, &rows, &name, error))
			return false;
		if (name)
			take(near, &rows, typos);
	}
	return sqlite_end(&rows, error);
}

static bool find_sound(struct search *search, const struct term *term,
		       struct near *near, GError **error)
{
	g_autofree char *skeleton = words_skeleton(
		words_has_cyrillic(term->word) ? term->stem : term->word);
	if (!*skeleton)
		return true;
	g_auto(sqlite_rows) rows =
		sqlite_ask(search->index->db, STEMS_LIKE, V(skeleton));
	/* Words of one script that sound alike are other words. */
	bool cyrillic = words_has_cyrillic(term->word);
	while (!near->word && sqlite_next(&rows))
		if (words_has_cyrillic(sqlite_text(&rows, 1)) != cyrillic)
			take(near, &rows, 1);
	return sqlite_end(&rows, error);
}

static bool find(struct search *search, const struct term *term,
		 struct near *near, GError **error)
{
	return find_typo(search, term, near, error) &&
	       (near->word || find_sound(search, term, near, error));
}

/* The term as it is, or what is near it. */
static bool mend_term(struct search *search, const struct term *term,
		      struct reading *mended, bool *any, GError **error)
{
	struct term *own = &mended->terms[mended->len];
	g_auto(near) near = { 0 };
	if (!term->entries && !find(search, term, &near, error))
		return false;
	*own = (struct term){
		.word = g_strdup(near.word ? near.word : term->word),
		.stem = g_strdup(near.word ? near.stem : term->stem),
	};
	mended->len++;
	if (near.word) {
		*any = true;
		mended->penalty += near.typos;
		mended->unsure = mended->unsure ||
				 !words_typo_budget(
					 (size_t)g_utf8_strlen(term->word, -1));
	}
	return true;
}

static bool mend(struct search *search, const struct reading *reading,
		 struct reading *mended, bool *any, GError **error)
{
	*mended = (struct reading){ .penalty = reading->penalty, .cut = true };
	for (size_t i = 0; i < reading->len; i++)
		if (!mend_term(search, &reading->terms[i], mended, any,
			       error) ||
		    !lookup_weigh(search, mended, i, error))
			return false;
	g_autoptr(GString) text = g_string_new(NULL);
	for (size_t i = 0; i < mended->len; i++)
		g_string_append_printf(text, "%s%s", i ? " " : "",
				       mended->terms[i].word);
	mended->text = g_strdup(text->str);
	mended->folded = g_strdup(text->str);
	return true;
}

bool lookup_near(struct search *search, struct reading *reading, GError **error)
{
	/* One guess at a time: a spelling by sound is one already. */
	if (reading->by_sound)
		return true;
	if (!lookup_cut(search, reading, error))
		return false;
	g_assert(search->readings_len < READINGS_MOST);
	/* Part of the search at once, so that it is freed with it. */
	struct reading *mended = &search->readings[search->readings_len++];
	bool any = false;
	return mend(search, reading, mended, &any, error) &&
	       (!any || (lookup_titles(search, mended, error) &&
			 lookup_texts(search, mended, error)));
}
