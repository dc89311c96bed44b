/* What comes of a step of a round: see play.h. */

#pragma once

#include "bot/quiz/play_private.h"

/* Puts the question that was drawn: writes and says it. answers: it is said in
 * answer to the message at hand. */
bool play_ask(struct command_call *call, struct quiz_run *run,
	      struct quiz_question *drawn, bool answers, GError **error);

/* Draws the next question of a run; *made false: there is none. */
bool play_draw(struct command_call *call, const struct quiz_run *run,
	       struct quiz_question *drawn, bool *made, GError **error);

/* Does what the step says; answer is what was taken, if something was. */
bool play_apply(struct command_call *call, struct play *play,
		const struct round_effects *effects, struct quiz_answer *answer,
		GError **error);
