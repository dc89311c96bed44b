/* !skip: closes the question that is open, and goes on to the next. */

#include "bot/commands/questions.h"
#include "bot/quiz/play.h"

static bool skip(struct command_call *call, GError **error)
{
	int64_t question;
	if (!questions_open(call, &question, error))
		return false;
	if (question)
		return play_skip(call, question, error);
	command_say(call, SAY_QUIZ_NONE, ARG(call->prefix));
	return true;
}

const struct command command_skip = {
	.name = "skip",
	.usage = "",
	.summary = SAY_SKIP_SUMMARY,
	.run = skip,
};
