/* The one error domain of the knowledge base. */

#pragma once

#include <glib.h>

#define KB_ERROR (kb_error_quark())

enum kb_error {
	KB_ERROR_FILE,	  /* a folder or a note cannot be read */
	KB_ERROR_STORE,	  /* the disk: full, read-only, busy, I/O; try again */
	KB_ERROR_CORRUPT, /* not a database, or a damaged one */
	KB_ERROR_STATEMENT, /* a statement, or a value for it, is wrong */
};

static inline GQuark kb_error_quark(void)
{
	return g_quark_from_static_string("kb-error");
}
