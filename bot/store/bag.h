/* The shuffle bags of rooms: which entries have been asked since the bag of a
 * topic was filled, and which are never asked again. */

#pragma once

#include <stdbool.h>
#include <stdint.h>
#include "kb/sqlite.h"

bool bag_is_drawn(struct sqlite *db, int64_t room, const char *topic,
		  int64_t entry_no, bool *drawn, GError **error);
bool bag_draw(struct sqlite *db, int64_t room, const char *topic,
	      int64_t entry_no, int64_t now, GError **error);

/* The bag is full again. *last is what was drawn last of all; 0: nothing. */
bool bag_fill(struct sqlite *db, int64_t room, const char *topic, int64_t *last,
	      GError **error);

/* Somebody finds the question bad; out: it is not asked in this room again. */
struct bag_report {
	int64_t room, person, entry_no, question, at;
	const char *why;
	bool out;
};
bool bag_report(struct sqlite *db, const struct bag_report *report,
		GError **error);
bool bag_is_out(struct sqlite *db, int64_t room, int64_t entry_no, bool *out,
		GError **error);
