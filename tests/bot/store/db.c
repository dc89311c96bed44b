#include "bot/store/db.h"

#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#include "bot/base/error.h"
#include "bot/store/lock.h"
#include "tests/bot/store/store.h"

static void every_statement_can_be_prepared(void)
{
	g_autoptr(sqlite) db = open_store();
	WELL(sqlite_prepare_all(db, &trouble));
}

/* Tables that stay small, or that are read whole by what they are for. */
static bool may_be_scanned(const char *plan)
{
	static const char *const small[] = {
		"schema_version", "entry",	"difference",  "offer", "g",
		"matrix_room",	  "matrix_gap", "matrix_task", "whole"
	};
	const char *table = plan + strlen("SCAN ");
	for (size_t i = 0; i < G_N_ELEMENTS(small); i++)
		if (g_str_equal(table, small[i]))
			return true;
	return strstr(table, " USING ") != NULL;
}

/* A month of mail lies in the store: nothing may read all of it. */
static void no_statement_reads_the_mail_whole(void)
{
	static const char *const statements[] = {
#define STATEMENT(name, sql) "EXPLAIN QUERY PLAN " sql,
#include "bot/store/statements.def"
#undef STATEMENT
	};
	g_autoptr(sqlite) db = open_store();
	for (size_t i = 0; i < G_N_ELEMENTS(statements); i++) {
		sqlite3_stmt *plan = NULL;
		g_assert_cmpint(sqlite3_prepare_v2(sqlite_handle(db),
						   statements[i], -1, &plan,
						   NULL),
				==, SQLITE_OK);
		while (sqlite3_step(plan) == SQLITE_ROW) {
			const char *step =
				(const char *)sqlite3_column_text(plan, 3);
			if (!g_str_has_prefix(step, "SCAN ") ||
			    may_be_scanned(step))
				continue;
			g_test_message("%s in: %s", step, statements[i]);
			g_test_fail();
		}
		sqlite3_finalize(plan);
	}
}

static char *new_folder(void)
{
	char *folder = g_dir_make_tmp("znatok-XXXXXX", NULL);
	g_assert_nonnull(folder);
	return folder;
}

static void remove_folder(const char *folder)
{
	g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
	for (const char *n = g_dir_read_name(dir); n;
	     n = g_dir_read_name(dir)) {
		g_autofree char *path = g_build_filename(folder, n, NULL);
		g_remove(path);
	}
	g_rmdir(folder);
}

static void the_schema_is_made_once(void)
{
	g_autofree char *folder = new_folder();
	for (int i = 0; i < 2; i++) {
		g_autoptr(GError) error = NULL;
		g_autoptr(sqlite) db = db_open(folder, &error);
		g_assert_no_error(error);
		g_autofree char *token = NULL;
		WELL(db_position(db, "test", &token, &trouble));
		g_assert_cmpstr(token, ==, i ? "there" : NULL);
		WELL(db_set_position(db, "test", "there", &trouble));
	}
	remove_folder(folder);
}

static void a_newer_store_is_refused(void)
{
	g_autofree char *folder = new_folder();
	g_autoptr(GError) error = NULL;
	g_autoptr(sqlite) db = db_open(folder, &error);
	g_assert_no_error(error);
	WELL(sqlite_script(db, "UPDATE schema_version SET version = 99",
			   &trouble));
	g_autoptr(sqlite) again = db_open(folder, &error);
	g_assert_null(again);
	g_assert_error(error, ZNATOK_ERROR, ZNATOK_ERROR_FAILED);
	g_assert_nonnull(strstr(error->message, "99"));
	remove_folder(folder);
}

static void a_file_that_is_no_store_is_refused(void)
{
	g_autofree char *folder = new_folder();
	g_autofree char *path = g_build_filename(folder, "znatok.db", NULL);
	g_autofree char *junk = g_strnfill(8192, 'x');
	g_autoptr(GError) error = NULL;
	g_assert_true(g_file_set_contents(path, junk, -1, NULL));
	g_autoptr(sqlite) db = db_open(folder, &error);
	g_assert_null(db);
	g_assert_error(error, KB_ERROR, KB_ERROR_CORRUPT);
	/* What might be somebody's data is left as it was. */
	g_autofree char *after = NULL;
	g_assert_true(g_file_get_contents(path, &after, NULL, NULL));
	g_assert_cmpstr(after, ==, junk);
	remove_folder(folder);
}

static void a_second_writer_is_refused(void)
{
	g_autofree char *folder = new_folder();
	g_autoptr(GError) error = NULL;
	int first = lock_take(folder, &error);
	g_assert_no_error(error);
	int second = lock_take(folder, &error);
	g_assert_cmpint(second, ==, -1);
	g_assert_error(error, ZNATOK_ERROR, ZNATOK_ERROR_LOCKED);
	g_autofree char *pid = g_strdup_printf("process %d", (int)getpid());
	g_assert_nonnull(strstr(error->message, pid));
	g_clear_error(&error);
	lock_drop(first);
	int third = lock_take(folder, &error);
	g_assert_no_error(error);
	lock_drop(third);
	remove_folder(folder);
}

static void a_folder_that_cannot_be_made_is_told(void)
{
	g_autoptr(GError) error = NULL;
	g_assert_cmpint(lock_take("/dev/null/state", &error), ==, -1);
	g_assert_error(error, ZNATOK_ERROR, ZNATOK_ERROR_STORE);
	g_assert_nonnull(strstr(error->message, "/dev/null/state"));
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/db/every statement can be prepared",
			every_statement_can_be_prepared);
	g_test_add_func("/db/no statement reads the mail whole",
			no_statement_reads_the_mail_whole);
	g_test_add_func("/db/the schema is made once", the_schema_is_made_once);
	g_test_add_func("/db/a newer store is refused",
			a_newer_store_is_refused);
	g_test_add_func("/db/a file that is no store is refused",
			a_file_that_is_no_store_is_refused);
	g_test_add_func("/lock/a second writer is refused",
			a_second_writer_is_refused);
	g_test_add_func("/lock/a folder that cannot be made is told",
			a_folder_that_cannot_be_made_is_told);
	return g_test_run();
}
