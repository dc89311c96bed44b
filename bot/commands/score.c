/* !score [who]: how many points somebody has in this room. */

#include "bot/commands/players.h"
#include "bot/store/board.h"
#include "bot/store/daily.h"
#include "bot/store/ledger.h"

static bool say_streak(struct command_call *call, int64_t person,
		       const char *today, GError **error)
{
	g_auto(GStrv) dates = NULL, asked = NULL;
	g_auto(daily_plan) plan = { 0 };
	if (!ledger_days(call->db, call->room, person, today, &dates, error) ||
	    !daily_read(call->db, call->room, &plan, error) ||
	    (plan.times && !daily_asked(call->db, call->room, &asked, error)))
		return false;
	unsigned streak = calendar_streak(dates, today, asked);
	if (streak > 1)
		command_line(call, SAY_SCORE_STREAK, ARG(streak));
	return true;
}

static bool say_score(struct command_call *call, int64_t person,
		      const char *name, GError **error)
{
	char today[CALENDAR_DATE_LEN];
	struct standing at[BOARD_SPANS] = { 0 };
	int64_t alone, answers;
	if (!players_today(call, today, error) ||
	    !ledger_alone(call->db, call->room, person, &alone, &answers,
			  error))
		return false;
	for (int span = 0; span < BOARD_SPANS; span++) {
		at[span].person = person;
		if (!board_standing(call->db, call->room, span, today,
				    &at[span], error))
			return false;
	}
	g_autofree char *bold = players_bold(name);
	if (!answers) {
		command_say(call, SAY_SCORE_NONE, ARG_MARKDOWN(bold));
		return true;
	}
	command_say(call, SAY_SCORE, ARG_MARKDOWN(bold),
		    ARG(at[BOARD_DAY].points), ARG(at[BOARD_WEEK].points),
		    ARG(at[BOARD_MONTH].points), ARG(at[BOARD_ALL].points));
	if (at[BOARD_ALL].place)
		command_line(call, SAY_SCORE_PLACE, ARG(at[BOARD_ALL].place));
	if (alone)
		command_line(call, SAY_SCORE_ALONE, ARG(alone));
	command_line(call, SAY_SCORE_ANSWERS, ARG(answers));
	return say_streak(call, person, today, error);
}

static bool score(struct command_call *call, GError **error)
{
	int64_t person;
	g_autofree char *name = NULL;
	if (!players_find(call, call->text, &person, &name, error))
		return false;
	return !person || say_score(call, person, name, error);
}

const struct command command_score = {
	.name = "score",
	.usage = "[who]",
	.summary = SAY_SCORE_SUMMARY,
	.words_most = COMMAND_ANY_WORDS,
	.run = score,
};
