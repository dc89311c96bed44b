/* An answer as it is read and compared: as typed, or in the letters meant. */

#pragma once

#include <stdbool.h>
#include <glib.h>
#include "bot/quiz/scale.h"

struct reading {
	struct terms terms;
	struct measure measure;
	double core, whole, brief; /* likeness to each part of the notes */
	bool verbatim;		   /* the key or its core, word for word */
	/* It was typed in another language than the notes, or in other
	 * letters. */
	bool foreign;
};
typedef struct reading reading;

/*
 * Reads an answer as it was typed. One in other letters than the notes is read
 * by the same keys and by its sound too; the reading that is most like the
 * notes is taken. reading_clear(), also after a failure.
 */
bool reading_init(struct reading *reading, struct scale *scale,
		  const char *answer, GError **error);
void reading_clear(struct reading *reading);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(reading, reading_clear)
