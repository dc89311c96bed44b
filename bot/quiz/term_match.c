/* When two words are the same, of terms.h. */

#include <string.h>

#include "bot/quiz/terms.h"
#include "kb/words.h"

/* Letters that two words begin with alike. */
static size_t common_prefix(const char *a, const char *b)
{
	size_t len = 0;
	while (*a && g_utf8_get_char(a) == g_utf8_get_char(b)) {
		a = g_utf8_next_char(a);
		b = g_utf8_next_char(b);
		len++;
	}
	return len;
}

/* Words in which every character counts. */
static bool is_exact(const char *word)
{
	return strpbrk(word, "0123456789*=<>!+&|^~%/") != NULL;
}

static bool means_the_same(const struct term *a, const struct term *b)
{
	for (size_t i = 0; i < a->meanings_len; i++)
		for (size_t j = 0; j < b->meanings_len; j++)
			if (a->meanings[i].row == b->meanings[j].row &&
			    a->meanings[i].pole == 0)
				return true;
	return false;
}

bool term_is(const struct term *a, const struct term *b)
{
	if (strcmp(a->stem, b->stem) == 0)
		return true;
	if (a->cyrillic != b->cyrillic)
		return *a->sound && strcmp(a->sound, b->sound) == 0;
	if (is_exact(a->word) || is_exact(b->word))
		return false;
	size_t fewer = MIN(a->letters, b->letters);
	size_t more = MAX(a->letters, b->letters);
	unsigned budget = words_typo_budget(fewer);
	return budget && more - fewer <= budget &&
	       words_distance(a->word, b->word, budget) <= budget;
}

double term_match(const struct term *a, const struct term *b)
{
	if (strcmp(a->stem, b->stem) == 0)
		return 1;
	if (term_is(a, b))
		return a->cyrillic != b->cyrillic ? 0.9 : 0.8;
	if (means_the_same(a, b))
		return 0.8;
	if (a->cyrillic != b->cyrillic || is_exact(a->word) ||
	    is_exact(b->word))
		return 0;
	size_t prefix = common_prefix(a->stem, b->stem);
	size_t shorter = (size_t)MIN(g_utf8_strlen(a->stem, -1),
				     g_utf8_strlen(b->stem, -1));
	return prefix >= 5 && prefix * 10 >= shorter * 7 ? 0.7 : 0;
}

bool term_is_any(const struct term *term, const char *const *words)
{
	for (; *words; words++)
		if (strcmp(term->word, *words) == 0)
			return true;
	return false;
}
