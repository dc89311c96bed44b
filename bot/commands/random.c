/* !random: an entry drawn by lot. */

#include "bot/commands/answer.h"

static bool random_entry(struct command_call *call, GError **error)
{
	int64_t row;
	if (!index_draw(library_index(call->library),
			library_generation(call->library), call->seed, &row,
			error))
		return false;
	if (row)
		return answer_entry(call, row, error);
	command_say(call, SAY_NO_ENTRIES);
	return true;
}

const struct command command_random = {
	.name = "random",
	.usage = "",
	.summary = SAY_RANDOM_SUMMARY,
	.run = random_entry,
};
