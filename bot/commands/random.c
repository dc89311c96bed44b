/* !random: an entry drawn by lot. */

#include "bot/commands/answer.h"

static bool random_entry(struct command_call *call, GError **error)
{
	g_autoptr(GPtrArray) rows =
		index_rows(library_index(call->library),
			   library_generation(call->library), error);
	if (!rows)
		return false;
	if (rows->len == 0) {
		command_say(call, SAY_NO_ENTRIES);
		return true;
	}
	const struct index_row *row = rows->pdata[call->seed % rows->len];
	return answer_entry(call, row->row, error);
}

const struct command command_random = {
	.name = "random",
	.usage = "",
	.summary = SAY_RANDOM_SUMMARY,
	.run = random_entry,
};
