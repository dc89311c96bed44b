#include "kb/index_private.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#include "kb/error.h"
#include "kb/fulltext.h"

enum {
	/* Of this layout, and of what words, names and documents are like. */
	INDEX_FORMAT = 3,
	INDEX_APPLICATION = 0x7a6e6b62, /* "znkb" in the file's header */
	WAIT = 1000,			/* ms for another process that writes */
	CHECKED_WHOLE = 1 << 20, /* bytes up to which every page is read */
	MERGED_SHARE = 10, /* a tenth of all entries is new: merge the text */
};

static const char *const texts[] = {
#define STATEMENT(name, sql) [name] = sql,
#include "kb/statements.def"
#undef STATEMENT
};

static const char schema[] =
#include "kb/index_schema.def"
	;

/*
 * A cache, so it is never synced. Write-ahead, so that several processes read
 * while one writes, and a killed one leaves the last generation.
 */
static const char settings[] = "PRAGMA journal_mode = WAL;"
			       "PRAGMA synchronous = OFF;"
			       "PRAGMA temp_store = MEMORY;"
			       "PRAGMA journal_size_limit = 1048576;";

static const char settled_memory[] = "PRAGMA cache_size = -2048;"
				     "PRAGMA shrink_memory;";
static const char writing_memory[] = "PRAGMA cache_size = -16384;";

/* The first column of the first row; -1 on trouble, as an error has it. */
static int64_t ask(struct index *index, const char *sql)
{
	sqlite3 *db = sqlite_handle(index->db);
	sqlite3_stmt *statement = NULL;
	int64_t value = -1;
	if (sqlite3_prepare_v2(db, sql, -1, &statement, NULL) == SQLITE_OK &&
	    sqlite3_step(statement) == SQLITE_ROW)
		value = sqlite3_column_int64(statement, 0);
	sqlite3_finalize(statement);
	return value;
}

static bool bad(struct index *index, const char *what, GError **error)
{
	g_set_error(error, KB_ERROR, KB_ERROR_CORRUPT, "%s: %s",
		    sqlite3_db_filename(sqlite_handle(index->db), "main"),
		    what);
	return false;
}

/* Trouble of the disk is told apart from a file that makes no sense. */
static bool bad_or_unreadable(struct index *index, GError **error)
{
	sqlite3 *db = sqlite_handle(index->db);
	int code = sqlite3_errcode(db) & 0xff;
	if (code == SQLITE_OK || code == SQLITE_DONE || code == SQLITE_ROW ||
	    code == SQLITE_CORRUPT || code == SQLITE_NOTADB ||
	    code == SQLITE_ERROR)
		return bad(index, "is damaged", error);
	g_set_error(error, KB_ERROR, KB_ERROR_STORE, "%s: %s",
		    sqlite3_db_filename(db, "main"), sqlite3_errmsg(db));
	return false;
}

/* One row "ok", or what is wrong. */
static bool quick_check(struct index *index)
{
	sqlite3_stmt *statement = NULL;
	bool well = sqlite3_prepare_v2(sqlite_handle(index->db),
				       "PRAGMA quick_check(1)", -1, &statement,
				       NULL) == SQLITE_OK &&
		    sqlite3_step(statement) == SQLITE_ROW &&
		    g_strcmp0((const char *)sqlite3_column_text(statement, 0),
			      "ok") == 0;
	sqlite3_finalize(statement);
	return well;
}

/*
 * Every page of a small file is looked at. Of a large one SQLite compares
 * the length with its header; other damage shows when it is read.
 */
static bool check(struct index *index, GError **error)
{
	if (ask(index, "PRAGMA application_id") != INDEX_APPLICATION)
		return bad(index, "is another program's database", error);
	if (ask(index, "PRAGMA user_version") != INDEX_FORMAT)
		return bad(index, "was made by another version", error);
	int64_t pages = ask(index, "PRAGMA page_count");
	int64_t size = ask(index, "PRAGMA page_size");
	if (pages < 0 || size < 0 ||
	    (pages * size <= CHECKED_WHOLE && !quick_check(index)))
		return bad_or_unreadable(index, error);
	if (ask(index, "SELECT count(generation) FROM state") != 1)
		return bad_or_unreadable(index, error);
	return true;
}

static bool create(struct index *index, GError **error)
{
	g_autofree char *header = g_strdup_printf(
		"PRAGMA application_id = %d; PRAGMA user_version = %d;",
		INDEX_APPLICATION, INDEX_FORMAT);
	return sqlite_script(index->db, header, error) &&
	       sqlite_script(index->db, schema, error);
}

/* Two processes may come to a new file at once: who is second finds it made. */
static bool create_once(struct index *index, GError **error)
{
	if (!sqlite_begin(index->db, error))
		return false;
	if ((ask(index, "SELECT count(*) FROM sqlite_master") == 0 &&
	     !create(index, error)) ||
	    !sqlite_commit(index->db, error)) {
		sqlite_rollback(index->db);
		return false;
	}
	return true;
}

static bool prepare(struct index *index, GError **error)
{
	sqlite3 *db = sqlite_handle(index->db);
	sqlite3_busy_timeout(db, WAIT);
	if (!fulltext_register(db, error))
		return false;
	int64_t tables = ask(index, "SELECT count(*) FROM sqlite_master");
	if (tables < 0)
		return bad_or_unreadable(index, error);
	if (sqlite3_db_readonly(db, "main") == 1) {
		g_set_error(error, KB_ERROR, KB_ERROR_STORE,
			    "%s: cannot be written",
			    sqlite3_db_filename(db, "main"));
		return false;
	}
	/* What is not ours is left as it is until it is known not to be. */
	if (tables > 0 && !check(index, error))
		return false;
	if (!sqlite_script(index->db, settings, error) ||
	    !sqlite_script(index->db, settled_memory, error))
		return false;
	return tables > 0 || (create_once(index, error) && check(index, error));
}

static struct index *open_once(const char *path, GError **error)
{
	struct sqlite *db =
		sqlite_open(path, path ? SQLITE_HOW_WRITE : SQLITE_HOW_MEMORY,
			    texts, INDEX_STATEMENTS, error);
	if (!db)
		return NULL;
	g_autoptr(index_file) index = g_new0(struct index, 1);
	index->db = db;
	return prepare(index, error) ? g_steal_pointer(&index) : NULL;
}

/* Only a plain file: what else may stand at that path is not ours. */
static bool throw_away(const char *path, GError **error)
{
	static const char *const parts[] = { "-wal", "-shm", "-journal", "" };
	if (!g_file_test(path, G_FILE_TEST_IS_REGULAR)) {
		g_set_error(error, KB_ERROR, KB_ERROR_STORE,
			    "%s: is not a file", path);
		return false;
	}
	for (size_t i = 0; i < G_N_ELEMENTS(parts); i++) {
		g_autofree char *part = g_strconcat(path, parts[i], NULL);
		if (g_unlink(part) == 0 || errno == ENOENT)
			continue;
		g_set_error(error, KB_ERROR, KB_ERROR_STORE, "%s: %s", part,
			    g_strerror(errno));
		return false;
	}
	return true;
}

struct index *index_open(const char *path, char **rebuilt, GError **error)
{
	if (rebuilt)
		*rebuilt = NULL;
	g_autoptr(GError) trouble = NULL;
	struct index *index = open_once(path, &trouble);
	if (!index && path &&
	    g_error_matches(trouble, KB_ERROR, KB_ERROR_CORRUPT)) {
		if (!throw_away(path, error))
			return NULL;
		index = open_once(path, error);
		if (index && rebuilt)
			*rebuilt = g_strdup_printf("%s; it is made anew",
						   trouble->message);
		return index;
	}
	if (!index)
		g_propagate_error(error, g_steal_pointer(&trouble));
	return index;
}

void index_free(struct index *index)
{
	if (!index)
		return;
	sqlite_close(index->db);
	if (index->stems)
		g_hash_table_unref(index->stems);
	g_free(index);
}

struct sqlite *index_db(struct index *index)
{
	return index->db;
}

void index_hold(struct index *index)
{
	sqlite_read(index->db);
}

void index_let_go(struct index *index)
{
	if (!index->next)
		sqlite_rollback(index->db);
}

bool index_state(struct index *index, struct index_state *state, GError **error)
{
	g_auto(sqlite_rows) rows = sqlite_ask(index->db, STATE);
	if (sqlite_next(&rows))
		*state = (struct index_state){ sqlite_int(&rows, 0),
					       sqlite_int(&rows, 1),
					       sqlite_int(&rows, 2) };
	return sqlite_end(&rows, error);
}

int64_t index_generation(struct index *index)
{
	struct index_state state = { 0 };
	return index_state(index, &state, NULL) ? state.generation : 0;
}

static void settle(struct index *index)
{
	index->next = 0;
	g_clear_pointer(&index->stems, g_hash_table_unref);
	/* Neither matters enough to fail: they save memory and disk. */
	sqlite_script(index->db, settled_memory, NULL);
}

bool index_begin(struct index *index, GError **error)
{
	g_assert(!index->next);
	struct index_state state = { 0 };
	index_let_go(index);
	if (!sqlite_begin(index->db, error))
		return false;
	if (!index_state(index, &state, error)) {
		sqlite_rollback(index->db);
		return false;
	}
	index->next = state.generation + 1;
	index->entries = state.entries;
	index->words = state.words;
	index->added = 0;
	index->stems = g_hash_table_new_full(g_str_hash, g_str_equal, g_free,
					     stem_count_free);
	sqlite_script(index->db, writing_memory, NULL);
	return true;
}

/* FTS5 finds a word at once in one segment, not in each of a dozen. */
static bool merge(struct index *index, GError **error)
{
	return index->added == 0 ||
	       index->added < index->entries / MERGED_SHARE ||
	       sqlite_do(index->db, TEXT_MERGE, error);
}

bool index_commit(struct index *index, GError **error)
{
	g_assert(index->next);
	bool well = index_flush_stems(index, error) && merge(index, error) &&
		    sqlite_do(index->db, STATE_SET, error, V(index->next),
			      V(index->entries), V(index->words)) &&
		    sqlite_commit(index->db, error);
	if (!well) {
		index_rollback(index);
		return false;
	}
	settle(index);
	return true;
}

void index_rollback(struct index *index)
{
	sqlite_rollback(index->db);
	if (index->next)
		settle(index);
}
