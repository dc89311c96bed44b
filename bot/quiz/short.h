/*
 * Checks a short answer: the term of a cloze or of a reversed question, the
 * identifier of a code question.
 */

#pragma once

#include <stdbool.h>

enum short_verdict {
	SHORT_WRONG,
	SHORT_CLOSE, /* one typing mistake too many: may be tried again, once */
	SHORT_FORM,  /* right, in another form of the word */
	SHORT_RIGHT,
};

/* What is right; borrowed. */
struct short_key {
	const char *term;
	char *const *aliases; /* NULL at the end; NULL: none */
	bool exact;	      /* code: every letter counts, case too */
};

/*
 * Identifiers and numbers are exact also where the key does not say so. The
 * answer is as typed; a leading "!a" and spoiler marks are dropped.
 */
enum short_verdict short_match(const struct short_key *key, const char *answer);
