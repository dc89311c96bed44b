/*
 * What grading knows of words by lists: which ones mean the same
 * (synonyms.def), which ones cannot both be right (opposites.def).
 */

#pragma once

#include <stdbool.h>
#include <stddef.h>

enum { MEANINGS_MOST = 6 }; /* of one word that are kept */

enum lexicon_kind {
	LEXICON_SYNONYMS,
	LEXICON_OPPOSITE, /* whatever it is said of */
	LEXICON_CONTRAST, /* where it is said of the same thing */
	LEXICON_QUANTITY, /* where the next word is the same: один поток */
};

/* A row of the lists that a word stands in. */
struct meaning {
	short row;
	/* At the first pole of a pair, 2 at the second one; 0: a synonym. */
	signed char pole;
};

/*
 * The meanings of a folded word; before is the word in front of it, for
 * patterns of two («тот_же»), or NULL. How many there are.
 */
size_t lexicon_find(const char *word, const char *before,
		    struct meaning meanings[MEANINGS_MOST]);

enum lexicon_kind lexicon_kind(short row);
