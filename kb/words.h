/*
 * Words of a text: the folding under which two spellings are the same word,
 * stems, the other keyboard layout, transliteration, typing distance.
 */

#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <glib.h>

/*
 * NFC, lower case, ё as е, NO-BREAK SPACE and dashes as a space, typographic
 * quotes, apostrophes inside words, stress marks and invisible characters
 * gone, mixed-script look-alikes repaired; runs of white space become one
 * space, none at the ends. A hyphen that is part of an operator ("->") stays.
 * Any bytes in, valid UTF-8 out. Caller frees.
 */
char *words_fold(const char *text);

/*
 * words_fold() without what still separates spellings of one name: spaces,
 * hyphens, punctuation that is not part of a name (C++ and C# keep theirs).
 * "no-gil", "no gil", "nogil" fall together. A text of nothing else (":=")
 * keeps all but its spaces. Caller frees.
 */
char *words_squash(const char *text);

/* The same for a text that has been folded. */
char *words_squash_folded(const char *folded);

/* The text as the same keys give it in the other layout. Caller frees. */
char *words_to_cyrillic_layout(const char *text); /* gil -> пшд */
char *words_to_latin_layout(const char *text);	  /* пшд -> gil */

/* The text spelled in the other script by sound. Caller frees. */
char *words_to_cyrillic(const char *text); /* dekorator -> декоратор */
char *words_to_latin(const char *text);	   /* байткод -> baytkod */

/* Cyrillic letters that look like Latin ones as those: а -> a. Caller frees. */
char *words_by_look(const char *text);

/* True if the text has a Cyrillic, a Latin letter. */
bool words_has_cyrillic(const char *text);
bool words_has_latin(const char *text);

/* The Snowball stem (Russian or English, by script) of a folded word. */
char *words_stem(const char *word);

/* True for a folded word that carries no meaning of its own in look-up. */
bool words_is_stop(const char *word);

/* A folded text cut into words, in order, NULL at the end: g_strfreev(). */
char **words_split(const char *folded);

/* One word, in place: borrowed from the folded text that it stands in. */
struct word {
	const char *text; /* not closed by a NUL */
	size_t len;	  /* bytes */
};

/*
 * The words of a folded text without copying them. *rest starts at the text
 * and moves on; false at its end.
 *
 *	struct word word;
 *	for (const char *rest = folded; word_next(&rest, &word);)
 *		use(&word);
 */
bool word_next(const char **rest, struct word *word);
bool word_is_stop(const struct word *word);
/* Appends the word's stem. */
void word_stem(const struct word *word, GString *to);

/* Consonant skeleton across scripts, "" under 3 consonants. Caller frees. */
char *words_skeleton(const char *word);

/*
 * Damerau-Levenshtein distance (optimal string alignment) in characters; a
 * wrong first letter, and a swap of the first two, cost 2. Over most: most + 1.
 */
unsigned words_distance(const char *a, const char *b, unsigned most);

/* How many typos a word of that many characters may have: 0, 1 or 2. */
unsigned words_typo_budget(size_t characters);
