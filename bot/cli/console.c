/* znatok console: a chat with the bot in the terminal, or in a script. */

#include "bot/console/console.h"

#include <glib-unix.h>
#include <langinfo.h>
#include <locale.h>
#include <stdio.h>
#include <unistd.h>

#include "bot/base/clock.h"
#include "bot/bot.h"
#include "bot/cli/cli.h"
#include "bot/commands/list.h"
#include "bot/store/db.h"
#include "bot/store/lock.h"

struct setup {
	char *state, *as;
	gboolean script;
};
typedef struct setup setup;

static void setup_clear(struct setup *setup)
{
	g_free(setup->state);
	g_free(setup->as);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(setup, setup_clear)

static gboolean stop(gpointer loop)
{
	g_main_loop_quit(loop);
	return G_SOURCE_CONTINUE;
}

static void greet(const struct language *language)
{
	g_autofree char *text = say(language, SAY_CONSOLE_HELLO);
	puts(text);
}

/* Runs the bot on the open library and store until the input ends. */
static int chat(const struct setup *setup, const struct config *config,
		struct library *library, struct sqlite *db, GError **error)
{
	int status = CLI_DONE;
	g_autoptr(GMainLoop) loop = g_main_loop_new(NULL, FALSE);
	const struct console_options console = {
		.as = setup->as ? setup->as : g_get_user_name(),
		.login = g_get_user_name(),
		.script = setup->script,
		.terminal = !setup->script && isatty(STDIN_FILENO) &&
			    isatty(STDOUT_FILENO),
		.loop = loop,
		.status = &status,
	};
	const struct chat_choice networks[] = { { &console_network, &console },
						{ 0 } };
	struct clock clock = { .is_virtual = setup->script,
			       .now = console_first_moment() };
	uint64_t seed = ((uint64_t)g_random_int() << 32) | g_random_int();
	const struct bot_options options = {
		.config = config,
		.library = library,
		.db = db,
		.clock = &clock,
		.seed = &seed,
		.commands = command_list,
		.networks = networks,
	};
	if (console.terminal)
		greet(cli_language(NULL));
	g_autoptr(bot) bot = bot_new(&options, error);
	if (!bot)
		return CLI_FAILED;
	g_unix_signal_add(SIGTERM, stop, loop);
	g_unix_signal_add(SIGINT, stop, loop);
	g_main_loop_run(loop);
	return status;
}

/* Lines may be in Russian where the locale says nothing of UTF-8. */
static void want_utf8(void)
{
	if (g_strcmp0(nl_langinfo(CODESET), "UTF-8") != 0)
		setlocale(LC_CTYPE, "C.UTF-8");
}

static int console(const struct cli_command *self, int argc, char **argv)
{
	int status;
	g_auto(cli_options) options = { 0 };
	g_auto(setup) setup = { 0 };
	const GOptionEntry own[] = {
		{ "state", 0, 0, G_OPTION_ARG_FILENAME, &setup.state,
		  "Keep rooms, people and talk in this folder", "DIR" },
		{ "as", 0, 0, G_OPTION_ARG_STRING, &setup.as,
		  "Who says lines that name nobody", "NAME" },
		{ "script", 0, 0, G_OPTION_ARG_NONE, &setup.script,
		  "Echo people's lines; fixed seed, virtual clock", NULL },
		{ 0 },
	};
	g_autoptr(GError) error = NULL;
	if (!cli_parse(self, &options, CLI_KB, own, &argc, &argv, &status))
		return status;
	if (argc > 1)
		return cli_fail(self, CLI_USAGE,
				"%s is one word too many: what to say comes "
				"from standard input",
				argv[1]);
	if (setup.as && !console_name_is_valid(setup.as))
		return cli_fail(self, CLI_USAGE,
				"--as %s: a name is a letter, then letters, "
				"digits, _ and - (a-z, A-Z, 0-9)",
				setup.as);
	want_utf8();
	int lock = setup.state ? lock_take(setup.state, &error) : -1;
	g_autoptr(bot_config) config =
		error ? NULL : cli_config(&options, &error);
	g_autoptr(library) library =
		config ? cli_library(&options, config, &error) : NULL;
	g_autoptr(sqlite) db = library ? db_open(setup.state, &error) : NULL;
	status = db ? chat(&setup, config, library, db, &error) : CLI_FAILED;
	if (error)
		cli_fail(self, CLI_FAILED, "%s", error->message);
	lock_drop(lock);
	return status;
}

const struct cli_command cli_console = {
	.name = "console",
	.usage = "",
	.summary = "Talks with the bot here in the terminal",
	.details = "Without --state nothing is kept. A line is said by --as "
		   "NAME,\n"
		   "or by whom it names:\n"
		   "\n"
		   "  alice: !q gil              in room main\n"
		   "  #python bob: !topics       in room python\n"
		   "  bob>: gil                  to the bot alone\n"
		   "  /reply alice 3 TEXT        an answer to message 3\n"
		   "  /thread alice 3 TEXT       in the thread of message 3\n"
		   "  /edit alice 5 TEXT         /redact alice 5\n"
		   "  /react alice 3 2\xEF\xB8\x8F\xE2\x83\xA3             "
		   "/join carol moderator #python\n"
		   "  /wait 30s                  /at 2025-03-30T09:30Z    "
		   "/seed 7\n"
		   "  # a comment",
	.run = console,
};
