/*
 * A text cut into the words that grading compares, each with what has to be
 * known of it: what it is the same word as, where it stands, whether it is
 * negated, how much it weighs.
 *
 *	"Хранит `имя`, а не значение" -> хранит имя(strong) а не
 *значение(negated)
 */

#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <glib.h>
#include "bot/quiz/lexicon.h"

/* Of one text; what stands beyond is not looked at. */
enum { TERMS_MOST = 400 };

enum term_role {
	TERM_PLAIN,
	TERM_FUNCTION, /* carries no meaning of its own */
	TERM_KEPT,     /* all, only: short, but the point of it */
	TERM_MODAL,
	TERM_NOT,      /* turns round the next word */
	TERM_NOT_WIDE, /* … the next two */
};

struct term {
	char *shown; /* as it was written, without punctuation */
	char *word;  /* folded */
	char *stem;
	char *opposite; /* the stem without its не-, un-; NULL: it has none */
	char *sound;	/* words_skeleton(), "" if too short */
	size_t letters;
	bool cyrillic;
	enum term_role role;
	struct meaning meanings[MEANINGS_MOST];
	size_t meanings_len;
	bool strong;	 /* code or bold */
	bool negated;	 /* "не" and its like bear upon it */
	unsigned clause; /* between commas and stronger marks, from 0 */
	unsigned sentence;
	unsigned side;	/* between "а", "но" and the ends of sentences */
	unsigned point; /* line or bullet */
	double weight;
};

struct terms {
	GArray *list;	 /* struct term */
	unsigned points; /* how many */
	unsigned core;	 /* how many of them the first paragraph holds */
};
typedef struct terms terms;

void terms_init(struct terms *terms);
void terms_clear(struct terms *terms);

/*
 * Appends the words of a Markdown text, each line, bullet and paragraph a
 * point of its own; a line that goes on with a small letter belongs to the
 * one above. Code blocks are left out, but for a text of nothing else.
 */
void terms_add(struct terms *terms, const char *markdown);

static inline struct term *terms_at(const struct terms *terms, size_t i)
{
	return &g_array_index(terms->list, struct term, i);
}

/*
 * How far two words are the same: 1 the same stem, 0.9 the same sound in the
 * other script, 0.8 a typing mistake or a synonym, 0.7 a long beginning, 0.
 */
double term_match(const struct term *a, const struct term *b);

/* True for one and the same word: no synonym, no mere beginning. */
bool term_is(const struct term *a, const struct term *b);

/* True for one of these folded words, NULL at the end. */
bool term_is_any(const struct term *term, const char *const *words);

/* True if the word is among them, by term_is(). */
bool terms_hold(const struct terms *terms, const struct term *word);

/* How far it is among them: the best term_match(). */
double terms_find(const struct terms *terms, const struct term *word);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(terms, terms_clear)
