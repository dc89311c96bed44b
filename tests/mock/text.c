#include "tests/mock/text.h"

void text_quote(GString *out, const char *text)
{
	g_string_append_c(out, '"');
	const char *plain = text;
	for (const char *c = text; *c; c++) {
		if ((unsigned char)*c >= ' ' && *c != '"' && *c != '\\')
			continue;
		g_string_append_len(out, plain, c - plain);
		plain = c + 1;
		if ((unsigned char)*c < ' ')
			g_string_append_printf(out, "\\u%04x", *c);
		else
			g_string_append_printf(out, "\\%c", *c);
	}
	g_string_append(out, plain);
	g_string_append_c(out, '"');
}

void text_member(GString *out, const char *key, const char *value)
{
	g_string_append_printf(out, "\"%s\":", key);
	text_quote(out, value);
	g_string_append_c(out, ',');
}

void text_end(GString *out)
{
	if (out->len && out->str[out->len - 1] == ',')
		g_string_truncate(out, out->len - 1);
}

cJSON *member_of(const cJSON *object, const char *key)
{
	return cJSON_GetObjectItemCaseSensitive(object, key);
}

const char *text_of(const cJSON *object, const char *key)
{
	return cJSON_GetStringValue(member_of(object, key));
}

gint64 number_of(const cJSON *object, const char *key, gint64 otherwise)
{
	const cJSON *item = member_of(object, key);
	return cJSON_IsNumber(item) ? (gint64)item->valuedouble : otherwise;
}

gboolean truth_of(const cJSON *object, const char *key)
{
	return cJSON_IsTrue(member_of(object, key));
}

char *text_print(const cJSON *json)
{
	if (!json)
		return g_strdup("{}");
	char *printed = cJSON_PrintUnformatted(json);
	char *copy = g_strdup(printed);
	cJSON_free(printed);
	return copy;
}
