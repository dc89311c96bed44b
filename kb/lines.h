/* A text cut into lines: they are counted from 1, as editors count them. */

#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <glib.h>

struct lines {
	char *text; /* owned; valid UTF-8, every line ends in LF, last maybe */
	size_t len; /* bytes of text */
	size_t *starts; /* starts[no - 1]: where line no starts; one more */
	size_t count;
};
typedef struct lines lines;

/* Takes text, which g_free() can free, over. */
void lines_init(struct lines *lines, char *text, size_t len);
void lines_clear(struct lines *lines);

/* Line no without its LF, borrowed, not ended by NUL; no is 1 to count. */
const char *lines_at(const struct lines *lines, size_t no, size_t *len);

/*
 * How many bytes of white space, also of kinds that cannot be seen (zero
 * width, soft hyphen, U+2028, U+FEFF), a piece of text begins with.
 */
size_t lines_space(const char *text, size_t len);

/* True if the line has nothing that can be seen. */
bool lines_blank(const struct lines *lines, size_t no);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(lines, lines_clear)
