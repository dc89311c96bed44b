#include "bot/quiz/scale.h"

#include <math.h>
#include <string.h>

#include "bot/quiz/chrf.h"
#include "kb/words.h"

static const double STRONG = 1.5; /* code, bold, all, only, not */
static const double ASKED = 0.25; /* stands in the question */

void scale_clear(struct scale *scale)
{
	terms_clear(&scale->notes);
	terms_clear(&scale->question);
	g_clear_pointer(&scale->earlier, g_array_unref);
	g_clear_pointer(&scale->idf, g_hash_table_unref);
}

/* The index counts no stop words: they are in about half of the entries. */
static bool ask_idf(const struct grade_reference *reference,
		    const struct term *term, double *idf, GError **error)
{
	*idf = 1;
	if (!reference->idf)
		return true;
	if (words_is_stop(term->word)) {
		*idf = log(2);
		return true;
	}
	return reference->idf(reference->data, term->stem, idf, error);
}

static bool idf_of(struct scale *scale, const struct term *term, double *idf,
		   GError **error)
{
	const double *known = g_hash_table_lookup(scale->idf, term->stem);
	if (known) {
		*idf = *known;
		return true;
	}
	if (!ask_idf(scale->reference, term, idf, error))
		return false;
	g_hash_table_insert(scale->idf, g_strdup(term->stem),
			    g_memdup2(idf, sizeof(*idf)));
	return true;
}

bool scale_weigh(struct scale *scale, struct terms *terms, GError **error)
{
	for (size_t i = 0; i < terms->list->len; i++) {
		struct term *term = terms_at(terms, i);
		term->weight = 0;
		if (term->role == TERM_FUNCTION)
			continue;
		if (!idf_of(scale, term, &term->weight, error))
			return false;
		if (term->strong || term->role >= TERM_KEPT)
			term->weight *= STRONG;
		if (terms_hold(&scale->question, term))
			term->weight *= ASKED;
	}
	return true;
}

static void note_earlier(struct scale *scale)
{
	g_autoptr(GHashTable) last = g_hash_table_new(g_str_hash, g_str_equal);
	for (size_t i = 0; i < scale->notes.list->len; i++) {
		char *stem = terms_at(&scale->notes, i)->stem;
		gpointer place = g_hash_table_lookup(last, stem);
		int earlier = GPOINTER_TO_INT(place) - 1;
		g_array_append_val(scale->earlier, earlier);
		g_hash_table_insert(last, stem, GINT_TO_POINTER(i + 1));
	}
}

/* "Да.": where all words are function words, they are what is asked for. */
static bool weigh_function_words(struct scale *scale, GError **error)
{
	if (scale_words(scale, scale->key) > 0)
		return true;
	for (size_t i = scale->key.from; i < scale->key.to; i++)
		terms_at(&scale->notes, i)->role = TERM_PLAIN;
	return scale_weigh(scale, &scale->notes, error);
}

static struct range range_of_points(const struct scale *scale, unsigned from,
				    unsigned to)
{
	struct range range = { scale->key.to, scale->key.from };
	for (size_t i = scale->key.from; i < scale->key.to; i++) {
		unsigned point = terms_at(&scale->notes, i)->point;
		if (point < from || point >= to)
			continue;
		range.from = MIN(range.from, i);
		range.to = i + 1;
	}
	range.to = MAX(range.from, range.to);
	return range;
}

struct range scale_point(const struct scale *scale, unsigned point)
{
	return range_of_points(scale, point, point + 1);
}

bool scale_init(struct scale *scale, const struct grade_reference *reference,
		GError **error)
{
	*scale = (struct scale){
		.reference = reference,
		.earlier = g_array_new(FALSE, FALSE, sizeof(int)),
		.idf = g_hash_table_new_full(g_str_hash, g_str_equal, g_free,
					     g_free),
	};
	terms_init(&scale->notes);
	terms_init(&scale->question);
	const char *brief = reference->brief ? reference->brief : "";
	terms_add(&scale->notes, reference->answer ? reference->answer : brief);
	scale->key.to = scale->notes.list->len;
	scale->points = scale->notes.points;
	scale->core = range_of_points(scale, 0, MAX(scale->notes.core, 1));
	if (reference->answer)
		terms_add(&scale->notes, brief);
	scale->brief = (struct range){ scale->key.to, scale->notes.list->len };
	char *const *questions = reference->questions;
	for (size_t i = 0; questions && questions[i]; i++)
		terms_add(&scale->question, questions[i]);
	note_earlier(scale);
	return scale_weigh(scale, &scale->notes, error) &&
	       weigh_function_words(scale, error);
}

/* True if no earlier word of the range has the same stem. */
static bool is_first(const struct scale *scale, struct range range, size_t i)
{
	return g_array_index(scale->earlier, int, i) < (int)range.from;
}

size_t scale_words(const struct scale *scale, struct range range)
{
	size_t count = 0;
	for (size_t i = range.from; i < range.to; i++)
		count += terms_at(&scale->notes, i)->weight > 0 &&
			 is_first(scale, range, i);
	return count;
}

char *scale_letters(const struct terms *terms, struct range range)
{
	GString *to = g_string_new(NULL);
	for (size_t i = range.from; i < range.to; i++)
		g_string_append(to, terms_at(terms, i)->word);
	return g_string_free(to, FALSE);
}

static double precision_of(const struct scale *scale,
			   const struct terms *answer)
{
	g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);
	double all = 0, both = 0;
	for (size_t i = 0; i < answer->list->len; i++) {
		const struct term *term = terms_at(answer, i);
		if (term->weight <= 0 || !g_hash_table_add(seen, term->stem))
			continue;
		double found = terms_find(&scale->notes, term);
		if (found < 1)
			found = MAX(found, terms_find(&scale->question, term));
		all += term->weight;
		both += term->weight * found;
	}
	return all > 0 ? both / all : 0;
}

void measure_init(struct measure *measure, const struct scale *scale,
		  const struct terms *answer)
{
	size_t len = scale->notes.list->len;
	*measure = (struct measure){ .found = g_new0(double, len + 1) };
	for (size_t i = 0; i < len; i++)
		measure->found[i] =
			terms_find(answer, terms_at(&scale->notes, i));
	measure->precision = precision_of(scale, answer);
}

void measure_clear(struct measure *measure)
{
	g_clear_pointer(&measure->found, g_free);
}

double measure_recall(const struct measure *measure, const struct scale *scale,
		      struct range range)
{
	double all = 0, both = 0;
	for (size_t i = range.from; i < range.to; i++) {
		if (!is_first(scale, range, i))
			continue;
		double weight = terms_at(&scale->notes, i)->weight;
		all += weight;
		both += weight * measure->found[i];
	}
	return all > 0 ? both / all : 0;
}

double measure_likeness(const struct measure *measure,
			const struct scale *scale, const struct terms *answer,
			struct range range)
{
	double p = measure->precision;
	double r = measure_recall(measure, scale, range);
	double f = p + r > 0 ? 5 * p * r / (4 * p + r) : 0;
	struct range whole = { 0, answer->list->len };
	g_autofree char *own = scale_letters(answer, whole);
	g_autofree char *notes = scale_letters(&scale->notes, range);
	return 0.75 * f + 0.25 * chrf(own, notes);
}
