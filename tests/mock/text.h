/* JSON as text: what the homeserver writes is put together, not printed. */

#pragma once

#include <cjson/cJSON.h>
#include <glib.h>

G_DEFINE_AUTOPTR_CLEANUP_FUNC(cJSON, cJSON_Delete)

/* Appends the text in quotes. */
void text_quote(GString *out, const char *text);

/* Appends `"key":"value",`. */
void text_member(GString *out, const char *key, const char *value);

/* Takes the comma away that the last member left, if it did. */
void text_end(GString *out);

/* Of an object; NULL where it is missing or no string. Borrowed. */
const char *text_of(const cJSON *object, const char *key);
gint64 number_of(const cJSON *object, const char *key, gint64 otherwise);
gboolean truth_of(const cJSON *object, const char *key);
cJSON *member_of(const cJSON *object, const char *key);

/* One line; caller frees. NULL prints as {}. */
char *text_print(const cJSON *json);
