/* One part of a text, between finding its ends and writing it. Inner to
 * kb/render_part*.c. */

#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <glib.h>
#include "kb/render_source.h"

enum { PART_ITEMS = 100 };

struct part {
	struct source source;
	size_t from; /* bytes */
	size_t line; /* that from is in */
	bool middle; /* from is inside that line */
	size_t to;   /* bytes */
	size_t to_line;
	bool to_middle;
	/* Items that began before this part, outermost first: what is still
	 * to come of them loses its indent. */
	const struct source_item *items[PART_ITEMS];
	size_t items_len;
	GString *out;
};

/* Appends the part's text to out, budget being that of its find. */
void part_write(struct part *part, size_t budget);

/* What must stand before the first words of a part, lest they be read as
 * markup that they were not where they come from; "" mostly. Static. */
const char *part_guard(const char *text);
