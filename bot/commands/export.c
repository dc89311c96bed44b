/*
 * !export me: what is kept about the person, as JSON; !export me anki: the
 * questions that they have answered, as a table for Anki (text, tab, text).
 */

#include <string.h>

#include "bot/base/clock.h"
#include "bot/base/json.h"
#include "bot/command.h"
#include "bot/quiz/grade.h"
#include "bot/store/kept.h"
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

/* ---- messages ---- */

/*
 * What is told goes out in as many messages as it takes, each of them whole in
 * itself: a network would cut a long one anywhere.
 */
enum {
	COST_MOST = 40000,  /* of a message, see cost_of() */
	PIECE_BYTES = 3000, /* of a text; a longer one becomes several rows */
};

/* About the bytes of a text as Matrix gets it: twice, quotes as \" and &quot;.
 */
static size_t cost_of(const char *text)
{
	size_t cost = 0;
	for (; *text; text++)
		cost += strchr("\"\\<>&", *text) ? 8 : 2;
	return cost;
}

/* What is collected: messages, of which the last one grows. */
struct collection {
	GPtrArray *messages; /* GString */
	size_t cost;	     /* of the last one */
	const char *section; /* that is open in it; NULL: none */
};

static void string_free(void *string)
{
	g_string_free(string, TRUE);
}

static bool say_messages(struct command_call *call, GPtrArray *messages,
			 const char *language, GError **error)
{
	for (guint i = 0; i < messages->len; i++) {
		const GString *text = messages->pdata[i];
		g_autofree char *head =
			messages->len > 1 ? say(call->language, SAY_EXPORT_PART,
						ARG(i + 1), ARG(messages->len))
					  : g_strdup("");
		g_autofree char *block = g_strdup_printf(
			"%s%s```%s\n%s\n```", head, *head ? "\n\n" : "",
			language, text->str);
		const struct command_post post = { .kind = CHAT_SAY,
						   .markdown = block,
						   .answers = true };
		if (messages->len == 1)
			command_say_markdown(call, block);
		else if (!command_post(call, &post, NULL, error))
			return false;
	}
	return true;
}

/* ---- JSON ---- */

static void close_section(struct collection *all)
{
	GString *last = all->messages->pdata[all->messages->len - 1];
	if (all->section)
		g_string_append_c(last, ']');
	all->section = NULL;
}

/* Begins a message with these members; each is an object of its own. */
static void begin(struct collection *all, const char *members)
{
	if (all->messages->len) {
		close_section(all);
		g_string_append_c(all->messages->pdata[all->messages->len - 1],
				  '}');
	}
	GString *text = g_string_new("{");
	g_string_append(text, members);
	g_ptr_array_add(all->messages, text);
	all->cost = cost_of(text->str);
}

/* A row of a section, "points": [{…}, …]; takes object. */
static void add(struct collection *all, const char *section,
		struct json *object)
{
	g_autofree char *row = json_print(object);
	size_t cost = cost_of(row) + cost_of(section) + cost_of("[],\"\":");
	json_free(object);
	if (all->cost + cost > COST_MOST)
		begin(all, "");
	GString *last = all->messages->pdata[all->messages->len - 1];
	all->cost += cost;
	if (g_strcmp0(all->section, section) == 0) {
		g_string_append_printf(last, ",%s", row);
		return;
	}
	close_section(all);
	g_string_append_printf(last, "%s\"%s\":[%s", last->len > 1 ? "," : "",
			       section, row);
	all->section = section;
}

static void put_points(const struct ledger_line *line, int64_t room, void *all)
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
	add(all, "points", object);
}

static void put_words(struct json *object, const char *key, const char *lines)
{
	g_auto(GStrv) words = g_strsplit(lines, "\n", -1);
	json_set_texts(object, key, words);
}

static void put_flags(struct json *object, unsigned flags)
{
	struct json *names = json_array();
	for (unsigned i = 0; i < GRADE_FLAGS; i++)
		if (flags & 1U << i)
			json_append_text(names, grade_flag_name(1U << i));
	json_set(object, "flags", names);
}

/* quiz.h has the letters. */
static const char *verdict_name(const char *verdict)
{
	return *verdict == 'a'	 ? "accept"
	       : *verdict == 'p' ? "peers"
	       : *verdict == 'w' ? "likely wrong"
				 : "wrong";
}

static void put_answer(const struct ledger_answer *answer, void *all)
{
	struct json *object = json_object();
	g_autofree char *at = moment(answer->at);
	json_set_text(object, "at", at);
	json_set_number(object, "number", (double)answer->question);
	put_plain(object, "question", answer->prompt);
	put_plain(object, "answer", answer->said);
	json_set_number(object, "attempt", answer->attempt);
	json_set_number(object, "hints", answer->hints);
	json_set_number(object, "g", answer->g / 1000.0);
	json_set_text(object, "verdict", verdict_name(answer->verdict));
	put_words(object, "matched", answer->matched);
	put_words(object, "missing", answer->missing);
	put_flags(object, answer->flags);
	json_set_bool(object, "edited", answer->edited);
	json_set_bool(object, "redacted", answer->redacted);
	add(all, "answers", object);
}

/* The piece of a text that begins at *from, which moves behind it. */
static char *next_piece(const char **from)
{
	size_t len = strlen(*from);
	const char *end = *from + MIN(len, PIECE_BYTES);
	if (len > PIECE_BYTES)
		end = g_utf8_find_prev_char(*from, end + 1);
	char *piece = g_strndup(*from, (gsize)(end - *from));
	*from = end;
	return piece;
}

/* *rest: what is left of the row's last text for further rows. */
static struct json *row_of(const struct kept_field *fields, const char **rest)
{
	struct json *object = json_object();
	for (; fields->name; fields++) {
		const char *from = *rest ? *rest : fields->text;
		g_autofree char *time = moment(fields->number);
		if (fields->kind == KEPT_NUMBER) {
			json_set_number(object, fields->name,
					(double)fields->number);
		} else if (fields->kind == KEPT_TIME) {
			json_set_text(object, fields->name,
				      fields->number ? time : NULL);
		} else if (fields[1].name || !fields->text) {
			json_set_text(object, fields->name, fields->text);
		} else {
			g_autofree char *piece = next_piece(&from);
			json_set_text(object, fields->name, piece);
			*rest = *from ? from : NULL;
		}
	}
	return object;
}

/* A message may be longer than one of ours: then it is several rows. */
static void put_kept(const char *section, const struct kept_field *fields,
		     void *all)
{
	const char *rest = NULL;
	int piece = 1;
	do {
		struct json *object = row_of(fields, &rest);
		if (rest || piece > 1)
			json_set_number(object, "piece", piece++);
		add(all, section, object);
	} while (rest);
}

/* "name":"bob","addresses":["bob"] */
static char *who_is(struct command_call *call, GError **error)
{
	g_auto(GStrv) addresses = NULL;
	g_autoptr(json) who = json_object();
	if (!person_addresses(call->db, call->person, &addresses, error))
		return NULL;
	json_set_text(who, "name", call->name);
	json_set_texts(who, "addresses", addresses);
	g_autofree char *object = json_print(who);
	return g_strndup(object + 1, strlen(object) - 2);
}

static bool export_json(struct command_call *call, GError **error)
{
	g_autofree char *who = who_is(call, error);
	g_autoptr(GPtrArray) messages =
		g_ptr_array_new_with_free_func(string_free);
	struct collection all = { .messages = messages };
	if (!who)
		return false;
	begin(&all, who);
	if (!ledger_each(call->db, call->person, put_points, &all, error) ||
	    !ledger_answers(call->db, call->person, put_answer, &all, error) ||
	    !kept_each(call->db, call->person, put_kept, &all, error))
		return false;
	close_section(&all);
	g_string_append_c(messages->pdata[messages->len - 1], '}');
	return say_messages(call, messages, "json", error);
}

/* ---- Anki ---- */

struct cards {
	struct collection all;
	GHashTable *seen; /* char * */
};

/* One line a card; the last answer to a question is its card. */
static void put_card(const struct ledger_answer *answer, void *data)
{
	struct cards *cards = data;
	GPtrArray *messages = cards->all.messages;
	g_autofree char *front = render_plain(answer->prompt);
	g_autofree char *back = render_plain(answer->answer);
	g_strdelimit(front, "\t\n", ' ');
	g_strdelimit(back, "\t\n", ' ');
	char *line = g_strdup_printf("%s\t%s", front, back);
	size_t cost = cost_of(line) + 2;
	if (!g_hash_table_add(cards->seen, line))
		return;
	if (!messages->len || cards->all.cost + cost > COST_MOST) {
		g_ptr_array_add(messages, g_string_new(line));
		cards->all.cost = cost;
		return;
	}
	g_string_append_printf(messages->pdata[messages->len - 1], "\n%s",
			       line);
	cards->all.cost += cost;
}

static bool export_anki(struct command_call *call, GError **error)
{
	g_autoptr(GPtrArray) messages =
		g_ptr_array_new_with_free_func(string_free);
	g_autoptr(GHashTable) seen =
		g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	struct cards cards = { { .messages = messages }, seen };
	if (!ledger_answers(call->db, call->person, put_card, &cards, error))
		return false;
	if (!messages->len)
		command_say(call, SAY_EXPORT_NOTHING);
	return say_messages(call, messages, "", error);
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
