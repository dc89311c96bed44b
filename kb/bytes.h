/*
 * The bytes of a file -> clean text: UTF-8 without byte order mark, lines
 * that end in LF, no NUL. Everything else stays as it was written.
 */

#pragma once

#include <stddef.h>
#include <glib.h>

/*
 * Reads UTF-8, UTF-16 with a byte order mark, and Windows-1251 where the bytes
 * look like Russian words in it; what is damaged becomes U+FFFD. What was
 * guessed or replaced is remarked. NULL, and a remark that is an error, where
 * the bytes are no text. Caller frees.
 */
char *bytes_to_text(const char *bytes, size_t len, const char *file,
		    GPtrArray *remarks, size_t *text_len);
