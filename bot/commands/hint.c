/* !hint: helps with the question that is open. */

#include "bot/commands/questions.h"
#include "bot/quiz/play.h"

static bool hint(struct command_call *call, GError **error)
{
	int64_t question;
	if (!questions_open(call, &question, error))
		return false;
	if (question)
		return play_hint(call, question, error);
	command_say(call, SAY_QUIZ_NONE, ARG(call->prefix));
	return true;
}

const struct command command_hint = {
	.name = "hint",
	.usage = "",
	.summary = SAY_HINT_SUMMARY,
	.run = hint,
};
