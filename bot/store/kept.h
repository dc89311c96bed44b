/*
 * What else is kept about a person than points and answers (ledger.h): for
 * !export me. Each row as names and values; what may be long is the last.
 *
 * To add a table: a statement, and its row of sections in kept.c.
 */

#pragma once

#include <stdbool.h>
#include <stdint.h>
#include "kb/sqlite.h"

enum kept_kind { KEPT_TEXT, KEPT_NUMBER, KEPT_TIME };

struct kept_field {
	const char *name; /* NULL ends a row's fields */
	enum kept_kind kind;
	const char *text; /* NULL: there is none; borrowed for the call */
	int64_t number;	  /* of a time, ms UTC */
};

bool kept_each(struct sqlite *db, int64_t person,
	       void (*use)(const char *section, const struct kept_field *fields,
			   void *data),
	       void *data, GError **error);
