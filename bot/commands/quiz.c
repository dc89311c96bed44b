/*
 * !quiz [topic] [N] [type]: asks questions; !quiz stop ends them. What is said
 * in answer to a question, in its thread, or by a reaction, comes here too.
 */

#include "bot/commands/questions.h"
#include "bot/quiz/play.h"
#include "bot/quiz/round.h"
#include "kb/words.h"

enum { QUESTIONS_MOST = 50 };

static bool stop(struct command_call *call, GError **error)
{
	int64_t run, daily, question;
	if (!quiz_run_of_room(call->db, call->room, QUIZ_RUN, &run, error) ||
	    !quiz_run_of_room(call->db, call->room, QUIZ_DAILY, &daily, error))
		return false;
	if (!run && daily) {
		command_say(call, SAY_QUIZ_ONLY_DAILY, ARG(call->prefix));
		return true;
	}
	if (!run) {
		command_say(call, SAY_QUIZ_NONE, ARG(call->prefix));
		return true;
	}
	return quiz_question_of_run(call->db, run, &question, error) &&
	       play_stop(call, question, error);
}

static bool is_stop(struct command_call *call)
{
	return call->words_len == 1 &&
	       (command_word_matches(call->words[0], "stop") ||
		command_word_matches(call->words[0], "стоп"));
}

/* What one word asks for beside the topic; *taken false: it is the topic's.
 * False: the person has been told what is allowed. */
static bool read_word(struct command_call *call, const char *word,
		      struct play_order *order, bool *taken)
{
	guint64 number;
	const struct question_type *type =
		order->type ? NULL : question_type(word);
	*taken = true;
	if (type) {
		order->type = type;
		return true;
	}
	if (order->questions ||
	    !g_ascii_string_to_unsigned(word, 10, 0, G_MAXUINT32, &number,
					NULL)) {
		*taken = false;
		return true;
	}
	order->questions = (int)number;
	if (number >= 1 && number <= QUESTIONS_MOST)
		return true;
	command_say(call, SAY_QUIZ_NUMBER, ARG(word), ARG(1),
		    ARG(QUESTIONS_MOST));
	return false;
}

/* Numbers and types stand before or behind the topic, which may have several
 * words. */
static bool read_words(struct command_call *call, struct play_order *order,
		       GString *topic)
{
	size_t first = 0, end = call->words_len;
	bool taken = true;
	for (; first < end; first += taken) {
		if (!read_word(call, call->words[first], order, &taken))
			return false;
		if (!taken)
			break;
	}
	for (; end > first; end--) {
		if (!read_word(call, call->words[end - 1], order, &taken))
			return false;
		if (!taken)
			break;
	}
	for (size_t i = first; i < end; i++)
		g_string_append_printf(topic, "%s%s", i > first ? " " : "",
				       call->words[i]);
	if (!order->questions)
		order->questions = 1;
	order->topic = topic->str;
	return true;
}

static bool start(struct command_call *call, const struct play_order *order,
		  GError **error)
{
	int64_t question;
	bool known;
	if (!questions_know_topic(call, order->topic, &known, error))
		return false;
	if (!known)
		return true;
	if (!play_start(call, order, &question, error))
		return false;
	if (!question)
		command_say(call, SAY_QUIZ_NOTHING);
	return true;
}

static bool quiz(struct command_call *call, GError **error)
{
	int64_t run;
	g_autoptr(GString) topic = g_string_new(NULL);
	struct play_order order = { .kind = QUIZ_RUN, .answers = true };
	if (is_stop(call))
		return stop(call, error);
	if (!read_words(call, &order, topic))
		return true;
	if (!quiz_run_of_room(call->db, call->room, QUIZ_RUN, &run, error))
		return false;
	if (run) {
		command_say(call, SAY_QUIZ_RUNNING, ARG(call->prefix));
		return true;
	}
	return start(call, &order, error);
}

/* ---- what is no command ---- */

/* Somebody has edited or redacted what was an answer. */
static bool hear_change(struct command_call *call, bool *taken, GError **error)
{
	int64_t question;
	if (!quiz_answer_of(call->db, call->target, &question, error))
		return false;
	*taken = question != 0;
	return !*taken || play_change(call, question, call->target,
				      call->kind == CHAT_REDACT, error);
}

/* True where what is said about the question is talk: it is long over. */
static bool is_over(struct command_call *call, int64_t question, bool *over,
		    struct quiz_question *q, GError **error)
{
	if (!quiz_question_read(call->db, question, q, error))
		return false;
	*over = !q->id || (q->state == ROUND_CLOSED &&
			   call->now - q->closed > ROUND_LATE_MOST);
	return true;
}

/* In a chat with the bot alone, a text answers the typed question that is
 * open, and a number the choice. */
static bool hear_direct(struct command_call *call, const char *text,
			bool *taken, GError **error)
{
	int64_t question;
	if (!questions_then(call, NULL, &question, error))
		return false;
	return !question || play_answer(call, question, text, taken, error);
}

static bool hear(struct command_call *call, const char *text, bool *taken,
		 GError **error)
{
	int64_t question;
	bool over;
	g_auto(quiz_question) q = { 0 };
	if (call->kind != CHAT_MESSAGE)
		return hear_change(call, taken, error);
	if (!questions_at(call, &question, error))
		return false;
	if (!question)
		return !call->direct || hear_direct(call, text, taken, error);
	if (!is_over(call, question, &over, &q, error))
		return false;
	if (over)
		return true;
	if (!play_answer(call, question, text, taken, error))
		return false;
	/* In a thread people also talk; a reply is meant for the question. */
	if (!*taken && !call->thread && q.state != ROUND_CLOSED) {
		*taken = true;
		command_say(call, SAY_QUIZ_OPTION,
			    ARG(g_strv_length(q.options)));
	}
	return true;
}

static bool react(struct command_call *call, const char *reaction, bool *taken,
		  GError **error)
{
	int64_t question;
	bool over;
	g_auto(quiz_question) q = { 0 };
	if (!quiz_question_of(call->db, call->outbox, &question, error) ||
	    !is_over(call, question, &over, &q, error))
		return false;
	const struct question_type *type = over ? NULL : question_type(q.type);
	/* A thumb on a question is a thumb. */
	if (!type || type->typed || q.room != call->room)
		return true;
	return play_answer(call, question, reaction, taken, error);
}

static const struct command_alarm alarms[] = {
	{ PLAY_ALARM, play_ring },
	{ 0 },
};

const struct command command_quiz = {
	.name = "quiz",
	.usage = "[topic] [N] [type] | stop",
	.summary = SAY_QUIZ_SUMMARY,
	.words_most = COMMAND_ANY_WORDS,
	.run = quiz,
	.react = react,
	.hear = hear,
	.alarms = alarms,
	.sent = play_sent,
};
