/*
 * znatok manual: the manual page, made from the tables of the program, and
 * with --readme the README's tables, so that none of them can say anything
 * else than the program does.
 */

#include <stdio.h>
#include <string.h>

#include "bot/cli/cli.h"
#include "bot/commands/list.h"
#include "config/table.h"
#include "config/value.h"

/* Text into man(7): backslashes and leading dots mean something there. */
static void put(const char *text)
{
	bool start = true;
	for (; *text; text++) {
		if (start && (*text == '.' || *text == '\''))
			fputs("\\&", stdout);
		if (*text == '\\')
			fputs("\\e", stdout);
		else if (*text == '-')
			fputs("\\-", stdout);
		else
			putchar(*text);
		start = *text == '\n';
	}
}

static void put_line(const char *text)
{
	put(text);
	putchar('\n');
}

static void put_item(const char *bold, const char *more)
{
	fputs(".TP\n\\fB", stdout);
	put(bold);
	fputs("\\fR", stdout);
	if (*more) {
		putchar(' ');
		put(more);
	}
	putchar('\n');
}

static const char *role_text(enum chat_role role)
{
	static const char *const texts[] = {
		[CHAT_USER] = "",
		[CHAT_MODERATOR] = " Moderators only.",
		[CHAT_ADMIN] = " Admins only.",
	};
	return texts[role];
}

static char *summary_of(const struct command *command)
{
	return say_args(say_language("en"), command->summary, SAY_ARGS());
}

static void put_program(void)
{
	puts(".SH COMMANDS OF THE PROGRAM");
	for (const struct cli_command *const *c = cli_commands; *c; c++) {
		put_item((*c)->name, (*c)->usage);
		put((*c)->summary);
		puts(".");
		if (!(*c)->details)
			continue;
		puts(".nf");
		put_line((*c)->details);
		puts(".fi");
	}
}

static void put_commands(void)
{
	puts(".SH COMMANDS IN A ROOM");
	puts("What stands before them is the prefix of the room, ! where none "
	     "has been set.\nThey are also understood when they were typed in "
	     "the other keyboard layout.");
	for (const struct command *const *c = command_list; *c; c++) {
		g_autofree char *name = g_strconcat("!", (*c)->name, NULL);
		g_autofree char *summary = summary_of(*c);
		put_item(name, (*c)->usage);
		put(summary);
		put(".");
		put_line(role_text((*c)->role));
	}
}

static void put_options(void)
{
	puts(".SH CONFIGURATION");
	puts("bot.conf is looked for in the current folder, in\n"
	     "$XDG_CONFIG_HOME/znatok and in /etc/znatok.");
	for (size_t s = 0; s < CONFIG_SECTIONS; s++) {
		g_autofree char *name =
			g_strdup_printf("[%s]", config_sections[s].name);
		puts(".SS");
		put_line(name);
		put_line(config_sections[s].help);
		for (size_t i = 0; i < CONFIG_OPTIONS; i++) {
			const struct config_option *o = &config_options[i];
			if (!g_str_equal(o->section, config_sections[s].name))
				continue;
			g_autofree char *allowed = value_allowed(o);
			g_autofree char *preset = g_strdup_printf(
				"= %s", *o->preset ? o->preset : "(empty)");
			put_item(o->key, preset);
			put_line(o->help);
			put("Allowed: ");
			put(allowed);
			puts(".");
		}
	}
}

static void print_manual(void)
{
	puts(".TH ZNATOK 1 " ZNATOK_RELEASED " \"znatok " ZNATOK_VERSION "\"");
	puts(".SH NAME\nznatok \\- chat bot that answers from Markdown notes");
	puts(".SH SYNOPSIS\n.B znatok\n\\fICOMMAND\\fR [\\fIOPTION\\fR ...] "
	     "[\\fIWORD\\fR ...]");
	puts(".SH DESCRIPTION\nA team keeps Markdown notes of questions and "
	     "knowledge, in Russian and English.\nznatok answers !q from them "
	     "in the team's chat room.\nOptions stand before the first word.");
	put_program();
	put_commands();
	put_options();
	puts(".SH EXIT STATUS\n0 done, 1 not found or failed, 2 used wrongly.");
	puts(".SH FILES");
	put_item("STATE/znatok.db", "");
	puts("All that outlives the process. The folder's lock is STATE/lock.");
	put_item("STATE/index.db", "");
	puts("The index of the notes; it may be deleted at any time.");
	put_item("$XDG_CACHE_HOME/znatok/", "");
	puts("The same for notes given by \\-\\-kb.");
}

/* A cell of a Markdown table. */
static void put_cell(const char *text)
{
	g_auto(GStrv) parts = g_strsplit(text, "|", -1);
	g_autofree char *escaped = g_strjoinv("\\|", parts);
	fputs(escaped, stdout);
}

static void print_readme(void)
{
	puts("| in a room | what it does |\n|---|---|");
	for (const struct command *const *c = command_list; *c; c++) {
		g_autofree char *summary = summary_of(*c);
		printf("| `!%s%s", (*c)->name, *(*c)->usage ? " " : "");
		put_cell((*c)->usage);
		printf("` | %s.%s |\n", summary, role_text((*c)->role));
	}
	puts("\n| program | what it does |\n|---|---|");
	for (const struct cli_command *const *c = cli_commands; *c; c++)
		printf("| `znatok %s%s%s` | %s. |\n", (*c)->name,
		       *(*c)->usage ? " " : "", (*c)->usage, (*c)->summary);
}

static int manual(const struct cli_command *self, int argc, char **argv)
{
	int status;
	gboolean readme = FALSE;
	g_auto(cli_options) options = { 0 };
	const GOptionEntry own[] = {
		{ "readme", 0, 0, G_OPTION_ARG_NONE, &readme,
		  "Print the tables of the README instead", NULL },
		{ 0 },
	};
	if (!cli_parse(self, &options, 0, own, &argc, &argv, &status))
		return status;
	if (argc > 1)
		return cli_fail(self, CLI_USAGE, "%s is one word too many",
				argv[1]);
	if (readme)
		print_readme();
	else
		print_manual();
	return CLI_DONE;
}

const struct cli_command cli_manual = {
	.name = "manual",
	.usage = "",
	.summary = "Prints the manual page",
	.details = "znatok manual | man -l -",
	.run = manual,
};
