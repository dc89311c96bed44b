/* A copy of a database that others go on writing. */

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <sys/stat.h>
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

/* ---- what may be replaced ---- */

static bool is_same(const char *path, const char *other)
{
	struct stat a, b;
	return stat(path, &a) == 0 && stat(other, &b) == 0 &&
	       a.st_dev == b.st_dev && a.st_ino == b.st_ino;
}

/* The same file, or the same name in the same folder, where it may not be
 * there yet: what SQLite found there later it would take for its log. */
static bool is_place(const char *path, const char *other)
{
	g_autofree char *folder = g_path_get_dirname(path);
	g_autofree char *name = g_path_get_basename(path);
	g_autofree char *its_folder = g_path_get_dirname(other);
	g_autofree char *its_name = g_path_get_basename(other);
	return is_same(path, other) ||
	       (g_str_equal(name, its_name) && is_same(folder, its_folder));
}

bool sqlite_is_part(const char *file, const char *path)
{
	static const char *const ends[] = { "", "-wal", "-shm", "-journal" };
	for (size_t i = 0; i < G_N_ELEMENTS(ends); i++) {
		g_autofree char *part = g_strconcat(file, ends[i], NULL);
		if (is_place(path, part))
			return true;
	}
	return false;
}

/* Nothing stands there, or a plain file of no use to the database. */
static bool may_replace(struct sqlite *from, const char *path, GError **error)
{
	struct stat there;
	const char *file = sqlite3_db_filename(sqlite_handle(from), "main");
	if (file && sqlite_is_part(file, path)) {
		g_set_error(error, KB_ERROR, KB_ERROR_FILE,
			    "%s: this is the database itself, or a part of it; "
			    "the copy needs another place",
			    path);
		return false;
	}
	if (lstat(path, &there) != 0 || S_ISREG(there.st_mode))
		return true;
	g_set_error(error, KB_ERROR, KB_ERROR_FILE,
		    "%s: this is no plain file, and is not replaced", path);
	return false;
}

bool sqlite_copy(struct sqlite *from, const char *path, GError **error)
{
	if (!may_replace(from, path, error))
		return false;
	/* Under a name that nobody has, and nobody else may read it, not even
	 * while it grows. */
	g_autofree char *half = g_strconcat(path, ".XXXXXX", NULL);
	int fd = g_mkstemp_full(half, O_RDWR | O_CLOEXEC, 0600);
	if (fd < 0) {
		g_set_error(error, KB_ERROR, KB_ERROR_FILE, "%s: %s", path,
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
