/* !set: the room's settings; !set KEY VALUE: changes one. */

#include "bot/commands/settings.h"
#include "bot/quiz/calendar.h"
#include "bot/quiz/daily.h"
#include "bot/quiz/rules.h"
#include "bot/quiz/show.h"
#include "bot/store/room.h"
#include "config/table.h"

/* Sets the key, or says what is allowed. value NULL: back to the default. */
typedef bool setter(struct command_call *call, const char *value,
		    GError **error);

static bool set_language(struct command_call *call, const char *value,
			 GError **error)
{
	if (value)
		return settings_set_language(call, value, error);
	if (!room_set_language(call->db, call->room, NULL, error))
		return false;
	command_say(call, SAY_SET_DONE, ARG("language"),
		    ARG(call->config->bot_language));
	return true;
}

static bool set_prefix(struct command_call *call, const char *value,
		       GError **error)
{
	if (value && !config_option("bot", "prefix")->check(value)) {
		command_say(call, SAY_SET_PREFIX_BAD, ARG(value));
		return true;
	}
	if (!room_set_prefix(call->db, call->room, value, error))
		return false;
	command_say(call, SAY_SET_DONE, ARG("prefix"),
		    ARG(value ? value : call->config->bot_prefix));
	return true;
}

static bool set_budget(struct command_call *call, const char *value,
		       GError **error)
{
	const struct config_option *limits =
		config_option("notes", "answer_budget");
	gint64 budget = call->config->notes_answer_budget;
	if (value && !g_ascii_string_to_signed(value, 10, limits->least,
					       limits->most, &budget, NULL)) {
		command_say(call, SAY_SET_BUDGET_BAD, ARG(value),
			    ARG(limits->least), ARG(limits->most));
		return true;
	}
	if (!room_set(call->db, call->room, "budget", value, error))
		return false;
	g_autofree char *now = g_strdup_printf("%" G_GINT64_FORMAT, budget);
	command_say(call, SAY_SET_DONE, ARG("budget"), ARG(now));
	return true;
}

/* What that key is for and takes; caller frees. */
static char *summary_of(struct command_call *call, const char *key);

/* A key of the quiz's rules. */
static bool set_rule(struct command_call *call, const char *key,
		     const char *value, GError **error)
{
	g_autofree char *usual = rules_default(key, call->config);
	g_autofree char *kept = value ? rules_parse(key, value) : NULL;
	if (value && !kept) {
		g_autofree char *summary = summary_of(call, key);
		command_say(call, SAY_SET_RULE_BAD, ARG(value), ARG(key),
			    ARG_MARKDOWN(summary));
		return true;
	}
	if (!room_set(call->db, call->room, key, kept, error))
		return false;
	command_say(call, SAY_SET_DONE, ARG(key), ARG(value ? value : usual));
	return true;
}

static bool set_window(struct command_call *call, const char *value,
		       GError **error)
{
	return set_rule(call, RULES_WINDOW, value, error);
}

static bool set_race(struct command_call *call, const char *value,
		     GError **error)
{
	return set_rule(call, RULES_RACE, value, error);
}

static bool set_reactions(struct command_call *call, const char *value,
			  GError **error)
{
	return set_rule(call, RULES_REACTIONS, value, error);
}

static bool set_quiet(struct command_call *call, const char *value,
		      GError **error)
{
	return set_rule(call, RULES_QUIET, value, error);
}

static bool set_zone(struct command_call *call, const char *value,
		     GError **error)
{
	if (value && !calendar_knows_zone(value)) {
		command_say(call, SAY_ZONE_UNKNOWN, ARG(value));
		return true;
	}
	if (!room_set_zone(call->db, call->room, value, error) ||
	    !daily_replan(call, error))
		return false;
	command_say(call, SAY_SET_DONE, ARG("zone"),
		    ARG(value ? value : "UTC"));
	return true;
}

static const struct {
	const char *key;
	enum sentence summary;
	setter *set;
} keys[] = {
	{ "language", SAY_SET_LANGUAGE, set_language },
	{ "prefix", SAY_SET_PREFIX, set_prefix },
	{ "budget", SAY_SET_BUDGET, set_budget },
	{ "zone", SAY_SET_ZONE, set_zone },
	{ RULES_WINDOW, SAY_SET_WINDOW, set_window },
	{ RULES_RACE, SAY_SET_RACE, set_race },
	{ RULES_REACTIONS, SAY_SET_REACTIONS, set_reactions },
	{ RULES_QUIET, SAY_SET_QUIET, set_quiet },
};

static char *summary_of(struct command_call *call, const char *key)
{
	size_t i = 0;
	while (!g_str_equal(keys[i].key, key))
		i++;
	return say_args(call->language, keys[i].summary, SAY_ARGS());
}

static void say_row(struct command_call *call, size_t i, const char *value)
{
	g_autofree char *summary =
		say_args(call->language, keys[i].summary, SAY_ARGS());
	command_line(call, SAY_SET_ROW, ARG(keys[i].key), ARG(value),
		     ARG_MARKDOWN(summary));
}

enum { FIRST_RULE = 4 }; /* in keys; before them stands the zone */

static bool show_rules(struct command_call *call, GError **error)
{
	g_autofree char *zone = NULL;
	if (!room_zone(call->db, call->room, &zone, error))
		return false;
	say_row(call, FIRST_RULE - 1, zone ? zone : "UTC");
	for (size_t i = FIRST_RULE; i < G_N_ELEMENTS(keys); i++) {
		g_autofree char *value = NULL;
		if (!room_setting(call->db, call->room, keys[i].key, &value,
				  error))
			return false;
		bool window = g_str_equal(keys[i].key, RULES_WINDOW);
		g_autofree char *shown =
			!value ? rules_default(keys[i].key, call->config)
			: window && g_ascii_isdigit(*value)
				? show_span(call->language,
					    g_ascii_strtoll(value, NULL, 10))
				: g_strdup(value);
		say_row(call, i, shown);
	}
	return true;
}

static bool show(struct command_call *call, GError **error)
{
	g_autofree char *budget = NULL;
	if (!room_setting(call->db, call->room, "budget", &budget, error))
		return false;
	if (!budget)
		budget = g_strdup_printf("%" G_GINT64_FORMAT,
					 call->config->notes_answer_budget);
	command_say(call, SAY_SET_NOW);
	say_row(call, 0, settings_language(call));
	say_row(call, 1, call->prefix);
	say_row(call, 2, budget);
	return show_rules(call, error);
}

static bool set(struct command_call *call, GError **error)
{
	if (call->words_len == 0)
		return show(call, error);
	for (size_t i = 0; i < G_N_ELEMENTS(keys); i++) {
		if (!command_word_matches(call->words[0], keys[i].key))
			continue;
		if (!settings_may_change(call))
			return true;
		return keys[i].set(call,
				   call->words_len > 1 ? call->words[1] : NULL,
				   error);
	}
	g_autoptr(GString) allowed = g_string_new(NULL);
	for (size_t i = 0; i < G_N_ELEMENTS(keys); i++)
		g_string_append_printf(allowed, "%s`%s`", i ? ", " : "",
				       keys[i].key);
	command_say(call, SAY_SET_UNKNOWN, ARG(call->words[0]),
		    ARG_MARKDOWN(allowed->str));
	return true;
}

const struct command command_set = {
	.name = "set",
	.usage = "[key value]",
	.summary = SAY_SET_SUMMARY,
	.words_most = 2,
	.run = set,
};
