/* Which question a message is about. */

#pragma once

#include "bot/command.h"

/*
 * The question that the message at hand answers, in whose thread it stands, or
 * whose run was started in its thread; 0: none. Of this room only.
 */
bool questions_at(struct command_call *call, int64_t *question, GError **error);

/* The same, else the one that is open in the room; 0: none. */
bool questions_open(struct command_call *call, int64_t *question,
		    GError **error);

/* The same, else the last one of the room, if it is of these minutes; 0. */
bool questions_last(struct command_call *call, int64_t *question,
		    GError **error);
