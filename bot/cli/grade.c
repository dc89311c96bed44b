/* znatok grade ENTRY ANSWER…: how an answer would be taken. */

#include <math.h>
#include <stdio.h>

#include "bot/base/json.h"
#include "bot/cli/cli.h"
#include "bot/quiz/grade.h"
#include "kb/names.h"
#include "kb/words.h"

static bool is_called(const struct index_row *row, const char *name)
{
	if (g_ascii_strcasecmp(row->id, name) == 0)
		return true;
	g_autofree char *title = names_plain(row->title);
	g_autofree char *own = words_squash(title);
	g_autofree char *wanted = words_squash(name);
	return *wanted && g_str_equal(own, wanted);
}

/* Each id once: GPtrArray of borrowed char *. */
static GPtrArray *ids_of(GPtrArray *rows, const char *name)
{
	GPtrArray *ids = g_ptr_array_new();
	for (guint i = 0; i < rows->len; i++) {
		struct index_row *row = rows->pdata[i];
		if (is_called(row, name) &&
		    !g_ptr_array_find_with_equal_func(ids, row->id, g_str_equal,
						      NULL))
			g_ptr_array_add(ids, row->id);
	}
	return ids;
}

static int fail_many(const struct cli_command *self, const char *name,
		     GPtrArray *ids)
{
	g_autoptr(GString) list = g_string_new(NULL);
	for (guint i = 0; i < ids->len; i++)
		g_string_append_printf(list, " %s", (char *)ids->pdata[i]);
	return cli_fail(self, CLI_USAGE,
			"several entries are called %s, name one by its id:%s",
			name, list->str);
}

/* The entry, in the answer's language if there is a choice; on failure NULL,
 * with *status to exit with. */
static struct entry *find_entry(const struct cli_command *self,
				struct library *library, const char *name,
				const char *answer, int *status)
{
	struct index *index = library_index(library);
	int64_t generation = library_generation(library);
	g_autoptr(GError) error = NULL;
	g_autoptr(GPtrArray) rows = index_rows(index, generation, &error);
	g_autoptr(GPtrArray) ids = rows ? ids_of(rows, name) : NULL;
	g_autoptr(entry) entry = NULL;
	int64_t row = 0;
	*status = CLI_FAILED;
	if (ids && ids->len > 1) {
		*status = fail_many(self, name, ids);
	} else if (ids && ids->len == 0) {
		cli_fail(self, CLI_FAILED, "there is no entry called %s", name);
	} else if (!ids ||
		   !index_find(index, generation, ids->pdata[0],
			       say_language_name(cli_language(answer)), &row,
			       &error) ||
		   !index_entry(index, row, &entry, &error)) {
		cli_fail(self, CLI_FAILED, "%s", error->message);
	} else if (!entry || !*entry->questions ||
		   !(entry->answer || entry->brief)) {
		cli_fail(self, CLI_FAILED, "%s has no question with an answer",
			 name);
	} else {
		*status = CLI_DONE;
		return g_steal_pointer(&entry);
	}
	return NULL;
}

/* Their names, NULL at the end: g_strfreev(). */
static char **flag_names(const struct grade *grade)
{
	GPtrArray *names = g_ptr_array_new();
	for (unsigned i = 0; i < GRADE_FLAGS; i++)
		if (grade->flags >> i & 1)
			g_ptr_array_add(names,
					g_strdup(grade_flag_name(
						(enum grade_flag)(1 << i))));
	g_ptr_array_add(names, NULL);
	return (char **)g_ptr_array_free(names, FALSE);
}

static void print_json(const struct entry *entry, const struct grade *grade)
{
	g_auto(GStrv) flags = flag_names(grade);
	struct json *reasons = json_object();
	json_set_texts(reasons, "matched", grade->matched);
	json_set_texts(reasons, "missing", grade->missing);
	json_set_texts(reasons, "flags", flags);
	g_autoptr(json) object = json_object();
	json_set_text(object, "entry", entry->id);
	json_set_text(object, "verdict", grade_verdict_name(grade->verdict));
	json_set_number(object, "score", round(grade->score * 1000) / 1000);
	json_set(object, "reasons", reasons);
	g_autofree char *text = json_print(object);
	puts(text);
}

static void print_words(const char *head, char **words)
{
	if (!*words)
		return;
	g_autofree char *joined = g_strjoinv(", ", words);
	g_autofree char *line = g_strdup_printf("%s: %s", head, joined);
	cli_print(stdout, line);
}

static void print_plain(const struct entry *entry, const struct grade *grade)
{
	g_auto(GStrv) flags = flag_names(grade);
	g_autofree char *head = g_strdup_printf(
		"%s %.2f [%s] %s", grade_verdict_name(grade->verdict),
		grade->score, entry->id, entry->title);
	cli_print(stdout, head);
	print_words("matched", grade->matched);
	print_words("missing", grade->missing);
	print_words("extra", grade->extra);
	print_words("flags", flags);
}

static int grade_answer(const struct cli_command *self, int argc, char **argv)
{
	int status;
	g_auto(cli_options) options = { 0 };
	g_autoptr(GError) error = NULL;
	if (!cli_parse(self, &options, CLI_KB | CLI_JSON, NULL, &argc, &argv,
		       &status))
		return status;
	if (argc < 3)
		return cli_fail(self, CLI_USAGE,
				"which answer to which entry? usage: znatok "
				"grade ENTRY ANSWER…");
	g_autofree char *name = g_utf8_make_valid(argv[1], -1);
	g_autofree char *typed = g_strjoinv(" ", argv + 2);
	g_autofree char *answer = g_utf8_make_valid(typed, -1);
	g_autoptr(bot_config) config = cli_config(&options, &error);
	g_autoptr(library) library =
		config ? cli_library(&options, config, &error) : NULL;
	if (!library)
		return cli_fail(self, CLI_FAILED, "%s", error->message);
	g_autoptr(entry) entry =
		find_entry(self, library, name, answer, &status);
	if (!entry)
		return status;
	const struct grade_reference reference =
		grade_reference_of(entry, library_index(library));
	g_auto(grade) grade = { 0 };
	if (!grade_open(&reference, answer, &grade, &error))
		return cli_fail(self, CLI_FAILED, "%s", error->message);
	if (options.json)
		print_json(entry, &grade);
	else
		print_plain(entry, &grade);
	return CLI_DONE;
}

const struct cli_command cli_grade = {
	.name = "grade",
	.usage = "ENTRY ANSWER…",
	.summary = "Tells how an answer to an entry's question would be taken",
	.details = "ENTRY is an id or a title. The verdict is accept, peers "
		   "(other people judge it) or wrong; the score is before any "
		   "halving. Exits with 1 where there is no such entry or it "
		   "has no question, with 2 where several have the title.",
	.run = grade_answer,
};
