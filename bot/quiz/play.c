#include "bot/quiz/play_effects.h"

#include "bot/quiz/rules.h"
#include "bot/store/alarm.h"
#include "bot/store/room.h"
#include "kb/render.h"

enum { SAID_MOST = 120 }; /* characters of an answer that are shown */

void play_clear(struct play *play)
{
	quiz_run_clear(&play->run);
	quiz_question_clear(&play->question);
	g_clear_pointer(&play->answers, g_ptr_array_unref);
	round_clear(&play->round);
}

/* ---- rows -> round ---- */

static void fill_round(struct play *play, GArray *players)
{
	const struct quiz_question *q = &play->question;
	const struct question_type *type = question_type(q->type);
	struct round *round = &play->round;
	round->window = q->window;
	round->attempts = type ? type->attempts : 1;
	round->hints_most = (int)g_strv_length(q->hints);
	round->state = q->state;
	round->opened = q->opened;
	round->closes = q->closes;
	round->closed = q->closed;
	round->hinted = q->hinted;
	round->first = q->n == 1;
	round->left = play->run.asked - q->n;
	round->unanswered = play->run.unanswered;
	round->starter = play->run.person;
	g_array_append_vals(round->players, players->data, players->len);
	for (guint i = 0; i < play->answers->len; i++) {
		const struct quiz_answer *a = play->answers->pdata[i];
		const struct round_answer answer = {
			.person = a->person,
			.cause = a->cause,
			.at = a->at,
			.attempt = a->attempt,
			.g = a->g,
			.redacted = a->redacted,
			.edited = a->edited,
		};
		g_array_append_val(round->answers, answer);
	}
}

bool play_load(struct sqlite *db, int64_t question, struct play *play,
	       GError **error)
{
	*play = (struct play){ 0 };
	round_init(&play->round);
	if (!quiz_question_read(db, question, &play->question, error))
		return false;
	if (!play->question.id)
		return true;
	play->answers = quiz_answers(db, question, error);
	if (!play->answers ||
	    !quiz_run_read(db, play->question.run, &play->run, error))
		return false;
	g_autoptr(GArray) players = quiz_players(db, play->run.id, error);
	if (!players)
		return false;
	fill_round(play, players);
	return true;
}

/* The alarm that closes the question; writes its row. */
static bool stand_alarm(struct sqlite *db, struct quiz_question *q, int64_t at,
			GError **error)
{
	char subject[24];
	g_snprintf(subject, sizeof(subject), "%" G_GINT64_FORMAT, q->id);
	return alarm_put(db, q->room, PLAY_ALARM, at, subject, &q->alarm,
			 error) &&
	       quiz_question_save(db, q, error);
}

/* ---- events ---- */

bool play_start(struct command_call *call, const struct play_order *order,
		int64_t *question, GError **error)
{
	struct rules rules;
	bool made;
	g_auto(quiz_question) q = { 0 };
	*question = 0;
	if (!rules_read(call->db, call->room, call->config, &rules, error))
		return false;
	g_auto(quiz_run) run = {
		.room = call->room,
		.person = call->person,
		.kind = g_strdup(order->kind),
		.topic = g_strdup(order->topic),
		.type = g_strdup(order->type ? order->type->name : ""),
		.language = g_strdup(say_language_name(call->language)),
		.race = rules.race,
		.window = order->window ? order->window : rules.window,
		.asked = order->questions,
		.thread = g_strdup(call->thread),
		.started = call->now,
	};
	if (!play_draw(call, &run, &q, &made, error))
		return false;
	if (!made)
		return true;
	if (!quiz_run_new(call->db, &run, error) ||
	    !play_ask(call, &run, &q, order->answers, error))
		return false;
	*question = q.id;
	return true;
}

/* One event of a question; answer: what it brings to be kept, or NULL. */
static bool step(struct command_call *call, struct play *play,
		 const struct round_event *event, struct quiz_answer *answer,
		 GError **error)
{
	const struct round_effects effects = round_step(&play->round, event);
	return play_apply(call, play, &effects, answer, error);
}

static char *as_shown(const char *text)
{
	g_autofree char *line = render_one_line(text, SAID_MOST);
	return render_escape(line);
}

bool play_answer(struct command_call *call, int64_t question, const char *text,
		 bool *taken, GError **error)
{
	g_auto(play) play;
	g_auto(verdict) grade = { 0 };
	if (!play_load(call->db, question, &play, error) ||
	    !question_grade(&play.question, text, library_index(call->library),
			    &grade, error))
		return false;
	*taken = grade.is_answer;
	if (!*taken)
		return true;
	char *none[] = { NULL };
	g_autofree char *shown =
		grade.said ? g_strdup(grade.said) : as_shown(text);
	struct quiz_answer answer = {
		.verdict = grade.verdict,
		.said = shown,
		.matched = grade.matched ? grade.matched : none,
		.missing = grade.missing ? grade.missing : none,
		.flags = grade.flags,
	};
	const struct round_event event = {
		.kind = ROUND_ANSWER,
		.now = call->now,
		.at = call->at,
		.person = call->person,
		.cause = call->inbox,
		.g = grade.g,
		.close = grade.close,
	};
	return step(call, &play, &event, &answer, error);
}

static bool ask_for(struct command_call *call, int64_t question,
		    enum round_event_kind kind, GError **error)
{
	g_auto(play) play;
	const struct round_event event = {
		.kind = kind,
		.now = call->now,
		.person = call->person,
		.may = call->role >= CHAT_MODERATOR || call->direct,
	};
	return play_load(call->db, question, &play, error) &&
	       step(call, &play, &event, NULL, error);
}

bool play_hint(struct command_call *call, int64_t question, GError **error)
{
	return ask_for(call, question, ROUND_HINT, error);
}

bool play_skip(struct command_call *call, int64_t question, GError **error)
{
	return ask_for(call, question, ROUND_SKIP, error);
}

bool play_stop(struct command_call *call, int64_t question, GError **error)
{
	return ask_for(call, question, ROUND_STOP, error);
}

bool play_change(struct command_call *call, int64_t question, int64_t answer,
		 bool redacted, GError **error)
{
	g_auto(play) play;
	const struct round_event event = {
		.kind = redacted ? ROUND_REDACT : ROUND_EDIT,
		.now = call->now,
		.person = call->person,
		.cause = answer,
	};
	return play_load(call->db, question, &play, error) &&
	       step(call, &play, &event, NULL, error);
}

/* The answer to the question of the day waits for the end of quiet hours. */
static bool put_off(struct command_call *call, struct play *play, bool *off,
		    GError **error)
{
	struct rules rules;
	g_autofree char *zone = NULL;
	*off = false;
	if (!g_str_equal(play->run.kind, QUIZ_DAILY) ||
	    play->question.state != ROUND_OPEN)
		return true;
	if (!rules_read(call->db, call->room, call->config, &rules, error) ||
	    !room_zone(call->db, call->room, &zone, error))
		return false;
	int64_t later = rules_quiet_until(&rules, zone, call->now);
	*off = later != 0;
	return !*off || stand_alarm(call->db, &play->question, later, error);
}

bool play_ring(struct command_call *call, const char *subject, GError **error)
{
	g_auto(play) play;
	const struct round_event event = { .kind = ROUND_TIME,
					   .now = call->now };
	int64_t question = g_ascii_strtoll(subject, NULL, 10);
	bool off;
	if (!play_load(call->db, question, &play, error))
		return false;
	if (!play.question.id)
		return true;
	if (!put_off(call, &play, &off, error))
		return false;
	return off || step(call, &play, &event, NULL, error);
}

/* ---- sent ---- */

static bool open_one(struct sqlite *db, const struct quiz_sent *sent,
		     int64_t now, GError **error)
{
	g_auto(play) play;
	if (!play_load(db, sent->question, &play, error))
		return false;
	const struct round_event event = {
		.kind = sent->failed ? ROUND_FAILED : ROUND_SENT,
		.now = now,
	};
	const struct round_effects effects = round_step(&play.round, &event);
	struct quiz_question *q = &play.question;
	q->state = play.round.state;
	q->opened = play.round.opened;
	q->closes = play.round.closes;
	q->closed = play.round.closed;
	if (effects.wakes)
		return stand_alarm(db, q, q->closes, error);
	if (effects.next == ROUND_ENDS) {
		g_message("question %" G_GINT64_FORMAT
			  " could not be sent: its run ends",
			  q->id);
		play.run.ended = now;
		if (!quiz_run_save(db, &play.run, error))
			return false;
	}
	return quiz_question_save(db, q, error);
}

static bool open_all(struct sqlite *db, GArray *sent, int64_t now,
		     GError **error)
{
	for (guint i = 0; i < sent->len; i++)
		if (!open_one(db, &g_array_index(sent, struct quiz_sent, i),
			      now, error))
			return false;
	return true;
}

bool play_sent(struct sqlite *db, int64_t now, GError **error)
{
	g_autoptr(GArray) sent = quiz_sent(db, error);
	if (!sent)
		return false;
	if (sent->len == 0)
		return true;
	if (!sqlite_begin(db, error))
		return false;
	if (open_all(db, sent, now, error) && sqlite_commit(db, error))
		return true;
	sqlite_rollback(db);
	return false;
}
