/* !lang [ru|en|auto]: the language of the room. */

#include "bot/commands/settings.h"
#include "bot/store/room.h"

bool settings_may_change(struct command_call *call)
{
	bool may = call->direct || call->role >= CHAT_MODERATOR ||
		   !g_str_equal(call->config->bot_settings, "moderators");
	if (!may)
		command_say(call, SAY_ONLY_MODERATORS_SET);
	return may;
}

const char *settings_language(const struct command_call *call)
{
	return call->room_language ? call->room_language
				   : call->config->bot_language;
}

/* The language of that name, also typed in the other keyboard layout. */
static const struct language *language_typed(const char *value)
{
	const struct language *const *l = say_languages();
	while (*l && !command_word_matches(value, say_language_name(*l)))
		l++;
	return *l;
}

bool settings_set_language(struct command_call *call, const char *value,
			   GError **error)
{
	if (command_word_matches(value, "auto")) {
		if (!room_set_language(call->db, call->room, "auto", error))
			return false;
		command_say(call, SAY_LANG_AUTO);
		return true;
	}
	const struct language *language = language_typed(value);
	if (!language) {
		command_say(call, SAY_LANG_UNKNOWN, ARG(value));
		return true;
	}
	if (!room_set_language(call->db, call->room,
			       say_language_name(language), error))
		return false;
	call->language = language; /* the answer is in it already */
	command_say(call, SAY_LANG_SET);
	return true;
}

static bool lang(struct command_call *call, GError **error)
{
	if (call->words_len == 0) {
		if (say_language(settings_language(call)))
			command_say(call, SAY_LANG_NOW);
		else
			command_say(call, SAY_LANG_AUTO);
		return true;
	}
	return !settings_may_change(call) ||
	       settings_set_language(call, call->words[0], error);
}

const struct command command_lang = {
	.name = "lang",
	.usage = "[ru|en|auto]",
	.summary = SAY_LANG_SUMMARY,
	.words_most = 1,
	.run = lang,
};
