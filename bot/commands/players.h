/* What the commands about points have in common: dates and people of a room. */

#pragma once

#include "bot/command.h"
#include "bot/quiz/calendar.h"

/* The date in the room now. */
bool players_today(struct command_call *call, char date[CALENDAR_DATE_LEN],
		   GError **error);

/*
 * Who is called so among those with points in this room, by name or address;
 * the person who asks where nobody is named. False with *error on trouble;
 * *person 0: nobody or several, which has been said. Caller frees the name.
 */
bool players_find(struct command_call *call, const char *typed, int64_t *person,
		  char **name, GError **error);

/* The name in bold, as Markdown. Caller frees. */
char *players_bold(const char *name);
