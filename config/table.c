#include "config/table.h"

#include <string.h>
#include <glib.h>

#include "config/config.h"
#include "config/hours.h"
#include "config/value.h"

#define ANY
#define CHECK(function, what) .check = function, .allowed = what
#define BETWEEN(from, to, of) .least = from, .most = to, .unit = of
#define ONE_OF(words) .choices = words

const struct config_option config_options[CONFIG_OPTIONS] = {
/* clang-format off */
#define SECTION(name, what)
#define OPTION(in, name, kind, value, limits, what)                         \
	{ .section = #in, .key = #name, .type = OPTION_##kind,              \
	  .preset = value, .offset = offsetof(struct config, in##_##name),  \
	  .help = what, limits },
#include "config/options.def"
#undef OPTION
#undef SECTION
	/* clang-format on */
};

/*
 * A section of a pattern, `[irc libera]`, would be a row whose name is its
 * first word, found in section_enter() (config.c) by that word, and its
 * options an array in struct config with an element for each such section.
 */
const struct config_section config_sections[CONFIG_SECTIONS] = {
#define SECTION(name, help) { #name, help },
#define OPTION(...)
#include "config/options.def"
#undef OPTION
#undef SECTION
};

const struct config_option *config_option(const char *section, const char *key)
{
	size_t i = 0;
	while (i < CONFIG_OPTIONS &&
	       (strcmp(config_options[i].section, section) != 0 ||
		strcmp(config_options[i].key, key) != 0))
		i++;
	g_assert(i < CONFIG_OPTIONS);
	return &config_options[i];
}
