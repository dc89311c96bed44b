/* Any bytes as bot.conf: a config, or sentences fit for a terminal. */

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "config/config.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(bot_config) config =
		config_parse((const char *)data, size, "bot.conf", &error);
	if (!config != !!error)
		abort();
	if (config) {
		if (config->bot_flood < 0 || config->bot_flood > 100000 ||
		    !config->bot_language || !config->bot_admins ||
		    !config->bot_state)
			abort();
		return 0;
	}
	if (!g_utf8_validate(error->message, -1, NULL) ||
	    strlen(error->message) > 1 << 16)
		abort();
	for (const char *c = error->message; *c; c++)
		if ((unsigned char)*c < ' ' && *c != '\n' && *c != '\t')
			abort();
	return 0;
}
