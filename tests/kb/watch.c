#include "kb/watch.h"

#include <sys/resource.h>

#include "kb/error.h"
#include "tests/kb/tree.h"

struct heard {
	GMainLoop *loop;
	unsigned times;
};

static void on_changed(void *data)
{
	struct heard *heard = data;
	heard->times++;
	g_main_loop_quit(heard->loop);
}

static gboolean on_late(void *data)
{
	struct heard *heard = data;
	g_main_loop_quit(heard->loop);
	return G_SOURCE_CONTINUE;
}

/* Waits to be told, ms at most; how often that was since the last call. */
static unsigned listen(struct heard *heard, unsigned ms)
{
	guint timer = g_timeout_add(ms, on_late, heard);
	g_main_loop_run(heard->loop);
	g_source_remove(timer);
	unsigned times = heard->times;
	heard->times = 0;
	return times;
}

enum { QUIET = 1500, SURELY = 10000 };

#define assert_told(heard) g_assert_cmpuint(listen(heard, SURELY), ==, 1)
#define assert_quiet(heard) g_assert_cmpuint(listen(heard, QUIET), ==, 0)

static void hears_of_notes(struct tree *tree, const void *data)
{
	(void)data;
	tree_write(tree, "sub/a.md", "");
	g_autoptr(GMainLoop) loop = g_main_loop_new(NULL, FALSE);
	struct heard heard = { .loop = loop };
	g_autoptr(folders) places =
		folders_new((const char *const[]){ tree->root, NULL });
	g_autoptr(watch) eye = watch_new(places, on_changed, &heard, NULL);
	g_assert_nonnull(eye);
	assert_quiet(&heard);

	/* Many changes, one word of them, and not before it is quiet. */
	int64_t start = g_get_monotonic_time();
	for (int i = 0; i < 50; i++) {
		g_autofree char *name = g_strdup_printf("sub/n%d.md", i);
		tree_write(tree, name, "text");
	}
	assert_told(&heard);
	g_assert_cmpint(g_get_monotonic_time() - start, >=, 450000);
	assert_quiet(&heard);

	/* What editors do: write another file, rename it over the note. */
	tree_write(tree, "sub/.a.md.swp", "x");
	tree_write(tree, "sub/4913", "x");
	tree_write(tree, "index.db", "x");
	assert_quiet(&heard);
	tree_write(tree, "sub/a.md~", "x");
	tree_move(tree, "sub/a.md~", "sub/a.md");
	assert_told(&heard);

	tree_delete(tree, "sub/a.md");
	assert_told(&heard);
}

static void hears_of_folders(struct tree *tree, const void *data)
{
	(void)data;
	g_autoptr(GMainLoop) loop = g_main_loop_new(NULL, FALSE);
	struct heard heard = { .loop = loop };
	g_autoptr(folders) places =
		folders_new((const char *const[]){ tree->root, NULL });
	g_autoptr(watch) eye = watch_new(places, on_changed, &heard, NULL);
	tree_write(tree, "new/deep/er/a.md", "1");
	assert_told(&heard);
	tree_write(tree, "new/deep/er/a.md", "22");
	assert_told(&heard);
	tree_move(tree, "new/deep", "moved");
	assert_told(&heard);
	tree_write(tree, "moved/er/b.md", "");
	assert_told(&heard);
	tree_delete(tree, "moved");
	assert_told(&heard);
	tree_write(tree, ".obsidian/a.md", "");
	assert_quiet(&heard);
}

static void hears_of_files(struct tree *tree, const void *data)
{
	(void)data;
	tree_write(tree, "a.txt", "");
	g_autofree char *path = tree_path(tree, "a.txt");
	g_autoptr(GMainLoop) loop = g_main_loop_new(NULL, FALSE);
	struct heard heard = { .loop = loop };
	g_autoptr(folders) places =
		folders_new((const char *const[]){ path, NULL });
	g_autoptr(watch) eye = watch_new(places, on_changed, &heard, NULL);
	tree_write(tree, "b.txt", "");
	assert_quiet(&heard);
	tree_write(tree, "tmp", "new text");
	tree_move(tree, "tmp", "a.txt");
	assert_told(&heard);
}

/* The folder goes, and comes back as another one. */
static void outlives_its_folder(struct tree *tree, const void *data)
{
	(void)data;
	tree_write(tree, "kb/a.md", "");
	g_autofree char *path = tree_path(tree, "kb");
	g_autoptr(GMainLoop) loop = g_main_loop_new(NULL, FALSE);
	struct heard heard = { .loop = loop };
	g_autoptr(folders) places =
		folders_new((const char *const[]){ path, NULL });
	g_autoptr(watch) eye = watch_new(places, on_changed, &heard, NULL);
	g_test_expect_message(G_LOG_DOMAIN, G_LOG_LEVEL_WARNING, "*kb*");
	tree_delete(tree, "kb");
	assert_told(&heard);
	g_test_assert_expected_messages();
	tree_write(tree, "kb/a.md", "");
	assert_told(&heard);
	listen(&heard, QUIET);
	tree_write(tree, "kb/b.md", "");
	assert_told(&heard);
}

static gboolean on_tick(void *data)
{
	tree_write(data, "a.md", "again");
	return G_SOURCE_CONTINUE;
}

/* Where it is never quiet we are told all the same. */
static void is_not_put_off(struct tree *tree, const void *data)
{
	(void)data;
	g_autoptr(GMainLoop) loop = g_main_loop_new(NULL, FALSE);
	struct heard heard = { .loop = loop };
	g_autoptr(folders) places =
		folders_new((const char *const[]){ tree->root, NULL });
	g_autoptr(watch) eye = watch_new(places, on_changed, &heard, NULL);
	guint ticks = g_timeout_add(100, on_tick, tree);
	int64_t start = g_get_monotonic_time();
	assert_told(&heard);
	g_source_remove(ticks);
	g_assert_cmpint(g_get_monotonic_time() - start, >, 3000000);
}

static struct watch *freed_by_itself;

static void free_it(void *data)
{
	g_clear_pointer(&freed_by_itself, watch_free);
	g_main_loop_quit(data);
}

static void may_be_freed_when_it_calls(struct tree *tree, const void *data)
{
	(void)data;
	g_autoptr(GMainLoop) loop = g_main_loop_new(NULL, FALSE);
	g_autoptr(folders) places =
		folders_new((const char *const[]){ tree->root, NULL });
	freed_by_itself = watch_new(places, free_it, loop, NULL);
	tree_write(tree, "a.md", "");
	g_main_loop_run(loop);
	g_assert_null(freed_by_itself);
	tree_write(tree, "b.md", "");
	while (g_main_context_iteration(NULL, FALSE))
		;
}

/* The system has no more to give: an error, and nothing else. */
static void says_that_it_cannot(struct tree *tree, const void *data)
{
	(void)data;
	/* A file, for to look at that takes no descriptor. */
	tree_write(tree, "a.md", "");
	g_autofree char *path = tree_path(tree, "a.md");
	g_autoptr(folders) places =
		folders_new((const char *const[]){ path, NULL });
	struct rlimit was, none;
	g_assert_cmpint(getrlimit(RLIMIT_NOFILE, &was), ==, 0);
	int next = dup(0);
	close(next);
	none = was;
	none.rlim_cur = (rlim_t)next;
	g_autoptr(GError) error = NULL;
	g_assert_cmpint(setrlimit(RLIMIT_NOFILE, &none), ==, 0);
	struct watch *eye = watch_new(places, on_changed, NULL, &error);
	g_assert_cmpint(setrlimit(RLIMIT_NOFILE, &was), ==, 0);
	g_assert_null(eye);
	g_assert_error(error, KB_ERROR, KB_ERROR_FILE);
	g_assert_nonnull(strstr(error->message, "cannot watch"));
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	TREE_TEST("/watch/notes", hears_of_notes);
	TREE_TEST("/watch/folders", hears_of_folders);
	TREE_TEST("/watch/files", hears_of_files);
	TREE_TEST("/watch/outlives-its-folder", outlives_its_folder);
	TREE_TEST("/watch/not-put-off", is_not_put_off);
	TREE_TEST("/watch/freed-when-it-calls", may_be_freed_when_it_calls);
	TREE_TEST("/watch/cannot", says_that_it_cannot);
	return g_test_run();
}
