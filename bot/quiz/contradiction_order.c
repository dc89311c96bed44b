/* The tests of contradiction.h that ask where words stand. */

#include <stdint.h>
#include <string.h>

#include "bot/quiz/contradiction.h"

enum {
	SENTENCES_MOST = 64, /* of the notes; a bit each */
	TELLING = 2,	     /* a word in more sentences tells nothing */
	STAY = 2,	     /* words that are more than a passing mention */
	NEAR = 6,	     /* words of a relation on either side */
};

/* The sentences of the key where a word stands, a bit each. */
static uint64_t sentences_of(const struct scene *scene, const struct term *word)
{
	uint64_t in = 0;
	for (size_t i = 0; i < scene->key_len; i++) {
		const struct term *own = terms_at(scene->notes, i);
		if (own->sentence < SENTENCES_MOST &&
		    term_match(own, word) >= 0.8)
			in |= (uint64_t)1 << own->sentence;
	}
	return in;
}

bool contradicts_order(const struct scene *scene)
{
	struct stay {
		uint64_t in;
		size_t words;
	} before = { 0 }, now = { 0 };
	uint64_t left = 0;
	for (size_t i = 0; i < scene->answer->list->len; i++) {
		const struct term *word = terms_at(scene->answer, i);
		if (word->role != TERM_PLAIN || g_ascii_isdigit(*word->word))
			continue;
		uint64_t in = sentences_of(scene, word);
		if (!in || __builtin_popcountll(in) > TELLING)
			continue;
		if (in & now.in) {
			now.in &= in;
			now.words++;
		} else if (in & before.in && now.words < STAY) {
			/* It was not really left. */
			now.in = before.in & in;
			now.words = before.words + 1;
		} else if (in & (left | before.in)) {
			return true;
		} else {
			left |= before.in;
			before = now;
			now = (struct stay){ in, 1 };
		}
	}
	return false;
}

/* Turned round, they say something else. */
static bool is_relation(const struct term *term)
{
	static const char *const relations[] = {
		"вместо", "чем",     "раньше", "позже",	 "перед",
		"до",	  "после",   "важнее", "прежде", "больше",
		"меньше", "instead", "than",   "before", "after",
		"over",	  "above",   "below",  "into",	 "to",
		"from",	  "из",	     "в",      "на",	 NULL,
	};
	return term_is_any(term, relations);
}

/* Near a relation, in its clause: the place of the n-th word in front of it
 * (or behind it); SIZE_MAX: there is none that means something. */
static size_t place(const struct terms *terms, size_t relation, bool front,
		    size_t n)
{
	size_t i = front ? relation - n : relation + n;
	if (i >= terms->list->len ||
	    terms_at(terms, i)->clause != terms_at(terms, relation)->clause ||
	    terms_at(terms, i)->role != TERM_PLAIN)
		return SIZE_MAX;
	return i;
}

static bool stands(const struct terms *terms, size_t relation, bool front,
		   const struct term *word)
{
	for (size_t n = 1; n <= NEAR; n++) {
		size_t i = place(terms, relation, front, n);
		if (i != SIZE_MAX && term_is(terms_at(terms, i), word))
			return true;
	}
	return false;
}

/* Whether a word in front of the answer's relation (or behind it) is one that
 * stands on the other side of that of the notes, and on no other. */
static bool has_crossed(const struct scene *scene, size_t own, size_t notes,
			bool front)
{
	for (size_t n = 1; n <= NEAR; n++) {
		size_t i = place(scene->answer, own, front, n);
		if (i == SIZE_MAX)
			continue;
		const struct term *word = terms_at(scene->answer, i);
		if (stands(scene->notes, notes, !front, word) &&
		    !stands(scene->notes, notes, front, word))
			return true;
	}
	return false;
}

/* Whether the key says b always before a, and says both. */
static bool is_later(const struct scene *scene, const struct term *a,
		     const struct term *b)
{
	size_t first_a = SIZE_MAX, last_b = SIZE_MAX;
	for (size_t i = 0; i < scene->key_len; i++) {
		const struct term *own = terms_at(scene->notes, i);
		if (term_is(own, a))
			first_a = MIN(first_a, i);
		if (term_is(own, b))
			last_b = i;
	}
	return last_b != SIZE_MAX && first_a != SIZE_MAX && last_b < first_a;
}

enum when { WHEN_NEVER, WHEN_LATER, WHEN_EARLIER };

/* What the word says of the words behind it: that they come later than those
 * in front of it, or earlier. */
static enum when when_of(const char *word)
{
	static const struct {
		const char *word;
		enum when when;
	} rows[] = {
		{ "then", WHEN_LATER },	   { "затем", WHEN_LATER },
		{ "потом", WHEN_LATER },   { "before", WHEN_LATER },
		{ "перед", WHEN_LATER },   { "прежде", WHEN_LATER },
		{ "after", WHEN_EARLIER }, { "после", WHEN_EARLIER },
	};
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++)
		if (strcmp(rows[i].word, word) == 0)
			return rows[i].when;
	return WHEN_NEVER;
}

/* The nearest word from i on, in steps of 1 or -1, that the key says. */
static const struct term *known_from(const struct scene *scene, size_t i,
				     int step)
{
	for (size_t n = 0; n < NEAR; n++) {
		i += (size_t)step;
		if (i >= scene->answer->list->len)
			return NULL;
		const struct term *word = terms_at(scene->answer, i);
		if (word->role != TERM_PLAIN)
			continue;
		for (size_t j = 0; j < scene->key_len; j++)
			if (term_is(terms_at(scene->notes, j), word))
				return word;
	}
	return NULL;
}

/* Notes that tell what comes later in another order than they are written. */
static bool looks_back(const struct scene *scene)
{
	for (size_t i = 0; i < scene->key_len; i++)
		if (when_of(terms_at(scene->notes, i)->word) == WHEN_EARLIER)
			return true;
	return false;
}

bool contradicts_sequence(const struct scene *scene)
{
	if (looks_back(scene))
		return false;
	for (size_t i = 0; i < scene->answer->list->len; i++) {
		enum when when = when_of(terms_at(scene->answer, i)->word);
		if (when == WHEN_NEVER)
			continue;
		const struct term *before = known_from(scene, i, -1);
		const struct term *behind = known_from(scene, i, 1);
		if (!before || !behind)
			continue;
		bool later = when == WHEN_LATER;
		if (is_later(scene, later ? before : behind,
			     later ? behind : before))
			return true;
	}
	return false;
}

bool contradicts_relation(const struct scene *scene)
{
	for (size_t i = 0; i < scene->answer->list->len; i++) {
		const struct term *own = terms_at(scene->answer, i);
		if (!is_relation(own))
			continue;
		for (size_t j = 0; j < scene->notes->list->len; j++)
			if (strcmp(terms_at(scene->notes, j)->word,
				   own->word) == 0 &&
			    has_crossed(scene, i, j, true) &&
			    has_crossed(scene, i, j, false))
				return true;
	}
	return false;
}
