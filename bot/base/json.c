#include "bot/base/json.h"

#include <cjson/cJSON.h>
#include <math.h>
#include <string.h>

#include "bot/base/error.h"
#include "bot/base/json_text.h"

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
	cJSON_DeleteItemFromObjectCaseSensitive(node(object), key);
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

void json_set_bool(struct json *object, const char *key, bool value)
{
	set(object, key, cJSON_CreateBool(value));
}

void json_set(struct json *object, const char *key, struct json *value)
{
	set(object, key, node(value));
}

void json_drop(struct json *object, const char *key)
{
	cJSON_DeleteItemFromObjectCaseSensitive(node(object), key);
}

void json_append(struct json *array, struct json *value)
{
	cJSON_AddItemToArray(node(array), node(value));
}

void json_append_text(struct json *array, const char *text)
{
	cJSON_AddItemToArray(node(array), made(cJSON_CreateString(text)));
}

struct json *json_copy(const struct json *json)
{
	return (struct json *)made(
		cJSON_Duplicate((const cJSON *)json, cJSON_True));
}

char *json_print(const struct json *json)
{
	char *text = cJSON_PrintUnformatted((const cJSON *)json);
	if (!text)
		g_error("no memory left for JSON");
	GString *safe = g_string_sized_new(strlen(text));
	const char *plain = text; /* what is still to be copied */
	for (const char *c = text; (c = strchr(c, 0xc2)); c++) {
		/* U+0080 to U+009F, C2 80 to C2 9F, command some terminals. */
		unsigned char next = (unsigned char)c[1];
		if (next < 0x80 || next >= 0xa0)
			continue;
		g_string_append_len(safe, plain, c - plain);
		g_string_append_printf(safe, "\\u00%02x", next);
		plain = ++c + 1;
	}
	g_string_append(safe, plain);
	cJSON_free(text);
	return g_string_free(safe, FALSE);
}

/* ---- in ---- */

enum {
	FEW = 16,	 /* members that are compared each with each */
	SMALL = 1 << 20, /* who has no memory for that ends, as GLib does */
};

static bool is_named_later(const cJSON *member)
{
	for (const cJSON *c = member->next; c; c = c->next)
		if (g_str_equal(c->string, member->string))
			return true;
	return false;
}

static void drop(cJSON *object, cJSON *member)
{
	cJSON_Delete(cJSON_DetachItemViaPointer(object, member));
}

/* cJSON's first member knows the last. */
static void drop_twins_among_many(cJSON *object)
{
	g_autoptr(GHashTable) names = g_hash_table_new(g_str_hash, g_str_equal);
	for (cJSON *c = object->child->prev, *before; c; c = before) {
		before = c == object->child ? NULL : c->prev;
		/* g_hash_table_add() would keep the dropped one's name. */
		if (g_hash_table_contains(names, c->string))
			drop(object, c);
		else
			g_hash_table_add(names, c->string);
	}
}

/* Of two members of one name the last counts, as with most programs (RFC 8259
 * leaves it open). Depth is bounded by cJSON. */
static void drop_twins(cJSON *json)
{
	int len = 0;
	for (const cJSON *c = json->child; c && len <= FEW; c = c->next)
		len++;
	if (cJSON_IsObject(json) && len > FEW)
		drop_twins_among_many(json);
	for (cJSON *c = json->child, *next; c; c = next) {
		next = c->next;
		if (cJSON_IsObject(json) && len <= FEW && is_named_later(c))
			drop(json, c);
		else if (c->child)
			drop_twins(c);
	}
}

/* A zero, written \u0000, would end a C string early. */
static bool has_zero(const char *text, size_t len)
{
	const char *end = text + len;
	while ((text = memmem(text, (size_t)(end - text), "\\u0000", 6))) {
		size_t slashes =
			0; /* before it: \\u0000 is a slash and u0000 */
		for (const char *c = text; c[-1] == '\\'; c--)
			slashes++;
		if (slashes % 2 == 0)
			return true;
		text += 6;
	}
	return false;
}

struct json *json_parse(const char *text, size_t len, GError **error)
{
	return json_text_check(text, len, error)
		       ? json_parse_part(text, len, error)
		       : NULL;
}

/* What cJSON would not take as it stands. */
static cJSON *parse_tamed(const char *text, size_t len)
{
	g_autoptr(GString) tame = json_text_tame(
		(struct json_text){ text, len }, CJSON_NESTING_LIMIT - 1);
	return cJSON_ParseWithLength(tame->str, tame->len);
}

struct json *json_parse_part(const char *text, size_t len, GError **error)
{
	cJSON *tree =
		has_zero(text, len) ? NULL : cJSON_ParseWithLength(text, len);
	if (!tree)
		tree = parse_tamed(text, len);
	if (tree)
		drop_twins(tree);
	else if (len <= SMALL)
		g_error("no memory left for JSON");
	else
		g_set_error_literal(error, ZNATOK_ERROR, ZNATOK_ERROR_PROTOCOL,
				    "JSON that does not fit into memory");
	return (struct json *)tree;
}

const struct json *json_get(const struct json *object, const char *key)
{
	return (const struct json *)cJSON_GetObjectItemCaseSensitive(
		(const cJSON *)object, key);
}

const char *json_as_text(const struct json *json)
{
	return cJSON_GetStringValue((const cJSON *)json);
}

bool json_as_int(const struct json *json, int64_t *number)
{
	const double most = 9007199254740991; /* 2^53 - 1 */
	const cJSON *item = (const cJSON *)json;
	if (!cJSON_IsNumber(item) || !(fabs(item->valuedouble) <= most) ||
	    item->valuedouble != floor(item->valuedouble))
		return false;
	*number = (int64_t)item->valuedouble;
	return true;
}

bool json_is_object(const struct json *json)
{
	return cJSON_IsObject((const cJSON *)json);
}

bool json_is_array(const struct json *json)
{
	return cJSON_IsArray((const cJSON *)json);
}

const char *json_text_of(const struct json *object, const char *key)
{
	return json_as_text(json_get(object, key));
}

bool json_int_of(const struct json *object, const char *key, int64_t *number)
{
	return json_as_int(json_get(object, key), number);
}

bool json_true_of(const struct json *object, const char *key)
{
	return cJSON_IsTrue((const cJSON *)json_get(object, key));
}

const struct json *json_first(const struct json *json)
{
	return json ? (const struct json *)((const cJSON *)json)->child : NULL;
}

const struct json *json_next(const struct json *item)
{
	return (const struct json *)((const cJSON *)item)->next;
}

const char *json_key(const struct json *member)
{
	return ((const cJSON *)member)->string;
}

bool json_has_text(const struct json *array, const char *text)
{
	for (const struct json *c = json_first(array); c; c = json_next(c))
		if (g_strcmp0(json_as_text(c), text) == 0)
			return true;
	return false;
}
