/* How questions and their results look: Markdown. Callers free. */

#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <glib.h>
#include "bot/quiz/points.h"
#include "bot/say/say.h"
#include "bot/store/quiz.h"

struct show {
	const struct language *language;
	const char *prefix; /* of commands */
	const struct quiz_run *run;
	const struct quiz_question *question;
	size_t budget; /* characters of an answer */
};

/* The question as it is asked. */
char *show_question(const struct show *show);

/* What a person has earned with a question. */
struct show_paid {
	int64_t person, points;
	enum points_rule rule; /* that speaks against it */
};

/*
 * The question as it is edited when it has closed: who answered what, what it
 * earned and why, and the answer. answers: GPtrArray of quiz_answer; paid:
 * GArray of show_paid. behind: what follows (the end of the run), or NULL.
 */
char *show_result(const struct show *show, GPtrArray *answers, GArray *paid,
		  const char *behind);

/* Appends why an answer that looks good is not taken at its word: " · says the
 * opposite …"; flags: enum grade_flag. */
void show_flags(GString *text, const struct language *language, unsigned flags);

/* Everybody's points in a run that is over: GArray of quiz_points. */
char *show_run(const struct show *show, GArray *points);

/* "30 s", "3 min", "20 h". */
char *show_span(const struct language *language, int64_t ms);
