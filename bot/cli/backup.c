/* znatok backup: a copy of the store of a bot that goes on. */

#include "bot/cli/cli.h"
#include "bot/store/db.h"

/* The other files of the state folder, which a bot that runs has open. */
static bool is_in_use(const char *state, const char *path)
{
	static const char *const names[] = { "lock", "index.db" };
	for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
		g_autofree char *file = g_build_filename(state, names[i], NULL);
		if (sqlite_is_part(file, path))
			return true;
	}
	return false;
}

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
	const char *folder = state || !config ? state : config->bot_state;
	g_autoptr(sqlite) db = config ? db_open_read(folder, &error) : NULL;
	if (db && is_in_use(folder, argv[1]))
		return cli_fail(self, CLI_FAILED,
				"%s: the bot itself keeps this file; the copy "
				"needs another place",
				argv[1]);
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
		   "its owner only. At FILE stands nothing or a plain file, "
		   "which is\n"
		   "replaced; none of the bot's own. To go back to it: stop "
		   "the bot,\n"
		   "put it in the place of znatok.db in the state folder, and "
		   "remove\n"
		   "znatok.db-wal and znatok.db-shm there.\n",
	.run = backup,
};
