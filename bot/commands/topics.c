/* !topics: what there is to read about; !topics TOPIC: its entries. */

#include "bot/command.h"
#include "bot/quiz/topic.h"

enum { SHOWN_MOST = 30 };

static GPtrArray *rows_of(struct command_call *call, GError **error)
{
	return index_rows(library_index(call->library),
			  library_generation(call->library), error);
}

static void say_topics(struct command_call *call, GPtrArray *rows)
{
	g_autoptr(GHashTable) counts =
		g_hash_table_new(g_str_hash, g_str_equal);
	g_autoptr(GPtrArray) order = g_ptr_array_new();
	for (size_t i = 0; i < rows->len; i++) {
		const struct index_row *row = rows->pdata[i];
		gpointer count = g_hash_table_lookup(counts, row->topic);
		if (!count)
			g_ptr_array_add(order, (void *)row->topic);
		g_hash_table_insert(
			counts, (void *)row->topic,
			GSIZE_TO_POINTER(GPOINTER_TO_SIZE(count) + 1));
	}
	command_say(call, SAY_TOPICS, ARG(rows->len), ARG(call->prefix));
	for (size_t i = 0; i < order->len && i < SHOWN_MOST; i++) {
		size_t count = GPOINTER_TO_SIZE(
			g_hash_table_lookup(counts, order->pdata[i]));
		command_line(call, SAY_TOPIC,
			     ARG((const char *)order->pdata[i]), ARG(count));
	}
	if (order->len > SHOWN_MOST)
		command_line(call, SAY_AND_MORE, ARG(order->len - SHOWN_MOST));
}

static void say_entries(struct command_call *call, GPtrArray *rows)
{
	g_auto(topic) topic;
	topic_init(&topic, call->text);
	size_t found = 0;
	for (size_t i = 0; i < rows->len; i++) {
		const struct index_row *row = rows->pdata[i];
		if (!topic_is_in(&topic, row->path))
			continue;
		if (found++ == 0)
			command_say(call, SAY_TOPIC_ENTRIES, ARG(call->text));
		if (found <= SHOWN_MOST)
			command_line(call, SAY_BULLET,
				     ARG_MARKDOWN(row->title));
	}
	if (found > SHOWN_MOST)
		command_line(call, SAY_AND_MORE, ARG(found - SHOWN_MOST));
	if (found == 0)
		command_say(call, SAY_TOPIC_NONE, ARG(call->text),
			    ARG(call->prefix));
}

static bool topics(struct command_call *call, GError **error)
{
	g_autoptr(GPtrArray) rows = rows_of(call, error);
	if (!rows)
		return false;
	if (rows->len == 0)
		command_say(call, SAY_NO_ENTRIES);
	else if (call->words_len == 0)
		say_topics(call, rows);
	else
		say_entries(call, rows);
	return true;
}

const struct command command_topics = {
	.name = "topics",
	.usage = "[topic]",
	.summary = SAY_TOPICS_SUMMARY,
	.words_most = COMMAND_ANY_WORDS,
	.run = topics,
};
