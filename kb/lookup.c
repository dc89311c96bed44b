#include "kb/lookup.h"

#include <string.h>

#include "kb/lookup_private.h"
#include "kb/names.h"
#include "kb/words.h"

/* So much of the query covered ends the search. */
static const double ENOUGH = 0.8;
/* Less found of the text as typed, and other readings are tried. */
static const double HALF = 0.5;

/* What is only a guess covers less than an answer has to. */
static const double UNSURE = 0.49;

static uint64_t pack(const struct rank *rank)
{
	return (uint64_t)rank->missed << 32 | (uint64_t)rank->penalty << 24 |
	       (uint64_t)rank->place << 16 | (uint64_t)rank->farness << 8 |
	       rank->looseness;
}

void lookup_offer(struct search *search, const struct reading *reading,
		  int64_t row, const struct rank *rank, double coverage,
		  double score)
{
	gpointer key = GSIZE_TO_POINTER((gsize)row);
	if (reading->unsure)
		coverage = MIN(coverage, UNSURE);
	struct candidate new = { row, pack(rank), coverage, score, reading };
	size_t place =
		GPOINTER_TO_SIZE(g_hash_table_lookup(search->places, key));
	if (!place) {
		g_array_append_val(search->candidates, new);
		g_hash_table_insert(search->places, key,
				    GSIZE_TO_POINTER(search->candidates->len));
		return;
	}
	struct candidate *known =
		&g_array_index(search->candidates, struct candidate, place - 1);
	known->score = MAX(known->score, score);
	known->coverage = MAX(known->coverage, coverage);
	if (new.rank < known->rank) {
		known->rank = new.rank;
		known->reading = reading;
	}
}

/* Robertson and Zaragoza, "The Probabilistic Relevance Framework", 2009. */
double lookup_bm25(const struct search *search, double idf, double weight,
		   int64_t words)
{
	const double k1 = 1.2, b = 0.75;
	double mean = search->state.entries > 0
			      ? (double)search->state.words /
					(double)search->state.entries
			      : 1;
	double length = 1 - b + b * (double)words / MAX(mean, 1);
	return idf * weight * (k1 + 1) / (weight + k1 * length);
}

bool lookup_weigh(struct search *search, struct reading *reading, size_t i,
		  GError **error)
{
	struct term *term = &reading->terms[i];
	term->entries = 0;
	if (!sqlite_ask_int(search->index->db, STEM_ENTRIES, &term->entries,
			    NULL, error, V(term->stem)))
		return false;
	term->idf = index_idf_of(&search->state, term->entries);
	reading->idf += term->idf;
	if (term->entries)
		reading->known += term->idf;
	return true;
}

static bool knows_stem(const struct reading *reading, const char *stem)
{
	for (size_t i = 0; i < reading->len; i++)
		if (g_str_equal(reading->terms[i].stem, stem))
			return true;
	return false;
}

bool lookup_cut(struct search *search, struct reading *reading, GError **error)
{
	if (reading->cut)
		return true;
	if (!search->counted &&
	    !index_state(search->index, &search->state, error))
		return false;
	search->counted = true;
	reading->cut = true;
	struct word word;
	for (const char *rest = reading->folded;
	     reading->len < QUERY_WORDS && word_next(&rest, &word);) {
		if (word_is_stop(&word))
			continue;
		g_autofree char *text = g_strndup(word.text, word.len);
		g_autofree char *stem = words_stem(text);
		if (knows_stem(reading, stem))
			continue;
		struct term *term = &reading->terms[reading->len++];
		term->word = g_steal_pointer(&text);
		term->stem = g_steal_pointer(&stem);
		if (!lookup_weigh(search, reading, reading->len - 1, error))
			return false;
	}
	return true;
}

static void add_reading(struct search *search, char *text, bool by_sound)
{
	struct reading *reading = &search->readings[search->readings_len++];
	*reading = (struct reading){ .text = text,
				     .folded = words_fold(text),
				     .penalty = search->readings_len > 1,
				     .by_sound = by_sound };
}

/* True if a word means nothing by itself, as typed or in another reading. */
static bool is_stop_somehow(const char *word)
{
	char *(*const readings[])(const char *) = {
		words_fold,
		words_to_cyrillic_layout,
		words_to_latin_layout,
		words_to_cyrillic,
	};
	for (size_t i = 0; i < G_N_ELEMENTS(readings); i++) {
		g_autofree char *read = readings[i](word);
		g_autofree char *folded = words_fold(read);
		if (words_is_stop(folded))
			return true;
	}
	return false;
}

/*
 * "что такое гил?" -> "гил?", "chto takoe gil" -> "gil": what is left of a
 * sentence without the words that would be strange ones in another reading.
 * The whole text where nothing would be left, not even in another script.
 */
static char *core_of(const char *typed)
{
	g_auto(GStrv) words = g_strsplit_set(typed, " \t\n", -1);
	g_autoptr(GString) core = g_string_new(NULL);
	for (char **word = words; *word; word++)
		if (**word && !is_stop_somehow(*word))
			g_string_append_printf(core, "%s%s",
					       core->len ? " " : "", *word);
	if (core->len > 0)
		return g_strdup(core->str);
	/* "что такое with": what is asked for stands in another script. */
	bool cyrillic = words_has_cyrillic(typed);
	for (char **word = words; cyrillic && *word; word++)
		if (words_has_latin(*word))
			g_string_append_printf(core, "%s%s",
					       core->len ? " " : "", *word);
	return g_strdup(core->len > 0 ? core->str : typed);
}

/* The typed text by other keys and other sounds, where that is another one. */
static void add_readings(struct search *search)
{
	const char *whole = search->readings[0].text;
	char *typed = core_of(whole);
	bool cyrillic = words_has_cyrillic(typed);
	bool latin = words_has_latin(typed);
	if (latin)
		add_reading(search, words_to_cyrillic_layout(typed), false);
	if (cyrillic)
		add_reading(search, words_to_latin_layout(typed), false);
	if (latin)
		add_reading(search, words_to_cyrillic(typed), true);
	if (cyrillic)
		add_reading(search, words_to_latin(typed), true);
	if (g_str_equal(typed, whole))
		g_free(typed);
	else
		add_reading(search, typed, false);
}

static void search_init(struct search *search, struct index *index,
			int64_t generation, const char *query)
{
	/* Each reading is made empty when it begins: they are 11 KB. */
	search->index = index;
	search->generation = generation;
	search->counted = false;
	search->readings_len = 0;
	search->candidates =
		g_array_new(FALSE, FALSE, sizeof(struct candidate));
	search->places = g_hash_table_new(NULL, NULL);
	size_t len = strnlen(query, QUERY_BYTES + 1);
	char *text = g_utf8_make_valid(query, (gssize)MIN(len, QUERY_BYTES));
	add_reading(search, text, false);
}

static void search_clear(struct search *search)
{
	for (size_t i = 0; i < search->readings_len; i++) {
		struct reading *reading = &search->readings[i];
		for (size_t j = 0; j < reading->len; j++) {
			g_free(reading->terms[j].word);
			g_free(reading->terms[j].stem);
		}
		g_free(reading->text);
		g_free(reading->folded);
	}
	g_array_unref(search->candidates);
	g_hash_table_unref(search->places);
}

static bool covers(const struct search *search, double share, enum place place)
{
	for (size_t i = 0; i < search->candidates->len; i++) {
		const struct candidate *own =
			&g_array_index(search->candidates, struct candidate, i);
		if (own->coverage >= share && lookup_place(own->rank) <= place)
			return true;
	}
	return false;
}

/*
 * Whether what is found so far is enough. An identifier somewhere in code is
 * found as a name, but titles that say the same are better.
 */
static bool is_settled(const struct search *search)
{
	return covers(search, ENOUGH, PLACE_TITLE_WORDS);
}

/*
 * Whether the text as typed says hardly anything to the index. One of stop
 * words alone ("is") is no other word in other letters.
 */
static bool is_strange(struct search *search)
{
	const struct reading *typed = &search->readings[0];
	return typed->len && typed->known < typed->idf / 2;
}

typedef bool (*stage)(struct search *search, struct reading *reading,
		      GError **error);

/* Over the readings from…to; false on trouble. */
static bool run(struct search *search, stage stage, size_t from, size_t to,
		GError **error)
{
	for (size_t i = from; i < to; i++)
		if (!stage(search, &search->readings[i], error))
			return false;
	return true;
}

/*
 * Other readings are tried only where the text as typed is neither a name nor
 * the beginning of one, and by words only where it is strange altogether.
 */
static bool search_run(struct search *search, GError **error)
{
	if (!run(search, lookup_names, 0, 1, error))
		return false;
	if (is_settled(search))
		return true;
	if (!run(search, lookup_titles, 0, 1, error))
		return false;
	if (is_settled(search))
		return true;
	if (!covers(search, HALF, PLACE_CODE)) {
		add_readings(search);
		size_t all = search->readings_len;
		if (!run(search, lookup_names, 1, all, error))
			return false;
		if (is_settled(search))
			return true;
		if (is_strange(search) &&
		    !run(search, lookup_titles, 1, all, error))
			return false;
		if (is_settled(search))
			return true;
	}
	size_t all = is_strange(search) ? search->readings_len : 1;
	if (!run(search, lookup_texts, 0, all, error))
		return false;
	return covers(search, HALF, PLACE_CODE) ||
	       run(search, lookup_near, 0, all, error);
}

bool lookup_find(struct index *index, int64_t generation, const char *query,
		 const char *language, struct lookup *result, GError **error)
{
	*result = (struct lookup){ 0 };
	struct search search;
	search_init(&search, index, generation, query);
	search.language = language;
	bool well = search_run(&search, error) &&
		    lookup_break_tie(&search, error) &&
		    lookup_conclude(&search, result, error);
	search_clear(&search);
	if (!well)
		lookup_clear(result);
	return well;
}

void lookup_clear(struct lookup *result)
{
	for (size_t i = 0; i < result->len; i++)
		lookup_hit_clear(&result->hits[i]);
	g_free(result->understood);
	*result = (struct lookup){ 0 };
}
