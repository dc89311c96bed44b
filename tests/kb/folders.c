#include "kb/folders.h"

#include "kb/error.h"
#include "tests/kb/tree.h"

/* "below below" of what a scan finds; "!" before what is refused. */
static char *found_in(const char *const *given)
{
	g_autoptr(folders) places = folders_new(given);
	g_autoptr(GError) error = NULL;
	g_autoptr(folders_found) found = folders_scan(places, &error);
	g_assert_no_error(error);
	GString *text = g_string_new(NULL);
	for (guint i = 0; i < found->files->len; i++) {
		const struct folders_file *file = found->files->pdata[i];
		g_string_append_printf(text, "%s%s%s", i ? " " : "",
				       file->refused ? "!" : "", file->below);
	}
	return g_string_free(text, FALSE);
}

static void assert_found(const struct tree *tree, const char *expected)
{
	g_autofree char *found =
		found_in((const char *const[]){ tree->root, NULL });
	g_assert_cmpstr(found, ==, expected);
}

static void finds_notes_below(struct tree *tree, const void *data)
{
	(void)data;
	tree_write(tree, "b.md", "");
	tree_write(tree, "a/z.MARKDOWN", "");
	tree_write(tree, "a/deep/er/n.Md", "");
	tree_write(tree, "a.md", "");
	tree_write(tree, "a/x.txt", "");
	tree_write(tree, "a/md", "");
	tree_write(tree, "a/md.canvas", "");
	/* By bytes: '.' comes before '/'. */
	assert_found(tree, "a.md a/deep/er/n.Md a/z.MARKDOWN b.md");
}

static void passes_over(struct tree *tree, const void *data)
{
	(void)data;
	tree_write(tree, ".hidden.md", "");
	tree_write(tree, ".md", "");
	tree_write(tree, ".obsidian/a.md", "");
	tree_write(tree, ".git/a.md", "");
	tree_write(tree, "templates/a.md", "");
	tree_write(tree, "x/Templates/a.md", "");
	tree_write(tree, "x/_templates/a.md", "");
	tree_write(tree, "templates.md", "");
	assert_found(tree, "templates.md");
	/* But what somebody names is meant. */
	g_autofree char *named = tree_path(tree, "templates");
	g_autofree char *hidden = tree_path(tree, ".hidden.md");
	g_autofree char *found =
		found_in((const char *const[]){ named, hidden, NULL });
	g_assert_cmpstr(found, ==, "a.md .hidden.md");
}

static void refuses_links(struct tree *tree, const void *data)
{
	(void)data;
	tree_write(tree, "in/a.md", "");
	tree_write(tree, "out.md", "");
	tree_write(tree, "away/b.md", "");
	tree_link(tree, "../out.md", "in/out.md");
	tree_link(tree, "nowhere", "in/broken.md");
	tree_link(tree, "a.md", "in/same.md");
	tree_link(tree, "../away", "in/away");
	tree_link(tree, ".", "in/loop");
	tree_link(tree, "../out.md", "in/picture.png");
	g_autofree char *in = tree_path(tree, "in");
	g_autofree char *fifo = tree_path(tree, "in/pipe.md");
	g_assert_cmpint(mkfifo(fifo, 0600), ==, 0);
	g_autofree char *found = found_in((const char *const[]){ in, NULL });
	g_assert_cmpstr(found, ==,
			"a.md !away !broken.md !loop !out.md !pipe.md "
			"!same.md");
}

static void follows_what_is_given(struct tree *tree, const void *data)
{
	(void)data;
	tree_write(tree, "real/a.md", "text");
	tree_link(tree, "real", "current");
	tree_link(tree, "real/a.md", "one.md");
	g_autofree char *folder = tree_path(tree, "current/");
	g_autofree char *one = tree_path(tree, "one.md");
	const char *const given[] = { folder, one, NULL };
	g_autoptr(folders) places = folders_new(given);
	g_autoptr(folders_found) found = folders_scan(places, NULL);
	g_assert_cmpuint(found->files->len, ==, 1); /* the same file twice */
	const struct folders_file *file = found->files->pdata[0];
	g_autofree char *shown = tree_path(tree, "current/a.md");
	g_assert_cmpstr(file->file, ==, shown);
	g_assert_cmpint(file->size, ==, 4);

	g_autofree char *text = NULL;
	size_t len;
	g_assert_true(folders_read(file, &text, &len, NULL));
	g_assert_cmpstr(text, ==, "text");
}

static void takes_files(struct tree *tree, const void *data)
{
	(void)data;
	tree_write(tree, "a.txt", "");
	tree_write(tree, "b.md", "");
	g_autofree char *a = tree_path(tree, "a.txt");
	g_autofree char *b = tree_path(tree, "b.md");
	g_autofree char *found = found_in((const char *const[]){ b, a, NULL });
	g_assert_cmpstr(found, ==, "b.md a.txt");
}

static void counts_each_file_once(struct tree *tree, const void *data)
{
	(void)data;
	tree_write(tree, "a.md", "");
	tree_write(tree, "sub/b.md", "");
	tree_write(tree, "sub/deep/c.md", "");
	g_autofree char *sub = tree_path(tree, "sub");
	g_autofree char *odd = tree_path(tree, "sub/../sub/./deep");
	g_autofree char *b = tree_path(tree, "sub/b.md");
	g_autofree char *outer = found_in(
		(const char *const[]){ tree->root, sub, odd, b, NULL });
	g_assert_cmpstr(outer, ==, "a.md sub/b.md sub/deep/c.md");
	g_autofree char *inner = found_in(
		(const char *const[]){ b, sub, tree->root, sub, NULL });
	g_assert_cmpstr(inner, ==, "b.md deep/c.md a.md");
}

static void shows_odd_names(struct tree *tree, const void *data)
{
	(void)data;
	tree_write(tree, "a\xff.md", "");
	tree_write(tree, "b\nc.md", "");
	tree_write(tree, "ё — ж.md", "");
	assert_found(tree, "a\\xff.md b\\x0ac.md ё — ж.md");
}

static void fails_on_missing(struct tree *tree, const void *data)
{
	(void)data;
	g_autofree char *missing = tree_path(tree, "missing");
	const char *const given[] = { tree->root, missing, NULL };
	g_autoptr(folders) places = folders_new(given);
	g_autoptr(GError) error = NULL;
	g_assert_null(folders_scan(places, &error));
	g_assert_error(error, KB_ERROR, KB_ERROR_FILE);
	g_assert_nonnull(strstr(error->message, missing));
}

static void tells_of_unreadable_folder(struct tree *tree, const void *data)
{
	(void)data;
	tree_write(tree, "a.md", "");
	tree_write(tree, "sub/b.md", "");
	tree_lock(tree, "sub");
	g_autofree char *found =
		found_in((const char *const[]){ tree->root, NULL });
	g_autofree char *sub = tree_path(tree, "sub");
	g_autoptr(folders) alone =
		folders_new((const char *const[]){ sub, NULL });
	g_autoptr(GError) error = NULL;
	g_assert_null(folders_scan(alone, &error));
	tree_unlock(tree, "sub", 0755);
	g_assert_cmpstr(found, ==, "a.md !sub/");
	g_assert_error(error, KB_ERROR, KB_ERROR_FILE);
}

/* A folder on one disk becomes an empty one on another. */
static void notices_unmounting(struct tree *tree, const void *data)
{
	(void)data;
	struct stat here, there;
	g_autofree char *other = g_strdup("/dev/shm/znatok-XXXXXX");
	if (!g_mkdtemp(other) || stat(tree->root, &here) != 0 ||
	    stat(other, &there) != 0 || here.st_dev == there.st_dev) {
		g_rmdir(other);
		g_test_skip("no second file system here");
		return;
	}
	tree_write(tree, "disk/a.md", "");
	tree_link(tree, "disk", "given");
	g_autofree char *path = tree_path(tree, "given");
	g_autoptr(folders) places =
		folders_new((const char *const[]){ path, NULL });
	g_autoptr(folders_found) before = folders_scan(places, NULL);
	g_assert_nonnull(before);

	tree_delete(tree, "given");
	tree_link(tree, other, "given");
	g_autoptr(GError) error = NULL;
	g_assert_null(folders_scan(places, &error));
	g_assert_error(error, KB_ERROR, KB_ERROR_FILE);

	/* Notes that have moved to another disk are another matter. */
	g_autofree char *moved = g_build_filename(other, "a.md", NULL);
	g_file_set_contents(moved, "", 0, NULL);
	g_autoptr(folders_found) after = folders_scan(places, NULL);
	g_assert_nonnull(after);
	g_unlink(moved);
	g_rmdir(other);
}

static void reads_with_a_limit(struct tree *tree, const void *data)
{
	(void)data;
	tree_write(tree, "big.md", "start");
	g_autofree char *path = tree_path(tree, "big.md");
	g_assert_cmpint(truncate(path, FOLDERS_READ_MOST + 1000), ==, 0);
	const struct folders_file file = { .path = path };
	g_autofree char *text = NULL;
	size_t len;
	g_assert_true(folders_read(&file, &text, &len, NULL));
	g_assert_cmpuint(len, ==, FOLDERS_READ_MOST);
	g_assert_cmpstr(text, ==, "start");
}

static void reads_nothing_else(struct tree *tree, const void *data)
{
	(void)data;
	tree_folder(tree, "folder.md");
	tree_write(tree, "target.md", "secret");
	tree_link(tree, "target.md", "link.md");
	g_autofree char *gone = tree_path(tree, "gone.md");
	g_autofree char *link = tree_path(tree, "link.md");
	g_autofree char *folder = tree_path(tree, "folder.md");
	const struct folders_file files[] = { { .path = gone },
					      { .path = link },
					      { .path = folder } };
	g_autofree char *text = NULL;
	size_t len;
	g_autoptr(GError) error = NULL;
	g_assert_true(folders_read(&files[0], &text, &len, NULL));
	g_assert_null(text);
	g_assert_true(folders_read(&files[1], &text, &len, NULL));
	g_assert_null(text);
	g_assert_false(folders_read(&files[2], &text, &len, &error));
	g_assert_error(error, KB_ERROR, KB_ERROR_FILE);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	TREE_TEST("/folders/finds-notes-below", finds_notes_below);
	TREE_TEST("/folders/passes-over", passes_over);
	TREE_TEST("/folders/refuses-links", refuses_links);
	TREE_TEST("/folders/follows-what-is-given", follows_what_is_given);
	TREE_TEST("/folders/takes-files", takes_files);
	TREE_TEST("/folders/counts-each-file-once", counts_each_file_once);
	TREE_TEST("/folders/shows-odd-names", shows_odd_names);
	TREE_TEST("/folders/fails-on-missing", fails_on_missing);
	TREE_TEST("/folders/unreadable-folder", tells_of_unreadable_folder);
	TREE_TEST("/folders/notices-unmounting", notices_unmounting);
	TREE_TEST("/folders/reads-with-a-limit", reads_with_a_limit);
	TREE_TEST("/folders/reads-nothing-else", reads_nothing_else);
	return g_test_run();
}
