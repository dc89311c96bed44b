/*
 * Identifiers of programs: what people look up by the name that it has in
 * code, as cProfile, contextmanager, __enter__.
 */

#pragma once

#include <glib.h>
#include "kb/entry.h"

/* The `code` in a Markdown text, whole and in parts: GPtrArray of char *. */
GPtrArray *identifiers_inline(const char *markdown);

/*
 * Those in an entry's texts and code blocks; a block's keywords, comments and
 * words of two letters are none.
 */
GPtrArray *identifiers_of(const struct entry *entry);
