/* JSON out: one object a line, as scripts read it. The only user of cJSON. */

#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <glib.h>

struct json; /* an object or an array */
typedef struct json json;

struct json *json_object(void);
struct json *json_array(void);
void json_free(struct json *json);

/* Into an object. NULL texts are null; arrays end in NULL. Copies. */
void json_set_text(struct json *object, const char *key, const char *text);
void json_set_texts(struct json *object, const char *key, char *const *texts);
void json_set_number(struct json *object, const char *key, double number);

/* Takes value over. */
void json_set(struct json *object, const char *key, struct json *value);
void json_append(struct json *array, struct json *value);

/* One line without a newline; caller frees. */
char *json_print(const struct json *json);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(json, json_free)
