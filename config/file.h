/* Small files that a person wrote, read whole. */

#pragma once

#include <glib.h>

/* Any file of at most 1 MB, pipes too. NULL with CONFIG_ERROR_FILE. */
GString *file_read(const char *path, GError **error);

/*
 * The same without white space around it, refused if it is empty, holds a
 * NUL, or can be read by others: anybody at all, or our own group. The group
 * of a file that is somebody else's (root:znatok 640) is how it was given
 * to us.
 */
GString *file_read_secret(const char *path, GError **error);
