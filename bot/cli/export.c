/* znatok export: every row of the ledger, for scripts. */

#include <stdio.h>
#include <string.h>

#include "bot/base/clock.h"
#include "bot/base/json.h"
#include "bot/cli/cli.h"
#include "bot/store/db.h"
#include "bot/store/ledger.h"

static char *moment(int64_t at)
{
	g_autoptr(GDateTime) utc =
		g_date_time_new_from_unix_utc(at / CLOCK_SECOND);
	return g_date_time_format(utc, "%Y-%m-%dT%H:%M:%SZ");
}

static void print_json(const struct ledger_line *line, int64_t room, void *data)
{
	(void)data;
	g_autoptr(json) object = json_object();
	g_autofree char *at = moment(line->at);
	json_set_number(object, "id", (double)line->id);
	json_set_text(object, "at", at);
	json_set_text(object, "date", line->local_date);
	json_set_number(object, "room", (double)room);
	json_set_number(object, "person", (double)line->person);
	json_set_text(object, "name", line->name);
	json_set_number(object, "question", (double)line->question);
	json_set_text(object, "title", line->title);
	json_set_text(object, "topic", line->topic);
	json_set_text(object, "kind", line->kind);
	json_set_number(object, "points", (double)line->points);
	json_set_bool(object, "counts", line->counts);
	json_set_text(object, "reason", line->reason);
	g_autofree char *text = json_print(object);
	puts(text);
}

/* RFC 4180; a cell that a table would take for a formula gets an apostrophe. */
static void print_cell(const char *text, char behind)
{
	bool quoted = strpbrk(text, ",\"\r\n") != NULL;
	if (quoted)
		putchar('"');
	if (*text && strchr("=+-@\t\r", *text))
		putchar('\'');
	for (; *text; text++) {
		if (*text == '"')
			putchar('"');
		putchar(*text);
	}
	if (quoted)
		putchar('"');
	putchar(behind);
}

static void print_csv(const struct ledger_line *line, int64_t room, void *data)
{
	(void)data;
	g_autofree char *at = moment(line->at);
	printf("%" G_GINT64_FORMAT ",%s,%s,%" G_GINT64_FORMAT
	       ",%" G_GINT64_FORMAT ",",
	       line->id, at, line->local_date, room, line->person);
	print_cell(line->name, ',');
	printf("%" G_GINT64_FORMAT ",", line->question);
	print_cell(line->title, ',');
	print_cell(line->topic, ',');
	printf("%s,%" G_GINT64_FORMAT ",%d,", line->kind, line->points,
	       line->counts);
	print_cell(line->reason, '\n');
}

static int export(const struct cli_command *self, int argc, char **argv)
{
	int status;
	gboolean csv = FALSE;
	g_auto(cli_options) options = { 0 };
	g_autofree char *state = NULL;
	const GOptionEntry own[] = {
		{ "state", 0, 0, G_OPTION_ARG_FILENAME, &state,
		  "The state folder, where it is not that of bot.conf", "DIR" },
		{ "csv", 0, 0, G_OPTION_ARG_NONE, &csv,
		  "A table with a head, in place of JSON", NULL },
		{ 0 },
	};
	g_autoptr(GError) error = NULL;
	if (!cli_parse(self, &options, CLI_JSON, own, &argc, &argv, &status))
		return status;
	if (argc > 1)
		return cli_fail(self, CLI_USAGE, "%s is one word too many",
				argv[1]);
	if (csv && options.json)
		return cli_fail(self, CLI_USAGE, "--json or --csv, not both");
	g_autoptr(bot_config) config = cli_config(&options, &error);
	g_autoptr(sqlite) db =
		config ? db_open_read(state ? state : config->bot_state, &error)
		       : NULL;
	if (csv && db)
		puts("id,at,date,room,person,name,question,title,topic,kind,"
		     "points,counts,reason");
	if (!db ||
	    !ledger_each(db, 0, csv ? print_csv : print_json, NULL, &error))
		return cli_fail(self, CLI_FAILED, "%s", error->message);
	return CLI_DONE;
}

const struct cli_command cli_export = {
	.name = "export",
	.usage = "[--json|--csv] [--state DIR]",
	.summary = "Prints every row of the ledger: who earned what, and why",
	.details = "One JSON object a line, or a CSV table; the bot may run.\n",
	.run = export,
};
