/* !forget me: everything that is kept about the person goes. */

#include "bot/command.h"
#include "bot/store/ledger.h"

static bool forget(struct command_call *call, GError **error)
{
	if (!command_word_matches(call->words[0], "me") &&
	    !command_word_matches(call->words[0], "меня")) {
		command_say_usage(call, call->command);
		return true;
	}
	if (!ledger_forget(call->db, call->person, call->inbox, error))
		return false;
	call->nameless = true; /* what was said is kept for a while */
	command_say(call, SAY_FORGOT);
	return true;
}

const struct command command_forget = {
	.name = "forget",
	.usage = "me",
	.summary = SAY_FORGET_SUMMARY,
	.words = 1,
	.words_most = 1,
	.run = forget,
};
