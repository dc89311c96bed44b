/* znatok doctor: looks at everything that the bot needs, and says what to do
 * about what is not well. The store is not changed, and no lock is taken; what
 * is tried in the state folder leaves nothing behind. */

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "bot/base/clock.h"
#include "bot/base/error.h"
#include "bot/cli/cli.h"
#include "bot/cli/trial.h"
#include "bot/matrix/client.h"
#include "bot/matrix/login.h"
#include "bot/net/http.h"
#include "bot/store/db.h"
#include "bot/store/matrix.h"

enum { CLOCK_OFF = 60 * CLOCK_SECOND }; /* more than that is worth a word */

struct visit {
	const struct cli_options *options;
	const struct config *config; /* NULL: it cannot be read */
	struct sqlite *db;	     /* NULL: there is no store yet */
	struct http *http;
	struct account account;
	bool known;	/* there is a session in the store */
	char *base_url; /* NULL: the server was not found */
	int64_t date;	/* the server's clock; 0: not told */
	int bad;
};

static void say_line(struct visit *visit, bool well, const char *what,
		     const char *format, ...) G_GNUC_PRINTF(4, 5);
static void say_line(struct visit *visit, bool well, const char *what,
		     const char *format, ...)
{
	va_list args;
	va_start(args, format);
	g_autofree char *text = g_strdup_vprintf(format, args);
	va_end(args);
	g_autofree char *line = g_strdup_printf(
		"%-4s %-7s %s", well ? "ok" : "BAD", what, text);
	cli_print(stdout, line);
	visit->bad += !well;
}

/* ---- what is looked at ---- */

static void look_at_notes(struct visit *visit)
{
	g_autoptr(GError) error = NULL;
	struct index_counts counts;
	g_autoptr(library) library =
		cli_library(visit->options, visit->config, &error);
	if (!library || !index_count(library_index(library), &counts, &error))
		say_line(visit, false, "notes", "%s; look at [notes] folders",
			 error->message);
	else if (counts.entries == 0)
		say_line(visit, false, "notes",
			 "there is no entry in them; look at [notes] folders, "
			 "and try: znatok check FOLDER");
	else
		say_line(visit, true, "notes",
			 "%" G_GINT64_FORMAT " entries in %" G_GINT64_FORMAT
			 " notes, %" G_GINT64_FORMAT " errors%s",
			 (gint64)counts.entries, (gint64)counts.notes,
			 (gint64)counts.errors,
			 counts.errors ? "; see: znatok check FOLDER" : "");
}

static void look_at_parent(struct visit *visit)
{
	const char *state = visit->config->bot_state;
	g_autofree char *parent = trial_parent(state);
	if (trial_make(parent))
		say_line(visit, true, "rights",
			 "%s is not there yet; the first start makes it",
			 state);
	else
		say_line(visit, false, "rights",
			 "%s cannot be made, for nothing can be made in %s: "
			 "%s; choose another [bot] state, or make it and give "
			 "it to the bot's user",
			 state, parent, g_strerror(errno));
}

static void look_at_rights(struct visit *visit)
{
	const char *state = visit->config->bot_state;
	struct stat status;
	g_autofree char *quoted = g_shell_quote(state);
	if (stat(state, &status) != 0 && errno == ENOENT)
		look_at_parent(visit);
	else if (stat(state, &status) != 0)
		say_line(visit, false, "rights",
			 "%s cannot be looked at: %s; choose another [bot] "
			 "state, or let the bot's user into the folders above "
			 "it",
			 state, g_strerror(errno));
	else if (!S_ISDIR(status.st_mode))
		say_line(visit, false, "rights",
			 "%s is no folder; choose another [bot] state", state);
	else if (access(state, R_OK | W_OK | X_OK) != 0)
		say_line(visit, false, "rights",
			 "%s cannot be written by you; run the bot as its "
			 "owner, or: chown -R USER %s",
			 state, quoted);
	else if (status.st_mode & (S_IRWXG | S_IRWXO))
		say_line(visit, false, "rights",
			 "others can look into %s, where tokens and messages "
			 "are: chmod 700 %s",
			 state, quoted);
	else if (!trial_write(state))
		say_line(visit, false, "rights",
			 "nothing can be written in %s: %s; make room on its "
			 "disk",
			 state, g_strerror(errno));
	else
		say_line(visit, true, "rights", "%s is yours alone", state);
}

static void look_at_store(struct visit *visit)
{
	g_autoptr(GError) error = NULL;
	const char *user = visit->config->matrix_user;
	g_autofree char *path =
		g_build_filename(visit->config->bot_state, "znatok.db", NULL);
	if (!g_file_test(path, G_FILE_TEST_EXISTS)) {
		say_line(visit, true, "store",
			 "there is none yet; the first start makes it");
		return;
	}
	visit->db = db_open_read(visit->config->bot_state, &error);
	if (!visit->db || !db_check(visit->db, &error)) {
		/* Another version: that says what to do, and all is there. */
		bool whole = g_error_matches(error, ZNATOK_ERROR,
					     ZNATOK_ERROR_FAILED);
		say_line(visit, false, "store", "%s%s", error->message,
			 whole ? ""
			       : "; put back a backup, or move the folder away "
				 "to start anew");
		return;
	}
	account_read(visit->db, MATRIX_NETWORK, &visit->account, &visit->known,
		     NULL);
	if (visit->known && !client_user_is(visit->account.user_id, user))
		say_line(visit, false, "store",
			 "it holds a session of %s, but [matrix] user is %s; "
			 "another account needs a [bot] state of its own",
			 visit->account.user_id, user);
	else
		say_line(visit, true, "store", "%s is sound", path);
}

static const char *homeserver_of(const struct visit *visit)
{
	const struct config *config = visit->config;
	const char *colon = strchr(config->matrix_user, ':');
	if (*config->matrix_homeserver)
		return config->matrix_homeserver;
	return visit->known ? visit->account.base_url
			    : (colon ? colon + 1 : "");
}

static void look_at_server(struct visit *visit)
{
	g_autoptr(GError) error = NULL;
	g_auto(api_answer) answer = { 0 };
	if (!*visit->config->matrix_user) {
		say_line(visit, true, "server",
			 "no Matrix account is configured; if there should be: "
			 "[matrix] user");
		return;
	}
	const char *ca_file = visit->config->matrix_ca_file;
	if (ca_file && access(ca_file, R_OK) != 0) {
		say_line(visit, false, "server",
			 "[matrix] ca_file: %s: %s; put it there, or take the "
			 "line out",
			 ca_file, g_strerror(errno));
		return;
	}
	visit->base_url = login_find(visit->http, homeserver_of(visit), &error);
	if (!visit->base_url) {
		say_line(visit, false, "server", "%s", error->message);
		return;
	}
	g_autofree char *url =
		api_url_of(visit->base_url, "/_matrix/client/versions");
	login_call(visit->http, NULL, url, NULL, NULL, &answer);
	visit->date = answer.date;
	if (answer.class != RETRY_NOT) {
		say_line(visit, false, "server",
			 "%s does not answer as a homeserver does: %s; look at "
			 "[matrix] homeserver, and at the network",
			 visit->base_url, answer.trouble);
		g_clear_pointer(&visit->base_url, g_free);
	} else {
		say_line(visit, true, "server", "%s answers", visit->base_url);
	}
}

static void look_at_clock(struct visit *visit)
{
	int64_t off = visit->date - g_get_real_time() / 1000;
	if (!visit->date)
		return;
	if (ABS(off) > CLOCK_OFF)
		say_line(visit, false, "clock",
			 "this machine and the server are %" G_GINT64_FORMAT
			 " s apart; set the clock (timedatectl set-ntp true)",
			 (gint64)ABS(off) / 1000);
	else
		say_line(visit, true, "clock", "agrees with the server's");
}

/* From bot.conf or the environment, else the store; *whence says which. */
static char *find_token(struct visit *visit, const char **whence,
			GError **error)
{
	const struct config *config = visit->config;
	const char *given = g_getenv("ZNATOK_MATRIX_TOKEN");
	if (config->matrix_token_file) {
		*whence = "[matrix] token_file";
		return config_secret(config->matrix_token_file, error);
	}
	if (given && *given) {
		*whence = "ZNATOK_MATRIX_TOKEN";
		return g_strdup(given);
	}
	*whence = "the store";
	return visit->known && visit->account.state == ACCOUNT_LIVE
		       ? g_strdup(visit->account.access_token)
		       : NULL;
}

static void look_for_password(struct visit *visit)
{
	const struct config *config = visit->config;
	g_autoptr(GError) error = NULL;
	char *password =
		config->matrix_password_file
			? config_secret(config->matrix_password_file, &error)
			: g_strdup(g_getenv("ZNATOK_MATRIX_PASSWORD"));
	if (error)
		say_line(visit, false, "token", "%s", error->message);
	else if (password)
		say_line(visit, true, "token",
			 "none yet; the next start logs in with the password");
	else
		say_line(visit, false, "token",
			 "there is no session and no password; set [matrix] "
			 "password_file, or: znatok login");
	account_wipe(&password);
}

/* Only of the store's own token is it known how another one is come by. */
static void judge_refusal(struct visit *visit, const char *whence, bool stored,
			  const struct api_answer *answer)
{
	/* A token that has merely run out is refused softly. */
	bool soft = stored && answer->soft_logout;
	if (api_answer_is(answer, "M_USER_LOCKED"))
		say_line(visit, false, "token",
			 "the account is locked; the bot waits until whoever "
			 "runs the server unlocks it");
	else if (answer->class == RETRY_LATER || answer->class == RETRY_LIMITED)
		say_line(visit, false, "token",
			 "that of %s cannot be tried: %s; try again later",
			 whence, answer->trouble);
	else if (soft && visit->account.refresh_token)
		say_line(visit, true, "token",
			 "it has run out; the next start refreshes it");
	else if (soft)
		look_for_password(visit);
	else
		say_line(visit, false, "token",
			 "that of %s is refused: %s; get a new one by: znatok "
			 "login",
			 whence,
			 answer->trouble ? answer->trouble : "no user_id");
}

static void look_at_token(struct visit *visit)
{
	g_autoptr(GError) error = NULL;
	g_auto(api_answer) answer = { 0 };
	const char *whence = "", *wanted = visit->config->matrix_user;
	if (!visit->base_url)
		return;
	char *token = find_token(visit, &whence, &error);
	if (error)
		say_line(visit, false, "token", "%s", error->message);
	else if (!token)
		look_for_password(visit);
	if (!token)
		return;
	bool stored = g_strcmp0(token, visit->account.access_token) == 0;
	g_autofree char *url =
		api_url(visit->base_url, "account", "whoami", NULL);
	login_call(visit->http, NULL, url, token, NULL, &answer);
	account_wipe(&token);
	const char *user = json_text_of(answer.json, "user_id");
	const char *device = json_text_of(answer.json, "device_id");
	if (answer.class != RETRY_NOT || !user)
		judge_refusal(visit, whence, stored, &answer);
	else if (!client_user_is(user, wanted))
		say_line(visit, false, "token",
			 "that of %s belongs to %s, but [matrix] user is %s; "
			 "one of the two is wrong",
			 whence, user, wanted);
	else
		say_line(visit, true, "token",
			 "that of %s is good: %s, device %s", whence, user,
			 device ? device : "unknown");
}

/* ---- the visit ---- */

static int doctor(const struct cli_command *self, int argc, char **argv)
{
	static void (*const looks[])(struct visit * visit) = {
		look_at_notes,	look_at_rights, look_at_store,
		look_at_server, look_at_clock,	look_at_token,
	};
	int status;
	g_auto(cli_options) options = { 0 };
	g_autoptr(GError) error = NULL;
	if (!cli_parse(self, &options, 0, NULL, &argc, &argv, &status))
		return status;
	if (argc > 1)
		return cli_fail(self, CLI_USAGE, "%s is one word too many",
				argv[1]);
	g_autoptr(bot_config) config = cli_config(&options, &error);
	struct visit visit = { .options = &options, .config = config };
	if (!config) {
		/* It may hold several mistakes: a line for each. */
		g_auto(GStrv) lines = g_strsplit(error->message, "\n", -1);
		for (char **line = lines; *line; line++)
			say_line(&visit, false, "config", "%s", *line);
		return CLI_FAILED;
	}
	say_line(&visit, true, "config", "%s",
		 config->file ? config->file
			      : "none was found; everything is as by default");
	visit.http = http_new(config->matrix_ca_file);
	for (size_t i = 0; i < G_N_ELEMENTS(looks); i++)
		looks[i](&visit);
	http_free(visit.http);
	account_clear(&visit.account);
	sqlite_close(visit.db);
	g_free(visit.base_url);
	return visit.bad ? CLI_FAILED : CLI_DONE;
}

const struct cli_command cli_doctor = {
	.name = "doctor",
	.usage = "",
	.summary = "Looks at all that the bot needs, and says what to do",
	.details = "A line for each of config, notes, rights, store, server, "
		   "clock, token; what is\nnot well says what to do about it. "
		   "Exits with 1 if anything is not.",
	.run = doctor,
};
