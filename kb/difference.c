/* library_diff(): which entries that appeared are ones that vanished. */

#include "kb/library.h"

#include <stdlib.h>
#include <string.h>

#include "kb/words.h"

enum {
	CANDIDATES = 1000, /* titles compared with one title */
	KEPT = 8,	   /* of those, the most alike */
	ROUNDS = 8,
};

/* The set of a title's 3-grams, each as its rank: rare ones come first. */
struct title {
	guint32 *grams;
	size_t len;
};

struct pair {
	size_t vanished, appeared;
	size_t shared, all; /* 3-grams: Jaccard is shared / all */
};

/* One side of the comparison; place[i] is where an entry of it stands. */
struct side {
	const struct library_trace *traces;
	size_t *place; /* those of one file that are still single */
	struct title *titles;
	size_t len;
};

static char *file_and_content(const struct library_trace *trace)
{
	return g_strjoin("\n", trace->file, trace->content_hash, NULL);
}

static char *content(const struct library_trace *trace)
{
	return g_strdup(trace->content_hash);
}

static char *file_and_title(const struct library_trace *trace)
{
	g_autofree char *title = words_fold(trace->title);
	return g_strjoin("\n", trace->file, title, NULL);
}

static void queue_free(void *queue)
{
	g_queue_free(queue);
}

/* Pairs equal keys, the first that vanished with the first to appear. */
static void match_equal(const struct library_trace *vanished,
			size_t vanished_len,
			const struct library_trace *appeared,
			size_t appeared_len,
			char *(*key_of)(const struct library_trace *trace),
			size_t *same, bool *taken)
{
	g_autoptr(GHashTable) places = g_hash_table_new_full(
		g_str_hash, g_str_equal, g_free, queue_free);
	for (size_t i = 0; i < appeared_len; i++) {
		if (taken[i])
			continue;
		char *key = key_of(&appeared[i]);
		GQueue *queue = g_hash_table_lookup(places, key);
		if (queue) {
			g_free(key);
		} else {
			queue = g_queue_new();
			g_hash_table_insert(places, key, queue);
		}
		g_queue_push_tail(queue, GSIZE_TO_POINTER(i + 1));
	}
	for (size_t i = 0; i < vanished_len; i++) {
		if (same[i] != SIZE_MAX)
			continue;
		g_autofree char *key = key_of(&vanished[i]);
		GQueue *queue = g_hash_table_lookup(places, key);
		size_t place =
			queue ? GPOINTER_TO_SIZE(g_queue_pop_head(queue)) : 0;
		if (!place)
			continue;
		same[i] = place - 1;
		taken[place - 1] = true;
	}
}

static int by_number(const void *a, const void *b)
{
	const guint32 *one = a, *other = b;
	return (*one > *other) - (*one < *other);
}

static size_t sort_and_unite(guint32 *numbers, size_t len)
{
	qsort(numbers, len, sizeof(*numbers), by_number);
	size_t kept = 0;
	for (size_t i = 0; i < len; i++)
		if (kept == 0 || numbers[kept - 1] != numbers[i])
			numbers[kept++] = numbers[i];
	return kept;
}

/* The title's 3-grams as numbers, which `numbers` gives out as they come. */
static struct title cut(const char *text, GHashTable *numbers)
{
	g_autofree char *folded = words_fold(text);
	glong characters = g_utf8_strlen(folded, -1);
	struct title title = { 0 };
	if (characters == 0)
		return title;
	/* A shorter one is its own and only gram. */
	glong grams = MAX(characters - 2, 1);
	title.grams = g_new(guint32, (gsize)grams);
	const char *p = folded;
	for (glong i = 0; i < grams; i++, p = g_utf8_next_char(p)) {
		const char *end =
			g_utf8_offset_to_pointer(p, MIN(characters, 3));
		char *gram = g_strndup(p, (gsize)(end - p));
		guint number =
			GPOINTER_TO_UINT(g_hash_table_lookup(numbers, gram));
		if (number) {
			g_free(gram);
		} else {
			number = g_hash_table_size(numbers) + 1;
			g_hash_table_insert(numbers, gram,
					    GUINT_TO_POINTER(number));
		}
		title.grams[title.len++] = number;
	}
	title.len = sort_and_unite(title.grams, title.len);
	return title;
}

struct count {
	guint32 number, times;
};

static int by_times(const void *a, const void *b)
{
	const struct count *one = a, *other = b;
	if (one->times != other->times)
		return one->times < other->times ? -1 : 1;
	return by_number(&one->number, &other->number);
}

/* Numbers become ranks: the rarer a gram among all titles, the lower. */
static void rank(struct side *sides[2], size_t grams)
{
	g_autofree struct count *counts = g_new0(struct count, grams + 1);
	g_autofree guint32 *ranks = g_new0(guint32, grams + 1);
	for (size_t i = 0; i <= grams; i++)
		counts[i].number = (guint32)i;
	for (size_t s = 0; s < 2; s++)
		for (size_t i = 0; i < sides[s]->len; i++)
			for (size_t g = 0; g < sides[s]->titles[i].len; g++)
				counts[sides[s]->titles[i].grams[g]].times++;
	qsort(counts, grams + 1, sizeof(*counts), by_times);
	for (size_t i = 0; i <= grams; i++)
		ranks[counts[i].number] = (guint32)i;
	for (size_t s = 0; s < 2; s++)
		for (size_t i = 0; i < sides[s]->len; i++) {
			struct title *title = &sides[s]->titles[i];
			for (size_t g = 0; g < title->len; g++)
				title->grams[g] = ranks[title->grams[g]];
			if (title->len)
				qsort(title->grams, title->len, sizeof(guint32),
				      by_number);
		}
}

static size_t count_shared(const struct title *a, const struct title *b)
{
	size_t shared = 0;
	for (size_t i = 0, j = 0; i < a->len && j < b->len;) {
		guint32 one = a->grams[i], other = b->grams[j];
		shared += one == other;
		i += one <= other;
		j += other <= one;
	}
	return shared;
}

/*
 * Two sets of Jaccard >= 0.6 share at least 3/5 of either, so they have a
 * gram in common among the first (rarest) len - 3/5 len + 1 of each: only
 * titles that meet there need comparing.
 */
static size_t prefix(const struct title *title)
{
	return title->len ? title->len - (3 * title->len + 4) / 5 + 1 : 0;
}

static int by_likeness(const void *a, const void *b)
{
	const struct pair *one = a, *other = b;
	size_t left = one->shared * other->all;
	size_t right = other->shared * one->all;
	if (left != right)
		return left > right ? -1 : 1;
	if (one->vanished != other->vanished)
		return one->vanished < other->vanished ? -1 : 1;
	return (one->appeared > other->appeared) -
	       (one->appeared < other->appeared);
}

/* Keeps the pair if it is among the best of those that start at `first`. */
static void keep_pair(GArray *pairs, guint first, const struct pair *pair)
{
	guint i = pairs->len;
	if (i - first == KEPT) {
		if (by_likeness(pair,
				&g_array_index(pairs, struct pair, i - 1)) >= 0)
			return;
		g_array_set_size(pairs, --i);
	}
	while (i > first &&
	       by_likeness(pair, &g_array_index(pairs, struct pair, i - 1)) < 0)
		i--;
	g_array_insert_val(pairs, i, *pair);
}

static void compare(const struct side *vanished, size_t i,
		    const struct side *appeared, GHashTable *places,
		    size_t *visited, GArray *pairs)
{
	const struct title *title = &vanished->titles[i];
	guint first = pairs->len;
	size_t left = CANDIDATES;
	for (size_t g = 0; g < prefix(title); g++) {
		const GArray *meeting = g_hash_table_lookup(
			places, GUINT_TO_POINTER(title->grams[g]));
		for (guint m = 0; meeting && m < meeting->len && left; m++) {
			size_t j = g_array_index(meeting, size_t, m);
			if (visited[j] == i + 1)
				continue;
			visited[j] = i + 1;
			left--;
			size_t shared =
				count_shared(title, &appeared->titles[j]);
			const struct pair pair = {
				.vanished = vanished->place[i],
				.appeared = appeared->place[j],
				.shared = shared,
				.all = title->len + appeared->titles[j].len -
				       shared,
			};
			if (5 * shared >= 3 * pair.all)
				keep_pair(pairs, first, &pair);
		}
	}
}

static void array_free(void *array)
{
	g_array_free(array, TRUE);
}

static void cut_all(struct side *side, GHashTable *numbers)
{
	side->titles = g_new0(struct title, side->len);
	for (size_t i = 0; i < side->len; i++)
		side->titles[i] =
			cut(side->traces[side->place[i]].title, numbers);
}

static void titles_free(struct side *side)
{
	for (size_t i = 0; i < side->len; i++)
		g_free(side->titles[i].grams);
	g_free(side->titles);
}

/* All alike pairs of one file go to pairs. */
static void match_titles(struct side *vanished, struct side *appeared,
			 GArray *pairs)
{
	g_autoptr(GHashTable) numbers =
		g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	g_autoptr(GHashTable) places =
		g_hash_table_new_full(NULL, NULL, NULL, array_free);
	cut_all(vanished, numbers);
	cut_all(appeared, numbers);
	rank((struct side *[2]){ vanished, appeared },
	     g_hash_table_size(numbers));
	for (size_t j = 0; j < appeared->len; j++) {
		const struct title *title = &appeared->titles[j];
		for (size_t g = 0; g < prefix(title); g++) {
			void *gram = GUINT_TO_POINTER(title->grams[g]);
			GArray *meeting = g_hash_table_lookup(places, gram);
			if (!meeting) {
				meeting = g_array_new(FALSE, FALSE,
						      sizeof(size_t));
				g_hash_table_insert(places, gram, meeting);
			}
			g_array_append_val(meeting, j);
		}
	}
	g_autofree size_t *visited = g_new0(size_t, appeared->len);
	for (size_t i = 0; i < vanished->len; i++)
		compare(vanished, i, appeared, places, visited, pairs);
	titles_free(vanished);
	titles_free(appeared);
}

/* file -> GArray of the places of its entries that are still single. */
static GHashTable *by_file(const struct library_trace *traces, size_t len,
			   const size_t *same, const bool *taken)
{
	GHashTable *files = g_hash_table_new_full(g_str_hash, g_str_equal, NULL,
						  array_free);
	for (size_t i = 0; i < len; i++) {
		if (same ? same[i] != SIZE_MAX : taken[i])
			continue;
		GArray *places = g_hash_table_lookup(files, traces[i].file);
		if (!places) {
			places = g_array_new(FALSE, FALSE, sizeof(size_t));
			g_hash_table_insert(files, (void *)traces[i].file,
					    places);
		}
		g_array_append_val(places, i);
	}
	return files;
}

/* False where no two were found to be alike any more. */
static bool match_alike(const struct library_trace *vanished,
			size_t vanished_len,
			const struct library_trace *appeared,
			size_t appeared_len, size_t *same, bool *taken)
{
	g_autoptr(GArray) pairs =
		g_array_new(FALSE, FALSE, sizeof(struct pair));
	g_autoptr(GHashTable) left =
		by_file(vanished, vanished_len, same, NULL);
	g_autoptr(GHashTable) right =
		by_file(appeared, appeared_len, NULL, taken);
	GHashTableIter iter;
	void *file, *places;
	g_hash_table_iter_init(&iter, left);
	while (g_hash_table_iter_next(&iter, &file, &places)) {
		const GArray *mine = places;
		const GArray *theirs = g_hash_table_lookup(right, file);
		if (!theirs)
			continue;
		struct side one = { vanished, (size_t *)(void *)mine->data,
				    NULL, mine->len };
		struct side other = { appeared, (size_t *)(void *)theirs->data,
				      NULL, theirs->len };
		match_titles(&one, &other, pairs);
	}
	g_array_sort(pairs, by_likeness);
	for (guint i = 0; i < pairs->len; i++) {
		const struct pair *pair = &g_array_index(pairs, struct pair, i);
		if (same[pair->vanished] != SIZE_MAX || taken[pair->appeared])
			continue;
		same[pair->vanished] = pair->appeared;
		taken[pair->appeared] = true;
	}
	return pairs->len > 0;
}

void library_diff(const struct library_trace *vanished, size_t vanished_len,
		  const struct library_trace *appeared, size_t appeared_len,
		  size_t *same)
{
	static char *(*const keys[])(const struct library_trace *trace) = {
		file_and_content, content, file_and_title
	};
	g_autofree bool *taken = g_new0(bool, appeared_len);
	for (size_t i = 0; i < vanished_len; i++)
		same[i] = SIZE_MAX;
	for (size_t k = 0; k < G_N_ELEMENTS(keys); k++)
		match_equal(vanished, vanished_len, appeared, appeared_len,
			    keys[k], same, taken);
	/* Again for those whose best were all taken by better matches. */
	for (unsigned round = 0; round < ROUNDS; round++)
		if (!match_alike(vanished, vanished_len, appeared, appeared_len,
				 same, taken))
			break;
}
