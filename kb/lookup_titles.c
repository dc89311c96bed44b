/* Stage b: words of the query begin, or are, words of titles and aliases. */

#include <string.h>

#include "kb/lookup_private.h"
#include "kb/words.h"

enum {
	ROWS_MOST = 1000, /* of one word; a word of more titles tells little */
	BEGINNINGS_MOST = 200, /* of what begins like one */
	PREFIX_LEAST = 3, /* characters of a word that may be a beginning */
	PREFIX_LEAST_ALONE = 2, /* … and is all that was typed */
};

struct title {
	int64_t row;
	uint32_t terms; /* bit 1 << its place in the reading */
	unsigned looseness;
	unsigned of; /* words that its title has, the most */
};

struct titles {
	GArray *list;
	GHashTable *places; /* row -> place in list + 1 */
};

static struct title *title_of(struct titles *titles, int64_t row)
{
	size_t place = GPOINTER_TO_SIZE(g_hash_table_lookup(
		titles->places, GSIZE_TO_POINTER((gsize)row)));
	if (!place) {
		struct title title = { .row = row };
		g_array_append_val(titles->list, title);
		place = titles->list->len;
		g_hash_table_insert(titles->places,
				    GSIZE_TO_POINTER((gsize)row),
				    GSIZE_TO_POINTER(place));
	}
	return &g_array_index(titles->list, struct title, place - 1);
}

static void mark(struct title *title, size_t term, unsigned looseness,
		 int64_t of)
{
	uint32_t bit = (uint32_t)1 << term;
	if (title->terms & bit)
		return;
	title->terms |= bit;
	title->looseness = MAX(title->looseness, looseness);
	title->of = MAX(title->of, (unsigned)CLAMP(of, 0, 255));
}

/* Every title with a word in from…to; equal is the word as typed. */
static bool scan(struct search *search, struct titles *titles, bool stem,
		 const char *from, const char *to, size_t term, GError **error)
{
	g_auto(sqlite_rows) rows =
		sqlite_ask(search->index->db, TITLES_WITH, V(stem), V(from),
			   V(to), V(search->generation), V((int)ROWS_MOST));
	while (sqlite_next(&rows)) {
		const char *word = sqlite_text(&rows, 1);
		unsigned looseness = stem ? 1 : 2;
		if (!stem && g_strcmp0(word, from) == 0)
			looseness = 0;
		mark(title_of(titles, sqlite_int(&rows, 0)), term, looseness,
		     sqlite_int(&rows, 2));
	}
	return sqlite_end(&rows, error);
}

static bool find(struct search *search, struct titles *titles,
		 const struct reading *reading, size_t i, GError **error)
{
	const struct term *term = &reading->terms[i];
	bool alone = reading->len == 1 && !reading->penalty;
	glong least = alone ? PREFIX_LEAST_ALONE : PREFIX_LEAST;
	bool may_begin = g_utf8_strlen(term->word, -1) >= least;
	/* U+10FFFF is after every letter. */
	g_autofree char *to = g_strconcat(
		term->word, may_begin ? "\xf4\x8f\xbf\xbf" : "", NULL);
	/* Words as typed come first, so that they are marked as such. */
	return scan(search, titles, false, term->word, term->word, i, error) &&
	       scan(search, titles, true, term->stem, term->stem, i, error) &&
	       (!may_begin ||
		scan(search, titles, false, term->word, to, i, error));
}

static void offer(struct search *search, const struct reading *reading,
		  const struct title *title)
{
	unsigned matched = 0;
	double idf = 0;
	for (size_t i = 0; i < reading->len; i++)
		if (title->terms >> i & 1) {
			matched++;
			idf += reading->terms[i].idf;
		}
	struct rank rank = {
		.missed = (unsigned)reading->len - matched,
		.penalty = reading->penalty,
		.place = PLACE_TITLE_WORDS,
		.farness = title->of > matched,
		.looseness = title->looseness,
	};
	lookup_offer(search, reading, title->row, &rank, idf / reading->idf, 0);
}

bool lookup_titles(struct search *search, struct reading *reading,
		   GError **error)
{
	if (!lookup_cut(search, reading, error))
		return false;
	g_autoptr(GArray) list =
		g_array_new(FALSE, FALSE, sizeof(struct title));
	g_autoptr(GHashTable) places = g_hash_table_new(NULL, NULL);
	struct titles titles = { list, places };
	for (size_t i = 0; i < reading->len; i++)
		if (!find(search, &titles, reading, i, error))
			return false;
	for (size_t i = 0; i < list->len; i++)
		offer(search, reading, &g_array_index(list, struct title, i));
	return true;
}
