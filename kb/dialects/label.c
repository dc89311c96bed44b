#include "kb/dialects/label.h"

#include <assert.h>
#include <string.h>
#include <glib.h>

#include "kb/lines.h"

enum { NAME_MOST = 64 }; /* bytes; the longest name has 33 */

static const struct {
	enum label_kind kind;
	const char *name;
} names[] = {
#define LABEL(kind, name) { LABEL_##kind, name },
#include "kb/dialects/labels.def"
#undef LABEL
};

/* How long the colon at p is, full width too; 0: none. */
static size_t colon_len(const char *p, const char *end)
{
	if (p < end && *p == ':')
		return 1;
	if (end - p >= 3 && memcmp(p, "\xef\xbc\x9a", 3) == 0)
		return 3;
	return 0;
}

/* How long the dash at p is: "-", "--", en dash, em dash; 0: none. */
static size_t dash_len(const char *p, const char *end)
{
	if (end - p >= 3 && (memcmp(p, "\xe2\x80\x93", 3) == 0 ||
			     memcmp(p, "\xe2\x80\x94", 3) == 0))
		return 3;
	size_t len = 0;
	while (len < 2 && p + len < end && p[len] == '-')
		len++;
	return len;
}

/* A colon, or a dash with a space or nothing after it. */
static size_t mark_len(const char *p, const char *end)
{
	size_t len = colon_len(p, end);
	if (len > 0)
		return len;
	len = dash_len(p, end);
	return len > 0 && (p + len == end ||
			   lines_space(p + len, end - p - len))
		       ? len
		       : 0;
}

/* Lower case, ё as е, one plain space between words, no number after it. */
static char *fold(const char *text, size_t len)
{
	g_autofree char *copy = g_strndup(text, len);
	g_autofree char *lower = g_utf8_strdown(copy, -1);
	g_autofree char *composed =
		g_utf8_normalize(lower, -1, G_NORMALIZE_NFC);
	GString *folded = g_string_new(NULL);
	for (const char *p = composed; *p; p = g_utf8_next_char(p)) {
		gunichar c = g_utf8_get_char(p);
		size_t space = lines_space(p, strlen(p));
		if (space && g_unichar_isspace(c)) {
			if (folded->len && !g_str_has_suffix(folded->str, " "))
				g_string_append_c(folded, ' ');
		} else if (!space) {
			g_string_append_unichar(folded, c == 0x451 ? 0x435 : c);
		}
	}
	while (folded->len &&
	       strchr(" 0123456789", folded->str[folded->len - 1]))
		g_string_truncate(folded, folded->len - 1);
	return g_string_free(folded, FALSE);
}

static bool find_name(const char *text, size_t len, struct label *label)
{
	if (len == 0 || len > NAME_MOST)
		return false;
	g_autofree char *name = fold(text, len);
	for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
		if (strcmp(names[i].name, name) != 0)
			continue;
		label->kind = names[i].kind;
		label->name = names[i].name;
		return true;
	}
	return false;
}

/* The name without the colon or dash inside the bold part, if it has one. */
static size_t cut_mark(const char *text, size_t len, bool *marked)
{
	const char *end = text + len;
	while (len > 0 && strchr(" \t", text[len - 1]))
		len--;
	end = text + len;
	for (size_t size = 3; size > 0; size--) {
		if (len < size)
			continue;
		const char *mark = end - size;
		if (colon_len(mark, end) != size && dash_len(mark, end) != size)
			continue;
		*marked = true;
		return len - size;
	}
	return len;
}

/* "**Name:** " and its kin; at: past the spaces that the line begins with. */
static bool read_bold(const char *line, size_t len, size_t at,
		      struct label *label)
{
	const char *p = line + at, *end = line + len;
	size_t stars = 0;
	while (stars < 4 && p + stars < end && p[stars] == *p)
		stars++;
	if (stars > 3 || lines_space(p + stars, end - p - stars))
		return false;
	const char fence[] = { *p, *p, *p, '\0' };
	const char *name = p + stars;
	size_t most = MIN((size_t)(end - name), NAME_MOST + 8);
	const char *close = g_strstr_len(name, (gssize)most, fence + 3 - stars);
	if (!close)
		return false;
	bool marked = false;
	size_t name_len = cut_mark(name, close - name, &marked);
	p = close + stars;
	if (!marked) {
		p += lines_space(p, end - p);
		size_t mark = mark_len(p, end);
		if (mark == 0)
			return false;
		p += mark;
	}
	label->value = p - line;
	return find_name(name, name_len, label);
}

static bool read_plain(const char *line, size_t len, size_t at,
		       struct label *label)
{
	size_t most = MIN(len - at, NAME_MOST);
	for (size_t i = 0; i < most; i++) {
		size_t colon = colon_len(line + at + i, line + len);
		if (colon == 0)
			continue;
		/* "key:: value" is a field of Obsidian's Dataview. */
		if (at + i + colon < len && line[at + i + colon] == ':')
			return false;
		label->value = at + i + colon;
		return find_name(line + at, i, label);
	}
	return false;
}

bool label_read(const char *line, size_t len, struct label *label)
{
	size_t at = lines_space(line, len);
	if (at == len)
		return false;
	*label = (struct label){ .plain = line[at] != '*' && line[at] != '_' };
	if (!(label->plain ? read_plain : read_bold)(line, len, at, label))
		return false;
	/* A hard break after a label is no text. */
	const char *rest = line + label->value;
	size_t rest_len = len - label->value;
	size_t space = lines_space(rest, rest_len);
	if (rest_len - space == 1 && rest[space] == '\\')
		label->value = len;
	else if (rest_len - space >= 4 && memcmp(rest + space, "<br>", 4) == 0)
		label->value += space + 4;
	return true;
}
