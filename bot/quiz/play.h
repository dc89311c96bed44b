/*
 * Plays: brings what happens to round.h's pure step, and does what comes of
 * it: rows, alarms, messages, points. The only file that changes runs and
 * questions.
 */

#pragma once

#include <stdbool.h>
#include <stdint.h>
#include "bot/command.h"
#include "bot/quiz/question.h"

/* What is to be played. */
struct play_order {
	const char *kind;		  /* QUIZ_RUN, QUIZ_DAILY */
	const char *topic;		  /* as typed; "": any */
	const struct question_type *type; /* NULL: any */
	int questions;
	int64_t window; /* ms; 0: by the room's rules */
	bool answers;	/* the first question answers the message at hand */
};

/*
 * Starts a run and asks its first question. *question 0: nothing of the topic
 * can be asked, and nothing has been done.
 */
bool play_start(struct command_call *call, const struct play_order *order,
		int64_t *question, GError **error);

/*
 * A text as an answer to the question. *taken false: it is nothing that the
 * question can take. What is refused is said.
 */
bool play_answer(struct command_call *call, int64_t question, const char *text,
		 bool *taken, GError **error);

/* A hint, a skip, a stop, by the person at hand; what is refused is said. */
bool play_hint(struct command_call *call, int64_t question, GError **error);
bool play_skip(struct command_call *call, int64_t question, GError **error);
bool play_stop(struct command_call *call, int64_t question, GError **error);

/* The person has edited or redacted the answer of that inbox row. */
bool play_change(struct command_call *call, int64_t question, int64_t answer,
		 bool redacted, GError **error);

/* The alarm "quiz" of a question. */
bool play_ring(struct command_call *call, const char *subject, GError **error);

/* Questions whose messages have been sent open; struct command's sent. */
bool play_sent(struct sqlite *db, int64_t now, GError **error);

#define PLAY_ALARM "quiz"
