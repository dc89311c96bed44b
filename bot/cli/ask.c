/* znatok ask WORDS…: an answer on the terminal. */

#include <stdio.h>
#include <unistd.h>

#include "bot/base/json.h"
#include "bot/cli/cli.h"
#include "bot/console/terminal.h"
#include "kb/lookup.h"
#include "kb/render.h"

static struct json *hit_json(const struct lookup_hit *hit)
{
	struct json *object = json_object();
	json_set_text(object, "id", hit->id);
	json_set_text(object, "title", hit->title);
	json_set_text(object, "file", hit->file);
	json_set_number(object, "line", hit->line);
	json_set_text(object, "language", hit->language);
	json_set_number(object, "bucket", hit->bucket);
	json_set_number(object, "score", hit->score);
	return object;
}

static void print_json(const char *query, const struct lookup *found)
{
	static const char *const statuses[] = {
		[LOOKUP_NONE] = "none",
		[LOOKUP_CHOICES] = "choices",
		[LOOKUP_ANSWER] = "answer",
	};
	g_autoptr(json) object = json_object();
	json_set_text(object, "query", query);
	json_set_text(object, "understood", found->understood);
	json_set_text(object, "status", statuses[found->status]);
	struct json *entries = json_array();
	for (size_t i = 0; found->status != LOOKUP_NONE && i < found->len; i++)
		json_append(entries, hit_json(&found->hits[i]));
	json_set(object, "entries", entries);
	g_autofree char *text = json_print(object);
	puts(text);
}

static void print_markdown(const char *markdown)
{
	g_autofree char *text =
		isatty(STDOUT_FILENO)
			? render_terminal(markdown, terminal_width())
			: render_plain(markdown);
	puts(text);
}

static bool print_entry(struct library *library, const struct lookup_hit *hit,
			GError **error)
{
	g_autoptr(entry) entry = NULL;
	if (!index_entry(library_index(library), hit->row, &entry, error))
		return false;
	g_autofree char *text = entry_markdown(entry);
	g_autofree char *markdown =
		g_strdup_printf("**%s**\n\n%s", entry->title, text ? text : "");
	print_markdown(markdown);
	printf("\n%s:%d\n", entry->file, entry->line);
	return true;
}

/* What was typed -> the titles to choose from, or the nearest ones. */
static void print_titles(const char *query, const struct lookup *found)
{
	const struct language *language = cli_language(query);
	g_autoptr(GString) out = g_string_new(NULL);
	g_autofree char *head =
		found->status == LOOKUP_CHOICES
			? say(language, SAY_ASK_CHOICES)
			: say(language, SAY_ASK_NONE, ARG(query));
	g_string_append(out, head);
	for (size_t i = 0; i < found->len; i++)
		g_string_append_printf(out, "\n- %s", found->hits[i].title);
	print_markdown(out->str);
}

static int ask(const struct cli_command *self, int argc, char **argv)
{
	int status;
	g_auto(cli_options) options = { 0 };
	g_autoptr(GError) error = NULL;
	if (!cli_parse(self, &options, CLI_KB | CLI_JSON, NULL, &argc, &argv,
		       &status))
		return status;
	if (argc < 2)
		return cli_fail(self, CLI_USAGE,
				"what to look up? usage: "
				"znatok ask WORDS…");
	g_autofree char *typed = g_strjoinv(" ", argv + 1);
	g_autofree char *query = g_utf8_make_valid(typed, -1);
	g_autoptr(bot_config) config = cli_config(&options, &error);
	g_autoptr(library) library =
		config ? cli_library(&options, config, &error) : NULL;
	g_auto(lookup) found = { 0 };
	if (!library ||
	    !lookup_find(library_index(library), library_generation(library),
			 query, say_language_name(cli_language(query)), &found,
			 &error))
		return cli_fail(self, CLI_FAILED, "%s", error->message);
	if (options.json)
		print_json(query, &found);
	else if (found.status != LOOKUP_ANSWER)
		print_titles(query, &found);
	else if (!print_entry(library, &found.hits[0], &error))
		return cli_fail(self, CLI_FAILED, "%s", error->message);
	return found.status == LOOKUP_NONE ? CLI_FAILED : CLI_DONE;
}

const struct cli_command cli_ask = {
	.name = "ask",
	.usage = "WORDS…",
	.summary = "Answers from the notes on the terminal",
	.details = "Exits with 1 where the notes say nothing about it.",
	.run = ask,
};
