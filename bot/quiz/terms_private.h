/* What the files of terms.h share; nobody else includes it. */

#pragma once

#include "bot/quiz/terms.h"

/* From the word at that place on: which ones a negation bears upon. */
void terms_mark_negations(struct terms *terms, size_t from);

/* … and where «а», «но» turn the sentence to another thing. */
void terms_mark_sides(struct terms *terms, size_t from);
