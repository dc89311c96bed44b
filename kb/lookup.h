/*
 * What somebody typed -> ranked entries, a choice, or "not found".
 *
 * Stages, cheapest first: exact names, words of titles, full text, typos,
 * sound. A stage whose best entry covers enough of the query ends the search.
 */

#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <glib.h>
#include "kb/index.h"

enum lookup_status {
	LOOKUP_NONE,	/* hits are only the nearest titles */
	LOOKUP_CHOICES, /* hits are to be offered */
	LOOKUP_ANSWER,	/* hits[0] is the answer; the rest are others */
};

enum { LOOKUP_MOST = 5 };

struct lookup_hit {
	int64_t row; /* index_entry() */
	char id[ENTRY_ID_LEN + 1];
	char *title;
	char *file;
	int line;
	char *language;
	int bucket;   /* 0 the best */
	double score; /* BM25, positive; 0 for an exact name */
};

struct lookup {
	enum lookup_status status;
	char *understood; /* the query as used, NULL if as typed */
	struct lookup_hit hits[LOOKUP_MOST]; /* best first */
	size_t len;
};
typedef struct lookup lookup;

/*
 * Looks query up among the entries of a generation. language ("ru", "en",
 * NULL) decides which of two languages of one entry is shown. The result is
 * the caller's: lookup_clear().
 */
bool lookup_find(struct index *index, int64_t generation, const char *query,
		 const char *language, struct lookup *result, GError **error);
void lookup_clear(struct lookup *result);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(lookup, lookup_clear)
