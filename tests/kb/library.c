#include "kb/library.h"

#include "kb/error.h"
#include "kb/note.h"
#include "tests/kb/tree.h"

#define SECTION(title, text) "## " title "\n\n" text "\n\n"
#define PERMALINK(link) "---\npermalink: " link "\n---\n\n"
#define BROKEN "---\ntitle: [\n---\n\n"

struct given {
	struct library_options options;
	const char *folders[4];
	size_t read; /* files, as progress tells */
	GMainLoop *loop;
};

static void on_progress(size_t done, size_t all, void *data)
{
	struct given *given = data;
	g_assert_cmpuint(done, >=, 1);
	g_assert_cmpuint(done, <=, all);
	given->read++;
}

static struct library *try_open(const struct tree *tree, struct given *given,
				const char *index, GError **error)
{
	if (!given->folders[0])
		given->folders[0] = tree->root;
	given->options = (struct library_options){
		.folders = given->folders,
		.index = index,
		.progress = on_progress,
		.data = given,
	};
	return library_open(&given->options, error);
}

static struct library *open_at(const struct tree *tree, struct given *given,
			       const char *index)
{
	g_autoptr(GError) error = NULL;
	struct library *kb = try_open(tree, given, index, &error);
	g_assert_no_error(error);
	return kb;
}

static struct library *open_in_memory(const struct tree *tree,
				      struct given *given)
{
	return open_at(tree, given, NULL);
}

static bool reload(struct library *kb)
{
	g_autoptr(GError) error = NULL;
	bool changed;
	library_reload(kb, &changed, &error);
	g_assert_no_error(error);
	return changed;
}

static GPtrArray *rows(struct library *kb, int64_t generation)
{
	g_autoptr(GError) error = NULL;
	GPtrArray *found = index_rows(library_index(kb), generation, &error);
	g_assert_no_error(error);
	return found;
}

/* Titles, in note order. */
static char *titles(struct library *kb, int64_t generation)
{
	g_autoptr(GPtrArray) found = rows(kb, generation);
	GString *text = g_string_new(NULL);
	for (guint i = 0; i < found->len; i++) {
		const struct index_row *row = found->pdata[i];
		g_string_append_printf(text, "%s%s", i ? " " : "", row->title);
	}
	return g_string_free(text, FALSE);
}

static void assert_titles(struct library *kb, const char *expected)
{
	g_autofree char *found = titles(kb, library_generation(kb));
	g_assert_cmpstr(found, ==, expected);
}

static char *id_of(struct library *kb, const char *title)
{
	g_autoptr(GPtrArray) found = rows(kb, library_generation(kb));
	for (guint i = 0; i < found->len; i++) {
		const struct index_row *row = found->pdata[i];
		if (strcmp(row->title, title) == 0)
			return g_strdup(row->id);
	}
	g_assert_not_reached();
}

static void assert_id(struct library *kb, const char *title, const char *key,
		      const char *local, unsigned n)
{
	char expected[ENTRY_ID_LEN + 1];
	entry_id(expected, key, local, n);
	g_autofree char *found = id_of(kb, title);
	g_assert_cmpstr(found, ==, expected);
}

/* True if a remark of that level on that file has these words. */
static bool remarked(struct library *kb, const struct tree *tree,
		     const char *below, enum remark_level level,
		     const char *words)
{
	g_autoptr(GPtrArray) all = index_remarks(library_index(kb), NULL);
	g_autofree char *file = tree_path(tree, below);
	for (guint i = 0; i < all->len; i++) {
		const struct remark *each = all->pdata[i];
		if (strcmp(each->file, file) == 0 && each->level == level &&
		    strstr(each->text, words))
			return true;
	}
	return false;
}

static bool is_stale(struct library *kb, const struct tree *tree,
		     const char *below)
{
	g_autoptr(GPtrArray) all = index_notes(library_index(kb), NULL);
	g_autofree char *file = tree_path(tree, below);
	for (guint i = 0; i < all->len; i++) {
		const struct index_note *each = all->pdata[i];
		if (strcmp(each->file, file) == 0)
			return each->stale;
	}
	g_assert_not_reached();
}

static char *index_path(const struct tree *tree)
{
	return tree_path(tree, ".cache/deep/index.db");
}

static void reads_folders(struct tree *tree, const void *data)
{
	(void)data;
	tree_write_old(tree, "a/x.md", SECTION("One", "1") SECTION("Two", "2"));
	tree_write_old(tree, "b.md", SECTION("Three", "3"));
	struct given given = { 0 };
	g_autoptr(library) kb = open_in_memory(tree, &given);
	assert_titles(kb, "One Two Three");
	g_assert_cmpint(library_generation(kb), ==, 1);
	g_assert_cmpuint(given.read, ==, 2);
	g_assert_true(library_in_memory(kb));
	g_assert_null(library_rebuilt(kb));

	g_autofree char *id = id_of(kb, "Two");
	int64_t row = 0;
	g_autoptr(entry) two = NULL;
	g_assert_true(index_find(library_index(kb), 1, id, NULL, &row, NULL));
	g_assert_true(index_entry(library_index(kb), row, &two, NULL));
	g_autofree char *file = tree_path(tree, "a/x.md");
	g_assert_cmpstr(two->file, ==, file);
	g_assert_cmpstr(two->path[0], ==, "a");
}

static void opens_empty_and_missing(struct tree *tree, const void *data)
{
	(void)data;
	struct given given = { 0 };
	g_autoptr(library) kb = open_in_memory(tree, &given);
	assert_titles(kb, "");

	g_autofree char *missing = tree_path(tree, "missing");
	struct given wrong = { .folders = { missing } };
	g_autoptr(GError) error = NULL;
	g_assert_null(try_open(tree, &wrong, NULL, &error));
	g_assert_error(error, KB_ERROR, KB_ERROR_FILE);
}

static void keys_name_notes(struct tree *tree, const void *data)
{
	(void)data;
	tree_write_old(tree, "a/x.md", SECTION("Plain", "text"));
	tree_write_old(tree, "b.md", PERMALINK("/own/") SECTION("Own", "text"));
	tree_write_old(tree, "c.md",
		       SECTION("Same", "1") SECTION("same", "2")
			       SECTION("SAME", "3"));
	struct given given = { 0 };
	g_autoptr(library) kb = open_in_memory(tree, &given);
	assert_id(kb, "Plain", "a/x.md", "plain", 0);
	assert_id(kb, "Own", "/own/", "own", 0);
	assert_id(kb, "Same", "c.md", "same", 0);
	assert_id(kb, "same", "c.md", "same", 1);
	assert_id(kb, "SAME", "c.md", "same", 2);

	g_autofree char *path = tree_path(tree, "a/x.md");
	struct given one = { .folders = { path } };
	g_autoptr(library) single = open_in_memory(tree, &one);
	assert_id(single, "Plain", "x.md", "plain", 0);
}

static void keys_are_numbered(struct tree *tree, const void *data)
{
	(void)data;
	tree_write_old(tree, "b.md", PERMALINK("/k/") SECTION("B", "1"));
	tree_write_old(tree, "c.md", PERMALINK("/k/") SECTION("C", "1"));
	tree_write_old(tree, "d.md", PERMALINK("/k/@2") SECTION("D", "1"));
	struct given given = { 0 };
	g_autoptr(library) kb = open_in_memory(tree, &given);
	assert_id(kb, "B", "/k/", "b", 0);
	assert_id(kb, "C", "/k/@2", "c", 0);
	assert_id(kb, "D", "/k/@2@2", "d", 0);
	g_assert_false(remarked(kb, tree, "b.md", REMARK_WARNING, "/k/"));
	g_assert_true(remarked(kb, tree, "c.md", REMARK_WARNING, "/k/@2"));
	g_assert_false(reload(kb));

	/* An earlier one moves all others on, unread as they are. */
	tree_write_old(tree, "a.md", PERMALINK("/k/") SECTION("A", "1"));
	g_assert_true(reload(kb));
	assert_id(kb, "A", "/k/", "a", 0);
	assert_id(kb, "B", "/k/@2", "b", 0);
	assert_id(kb, "C", "/k/@3", "c", 0);
	assert_id(kb, "D", "/k/@2@2", "d", 0);
	g_assert_false(reload(kb));

	tree_delete(tree, "a.md");
	tree_delete(tree, "b.md");
	g_assert_true(reload(kb));
	assert_id(kb, "C", "/k/", "c", 0);
	assert_id(kb, "D", "/k/@2", "d", 0);
	g_assert_false(remarked(kb, tree, "c.md", REMARK_WARNING, "/k/"));
	g_assert_false(reload(kb));
}

static void folders_overlap(struct tree *tree, const void *data)
{
	(void)data;
	tree_write_old(tree, "x.md", SECTION("Outer", "1"));
	tree_write_old(tree, "sub/x.md", SECTION("Inner", "1"));
	tree_write_old(tree, "other/x.md", SECTION("Other", "1"));
	g_autofree char *sub = tree_path(tree, "sub");
	struct given given = { .folders = { sub, tree->root, sub } };
	g_autoptr(library) kb = open_in_memory(tree, &given);
	g_autoptr(GPtrArray) found = rows(kb, library_generation(kb));
	g_assert_cmpuint(found->len, ==, 3);
	assert_id(kb, "Inner", "x.md", "inner", 0);
	assert_id(kb, "Outer", "x.md@2", "outer", 0);
	assert_id(kb, "Other", "other/x.md", "other", 0);
}

static void reads_only_what_changed(struct tree *tree, const void *data)
{
	(void)data;
	tree_write_old(tree, "a.md", SECTION("A", "1"));
	tree_write_old(tree, "b.md", SECTION("B", "1"));
	tree_write_old(tree, "c.md", SECTION("C", "1"));
	struct given given = { 0 };
	g_autoptr(library) kb = open_in_memory(tree, &given);
	given.read = 0;
	g_assert_false(reload(kb));
	g_assert_cmpuint(given.read, ==, 0);
	g_assert_cmpint(library_generation(kb), ==, 1);

	tree_write_old(tree, "b.md", SECTION("B", "1") SECTION("B2", "1"));
	tree_delete(tree, "c.md");
	tree_write_old(tree, "d.md", SECTION("D", "1"));
	g_assert_true(reload(kb));
	g_assert_cmpuint(given.read, ==, 2);
	g_assert_cmpint(library_generation(kb), ==, 2);
	assert_titles(kb, "A B B2 D");

	/* The one before can still be read, the one before that is swept. */
	g_autofree char *before = titles(kb, 1);
	g_assert_cmpstr(before, ==, "A B C");
	tree_delete(tree, "d.md");
	g_assert_true(reload(kb));
	g_autofree char *swept = titles(kb, 1);
	g_assert_cmpstr(swept, ==, "A B");
	g_autofree char *kept = titles(kb, 2);
	g_assert_cmpstr(kept, ==, "A B B2 D");
}

static void touched_is_not_changed(struct tree *tree, const void *data)
{
	(void)data;
	tree_write_old(tree, "a.md", SECTION("A", "1") "##Odd\n");
	struct given given = { 0 };
	g_autoptr(library) kb = open_in_memory(tree, &given);
	g_autoptr(GPtrArray) before = index_remarks(library_index(kb), NULL);
	tree_age(tree, "a.md", 1800);
	g_assert_false(reload(kb));
	g_assert_cmpuint(given.read, ==, 2);
	g_assert_false(reload(kb));
	g_assert_cmpuint(given.read, ==, 2); /* its new time is known */
	assert_titles(kb, "A");
	g_autoptr(GPtrArray) after = index_remarks(library_index(kb), NULL);
	g_assert_cmpuint(after->len, ==, before->len);
}

/* Same size, same time, other text: only a file's youth gives it away. */
static void fresh_files_are_read_again(struct tree *tree, const void *data)
{
	(void)data;
	tree_write(tree, "a.md", SECTION("Aaa", "1"));
	g_autofree char *path = tree_path(tree, "a.md");
	struct stat was;
	g_assert_cmpint(stat(path, &was), ==, 0);
	struct given given = { 0 };
	g_autoptr(library) kb = open_in_memory(tree, &given);
	tree_write(tree, "a.md", SECTION("Bbb", "1"));
	const struct timespec times[2] = { was.st_atim, was.st_mtim };
	g_assert_cmpint(utimensat(AT_FDCWD, path, times, 0), ==, 0);
	g_assert_true(reload(kb));
	assert_titles(kb, "Bbb");

	tree_age(tree, "a.md", 10);
	g_assert_false(reload(kb));
	given.read = 0;
	g_assert_false(reload(kb));
	g_assert_cmpuint(given.read, ==, 0);
}

static void broken_keeps_the_good(struct tree *tree, const void *data)
{
	(void)data;
	tree_write_old(tree, "a.md", PERMALINK("/k/") SECTION("Good", "1"));
	struct given given = { 0 };
	g_autoptr(library) kb = open_in_memory(tree, &given);
	g_autofree char *id = id_of(kb, "Good");

	tree_write_old(tree, "a.md", BROKEN SECTION("Half", "1"));
	g_assert_true(reload(kb));
	assert_titles(kb, "Good");
	g_assert_true(is_stale(kb, tree, "a.md"));
	g_assert_true(remarked(kb, tree, "a.md", REMARK_ERROR, ""));
	g_assert_true(remarked(kb, tree, "a.md", REMARK_INFO, "stays in use"));
	given.read = 0;
	g_assert_false(reload(kb));
	g_assert_cmpuint(given.read, ==, 0);

	/* Broken in another way: still the same good one. */
	tree_write_old(tree, "a.md", BROKEN SECTION("Other half", "1"));
	g_assert_true(reload(kb));
	assert_titles(kb, "Good");
	tree_age(tree, "a.md", 100);
	g_assert_false(reload(kb));
	g_assert_true(is_stale(kb, tree, "a.md"));

	/* Its name stays its own, though an earlier note asks for it. */
	tree_write_old(tree, "Z.md", PERMALINK("/k/") SECTION("Late", "1"));
	g_assert_true(reload(kb));
	assert_id(kb, "Late", "/k/@2", "late", 0);
	g_autofree char *same = id_of(kb, "Good");
	g_assert_cmpstr(same, ==, id);

	/* Mended, it goes by the order of notes again, and that is final. */
	tree_write_old(tree, "a.md", PERMALINK("/k/") SECTION("Mended", "1"));
	int64_t before = library_generation(kb);
	g_assert_true(reload(kb));
	g_autofree char *old = titles(kb, before);
	g_assert_cmpstr(old, ==, "Late Good");
	assert_id(kb, "Late", "/k/", "late", 0);
	assert_id(kb, "Mended", "/k/@2", "mended", 0);
	g_assert_false(is_stale(kb, tree, "a.md"));
	g_assert_false(remarked(kb, tree, "a.md", REMARK_ERROR, ""));
	g_assert_false(reload(kb));

	tree_write_old(tree, "a.md", BROKEN SECTION("Half", "1"));
	g_assert_true(reload(kb));
	assert_titles(kb, "Late Mended");
	tree_delete(tree, "a.md");
	g_assert_true(reload(kb));
	assert_titles(kb, "Late");
}

static void broken_from_the_start(struct tree *tree, const void *data)
{
	(void)data;
	tree_write_old(tree, "a.md", BROKEN SECTION("Half", "1"));
	struct given given = { 0 };
	g_autoptr(library) kb = open_in_memory(tree, &given);
	assert_titles(kb, "Half");
	g_assert_false(is_stale(kb, tree, "a.md"));
	/* A broken one is not a good version of the next broken one. */
	tree_write_old(tree, "a.md", BROKEN SECTION("Other half", "1"));
	g_assert_true(reload(kb));
	assert_titles(kb, "Other half");
}

static void links_are_remarked(struct tree *tree, const void *data)
{
	(void)data;
	tree_write_old(tree, "in/a.md", SECTION("A", "1"));
	tree_write_old(tree, "secret.md", SECTION("Secret", "1"));
	tree_link(tree, "../secret.md", "in/secret.md");
	tree_link(tree, "..", "in/up");
	g_autofree char *in = tree_path(tree, "in");
	struct given given = { .folders = { in } };
	g_autoptr(library) kb = open_in_memory(tree, &given);
	assert_titles(kb, "A");
	g_assert_true(remarked(kb, tree, "in/secret.md", REMARK_WARNING,
			       "symbolic link"));
	g_assert_true(
		remarked(kb, tree, "in/up", REMARK_WARNING, "symbolic link"));
	g_assert_false(reload(kb));

	/* What was a note is none once it is a link. */
	tree_delete(tree, "in/a.md");
	tree_link(tree, "../secret.md", "in/a.md");
	g_assert_true(reload(kb));
	assert_titles(kb, "");
	tree_delete(tree, "in/secret.md");
	g_assert_true(reload(kb));
	g_assert_false(remarked(kb, tree, "in/secret.md", REMARK_WARNING, ""));
}

static void unreadable_is_remarked(struct tree *tree, const void *data)
{
	(void)data;
	tree_write_old(tree, "a.md", SECTION("A", "1"));
	tree_write_old(tree, "b.md", SECTION("B", "1"));
	tree_write_old(tree, "sub/c.md", SECTION("C", "1"));
	struct given given = { 0 };
	tree_lock(tree, "b.md");
	g_autoptr(library) kb = open_in_memory(tree, &given);
	assert_titles(kb, "A C");
	g_assert_true(
		remarked(kb, tree, "b.md", REMARK_ERROR, "Permission denied"));
	g_assert_false(reload(kb));
	tree_unlock(tree, "b.md", 0644);
	g_assert_true(reload(kb));
	assert_titles(kb, "A B C");

	/* Where a good version is known it stays. */
	tree_age(tree, "b.md", 100);
	tree_lock(tree, "b.md");
	g_assert_true(reload(kb));
	g_assert_false(reload(kb));
	tree_unlock(tree, "b.md", 0644);
	assert_titles(kb, "A B C");
	g_assert_true(is_stale(kb, tree, "b.md"));
	g_assert_true(reload(kb));
	g_assert_false(is_stale(kb, tree, "b.md"));

	/* The same for a folder below. */
	tree_lock(tree, "sub");
	g_assert_true(reload(kb));
	g_assert_false(reload(kb));
	tree_unlock(tree, "sub", 0755);
	assert_titles(kb, "A B C");
	g_assert_true(remarked(kb, tree, "sub", REMARK_ERROR, "stays in use"));
	g_assert_true(reload(kb));
	g_assert_false(remarked(kb, tree, "sub", REMARK_ERROR, ""));
	assert_titles(kb, "A B C");
}

static void missing_folder_keeps_all(struct tree *tree, const void *data)
{
	(void)data;
	tree_write_old(tree, "one/a.md", SECTION("A", "1"));
	tree_write_old(tree, "two/b.md", SECTION("B", "1"));
	g_autofree char *one = tree_path(tree, "one");
	g_autofree char *two = tree_path(tree, "two");
	struct given given = { .folders = { one, two } };
	g_autoptr(library) kb = open_in_memory(tree, &given);

	tree_move(tree, "two", "away");
	tree_delete(tree, "one/a.md");
	g_autoptr(GError) error = NULL;
	bool changed = true;
	g_assert_false(library_reload(kb, &changed, &error));
	g_assert_error(error, KB_ERROR, KB_ERROR_FILE);
	g_assert_false(changed);
	assert_titles(kb, "A B");
	tree_move(tree, "away", "two");
	g_assert_true(reload(kb));
	assert_titles(kb, "B");
}

/* A file that goes between the scan and its turn to be read. */
static void vanish(size_t done, size_t all, void *data)
{
	(void)all;
	const struct tree *tree = data;
	if (done == 1)
		tree_delete(tree, "b.md");
}

static void vanishing_is_deletion(struct tree *tree, const void *data)
{
	(void)data;
	tree_write_old(tree, "a.md", SECTION("A", "1"));
	tree_write_old(tree, "b.md", SECTION("B", "1"));
	const struct library_options options = {
		.folders = (const char *const[]){ tree->root, NULL },
		.progress = vanish,
		.data = tree,
	};
	g_autoptr(library) kb = library_open(&options, NULL);
	assert_titles(kb, "A");
	g_autoptr(GPtrArray) remarks = index_remarks(library_index(kb), NULL);
	g_assert_cmpuint(remarks->len, ==, 0);

	tree_write_old(tree, "b.md", SECTION("B", "1"));
	g_assert_true(reload(kb));
	assert_titles(kb, "A B");
	tree_write_old(tree, "a.md", SECTION("AA", "1"));
	tree_age(tree, "b.md", 100);
	g_assert_true(reload(kb));
	assert_titles(kb, "AA");
}

static void file_is_kept_between_runs(struct tree *tree, const void *data)
{
	(void)data;
	tree_write_old(tree, "a.md", SECTION("A", "1"));
	tree_write_old(tree, "sub/b.md", SECTION("B", "1"));
	g_autofree char *path = index_path(tree);
	struct given given = { 0 };
	struct library *kb = open_at(tree, &given, path);
	g_assert_false(library_in_memory(kb));
	library_free(kb);

	given.read = 0;
	kb = open_at(tree, &given, path);
	g_assert_cmpuint(given.read, ==, 0);
	g_assert_cmpint(library_generation(kb), ==, 1);
	assert_titles(kb, "A B");
	library_free(kb);

	/* Other folders: what is not below them has gone. */
	g_autofree char *sub = tree_path(tree, "sub");
	struct given other = { .folders = { sub } };
	kb = open_at(tree, &other, path);
	assert_titles(kb, "B");
	assert_id(kb, "B", "b.md", "b", 0);
	library_free(kb);
}

static void bad_file_is_made_anew(struct tree *tree, const void *data)
{
	(void)data;
	tree_write_old(tree, "a.md", SECTION("A", "1"));
	tree_write(tree, ".cache/deep/index.db", "this is no database at all");
	g_autofree char *path = index_path(tree);
	struct given given = { 0 };
	g_autoptr(library) kb = open_at(tree, &given, path);
	assert_titles(kb, "A");
	g_assert_nonnull(library_rebuilt(kb));
	g_assert_false(library_in_memory(kb));
}

static void unwritable_file_means_memory(struct tree *tree, const void *data)
{
	(void)data;
	tree_write_old(tree, "a.md", SECTION("A", "1"));
	tree_folder(tree, ".cache/deep/index.db");
	g_autofree char *path = index_path(tree);
	struct given given = { 0 };
	g_autoptr(library) kb = open_at(tree, &given, path);
	assert_titles(kb, "A");
	g_assert_true(library_in_memory(kb));
}

static void locked_file_means_memory(struct tree *tree, const void *data)
{
	(void)data;
	tree_write_old(tree, "a.md", SECTION("A", "1"));
	g_autofree char *path = index_path(tree);
	struct given given = { 0 };
	g_autoptr(library) kb = open_at(tree, &given, path);
	tree_write_old(tree, "b.md", SECTION("B", "1"));
	g_assert_true(index_begin(library_index(kb), NULL));
	struct given second = { 0 };
	g_autoptr(library) other = open_at(tree, &second, path);
	assert_titles(other, "A B");
	g_assert_true(library_in_memory(other));
	index_rollback(library_index(kb));
	g_assert_true(reload(kb));
	assert_titles(kb, "A B");
}

static char *long_note(void)
{
	GString *text = g_string_new(NULL);
	for (int i = 0; i < 400; i++)
		g_string_append_printf(
			text,
			"## T%d\n\nword%d other%d some text to fill pages\n\n",
			i, i * 7, i * 13);
	return g_string_free(text, FALSE);
}

/* A full disk half-way through a reload. */
static void full_disk_changes_nothing(struct tree *tree, const void *data)
{
	(void)data;
	tree_write_old(tree, "a.md", SECTION("A", "1"));
	tree_write_old(tree, "b.md", SECTION("B", "1"));
	g_autofree char *path = index_path(tree);
	struct given given = { 0 };
	g_autoptr(library) kb = open_at(tree, &given, path);
	struct sqlite *db = index_db(library_index(kb));
	g_assert_true(sqlite_script(db, "PRAGMA max_page_count = 1", NULL));

	g_autofree char *text = long_note();
	tree_delete(tree, "a.md");
	tree_write_old(tree, "c.md", text);
	g_autoptr(GError) error = NULL;
	g_assert_false(library_reload(kb, NULL, &error));
	g_assert_error(error, KB_ERROR, KB_ERROR_STORE);
	assert_titles(kb, "A B");
	g_assert_cmpint(library_generation(kb), ==, 1);

	db = index_db(library_index(kb));
	g_assert_true(
		sqlite_script(db, "PRAGMA max_page_count = 1000000", NULL));
	g_assert_true(reload(kb));
	g_autoptr(GPtrArray) found = rows(kb, library_generation(kb));
	g_assert_cmpuint(found->len, ==, 401);
}

/* Somebody writes over the file that is in use. */
static void damage_in_use_is_mended(struct tree *tree, const void *data)
{
	(void)data;
	g_autofree char *text = long_note();
	tree_write_old(tree, "a.md", text);
	g_autofree char *path = index_path(tree);
	struct given given = { 0 };
	g_autoptr(library) kb = open_at(tree, &given, path);
	struct sqlite *db = index_db(library_index(kb));
	g_assert_true(
		sqlite_script(db, "PRAGMA wal_checkpoint(TRUNCATE);", NULL));
	g_autofree char *bytes = NULL;
	gsize len;
	g_assert_true(g_file_get_contents(path, &bytes, &len, NULL));
	memset(bytes + 4096, 'x', len - 4096);
	int fd = open(path, O_WRONLY);
	g_assert_cmpint(pwrite(fd, bytes, len, 0), ==, (ssize_t)len);
	close(fd);
	g_assert_true(sqlite_script(db, "PRAGMA shrink_memory;", NULL));

	g_assert_true(reload(kb));
	g_assert_nonnull(library_rebuilt(kb));
	g_assert_false(library_in_memory(kb));
	g_autoptr(GPtrArray) found = rows(kb, library_generation(kb));
	g_assert_cmpuint(found->len, ==, 400);
}

static void rebuilds_when_told(struct tree *tree, const void *data)
{
	(void)data;
	tree_write_old(tree, "a.md", SECTION("A", "1"));
	g_autofree char *path = index_path(tree);
	struct given given = { 0 };
	g_autoptr(library) kb = open_at(tree, &given, path);
	g_assert_true(library_rebuild(kb, "a page is odd", NULL));
	g_assert_nonnull(strstr(library_rebuilt(kb), "a page is odd"));
	assert_titles(kb, "A");
	g_assert_false(reload(kb));
}

static void quit_loop(void *data)
{
	struct given *given = data;
	g_main_loop_quit(given->loop);
}

static void watches(struct tree *tree, const void *data)
{
	(void)data;
	tree_write_old(tree, "a.md", SECTION("A", "1"));
	struct given given = { 0 };
	g_autoptr(library) kb = open_in_memory(tree, &given);
	given.loop = g_main_loop_new(NULL, FALSE);
	g_assert_true(library_watch(kb, quit_loop, &given, NULL));
	tree_write(tree, "b.md", SECTION("B", "1"));
	g_main_loop_run(given.loop);
	assert_titles(kb, "A");
	g_assert_true(reload(kb));
	assert_titles(kb, "A B");
	g_main_loop_unref(given.loop);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	TREE_TEST("/library/reads-folders", reads_folders);
	TREE_TEST("/library/empty-and-missing", opens_empty_and_missing);
	TREE_TEST("/library/keys", keys_name_notes);
	TREE_TEST("/library/keys-are-numbered", keys_are_numbered);
	TREE_TEST("/library/folders-overlap", folders_overlap);
	TREE_TEST("/library/reads-only-what-changed", reads_only_what_changed);
	TREE_TEST("/library/touched", touched_is_not_changed);
	TREE_TEST("/library/fresh-files", fresh_files_are_read_again);
	TREE_TEST("/library/broken-keeps-the-good", broken_keeps_the_good);
	TREE_TEST("/library/broken-from-the-start", broken_from_the_start);
	TREE_TEST("/library/links", links_are_remarked);
	TREE_TEST("/library/unreadable", unreadable_is_remarked);
	TREE_TEST("/library/missing-folder", missing_folder_keeps_all);
	TREE_TEST("/library/vanishing", vanishing_is_deletion);
	TREE_TEST("/library/kept-between-runs", file_is_kept_between_runs);
	TREE_TEST("/library/bad-file", bad_file_is_made_anew);
	TREE_TEST("/library/unwritable-file", unwritable_file_means_memory);
	TREE_TEST("/library/locked-file", locked_file_means_memory);
	TREE_TEST("/library/full-disk", full_disk_changes_nothing);
	TREE_TEST("/library/damage-in-use", damage_in_use_is_mended);
	TREE_TEST("/library/rebuilds-when-told", rebuilds_when_told);
	TREE_TEST("/library/watches", watches);
	return g_test_run();
}
