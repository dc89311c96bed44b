/* znatok backup: a copy of the store of a bot that goes on. */

#include "bot/cli/cli.h"
#include "bot/store/db.h"

static int backup(const struct cli_command *self, int argc, char **argv)
{
	int status;
	g_auto(cli_options) options = { 0 };
	g_autofree char *state = NULL;
	const GOptionEntry own[] = {
		{ "state", 0, 0, G_OPTION_ARG_FILENAME, &state,
		  "The state folder, where it is not that of bot.conf", "DIR" },
		{ 0 },
	};
	g_autoptr(GError) error = NULL;
	if (!cli_parse(self, &options, 0, own, &argc, &argv, &status))
		return status;
	if (argc != 2)
		return cli_fail(self, CLI_USAGE, "it takes one FILE");
	g_autoptr(bot_config) config = cli_config(&options, &error);
	g_autoptr(sqlite) db =
		config ? db_open_read(state ? state : config->bot_state, &error)
		       : NULL;
	if (!db || !sqlite_copy(db, argv[1], &error))
		return cli_fail(self, CLI_FAILED, "%s", error->message);
	return CLI_DONE;
}

const struct cli_command cli_backup = {
	.name = "backup",
	.usage = "[--state DIR] FILE",
	.summary = "Copies the bot's store into a file, while it runs",
	.details = "The copy is one moment of the store, checked, and readable "
		   "by\n"
		   "its owner only. To go back to it: stop the bot, put it in "
		   "the\n"
		   "place of znatok.db in the state folder, and remove\n"
		   "znatok.db-wal and znatok.db-shm there.\n",
	.run = backup,
};
