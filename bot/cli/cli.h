/*
 * Sub-commands of the program: one file each, listed in list.def.
 *
 * Exit statuses: 0 done, 1 not found or failed, 2 used wrongly. An error is
 * one line on stderr.
 */

#pragma once

#include <stdbool.h>
#include <stdio.h>
#include <glib.h>
#include "bot/say/say.h"
#include "config/config.h"
#include "kb/library.h"

enum { CLI_DONE = 0, CLI_FAILED = 1, CLI_USAGE = 2 };

struct cli_command {
	const char *name;
	const char *usage; /* of options and words, as in "[--json] PATH…" */
	const char *summary; /* a sentence without its full stop */
	const char *details; /* for --help and the manual; NULL: none */
	/* argv holds what stands behind the sub-command's name, argv[0] it. */
	int (*run)(const struct cli_command *self, int argc, char **argv);
};

/* NULL at the end. */
extern const struct cli_command *const cli_commands[];

/* The options that most sub-commands share; zero at first, then clear. */
struct cli_options {
	char *config; /* --config */
	char **kb;    /* --kb, each one */
	gboolean json;
};
typedef struct cli_options cli_options;
void cli_options_clear(struct cli_options *options);

enum { CLI_KB = 1, CLI_JSON = 2 }; /* which, beside --config */

/*
 * Takes the shared options named by which, and own ones (NULL: none), from
 * argv; what is left are words. False with *status to exit with; --help
 * exits by itself.
 */
bool cli_parse(const struct cli_command *self, struct cli_options *options,
	       int which, const GOptionEntry *own, int *argc, char ***argv,
	       int *status);

/* A line of what came from outside, as log_visible() shows it. */
void cli_print(FILE *out, const char *text);

/* "znatok NAME: message" on stderr; returns status, for `return`. */
int cli_fail(const struct cli_command *self, int status, const char *format,
	     ...) G_GNUC_PRINTF(3, 4);

/* bot.conf as --config says or where it is found, else all defaults. */
struct config *cli_config(const struct cli_options *options, GError **error);

/*
 * The library of --kb, else of bot.conf, else of the notes that ship, with
 * its index in the cache or, for bot.conf's notes, in the state folder.
 */
struct library *cli_library(const struct cli_options *options,
			    const struct config *config, GError **error);

/* The library goes on with the notes that config names now. */
bool cli_move_library(const struct cli_options *options,
		      const struct config *config, struct library *library,
		      GError **error);

/* A library of these files and folders, with an index in memory. */
struct library *cli_library_of(const char *const *paths, GError **error);

/* The language to speak on the terminal: the words' own, else the locale's. */
const struct language *cli_language(const char *words);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(cli_options, cli_options_clear)
