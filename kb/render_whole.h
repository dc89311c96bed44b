/*
 * Tells texts that can be said whole as they are, without cmark's help, from
 * those where a look at the tree is needed. Inner to kb/render_part.c.
 */

#pragma once

#include <stdbool.h>

/*
 * True: said whole, nothing in the text has to be mended, since its fences
 * stand at the left edge and are closed, and it holds no HTML blocks and no
 * hostile Markdown. False: maybe, maybe not.
 */
bool whole_is_safe(const char *text);
