/* The walk that makes text, shared by its two files. Inner to kb/render_*. */

#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <glib.h>
#include "kb/render_pen.h"
#include "kb/render_tree.h"

enum style { BOLD, ITALIC, UNDERLINED, STRUCK, CODE, STYLES };

struct text {
	struct pen pen;
	bool terminal;
	unsigned how;		 /* of tree_text() */
	unsigned styles[STYLES]; /* how often each is in force */
	unsigned images;	 /* inside so many */
	size_t image_words;	 /* length of the words where it began */
	GArray *numbers;	 /* int: of the next item of each open list */
};

/* Appends cleaned words to the block that is being gathered. */
void text_words(struct text *text, const char *words);

/* Puts out what was gathered as a block, unless there is nothing to see. */
void text_flush(struct text *text, bool blank);

/* Between two blocks is a blank line, but not in a tight list. */
bool text_wants_blank(cmark_node *node);

/* Gathers and puts out top, or (inner) what is in it. */
void text_walk(struct text *text, cmark_node *top, bool inner);

/* The tree_visitor's table(); renderer is a struct text. */
void text_table(void *renderer, cmark_node *table);
