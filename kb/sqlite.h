/*
 * A thin wrapper of SQLite: one connection and a catalogue of statements,
 * each prepared on first use and kept.
 *
 * A room that keeps a database lists its statements in a statements.def of
 * rows STATEMENT(NAME, "SQL"), makes of it an enum and an array of texts, and
 * hands the array to sqlite_open(). Values are bound in the order of $1…$n:
 *
 *	if (!sqlite_do(db, PERSON_RENAME, error, V(person_no), V(name)))
 *		return false;
 *
 *	g_auto(sqlite_rows) rows = sqlite_ask(db, ROOMS, V(network));
 *	while (sqlite_next(&rows))
 *		use(sqlite_int(&rows, 0), sqlite_text(&rows, 1));
 *	return sqlite_end(&rows, error);
 */

#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <glib.h>
#include <sqlite3.h>

struct sqlite;
typedef struct sqlite sqlite;

enum sqlite_open_how {
	SQLITE_HOW_WRITE,  /* made if missing */
	SQLITE_HOW_READ,   /* must be there; nothing in it is changed */
	SQLITE_HOW_MEMORY, /* path is ignored */
};

/*
 * texts[0..len) is borrowed for the connection's life. No pragma is set but
 * busy_timeout 0; KB_ERROR on failure.
 */
struct sqlite *sqlite_open(const char *path, enum sqlite_open_how how,
			   const char *const *texts, size_t len,
			   GError **error);
void sqlite_close(struct sqlite *db);

/* The connection itself, for what this wrapper does not offer. */
sqlite3 *sqlite_handle(struct sqlite *db);

/* Statements outside the catalogue (schema, pragmas, BEGIN); many at once. */
bool sqlite_script(struct sqlite *db, const char *sql, GError **error);

/*
 * Prepares every row of the catalogue, for the test that each one can be. A
 * row whose parameters are not $1…$n in order of first use fails too.
 */
bool sqlite_prepare_all(struct sqlite *db, GError **error);

/* A value to bind. Texts and bytes are borrowed until the statement ends. */
struct sqlite_value {
	enum {
		SQLITE_VALUE_NULL,
		SQLITE_VALUE_INT,
		SQLITE_VALUE_REAL,
		SQLITE_VALUE_TEXT,
		SQLITE_VALUE_BLOB
	} kind;
	union {
		int64_t integer;
		double real;
		const void *bytes; /* a NULL text or blob is SQL's NULL */
	} as;
	int len; /* bytes; -1: up to the NUL */
};

static inline struct sqlite_value sqlite_value_int(int64_t v)
{
	return (struct sqlite_value){ .kind = SQLITE_VALUE_INT,
				      .as.integer = v };
}

static inline struct sqlite_value sqlite_value_real(double v)
{
	return (struct sqlite_value){ .kind = SQLITE_VALUE_REAL, .as.real = v };
}

static inline struct sqlite_value sqlite_value_text(const char *v)
{
	return (struct sqlite_value){ .kind = SQLITE_VALUE_TEXT,
				      .as.bytes = v,
				      .len = -1 };
}

static inline struct sqlite_value sqlite_value_blob(const void *v, int len)
{
	return (struct sqlite_value){ .kind = SQLITE_VALUE_BLOB,
				      .as.bytes = v,
				      .len = len };
}

/* Basic types only and no default, so that a wrong type does not compile. */
#define V(x)                                                                   \
	_Generic((x),                                \
		bool: sqlite_value_int,              \
		int: sqlite_value_int,               \
		unsigned: sqlite_value_int,          \
		long: sqlite_value_int,              \
		unsigned long: sqlite_value_int,     \
		long long: sqlite_value_int,         \
		double: sqlite_value_real,           \
		char *: sqlite_value_text,           \
		const char *: sqlite_value_text)(x)

#define SQLITE_VALUES(...)                                                     \
	(const struct sqlite_value[]){ { .kind = SQLITE_VALUE_NULL },          \
				       ##__VA_ARGS__ } +                       \
		1,                                                             \
		sizeof((struct sqlite_value[]){ { .kind = SQLITE_VALUE_NULL }, \
						##__VA_ARGS__ }) /             \
				sizeof(struct sqlite_value) -                  \
			1

/* Runs a statement that gives no rows, or whose rows nobody wants. */
#define sqlite_do(db, statement, error, ...)                                   \
	sqlite_do_values(db, statement, error, SQLITE_VALUES(__VA_ARGS__))
bool sqlite_do_values(struct sqlite *db, size_t statement, GError **error,
		      const struct sqlite_value *values, size_t len);

/* Rows of one statement. A statement can be asked again when it has ended. */
struct sqlite_rows {
	struct sqlite *db;
	sqlite3_stmt *statement;
	int state; /* SQLite's last result code */
};
typedef struct sqlite_rows sqlite_rows;

#define sqlite_ask(db, statement, ...)                                         \
	sqlite_ask_values(db, statement, SQLITE_VALUES(__VA_ARGS__))
struct sqlite_rows sqlite_ask_values(struct sqlite *db, size_t statement,
				     const struct sqlite_value *values,
				     size_t len);

/* Steps; false at the end and on trouble, which sqlite_end() tells apart. */
bool sqlite_next(struct sqlite_rows *rows);

/* Ends the statement, also before its last row. False: trouble. */
bool sqlite_end(struct sqlite_rows *rows, GError **error);

/* Ends the statement and forgets about trouble; for clean-up. */
void sqlite_rows_clear(struct sqlite_rows *rows);

/* Columns from 0. Texts are borrowed until the next step; NULL is NULL. */
int64_t sqlite_int(struct sqlite_rows *rows, int column);
const char *sqlite_text(struct sqlite_rows *rows, int column);
const void *sqlite_blob(struct sqlite_rows *rows, int column, size_t *len);
bool sqlite_is_null(struct sqlite_rows *rows, int column);

/*
 * One number from the first row, as sqlite_ask() with its columns asked for
 * so often that it has a name. *found (may be NULL) is false where there was
 * no row; then *value stays.
 */
#define sqlite_ask_int(db, statement, value, found, error, ...)                \
	sqlite_ask_int_values(db, statement, value, found, error,              \
			      SQLITE_VALUES(__VA_ARGS__))
bool sqlite_ask_int_values(struct sqlite *db, size_t statement, int64_t *value,
			   bool *found, GError **error,
			   const struct sqlite_value *values, size_t len);

/*
 * Copies the whole database, as it is at one moment, into a file that only its
 * owner may read; a plain file at that path is replaced when the copy is whole
 * and has passed integrity_check. Anything else there, and the database itself
 * by whatever name, is an error. Others may go on writing.
 */
bool sqlite_copy(struct sqlite *from, const char *path, GError **error);

/* Whether the path is that database file or one of its logs, by whatever name:
 * the same inode, or the same place where nothing stands yet. */
bool sqlite_is_part(const char *file, const char *path);

/* Grows with every row that is changed; to be compared with itself. */
int64_t sqlite_changes(struct sqlite *db);

/* The id that the last INSERT made. */
int64_t sqlite_last_id(struct sqlite *db);

/*
 * A transaction (BEGIN IMMEDIATE), and savepoints inside it, which nest.
 * sqlite_undo() rolls the innermost savepoint back and ends it; both ways
 * back do nothing where SQLite itself has already rolled back (full disk).
 */
bool sqlite_begin(struct sqlite *db, GError **error);
/* One that only reads: until sqlite_rollback() all reads see one state, under
 * one lock of the file instead of one each. */
void sqlite_read(struct sqlite *db);
bool sqlite_commit(struct sqlite *db, GError **error);
void sqlite_rollback(struct sqlite *db);
bool sqlite_in_transaction(struct sqlite *db);
bool sqlite_savepoint(struct sqlite *db, GError **error);
bool sqlite_release(struct sqlite *db, GError **error);
void sqlite_undo(struct sqlite *db);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(sqlite, sqlite_close)
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(sqlite_rows, sqlite_rows_clear)
