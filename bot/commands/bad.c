/* !bad [why]: the question is a bad one. */

#include "bot/commands/questions.h"
#include "bot/store/bag.h"
#include "bot/store/quiz.h"

static bool bad(struct command_call *call, GError **error)
{
	int64_t question;
	g_auto(quiz_question) q = { 0 };
	if (!questions_last(call, &question, error) ||
	    !quiz_question_read(call->db, question, &q, error))
		return false;
	if (!q.id) {
		command_say(call, SAY_QUIZ_WHICH, ARG(call->prefix));
		return true;
	}
	const struct bag_report report = {
		.room = call->room,
		.person = call->person,
		.entry_no = q.entry_no,
		.question = q.id,
		.at = call->now,
		.why = call->text,
		.out = call->role >= CHAT_MODERATOR,
	};
	if (!bag_report(call->db, &report, error))
		return false;
	command_say(call, SAY_BAD_THANKS);
	if (report.out)
		command_line(call, SAY_BAD_OUT);
	return true;
}

const struct command command_bad = {
	.name = "bad",
	.usage = "[why]",
	.summary = SAY_BAD_SUMMARY,
	.words_most = COMMAND_ANY_WORDS,
	.run = bad,
};
