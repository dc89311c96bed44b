/* The program: finds the sub-command, or says which there are. */

#include <errno.h>
#include <fcntl.h>
#include <locale.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "bot/cli/cli.h"
#include "bot/cli/log.h"
#include "config/near.h"

static void print_help(FILE *out)
{
	fputs("usage: znatok COMMAND [OPTION…] [WORD…]\n\n", out);
	for (const struct cli_command *const *c = cli_commands; *c; c++)
		fprintf(out, "  %-9s %s\n", (*c)->name, (*c)->summary);
	fputs("\nznatok COMMAND --help tells more of one.\n", out);
}

static int unknown(const char *name)
{
	g_autoptr(GStrvBuilder) names = g_strv_builder_new();
	for (const struct cli_command *const *c = cli_commands; *c; c++)
		g_strv_builder_add(names, (*c)->name);
	g_auto(GStrv) known = g_strv_builder_end(names);
	const char *near = near_name(name, (const char *const *)known);
	g_autofree char *text = g_strdup_printf(
		"znatok: there is no command %s%s%s; see znatok --help", name,
		near ? "; did you mean " : "", near ? near : "");
	cli_print(stderr, text);
	return CLI_USAGE;
}

/* What could not be printed was not done. */
static int finish(const struct cli_command *command, int status)
{
	if (fflush(stdout) == 0 && !ferror(stdout))
		return status;
	return status ? status
		      : cli_fail(command, CLI_FAILED,
				 "the output cannot be written: %s",
				 g_strerror(errno));
}

/* A file opened in the place of a closed standard one would be read or written
 * by mistake. A closed output is one that cannot be written. */
static void fill_standard_files(void)
{
	for (int fd = 0; fd <= 2; fd++)
		if (fcntl(fd, F_GETFD) < 0 && errno == EBADF &&
		    open(fd == 0 ? "/dev/null" : "/dev/full", O_RDWR) != fd)
			_exit(CLI_FAILED);
}

int main(int argc, char **argv)
{
	fill_standard_files();
	setlocale(LC_ALL, "");
	log_begin();
	if (argc < 2) {
		print_help(stderr);
		return CLI_USAGE;
	}
	if (g_str_equal(argv[1], "--help") || g_str_equal(argv[1], "-h") ||
	    g_str_equal(argv[1], "help")) {
		print_help(stdout);
		return CLI_DONE;
	}
	if (g_str_equal(argv[1], "--version")) {
		puts("znatok " ZNATOK_VERSION);
		return CLI_DONE;
	}
	for (const struct cli_command *const *c = cli_commands; *c; c++)
		if (g_str_equal((*c)->name, argv[1]))
			return finish(*c, (*c)->run(*c, argc - 1, argv + 1));
	return unknown(argv[1]);
}
