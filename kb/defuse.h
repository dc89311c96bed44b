/*
 * Markdown that costs the parser far more than it says: tables of thousands
 * of columns, blocks nested thousands deep, images opened and never closed.
 * A few backslashes turn just those blocks into plain text before any parser
 * sees them; lines keep their numbers, and all else keeps its bytes.
 *
 *	|---|---|… (65 of them)		\|---|---|…
 *	>>>>>>>>… (101 of them)		\>>>>>>>>…
 */

#pragma once

#include <stddef.h>
#include <glib.h>

enum {
	DEFUSE_COLUMNS = 64,   /* of a table */
	DEFUSE_DEPTH = 100,    /* of blocks in blocks */
	DEFUSE_IMAGES = 1000,  /* "![" in one paragraph */
	DEFUSE_CELLS = 100000, /* that a note's tables may leave out */
};

/*
 * Returns text, or a defused copy in its place (text is then freed); line is
 * the number of its first line, for the remarks.
 */
char *defuse(char *text, size_t *len, size_t line, const char *file,
	     GPtrArray *remarks);
