/*
 * How long look-up takes among 100,000 made-up entries whose words are as
 * unevenly spread as a language's (Zipf). Prints p50 and p99 by kind of query.
 */

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kb/lookup.h"
#include "kb/words.h"
#include "tests/kb/given.h"

enum { VOCABULARY = 60000, QUERIES = 1000, IN_NOTE = 50, WORDS_MOST = 120 };

static double weight[VOCABULARY]; /* summed up to 1 */
static char *vocabulary[VOCABULARY];
static uint64_t seed = 1;

static double chance(void)
{
	seed ^= seed << 13;
	seed ^= seed >> 7;
	seed ^= seed << 17;
	return (double)(seed >> 11) / 9007199254740992.0;
}

static char *make_word(void)
{
	static const char *const parts[] = {
		"ка",  "то",  "ре", "ми", "су", "ло", "на", "ви", "де", "пра",
		"сто", "гра", "ле", "бо", "ки", "ну", "зе", "фа", "хо", "ци",
		"жа",  "че",  "шу", "щи", "ря", "тю", "ма", "по", "си", "ду",
	};
	GString *word = g_string_new(NULL);
	size_t len = 2 + (size_t)(chance() * 4);
	for (size_t i = 0; i < len; i++)
		g_string_append(
			word, parts[(size_t)(chance() * G_N_ELEMENTS(parts))]);
	return g_string_free(word, FALSE);
}

static void make_words(void)
{
	double sum = 0;
	for (size_t i = 0; i < VOCABULARY; i++) {
		vocabulary[i] = make_word();
		sum += 1.0 / (double)(i + 10);
		weight[i] = sum;
	}
	for (size_t i = 0; i < VOCABULARY; i++)
		weight[i] /= sum;
}

static size_t pick(void)
{
	double at = chance();
	size_t low = 0, high = VOCABULARY - 1;
	while (low < high) {
		size_t middle = (low + high) / 2;
		if (weight[middle] < at)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static char *make_text(size_t len)
{
	GString *text = g_string_new(NULL);
	for (size_t i = 0; i < len; i++) {
		if (i)
			g_string_append_c(text, ' ');
		g_string_append(text, vocabulary[pick()]);
	}
	return g_string_free(text, FALSE);
}

static void put_note(struct index *index, size_t from)
{
	struct given given[IN_NOTE];
	char *texts[IN_NOTE][4];
	for (size_t i = 0; i < IN_NOTE; i++) {
		texts[i][0] = g_strdup_printf(
			"%s %zu", vocabulary[(from + i) % VOCABULARY],
			from + i);
		texts[i][1] = make_text(6);
		texts[i][2] = make_text(12);
		texts[i][3] = make_text(10 + (size_t)(chance() * WORDS_MOST));
		given[i] = (struct given){ .title = texts[i][0],
					   .question = texts[i][1],
					   .brief = texts[i][2],
					   .answer = texts[i][3] };
	}
	g_autofree char *file = g_strdup_printf("%06zu.md", from);
	given_put(index, file, given, IN_NOTE);
	for (size_t i = 0; i < IN_NOTE; i++)
		for (size_t j = 0; j < 4; j++)
			g_free(texts[i][j]);
}

static struct index *fill(const char *path, size_t entries)
{
	g_autoptr(GError) error = NULL;
	struct index *index = index_open(path, NULL, &error);
	g_assert_no_error(error);
	gint64 start = g_get_monotonic_time();
	g_assert_true(index_begin(index, NULL));
	for (size_t i = 0; i < entries; i += IN_NOTE)
		put_note(index, i);
	g_assert_true(index_commit(index, NULL));
	double seconds = (double)(g_get_monotonic_time() - start) / 1e6;
	printf("%zu entries indexed in %.2f s\n", entries, seconds);
	return index;
}

static char *exact(size_t i, size_t entries)
{
	size_t no = (size_t)(chance() * (double)entries);
	(void)i;
	return g_strdup_printf("%s %zu", vocabulary[no % VOCABULARY], no);
}

static char *rare(size_t i, size_t entries)
{
	(void)entries;
	return g_strdup_printf("%s %s", vocabulary[20000 + i % 30000],
			       vocabulary[15000 + (i * 7) % 30000]);
}

static char *rare_and_common(size_t i, size_t entries)
{
	(void)entries;
	return g_strdup_printf("что такое %s %s %s",
			       vocabulary[20000 + i % 30000],
			       vocabulary[i % 20], vocabulary[20 + i % 100]);
}

static char *common(size_t i, size_t entries)
{
	(void)entries;
	return g_strdup_printf("%s %s", vocabulary[i % 30],
			       vocabulary[30 + i % 30]);
}

static char *prefix(size_t i, size_t entries)
{
	(void)entries;
	const char *word = vocabulary[(i * 31) % VOCABULARY];
	return g_strndup(word, strlen(word) / 4 * 2 + 2);
}

static char *missing(size_t i, size_t entries)
{
	(void)entries;
	return g_strdup_printf("kubernetes%zu", i);
}

static char *layout(size_t i, size_t entries)
{
	g_autofree char *name = exact(i, entries);
	return words_to_latin_layout(name);
}

static gint compare(gconstpointer a, gconstpointer b)
{
	double x = *(const double *)a, y = *(const double *)b;
	return x < y ? -1 : x > y;
}

static void measure(struct index *index, const char *name,
		    char *(*make)(size_t, size_t), size_t entries)
{
	g_autoptr(GArray) times = g_array_new(FALSE, FALSE, sizeof(double));
	size_t answers = 0, choices = 0;
	for (size_t i = 0; i < QUERIES; i++) {
		g_autofree char *query = make(i, entries);
		g_auto(lookup) got;
		gint64 start = g_get_monotonic_time();
		g_assert_true(lookup_find(index, 1, query, NULL, &got, NULL));
		double taken = (double)(g_get_monotonic_time() - start);
		g_array_append_val(times, taken);
		answers += got.status == LOOKUP_ANSWER;
		choices += got.status == LOOKUP_CHOICES;
	}
	g_array_sort(times, compare);
	printf("%-16s p50 %6.0f us  p99 %6.0f us   %zu answers, %zu choices\n",
	       name, g_array_index(times, double, QUERIES / 2),
	       g_array_index(times, double, QUERIES * 99 / 100), answers,
	       choices);
}

/* usage: lookup [ENTRIES [FILE]] */
int main(int argc, char **argv)
{
	static const struct {
		const char *name;
		char *(*make)(size_t, size_t);
	} kinds[] = {
		{ "exact", exact },
		{ "wrong layout", layout },
		{ "prefix", prefix },
		{ "rare words", rare },
		{ "rare, common", rare_and_common },
		{ "common words", common },
		{ "not there", missing },
	};
	size_t entries = argc > 1 ? strtoul(argv[1], NULL, 10) : 100000;
	make_words();
	struct index *index = fill(argc > 2 ? argv[2] : NULL, entries);
	for (size_t i = 0; i < G_N_ELEMENTS(kinds); i++)
		measure(index, kinds[i].name, kinds[i].make, entries);
	index_free(index);
	for (size_t i = 0; i < VOCABULARY; i++)
		g_free(vocabulary[i]);
	return 0;
}
