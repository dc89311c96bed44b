#include "kb/lines.h"

#include <string.h>

enum { SOFT_HYPHEN = 0xad };

void lines_init(struct lines *lines, char *text, size_t len)
{
	size_t count = 0;
	for (const char *p = text, *end = text + len; p < end; count++) {
		const char *newline = memchr(p, '\n', end - p);
		p = newline ? newline + 1 : end;
	}
	*lines = (struct lines){
		.text = text,
		.len = len,
		.starts = g_new(size_t, count + 1),
		.count = count,
	};
	size_t start = 0;
	for (size_t i = 0; i < count; i++) {
		lines->starts[i] = start;
		const char *newline = memchr(text + start, '\n', len - start);
		start = newline ? (size_t)(newline + 1 - text) : len;
	}
	lines->starts[count] = len;
}

void lines_clear(struct lines *lines)
{
	g_clear_pointer(&lines->text, g_free);
	g_clear_pointer(&lines->starts, g_free);
}

const char *lines_at(const struct lines *lines, size_t no, size_t *len)
{
	g_assert(no >= 1 && no <= lines->count);
	const char *start = lines->text + lines->starts[no - 1];
	const char *end = lines->text + lines->starts[no];
	if (end > start && end[-1] == '\n')
		end--;
	*len = end - start;
	return start;
}

size_t lines_space(const char *text, size_t len)
{
	size_t at = 0;
	while (at < len) {
		if (text[at] == ' ' || text[at] == '\t') {
			at++;
			continue;
		}
		gunichar c = g_utf8_get_char(text + at);
		/* A combining mark has no width but can be seen. */
		if (g_unichar_ismark(c) ||
		    (c != SOFT_HYPHEN && !g_unichar_isspace(c) &&
		     !g_unichar_iszerowidth(c)))
			break;
		at += g_utf8_skip[(guchar)text[at]];
	}
	return MIN(at, len);
}

bool lines_blank(const struct lines *lines, size_t no)
{
	size_t len;
	const char *text = lines_at(lines, no, &len);
	return lines_space(text, len) == len;
}
