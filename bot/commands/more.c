/* !more: the rest of a long answer. */

#include "bot/commands/answer.h"

const struct command command_more = {
	.name = "more",
	.usage = "",
	.summary = SAY_MORE_SUMMARY,
	.run = answer_rest,
};
