/* What small words make of the words around them: the negations and the turns
 * of a sentence, of terms.h. */

#include <string.h>

#include "bot/quiz/terms_private.h"

static bool is_negation(const struct term *term)
{
	return term->role == TERM_NOT || term->role == TERM_NOT_WIDE;
}

static bool can_bear(const struct term *term)
{
	return term->role == TERM_PLAIN || term->role == TERM_KEPT;
}

/* By its ending, as it stands behind "без" and "нет". */
static bool is_adjective(const struct term *term)
{
	static const char *const endings[] = { "ого", "его", "ой",
					       "ей",  "ых",  "их" };
	for (size_t i = 0; i < G_N_ELEMENTS(endings); i++)
		if (g_str_has_suffix(term->word, endings[i]))
			return true;
	return false;
}

static bool is_to_be(const struct term *term)
{
	static const char *const forms[] = { "был",   "была",  "было", "были",
					     "будет", "будут", NULL };
	return term_is_any(term, forms);
}

/* The next word after i, in its clause, that a negation can bear upon. */
static struct term *bearer_behind(struct terms *terms, size_t i)
{
	unsigned clause = terms_at(terms, i)->clause;
	while (++i < terms->list->len && terms_at(terms, i)->clause == clause)
		if (can_bear(terms_at(terms, i)))
			return terms_at(terms, i);
	return NULL;
}

static struct term *bearer_before(struct terms *terms, size_t i)
{
	unsigned clause = terms_at(terms, i)->clause;
	while (i-- > 0 && terms_at(terms, i)->clause == clause)
		if (can_bear(terms_at(terms, i)))
			return terms_at(terms, i);
	return NULL;
}

/* «без отдельного словаря», «без словаря `__dict__`»: the nouns too. */
static void negate_nouns(struct terms *terms, struct term *first)
{
	struct term *end = terms_at(terms, terms->list->len);
	for (struct term *term = first; term + 1 < end; term++) {
		struct term *next = term + 1;
		if (next->clause != term->clause || !can_bear(next) ||
		    !(is_adjective(term) ||
		      (term->cyrillic && !next->cyrillic)))
			return;
		next->negated = !next->negated;
	}
}

/* «отдельного словаря нет»: the adjectives in front of it too. */
static void negate_adjectives(struct terms *terms, struct term *noun)
{
	const struct term *start = terms_at(terms, 0);
	for (struct term *term = noun; term > start; term--) {
		struct term *before = term - 1;
		if (before->clause != noun->clause || !can_bear(before) ||
		    !is_adjective(before))
			return;
		before->negated = !before->negated;
	}
}

/* «где пары нет ставит NULL», but not «у генератора нет длины». */
static bool follows_noun(const struct terms *terms, size_t i)
{
	if (i == 0 || !can_bear(terms_at(terms, i - 1)) ||
	    terms_at(terms, i - 1)->clause != terms_at(terms, i)->clause)
		return false;
	return i == 1 || strcmp(terms_at(terms, i - 2)->word, "у") != 0;
}

/*
 * Negates what the word at i bears upon, in its clause: what follows, or,
 * where it stands last («хеша у него нет», «ошибки не было»), what stood
 * before.
 */
static void spread(struct terms *terms, size_t i)
{
	static const char *const only[] = { "только", "only", NULL };
	static const char *const instead[] = { "вместо", "instead", NULL };
	const struct term *own = terms_at(terms, i);
	struct term *next =
		i + 1 < terms->list->len ? terms_at(terms, i + 1) : NULL;
	if (next && term_is_any(next, only))
		return; /* not only … */
	if (next && term_is_any(own, instead) && next->role == TERM_FUNCTION &&
	    strcmp(next->word, "of") != 0)
		return; /* instead of this … */
	struct term *behind = bearer_behind(terms, i);
	struct term *before = bearer_before(terms, i);
	bool turned = !behind || (before && next && is_to_be(next));
	if (strcmp(own->word, "нет") == 0 && follows_noun(terms, i))
		turned = before != NULL;
	struct term *bearer = turned ? before : behind;
	if (!bearer)
		return;
	bearer->negated = !bearer->negated;
	if (own->role != TERM_NOT_WIDE)
		return;
	if (turned)
		negate_adjectives(terms, bearer);
	else
		negate_nouns(terms, bearer);
}

/* "никто не", "никогда не" say no once. */
static bool is_said_again(const struct terms *terms, size_t from, size_t i)
{
	if (strcmp(terms_at(terms, i)->word, "не") != 0)
		return false;
	while (i-- > from) {
		const struct term *term = terms_at(terms, i);
		if (is_negation(term))
			return g_str_has_prefix(term->word, "ник") ||
			       g_str_has_prefix(term->word, "нич");
		if (can_bear(term))
			return false;
	}
	return false;
}

/*
 * «ускоряет чтение, но замедляет запись»: what follows says another thing.
 * Not so in «не истину, а неизвестно» and «а с ним и другие».
 */
static bool is_turn(const struct terms *terms, size_t from, size_t i)
{
	static const char *const turns[] = { "а",	"но",  "зато",
					     "однако",	"but", "while",
					     "whereas", NULL };
	static const char *const goes_on[] = { "с",	 "также",  "значит",
					       "потому", "именно", "то",
					       NULL };
	static const char *const mild[] = { "а", "but", NULL };
	const struct term *term = terms_at(terms, i);
	if (!term_is_any(term, turns))
		return false;
	if (!term_is_any(term, mild))
		return true;
	if (i + 1 < terms->list->len &&
	    term_is_any(terms_at(terms, i + 1), goes_on))
		return false;
	for (size_t back = 1; back <= 3 && i >= from + back; back++)
		if (is_negation(terms_at(terms, i - back)))
			return false;
	return true;
}

/* Ends a side of the sentence at each turn. */
void terms_mark_sides(struct terms *terms, size_t from)
{
	unsigned turns = 0;
	for (size_t i = from; i < terms->list->len; i++) {
		turns += is_turn(terms, from, i);
		terms_at(terms, i)->side += turns;
	}
}

void terms_mark_negations(struct terms *terms, size_t from)
{
	for (size_t i = from; i < terms->list->len; i++) {
		const struct term *term = terms_at(terms, i);
		if (is_negation(term) && !is_said_again(terms, from, i))
			spread(terms, i);
	}
}
