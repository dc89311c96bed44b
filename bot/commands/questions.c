#include "bot/commands/questions.h"

#include "bot/quiz/draw.h"
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
	    !questions_then(call, call->thread, question, error))
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

/* True for a question of a run that was open when the message was said. */
static bool was_open(struct command_call *call, int64_t question, bool *open,
		     bool *daily, GError **error)
{
	g_auto(quiz_question) q = { 0 };
	g_auto(quiz_run) run = { 0 };
	*open = *daily = false;
	if (!question)
		return true;
	if (!quiz_question_read(call->db, question, &q, error) ||
	    !quiz_run_read(call->db, q.run, &run, error))
		return false;
	*daily = g_strcmp0(run.kind, QUIZ_DAILY) == 0;
	*open = !*daily && q.opened && q.opened <= MIN(call->at, call->now);
	return true;
}

bool questions_then(struct command_call *call, const char *thread,
		    int64_t *question, GError **error)
{
	bool open, daily;
	int64_t before = 0;
	if (!quiz_question_going(call->db, call->room, thread, question,
				 error) ||
	    !was_open(call, *question, &open, &daily, error))
		return false;
	if (!open &&
	    !quiz_question_open_at(call->db, call->room, thread,
				   MIN(call->at, call->now), &before, error))
		return false;
	*question = before ? before : *question;
	return true;
}

/* The last question of the room's runs, where it has just closed; else 0. */
static bool just_closed(struct command_call *call, int64_t *question,
			GError **error)
{
	g_auto(quiz_question) q = { 0 };
	if (!quiz_question_last(call->db, call->room, question, error) ||
	    !quiz_question_read(call->db, *question, &q, error))
		return false;
	if (!q.closed || call->now - q.closed > ROUND_LATE_MOST)
		*question = 0;
	return true;
}

bool questions_last(struct command_call *call, int64_t *question,
		    GError **error)
{
	bool open, daily;
	int64_t last = 0;
	if (!questions_at(call, question, error))
		return false;
	if (*question)
		return true;
	if (!questions_then(call, NULL, question, error) ||
	    !was_open(call, *question, &open, &daily, error))
		return false;
	if ((!*question || daily) && !just_closed(call, &last, error))
		return false;
	*question = last ? last : *question;
	return true;
}

bool questions_know_topic(struct command_call *call, const char *topic,
			  bool *known, GError **error)
{
	const struct draw draw = { .library = call->library, .topic = topic };
	if (!draw_has_topic(&draw, known, error))
		return false;
	*known |= !*topic;
	if (!*known)
		command_say(call, SAY_TOPIC_NONE, ARG(topic),
			    ARG(call->prefix));
	return true;
}
