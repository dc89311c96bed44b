/*
 * Pieces of an outline, from one line to before another: their text, lists,
 * code and links. Lines are cut at no other place than the note's author
 * cut them, so that what is taken out reads as it did in the note.
 */

#pragma once

#include <stdbool.h>
#include <stddef.h>
#include "kb/entry.h"
#include "kb/outline.h"

struct slice {
	size_t from; /* line */
	size_t to;   /* the line after the last one */
	size_t skip; /* bytes of the first line that are not part of it */
};

/*
 * The Markdown; empty lines and rules at both ends are cut off, and a fence
 * that was never closed is. NULL if nothing is left. Caller frees.
 */
char *slice_text(const struct outline *outline, struct slice slice);

/* True if there is something to read: not only rules, comments, tags. */
bool slice_has_text(const struct outline *outline, struct slice slice);

/* True for a table of contents: only links to the note's own headings. */
bool slice_is_contents(const struct outline *outline, struct slice slice);

/*
 * The items of the list that the slice is, each without its marker: GPtrArray
 * of char *, caller unrefs. NULL if it is anything else.
 */
GPtrArray *slice_list(const struct outline *outline, struct slice slice);

/* Adds the code blocks and links, skip or not, to the entry's. */
void slice_take(const struct outline *outline, struct slice slice,
		struct entry *entry);
