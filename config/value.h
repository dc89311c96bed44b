/*
 * What stands to the right of the `=` in bot.conf -> a C value, by the
 * option's type. A new type is a row in value.c's table, a CONFIG_ macro in
 * config.h, and a line in the list at the top of options.def.
 */

#pragma once

#include <stdbool.h>
#include <glib.h>
#include "config/table.h"

/*
 * Reads raw, the value as written, into *field, which has the type's C type
 * and is zero or as value_clear() left it. Relative paths are counted from
 * folder. False with a CONFIG_ERROR_OPTION sentence, without file and key.
 */
bool value_parse(const struct config_option *option, const char *raw,
		 const char *folder, void *field, GError **error);

/* Frees what the field holds and makes it zero. */
void value_clear(const struct config_option *option, void *field);

/* Are two fields of the option the same? And how large is one, in bytes? */
bool value_is_same(const struct config_option *option, const void *a,
		   const void *b);
size_t value_size(const struct config_option *option);

/* What is allowed, for people: "0 to 100000 messages". Caller frees. */
char *value_allowed(const struct config_option *option);

/* The checks that options.def names. */
bool value_is_prefix(const char *value);
bool value_is_url(const char *value);
bool value_is_matrix_user(const char *value);
bool value_is_homeserver(const char *value);
bool value_is_inviter(const char *value);
