/*
 * The store: one SQLite file, STATE/znatok.db (WAL, synchronous=FULL), that
 * holds all that must outlive the process. Its tables are described in
 * schema/sqlite/; its statements are rows of statements.def, and the typed
 * functions of the other files of this folder are their only callers.
 *
 * A function here that fails leaves its error and changes nothing that a
 * rollback of the caller's savepoint would not undo.
 */

#pragma once

#include <stdbool.h>
#include "kb/sqlite.h"

enum db_statement {
#define STATEMENT(name, sql) name,
#include "bot/store/statements.def"
#undef STATEMENT
};

/*
 * Opens STATE/znatok.db, making the folder and the file where they are
 * missing, and walks its schema to the newest version in one transaction.
 * state NULL: in memory, gone with the process. The caller holds the lock.
 * Waits up to 60 s for a program that holds it, and says so.
 */
struct sqlite *db_open(const char *state, GError **error);

/* The same to read from only, without the lock; it must be there, and of a
 * version that this program knows. */
struct sqlite *db_open_read(const char *state, GError **error);

/* SQLite's own check of the whole file. False: it is damaged. */
bool db_check(struct sqlite *db, GError **error);

/* Where a network goes on; NULL at its first start. Caller frees. */
bool db_position(struct sqlite *db, const char *network, char **token,
		 GError **error);
bool db_set_position(struct sqlite *db, const char *network, const char *token,
		     GError **error);
