/* !help [command]: all commands, or one of them. */

#include <string.h>

#include "bot/command.h"

static bool help(struct command_call *call, GError **error)
{
	(void)error;
	if (call->words_len == 0) {
		command_say(call, SAY_HELP);
		for (const struct command *const *c = call->table; *c; c++) {
			g_autofree char *summary = say_args(
				call->language, (*c)->summary, SAY_ARGS());
			g_autofree char *usage = command_usage(call, *c);
			command_line(call, SAY_HELP_ITEM, ARG(usage),
				     ARG_MARKDOWN(summary));
		}
		return true;
	}
	const char *name = call->words[0];
	if (g_str_has_prefix(name, call->prefix))
		name += strlen(call->prefix);
	const struct command *command = command_find(call->table, name);
	if (!command) {
		const struct command *near = command_nearest(call->table, name);
		if (near)
			command_say(call, SAY_DID_YOU_MEAN, ARG(call->prefix),
				    ARG(name), ARG(near->name));
		else
			command_say(call, SAY_NO_SUCH_COMMAND,
				    ARG(call->prefix), ARG(name));
		return true;
	}
	command_say_usage(call, command);
	if (command->role == CHAT_MODERATOR)
		command_say(call, SAY_FOR_MODERATORS);
	if (command->role == CHAT_ADMIN)
		command_say(call, SAY_FOR_ADMINS);
	return true;
}

const struct command command_help = {
	.name = "help",
	.usage = "[command]",
	.summary = SAY_HELP_SUMMARY,
	.words_most = 1,
	.run = help,
};
