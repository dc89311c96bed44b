/* !gaps: what people looked for and nobody had written: the next pages. */

#include "bot/command.h"
#include "bot/store/talk.h"

enum { SHOWN_MOST = 20 };

static bool gaps(struct command_call *call, GError **error)
{
	int64_t all;
	g_autoptr(GPtrArray) rows =
		talk_gaps(call->db, SHOWN_MOST, &all, error);
	if (!rows)
		return false;
	if (rows->len == 0) {
		command_say(call, SAY_GAPS_NONE);
		return true;
	}
	command_say(call, SAY_GAPS);
	for (size_t i = 0; i < rows->len; i++) {
		const struct talk_gap_row *gap = rows->pdata[i];
		command_line(call, SAY_GAP, ARG(i + 1), ARG(gap->query),
			     ARG(gap->times), ARG(gap->people));
	}
	if (all > rows->len)
		command_line(call, SAY_AND_MORE, ARG(all - rows->len));
	return true;
}

const struct command command_gaps = {
	.name = "gaps",
	.usage = "",
	.summary = SAY_GAPS_SUMMARY,
	.role = CHAT_MODERATOR,
	.run = gaps,
};
