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

/*
 * What is said to the room, or in its thread (not NULL), answers the question
 * that was open when it was said, by the network's clock, though another one
 * has been asked since; else the one that is open. 0: none.
 */
bool questions_then(struct command_call *call, const char *thread,
		    int64_t *question, GError **error);

/*
 * Which question an answer without a reply is to: as questions_at() or
 * questions_then() have it; else the last one of the room's runs, if it is of
 * these minutes, that its author may hear that it came too late, and does not
 * spend an attempt at the question of the day; that one; 0.
 */
bool questions_last(struct command_call *call, int64_t *question,
		    GError **error);

/* Whether an entry has that topic; "" is any. Where *known is false the person
 * has been told so. */
bool questions_know_topic(struct command_call *call, const char *topic,
			  bool *known, GError **error);
