/* A folder of its own for a test, and files in it. */

#pragma once

#include <fcntl.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <glib.h>
#include <glib/gstdio.h>

struct tree {
	char *root;
};

static inline void tree_up(struct tree *tree, const void *data)
{
	(void)data;
	g_autofree char *made = g_dir_make_tmp("znatok-XXXXXX", NULL);
	g_assert_nonnull(made);
	g_chmod(made, 0755);
	tree->root = g_canonicalize_filename(made, NULL);
}

static inline void tree_remove_all(const char *path)
{
	g_chmod(path, 0755);
	GDir *dir = g_dir_open(path, 0, NULL);
	const char *name;
	while (dir && (name = g_dir_read_name(dir)) != NULL) {
		g_autofree char *below = g_build_filename(path, name, NULL);
		if (g_file_test(below, G_FILE_TEST_IS_DIR) &&
		    !g_file_test(below, G_FILE_TEST_IS_SYMLINK))
			tree_remove_all(below);
		else
			g_unlink(below);
	}
	if (dir)
		g_dir_close(dir);
	g_rmdir(path);
}

static inline void tree_down(struct tree *tree, const void *data)
{
	(void)data;
	tree_remove_all(tree->root);
	g_free(tree->root);
}

static inline char *tree_path(const struct tree *tree, const char *below)
{
	return g_build_filename(tree->root, below, NULL);
}

static inline void tree_folder(const struct tree *tree, const char *below)
{
	g_autofree char *path = tree_path(tree, below);
	g_assert_cmpint(g_mkdir_with_parents(path, 0755), ==, 0);
}

/* Sets the time of the last change, in seconds before now. */
static inline void tree_age(const struct tree *tree, const char *below,
			    int64_t seconds)
{
	g_autofree char *path = tree_path(tree, below);
	time_t then = (time_t)(g_get_real_time() / 1000000 - seconds);
	const struct timespec times[2] = { { .tv_sec = then },
					   { .tv_sec = then } };
	g_assert_cmpint(utimensat(AT_FDCWD, path, times, AT_SYMLINK_NOFOLLOW),
			==, 0);
}

/* Writes a file that is as fresh as can be. */
static inline void tree_write(const struct tree *tree, const char *below,
			      const char *text)
{
	g_autofree char *path = tree_path(tree, below);
	g_autofree char *folder = g_path_get_dirname(path);
	g_autoptr(GError) error = NULL;
	g_assert_cmpint(g_mkdir_with_parents(folder, 0755), ==, 0);
	g_file_set_contents_full(path, text, (gssize)strlen(text),
				 G_FILE_SET_CONTENTS_CONSISTENT, 0644, &error);
	g_assert_no_error(error);
}

/* Writes a file whose time of last change is an hour ago. */
static inline void tree_write_old(const struct tree *tree, const char *below,
				  const char *text)
{
	tree_write(tree, below, text);
	tree_age(tree, below, 3600);
}

static inline void tree_delete(const struct tree *tree, const char *below)
{
	g_autofree char *path = tree_path(tree, below);
	if (g_file_test(path, G_FILE_TEST_IS_DIR) &&
	    !g_file_test(path, G_FILE_TEST_IS_SYMLINK))
		tree_remove_all(path);
	else
		g_assert_cmpint(g_unlink(path), ==, 0);
}

static inline void tree_move(const struct tree *tree, const char *from,
			     const char *to)
{
	g_autofree char *one = tree_path(tree, from);
	g_autofree char *other = tree_path(tree, to);
	g_assert_cmpint(g_rename(one, other), ==, 0);
}

static inline void tree_link(const struct tree *tree, const char *target,
			     const char *below)
{
	g_autofree char *path = tree_path(tree, below);
	g_assert_cmpint(symlink(target, path), ==, 0);
}

/* Nobody may read it; root, who may all the same, must play nobody. */
static inline void tree_lock(const struct tree *tree, const char *below)
{
	g_autofree char *path = tree_path(tree, below);
	g_assert_cmpint(g_chmod(path, 0), ==, 0);
	if (geteuid() == 0)
		g_assert_cmpint(seteuid(65534), ==, 0);
}

static inline void tree_unlock(const struct tree *tree, const char *below,
			       unsigned mode)
{
	g_autofree char *path = tree_path(tree, below);
	if (getuid() == 0)
		g_assert_cmpint(seteuid(0), ==, 0);
	g_assert_cmpint(g_chmod(path, (int)mode), ==, 0);
}

#define TREE_TEST(name, test)                                                  \
	g_test_add(name, struct tree, NULL, tree_up, test, tree_down)
