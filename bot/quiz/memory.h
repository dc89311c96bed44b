/*
 * What people remember. There is no memory yet: nobody has seen anything, and
 * all questions are equally due. Whoever asks for it asks here.
 */

#pragma once

#include <stdbool.h>
#include <stdint.h>
#include "kb/sqlite.h"

/* How fresh the entry is for the person, in thousandths: what was just seen
 * pays a tenth, what is due or was never seen pays in full. */
bool memory_fresh(struct sqlite *db, int64_t person, int64_t entry_no,
		  int64_t now, int *fresh, GError **error);

/* How much of it the room has forgotten, in thousandths: the weight of the
 * entry in the shuffle bag. */
bool memory_forgotten(struct sqlite *db, int64_t room, int64_t entry_no,
		      int64_t now, int *forgotten, GError **error);
