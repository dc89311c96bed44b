/* znatok login: asks for the account and keeps its session in the store. */

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "bot/cli/cli.h"
#include "bot/matrix/login.h"
#include "bot/net/http.h"
#include "bot/store/db.h"
#include "bot/store/lock.h"
#include "bot/store/matrix.h"

enum { LINE_MOST = 4096 };

/* One line of standard input without its end; NULL at the end of the input.
 * Caller wipes and frees. */
static char *read_line(void)
{
	char line[LINE_MOST];
	char *text = fgets(line, sizeof(line), stdin)
			     ? g_strndup(line, strcspn(line, "\r\n"))
			     : NULL;
	explicit_bzero(line, sizeof(line));
	return text;
}

/* preset stands for an empty line; NULL: there is none. */
static char *ask(const char *what, const char *preset)
{
	if (preset && *preset)
		fprintf(stderr, "%s [%s]: ", what, preset);
	else
		fprintf(stderr, "%s: ", what);
	char *line = read_line();
	if (line && !*line && preset) {
		g_free(line);
		return g_strdup(preset);
	}
	return line;
}

/* The terminal as it was before the password was asked for. */
static struct termios before;

static void end_by_signal(int number)
{
	tcsetattr(STDIN_FILENO, TCSAFLUSH, &before);
	raise(number); /* SA_RESETHAND: ends the program, once this returns */
}

/* What is typed is not shown, where it is typed on a terminal; which a Ctrl-C
 * there must not leave so. */
static char *ask_password(void)
{
	static const int signals[] = { SIGINT, SIGTERM, SIGHUP, SIGQUIT };
	const struct sigaction action = { .sa_handler = end_by_signal,
					  .sa_flags = SA_RESETHAND };
	struct sigaction old[G_N_ELEMENTS(signals)];
	bool terminal =
		isatty(STDIN_FILENO) && tcgetattr(STDIN_FILENO, &before) == 0;
	fputs("Password: ", stderr);
	if (!terminal)
		return read_line();
	for (size_t i = 0; i < G_N_ELEMENTS(signals); i++)
		sigaction(signals[i], &action, &old[i]);
	struct termios silent = before;
	silent.c_lflag &= ~(tcflag_t)ECHO;
	tcsetattr(STDIN_FILENO, TCSAFLUSH, &silent);
	char *password = read_line();
	tcsetattr(STDIN_FILENO, TCSAFLUSH, &before);
	for (size_t i = 0; i < G_N_ELEMENTS(signals); i++)
		sigaction(signals[i], &old[i], NULL);
	fputc('\n', stderr);
	return password;
}

/* A name is looked up; an address must be one that a password may go to. */
static bool may_go(const char *homeserver, GError **error)
{
	if (!strstr(homeserver, "://") || http_may_go(homeserver))
		return true;
	g_set_error(error, CONFIG_ERROR, CONFIG_ERROR_OPTION,
		    "%s is no address that a password is sent to: it must be "
		    "https://… (http:// only on this machine), or a server's "
		    "name",
		    homeserver);
	return false;
}

static bool keep(struct sqlite *db, const struct account *account,
		 GError **error)
{
	if (!sqlite_begin(db, error))
		return false;
	if (account_write(db, MATRIX_NETWORK, account, error) &&
	    sqlite_commit(db, error))
		return true;
	sqlite_rollback(db);
	return false;
}

/* A session of somebody else's stays somebody else's. */
static bool is_same_account(const struct account *account, bool known,
			    const char *user, GError **error)
{
	g_autofree char *local = g_strdup_printf("@%s:", user);
	if (!known || g_str_equal(account->user_id, user) ||
	    g_str_has_prefix(account->user_id, local))
		return true;
	g_set_error(error, CONFIG_ERROR, CONFIG_ERROR_OPTION,
		    "the store holds a session of %s; another account needs a "
		    "[bot] state of its own",
		    account->user_id);
	return false;
}

static bool log_in(const struct config *config, struct sqlite *db,
		   struct account *account, GError **error)
{
	bool known;
	if (!account_read(db, MATRIX_NETWORK, account, &known, error))
		return false;
	const char *colon = strchr(config->matrix_user, ':');
	const char *preset = *config->matrix_homeserver
				     ? config->matrix_homeserver
			     : known ? account->base_url
				     : (colon ? colon + 1 : NULL);
	g_autofree char *homeserver = ask("Homeserver", preset);
	if (homeserver && !may_go(homeserver, error))
		return false;
	g_autofree char *user =
		homeserver ? ask("User", config->matrix_user) : NULL;
	char *password = user ? ask_password() : NULL;
	g_autoptr(http) http = http_new(config->matrix_ca_file);
	char *base = NULL;
	bool well = false;
	if (!password || !*homeserver || !*user)
		g_set_error(error, CONFIG_ERROR, CONFIG_ERROR_OPTION,
			    "homeserver, user and password are all needed");
	else if (is_same_account(account, known, user, error))
		base = login_find(http, homeserver, error);
	if (base) {
		g_free(account->base_url);
		account->base_url = base;
		well = login_with_password(http, user, password, account,
					   error) &&
		       keep(db, account, error);
	}
	account_wipe(&password);
	return well;
}

static int login(const struct cli_command *self, int argc, char **argv)
{
	int status;
	g_auto(cli_options) options = { 0 };
	g_auto(account) account = { 0 };
	g_autoptr(GError) error = NULL;
	if (!cli_parse(self, &options, 0, NULL, &argc, &argv, &status))
		return status;
	if (argc > 1)
		return cli_fail(self, CLI_USAGE,
				"%s is one word too many: the account is asked "
				"for",
				argv[1]);
	g_autoptr(bot_config) config = cli_config(&options, &error);
	int lock = config ? lock_take(config->bot_state, &error) : -1;
	g_autoptr(sqlite) db =
		error ? NULL : db_open(config->bot_state, &error);
	status = CLI_FAILED;
	if (db && log_in(config, db, &account, &error)) {
		printf("Logged in as %s, device %s. Start the bot with: znatok "
		       "run\n",
		       account.user_id, account.device_id);
		if (!*config->matrix_user)
			printf("In bot.conf it needs: [matrix] user = %s\n",
			       account.user_id);
		status = CLI_DONE;
	}
	if (error)
		cli_fail(self, CLI_FAILED, "%s", error->message);
	lock_drop(lock);
	return status;
}

const struct cli_command cli_login = {
	.name = "login",
	.usage = "",
	.summary = "Logs the bot in to its Matrix account",
	.details = "Asks for homeserver, user and password, a line each, and "
		   "keeps the session in\nthe state folder; the password is "
		   "not kept. It is needed once, where bot.conf\nhas neither "
		   "password_file nor token_file.",
	.run = login,
};
