/*
 * What SQLite's FTS5 is taught for the index: a tokenizer "stems" that cuts at
 * spaces alone (document.h has done the rest), and a function weights() that
 * tells how each phrase of a MATCH stands in the row.
 */

#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <sqlite3.h>
#include <glib.h>

/*
 * SELECT weights(text) … MATCH gives a blob of these, one for each phrase in
 * the order of the expression.
 */
struct phrase_weight {
	double weight;	 /* times that it occurs, weighted by field_weight[] */
	uint32_t fields; /* bit 1 << enum field */
	uint32_t unused;
};

/* Registers both with a connection. */
bool fulltext_register(sqlite3 *db, GError **error);
