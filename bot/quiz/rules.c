#include "bot/quiz/rules.h"

#include <string.h>

#include "bot/base/clock.h"
#include "bot/quiz/calendar.h"
#include "bot/store/room.h"
#include "config/table.h"
#include "config/hours.h"
#include "config/value.h"
#include "kb/words.h"

/* ---- typed ---- */

bool rules_span(const char *typed, int64_t least, int64_t most, int64_t *ms)
{
	const struct config_option option = {
		.type = OPTION_DURATION,
		.least = least,
		.most = most,
	};
	/* bot.conf says min; people say m. */
	size_t digits = strspn(typed, "0123456789");
	g_autofree char *minutes =
		g_strdup_printf("%.*smin", (int)digits, typed);
	bool m = digits && g_str_equal(typed + digits, "m");
	g_autoptr(GError) error = NULL;
	return value_parse(&option, m ? minutes : typed, NULL, ms, &error);
}

static char *parse_window(const char *typed)
{
	int64_t ms = 0;
	const struct config_option *limits = config_option("quiz", "open");
	if (g_str_equal(typed, "auto"))
		return g_strdup("auto");
	if (!rules_span(typed, limits->least, limits->most, &ms))
		return NULL;
	return g_strdup_printf("%" G_GINT64_FORMAT, ms);
}

struct choice {
	const char *typed, *kept;
};

static char *parse_word(const char *typed, const struct choice *words)
{
	g_autofree char *folded = words_fold(typed);
	g_autofree char *swapped = words_to_latin_layout(folded);
	for (; words->typed; words++)
		if (g_str_equal(folded, words->typed) ||
		    g_str_equal(swapped, words->typed))
			return g_strdup(words->kept);
	return NULL;
}

static char *parse_race(const char *typed)
{
	static const struct choice words[] = {
		{ "on", "on" },	    { "yes", "on" },  { "true", "on" },
		{ "да", "on" },	    { "off", "off" }, { "no", "off" },
		{ "false", "off" }, { "нет", "off" }, { 0 },
	};
	return parse_word(typed, words);
}

static char *parse_reactions(const char *typed)
{
	static const struct choice words[] = {
		{ "auto", "auto" }, { "on", "on" },
		{ "yes", "on" },    { "да", "on" },
		{ "off", "off" },   { "no", "off" },
		{ "нет", "off" },   { 0 },
	};
	return parse_word(typed, words);
}

static char *parse_quiet(const char *typed)
{
	static const struct choice words[] = {
		{ "off", "off" },
		{ "no", "off" },
		{ "нет", "off" },
		{ 0 },
	};
	return hours_are(typed) && *typed ? g_strdup(typed)
					  : parse_word(typed, words);
}

char *rules_parse(const char *key, const char *typed)
{
	static const struct {
		const char *key;
		char *(*parse)(const char *typed);
	} parsers[] = {
		{ RULES_WINDOW, parse_window },
		{ RULES_RACE, parse_race },
		{ RULES_REACTIONS, parse_reactions },
		{ RULES_QUIET, parse_quiet },
	};
	for (size_t i = 0; i < G_N_ELEMENTS(parsers); i++)
		if (g_str_equal(key, parsers[i].key))
			return parsers[i].parse(typed);
	return NULL;
}

/* ---- kept ---- */

char *rules_default(const char *key, const struct config *config)
{
	if (g_str_equal(key, RULES_RACE))
		return g_strdup(config->quiz_race ? "on" : "off");
	if (g_str_equal(key, RULES_REACTIONS))
		return g_strdup(config->quiz_reactions);
	if (g_str_equal(key, RULES_QUIET))
		return g_strdup(*config->daily_quiet ? config->daily_quiet
						     : "off");
	return g_strdup("auto");
}

/* What is set for the room, else configured. */
static bool kept(struct sqlite *db, int64_t room, const char *key,
		 const struct config *config, char **value, GError **error)
{
	if (!room_setting(db, room, key, value, error))
		return false;
	if (!*value)
		*value = rules_default(key, config);
	return true;
}

bool rules_read(struct sqlite *db, int64_t room, const struct config *config,
		struct rules *rules, GError **error)
{
	g_autofree char *window = NULL, *race = NULL, *reactions = NULL,
			*quiet = NULL;
	if (!kept(db, room, RULES_WINDOW, config, &window, error) ||
	    !kept(db, room, RULES_RACE, config, &race, error) ||
	    !kept(db, room, RULES_REACTIONS, config, &reactions, error) ||
	    !kept(db, room, RULES_QUIET, config, &quiet, error))
		return false;
	*rules = (struct rules){
		.window = g_ascii_strtoll(window, NULL, 10),
		.race = g_str_equal(race, "on"),
		.reactions = g_str_equal(reactions, "on")    ? REACTIONS_ON
			     : g_str_equal(reactions, "off") ? REACTIONS_OFF
							     : REACTIONS_AUTO,
	};
	if (!hours_parse(quiet, &rules->quiet_from, &rules->quiet_until))
		rules->quiet_from = rules->quiet_until = 0;
	return true;
}

int64_t rules_quiet_until(const struct rules *rules, const char *zone,
			  int64_t now)
{
	int from = rules->quiet_from, until = rules->quiet_until;
	int minute = calendar_minute(zone, now);
	bool over_midnight = from > until;
	bool quiet = over_midnight ? minute >= from || minute < until
				   : minute >= from && minute < until;
	if (from == until || !quiet)
		return 0;
	int wait = until - minute + (until <= minute ? 24 * 60 : 0);
	return now - now % CLOCK_MINUTE + wait * (int64_t)CLOCK_MINUTE;
}
