/*
 * JSON: what we write, and what others send. The only user of cJSON.
 *
 * What comes from outside is checked first (json_text.h) and refused where two
 * members of an object have one name, or a text holds a zero; the functions
 * that read never fail on a wrong type: they say that it is not there.
 */

#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <glib.h>

struct json; /* a value of any kind */
typedef struct json json;

/* ---- out ---- */

struct json *json_object(void);
struct json *json_array(void);
void json_free(struct json *json);

/* Into an object, in place of a member of that name. NULL texts are null;
 * arrays end in NULL. Copies. */
void json_set_text(struct json *object, const char *key, const char *text);
void json_set_texts(struct json *object, const char *key, char *const *texts);
void json_set_number(struct json *object, const char *key, double number);
void json_set_bool(struct json *object, const char *key, bool value);

/* The object goes without that member, if it has one. */
void json_drop(struct json *object, const char *key);

/* Takes value over. */
void json_set(struct json *object, const char *key, struct json *value);
void json_append(struct json *array, struct json *value);
void json_append_text(struct json *array, const char *text);

struct json *json_copy(const struct json *json);

/* One line without a newline; caller frees. */
char *json_print(const struct json *json);

/* ---- in ---- */

/* NULL with ZNATOK_ERROR_PROTOCOL where it is not JSON; also where memory does
 * not suffice for a text of over 1 MB. */
struct json *json_parse(const char *text, size_t len, GError **error);

/* The same for a part of a text that json_text_check() has passed. */
struct json *json_parse_part(const char *text, size_t len, GError **error);

/* Any of these takes NULL, and a value of any kind; names are exact. What is
 * returned is borrowed from the tree. */
const struct json *json_get(const struct json *object, const char *key);
/* The text of a member; NULL where it is none. */
const char *json_text_of(const struct json *object, const char *key);
/* False where it is no whole number up to 2^53 - 1; *number then stays. */
bool json_int_of(const struct json *object, const char *key, int64_t *number);
/* False where it is not true. */
bool json_true_of(const struct json *object, const char *key);

/* The value itself. */
const char *json_as_text(const struct json *json);
bool json_as_int(const struct json *json, int64_t *number);
bool json_is_object(const struct json *json);
bool json_is_array(const struct json *json);

/* Over members or items: for (c = json_first(o); c; c = json_next(c)). */
const struct json *json_first(const struct json *json);
const struct json *json_next(const struct json *item);
/* The name of a member; NULL of an item. */
const char *json_key(const struct json *member);

/* True where the array holds that text. */
bool json_has_text(const struct json *array, const char *text);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(json, json_free)
