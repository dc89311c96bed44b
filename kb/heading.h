/* A heading's line in the source -> its title. */

#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <glib.h>

/*
 * "##  Title ## " -> "Title"; "Title ^id" -> "Title", *block_id "id" (else
 * NULL). Hashes in front are optional: a setext heading has none. Markdown
 * and NO-BREAK SPACE inside stay. Caller frees both.
 */
char *heading_title(const char *line, size_t len, char **block_id);

/* True for "##Title", which is text and not the heading that was meant. */
bool heading_is_missing_space(const char *line, size_t len);

/* How many hashes an ATX heading's line begins with; 0: it is none. */
unsigned heading_level(const char *line, size_t len);
