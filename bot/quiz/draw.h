/*
 * Which question comes next: a shuffle bag for each room and topic. None comes
 * twice until the bag is empty, nor what moderators took out of it.
 */

#pragma once

#include <stdbool.h>
#include <stdint.h>
#include "bot/quiz/question.h"
#include "kb/library.h"

struct draw {
	struct sqlite *db;
	struct library *library;
	const struct language *language; /* of an entry in two languages too */
	int64_t room, now;
	const char *topic;		  /* as typed; "": any */
	const struct question_type *type; /* NULL: any */
	uint64_t seed;
};

/* *made false: no entry of the topic gives such a question. The question has
 * its entry_no. quiz_question_clear() in any case. */
bool draw_question(const struct draw *draw, struct quiz_question *question,
		   bool *made, GError **error);

/* True if there is an entry of that topic. */
bool draw_has_topic(const struct draw *draw, bool *has, GError **error);
