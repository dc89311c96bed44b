/*
 * Distractors: wrong options that look as if they could be right.
 *
 * A candidate is a text of the same kind as the key. It is kept if its length
 * is half to twice the key's, if not more than 60 % of its stems are the
 * key's, and if the cosine of their tf-idf vectors of character 3–5-grams is
 * at most 0.60: what is nearer may be right as well. Of those the ones are
 * taken that are near the key and far from each other (maximal marginal
 * relevance, Carbonell and Goldstein 1998), from the same file first. 3 to 4
 * options in all, not 5 (Haladyna, Downing and Rodriguez 2002).
 *
 * There is no least cosine: texts as short as titles and briefs mostly share
 * no letters with their neighbours in the same file, and are good distractors
 * all the same.
 */

#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <glib.h>

enum { DISTRACTORS_LEAST = 2, DISTRACTORS_MOST = 3 };

struct distractor {
	const char *text;  /* plain: what is compared */
	unsigned distance; /* 0: the note's own, 1: same file, 2: same topic */
	void *data;	   /* the caller's */
};

/*
 * Chooses among the candidates, at most DISTRACTORS_MOST; how many are in
 * chosen. Pure: the same candidates give the same choice.
 */
size_t distractors_choose(const char *key, const struct distractor *candidates,
			  size_t len,
			  const struct distractor *chosen[DISTRACTORS_MOST]);
