/* znatok run: the bot in its chat networks. */

#include <glib-unix.h>
#include <sys/prctl.h>
#include <sys/resource.h>

#include "bot/base/clock.h"
#include "bot/bot.h"
#include "bot/cli/cli.h"
#include "bot/cli/log.h"
#include "bot/commands/list.h"
#include "bot/matrix/matrix.h"
#include "bot/store/db.h"
#include "bot/store/lock.h"

enum { PATIENCE = 10 }; /* s, for what is under way at the end */

/* What a SIGHUP cannot change: it is what the process stands on. */
static const char *const fixed[] = {
	"bot.state", "matrix.user", "matrix.homeserver", "matrix.ca_file", NULL,
};

struct running {
	const struct cli_options *options;
	GMainLoop *loop;
	struct config *config;
	struct library *library;
	struct bot *bot;
	bool finishing;
	int status;
};

static void ended(void *data, int status)
{
	struct running *running = data;
	running->status = status;
	g_main_loop_quit(running->loop);
}

static gboolean give_up(gpointer data)
{
	g_message("what is under way takes too long; it goes on at the next "
		  "start");
	ended(data, CLI_DONE);
	return G_SOURCE_REMOVE;
}

static gboolean stop(gpointer data)
{
	struct running *running = data;
	if (running->finishing) {
		ended(running, CLI_DONE); /* asked for twice */
		return G_SOURCE_CONTINUE;
	}
	g_message("finishing what is under way");
	running->finishing = true;
	g_timeout_add_seconds(PATIENCE, give_up, running);
	bot_finish(running->bot);
	return G_SOURCE_CONTINUE;
}

/* The bot.conf that it was started with, and the notes, again. What is wrong
 * in it, or that it is gone, changes nothing. */
static gboolean reload(gpointer data)
{
	struct running *running = data;
	g_autoptr(GError) error = NULL;
	g_autoptr(bot_config) fresh =
		config_load(running->config->file, &error);
	if (!fresh) {
		/* It may hold several mistakes: a line for each. */
		g_auto(GStrv) lines = g_strsplit(error->message, "\n", -1);
		for (char **line = lines; *line; line++)
			g_warning("the configuration stays as it was: %s",
				  *line);
		return G_SOURCE_CONTINUE;
	}
	g_autofree char *differ = config_update(running->config, fresh, fixed);
	if (*differ)
		g_warning("read again, but a restart is needed for: %s",
			  differ);
	else
		g_message("the configuration was read again");
	log_set_level(running->config->bot_log_level);
	if (!cli_move_library(running->options, running->config,
			      running->library, &error))
		g_warning("the notes stay as they were: %s", error->message);
	bot_configured(running->bot);
	return G_SOURCE_CONTINUE;
}

/* Tokens are in this memory: neither a core file nor a debugger of the same
 * user shall have them. */
static void close_memory(void)
{
	const struct rlimit none = { 0, 0 };
	setrlimit(RLIMIT_CORE, &none);
#ifndef __SANITIZE_ADDRESS__ /* its leak check is a debugger of its own */
	prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
#endif
}

static size_t choose(const struct config *config, struct chat_choice *choices)
{
	size_t len = 0;
#define NETWORK(name, when)                                                    \
	if (when)                                                              \
		choices[len++] = (struct chat_choice){ &name##_network, NULL };
#include "bot/networks.def"
#undef NETWORK
	choices[len] = (struct chat_choice){ 0 };
	return len;
}

static int chat(struct running *running, const struct chat_choice *networks,
		struct library *library, struct sqlite *db, GError **error)
{
	struct clock clock = { 0 };
	uint64_t seed = ((uint64_t)g_random_int() << 32) | g_random_int();
	const struct bot_options options = {
		.config = running->config,
		.library = library,
		.db = db,
		.clock = &clock,
		.seed = &seed,
		.commands = command_list,
		.networks = networks,
		.ended = ended,
		.data = running,
	};
	g_autoptr(GMainLoop) loop = g_main_loop_new(NULL, FALSE);
	running->loop = loop;
	running->library = library;
	running->bot = bot_new(&options, error);
	if (!running->bot)
		return CLI_FAILED;
	g_unix_signal_add(SIGTERM, stop, running);
	g_unix_signal_add(SIGINT, stop, running);
	g_unix_signal_add(SIGHUP, reload, running);
	g_main_loop_run(loop);
	bot_free(running->bot);
	return running->status;
}

static int run(const struct cli_command *self, int argc, char **argv)
{
	int status;
	g_auto(cli_options) options = { 0 };
	g_autoptr(GError) error = NULL;
	struct chat_choice networks[8];
	if (!cli_parse(self, &options, 0, NULL, &argc, &argv, &status))
		return status;
	if (argc > 1)
		return cli_fail(self, CLI_USAGE, "%s is one word too many",
				argv[1]);
	close_memory();
	g_autoptr(bot_config) config = cli_config(&options, &error);
	if (!config)
		return cli_fail(self, CLI_FAILED, "%s", error->message);
	log_set_level(config->bot_log_level);
	if (choose(config, networks) == 0)
		return cli_fail(
			self, CLI_FAILED,
			"no chat network is configured%s%s: set [matrix] "
			"user; or talk to the bot here in the terminal "
			"with: znatok console",
			config->file ? " in " : "",
			config->file ? config->file : "");
	int lock = lock_take(config->bot_state, &error);
	g_autoptr(library) library =
		error ? NULL : cli_library(&options, config, &error);
	g_autoptr(sqlite) db =
		library ? db_open(config->bot_state, &error) : NULL;
	struct running running = { .options = &options, .config = config };
	status =
		db ? chat(&running, networks, library, db, &error) : CLI_FAILED;
	if (error)
		cli_fail(self, CLI_FAILED, "%s", error->message);
	lock_drop(lock);
	return status;
}

const struct cli_command cli_run = {
	.name = "run",
	.usage = "",
	.summary = "Runs the bot in the chat networks of bot.conf",
	.details = "SIGTERM finishes what is under way and ends with 0. SIGHUP "
		   "reads bot.conf\nand the notes again. Ends with 3 when the "
		   "server has logged the bot out for\ngood.",
	.run = run,
};
