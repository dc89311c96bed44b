/*
 * bot.conf -> struct config. The options are the rows of config/options.def;
 * a new one is a row there and nothing else. What a file says wrong is told
 * all at once, a line for each:
 *
 *	bot.conf:12: [bot] prefx: unknown key; did you mean prefix? allowed: …
 */

#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <glib.h>

#define CONFIG_ERROR (config_error_quark())

enum config_error {
	CONFIG_ERROR_FILE,   /* bot.conf or a secret's file cannot be read */
	CONFIG_ERROR_OPTION, /* it was read, and something in it is wrong */
};

static inline GQuark config_error_quark(void)
{
	return g_quark_from_static_string("config-error");
}

/* What each type of options.def is in C. */
#define CONFIG_STRING char *
#define CONFIG_PATH char *
#define CONFIG_SECRET char *
#define CONFIG_CHOICE char *
#define CONFIG_LIST char **
#define CONFIG_PATHS char **
#define CONFIG_BOOL bool
#define CONFIG_INTEGER int64_t
#define CONFIG_DURATION int64_t

/*
 * A field for each option, named section_key: config->bot_prefix. Strings
 * and lists are owned by the config and never NULL, but for a PATH or SECRET
 * that has no default and is not set.
 */
struct config {
	char *file; /* that was read, as given; NULL: none, all defaults */
#define SECTION(name, help)
#define OPTION(section, key, type, ...) CONFIG_##type section##_##key;
#include "config/options.def"
#undef OPTION
#undef SECTION
};
typedef struct config bot_config; /* `config` is what variables are called */

/*
 * Reads the file. NULL with CONFIG_ERROR on failure; the message may hold
 * several lines, each with file, line, section, key and what is allowed.
 */
struct config *config_load(const char *path, GError **error);

/* The same from text; path names it in errors, and relative paths in it are
 * counted from path's folder. */
struct config *config_parse(const char *text, size_t len, const char *path,
			    GError **error);

/* What an empty file would give. */
struct config *config_default(void);

void config_free(struct config *config);

/*
 * Takes the values of fresh over, in place, so that whoever holds config sees
 * them; but not of the options that fixed names ("section.key", NULL at the
 * end), which stay. Fresh then holds what config had. Returns the fixed ones
 * that differ, "[section] key, …"; caller frees.
 */
char *config_update(struct config *config, struct config *fresh,
		    const char *const *fixed);

/*
 * Where bot.conf is looked for, in this order: ./bot.conf,
 * $XDG_CONFIG_HOME/znatok/bot.conf, /etc/znatok/bot.conf. Caller frees with
 * g_strfreev().
 */
char **config_places(void);

/* The first of these that is there, readable or not; NULL: none is. Places as
 * NULL are config_places(). Caller frees. */
char *config_find(const char *const *places);

/* bot.conf.example: every option with its help and default. Caller frees. */
char *config_example(void);

/*
 * The secret in a file: its text without white space around it. A file that
 * others can read is CONFIG_ERROR_FILE with a sentence that says how to mend
 * it. Caller wipes and frees.
 */
char *config_secret(const char *path, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(bot_config, config_free)
