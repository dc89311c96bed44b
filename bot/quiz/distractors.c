#include "bot/quiz/distractors.h"

#include <math.h>
#include <string.h>

#include "kb/words.h"

enum { GRAM_LEAST = 3, GRAM_MOST = 5 };

static const double most_alike = 0.60, most_shared = 0.60, relevance = 0.6;

/* A text as counts of its grams, and as a set of its stems. */
struct view {
	GHashTable *grams; /* char * -> count */
	GHashTable *stems;
	glong len;
	double norm;
	double to_key; /* cosine */
};

static void view_clear(void *data)
{
	struct view *view = data;
	g_hash_table_unref(view->grams);
	g_hash_table_unref(view->stems);
}

static void count_grams(GHashTable *grams, const char *text)
{
	for (const char *p = text; *p; p = g_utf8_next_char(p)) {
		const char *end = p;
		for (int n = 1; n <= GRAM_MOST && *end; n++) {
			end = g_utf8_next_char(end);
			if (n < GRAM_LEAST)
				continue;
			char *gram = g_strndup(p, (gsize)(end - p));
			gsize count = GPOINTER_TO_SIZE(
				g_hash_table_lookup(grams, gram));
			g_hash_table_replace(grams, gram,
					     GSIZE_TO_POINTER(count + 1));
		}
	}
}

static struct view view_of(const char *text)
{
	struct view view = {
		.grams = g_hash_table_new_full(g_str_hash, g_str_equal, g_free,
					       NULL),
		.stems = g_hash_table_new_full(g_str_hash, g_str_equal, g_free,
					       NULL),
		.len = g_utf8_strlen(text, -1),
	};
	g_autofree char *folded = words_fold(text);
	g_autofree char *padded = g_strdup_printf(" %s ", folded);
	count_grams(view.grams, padded);
	g_auto(GStrv) words = words_split(folded);
	for (char **word = words; *word; word++)
		if (!words_is_stop(*word))
			g_hash_table_add(view.stems, words_stem(*word));
	return view;
}

/* ---- tf-idf ---- */

/* In how many of the texts each gram occurs. */
static GHashTable *document_counts(GArray *views)
{
	GHashTable *counts = g_hash_table_new(g_str_hash, g_str_equal);
	for (guint i = 0; i < views->len; i++) {
		GHashTableIter iter;
		gpointer gram;
		g_hash_table_iter_init(
			&iter, g_array_index(views, struct view, i).grams);
		while (g_hash_table_iter_next(&iter, &gram, NULL)) {
			gsize count = GPOINTER_TO_SIZE(
				g_hash_table_lookup(counts, gram));
			g_hash_table_insert(counts, gram,
					    GSIZE_TO_POINTER(count + 1));
		}
	}
	return counts;
}

/* The counts become weights, squared, as a product of two vectors needs them:
 * gram -> double. */
static GHashTable *weights_of(GHashTable *counts, guint texts)
{
	GHashTable *weights =
		g_hash_table_new_full(g_str_hash, g_str_equal, NULL, g_free);
	GHashTableIter iter;
	gpointer gram, in;
	g_hash_table_iter_init(&iter, counts);
	while (g_hash_table_iter_next(&iter, &gram, &in)) {
		double *weight = g_new(double, 1);
		double idf =
			log(1 + (double)texts / (double)GPOINTER_TO_SIZE(in));
		*weight = idf * idf;
		g_hash_table_insert(weights, gram, weight);
	}
	return weights;
}

static double dot(const struct view *a, const struct view *b,
		  GHashTable *weights)
{
	double sum = 0;
	GHashTableIter iter;
	gpointer gram, count;
	g_hash_table_iter_init(&iter, a->grams);
	while (g_hash_table_iter_next(&iter, &gram, &count)) {
		gsize other =
			GPOINTER_TO_SIZE(g_hash_table_lookup(b->grams, gram));
		if (!other)
			continue;
		const double *weight = g_hash_table_lookup(weights, gram);
		sum += *weight * (double)GPOINTER_TO_SIZE(count) *
		       (double)other;
	}
	return sum;
}

struct space {
	GArray *views; /* the key's first */
	GHashTable *weights;
};

static struct view *view_at(const struct space *space, guint i)
{
	return &g_array_index(space->views, struct view, i);
}

static double cosine(const struct space *space, guint a, guint b)
{
	const struct view *x = view_at(space, a), *y = view_at(space, b);
	if (x->norm == 0 || y->norm == 0)
		return 0;
	return dot(x, y, space->weights) / (x->norm * y->norm);
}

/* ---- choosing ---- */

static double shared(const struct view *key, const struct view *other)
{
	guint both = 0;
	guint all = MIN(g_hash_table_size(key->stems),
			g_hash_table_size(other->stems));
	GHashTableIter iter;
	gpointer stem;
	g_hash_table_iter_init(&iter, other->stems);
	while (g_hash_table_iter_next(&iter, &stem, NULL))
		both += g_hash_table_contains(key->stems, stem);
	return all ? (double)both / all : 0;
}

/* i counts the views: a candidate's is i + 1. */
static bool is_good(const struct space *space, guint i)
{
	const struct view *key = view_at(space, 0), *view = view_at(space, i);
	return view->len * 2 >= key->len && view->len <= key->len * 2 &&
	       shared(key, view) <= most_shared && view->to_key <= most_alike;
}

/* Two options that nearly say the same are no two options. */
static bool is_new(const struct space *space, guint i, const guint *taken,
		   size_t len)
{
	for (size_t t = 0; t < len; t++)
		if (cosine(space, i, taken[t]) > most_alike)
			return false;
	return true;
}

static double worth(const struct space *space, guint i, const guint *taken,
		    size_t len)
{
	double nearest = 0;
	for (size_t t = 0; t < len; t++)
		nearest = MAX(nearest, cosine(space, i, taken[t]));
	return relevance * view_at(space, i)->to_key -
	       (1 - relevance) * nearest;
}

static struct space space_of(const char *key,
			     const struct distractor *candidates, size_t len)
{
	struct space space = {
		g_array_new(false, false, sizeof(struct view)),
		NULL,
	};
	g_array_set_clear_func(space.views, view_clear);
	struct view view = view_of(key);
	g_array_append_val(space.views, view);
	for (size_t i = 0; i < len; i++) {
		view = view_of(candidates[i].text);
		g_array_append_val(space.views, view);
	}
	g_autoptr(GHashTable) counts = document_counts(space.views);
	space.weights = weights_of(counts, space.views->len);
	for (guint i = 0; i < space.views->len; i++) {
		struct view *v = view_at(&space, i);
		v->norm = sqrt(dot(v, v, space.weights));
		v->to_key = cosine(&space, 0, i);
	}
	return space;
}

size_t distractors_choose(const char *key, const struct distractor *candidates,
			  size_t len,
			  const struct distractor *chosen[DISTRACTORS_MOST])
{
	struct space space = space_of(key, candidates, len);
	guint taken[DISTRACTORS_MOST];
	size_t found = 0;
	for (unsigned distance = 0; distance <= 2;) {
		guint best = 0;
		double best_worth = -2;
		for (guint i = 1; found < DISTRACTORS_MOST && i <= len; i++) {
			if (candidates[i - 1].distance != distance ||
			    !is_good(&space, i) ||
			    !is_new(&space, i, taken, found))
				continue;
			double w = worth(&space, i, taken, found);
			if (w > best_worth) {
				best = i;
				best_worth = w;
			}
		}
		if (!best) {
			distance++;
			continue;
		}
		chosen[found] = &candidates[best - 1];
		taken[found++] = best;
	}
	g_hash_table_unref(space.weights);
	g_array_unref(space.views);
	return found;
}
