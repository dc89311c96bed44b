/* The tests of contradiction.h that look for the place in the notes that a
 * piece of the answer is most like. */

#include "bot/quiz/contradiction.h"

enum {
	ALIGNED = 3, /* words that a clause and its place must share */
	ARRANGED = 4 /* words whose order tells something */
};

/* Words first to last - 1, borrowed: only the list is freed. */
static struct terms slice(const struct terms *terms, size_t first, size_t last)
{
	struct terms part = { .list = g_array_new(FALSE, FALSE,
						  sizeof(struct term)) };
	if (last > first)
		g_array_append_vals(part.list, terms_at(terms, first),
				    (guint)(last - first));
	return part;
}

/* Where the run of words that share a number with the word at i ends. */
static size_t clause_end(const struct terms *terms, size_t i)
{
	unsigned own = terms_at(terms, i)->clause;
	while (i < terms->list->len && terms_at(terms, i)->clause == own)
		i++;
	return i;
}

static size_t side_end(const struct terms *terms, size_t i)
{
	unsigned own = terms_at(terms, i)->side;
	while (i < terms->list->len && terms_at(terms, i)->side == own)
		i++;
	return i;
}

static size_t count_held(const struct terms *clause, const struct terms *notes)
{
	size_t count = 0;
	for (size_t i = 0; i < clause->list->len; i++) {
		const struct term *word = terms_at(clause, i);
		count += word->role == TERM_PLAIN && terms_hold(notes, word);
	}
	return count;
}

/* How many words the clause shares with the side that it is most like. */
static size_t best_side(const struct scene *scene, const struct terms *clause)
{
	size_t best = 0;
	for (size_t i = 0; i < scene->notes->list->len;) {
		size_t end = side_end(scene->notes, i);
		struct terms side = slice(scene->notes, i, end);
		best = MAX(best, count_held(clause, &side));
		g_array_unref(side.list);
		i = end;
	}
	return best;
}

/* Whether a clause contradicts each of the sides that it is most like. */
static bool is_against(const struct scene *scene, const struct terms *clause,
		       size_t best)
{
	bool against = true;
	for (size_t i = 0; i < scene->notes->list->len && against;) {
		size_t end = side_end(scene->notes, i);
		struct terms side = slice(scene->notes, i, end);
		const struct scene near = { &side, side.list->len,
					    scene->question, clause };
		if (count_held(clause, &side) == best)
			against = contradicts_pole(&near) ||
				  contradicts_negation(&near);
		g_array_unref(side.list);
		i = end;
	}
	return against;
}

bool contradicts_nearest(const struct scene *scene)
{
	bool against = false;
	for (size_t i = 0; i < scene->answer->list->len && !against;) {
		size_t end = clause_end(scene->answer, i);
		struct terms clause = slice(scene->answer, i, end);
		size_t best = best_side(scene, &clause);
		size_t known = count_held(&clause, scene->notes);
		if (best >= ALIGNED && best * 3 >= known * 2)
			against = is_against(scene, &clause, best);
		g_array_unref(clause.list);
		i = end;
	}
	return against;
}

static bool is_arranged(const struct term *term)
{
	return term->role == TERM_PLAIN || term->role == TERM_KEPT;
}

/* The words of a side that a sentence has, as places in the side. */
static size_t common_words(const struct terms *side,
			   const struct terms *sentence, size_t *places)
{
	size_t len = 0;
	for (size_t i = 0; i < side->list->len; i++) {
		const struct term *word = terms_at(side, i);
		if (is_arranged(word) && terms_find(sentence, word) >= 0.8)
			places[len++] = i;
	}
	return len;
}

/* How many of these words the sentence has in their order: the longest common
 * subsequence. */
static size_t in_order(const struct terms *side, const size_t *places,
		       size_t len, const struct terms *sentence)
{
	g_autofree size_t *row = g_new0(size_t, len + 1);
	for (size_t i = 0; i < sentence->list->len; i++) {
		size_t diagonal = 0;
		for (size_t j = 1; j <= len; j++) {
			size_t above = row[j];
			bool same = term_match(terms_at(sentence, i),
					       terms_at(side, places[j - 1])) >=
				    0.8;
			row[j] = same ? diagonal + 1 : MAX(above, row[j - 1]);
			diagonal = above;
		}
	}
	return row[len];
}

static size_t sentence_end(const struct terms *terms, size_t i)
{
	unsigned own = terms_at(terms, i)->sentence;
	while (i < terms->list->len && terms_at(terms, i)->sentence == own)
		i++;
	return i;
}

/* Of the sentence that has most of the side's words: whether their order is
 * another one. */
static bool is_rearranged(const struct scene *scene, const struct terms *side)
{
	g_autofree size_t *places = g_new(size_t, side->list->len + 1);
	size_t most = 0, ordered = 0;
	for (size_t i = 0; i < scene->notes->list->len;) {
		size_t end = sentence_end(scene->notes, i);
		struct terms sentence = slice(scene->notes, i, end);
		size_t len = common_words(side, &sentence, places);
		if (len >= MAX(most, ARRANGED)) {
			size_t own = in_order(side, places, len, &sentence);
			ordered = len > most ? own : MAX(ordered, own);
			most = len;
		}
		g_array_unref(sentence.list);
		i = end;
	}
	return ordered * 10 < most * 6;
}

bool contradicts_arrangement(const struct scene *scene)
{
	bool rearranged = false;
	for (size_t i = 0; i < scene->answer->list->len && !rearranged;) {
		size_t end = side_end(scene->answer, i);
		struct terms side = slice(scene->answer, i, end);
		rearranged = is_rearranged(scene, &side);
		g_array_unref(side.list);
		i = end;
	}
	return rearranged;
}
