/* Stage c: words of the query anywhere in the entry, ranked by BM25. */

#include <stdlib.h>
#include <string.h>

#include "kb/document.h"
#include "kb/fulltext.h"
#include "kb/lookup_private.h"

enum {
	RARE_LEAST = 200,  /* a stem of so few entries is always rare … */
	RARE_SHARE = 200,  /* … and one of up to a 200th of them */
	OTHERS_MOST = 4,   /* common stems that are looked for beside */
	PHRASES_MOST = 64, /* fulltext.c weighs no more */
};

/* A MATCH expression, and which term each of its phrases is. */
struct match {
	GString *text;
	size_t term[PHRASES_MOST];
	size_t len;
};

/* Stems hold letters, digits, + and #: nothing ends the quotes. */
static void add_phrase(struct match *match, const struct reading *reading,
		       size_t term)
{
	g_assert(match->len < PHRASES_MOST);
	g_string_append_printf(match->text, "\"%s\"",
			       reading->terms[term].stem);
	match->term[match->len++] = term;
}

static void add_group(struct match *match, const struct reading *reading,
		      const size_t *terms, size_t len, const char *between)
{
	g_string_append_c(match->text, '(');
	for (size_t i = 0; i < len; i++) {
		if (i)
			g_string_append(match->text, between);
		add_phrase(match, reading, terms[i]);
	}
	g_string_append_c(match->text, ')');
}

/* Terms that some entry holds, the rarest first. */
static size_t by_rarity(const struct reading *reading,
			size_t order[QUERY_WORDS])
{
	size_t len = 0;
	for (size_t i = 0; i < reading->len; i++) {
		if (!reading->terms[i].entries)
			continue;
		size_t at = len++;
		for (; at > 0 && reading->terms[order[at - 1]].entries >
					 reading->terms[i].entries;
		     at--)
			order[at] = order[at - 1];
		order[at] = i;
	}
	return len;
}

/* How many of the terms, the rarest first, are rare and few together. */
static size_t count_rare(const struct search *search,
			 const struct reading *reading, const size_t *order,
			 size_t len)
{
	int64_t rare = MAX(RARE_LEAST, search->state.entries / RARE_SHARE);
	int64_t sum = 0;
	size_t count = 0;
	for (; count < len; count++) {
		int64_t entries = reading->terms[order[count]].entries;
		sum += entries;
		if (entries > rare || (count && sum > CANDIDATES))
			break;
	}
	return MIN(count, 8);
}

/*
 * The candidates hold one of the core's terms (or both of two common ones);
 * what else they hold of the query is asked for beside, as FTS5 has no
 * optional terms: (core) OR ((core) AND "common") …
 */
static void express(struct match *match, const struct reading *reading,
		    const size_t *order, size_t len, size_t core,
		    const char *between)
{
	add_group(match, reading, order, core, between);
	size_t others = MIN(len - core, OTHERS_MOST);
	for (size_t i = 0; i < others; i++) {
		g_string_append(match->text, " OR (");
		add_group(match, reading, order, core, between);
		g_string_append(match->text, " AND ");
		add_phrase(match, reading, order[core + i]);
		g_string_append_c(match->text, ')');
	}
}

static enum place place_of(uint32_t fields)
{
	static const enum place places[FIELDS] = {
		[FIELD_TITLE] = PLACE_TITLE_WORDS,
		[FIELD_ALIAS] = PLACE_TITLE_WORDS,
		[FIELD_TAGS] = PLACE_TAGS,
		[FIELD_QUESTION] = PLACE_QUESTION,
		[FIELD_BRIEF] = PLACE_BRIEF,
		[FIELD_ANSWER] = PLACE_ANSWER,
		[FIELD_CODE] = PLACE_CODE,
	};
	for (size_t i = 0; i < FIELDS; i++)
		if (fields >> i & 1)
			return places[i];
	return PLACE_CODE;
}

/* One row: the place is that of the matched term in the least telling one. */
static void offer(struct search *search, const struct reading *reading,
		  const struct match *match, int64_t row, int64_t words,
		  const struct phrase_weight *weights)
{
	uint32_t seen = 0;
	double idf = 0, score = 0;
	struct rank rank = { .missed = (unsigned)reading->len,
			     .penalty = reading->penalty,
			     .looseness = 1 };
	for (size_t i = 0; i < match->len; i++) {
		size_t term = match->term[i];
		if (weights[i].weight <= 0 || seen >> term & 1)
			continue;
		seen |= (uint32_t)1 << term;
		double own = reading->terms[term].idf;
		idf += own;
		score += lookup_bm25(search, own, weights[i].weight, words);
		rank.place = MAX(rank.place, place_of(weights[i].fields));
		rank.missed--;
	}
	if (seen)
		lookup_offer(search, reading, row, &rank, idf / reading->idf,
			     score);
}

static bool run(struct search *search, const struct reading *reading,
		const struct match *match, size_t *found, GError **error)
{
	g_auto(sqlite_rows) rows =
		sqlite_ask(search->index->db, MATCHES, V(match->text->str),
			   V(search->generation), V((int)CANDIDATES));
	while (sqlite_next(&rows)) {
		size_t len;
		const struct phrase_weight *weights =
			sqlite_blob(&rows, 2, &len);
		if (len != match->len * sizeof(*weights))
			continue;
		offer(search, reading, match, sqlite_int(&rows, 0),
		      sqlite_int(&rows, 1), weights);
		(*found)++;
	}
	return sqlite_end(&rows, error);
}

static bool ask(struct search *search, const struct reading *reading,
		const size_t *order, size_t len, size_t core,
		const char *between, size_t *found, GError **error)
{
	g_autoptr(GString) text = g_string_new(NULL);
	struct match match = { .text = text };
	express(&match, reading, order, len, core, between);
	return run(search, reading, &match, found, error);
}

bool lookup_texts(struct search *search, struct reading *reading,
		  GError **error)
{
	if (!lookup_cut(search, reading, error))
		return false;
	size_t order[QUERY_WORDS];
	size_t len = by_rarity(reading, order);
	if (!len)
		return true;
	size_t found = 0;
	size_t rare = count_rare(search, reading, order, len);
	if (rare)
		return ask(search, reading, order, len, rare, " OR ", &found,
			   error);
	if (!ask(search, reading, order, len, MIN(len, 2), " AND ", &found,
		 error))
		return false;
	/* No entry holds both: then those of the rarer one. */
	return found ||
	       ask(search, reading, order, 1, 1, " OR ", &found, error);
}
