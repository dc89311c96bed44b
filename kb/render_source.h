/*
 * Where a Markdown text can be cut: its lines, how good a place each of them
 * is, and the blocks that have to be closed and opened again where a cut
 * goes through them. Inner to kb/render_part.c. Lines count from 0.
 */

#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <glib.h>

/* How good a cut before a line is; the best ones last. */
enum source_cut {
	SOURCE_CUT_NEVER, /* inside a heading, behind an opening fence, … */
	SOURCE_CUT_LINE,
	SOURCE_CUT_INNER, /* between blocks that are inside another one */
	SOURCE_CUT_ITEM,  /* between items of a list, behind a heading */
	SOURCE_CUT_BLOCK,
	SOURCE_CUTS
};

enum source_kind { SOURCE_FENCE, SOURCE_TABLE, SOURCE_HTML };

/* A block that holds no others, and that a cut must take care of. */
struct source_leaf {
	enum source_kind kind;
	size_t first, last; /* lines */
	size_t column;	    /* bytes before it in its first line */
	bool closed;	    /* a fence that has an end of its own */
};

/* An item of a list that stands in no quote. */
struct source_item {
	size_t first, last;
	size_t column; /* of what is in it */
};

struct source {
	const char *text; /* borrowed */
	size_t len;
	GArray *starts; /* size_t: of each line, and the text's end */
	uint8_t *cuts;	/* enum source_cut, before each line */
	GArray *leaves; /* struct source_leaf, in order */
	GArray *items;	/* struct source_item, in order, outer ones first */
};

/* text is UTF-8 and stays while the source is in use. */
void source_init(struct source *source, const char *text, size_t len);
void source_clear(struct source *source);

size_t source_lines(const struct source *source);

/* Where a line begins; that of source_lines() is the text's end. */
size_t source_start(const struct source *source, size_t line);

/* Where a line ends, before its line break. */
size_t source_end(const struct source *source, size_t line);

bool source_is_blank(const struct source *source, size_t line);

/* The line that offset is in. */
size_t source_line_at(const struct source *source, size_t offset);

/* The leaf that line is in, NULL if in none. */
const struct source_leaf *source_leaf_at(const struct source *source,
					 size_t line);

/* The same if it is a fence. */
const struct source_leaf *source_fence_at(const struct source *source,
					  size_t line);

/* An opening or closing fence of usual length (others count as text). */
bool source_is_fence_line(const struct source *source, size_t line);

/* Characters of a line from byte start on, with its line break. */
size_t source_chars(const struct source *source, size_t line, size_t start);
