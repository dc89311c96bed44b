#include "bot/quiz/play_effects.h"

#include "bot/store/alarm.h"
#include "bot/store/board.h"
#include "bot/store/ledger.h"
#include "bot/store/mail.h"
#include "bot/store/wire.h"

enum { ANSWER_SHOWN = 900, DAY_SHOWN = 10 };

static bool is_daily(const struct play *play)
{
	return g_str_equal(play->run.kind, QUIZ_DAILY);
}

/* ---- results ---- */

/* The board of its day, under the answer to the question of the day. */
static bool append_day(struct command_call *call, const struct play *play,
		       const struct language *l, GString *text, GError **error)
{
	char date[CALENDAR_DATE_LEN];
	if (!play_date(call, play, date, error))
		return false;
	const struct board_query query = {
		.room = call->room,
		.span = BOARD_DAY,
		.local_date = date,
		.most = DAY_SHOWN,
	};
	g_autoptr(GArray) rows = board_top(call->db, &query, error);
	if (!rows)
		return false;
	for (guint i = 0; i < rows->len; i++) {
		const struct standing *s =
			&g_array_index(rows, struct standing, i);
		if (i == 0) {
			g_autofree char *head = say(l, SAY_RESULT_DAY);
			g_string_append(text, head);
		}
		g_autofree char *row = say(l, SAY_TOP_NAMED, ARG(s->place),
					   ARG(s->name), ARG(s->points));
		g_string_append_printf(text, "\n%s", row);
	}
	return true;
}

/* What stands under the result: how the run ended, the day's board. */
static bool tell_behind(struct command_call *call, const struct play *play,
			const struct show *show, char **behind, GError **error)
{
	g_autoptr(GString) text = g_string_new(NULL);
	bool last = play->run.ended && play->question.n == play->run.put;
	*behind = NULL;
	if (is_daily(play) &&
	    !append_day(call, play, show->language, text, error))
		return false;
	if (last && play->run.unanswered >= ROUND_UNANSWERED_MOST) {
		g_autofree char *dies = say(show->language, SAY_RESULT_DIES);
		g_string_append(text, dies);
	}
	if (play->no_more) {
		g_autofree char *no_more =
			say(show->language, SAY_RESULT_NO_MORE);
		g_string_append(text, no_more);
	}
	if (last && play->run.put > 1) {
		g_autoptr(GArray) points =
			quiz_run_points(call->db, play->run.id, error);
		if (!points)
			return false;
		g_autofree char *run = show_run(show, points);
		if (points->len > 0)
			g_string_append_printf(text, "%s%s",
					       text->len ? "\n\n" : "", run);
	}
	if (text->len)
		*behind = g_string_free(g_steal_pointer(&text), FALSE);
	return true;
}

/* The question is edited into its result; that of the day stands in the thread
 * of the question, for people who look a day later. Where the result is a
 * message of its own, it is this one that is corrected later. */
static bool post_result(struct command_call *call, struct play *play,
			const char *text, GError **error)
{
	struct quiz_question *q = &play->question;
	g_autofree char *thread = NULL;
	int64_t shown = 0;
	struct command_post post = {
		.kind = CHAT_SAY_EDIT,
		.target = q->result || is_daily(play) ? q->result : q->outbox,
		.markdown = text,
	};
	if (post.target) {
		if (!command_post(call, &post, &shown, error))
			return false;
		q->result = shown == q->outbox ? 0 : shown;
		return true;
	}
	if (!mail_event_of(call->db, q->outbox, &thread, error))
		return false;
	post.kind = CHAT_SAY;
	post.thread = thread;
	return command_post(call, &post, &q->result, error);
}

static bool tell_result(struct command_call *call, struct play *play,
			GError **error)
{
	const struct show show = {
		.language = say_language(play->run.language),
		.prefix = call->prefix,
		.run = &play->run,
		.question = &play->question,
		.budget = ANSWER_SHOWN,
	};
	g_autofree char *behind = NULL;
	g_autoptr(GArray) points = paid(call->db, play, error);
	if (!points || !tell_behind(call, play, &show, &behind, error))
		return false;
	g_autofree char *text =
		show_result(&show, play->answers, points, behind);
	return post_result(call, play, text, error);
}

/* ---- effects ---- */

/* Brings what the step has changed into the row of the question. */
static void take_over(struct play *play)
{
	struct quiz_question *q = &play->question;
	q->state = play->round.state;
	q->hinted = play->round.hinted;
	q->opened = play->round.opened;
	q->closes = play->round.closes;
	q->closed = play->round.closed;
	play->run.unanswered = play->round.unanswered;
}

static bool reload_answers(struct sqlite *db, struct play *play, GError **error)
{
	g_ptr_array_unref(play->answers);
	play->answers = quiz_answers(db, play->question.id, error);
	return play->answers != NULL;
}

/* Pays, tells, goes on: the next question follows in the same step. */
static bool close_question(struct command_call *call, struct play *play,
			   enum round_next next, GError **error)
{
	g_auto(quiz_question) following = { 0 };
	bool made = false;
	if (play->question.alarm &&
	    !alarm_drop(call->db, play->question.alarm, error))
		return false;
	play->question.alarm = 0;
	/* Nobody needs what there is to click on any more. */
	if (*play->question.options &&
	    !wire_end_ornaments(call->db, play->question.outbox,
				"its question has closed", error))
		return false;
	if (next == ROUND_GOES_ON &&
	    !play_draw(call, &play->run, &following, &made, error))
		return false;
	play->no_more = next == ROUND_GOES_ON && !made;
	if (!made)
		play->run.ended = call->now;
	return quiz_run_save(call->db, &play->run, error) &&
	       quiz_answers_drop_forgotten(call->db, play->question.id,
					   error) &&
	       reload_answers(call->db, play, error) &&
	       pay(call, play, 0, error) && tell_result(call, play, error) &&
	       quiz_question_save(call->db, &play->question, error) &&
	       (!made || play_ask(call, &play->run, &following, false, error));
}

/* What is told again: after a late answer, after a redaction. */
static bool correct(struct command_call *call, struct play *play,
		    const struct round_effects *effects, GError **error)
{
	int64_t points, person = effects->taken.person;
	bool paid = false;
	if (!reload_answers(call->db, play, error))
		return false;
	if (effects->late && !pay(call, play, person, error))
		return false;
	if (effects->undoes &&
	    !ledger_paid_for(call->db, play->question.id, effects->taken.cause,
			     &paid, error))
		return false;
	/* What another attempt has earned stays, and is all that is shown. */
	if (effects->undoes && !paid)
		return true;
	if (paid &&
	    !ledger_undo(call->db, play->question.id, person, call->inbox,
			 call->now, play->run.people >= 2, &points, error))
		return false;
	return tell_result(call, play, error) &&
	       quiz_question_save(call->db, &play->question, error);
}

static void refuse(struct command_call *call, enum round_refusal refusal)
{
	static const enum sentence sentences[] = {
		[ROUND_LATE] = SAY_QUIZ_LATE,
		[ROUND_ALREADY] = SAY_QUIZ_ALREADY,
		[ROUND_CLOSE] = SAY_QUIZ_CLOSE,
		[ROUND_NO_HINTS] = SAY_QUIZ_NO_HINTS,
		[ROUND_NOT_YOURS] = SAY_QUIZ_NOT_YOURS,
	};
	if (refusal == ROUND_OVER)
		command_say(call, SAY_QUIZ_NONE, ARG(call->prefix));
	else if (refusal != ROUND_FINE)
		command_say_args(call, sentences[refusal], SAY_ARGS());
}

static bool keep_answer(struct command_call *call, const struct play *play,
			const struct round_answer *taken,
			struct quiz_answer *answer, GError **error)
{
	answer->person = taken->person;
	answer->attempt = taken->attempt;
	answer->cause = taken->cause;
	answer->at = taken->at;
	answer->hints = play->question.hinted;
	answer->g = taken->g;
	return quiz_answer_new(call->db, play->question.id, answer, error);
}

static bool mark_answer(struct command_call *call, const struct play *play,
			const struct round_answer *taken, GError **error)
{
	for (guint i = 0; i < play->answers->len; i++) {
		struct quiz_answer *a = play->answers->pdata[i];
		if (a->cause != taken->cause)
			continue;
		a->edited = taken->edited;
		a->redacted = taken->redacted;
		a->g = taken->g;
		if (a->redacted)
			*a->said = '\0';
		return quiz_answer_mark(call->db, a, error);
	}
	return true;
}

bool play_apply(struct command_call *call, struct play *play,
		const struct round_effects *effects, struct quiz_answer *answer,
		GError **error)
{
	refuse(call, effects->refusal);
	if (effects->takes &&
	    !keep_answer(call, play, &effects->taken, answer, error))
		return false;
	if (effects->marks && !mark_answer(call, play, &effects->taken, error))
		return false;
	take_over(play);
	if (effects->hints) {
		const char *hint =
			play->question.hints[play->question.hinted - 1];
		command_say(call, SAY_QUIZ_HINT, ARG_MARKDOWN(hint));
		return quiz_question_save(call->db, &play->question, error);
	}
	if (effects->closes)
		return close_question(call, play, effects->next, error);
	return (!effects->late && !effects->undoes) ||
	       correct(call, play, effects, error);
}
