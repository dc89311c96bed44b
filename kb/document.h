/*
 * An entry as full text: for each field that is searched, the stems of its
 * words without stop words, a space between. Made from the entry alone.
 */

#pragma once

#include <stddef.h>
#include <glib.h>
#include "kb/entry.h"

/* The columns of the full text, in order; also how telling a match is. */
enum field {
	FIELD_TITLE,
	FIELD_ALIAS,
	FIELD_TAGS, /* keywords too */
	FIELD_QUESTION,
	FIELD_BRIEF,
	FIELD_ANSWER, /* body and example too */
	FIELD_CODE,
	FIELDS,
};

/* What a word counts for in each field. */
extern const double field_weight[FIELDS];

struct document {
	GString *text[FIELDS];
	size_t len;	   /* words in all fields */
	GHashTable *stems; /* each stem once -> a word that has it; owned */
};

typedef struct document document;

void document_init(struct document *document, const struct entry *entry);
void document_clear(struct document *document);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(document, document_clear)
