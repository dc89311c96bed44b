/* Questions are drawn and put. */

#include "bot/quiz/draw.h"
#include "bot/quiz/play_effects.h"
#include "bot/quiz/rules.h"
#include "bot/store/mail.h"

bool play_draw(struct command_call *call, const struct quiz_run *run,
	       struct quiz_question *drawn, bool *made, GError **error)
{
	const struct draw draw = {
		.db = call->db,
		.library = call->library,
		.language = say_language(run->language),
		.room = run->room,
		.now = call->now,
		.topic = run->topic,
		.type = *run->type ? question_type(run->type) : NULL,
		.seed = call->seed,
	};
	return draw_question(&draw, drawn, made, error);
}

/* What people may click on: ornaments, until the question closes. */
static bool seed_reactions(struct command_call *call,
			   const struct quiz_question *q, GError **error)
{
	struct rules rules;
	if (!q->options[0])
		return true;
	if (!rules_read(call->db, q->room, call->config, &rules, error))
		return false;
	if (rules.reactions == REACTIONS_OFF ||
	    (rules.reactions == REACTIONS_AUTO && !call->calm))
		return true;
	for (int i = 0; q->options[i]; i++) {
		g_autofree char *key = /* the keycap of the digit */
			g_strdup_printf("%d\uFE0F\u20E3", i + 1);
		const struct command_post post = {
			.kind = CHAT_SAY_REACT,
			.target = q->outbox,
			.markdown = key,
			.until = call->now + q->window,
		};
		if (!command_post(call, &post, NULL, error))
			return false;
	}
	return true;
}

bool play_ask(struct command_call *call, struct quiz_run *run,
	      struct quiz_question *q, bool answers, GError **error)
{
	const struct question_type *type = question_type(q->type);
	run->put++;
	q->run = run->id;
	q->room = run->room;
	q->n = run->put;
	q->window = run->window ? run->window : type->window(call->config);
	q->state = ROUND_ASKED;
	if (!quiz_run_save(call->db, run, error) ||
	    !quiz_question_new(call->db, q, error))
		return false;
	const struct show show = {
		.language = say_language(run->language),
		.prefix = call->prefix,
		.run = run,
		.question = q,
	};
	g_autofree char *text = show_question(&show);
	const struct command_post post = {
		.kind = CHAT_SAY,
		.markdown = text,
		.answers = answers,
		.thread = run->thread,
		.rings = g_str_equal(run->kind, QUIZ_DAILY),
	};
	return command_post(call, &post, &q->outbox, error) &&
	       quiz_question_save(call->db, q, error) &&
	       seed_reactions(call, q, error);
}
