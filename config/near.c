#include "config/near.h"

#include <string.h>

/* Names of options are short; what is longer is not a misspelt one. */
enum { LONGEST = 40 };

static unsigned least(unsigned a, unsigned b)
{
	return a < b ? a : b;
}

/* Damerau-Levenshtein, each pair swapped at most once; by bytes, since the
 * names are ASCII. */
static unsigned distance(const char *a, const char *b)
{
	size_t a_len = strlen(a), b_len = strlen(b);
	if (a_len > LONGEST || b_len > LONGEST)
		return LONGEST;
	unsigned d[LONGEST + 1][LONGEST + 1];
	for (unsigned i = 0; i <= a_len; i++)
		d[i][0] = i;
	for (unsigned j = 0; j <= b_len; j++)
		d[0][j] = j;
	for (size_t i = 1; i <= a_len; i++) {
		for (size_t j = 1; j <= b_len; j++) {
			char x = g_ascii_tolower(a[i - 1]);
			char y = g_ascii_tolower(b[j - 1]);
			d[i][j] = least(d[i - 1][j], d[i][j - 1]) + 1;
			d[i][j] = least(d[i][j], d[i - 1][j - 1] + (x != y));
			if (i > 1 && j > 1 && x == g_ascii_tolower(b[j - 2]) &&
			    y == g_ascii_tolower(a[i - 2]))
				d[i][j] = least(d[i][j], d[i - 2][j - 2] + 1);
		}
	}
	return d[a_len][b_len];
}

const char *near_name(const char *word, const char *const *names)
{
	const char *best = NULL;
	unsigned budget = (unsigned)MAX(strlen(word) / 3, 1);
	for (; *names; names++) {
		unsigned d = distance(word, *names);
		if (d <= budget && d < LONGEST) {
			best = *names;
			if (d == 0)
				break;
			budget = d - 1;
		}
	}
	return best;
}
