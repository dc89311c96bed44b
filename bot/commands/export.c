/*
 * !export me: what is kept about the person, as JSON; !export me anki: the
 * questions that they have answered, as a table for Anki (text, tab, text).
 */

#include <string.h>

#include "bot/base/clock.h"
#include "bot/base/json.h"
#include "bot/command.h"
#include "bot/store/ledger.h"
#include "bot/store/person.h"
#include "kb/render.h"

static char *moment(int64_t at)
{
	g_autoptr(GDateTime) utc =
		g_date_time_new_from_unix_utc(at / CLOCK_SECOND);
	return g_date_time_format(utc, "%Y-%m-%dT%H:%M:%SZ");
}

static void put_plain(struct json *object, const char *key,
		      const char *markdown)
{
	g_autofree char *plain = render_plain(markdown);
	json_set_text(object, key, plain);
}

static void put_points(const struct ledger_line *line, int64_t room, void *list)
{
	struct json *object = json_object();
	g_autofree char *at = moment(line->at);
	json_set_text(object, "at", at);
	json_set_text(object, "date", line->local_date);
	json_set_number(object, "room", (double)room);
	json_set_number(object, "question", (double)line->question);
	put_plain(object, "title", line->title);
	json_set_text(object, "topic", line->topic);
	json_set_text(object, "kind", line->kind);
	json_set_number(object, "points", (double)line->points);
	json_set_text(object, "reason", line->reason);
	json_append(list, object);
}

static void put_answer(const struct ledger_answer *answer, void *list)
{
	struct json *object = json_object();
	g_autofree char *at = moment(answer->at);
	json_set_text(object, "at", at);
	put_plain(object, "question", answer->prompt);
	put_plain(object, "answer", answer->said);
	json_append(list, object);
}

static void put_gap(const char *query, int64_t when, void *list)
{
	struct json *object = json_object();
	g_autofree char *at = moment(when);
	json_set_text(object, "at", at);
	json_set_text(object, "looked_for", query);
	json_append(list, object);
}

static bool export_json(struct command_call *call, GError **error)
{
	g_auto(GStrv) addresses = NULL;
	g_autoptr(json) all = json_object();
	struct json *points = json_array(), *answers = json_array(),
		    *gaps = json_array();
	json_set(all, "points", points);
	json_set(all, "answers", answers);
	json_set(all, "gaps", gaps);
	if (!person_addresses(call->db, call->person, &addresses, error) ||
	    !ledger_each(call->db, call->person, put_points, points, error) ||
	    !ledger_answers(call->db, call->person, put_answer, answers,
			    error) ||
	    !ledger_gaps(call->db, call->person, put_gap, gaps, error))
		return false;
	json_set_text(all, "name", call->name);
	json_set_texts(all, "addresses", addresses);
	g_autofree char *text = json_print(all);
	g_autofree char *block = g_strdup_printf("```json\n%s\n```", text);
	command_say_markdown(call, block);
	return true;
}

/* One line a card; the last answer to a question is its card. */
static void put_card(const struct ledger_answer *answer, void *data)
{
	GString *table = data;
	g_autofree char *front = render_plain(answer->prompt);
	g_autofree char *back = render_plain(answer->answer);
	g_strdelimit(front, "\t\n", ' ');
	g_strdelimit(back, "\t\n", ' ');
	g_autofree char *line = g_strdup_printf("%s\t%s\n", front, back);
	if (!strstr(table->str, line))
		g_string_append(table, line);
}

static bool export_anki(struct command_call *call, GError **error)
{
	g_autoptr(GString) table = g_string_new(NULL);
	if (!ledger_answers(call->db, call->person, put_card, table, error))
		return false;
	g_autofree char *block = g_strdup_printf("```\n%s```", table->str);
	if (table->len)
		command_say_markdown(call, block);
	else
		command_say(call, SAY_EXPORT_NOTHING);
	return true;
}

static bool export(struct command_call *call, GError **error)
{
	bool anki = call->words_len == 2 &&
		    command_word_matches(call->words[1], "anki");
	bool json = call->words_len == 1 ||
		    command_word_matches(call->words[1], "json");
	bool me = command_word_matches(call->words[0], "me") ||
		  command_word_matches(call->words[0], "меня");
	if (!me || (!anki && !json)) {
		command_say_usage(call, call->command);
		return true;
	}
	/* Who was asked what, and answered what, is not for the room. */
	if (!call->direct) {
		command_say(call, SAY_EXPORT_DIRECT, ARG(call->prefix));
		return true;
	}
	return anki ? export_anki(call, error) : export_json(call, error);
}

const struct command command_export = {
	.name = "export",
	.usage = "me [json|anki]",
	.summary = SAY_EXPORT_SUMMARY,
	.words = 1,
	.words_most = 2,
	.run = export,
};
