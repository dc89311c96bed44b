/* What the files of the index share; nobody else includes it. */

#pragma once

#include "kb/index.h"

enum index_statement {
#define STATEMENT(name, sql) name,
#include "kb/statements.def"
#undef STATEMENT
	INDEX_STATEMENTS,
};

struct index {
	struct sqlite *db;
	/* Within begin…commit. */
	int64_t next;	 /* the generation that is being written; 0: none */
	int64_t entries; /* as struct index_state's will be */
	int64_t words;
	int64_t added;	   /* entries */
	GHashTable *stems; /* stem -> how many entries more */
};

/* Of the whole file; dead entries that were not swept count too. */
struct index_state {
	int64_t generation;
	int64_t entries;
	int64_t words;
};
bool index_state(struct index *index, struct index_state *state,
		 GError **error);

/* A list of strings as one blob, each closed by a NUL. Caller frees. */
GString *index_pack(char *const *strings);
GString *index_pack_code(const struct entry *entry);

/* Writes the counts of stems that were gathered, and forgets them. */
bool index_flush_stems(struct index *index, GError **error);
