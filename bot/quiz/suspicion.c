#include "bot/quiz/suspicion.h"

#include <string.h>

#include "bot/quiz/contradiction.h"

static const double MISTAKEN = 0.6; /* likeness to a wrong answer */

enum {
	STUFFED = 5,	 /* words of a heap, one of them again */
	STUFFED_ONCE = 7 /* … or each of them once */
};

/* Hardly any of the words that make a sentence of them. */
static bool is_heap(const struct terms *terms, struct range range)
{
	size_t small = 0;
	for (size_t i = range.from; i < range.to; i++)
		small += terms_at(terms, i)->role != TERM_PLAIN;
	return small * 8 < range.to - range.from;
}

static bool is_stuffed(const struct scale *scale, const struct terms *answer)
{
	struct range whole = { 0, answer->list->len };
	/* Notes that are a heap themselves may be answered by one. */
	if (!is_heap(answer, whole) || is_heap(&scale->notes, scale->key))
		return false;
	g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);
	size_t words = 0;
	for (size_t i = 0; i < answer->list->len; i++) {
		const struct term *term = terms_at(answer, i);
		words += term->role == TERM_PLAIN;
		g_hash_table_add(seen, term->stem);
	}
	bool again = g_hash_table_size(seen) < answer->list->len;
	return words >= (again ? STUFFED : STUFFED_ONCE);
}

/* Most of its words stand in the question, as they do there. */
static bool is_parroted(const struct scale *scale, const struct terms *answer)
{
	size_t words = 0, asked = 0;
	for (size_t i = 0; i < answer->list->len; i++) {
		const struct term *term = terms_at(answer, i);
		if (term->role == TERM_FUNCTION)
			continue;
		words++;
		asked += terms_hold(&scale->question, term);
	}
	return asked * 10 > words * 7;
}

/* One of the note's own wrong answers, said rather than denied. */
static bool is_mistake(const struct scale *notes, const struct terms *answer,
		       const char *wrong, double likeness, bool *is,
		       GError **error)
{
	const struct grade_reference *reference = notes->reference;
	const struct grade_reference instead = {
		.answer = wrong,
		.questions = reference->questions,
		.idf = reference->idf,
		.data = reference->data,
	};
	g_auto(scale) other;
	if (!scale_init(&other, &instead, error))
		return false;
	g_auto(measure) measure;
	measure_init(&measure, &other, answer);
	double own = measure_likeness(&measure, &other, answer, other.key);
	const struct scene scene = { &other.notes, other.key.to,
				     &other.question, answer };
	*is = own >= MISTAKEN && own > likeness && !contradicts(&scene);
	return true;
}

bool suspicion_find(const struct scale *scale, const struct reading *reading,
		    unsigned *flags, GError **error)
{
	const struct terms *answer = &reading->terms;
	const struct scene scene = { &scale->notes, scale->key.to,
				     &scale->question, answer };
	*flags = 0;
	if (reading->verbatim)
		return true;
	if (contradicts(&scene))
		*flags |= GRADE_CONTRADICTION;
	if (is_stuffed(scale, answer))
		*flags |= GRADE_STUFFING;
	if (is_parroted(scale, answer))
		*flags |= GRADE_PARROT;
	double likeness = MAX(reading->core, reading->whole);
	char *const *wrong = scale->reference->wrong;
	for (size_t i = 0; wrong && wrong[i]; i++) {
		bool is = false;
		if (!is_mistake(scale, answer, wrong[i], likeness, &is, error))
			return false;
		if (is)
			*flags |= GRADE_MISTAKE;
	}
	return true;
}
