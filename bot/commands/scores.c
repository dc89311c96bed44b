/* !scores reset: sets the board of this room to nothing, if said twice. */

#include <stdlib.h>

#include "bot/base/clock.h"
#include "bot/commands/players.h"
#include "bot/store/ledger.h"
#include "bot/store/room.h"

/* Where the first of the two sayings is kept: "person moment". */
#define ASKED "scores-reset-asked"

static bool has_asked(struct command_call *call, bool *asked, GError **error)
{
	g_autofree char *kept = NULL;
	if (!room_setting(call->db, call->room, ASKED, &kept, error))
		return false;
	char *moment = NULL;
	int64_t person = kept ? strtoll(kept, &moment, 10) : 0;
	*asked = person == call->person &&
		 call->now - strtoll(moment, NULL, 10) <= CLOCK_MINUTE;
	return true;
}

static bool ask(struct command_call *call, GError **error)
{
	g_autofree char *kept =
		g_strdup_printf("%" G_GINT64_FORMAT " %" G_GINT64_FORMAT,
				call->person, call->now);
	command_say(call, SAY_SCORES_CONFIRM, ARG(call->prefix));
	return room_set(call->db, call->room, ASKED, kept, error);
}

static bool reset(struct command_call *call, GError **error)
{
	int64_t rows;
	if (!ledger_reset(call->db, call->room, call->inbox, call->now, &rows,
			  error) ||
	    !room_set(call->db, call->room, ASKED, NULL, error))
		return false;
	if (rows)
		command_say(call, SAY_SCORES_RESET, ARG(rows));
	else
		command_say(call, SAY_SCORES_EMPTY);
	return true;
}

static bool scores(struct command_call *call, GError **error)
{
	bool asked;
	if (!command_word_matches(call->words[0], "reset")) {
		command_say_usage(call, call->command);
		return true;
	}
	if (!has_asked(call, &asked, error))
		return false;
	return asked ? reset(call, error) : ask(call, error);
}

const struct command command_scores = {
	.name = "scores",
	.usage = "reset",
	.summary = SAY_SCORES_SUMMARY,
	.role = CHAT_MODERATOR,
	.words = 1,
	.words_most = 1,
	.run = scores,
};
