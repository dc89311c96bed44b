/*
 * Code fences that were never closed. To Markdown, such a fence runs to the
 * next one or to the end of the note, over all headings; to its author it
 * ends with its section.
 */

#pragma once

#include <stdbool.h>
#include <stddef.h>
#include "kb/lines.h"

struct fence {
	const struct lines *lines;
	size_t from;	/* line of the opening fence */
	size_t to;	/* line after the block, as the parser found it */
	char character; /* ` or ~; NUL: no fence closes it */
	int len;	/* how many of them */
	bool indented;	/* in a list item */
	unsigned level; /* of the heading that it stands under; 0: none */
};

/* True if the block's last line is its closing fence. */
bool fence_is_closed(const struct fence *fence);

/*
 * The line of the heading with which the block should have ended, where it is
 * unclosed, or closed by what looks like the next block's fence; 0: nowhere.
 */
size_t fence_cut(const struct fence *fence);

/* Lines of Markdown, one by one, by somebody who has no tree of them. */
struct fence_reader {
	char character; /* of the fence that is open; NUL: none */
	size_t len;
};

/* True for a fence and for what stands between it and its closing one. */
bool fence_reader_is_code(struct fence_reader *reader, const char *line);

/* True for a line such as "---". */
bool fence_is_rule(const char *line, size_t len);
