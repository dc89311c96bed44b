/* The table of commands; see list.def. */

#pragma once

#include "bot/command.h"

/* NULL at the end. */
extern const struct command *const command_list[];
