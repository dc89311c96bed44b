/*
 * Writes text in lines: what each line begins with (bullets, quotes), blank
 * lines between blocks, wrapping by the width of characters. Inner to
 * kb/render_text.c.
 *
 *	> 1. a word          prefix "> " of the quote, then of the item
 *	>    that wraps      "1. " on its first line and "   " on others
 */

#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <glib.h>

/* A space where no line may end, until it is put out. */
#define PEN_HARD_SPACE '\2'

struct pen {
	GString *out;
	GString *words;	  /* that the next pen_flow() puts out */
	GString *prefix;  /* of every line */
	GString *lead;	  /* of the next line instead; empty: prefix */
	GString *colours; /* the escape sequence in force; empty: none */
	GArray *depths;	  /* size_t: prefix's lengths before each push */
	size_t common;	  /* length of prefix that this block and the one
			     before it share */
	unsigned width;	  /* columns; 0: lines are not wrapped */
	bool in_line;
};

void pen_init(struct pen *pen, unsigned width);
void pen_clear(struct pen *pen);

/* Lines begin with rest from now on, the next one with first. */
void pen_push(struct pen *pen, const char *first, const char *rest);

/* Undoes the last push; a first that nothing came behind stands alone. */
void pen_pop(struct pen *pen);

/* Begins a block, blank: behind a blank line. */
void pen_block(struct pen *pen, bool blank);

/* One line of the block as it is. */
void pen_line(struct pen *pen, const char *text, size_t len);

/*
 * The words as lines of the block, wrapped, and forgets them. They may hold
 * colours: sequences ESC [ … m of which each sets all and \033[0m sets none.
 */
void pen_flow(struct pen *pen);

/* Columns that text takes on a terminal; colours take none. */
size_t pen_columns(const char *text, size_t len);

/* Whether it takes none, which is mostly told by its first character. */
bool pen_is_blank(const char *text, size_t len);
