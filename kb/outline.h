/*
 * A note's outline: its headings, the lines between them, and what kind of
 * block each line is part of. Dialects (kb/dialects/) cut entries out of it
 * by lines (slice.h), so that texts stay as they were written.
 *
 *	intro			section 0, level 0, no heading
 *	# Python		section 1, level 1
 *	## GIL			section 2, level 2
 *	1. ### What is it?	section 3, level 3: a heading in a list, too
 */

#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "kb/entry.h"
#include "kb/lines.h"

enum line_kind {
	LINE_START = 1,	    /* a block at the top begins here */
	LINE_PARAGRAPH = 2, /* or a table, which may have eaten a paragraph */
	LINE_LIST = 4,
	LINE_ITEM = 8,	/* an item of a list at the top begins here */
	LINE_CODE = 16, /* in whatever block, fences included */
	LINE_RULE = 32,
	LINE_OTHER = 64, /* quotes, HTML */
	LINE_HEADING = 128,
};

struct section {
	unsigned level; /* 1 to 6; 0: what stands before the first heading */
	char *title;	/* Markdown; NULL at level 0 */
	char *block_id; /* Obsidian's ^id, or NULL */
	size_t line;	/* of the heading; of the first line at level 0 */
	size_t from;	/* its own lines: from this one to before that one */
	size_t to;
};

/* A code block, a link, or a fence that was never closed. */
struct outline_item {
	size_t line;	/* where it begins; of a fence: its last line */
	char *language; /* of a code block, or NULL */
	char *text;	/* the code, the link's target, the closing fence */
};

struct outline {
	const struct lines *lines; /* borrowed */
	size_t from;		   /* first line after the front matter */
	uint8_t *kinds;		   /* [line]: enum line_kind, or-ed */
	uint8_t *indents; /* [line]: columns that a list item takes away */
	struct section *sections; /* never empty: 0 is the intro */
	size_t len;
	GArray *code; /* struct outline_item, by line */
	GArray *links;
	GArray *unclosed;
};
typedef struct outline outline;

/* Parses from line `from` on; what is odd is remarked. lines is borrowed. */
struct outline *outline_new(const struct lines *lines, size_t from,
			    const char *file, GPtrArray *remarks);
void outline_free(struct outline *outline);

/*
 * The section at place i with all headings below it that are deeper than
 * level as part of it: returns the place of the next section after it, and
 * its last line + 1 in *to. level 6: just itself.
 */
size_t outline_next(const struct outline *outline, size_t i, unsigned level,
		    size_t *to);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(outline, outline_free)
