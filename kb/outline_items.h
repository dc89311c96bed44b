/* What blocks hold: code and links, at whatever depth. Part of outline.c. */

#pragma once

#include <stddef.h>
#include <cmark-gfm.h>
#include "kb/outline.h"

/* A new array of struct outline_item, which owns their strings. */
GArray *outline_items_new(void);

/* Adds an item to an array; text is taken over, language copied. */
void outline_items_add(GArray *items, size_t line, const char *language,
		       char *text);

/* Adds a code block's first so many lines (SIZE_MAX: all). */
void outline_items_add_code(struct outline *outline, cmark_node *node,
			    size_t line, size_t lines);

/*
 * Adds the code and links in a block that takes lines from to before to; base
 * is the parser's line 1. The block itself, if it is code, is left out.
 */
void outline_items_add_block(struct outline *outline, cmark_node *block,
			     size_t base, size_t from, size_t to);
