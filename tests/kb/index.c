#include "kb/index.h"

#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#include "kb/error.h"
#include "kb/index_private.h"
#include "kb/remark.h"
#include "tests/kb/given.h"

static char *folder;

static char *path_of(const char *name)
{
	return g_build_filename(folder, name, NULL);
}

static struct index *open_well(const char *path, bool rebuilt)
{
	g_autoptr(GError) error = NULL;
	g_autofree char *sentence = NULL;
	struct index *index = index_open(path, &sentence, &error);
	g_assert_no_error(error);
	g_assert_cmpint(sentence != NULL, ==, rebuilt);
	if (sentence)
		g_test_message("%s", sentence);
	return index;
}

static void begin(struct index *index)
{
	g_autoptr(GError) error = NULL;
	g_assert_true(index_begin(index, &error));
	g_assert_no_error(error);
}

static void commit(struct index *index)
{
	g_autoptr(GError) error = NULL;
	g_assert_true(index_commit(index, &error));
	g_assert_no_error(error);
}

static int64_t count(struct index *index, const char *sql)
{
	sqlite3_stmt *statement;
	g_assert_cmpint(sqlite3_prepare_v2(sqlite_handle(index_db(index)), sql,
					   -1, &statement, NULL),
			==, SQLITE_OK);
	g_assert_cmpint(sqlite3_step(statement), ==, SQLITE_ROW);
	int64_t value = sqlite3_column_int64(statement, 0);
	sqlite3_finalize(statement);
	return value;
}

static int64_t row_of(struct index *index, int64_t generation, const char *id,
		      const char *language)
{
	g_autoptr(GError) error = NULL;
	int64_t row;
	g_assert_true(
		index_find(index, generation, id, language, &row, &error));
	g_assert_no_error(error);
	return row;
}

static const struct given one = { .title = "GIL (Global Interpreter Lock)",
				  .brief = "Кратко о GIL.",
				  .question = "Что такое GIL?|What is it?",
				  .answer = "Замок.\n\nОдин.",
				  .code = "x = 1\n",
				  .aliases = "ГИЛ|gil lock",
				  .tags = "python|cpu/threads",
				  .keywords = "замок",
				  .permalink = "/a/b/",
				  .block_id = "gil",
				  .id = "aaaaaaaaaaaa",
				  .line = 7 };
static const struct given two = { .title = "Декораторы",
				  .brief = "Функция.",
				  .id = "bbbbbbbbbbbb" };

static void statements(void)
{
	g_autoptr(index_file) index = open_well(NULL, false);
	g_autoptr(GError) error = NULL;
	g_assert_true(sqlite_prepare_all(index_db(index), &error));
	g_assert_no_error(error);
	g_assert_cmpint(index_generation(index), ==, 0);
}

static void round_trip(void)
{
	g_autoptr(index_file) index = given_index(&one, 1);
	g_autoptr(GError) error = NULL;
	g_assert_cmpint(index_generation(index), ==, 1);
	g_autoptr(entry) found = NULL;
	int64_t row = row_of(index, 1, one.id, NULL);
	g_assert_true(index_entry(index, row, &found, &error));
	g_autoptr(entry) put = given_entry(&one, "notes/given.md");
	g_assert_cmpstr(found->id, ==, put->id);
	g_assert_cmpstr(found->title, ==, put->title);
	g_assert_cmpstr(found->language, ==, "ru");
	g_assert_cmpstr(found->dialect, ==, "labels");
	g_assert_cmpstr(found->brief, ==, put->brief);
	g_assert_cmpstr(found->answer, ==, put->answer);
	g_assert_null(found->body);
	g_assert_cmpstr(found->file, ==, "notes/given.md");
	g_assert_cmpint(found->line, ==, 7);
	g_assert_cmpstr(found->block_id, ==, "gil");
	g_assert_cmpstr(found->permalink, ==, "/a/b/");
	g_assert_cmpstrv(found->aliases, put->aliases);
	g_assert_cmpstrv(found->tags, put->tags);
	g_assert_cmpstrv(found->questions, put->questions);
	g_assert_cmpstrv(found->keywords, put->keywords);
	g_assert_cmpstrv(found->path, put->path);
	g_assert_cmpuint(found->code_len, ==, 1);
	g_assert_cmpstr(found->code[0].language, ==, "python");
	g_assert_cmpstr(found->code[0].text, ==, "x = 1\n");
	g_autoptr(entry) none = NULL;
	g_assert_true(index_entry(index, 12345, &none, &error));
	g_assert_null(none);
}

static void generations(void)
{
	g_autoptr(index_file) index = open_well(NULL, false);
	struct given notes[] = { one, two };
	begin(index);
	given_put(index, "a.md", notes, 2);
	g_assert_cmpint(index_generation(index), ==, 0);
	commit(index);
	int64_t first = row_of(index, 1, one.id, NULL);
	int64_t second = row_of(index, 1, two.id, NULL);

	notes[0].line = 9;	    /* moved: the row stays */
	notes[1].brief = "Другая."; /* edited: a new one */
	begin(index);
	given_put(index, "a.md", notes, 2);
	commit(index);
	g_assert_cmpint(index_generation(index), ==, 2);
	g_assert_cmpint(row_of(index, 2, one.id, NULL), ==, first);
	g_assert_cmpint(row_of(index, 1, two.id, NULL), ==, second);
	g_assert_cmpint(row_of(index, 2, two.id, NULL), !=, second);
	g_assert_cmpint(row_of(index, 2, two.id, NULL), !=, 0);
	g_autoptr(entry) moved = NULL;
	g_assert_true(index_entry(index, first, &moved, NULL));
	g_assert_cmpint(moved->line, ==, 9);

	begin(index); /* rolled back: nothing happened */
	g_assert_true(index_drop_note(index, "a.md", NULL));
	index_rollback(index);
	g_assert_cmpint(index_generation(index), ==, 2);
	g_assert_cmpint(row_of(index, 2, one.id, NULL), ==, first);

	begin(index);
	g_assert_true(index_drop_note(index, "a.md", NULL));
	g_assert_true(index_drop_note(index, "no such.md", NULL));
	commit(index);
	g_assert_cmpint(row_of(index, 3, one.id, NULL), ==, 0);
	g_assert_cmpint(row_of(index, 2, one.id, NULL), ==, first);

	/* What nobody sees is swept without a trace. */
	g_assert_true(index_sweep(index, 3, NULL));
	g_assert_cmpint(index_generation(index), ==, 3);
	static const char *const empty[] = {
		"SELECT count(*) FROM entry",
		"SELECT count(*) FROM name",
		"SELECT count(*) FROM title_word",
		"SELECT count(*) FROM stem",
		"SELECT entries + words FROM state",
		"SELECT count(*) FROM text WHERE text MATCH 'декоратор'",
	};
	for (size_t i = 0; i < G_N_ELEMENTS(empty); i++)
		g_assert_cmpint(count(index, empty[i]), ==, 0);
}

static void same_id_in_two_languages(void)
{
	struct given notes[] = { one, one };
	notes[1].language = "en";
	notes[1].title = "The GIL";
	g_autoptr(index_file) index = given_index(notes, 2);
	int64_t ru = row_of(index, 1, one.id, "ru");
	int64_t en = row_of(index, 1, one.id, "en");
	g_assert_cmpint(ru, !=, en);
	g_assert_cmpint(row_of(index, 1, one.id, NULL), ==, ru);
	g_assert_cmpint(row_of(index, 1, one.id, "de"), ==, ru);
	g_assert_cmpint(row_of(index, 1, "cccccccccccc", "de"), ==, 0);
}

static void notes_and_remarks(void)
{
	g_autoptr(index_file) index = open_well(NULL, false);
	g_autoptr(GError) error = NULL;
	begin(index);
	given_put(index, "b.md", &one, 1);
	g_autoptr(GPtrArray) remarks =
		g_ptr_array_new_with_free_func((GDestroyNotify)remark_free);
	g_ptr_array_add(remarks, remark_new("a.md", 3, REMARK_ERROR, "broken"));
	g_ptr_array_add(remarks, remark_new("a.md", 1, REMARK_WARNING, "odd"));
	struct index_note note = { .file = (char *)"a.md",
				   .key = (char *)"k",
				   .hash = (char *)"ab",
				   .size = 5,
				   .mtime = 1234567890123456789,
				   .stale = true };
	g_assert_true(index_put_note(index, &note, NULL, remarks, &error));
	commit(index);

	g_autoptr(GPtrArray) notes = index_notes(index, &error);
	g_assert_cmpuint(notes->len, ==, 2);
	const struct index_note *read = notes->pdata[0];
	g_assert_cmpstr(read->file, ==, "a.md");
	g_assert_cmpint(read->mtime, ==, 1234567890123456789);
	g_assert_true(read->stale);
	g_assert_cmpstr(read->hash, ==, "ab");
	g_autoptr(GPtrArray) kept = index_remarks(index, &error);
	g_assert_cmpuint(kept->len, ==, 2);
	g_assert_cmpstr(((struct remark *)kept->pdata[0])->text, ==, "odd");
	struct index_counts counts;
	g_assert_true(index_count(index, &counts, &error));
	g_assert_cmpint(counts.notes, ==, 2);
	g_assert_cmpint(counts.entries, ==, 1);
	g_assert_cmpint(counts.questions, ==, 2);
	g_assert_cmpint(counts.errors, ==, 1);
	g_assert_cmpint(counts.warnings, ==, 1);
	g_autoptr(GPtrArray) rows = index_rows(index, 1, &error);
	g_assert_cmpuint(rows->len, ==, 1);
	const struct index_row *row = rows->pdata[0];
	g_assert_true(row->has_question);
	g_assert_cmpstr(row->topic, ==, "");
	int64_t drawn;
	g_assert_true(index_draw(index, 1, 7, &drawn, &error));
	g_assert_cmpint(drawn, ==, row->row);
	g_assert_true(index_draw(index, 0, 7, &drawn, &error));
	g_assert_cmpint(drawn, ==, 0);

	begin(index); /* broken now: its entries stay */
	struct index_note broken = { .file = (char *)"b.md", .stale = true };
	g_assert_true(index_put_note(index, &broken, NULL, NULL, &error));
	commit(index);
	g_assert_cmpint(row_of(index, 2, one.id, NULL), !=, 0);
}

static void make(const char *path)
{
	g_autoptr(index_file) index = open_well(path, false);
	begin(index);
	given_put(index, "a.md", &one, 1);
	commit(index);
}

static void kept_on_disk(void)
{
	g_autofree char *path = path_of("kept");
	make(path);
	g_autoptr(index_file) index = open_well(path, false);
	g_assert_cmpint(index_generation(index), ==, 1);
	/* Another process reads and writes beside it. */
	g_autoptr(index_file) other = open_well(path, false);
	begin(other);
	given_put(other, "b.md", &two, 1);
	g_assert_cmpint(row_of(index, 1, one.id, NULL), !=, 0);
	commit(other);
	g_assert_cmpint(index_generation(index), ==, 2);
	g_assert_cmpint(row_of(index, 2, two.id, NULL), !=, 0);
}

static void busy(void)
{
	g_autofree char *path = path_of("busy");
	make(path);
	g_autoptr(index_file) index = open_well(path, false);
	g_autoptr(index_file) other = open_well(path, false);
	g_autoptr(GError) error = NULL;
	begin(other);
	g_assert_false(index_begin(index, &error));
	g_assert_error(error, KB_ERROR, KB_ERROR_STORE);
	index_rollback(other);
	begin(index);
	commit(index);
}

static void damage(const char *path, const char *how)
{
	g_autofree char *bytes = NULL;
	size_t len;
	g_assert_true(g_file_get_contents(path, &bytes, &len, NULL));
	if (g_str_equal(how, "half"))
		len /= 2;
	else if (g_str_equal(how, "odd"))
		len -= 100;
	else if (g_str_equal(how, "garbage"))
		memset(bytes, 'x', len);
	else if (g_str_equal(how, "middle"))
		memset(bytes + len / 2, 0xa5, len / 4);
	else if (g_str_equal(how, "few"))
		len = 10;
	g_assert_true(g_file_set_contents(path, bytes, (gssize)len, NULL));
}

static void held(void)
{
	g_autofree char *path = path_of("held.db");
	g_autoptr(index_file) reader = open_well(path, false);
	g_autoptr(index_file) writer = open_well(path, false);
	index_hold(reader);
	g_assert_cmpint(index_generation(reader), ==, 0);
	begin(writer);
	given_put(writer, "a.md", &one, 1);
	commit(writer);
	g_assert_cmpint(index_generation(reader), ==, 0);
	index_let_go(reader);
	g_assert_cmpint(index_generation(reader), ==, 1);
	index_let_go(reader); /* a second time: nothing happens */

	/* Whoever holds it can write all the same, from the newest state. */
	index_hold(reader);
	g_assert_cmpint(index_generation(reader), ==, 1);
	begin(writer);
	given_put(writer, "b.md", &two, 1);
	commit(writer);
	begin(reader);
	index_let_go(reader); /* does not take the writing back */
	g_assert_true(index_drop_note(reader, "a.md", NULL));
	commit(reader);
	g_assert_cmpint(index_generation(writer), ==, 3);
}

static void damaged(void)
{
	static const char *const ways[] = { "half", "odd", "garbage", "middle",
					    "few" };
	for (size_t i = 0; i < G_N_ELEMENTS(ways); i++) {
		g_autofree char *path = path_of(ways[i]);
		make(path);
		damage(path, ways[i]);
		g_autoptr(index_file) index = open_well(path, true);
		g_assert_cmpint(index_generation(index), ==, 0);
		begin(index);
		given_put(index, "a.md", &one, 1);
		commit(index);
	}
}

static void foreign(void)
{
	static const char *const makings[] = {
		"CREATE TABLE a (b); PRAGMA application_id = 1;",
		"CREATE TABLE state (generation);",
		"CREATE TABLE a (b); PRAGMA application_id = 0x7a6e6b62;"
		"PRAGMA user_version = 999999;",
		"CREATE TABLE a (b); PRAGMA application_id = 0x7a6e6b62;"
		"PRAGMA user_version = 1;",
	};
	for (size_t i = 0; i < G_N_ELEMENTS(makings); i++) {
		g_autofree char *name = g_strdup_printf("foreign%zu", i);
		g_autofree char *path = path_of(name);
		sqlite3 *db;
		g_assert_cmpint(sqlite3_open(path, &db), ==, SQLITE_OK);
		g_assert_cmpint(sqlite3_exec(db, makings[i], NULL, NULL, NULL),
				==, SQLITE_OK);
		sqlite3_close(db);
		g_autoptr(index_file) index = open_well(path, true);
		g_assert_cmpint(index_generation(index), ==, 0);
	}
	g_autofree char *empty = path_of("empty");
	g_assert_true(g_file_set_contents(empty, "", 0, NULL));
	g_autoptr(index_file) index = open_well(empty, false);
}

static void not_writable(void)
{
	static const char *const paths[] = { "no such folder/index", "" };
	for (size_t i = 0; i < G_N_ELEMENTS(paths); i++) {
		g_autofree char *path = path_of(paths[i]);
		g_autoptr(GError) error = NULL;
		g_autofree char *rebuilt = NULL;
		g_assert_null(index_open(path, &rebuilt, &error));
		g_assert_error(error, KB_ERROR, KB_ERROR_STORE);
		g_assert_null(rebuilt);
	}
	g_autoptr(GError) error = NULL;
	g_assert_null(index_open("/dev/null", NULL, &error));
	g_assert_error(error, KB_ERROR, KB_ERROR_STORE);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	folder = g_dir_make_tmp("znatok-index-XXXXXX", NULL);
	g_test_add_func("/index/statements", statements);
	g_test_add_func("/index/round-trip", round_trip);
	g_test_add_func("/index/generations", generations);
	g_test_add_func("/index/two-languages", same_id_in_two_languages);
	g_test_add_func("/index/notes", notes_and_remarks);
	g_test_add_func("/index/disk", kept_on_disk);
	g_test_add_func("/index/busy", busy);
	g_test_add_func("/index/held", held);
	g_test_add_func("/index/damaged", damaged);
	g_test_add_func("/index/foreign", foreign);
	g_test_add_func("/index/not-writable", not_writable);
	int code = g_test_run();
	GDir *dir = g_dir_open(folder, 0, NULL);
	for (const char *name; (name = g_dir_read_name(dir));) {
		g_autofree char *path = path_of(name);
		g_unlink(path);
	}
	g_dir_close(dir);
	g_rmdir(folder);
	g_free(folder);
	return code;
}
