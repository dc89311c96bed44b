#include "bot/quiz/chrf.h"

#include <stdint.h>
#include <stdlib.h>
#include <glib.h>

enum { LONGEST = 6, BETA_SQUARED = 4 };

struct letters {
	gunichar *text;
	size_t len;
};

static struct letters letters_of(const char *text)
{
	struct letters letters = {
		.text = g_new(gunichar, g_utf8_strlen(text, -1) + 1),
	};
	for (; *text; text = g_utf8_next_char(text))
		if (*text != ' ')
			letters.text[letters.len++] = g_utf8_get_char(text);
	return letters;
}

static int compare(const void *a, const void *b)
{
	uint64_t one = *(const uint64_t *)a, other = *(const uint64_t *)b;
	return (one > other) - (one < other);
}

/* Each run of n letters as one number, in order. Caller frees. */
static uint64_t *grams(const struct letters *letters, size_t n, size_t *len)
{
	*len = letters->len >= n ? letters->len - n + 1 : 0;
	uint64_t *all = g_new(uint64_t, *len + 1);
	for (size_t i = 0; i < *len; i++) {
		uint64_t hash = 14695981039346656037u; /* FNV-1a */
		for (size_t j = 0; j < n; j++)
			hash = (hash ^ letters->text[i + j]) * 1099511628211u;
		all[i] = hash;
	}
	qsort(all, *len, sizeof(*all), compare);
	return all;
}

static size_t common(const uint64_t *a, size_t a_len, const uint64_t *b,
		     size_t b_len)
{
	size_t i = 0, j = 0, count = 0;
	while (i < a_len && j < b_len) {
		int order = compare(&a[i], &b[j]);
		count += order == 0;
		i += order <= 0;
		j += order >= 0;
	}
	return count;
}

double chrf(const char *text, const char *reference)
{
	struct letters a = letters_of(text), b = letters_of(reference);
	double precision = 0, recall = 0;
	unsigned orders = 0;
	for (size_t n = 1; n <= LONGEST; n++) {
		size_t a_len, b_len;
		g_autofree uint64_t *of_a = grams(&a, n, &a_len);
		g_autofree uint64_t *of_b = grams(&b, n, &b_len);
		if (!a_len || !b_len)
			break;
		double both = (double)common(of_a, a_len, of_b, b_len);
		precision += both / (double)a_len;
		recall += both / (double)b_len;
		orders++;
	}
	g_free(a.text);
	g_free(b.text);
	if (!orders || precision + recall == 0)
		return 0;
	precision /= orders;
	recall /= orders;
	return (1 + BETA_SQUARED) * precision * recall /
	       (BETA_SQUARED * precision + recall);
}
