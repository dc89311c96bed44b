/* !top [N] [day|week|month|all] [topic]: who leads in this room. */

#include "bot/commands/players.h"
#include "bot/commands/questions.h"
#include "bot/quiz/topic.h"
#include "bot/store/board.h"

enum { SHOWN = 5, SHOWN_MOST = 20 };

static const struct {
	const char *word;
	enum board_span span;
} windows[] = {
	{ "day", BOARD_DAY },	  { "week", BOARD_WEEK },
	{ "month", BOARD_MONTH }, { "all", BOARD_ALL },
	{ "день", BOARD_DAY },	  { "неделя", BOARD_WEEK },
	{ "месяц", BOARD_MONTH }, { "все", BOARD_ALL },
	{ "всё", BOARD_ALL },
};

static const enum sentence headings[] = {
	[BOARD_DAY] = SAY_TOP_DAY,
	[BOARD_WEEK] = SAY_TOP_WEEK,
	[BOARD_MONTH] = SAY_TOP_MONTH,
	[BOARD_ALL] = SAY_TOP_ALL,
};

static bool holds(const char *path, void *data)
{
	return topic_holds(data, path);
}

static bool take_window(const char *word, enum board_span *span)
{
	for (size_t i = 0; i < G_N_ELEMENTS(windows); i++)
		if (command_word_matches(word, windows[i].word)) {
			*span = windows[i].span;
			return true;
		}
	return false;
}

/* Reads the words into the query; what is neither number nor window is the
 * topic. False: the person has been told what is allowed. */
static bool read_words(struct command_call *call, struct board_query *query,
		       GString *topic)
{
	for (size_t i = 0; i < call->words_len; i++) {
		const char *word = call->words[i];
		guint64 number;
		if (g_ascii_string_to_unsigned(word, 10, 0, G_MAXUINT32,
					       &number, NULL)) {
			if (number < 1 || number > SHOWN_MOST) {
				command_say(call, SAY_TOP_NUMBER, ARG(word),
					    ARG(1), ARG(SHOWN_MOST));
				return false;
			}
			query->most = (unsigned)number;
		} else if (topic->len > 0 || !take_window(word, &query->span)) {
			g_string_append_printf(topic, "%s%s",
					       topic->len ? " " : "", word);
		}
	}
	return true;
}

static void say_rows(struct command_call *call, const GArray *rows)
{
	for (guint i = 0; i < rows->len; i++) {
		const struct standing *s =
			&g_array_index(rows, struct standing, i);
		g_autofree char *name = players_bold(s->name);
		command_line(call, SAY_TOP_ROW, ARG(s->place),
			     ARG_MARKDOWN(name), ARG(s->points));
	}
}

/* Nobody has points; there may be no such topic either. */
static bool say_empty(struct command_call *call, const char *topic,
		      GError **error)
{
	bool known;
	if (!questions_know_topic(call, topic, &known, error))
		return false;
	if (known)
		command_say(call, SAY_TOP_EMPTY, ARG(call->prefix));
	return true;
}

static bool top(struct command_call *call, GError **error)
{
	char today[CALENDAR_DATE_LEN];
	struct board_query query = {
		.room = call->room,
		.span = BOARD_ALL,
		.local_date = today,
		.most = SHOWN,
	};
	g_autoptr(GString) typed = g_string_new(NULL);
	g_auto(topic) topic = { 0 };
	if (!read_words(call, &query, typed))
		return true;
	if (typed->len > 0) {
		topic_init(&topic, typed->str);
		query.topic = holds;
		query.data = &topic;
	}
	if (!players_today(call, today, error))
		return false;
	g_autoptr(GArray) rows = board_top(call->db, &query, error);
	if (!rows)
		return false;
	if (rows->len == 0)
		return say_empty(call, typed->str, error);
	command_say_args(call, headings[query.span], SAY_ARGS());
	if (typed->len > 0)
		command_line(call, SAY_TOP_TOPIC, ARG(typed->str));
	say_rows(call, rows);
	return true;
}

const struct command command_top = {
	.name = "top",
	.usage = "[N] [day|week|month|all] [topic]",
	.summary = SAY_TOP_SUMMARY,
	.words_most = COMMAND_ANY_WORDS,
	.run = top,
};
