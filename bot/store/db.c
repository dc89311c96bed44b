#include "bot/store/db.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <string.h>

#include "bot/base/error.h"

static const char *const texts[] = {
#define STATEMENT(name, sql) [name] = sql,
#include "bot/store/statements.def"
#undef STATEMENT
};

/* Row i leads from version i to version i + 1. */
static const char *const steps[] = {
#include "bot/store/schema/sqlite/1.sql.h"
#include "bot/store/schema/sqlite/2.sql.h"
#include "bot/store/schema/sqlite/3.sql.h"
};

static bool has_schema(struct sqlite *db, bool *has, GError **error)
{
	sqlite3_stmt *ask = NULL;
	int code = sqlite3_prepare_v2(sqlite_handle(db),
				      "SELECT 1 FROM sqlite_master "
				      "WHERE name = 'schema_version'",
				      -1, &ask, NULL);
	if (code == SQLITE_OK)
		code = sqlite3_step(ask);
	*has = code == SQLITE_ROW;
	sqlite3_finalize(ask);
	if (code == SQLITE_ROW || code == SQLITE_DONE)
		return true;
	g_set_error(error, KB_ERROR,
		    (code & 0xff) == SQLITE_NOTADB ? KB_ERROR_CORRUPT
						   : KB_ERROR_STORE,
		    "%s", sqlite3_errmsg(sqlite_handle(db)));
	return false;
}

static bool read_version(struct sqlite *db, int64_t *version, GError **error)
{
	bool has = false;
	*version = 0;
	if (!has_schema(db, &has, error))
		return false;
	if (has && !sqlite_ask_int(db, VERSION_READ, version, NULL, error))
		return false;
	if (*version <= (int64_t)G_N_ELEMENTS(steps))
		return true;
	g_set_error(error, ZNATOK_ERROR, ZNATOK_ERROR_FAILED,
		    "the store has version %" G_GINT64_FORMAT
		    ", this program knows versions up to %zu: "
		    "use a newer znatok",
		    *version, G_N_ELEMENTS(steps));
	return false;
}

/* All steps are one transaction: a kill leaves the old version whole. */
static bool migrate(struct sqlite *db, GError **error)
{
	int64_t version;
	if (!read_version(db, &version, error))
		return false;
	if (version == (int64_t)G_N_ELEMENTS(steps))
		return true;
	if (!sqlite_begin(db, error))
		return false;
	bool well = true;
	for (size_t i = (size_t)version; well && i < G_N_ELEMENTS(steps); i++)
		well = sqlite_script(db, steps[i], error);
	g_autofree char *stamp =
		g_strdup_printf("DELETE FROM schema_version; "
				"INSERT INTO schema_version VALUES (%zu)",
				G_N_ELEMENTS(steps));
	well = well && sqlite_script(db, stamp, error) &&
	       sqlite_commit(db, error);
	if (!well)
		sqlite_rollback(db);
	return well;
}

/*
 * cache_size bounds the pages held in memory (KiB, negative by SQLite's
 * custom): the store is mostly appended to, so a small cache serves.
 */
static const char pragmas[] = "PRAGMA journal_mode = WAL;"
			      "PRAGMA synchronous = FULL;"
			      "PRAGMA cache_size = -1024;"
			      "PRAGMA temp_store = MEMORY;"
			      "PRAGMA secure_delete = ON;";

/*
 * At a start nothing else is to be done meanwhile, so that it waits where the
 * running bot tries again later: for whoever recovers the journal after a kill
 * (SQLITE_BUSY_RECOVERY, which a mere reader may be), or holds the store.
 */
static int wait_for_others(void *path, int tries)
{
	enum { NAP_MS = 20, QUIET = 1000 / NAP_MS, MOST = 60000 / NAP_MS };
	if (tries == QUIET)
		g_message("%s is held by another program: waiting for it",
			  (const char *)path);
	if (tries >= MOST)
		return 0;
	g_usleep(NAP_MS * 1000);
	return 1;
}

struct sqlite *db_open(const char *state, GError **error)
{
	g_autofree char *path = NULL;
	if (state) {
		if (g_mkdir_with_parents(state, 0700) != 0) {
			g_set_error(error, ZNATOK_ERROR, ZNATOK_ERROR_STORE,
				    "state folder %s cannot be made: %s", state,
				    g_strerror(errno));
			return NULL;
		}
		path = g_build_filename(state, "znatok.db", NULL);
	}
	g_autoptr(sqlite) db =
		sqlite_open(path, path ? SQLITE_HOW_WRITE : SQLITE_HOW_MEMORY,
			    texts, G_N_ELEMENTS(texts), error);
	if (!db)
		return NULL;
	if (path && g_chmod(path, 0600) != 0)
		g_message("%s: its mode cannot be set: %s", path,
			  g_strerror(errno));
	sqlite3_busy_handler(sqlite_handle(db), wait_for_others, path);
	if (!sqlite_script(db, pragmas, error) || !migrate(db, error))
		return NULL;
	sqlite3_busy_handler(sqlite_handle(db), NULL, NULL);
	return g_steal_pointer(&db);
}

/* Only the recovery of a journal makes a reader wait. */
enum { READ_PATIENCE_MS = 10000 };

struct sqlite *db_open_read(const char *state, GError **error)
{
	int64_t version;
	g_autofree char *path = g_build_filename(state, "znatok.db", NULL);
	g_autoptr(sqlite) db = sqlite_open(path, SQLITE_HOW_READ, texts,
					   G_N_ELEMENTS(texts), error);
	if (!db)
		return NULL;
	sqlite3_busy_timeout(sqlite_handle(db), READ_PATIENCE_MS);
	if (!read_version(db, &version, error))
		return NULL;
	if (version == (int64_t)G_N_ELEMENTS(steps))
		return g_steal_pointer(&db);
	g_set_error(error, ZNATOK_ERROR, ZNATOK_ERROR_FAILED,
		    "the store has version %" G_GINT64_FORMAT
		    ", which the next start of the bot brings up to %zu",
		    version, G_N_ELEMENTS(steps));
	return NULL;
}

bool db_check(struct sqlite *db, GError **error)
{
	g_auto(sqlite_rows) rows = sqlite_ask(db, CHECK);
	g_autofree char *found =
		sqlite_next(&rows) ? g_strdup(sqlite_text(&rows, 0)) : NULL;
	if (!sqlite_end(&rows, error))
		return false;
	if (g_strcmp0(found, "ok") == 0)
		return true;
	g_set_error(error, KB_ERROR, KB_ERROR_CORRUPT,
		    "the store is damaged: %s", found ? found : "no answer");
	return false;
}

bool db_position(struct sqlite *db, const char *network, char **token,
		 GError **error)
{
	g_auto(sqlite_rows) rows = sqlite_ask(db, POSITION_READ, V(network));
	*token = sqlite_next(&rows) ? g_strdup(sqlite_text(&rows, 0)) : NULL;
	return sqlite_end(&rows, error);
}

bool db_set_position(struct sqlite *db, const char *network, const char *token,
		     GError **error)
{
	return sqlite_do(db, POSITION_WRITE, error, V(network), V(token));
}
