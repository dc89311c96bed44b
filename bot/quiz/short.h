/*
 * Checks a short answer: the term of a cloze or of a reversed question, the
 * identifier of a code question.
 */

#pragma once

#include <stdbool.h>

enum short_verdict {
	SHORT_WRONG,
	SHORT_CLOSE, /* a typing mistake too many: may be tried again, once */
	SHORT_FORM,  /* right, in another form of the word */
	SHORT_RIGHT,
};

/* What is right; borrowed, Markdown. */
struct short_key {
	const char *term;     /* "GIL (Global Interpreter Lock)": each part */
	char *const *aliases; /* NULL at the end; NULL: none */
	bool exact;	      /* code: every character of it counts, case too */
};

/*
 * The answer as typed: a leading "!a" and spoiler marks are dropped; in the
 * other keyboard layout and in the other script by sound it is as good.
 *
 * A word of up to 4 letters may have no typing mistake, of up to 8 one, a
 * longer one two, and 88 of 100 letters must be right; identifiers and
 * numbers may have none. Up to two words more, quotes, marks of emphasis and
 * an end of the sentence may stand around the term.
 */
enum short_verdict short_match(const struct short_key *key, const char *answer);
