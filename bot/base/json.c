#include "bot/base/json.h"

#include <cjson/cJSON.h>

/* struct json is cJSON's node under another name: it is never defined. */
static cJSON *node(struct json *json)
{
	return (cJSON *)json;
}

/* No memory left ends the program, as everywhere with GLib. */
static cJSON *made(cJSON *item)
{
	if (!item)
		g_error("no memory left for JSON");
	return item;
}

struct json *json_object(void)
{
	return (struct json *)made(cJSON_CreateObject());
}

struct json *json_array(void)
{
	return (struct json *)made(cJSON_CreateArray());
}

void json_free(struct json *json)
{
	cJSON_Delete(node(json));
}

static void set(struct json *object, const char *key, cJSON *item)
{
	cJSON_AddItemToObject(node(object), key, made(item));
}

void json_set_text(struct json *object, const char *key, const char *text)
{
	set(object, key, text ? cJSON_CreateString(text) : cJSON_CreateNull());
}

void json_set_texts(struct json *object, const char *key, char *const *texts)
{
	struct json *array = json_array();
	for (; *texts; texts++)
		cJSON_AddItemToArray(node(array),
				     made(cJSON_CreateString(*texts)));
	json_set(object, key, array);
}

void json_set_number(struct json *object, const char *key, double number)
{
	set(object, key, cJSON_CreateNumber(number));
}

void json_set(struct json *object, const char *key, struct json *value)
{
	set(object, key, node(value));
}

void json_append(struct json *array, struct json *value)
{
	cJSON_AddItemToArray(node(array), node(value));
}

char *json_print(const struct json *json)
{
	char *text = cJSON_PrintUnformatted((const cJSON *)json);
	if (!text)
		g_error("no memory left for JSON");
	char *copy = g_strdup(text);
	cJSON_free(text);
	return copy;
}
