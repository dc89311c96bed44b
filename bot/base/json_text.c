#include "bot/base/json_text.h"

#include <string.h>

#include "bot/base/error.h"

/* ---- checking ---- */

struct check {
	const unsigned char *at, *end;
	GString *open; /* '{' or '[' by depth */
};

static void pass_space(struct check *c)
{
	while (c->at < c->end && (*c->at == ' ' || *c->at == '\n' ||
				  *c->at == '\r' || *c->at == '\t'))
		c->at++;
}

static bool pass_escape(struct check *c)
{
	if (c->at >= c->end)
		return false;
	unsigned char letter = *c->at++;
	if (letter != 'u')
		return letter && strchr("\"\\/bfnrt", letter);
	for (int i = 0; i < 4; i++)
		if (c->at >= c->end || !g_ascii_isxdigit(*c->at++))
			return false;
	return true;
}

/* One character of more than a byte; GLib knows which are none. */
static bool pass_wide(struct check *c)
{
	gunichar letter =
		g_utf8_get_char_validated((const char *)c->at, c->end - c->at);
	if (letter >= (gunichar)-2)
		return false;
	c->at += g_utf8_skip[*c->at];
	return true;
}

/* Behind the opening quote, past the closing one. */
static bool pass_string(struct check *c)
{
	while (c->at < c->end) {
		unsigned char byte = *c->at;
		if (byte >= 0x80) {
			if (!pass_wide(c))
				return false;
			continue;
		}
		c->at++;
		if (byte == '"')
			return true;
		if (byte < 0x20 || (byte == '\\' && !pass_escape(c)))
			return false;
	}
	return false;
}

static bool pass_digits(struct check *c)
{
	const unsigned char *start = c->at;
	while (c->at < c->end && g_ascii_isdigit(*c->at))
		c->at++;
	return c->at > start;
}

static bool pass_number(struct check *c)
{
	if (*c->at == '-')
		c->at++;
	if (c->at < c->end && *c->at == '0')
		c->at++;
	else if (!pass_digits(c))
		return false;
	if (c->at < c->end && *c->at == '.') {
		c->at++;
		if (!pass_digits(c))
			return false;
	}
	if (c->at < c->end && (*c->at == 'e' || *c->at == 'E')) {
		c->at++;
		if (c->at < c->end && (*c->at == '+' || *c->at == '-'))
			c->at++;
		if (!pass_digits(c))
			return false;
	}
	return true;
}

static bool pass_word(struct check *c, const char *word)
{
	size_t len = strlen(word);
	if ((size_t)(c->end - c->at) < len || memcmp(c->at, word, len) != 0)
		return false;
	c->at += len;
	return true;
}

/* A string, number or word. */
static bool pass_scalar(struct check *c)
{
	switch (*c->at) {
	case '"':
		c->at++;
		return pass_string(c);
	case 't':
		return pass_word(c, "true");
	case 'f':
		return pass_word(c, "false");
	case 'n':
		return pass_word(c, "null");
	default:
		return pass_number(c);
	}
}

/* "key": of an object's member. */
static bool pass_key(struct check *c)
{
	pass_space(c);
	if (c->at >= c->end || *c->at++ != '"' || !pass_string(c))
		return false;
	pass_space(c);
	return c->at < c->end && *c->at++ == ':';
}

/* What stands behind a value: closes what is closed, and goes on to the next
 * value. *done: the outermost value has ended. */
static bool pass_end_of_value(struct check *c, bool *done)
{
	while (c->open->len > 0) {
		char open = c->open->str[c->open->len - 1];
		pass_space(c);
		if (c->at >= c->end)
			return false;
		char byte = (char)*c->at++;
		if (byte == ',')
			return open == '[' || pass_key(c);
		if (byte != (open == '[' ? ']' : '}'))
			return false;
		g_string_truncate(c->open, c->open->len - 1);
	}
	*done = true;
	return true;
}

/* An opening bracket; *empty where it closes at once. */
static bool pass_open(struct check *c, bool *empty)
{
	char open = (char)*c->at++;
	pass_space(c);
	*empty = c->at < c->end && *c->at == (open == '[' ? ']' : '}');
	if (*empty) {
		c->at++;
		return true;
	}
	g_string_append_c(c->open, open);
	return open == '[' || pass_key(c);
}

static bool pass_value(struct check *c)
{
	for (bool done = false; !done;) {
		pass_space(c);
		if (c->at >= c->end)
			return false;
		bool ended = true;
		if (*c->at == '{' || *c->at == '[') {
			if (!pass_open(c, &ended))
				return false;
		} else if (!pass_scalar(c)) {
			return false;
		}
		if (ended && !pass_end_of_value(c, &done))
			return false;
	}
	pass_space(c);
	return c->at == c->end;
}

bool json_text_check(const char *text, size_t len, GError **error)
{
	g_autoptr(GString) open = g_string_new(NULL);
	struct check check = { .at = (const unsigned char *)text,
			       .open = open };
	check.end = check.at + len;
	if (pass_value(&check))
		return true;
	g_set_error(error, ZNATOK_ERROR, ZNATOK_ERROR_PROTOCOL,
		    "not JSON, at byte %zu",
		    (size_t)(check.at - (const unsigned char *)text));
	return false;
}

/* ---- cutting; the text has been checked ---- */

static const char *skip_space(const char *at, const char *end)
{
	while (at < end && strchr(" \n\r\t,:", *at) && *at)
		at++;
	return at;
}

/* Past the string whose opening quote is at `at`. */
static const char *skip_string(const char *at, const char *end)
{
	for (at++; at < end; at++) {
		const char *quote = memchr(at, '"', (size_t)(end - at));
		const char *slash = quote;
		if (!quote)
			break;
		while (slash > at && slash[-1] == '\\')
			slash--;
		if ((quote - slash) % 2 == 0)
			return quote + 1;
		at = quote; /* escaped: it ends nothing */
	}
	return end;
}

static const char *skip_value(const char *at, const char *end)
{
	size_t depth = 0;
	while (at < end) {
		if (*at == '"') {
			at = skip_string(at, end);
		} else if (*at == '{' || *at == '[') {
			depth++;
			at++;
		} else if (*at == '}' || *at == ']') {
			if (depth == 0)
				return at;
			depth--;
			at++;
		} else if (depth == 0 && strchr(" \n\r\t,", *at) && *at) {
			return at;
		} else {
			at++;
			continue;
		}
		if (depth == 0)
			return at;
	}
	return end;
}

static struct json_cut cut(struct json_text value, char open)
{
	const char *at = value.text;
	const char *end = at ? at + value.len : NULL;
	at = at ? skip_space(at, end) : NULL;
	if (at == end || *at != open)
		return (struct json_cut){ NULL, NULL };
	return (struct json_cut){ at + 1, end };
}

struct json_cut json_cut_object(struct json_text object)
{
	return cut(object, '{');
}

struct json_cut json_cut_array(struct json_text array)
{
	return cut(array, '[');
}

bool json_cut_item(struct json_cut *cut, struct json_text *item)
{
	const char *at = skip_space(cut->at, cut->end);
	if (at == cut->end || *at == ']' || *at == '}')
		return false;
	cut->at = skip_value(at, cut->end);
	*item = (struct json_text){ at, (size_t)(cut->at - at) };
	return true;
}

bool json_cut_member(struct json_cut *cut, struct json_text *key,
		     struct json_text *value)
{
	if (!json_cut_item(cut, key) || key->len < 2)
		return false;
	key->text++;
	key->len -= 2;
	return json_cut_item(cut, value);
}

void json_text_find(struct json_text object, const char *const *keys,
		    struct json_text *values, size_t len)
{
	struct json_cut cut = json_cut_object(object);
	struct json_text name, value;
	memset(values, 0, len * sizeof(*values));
	while (json_cut_member(&cut, &name, &value))
		for (size_t i = 0; i < len; i++)
			if (!values[i].text && strlen(keys[i]) == name.len &&
			    memcmp(name.text, keys[i], name.len) == 0)
				values[i] = value;
}

struct json_text json_text_get(struct json_text object, const char *key)
{
	struct json_cut cut = json_cut_object(object);
	struct json_text name, value;
	size_t len = strlen(key);
	while (json_cut_member(&cut, &name, &value))
		if (name.len == len && memcmp(name.text, key, len) == 0)
			return value;
	return (struct json_text){ NULL, 0 };
}

/* ---- taming; the text has been checked ---- */

/* The UTF-16 code unit of an escape, \uXXXX; -1: it is another one. */
static int unit_at(const char *at, const char *end)
{
	int unit = 0;
	if (end - at < 6 || at[0] != '\\' || at[1] != 'u')
		return -1;
	for (int i = 2; i < 6; i++)
		unit = unit * 16 + g_ascii_xdigit_value(at[i]);
	return unit;
}

/* Past an escape, which is copied; what is no character becomes U+FFFD. */
static const char *tame_escape(GString *out, const char *at, const char *end)
{
	int unit = unit_at(at, end);
	int next = unit < 0 ? -1 : unit_at(at + 6, end);
	bool high = unit >= 0xd800 && unit < 0xdc00;
	bool low = unit >= 0xdc00 && unit < 0xe000;
	size_t len = unit < 0 ? 2 : 6;
	if (high && next >= 0xdc00 && next < 0xe000)
		len = 12;
	if (unit == 0 || low || (high && len == 6))
		g_string_append(out, "\\ufffd");
	else
		g_string_append_len(out, at, (gssize)len);
	return at + len;
}

static const char *tame_string(GString *out, const char *at, const char *end)
{
	g_string_append_c(out, *at++);
	while (*at != '"')
		if (*at == '\\')
			at = tame_escape(out, at, end);
		else
			g_string_append_c(out, *at++);
	g_string_append_c(out, *at++);
	return at;
}

GString *json_text_tame(struct json_text value, size_t depth_most)
{
	GString *out = g_string_sized_new(value.len);
	const char *end = value.text + value.len;
	size_t depth = 0;
	for (const char *at = value.text; at < end;) {
		bool opens = *at == '{' || *at == '[';
		if (*at == '"') {
			at = tame_string(out, at, end);
			continue;
		}
		if (opens && depth == depth_most) {
			at = skip_value(at, end);
			g_string_append(out, "null");
			continue;
		}
		depth += opens;
		depth -= *at == '}' || *at == ']';
		g_string_append_c(out, *at++);
	}
	return out;
}
