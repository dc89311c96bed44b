#include "bot/commands/players.h"

#include "bot/store/ledger.h"
#include "bot/store/person.h"
#include "bot/store/room.h"
#include "kb/render.h"

enum { ASKED_MOST = 10 };

bool players_today(struct command_call *call, char date[CALENDAR_DATE_LEN],
		   GError **error)
{
	g_autofree char *zone = NULL;
	if (!room_zone(call->db, call->room, &zone, error))
		return false;
	calendar_date(zone, call->now, date);
	return true;
}

/* "`@alice:example.org`, `@bob:example.org`" */
static void ask_which(struct command_call *call, const char *typed,
		      const GPtrArray *all)
{
	g_autoptr(GString) text = g_string_new(NULL);
	for (guint i = 0; i < all->len && i < ASKED_MOST; i++) {
		const struct person_found *found = all->pdata[i];
		g_autofree char *code = render_code(found->address);
		g_string_append_printf(text, "%s%s", i ? ", " : "", code);
	}
	command_say(call, SAY_SCORE_WHICH, ARG(typed), ARG_MARKDOWN(text->str));
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
	g_autofree char *wanted = g_strstrip(g_strdup(typed));
	g_autoptr(GPtrArray) all = person_called(call->db, call->room,
						 call->person, wanted, error);
	if (!all)
		return false;
	*person = 0;
	if (all->len == 0) {
		command_say(call, SAY_SCORE_WHO, ARG(typed), ARG(call->prefix));
	} else if (all->len > 1) {
		ask_which(call, wanted, all);
	} else {
		const struct person_found *found = all->pdata[0];
		*person = found->person;
		*name = g_strdup(found->name);
	}
	return true;
}

char *players_bold(const char *name)
{
	g_autofree char *escaped = render_escape(name);
	return g_strdup_printf("**%s**", escaped);
}
