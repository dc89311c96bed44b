#include "bot/commands/players.h"

#include "bot/store/ledger.h"
#include "bot/store/person.h"
#include "bot/store/room.h"
#include "kb/render.h"
#include "kb/words.h"

bool players_today(struct command_call *call, char date[CALENDAR_DATE_LEN],
		   GError **error)
{
	g_autofree char *zone = NULL;
	if (!room_zone(call->db, call->room, &zone, error))
		return false;
	calendar_date(zone, call->now, date);
	return true;
}

bool players_find(struct command_call *call, const char *typed, int64_t *person,
		  char **name, GError **error)
{
	*person = call->person;
	*name = NULL;
	if (!*typed) {
		*name = g_strdup(call->name);
		return true;
	}
	g_autofree char *wanted = words_squash(typed);
	g_autofree char *own = words_squash(call->name);
	if (g_str_equal(wanted, own)) {
		*name = g_strdup(call->name);
		return true;
	}
	if (!person_called(call->db, call->room, wanted, person, name, error))
		return false;
	if (!*person)
		command_say(call, SAY_SCORE_WHO, ARG(typed), ARG(call->prefix));
	return true;
}

char *players_bold(const char *name)
{
	g_autofree char *escaped = render_escape(name);
	return g_strdup_printf("**%s**", escaped);
}
