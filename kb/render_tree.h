/*
 * What the renderers share: Markdown -> cmark's tree, and readings of its
 * nodes that mean the same in every form. Inner to kb/render_*.c.
 *
 * Renderers walk the tree with cmark_iter, never by recursion: inline markup
 * can be nested as deep as a note is long.
 */

#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <glib.h>
#include <cmark-gfm.h>
#include <cmark-gfm-core-extensions.h>

/* Upstream declares these in table.h and strikethrough.h, which Debian does
 * not install. Numbers known at run time, so no cases of a switch. */
extern cmark_node_type CMARK_NODE_TABLE, CMARK_NODE_TABLE_ROW,
	CMARK_NODE_TABLE_CELL, CMARK_NODE_STRIKETHROUGH;

typedef cmark_node tree_node; /* cmark defines no clean-up of its own */
typedef cmark_iter tree_iter;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(tree_node, cmark_node_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(tree_iter, cmark_iter_free)

/*
 * Never fails: text that is hostile (hostile.h) becomes paragraphs of plain
 * text. Tables and ~~strikethrough~~ are on, autolinks are off. Caller frees
 * with cmark_node_free().
 */
cmark_node *tree_parse(const char *markdown, size_t len);

/* What a renderer does at each node; leaves are entered only. */
struct tree_visitor {
	void (*enter)(void *renderer, cmark_node *node);
	void (*leave)(void *renderer, cmark_node *node);
	void (*table)(void *renderer, cmark_node *table); /* the whole of it */
};

/* Visits top and what is in it; inner: only what is in it. */
void tree_walk(cmark_node *top, bool inner, const struct tree_visitor *visitor,
	       void *renderer);

/* render_plain() of a whole tree. */
char *tree_render_plain(cmark_node *root);

/* Paragraphs in items of a tight list stand without space around them. */
bool tree_is_tight(cmark_node *list);

enum tree_task { TREE_TASK_NONE, TREE_TASK_OPEN, TREE_TASK_DONE };

/*
 * What task box an item begins with; the mark is taken out of its text, and
 * kept for whoever reads the same tree later.
 * cmark's own extension takes "- [ ] a [x]" as done (it looks for "[x]" in
 * the whole line), therefore it is off.
 */
enum tree_task tree_take_task(cmark_node *item);

/* A link's address if its scheme is one of http, https, ftp, mailto, magnet
 * and it is no mention of a person (matrix.to), else NULL. */
const char *tree_link(cmark_node *link);

/* What stands for an image: its file's name where it has no text, else "". */
const char *tree_image_name(cmark_node *image);

/* A code block's language from its first word, fit for a class; "" if none.
 * Appends to out. */
void tree_language(GString *out, cmark_node *code);

/*
 * Raw HTML as text: comments are gone, <br> is a newline, everything else
 * stays as written. Caller frees.
 */
char *tree_html(const char *html);

enum { TREE_SMALL_COLUMNS = 3 };

/* True if a table is fit to be shown as one: up to 3 short columns. */
bool tree_table_is_small(cmark_node *table);

/* The text of a node without any markup, at most chars characters. */
char *tree_plain(cmark_node *node, size_t chars);

enum tree_text_how {
	TREE_HTML = 1,	/* escaped; a line break is <br> */
	TREE_CODE = 2,	/* newlines and tabs are kept as they are */
	TREE_PINGS = 4, /* @ becomes TREE_AT, see tree_break_pings() */
};

/* Stands for an @ that may have to be broken; nothing else that is put out
 * holds a control character. */
#define TREE_AT '\1'

/*
 * Appends text without control characters, bidirectional overrides and line
 * separators: neither a terminal nor the rest of the message obeys a note.
 */
void tree_text(GString *out, const char *text, unsigned how);

/*
 * Makes an @ of each TREE_AT, with U+200B behind it where it begins @room or
 * @user:server, and breaks @room in code too if code is set. It looks at the
 * finished text, since cmark may have cut `@room` (or `@**room**`) into
 * pieces.
 */
void tree_break_pings(GString *out, bool code);
