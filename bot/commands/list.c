#include "bot/commands/list.h"

#define COMMAND(name) extern const struct command command_##name;
#include "bot/commands/list.def"
#undef COMMAND

const struct command *const command_list[] = {
#define COMMAND(name) &command_##name,
#include "bot/commands/list.def"
#undef COMMAND
	NULL,
};
