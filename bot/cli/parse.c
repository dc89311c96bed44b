/* znatok parse PATH…: every entry of the notes, as one JSON object a line. */

#include <stdio.h>

#include "bot/base/json.h"
#include "bot/cli/cli.h"

static struct json *code_json(const struct entry *entry)
{
	struct json *array = json_array();
	for (size_t i = 0; i < entry->code_len; i++) {
		struct json *object = json_object();
		json_set_text(object, "language", entry->code[i].language);
		json_set_text(object, "text", entry->code[i].text);
		json_append(array, object);
	}
	return array;
}

static void print_json(const struct entry *entry)
{
	g_autoptr(json) object = json_object();
	json_set_text(object, "id", entry->id);
	json_set_text(object, "title", entry->title);
	json_set_texts(object, "path", entry->path);
	json_set_texts(object, "tags", entry->tags);
	json_set_texts(object, "aliases", entry->aliases);
	json_set_text(object, "language", entry->language);
	json_set_text(object, "dialect", entry->dialect);
	json_set_text(object, "file", entry->file);
	json_set_number(object, "line", entry->line);
	json_set_text(object, "brief", entry->brief);
	json_set_texts(object, "questions", entry->questions);
	json_set_text(object, "answer", entry->answer);
	json_set(object, "code", code_json(entry));
	g_autofree char *text = json_print(object);
	puts(text);
}

/* For people: where it stands, and what there is of it. */
static void print_plain(const struct entry *entry)
{
	g_autofree char *text = g_strdup_printf(
		"%s:%d: %s [%s, %s]%s%s%s%s", entry->file, entry->line,
		entry->title, entry->id, entry->dialect,
		entry->brief ? " brief" : "",
		*entry->questions ? " question" : "",
		entry->answer ? " answer" : "", entry->code_len ? " code" : "");
	cli_print(stdout, text);
}

static bool print_all(struct library *library, bool json, GError **error)
{
	struct index *index = library_index(library);
	g_autoptr(GPtrArray) rows =
		index_rows(index, library_generation(library), error);
	if (!rows)
		return false;
	for (guint i = 0; i < rows->len; i++) {
		const struct index_row *row = rows->pdata[i];
		g_autoptr(entry) entry = NULL;
		if (!index_entry(index, row->row, &entry, error))
			return false;
		if (json)
			print_json(entry);
		else
			print_plain(entry);
	}
	return true;
}

static int parse(const struct cli_command *self, int argc, char **argv)
{
	int status;
	g_auto(cli_options) options = { 0 };
	g_autoptr(GError) error = NULL;
	if (!cli_parse(self, &options, CLI_JSON, NULL, &argc, &argv, &status))
		return status;
	if (argc < 2)
		return cli_fail(self, CLI_USAGE,
				"which notes? usage: znatok "
				"parse [--json] PATH…");
	g_autoptr(library) library =
		cli_library_of((const char *const *)argv + 1, &error);
	if (!library || !print_all(library, options.json, &error))
		return cli_fail(self, CLI_FAILED, "%s", error->message);
	return CLI_DONE;
}

const struct cli_command cli_parse_notes = {
	.name = "parse",
	.usage = "PATH…",
	.summary = "Prints every entry of notes, as JSON for scripts",
	.run = parse,
};
