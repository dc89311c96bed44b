/* What the files of the index share; nobody else includes it. */

#pragma once

#include "kb/index.h"

enum index_statement {
#define STATEMENT(name, sql) name,
#include "kb/statements.def"
#undef STATEMENT
	INDEX_STATEMENTS,
};

/* How many entries more have a stem, and a word that has it. */
struct stem_count {
	int more;
	char *word;
};
void stem_count_free(void *count);

struct index {
	struct sqlite *db;
	/* Within begin…commit. */
	int64_t next;	 /* the generation that is being written; 0: none */
	int64_t entries; /* as struct index_state's will be */
	int64_t words;
	int64_t added;	   /* entries */
	GHashTable *stems; /* stem -> struct stem_count */
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

/* Each of these stems (-> a word) is in so many entries more. */
bool index_count_stems(struct index *index, GHashTable *stems, int more,
		       GError **error);

/* Writes the counts of stems that were gathered, and forgets them. */
bool index_flush_stems(struct index *index, GError **error);

/* idf of what so many entries hold. */
double index_idf_of(const struct index_state *state, int64_t entries);
