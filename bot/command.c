#include "bot/command.h"

#include <string.h>

#include "kb/words.h"

enum { SUGGEST_FROM = 4 }; /* letters: shorter words are mistyped talk */

bool command_word_matches(const char *word, const char *name)
{
	g_autofree char *lower = g_utf8_strdown(word, -1);
	g_autofree char *swapped = words_to_latin_layout(lower);
	g_autofree char *look = words_by_look(word);
	g_autofree char *seen = g_utf8_strdown(look, -1);
	return g_str_equal(lower, name) || g_str_equal(swapped, name) ||
	       g_str_equal(seen, name);
}

static bool is_called(const struct command *command, const char *name)
{
	if (command_word_matches(name, command->name))
		return true;
	g_auto(GStrv) aliases =
		g_strsplit(command->aliases ? command->aliases : "", " ", -1);
	for (char **alias = aliases; *alias; alias++)
		if (command_word_matches(name, *alias))
			return true;
	return false;
}

const struct command *command_find(const struct command *const *table,
				   const char *name)
{
	for (; *table; table++)
		if (is_called(*table, name))
			return *table;
	return NULL;
}

const struct command *command_nearest(const struct command *const *table,
				      const char *name)
{
	glong len = g_utf8_strlen(name, -1);
	if (len < SUGGEST_FROM)
		return NULL;
	g_autofree char *lower = g_utf8_strdown(name, -1);
	g_autofree char *swapped = words_to_latin_layout(lower);
	unsigned most = MAX(1, words_typo_budget((size_t)len));
	const struct command *nearest = NULL;
	unsigned nearest_distance = most + 1;
	bool several = false;
	for (; *table; table++) {
		if (strlen((*table)->name) < SUGGEST_FROM - 1)
			continue; /* everything short is near to them */
		unsigned distance =
			MIN(words_distance(lower, (*table)->name, most),
			    words_distance(swapped, (*table)->name, most));
		several = distance == nearest_distance;
		if (distance < nearest_distance) {
			nearest = *table;
			nearest_distance = distance;
		}
	}
	return several ? NULL : nearest;
}

void command_say_markdown(struct command_call *call, const char *markdown)
{
	if (call->said->len > 0)
		g_string_append(call->said, "\n\n");
	g_string_append(call->said, markdown);
}

void command_say_args(struct command_call *call, enum sentence sentence,
		      const struct say_arg *args)
{
	g_autofree char *text = say_args(call->language, sentence, args);
	command_say_markdown(call, text);
}

void command_line_args(struct command_call *call, enum sentence sentence,
		       const struct say_arg *args)
{
	g_autofree char *text = say_args(call->language, sentence, args);
	if (call->said->len > 0)
		g_string_append_c(call->said, '\n');
	g_string_append(call->said, text);
}

/* Puts a word of a usage in the language of the answer where it stands for
 * what people choose; "auto" and "N" are typed or read as they are. */
static void put_usage_word(GString *out, const struct language *language,
			   const char *word, size_t len)
{
	static const enum sentence placeholders[] = {
		SAY_USAGE_WORDS, SAY_USAGE_COMMAND, SAY_USAGE_TOPIC,
		SAY_USAGE_KEY,	 SAY_USAGE_VALUE,   SAY_USAGE_TEXT,
		SAY_USAGE_TYPE,	 SAY_USAGE_ZONE,    SAY_USAGE_WHO,
		SAY_USAGE_WHY,
	};
	const struct language *english = say_language("en");
	for (size_t i = 0; i < G_N_ELEMENTS(placeholders); i++) {
		const char *known = say_words(english, placeholders[i]);
		if (strlen(known) != len || memcmp(known, word, len) != 0)
			continue;
		g_string_append(out, say_words(language, placeholders[i]));
		return;
	}
	g_string_append_len(out, word, (gssize)len);
}

char *command_usage(const struct command_call *call,
		    const struct command *command)
{
	GString *out = g_string_new(call->prefix);
	g_string_append(out, command->name);
	const char *rest = command->usage;
	if (*rest)
		g_string_append_c(out, ' ');
	while (*rest) {
		size_t len = strcspn(rest, " []|");
		put_usage_word(out, call->language, rest, len);
		rest += len;
		len = strspn(rest, " []|");
		g_string_append_len(out, rest, (gssize)len);
		rest += len;
	}
	return g_string_free(out, false);
}

void command_say_usage(struct command_call *call, const struct command *command)
{
	g_autofree char *summary =
		say_args(call->language, command->summary, SAY_ARGS());
	g_autofree char *usage = command_usage(call, command);
	command_say(call, SAY_HELP_ROW, ARG(usage), ARG_MARKDOWN(summary));
}

/* Cuts "q  gil lock" into its first word and what follows. */
static char *first_word(const char *text, const char **rest)
{
	size_t len = strcspn(text, " \t\n\r");
	*rest = text + len;
	while (**rest && strchr(" \t\n\r", **rest))
		(*rest)++;
	return g_strndup(text, len);
}

static void say_who_may(struct command_call *call,
			const struct command *command)
{
	g_autofree char *name = g_strconcat(call->prefix, command->name, NULL);
	if (command->role == CHAT_ADMIN)
		command_say(call, SAY_ONLY_ADMINS, ARG(name));
	else
		command_say(call, SAY_ONLY_MODERATORS, ARG(name));
}

static bool run(struct command_call *call, const struct command *command,
		const char *text, GError **error)
{
	g_auto(GStrv) all = g_strsplit_set(text, " \t\n\r", -1);
	g_autoptr(GStrvBuilder) kept = g_strv_builder_new();
	for (char **word = all; *word; word++)
		if (**word)
			g_strv_builder_add(kept, *word);
	g_auto(GStrv) words = g_strv_builder_end(kept);
	call->command = command;
	call->text = text;
	call->words = words;
	call->words_len = g_strv_length(words);

	bool well = true;
	if (call->role < command->role)
		say_who_may(call, command);
	else if (call->words_len < command->words ||
		 call->words_len > command->words_most)
		command_say_usage(call, command);
	else
		well = command->run(call, error);
	call->words = NULL;
	call->words_len = 0;
	return well;
}

static void suggest(struct command_call *call, const char *name)
{
	const struct command *near = command_nearest(call->table, name);
	if (near)
		command_say(call, SAY_DID_YOU_MEAN, ARG(call->prefix),
			    ARG(name), ARG(near->name));
	else if (call->direct)
		command_say(call, SAY_NO_SUCH_COMMAND, ARG(call->prefix),
			    ARG(name));
}

/* Something that could be the name of a command: "!!!" and "!?" are talk. */
static bool is_name(const char *word)
{
	return g_unichar_isalpha(g_utf8_get_char(word));
}

bool command_answer(struct command_call *call, const char *body, bool mentioned,
		    GError **error)
{
	while (*body && strchr(" \t\n\r", *body))
		body++;
	bool prefixed = g_str_has_prefix(body, call->prefix);
	bool taken = false;
	if (prefixed)
		body += strlen(call->prefix);
	else if ((call->outbox || call->thread) &&
		 (!command_hear(call, body, &taken, error) || taken))
		return taken;
	else if (!call->direct && !mentioned)
		return true;

	const char *rest;
	g_autofree char *name = first_word(body, &rest);
	const struct command *command = command_find(call->table, name);
	if (command)
		return run(call, command, rest, error);
	if (!*name)
		return true;
	if (!prefixed && call->direct &&
	    (!command_hear(call, body, &taken, error) || taken))
		return taken;
	if (!prefixed)
		return run(call, command_find(call->table, "q"), body, error);
	if (is_name(name))
		suggest(call, name);
	return true;
}

bool command_answer_reaction(struct command_call *call, const char *reaction,
			     GError **error)
{
	bool taken = false;
	for (const struct command *const *c = call->table; *c; c++) {
		if (!(*c)->react)
			continue;
		call->command = *c;
		if (!(*c)->react(call, reaction, &taken, error))
			return false;
		if (taken)
			break;
	}
	return true;
}

bool command_hear(struct command_call *call, const char *text, bool *taken,
		  GError **error)
{
	*taken = false;
	for (const struct command *const *c = call->table; *c && !*taken; c++) {
		if (!(*c)->hear)
			continue;
		call->command = *c;
		if (!(*c)->hear(call, text, taken, error)) {
			*taken = false;
			return false;
		}
	}
	call->taken = *taken;
	return true;
}

bool command_ring(struct command_call *call, const char *kind,
		  const char *subject, GError **error)
{
	for (const struct command *const *c = call->table; *c; c++) {
		const struct command_alarm *alarm = (*c)->alarms;
		for (; alarm && alarm->kind; alarm++) {
			if (!g_str_equal(alarm->kind, kind))
				continue;
			call->command = *c;
			return alarm->ring(call, subject, error);
		}
	}
	g_warning("alarm of unknown kind %s", kind);
	return true;
}

bool command_post(struct command_call *call, const struct command_post *post,
		  int64_t *outbox, GError **error)
{
	int64_t row = 0;
	call->posted++;
	bool well = call->post(call, post, &row, error);
	if (outbox)
		*outbox = row;
	return well;
}
