/* How an entry is shown, by whichever command shows one. */

#pragma once

#include "bot/command.h"
#include "bot/store/talk.h"

/*
 * Says the entry of that row: title, texts as far as the room's budget goes,
 * and how to get the rest; remembers the rest for !more.
 */
bool answer_entry(struct command_call *call, int64_t row, GError **error);

/* The same by the store's number. Says so if the entry is gone. */
bool answer_number(struct command_call *call, int64_t entry_no, GError **error);

/* Goes on where the last answer to this person in this room was cut. */
bool answer_rest(struct command_call *call, GError **error);

/* Who, where and when, as the rows of a talk say it. */
struct talk answer_talk(const struct command_call *call);
