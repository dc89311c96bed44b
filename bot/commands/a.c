/* !a TEXT, !answer TEXT, !ответ TEXT: an answer to the question. */

#include "bot/commands/questions.h"
#include "bot/quiz/play.h"

static bool answer(struct command_call *call, GError **error)
{
	int64_t question;
	bool taken = false;
	if (!questions_last(call, &question, error))
		return false;
	if (!question) {
		command_say(call, SAY_QUIZ_NONE, ARG(call->prefix));
		return true;
	}
	if (!play_answer(call, question, call->text, &taken, error))
		return false;
	if (taken)
		return true;
	g_auto(quiz_question) q = { 0 };
	if (!quiz_question_read(call->db, question, &q, error))
		return false;
	command_say(call, SAY_QUIZ_OPTION, ARG(g_strv_length(q.options)));
	return true;
}

const struct command command_a = {
	.name = "a",
	.aliases = "answer ответ",
	.usage = "TEXT | N",
	.summary = SAY_ANSWER_SUMMARY,
	.words = 1,
	.words_most = COMMAND_ANY_WORDS,
	.run = answer,
};
