/* The settings of a room, as !set and !lang read and write them. */

#pragma once

#include "bot/command.h"

/*
 * Sets the room's language to a language's name, or back to following the
 * writer by "auto"; says what is so now, or what is allowed.
 */
bool settings_set_language(struct command_call *call, const char *value,
			   GError **error);

/* The language that is set for the room, else configured: "ru", "en", "auto".
 */
const char *settings_language(const struct command_call *call);

/* True if the person may change settings; else says who may. */
bool settings_may_change(struct command_call *call);
