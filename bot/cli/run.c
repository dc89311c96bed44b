/* znatok run: the bot in its chat networks. */

#include "bot/cli/cli.h"

static int run(const struct cli_command *self, int argc, char **argv)
{
	int status;
	g_auto(cli_options) options = { 0 };
	g_autoptr(GError) error = NULL;
	if (!cli_parse(self, &options, 0, NULL, &argc, &argv, &status))
		return status;
	if (argc > 1)
		return cli_fail(self, CLI_USAGE, "%s is one word too many",
				argv[1]);
	g_autoptr(bot_config) config = cli_config(&options, &error);
	if (!config)
		return cli_fail(self, CLI_FAILED, "%s", error->message);
	return cli_fail(self, CLI_FAILED,
			"no chat network is configured%s%s; talk to the bot "
			"here in the terminal with: znatok console",
			config->file ? " in " : "",
			config->file ? config->file : "");
}

const struct cli_command cli_run = {
	.name = "run",
	.usage = "",
	.summary = "Runs the bot in the chat networks of bot.conf",
	.run = run,
};
