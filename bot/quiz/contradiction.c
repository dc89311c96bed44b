#include "bot/quiz/contradiction.h"

#include <string.h>

/* The signs that something is met with, as bits; struct meaning's poles. */
enum { POSITIVE = 1, NEGATIVE = 2, BOTH = 3 };

static int other(int sign)
{
	return BOTH - sign;
}

/* The sign of a word in a pair, 0 if it is at neither pole. */
static int sign_in(short pair, const struct term *term)
{
	for (size_t i = 0; i < term->meanings_len; i++) {
		const struct meaning *own = &term->meanings[i];
		if (own->row == pair && own->pole)
			return term->negated ? other(own->pole) : own->pole;
	}
	return 0;
}

static int signs_in(short pair, const struct terms *terms)
{
	int signs = 0;
	for (size_t i = 0; i < terms->list->len; i++)
		signs |= sign_in(pair, terms_at(terms, i));
	return signs;
}

/* Whether there is a word at j, on the same side of the sentence as that at
 * i; any number is safe to ask. */
static bool is_beside(const struct terms *terms, size_t i, size_t j)
{
	return j < terms->list->len &&
	       terms_at(terms, j)->side == terms_at(terms, i)->side;
}

static int sign_at(short pair, const struct terms *terms, size_t i, size_t j)
{
	return is_beside(terms, i, j) ? sign_in(pair, terms_at(terms, j)) : 0;
}

/* How far the nearest pole of a pair is from the word at i, on its side of the
 * sentence; 0: there is none. */
static size_t nearest_pole(short pair, const struct terms *terms, size_t i)
{
	for (size_t away = 1; away < terms->list->len; away++)
		if (sign_at(pair, terms, i, i + away) ||
		    (i >= away && sign_at(pair, terms, i, i - away)))
			return away;
	return 0;
}

static int signs_on_side(short pair, const struct terms *terms, size_t i)
{
	int signs = 0;
	for (size_t j = i; is_beside(terms, i, j); j--)
		signs |= sign_in(pair, terms_at(terms, j));
	for (size_t j = i + 1; is_beside(terms, i, j); j++)
		signs |= sign_in(pair, terms_at(terms, j));
	return signs;
}

/*
 * The sign of the nearest pole to the word at i in its clause, both where
 * there are two; without one, that of its side of the sentence.
 */
static int nearest_sign(short pair, const struct terms *terms, size_t i)
{
	size_t away = nearest_pole(pair, terms, i);
	if (!away)
		return 0;
	unsigned clause = terms_at(terms, i)->clause;
	int signs = 0;
	if (i + away < terms->list->len &&
	    terms_at(terms, i + away)->clause == clause)
		signs |= sign_at(pair, terms, i, i + away);
	if (i >= away && terms_at(terms, i - away)->clause == clause)
		signs |= sign_at(pair, terms, i, i - away);
	return signs ? signs : signs_on_side(pair, terms, i);
}

/* «один поток»: the pole in front of the word at i, nothing between. */
static int sign_in_front(short pair, const struct terms *terms, size_t i)
{
	unsigned clause = terms_at(terms, i)->clause;
	while (i-- > 0 && terms_at(terms, i)->clause == clause) {
		int sign = sign_in(pair, terms_at(terms, i));
		if (sign || terms_at(terms, i)->role == TERM_PLAIN)
			return sign;
	}
	return 0;
}

/* With which signs of the pair the notes say a word. */
static int signs_beside(short pair, const struct terms *notes,
			const struct term *word)
{
	int all = 0;
	for (size_t i = 0; i < notes->list->len; i++) {
		const struct term *own = terms_at(notes, i);
		if (!term_is(own, word))
			continue;
		int signs = lexicon_kind(pair) == LEXICON_QUANTITY
				    ? sign_in_front(pair, notes, i)
				    : nearest_sign(pair, notes, i);
		if (own->negated != word->negated && signs && signs != BOTH)
			signs = other(signs);
		all |= signs;
	}
	return all;
}

/*
 * «замедляет чтение» where the notes say «ускоряет чтение, но замедляет
 * запись»: the words beside the pole tell which one is meant.
 */
static bool is_misplaced(const struct scene *scene, short pair, size_t i,
			 int sign)
{
	const struct terms *answer = scene->answer;
	size_t against = 0, for_it = 0;
	size_t from = lexicon_kind(pair) == LEXICON_QUANTITY ? i + 1 : 0;
	for (size_t j = from; j < answer->list->len; j++) {
		const struct term *word = terms_at(answer, j);
		if (word->clause != terms_at(answer, i)->clause ||
		    word->role != TERM_PLAIN || sign_in(pair, word) ||
		    nearest_pole(pair, answer, j) != (j < i ? i - j : j - i))
			continue;
		int signs = signs_beside(pair, scene->notes, word);
		against += signs == other(sign);
		for_it += signs == sign;
		if (from > 0)
			break;
	}
	return against > for_it;
}

/* Whether the word at i of the answer is at the wrong pole of a pair. */
static bool is_opposed(const struct scene *scene, size_t i, short pair)
{
	int sign = sign_in(pair, terms_at(scene->answer, i));
	int notes = signs_in(pair, scene->notes);
	if (!notes)
		return false;
	if (lexicon_kind(pair) == LEXICON_OPPOSITE && notes == other(sign) &&
	    !(signs_in(pair, scene->question) & sign))
		return true;
	return is_misplaced(scene, pair, i, sign);
}

bool contradicts_pole(const struct scene *scene)
{
	for (size_t i = 0; i < scene->answer->list->len; i++) {
		const struct term *word = terms_at(scene->answer, i);
		for (size_t j = 0; j < word->meanings_len; j++)
			if (word->meanings[j].pole &&
			    is_opposed(scene, i, word->meanings[j].row))
				return true;
	}
	return false;
}

bool contradicts(const struct scene *scene)
{
	static bool (*const tests[])(const struct scene *) = {
		contradicts_pole,	 contradicts_negation,
		contradicts_number,	 contradicts_exception,
		contradicts_order,	 contradicts_sequence,
		contradicts_relation,	 contradicts_company,
		contradicts_subject,	 contradicts_nearest,
		contradicts_arrangement,
	};
	for (size_t i = 0; i < G_N_ELEMENTS(tests); i++)
		if (tests[i](scene))
			return true;
	return false;
}
