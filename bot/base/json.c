#include "bot/base/json.h"

#include <cjson/cJSON.h>
#include <string.h>

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
	GString *safe = g_string_sized_new(strlen(text));
	for (const char *c = text; *c; c++) {
		/* U+0080 to U+009F, C2 80 to C2 9F, command some terminals. */
		unsigned char next = (unsigned char)c[1];
		if ((unsigned char)*c == 0xc2 && next >= 0x80 && next < 0xa0)
			g_string_append_printf(safe, "\\u00%02x", *++c & 0xff);
		else
			g_string_append_c(safe, *c);
	}
	cJSON_free(text);
	return g_string_free(safe, FALSE);
}
