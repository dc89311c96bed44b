/*
 * A small YAML document as a tree, bounded: an alias is the same node once
 * more, never a copy, so that no document grows when it is read.
 */

#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <glib.h>

enum {
	YAML_TREE_DEPTH = 16,
	YAML_TREE_NODES = 20000,
};

enum yaml_kind { YAML_SCALAR, YAML_LIST, YAML_MAP };

struct yaml_node {
	enum yaml_kind kind;
	char *text;	  /* of a scalar; NULL for null (`~`, `null`, empty) */
	GPtrArray *items; /* of a list; of a map: key, value, key, value */
	size_t line;	  /* from 0, in the document */
};

struct yaml_tree {
	GPtrArray *nodes;	/* owns all of them */
	struct yaml_node *root; /* NULL: nothing there */
	char *problem;		/* why reading stopped early, or NULL */
	size_t problem_line;	/* from 0 */
};
typedef struct yaml_tree yaml_tree;

/* Reads the first document in text; root holds what was read by a problem. */
void yaml_tree_init(struct yaml_tree *tree, const char *text, size_t len);
void yaml_tree_clear(struct yaml_tree *tree);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(yaml_tree, yaml_tree_clear)
