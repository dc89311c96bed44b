/* "Did you mean …": the known name that is nearest to a misspelt one. */

#pragma once

#include <glib.h>

/*
 * The name with the fewest edits (insert, delete, replace, swap two
 * neighbours; case is free) from word, if these are at most a third of its
 * letters, or one; else NULL. names ends in NULL.
 */
const char *near_name(const char *word, const char *const *names);
