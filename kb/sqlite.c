#include "kb/sqlite.h"

#include <assert.h>

#include "kb/error.h"

struct sqlite {
	sqlite3 *handle;
	const char *const *texts;
	sqlite3_stmt **statements; /* NULL until first used */
	size_t len;
	/* BEGIN and its kin are run too often to be prepared each time. */
	sqlite3_stmt *plain[7];
};

enum { READ, BEGIN, COMMIT, ROLLBACK, SAVEPOINT, RELEASE, UNDO };

static const char *const plain_texts[] = {
	[READ] = "BEGIN",
	[BEGIN] = "BEGIN IMMEDIATE",
	[COMMIT] = "COMMIT",
	[ROLLBACK] = "ROLLBACK",
	[SAVEPOINT] = "SAVEPOINT s",
	[RELEASE] = "RELEASE s",
	[UNDO] = "ROLLBACK TO s",
};

static_assert(G_N_ELEMENTS(plain_texts) ==
		      G_N_ELEMENTS(((struct sqlite *)NULL)->plain),
	      "a slot for each plain statement");

/* Trouble of the disk passes; a mistake of the program does not. */
static int kind_of(int code)
{
	switch (code & 0xff) {
	case SQLITE_CORRUPT:
	case SQLITE_NOTADB:
		return KB_ERROR_CORRUPT;
	case SQLITE_ERROR:
	case SQLITE_CONSTRAINT:
	case SQLITE_MISMATCH:
	case SQLITE_MISUSE:
	case SQLITE_RANGE:
	case SQLITE_TOOBIG:
		return KB_ERROR_STATEMENT;
	default:
		return KB_ERROR_STORE;
	}
}

static bool fail(struct sqlite *db, int code, const char *sql, GError **error)
{
	int kind = kind_of(code);
	const char *file = sqlite3_db_filename(db->handle, "main");
	g_set_error(error, KB_ERROR, kind, "%s: %s (SQLite %d)%s%s",
		    file && *file ? file : "database in memory",
		    sqlite3_errmsg(db->handle), code, sql ? " in: " : "",
		    sql ? sql : "");
	return false;
}

/*
 * SQLite sums up its own memory under a lock that each allocation takes.
 * Nobody asks for the sum.
 */
static void count_no_memory(void)
{
	static gsize done;
	if (!g_once_init_enter(&done))
		return;
	sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
	g_once_init_leave(&done, 1);
}

struct sqlite *sqlite_open(const char *path, enum sqlite_open_how how,
			   const char *const *texts, size_t len, GError **error)
{
	static const int flags[] = {
		[SQLITE_HOW_WRITE] = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE,
		[SQLITE_HOW_READ] = SQLITE_OPEN_READONLY,
		[SQLITE_HOW_MEMORY] = SQLITE_OPEN_READWRITE |
				      SQLITE_OPEN_CREATE | SQLITE_OPEN_MEMORY,
	};
	count_no_memory();
	struct sqlite *db = g_new0(struct sqlite, 1);
	db->texts = texts;
	db->len = len;
	db->statements = g_new0(sqlite3_stmt *, len ? len : 1);
	int code = sqlite3_open_v2(
		how == SQLITE_HOW_MEMORY ? ":memory:" : path, &db->handle,
		flags[how] | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, NULL);
	if (code != SQLITE_OK) {
		g_set_error(error, KB_ERROR, kind_of(code), "%s: %s", path,
			    db->handle ? sqlite3_errmsg(db->handle)
				       : sqlite3_errstr(code));
		sqlite_close(db);
		return NULL;
	}
	sqlite3_busy_timeout(db->handle, 0);
	return db;
}

void sqlite_close(struct sqlite *db)
{
	if (!db)
		return;
	for (size_t i = 0; i < db->len; i++)
		sqlite3_finalize(db->statements[i]);
	for (size_t i = 0; i < G_N_ELEMENTS(db->plain); i++)
		sqlite3_finalize(db->plain[i]);
	sqlite3_close_v2(db->handle);
	g_free(db->statements);
	g_free(db);
}

sqlite3 *sqlite_handle(struct sqlite *db)
{
	return db->handle;
}

bool sqlite_script(struct sqlite *db, const char *sql, GError **error)
{
	int code = sqlite3_exec(db->handle, sql, NULL, NULL, NULL);
	return code == SQLITE_OK || fail(db, code, NULL, error);
}

static int prepare(struct sqlite *db, const char *sql, sqlite3_stmt **into)
{
	if (*into)
		return SQLITE_OK;
	return sqlite3_prepare_v3(db->handle, sql, -1,
				  SQLITE_PREPARE_PERSISTENT, into, NULL);
}

/* SQLite numbers $2 first where it meets it first, whatever its name says. */
static bool parameters_in_order(sqlite3_stmt *statement)
{
	int count = sqlite3_bind_parameter_count(statement);
	for (int i = 1; i <= count; i++) {
		g_autofree char *name = g_strdup_printf("$%d", i);
		if (g_strcmp0(sqlite3_bind_parameter_name(statement, i),
			      name) != 0)
			return false;
	}
	return true;
}

bool sqlite_prepare_all(struct sqlite *db, GError **error)
{
	for (size_t i = 0; i < db->len; i++) {
		int code = prepare(db, db->texts[i], &db->statements[i]);
		if (code != SQLITE_OK)
			return fail(db, code, db->texts[i], error);
		if (parameters_in_order(db->statements[i]))
			continue;
		g_set_error(error, KB_ERROR, KB_ERROR_STATEMENT,
			    "parameters are not $1…$n in order of use: %s",
			    db->texts[i]);
		return false;
	}
	return true;
}

static int bind(sqlite3_stmt *statement, int i, const struct sqlite_value *v)
{
	switch (v->kind) {
	case SQLITE_VALUE_INT:
		return sqlite3_bind_int64(statement, i, v->as.integer);
	case SQLITE_VALUE_REAL:
		return sqlite3_bind_double(statement, i, v->as.real);
	case SQLITE_VALUE_TEXT:
		return sqlite3_bind_text(statement, i, v->as.bytes, v->len,
					 SQLITE_STATIC);
	case SQLITE_VALUE_BLOB:
		return sqlite3_bind_blob(statement, i, v->as.bytes, v->len,
					 SQLITE_STATIC);
	case SQLITE_VALUE_NULL:
		break;
	}
	return sqlite3_bind_null(statement, i);
}

struct sqlite_rows sqlite_ask_values(struct sqlite *db, size_t statement,
				     const struct sqlite_value *values,
				     size_t len)
{
	g_assert(statement < db->len);
	struct sqlite_rows rows = { .db = db };
	rows.state =
		prepare(db, db->texts[statement], &db->statements[statement]);
	if (rows.state != SQLITE_OK)
		return rows;
	rows.statement = db->statements[statement];
	/* A statement inside its own loop would silently start over. */
	g_assert(!sqlite3_stmt_busy(rows.statement));
	g_assert((size_t)sqlite3_bind_parameter_count(rows.statement) == len);
	for (size_t i = 0; i < len && rows.state == SQLITE_OK; i++)
		rows.state = bind(rows.statement, (int)i + 1, &values[i]);
	return rows;
}

bool sqlite_next(struct sqlite_rows *rows)
{
	if (rows->state != SQLITE_OK && rows->state != SQLITE_ROW)
		return false;
	rows->state = sqlite3_step(rows->statement);
	return rows->state == SQLITE_ROW;
}

bool sqlite_end(struct sqlite_rows *rows, GError **error)
{
	int state = rows->state;
	bool well = state == SQLITE_OK || state == SQLITE_ROW ||
		    state == SQLITE_DONE;
	if (!well)
		fail(rows->db, state,
		     rows->statement ? sqlite3_sql(rows->statement) : NULL,
		     error);
	sqlite_rows_clear(rows);
	return well;
}

void sqlite_rows_clear(struct sqlite_rows *rows)
{
	if (!rows->statement)
		return;
	sqlite3_reset(rows->statement);
	sqlite3_clear_bindings(rows->statement);
	rows->statement = NULL;
}

bool sqlite_do_values(struct sqlite *db, size_t statement, GError **error,
		      const struct sqlite_value *values, size_t len)
{
	struct sqlite_rows rows = sqlite_ask_values(db, statement, values, len);
	while (sqlite_next(&rows))
		;
	return sqlite_end(&rows, error);
}

int64_t sqlite_int(struct sqlite_rows *rows, int column)
{
	return sqlite3_column_int64(rows->statement, column);
}

const char *sqlite_text(struct sqlite_rows *rows, int column)
{
	return (const char *)sqlite3_column_text(rows->statement, column);
}

const void *sqlite_blob(struct sqlite_rows *rows, int column, size_t *len)
{
	const void *bytes = sqlite3_column_blob(rows->statement, column);
	*len = (size_t)sqlite3_column_bytes(rows->statement, column);
	return bytes;
}

bool sqlite_is_null(struct sqlite_rows *rows, int column)
{
	return sqlite3_column_type(rows->statement, column) == SQLITE_NULL;
}

bool sqlite_ask_int_values(struct sqlite *db, size_t statement, int64_t *value,
			   bool *found, GError **error,
			   const struct sqlite_value *values, size_t len)
{
	struct sqlite_rows rows = sqlite_ask_values(db, statement, values, len);
	bool any = sqlite_next(&rows);
	if (any)
		*value = sqlite_int(&rows, 0);
	if (found)
		*found = any;
	return sqlite_end(&rows, error);
}

int64_t sqlite_changes(struct sqlite *db)
{
	return sqlite3_total_changes(db->handle);
}

int64_t sqlite_last_id(struct sqlite *db)
{
	return sqlite3_last_insert_rowid(db->handle);
}

static bool plain(struct sqlite *db, int which, GError **error)
{
	int code = prepare(db, plain_texts[which], &db->plain[which]);
	if (code == SQLITE_OK) {
		code = sqlite3_step(db->plain[which]);
		if (code == SQLITE_DONE)
			code = SQLITE_OK;
	}
	bool well =
		code == SQLITE_OK || fail(db, code, plain_texts[which], error);
	sqlite3_reset(db->plain[which]);
	return well;
}

void sqlite_read(struct sqlite *db)
{
	if (!sqlite_in_transaction(db))
		plain(db, READ, NULL);
}

bool sqlite_begin(struct sqlite *db, GError **error)
{
	return plain(db, BEGIN, error);
}

bool sqlite_commit(struct sqlite *db, GError **error)
{
	return plain(db, COMMIT, error);
}

void sqlite_rollback(struct sqlite *db)
{
	/* A full disk may have rolled back already; then there is none. */
	if (sqlite_in_transaction(db))
		plain(db, ROLLBACK, NULL);
}

bool sqlite_in_transaction(struct sqlite *db)
{
	return !sqlite3_get_autocommit(db->handle);
}

bool sqlite_savepoint(struct sqlite *db, GError **error)
{
	return plain(db, SAVEPOINT, error);
}

bool sqlite_release(struct sqlite *db, GError **error)
{
	return plain(db, RELEASE, error);
}

void sqlite_undo(struct sqlite *db)
{
	if (!sqlite_in_transaction(db))
		return;
	plain(db, UNDO, NULL);
	plain(db, RELEASE, NULL);
}
