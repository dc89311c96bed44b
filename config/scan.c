#include "config/scan.h"

#include <stdbool.h>
#include <string.h>

static void line_free(void *data)
{
	struct scan_line *line = data;
	g_free(line->name);
	g_free(line->value);
	g_free(line);
}

/* Takes both strings. */
static void put(GPtrArray *lines, int no, enum scan_kind kind, char *name,
		char *value)
{
	struct scan_line *line = g_new0(struct scan_line, 1);
	line->line = no;
	line->kind = kind;
	line->name = name;
	line->value = value;
	g_ptr_array_add(lines, line);
}

static void put_wrong(GPtrArray *lines, int no, const char *what)
{
	put(lines, no, SCAN_WRONG, NULL, g_strdup(what));
}

/* Also refuses C1 controls, which some terminals obey. */
static bool has_control(const char *text)
{
	for (; *text; text = g_utf8_next_char(text)) {
		gunichar c = g_utf8_get_char(text);
		if (c != '\t' && g_unichar_iscntrl(c))
			return true;
	}
	return false;
}

static void scan_section(GPtrArray *lines, int no, const char *text)
{
	const char *end = strchr(text, ']');
	if (!end || end[1] != '\0') {
		put_wrong(lines, no,
			  "a section is written [name], alone on its line");
		return;
	}
	g_autofree char *name = g_strndup(text + 1, (size_t)(end - text - 1));
	g_strstrip(name);
	put(lines, no, SCAN_SECTION, g_steal_pointer(&name), NULL);
}

static void scan_line(GPtrArray *lines, int no, char *text)
{
	g_strstrip(text);
	if (*text == '\0' || *text == '#')
		return;
	if (has_control(text)) {
		put_wrong(lines, no, "a control character");
		return;
	}
	if (*text == '[') {
		scan_section(lines, no, text);
		return;
	}
	char *equals = strchr(text, '=');
	if (!equals || equals == text) {
		put_wrong(lines, no,
			  "neither [section], key = value nor "
			  "# comment");
		return;
	}
	*equals = '\0';
	put(lines, no, SCAN_PAIR, g_strdup(g_strchomp(text)),
	    g_strdup(g_strchug(equals + 1)));
}

GPtrArray *scan_text(const char *text, size_t len)
{
	static const char mark[] = "\xef\xbb\xbf";
	GPtrArray *lines = g_ptr_array_new_with_free_func(line_free);
	const char *end = text + len;
	if (len >= strlen(mark) && memcmp(text, mark, strlen(mark)) == 0)
		text += strlen(mark);
	for (int no = 1; text < end; no++) {
		const char *stop = memchr(text, '\n', (size_t)(end - text));
		size_t size = (size_t)((stop ? stop : end) - text);
		g_autofree char *line = g_strndup(text, size);
		if (g_utf8_validate_len(text, size, NULL))
			scan_line(lines, no, line);
		else
			put_wrong(lines, no, "not UTF-8 text");
		text += size + 1;
	}
	return lines;
}
