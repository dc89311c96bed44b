/*
 * Entries by number. An id comes from the notes alone and changes with a
 * title; the number is the store's, and follows the entry through every edit,
 * so that whatever names it keeps its past.
 */

#pragma once

#include <stdbool.h>
#include <stdint.h>
#include "kb/index.h"
#include "kb/sqlite.h"

/*
 * Brings the entry table up to the library's rows (GPtrArray of index_row),
 * inside the caller's transaction, and notes each difference for
 * !reload to tell; none are noted when the table was empty.
 */
bool entry_follow(struct sqlite *db, GPtrArray *rows, int64_t now,
		  GError **error);

/* 0 and NULL where the store does not know the id; caller frees the hash,
 * which may be NULL if it is not wanted. */
bool entry_number(struct sqlite *db, const char *id, int64_t *entry_no,
		  char **content_hash, GError **error);

/* *id becomes NULL where there is no such entry; caller frees both. */
bool entry_of_number(struct sqlite *db, int64_t entry_no, char **id,
		     char **content_hash, GError **error);

struct entry_difference {
	char *kind; /* added, changed, removed */
	char *title, *file;
};

/* What no !reload has told yet, each entry once by what came of it, oldest
 * first; telling takes it away. */
GPtrArray *entry_differences(struct sqlite *db, GError **error);
bool entry_differences_told(struct sqlite *db, GError **error);
