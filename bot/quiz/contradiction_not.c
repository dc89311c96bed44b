/* The tests of contradiction.h for "not", numbers and "all but". */

#include <string.h>

#include "bot/quiz/contradiction.h"

/* The signs that a word is met with, as bits. */
enum { POSITIVE = 1, NEGATIVE = 2, BOTH = 3 };

static int other(int sign)
{
	return BOTH - sign;
}

/* The sign with which own says what word says; 0: another word. */
static int sign_of(const struct term *own, const struct term *word)
{
	int sign = own->negated ? NEGATIVE : POSITIVE;
	if (term_is(own, word))
		return sign;
	if ((own->opposite && strcmp(own->opposite, word->stem) == 0) ||
	    (word->opposite && strcmp(word->opposite, own->stem) == 0))
		return other(sign);
	return 0;
}

static int signs_of(const struct terms *terms, const struct term *word)
{
	int signs = 0;
	for (size_t i = 0; i < terms->list->len; i++)
		signs |= sign_of(terms_at(terms, i), word);
	return signs;
}

bool contradicts_negation(const struct scene *scene)
{
	for (size_t i = 0; i < scene->answer->list->len; i++) {
		const struct term *word = terms_at(scene->answer, i);
		int sign = word->negated ? NEGATIVE : POSITIVE;
		if (word->role == TERM_PLAIN &&
		    signs_of(scene->notes, word) == other(sign) &&
		    !(signs_of(scene->question, word) & sign) &&
		    !(signs_of(scene->answer, word) & other(sign)))
			return true;
	}
	return false;
}

/* Whether a word is one of a list, a space between each two. */
static bool is_in(const char *list, const char *word)
{
	size_t len = strlen(word);
	for (const char *p = list; (p = strstr(p, word)); p += len)
		if ((p == list || p[-1] == ' ') &&
		    (p[len] == ' ' || p[len] == '\0'))
			return true;
	return false;
}

static const struct {
	const char *words;
	const char *digits;
} numerals[] = {
	{ "два две двух двумя двум двое оба обе two both", "2" },
	{ "три трех тремя трем трое three", "3" },
	{ "четыре четырех четырьмя четырем four", "4" },
	{ "пять пяти пятью five", "5" },
	{ "шесть шести шестью six", "6" },
	{ "семь семи семью seven", "7" },
	{ "восемь восьми eight", "8" },
	{ "девять девяти nine", "9" },
	{ "десять десяти ten", "10" },
};

/* The number that a word says, as digits; NULL: it says none. */
static const char *number_of(const struct term *term)
{
	if (strspn(term->word, "0123456789.") == strlen(term->word))
		return term->word;
	for (size_t i = 0; i < G_N_ELEMENTS(numerals); i++)
		if (is_in(numerals[i].words, term->word))
			return numerals[i].digits;
	return NULL;
}

static void add_numbers(GHashTable *numbers, const struct terms *terms)
{
	for (size_t i = 0; i < terms->list->len; i++) {
		const char *number = number_of(terms_at(terms, i));
		if (number)
			g_hash_table_add(numbers, (gpointer)number);
	}
}

bool contradicts_number(const struct scene *scene)
{
	g_autoptr(GHashTable) known = g_hash_table_new(g_str_hash, g_str_equal);
	add_numbers(known, scene->notes);
	if (g_hash_table_size(known) == 0)
		return false;
	add_numbers(known, scene->question);
	for (size_t i = 0; i < scene->answer->list->len; i++) {
		const char *number = number_of(terms_at(scene->answer, i));
		if (number && !g_hash_table_contains(known, number))
			return true;
	}
	return false;
}

static bool has_words(const struct terms *terms, const char *first,
		      const char *second)
{
	for (size_t i = 0; i < terms->list->len; i++)
		if (strcmp(terms_at(terms, i)->word, first) == 0 &&
		    (!*second ||
		     (i + 1 < terms->list->len &&
		      strcmp(terms_at(terms, i + 1)->word, second) == 0)))
			return true;
	return false;
}

bool contradicts_exception(const struct scene *scene)
{
	static const char *const words[][2] = {
		{ "кроме", "" },      { "помимо", "" },
		{ "except", "" },     { "besides", "" },
		{ "даже", "если" },   { "even", "if" },
		{ "несмотря", "на" }, { "despite", "" },
		{ "regardless", "" }, { "независимо", "от" },
	};
	for (size_t i = 0; i < G_N_ELEMENTS(words); i++)
		if (has_words(scene->answer, words[i][0], words[i][1]) &&
		    !has_words(scene->notes, words[i][0], words[i][1]) &&
		    !has_words(scene->question, words[i][0], words[i][1]))
			return true;
	return false;
}
