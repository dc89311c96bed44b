/* znatok check PATH…: what is odd in notes, as compilers say it. */

#include <inttypes.h>
#include <stdio.h>

#include "bot/base/json.h"
#include "bot/cli/cli.h"

static void print_remark(const struct remark *remark, bool json)
{
	if (!json) {
		g_autofree char *text = remark_format(remark);
		cli_print(stdout, text);
		return;
	}
	g_autoptr(json) object = json_object();
	json_set_text(object, "file", remark->file);
	json_set_number(object, "line", remark->line);
	json_set_text(object, "level", remark_level_name(remark->level));
	json_set_text(object, "text", remark->text);
	g_autofree char *text = json_print(object);
	puts(text);
}

static void print_counts(const struct index_counts *counts, bool json)
{
	if (!json) {
		printf("%" PRId64 " notes, %" PRId64 " entries, %" PRId64
		       " questions; %" PRId64 " errors, %" PRId64 " warnings\n",
		       counts->notes, counts->entries, counts->questions,
		       counts->errors, counts->warnings);
		return;
	}
	g_autoptr(json) object = json_object();
	json_set_number(object, "notes", (double)counts->notes);
	json_set_number(object, "entries", (double)counts->entries);
	json_set_number(object, "questions", (double)counts->questions);
	json_set_number(object, "errors", (double)counts->errors);
	json_set_number(object, "warnings", (double)counts->warnings);
	g_autofree char *text = json_print(object);
	puts(text);
}

static int check(const struct cli_command *self, int argc, char **argv)
{
	int status;
	g_auto(cli_options) options = { 0 };
	g_autoptr(GError) error = NULL;
	struct index_counts counts;
	if (!cli_parse(self, &options, CLI_JSON, NULL, &argc, &argv, &status))
		return status;
	if (argc < 2)
		return cli_fail(self, CLI_USAGE,
				"which notes? usage: znatok "
				"check [--json] PATH…");
	g_autoptr(library) library =
		cli_library_of((const char *const *)argv + 1, &error);
	g_autoptr(GPtrArray) remarks =
		library ? index_remarks(library_index(library), &error) : NULL;
	if (!remarks || !index_count(library_index(library), &counts, &error))
		return cli_fail(self, CLI_FAILED, "%s", error->message);
	for (guint i = 0; i < remarks->len; i++)
		print_remark(remarks->pdata[i], options.json);
	print_counts(&counts, options.json);
	return counts.errors ? CLI_FAILED : CLI_DONE;
}

const struct cli_command cli_check = {
	.name = "check",
	.usage = "PATH…",
	.summary = "Tells what is odd in notes, by file and line",
	.details = "Exits with 1 where there are errors.",
	.run = check,
};
