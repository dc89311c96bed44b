/* A copy of a database that others go on writing. */

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include "kb/error.h"
#include "kb/sqlite.h"

static bool fail(sqlite3 *db, const char *path, GError **error)
{
	g_set_error(error, KB_ERROR, KB_ERROR_STORE, "%s: %s", path,
		    sqlite3_errmsg(db));
	return false;
}

/* All pages in one step: one moment of the source, whatever is written
 * meanwhile. */
static bool copy_pages(sqlite3 *from, sqlite3 *to, const char *path,
		       GError **error)
{
	sqlite3_backup *backup = sqlite3_backup_init(to, "main", from, "main");
	if (!backup)
		return fail(to, path, error);
	sqlite3_backup_step(backup, -1);
	return sqlite3_backup_finish(backup) == SQLITE_OK ||
	       fail(to, path, error);
}

static int take_answer(void *well, int columns, char **values, char **names)
{
	(void)columns;
	(void)names;
	*(bool *)well = g_strcmp0(values[0], "ok") == 0;
	return 0;
}

/* The copy is one file, without a log beside it, and whole. */
static bool settle(sqlite3 *db, const char *path, GError **error)
{
	bool well = false;
	if (sqlite3_exec(db, "PRAGMA journal_mode = DELETE", NULL, NULL,
			 NULL) != SQLITE_OK ||
	    sqlite3_exec(db, "PRAGMA integrity_check", take_answer, &well,
			 NULL) != SQLITE_OK)
		return fail(db, path, error);
	if (well)
		return true;
	g_set_error(error, KB_ERROR, KB_ERROR_CORRUPT,
		    "%s: the copy is damaged, and so is what it was made from",
		    path);
	return false;
}

static bool copy_to(struct sqlite *from, const char *path, GError **error)
{
	sqlite3 *to = NULL;
	bool well =
		sqlite3_open_v2(path, &to, SQLITE_OPEN_READWRITE, NULL) ==
				SQLITE_OK
			? copy_pages(sqlite_handle(from), to, path, error) &&
				  settle(to, path, error)
			: fail(to, path, error);
	sqlite3_close_v2(to);
	return well;
}

static bool sync_file(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	bool well = fd >= 0 && fsync(fd) == 0;
	if (fd >= 0)
		close(fd);
	return well;
}

bool sqlite_copy(struct sqlite *from, const char *path, GError **error)
{
	g_autofree char *half = g_strconcat(path, ".part", NULL);
	/* Nobody else may read it, not even while it grows. */
	unlink(half);
	int fd = open(half, O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC, 0600);
	if (fd < 0) {
		g_set_error(error, KB_ERROR, KB_ERROR_FILE, "%s: %s", half,
			    g_strerror(errno));
		return false;
	}
	close(fd);
	if (!copy_to(from, half, error)) {
		unlink(half);
		return false;
	}
	if (sync_file(half) && rename(half, path) == 0)
		return true;
	g_set_error(error, KB_ERROR, KB_ERROR_FILE, "%s: %s", path,
		    g_strerror(errno));
	unlink(half);
	return false;
}
