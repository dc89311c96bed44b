/*
 * Markdown -> the forms that people read: HTML of a safe set of tags, plain
 * text, a terminal. It knows forms, not networks.
 */

#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <glib.h>

/*
 * HTML: only the tags and attributes that the Matrix specification allows
 * (Client-Server API, "m.room.message msgtypes"), code with
 * class="language-x", raw HTML escaped, single newlines kept as <br>. Tables of
 * up to 3 short columns are tables, wider ones lists of "key: value".
 * Caller frees.
 */
char *render_html(const char *markdown);

/*
 * Plain text for people: no markup but what a reader expects in a plain
 * message (bullets, indented or fenced code), line breaks kept, no control
 * characters but newline and tab. Caller frees.
 */
char *render_plain(const char *markdown);

/* The same with ANSI colours, wrapped at width columns (0: not at all). */
char *render_terminal(const char *markdown, unsigned width);

/*
 * Cuts plain text into pieces of at most bytes bytes each, at line ends where
 * possible, then at spaces, never inside a UTF-8 character; control
 * characters but tab are gone. GPtrArray of char *, caller unrefs.
 */
GPtrArray *render_lines(const char *plain, size_t bytes);

/*
 * The part of a Markdown text that starts at top-level block `from` (0 the
 * first) and holds as many whole blocks as fit in budget characters (0: no
 * limit), at least one. A single block over the budget is itself cut at a
 * line, fences balanced on both sides. *next becomes the place to go on from
 * (for the next call's from), 0 if this was all. Caller frees; NULL where
 * from is past the end.
 */
char *render_part(const char *markdown, size_t from, size_t budget,
		  size_t *next);

/* Text put into Markdown so that it is read as itself. Caller frees. */
char *render_escape(const char *text);
