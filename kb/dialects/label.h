/*
 * A label says what the text after it is:
 *
 *	**Кратко:** text	__Кратко:__ text	*Кратко:* text
 *	**Кратко**: text	**Кратко** — text	Кратко: text
 *
 * The last form is a label only where a note has no other.
 */

#pragma once

#include <stdbool.h>
#include <stddef.h>

enum label_kind {
	LABEL_NONE, /* the text before the first label */
	LABEL_BRIEF,
	LABEL_QUESTION,
	LABEL_ANSWER,
	LABEL_EXAMPLE,
	LABEL_HINT,
	LABEL_KEYWORDS,
	LABEL_ALIASES,
	LABEL_WRONG,
	LABEL_KINDS
};

struct label {
	enum label_kind kind;
	bool plain;	  /* without * or _ */
	size_t value;	  /* bytes of the line up to the text after the label */
	const char *name; /* as in labels.def, static */
};

/* Reads the label at the start of a line; false: there is none. */
bool label_read(const char *line, size_t len, struct label *label);
