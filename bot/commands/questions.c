#include "bot/commands/questions.h"

#include "bot/quiz/round.h"
#include "bot/store/quiz.h"

/* Forgets a question of another room: its messages may be quoted anywhere. */
static bool keep_own(struct command_call *call, int64_t *question,
		     GError **error)
{
	g_auto(quiz_question) q = { 0 };
	if (!*question)
		return true;
	if (!quiz_question_read(call->db, *question, &q, error))
		return false;
	if (q.room != call->room)
		*question = 0;
	return true;
}

bool questions_at(struct command_call *call, int64_t *question, GError **error)
{
	if (!quiz_question_of(call->db, call->outbox, question, error))
		return false;
	if (!*question &&
	    !quiz_question_of(call->db, call->thread_outbox, question, error))
		return false;
	if (!*question && call->thread &&
	    !quiz_question_going(call->db, call->room, call->thread, question,
				 error))
		return false;
	return keep_own(call, question, error);
}

bool questions_open(struct command_call *call, int64_t *question,
		    GError **error)
{
	if (!questions_at(call, question, error))
		return false;
	return *question ||
	       quiz_question_going(call->db, call->room, NULL, question, error);
}

bool questions_last(struct command_call *call, int64_t *question,
		    GError **error)
{
	if (!questions_open(call, question, error))
		return false;
	if (*question)
		return true;
	g_auto(quiz_question) q = { 0 };
	if (!quiz_question_last(call->db, call->room, question, error) ||
	    !quiz_question_read(call->db, *question, &q, error))
		return false;
	if (!q.closed || call->now - q.closed > ROUND_LATE_MOST)
		*question = 0;
	return true;
}
