/* The bot's error domain. Kinds exist only where somebody decides by them. */

#pragma once

#include <stdbool.h>
#include <glib.h>
#include "kb/error.h"

#define ZNATOK_ERROR (znatok_error_quark())

enum znatok_error {
	ZNATOK_ERROR_FAILED,
	ZNATOK_ERROR_STORE,    /* the disk or a lock; try again later */
	ZNATOK_ERROR_NETWORK,  /* a server cannot be reached; try again later */
	ZNATOK_ERROR_PROTOCOL, /* it says what it must not */
	ZNATOK_ERROR_LOCKED,   /* another process holds the state folder */
	ZNATOK_ERROR_NOTES,    /* notes that cannot be opened */
};

static inline GQuark znatok_error_quark(void)
{
	return g_quark_from_static_string("znatok-error");
}

/* Trouble of the disk: it fails a batch, not the message at hand. */
static inline bool error_is_store(const GError *error)
{
	return g_error_matches(error, KB_ERROR, KB_ERROR_STORE) ||
	       g_error_matches(error, ZNATOK_ERROR, ZNATOK_ERROR_STORE);
}
