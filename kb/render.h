/*
 * Markdown -> the forms that people read: HTML of a safe set of tags, plain
 * text, a terminal. It knows forms, not networks.
 */

#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <glib.h>

/*
 * All forms: an image is its text; a link is one if its scheme is http, https,
 * ftp, mailto or magnet, and text else; <br> is a line break, comments are
 * hidden, all other HTML is shown as it is written; a single newline is a line
 * break; tables of up to 3 short columns are tables, wider ones lists of
 * "head: value"; control characters and bidirectional overrides are gone, so
 * that no note commands a terminal or turns the rest of a message around.
 * Markdown that cmark cannot be trusted with (hostile.h) is taken as plain
 * paragraphs. Texts need not be valid UTF-8; results are. Caller frees.
 *
 * What people typed goes into Markdown only through render_escape() and
 * render_code().
 */

/*
 * HTML: only the tags and attributes that the Matrix specification allows
 * (Client-Server API, "m.room.message msgtypes"), nested at most 100 deep;
 * code with class="language-x". Outside code, @room and @user:server get a
 * U+200B behind the @, so that no client makes a mention of them.
 */
char *render_html(const char *markdown);

/*
 * Plain text for people: "• " and "1. " before items, "> " before quotes,
 * fences around code, backticks around inline code, "words (address)" for
 * links; emphasis leaves no mark. A blank line between blocks, none at the
 * ends, no trailing spaces. No control characters but newline, and tab in
 * code. @room, which would ping by its mere letters, has a U+200B behind the
 * @ even in code; @user:server outside code.
 */
char *render_plain(const char *markdown);

/* Both at once, of one parse. Caller frees *html and *plain. */
void render_html_and_plain(const char *markdown, char **html, char **plain);

/*
 * The same with ANSI colours for marks, wrapped at width columns (0: not at
 * all). Code blocks, tables and words that are longer are not wrapped. Nobody
 * is pinged by a terminal: an @ stays as it is.
 */
char *render_terminal(const char *markdown, unsigned width);

/*
 * Cuts plain text into pieces of one line and at most bytes bytes each: at
 * its line ends, then at spaces, else between characters. Blank lines and
 * control characters but tab are gone. bytes is at least that of a character
 * (a piece is never less than one). GPtrArray of char *, caller unrefs.
 */
GPtrArray *render_lines(const char *plain, size_t bytes);

/*
 * The part of a Markdown text that starts at `from` (0: its start) and holds
 * as many whole top-level blocks as fit in budget characters (0: no limit). A
 * block over the budget is itself cut: between items of a list, else between
 * blocks inside it, else at a line, else behind a sentence or word. A fence
 * that is cut is closed and opened again, a table says its head again; these
 * lines, and short fence lines at all, do not count. All parts together hold
 * all words.
 *
 * *next becomes the place to go on from (for the next call's from), 0 if this
 * was all. It is a byte offset into the text: greater than from, at most the
 * text's length, worth storing as an integer. Any number is safe to give,
 * also where the text has changed since. Caller frees; NULL where from is
 * past the end.
 */
char *render_part(const char *markdown, size_t from, size_t budget,
		  size_t *next);

/*
 * Text put into Markdown so that it is read as itself: on one line whatever it
 * holds (line breaks become &#10;), so that it is safe in a sentence, an item
 * and a table's cell. Caller frees.
 */
char *render_escape(const char *text);

/*
 * Text that others wrote, as it may stand in a line of ours: white space of any
 * kind is one space, control characters, invisible ones and those that turn
 * the direction of writing are gone; what is longer than that many characters
 * is cut, with "…". Plain in, plain out. Caller frees.
 */
char *render_one_line(const char *text, size_t most);

/*
 * Text put into Markdown as inline code, whatever backticks it holds; a line
 * break becomes a space, "" stays so. A | would end a table's cell. Caller
 * frees.
 */
char *render_code(const char *text);
