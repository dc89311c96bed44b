/* What makes an answer suspect that is like the notes. */

#pragma once

#include <stdbool.h>
#include <glib.h>
#include "bot/quiz/reading.h"

/*
 * The flags of an answer (enum grade_flag, all but GRADE_LANGUAGE). Verbatim
 * notes have none.
 */
bool suspicion_find(const struct scale *scale, const struct reading *reading,
		    unsigned *flags, GError **error);
