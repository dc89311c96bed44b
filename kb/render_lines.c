/* Plain text -> lines of bounded length, and text -> Markdown. */

#include <string.h>

#include "kb/render.h"

/* Neither control characters nor what a character set left broken. */
static char *clean(const char *line, size_t len)
{
	g_autofree char *valid = g_utf8_make_valid(line, (gssize)len);
	GString *out = g_string_sized_new(len);
	for (const char *c = valid; *c; c = g_utf8_next_char(c)) {
		gunichar code = g_utf8_get_char(c);
		if (code == '\t' || !g_unichar_iscntrl(code))
			g_string_append_len(out, c, g_utf8_next_char(c) - c);
	}
	return g_strchomp(g_string_free(out, FALSE));
}

/* The character at c shows together with the one before it. */
static bool is_joined(const char *c, const char *start)
{
	enum { JOINER = 0x200d };
	gunichar code = g_utf8_get_char(c);
	return code == JOINER || g_unichar_ismark(code) ||
	       g_utf8_get_char(g_utf8_find_prev_char(start, c)) == JOINER;
}

/* Bytes of text that are to be one piece: up to the last space among the first
 * bytes of it, else all of them but half a character. */
static size_t piece_len(const char *text, size_t bytes)
{
	enum { MARKS = 8 }; /* more of them on one letter are not kept whole */
	const char *end = g_utf8_find_prev_char(text, text + bytes + 1);
	for (const char *c = end; c > text; c--)
		if (*c == ' ')
			return (size_t)(c - text);
	const char *cut = end;
	for (int i = 0; i < MARKS && cut > text && is_joined(cut, text); i++)
		cut = g_utf8_find_prev_char(text, cut);
	if (cut == text || is_joined(cut, text))
		cut = end;
	return cut > text ? (size_t)(cut - text)
			  : (size_t)(g_utf8_next_char(text) - text);
}

GPtrArray *render_lines(const char *plain, size_t bytes)
{
	GPtrArray *pieces = g_ptr_array_new_with_free_func(g_free);
	while (*plain) {
		size_t len = strcspn(plain, "\r\n");
		g_autofree char *line = clean(plain, len);
		const char *rest = line;
		plain += len + (plain[len] != '\0');
		while (*rest) {
			size_t size = strnlen(rest, bytes + 1);
			if (size > bytes)
				size = piece_len(rest, bytes);
			g_autofree char *piece = g_strndup(rest, size);
			if (*g_strchomp(piece))
				g_ptr_array_add(pieces,
						g_steal_pointer(&piece));
			rest += size;
			/* An indent is kept, the space of a cut is not. */
			rest += strspn(rest, " ");
		}
	}
	return pieces;
}

/* Nothing to be seen, or worse; joiners make one emoji of several. */
static bool is_hidden(gunichar c)
{
	enum { NON_JOINER = 0x200c, JOINER = 0x200d };
	return g_unichar_iscntrl(c) || (g_unichar_type(c) == G_UNICODE_FORMAT &&
					c != JOINER && c != NON_JOINER);
}

static bool is_space(gunichar c)
{
	GUnicodeType type = g_unichar_type(c);
	return g_unichar_isspace(c) || c == '\v' || c == 0x85 ||
	       type == G_UNICODE_LINE_SEPARATOR ||
	       type == G_UNICODE_PARAGRAPH_SEPARATOR;
}

char *render_one_line(const char *text, size_t most)
{
	g_autofree char *valid = g_utf8_make_valid(text, -1);
	GString *line = g_string_new(NULL);
	for (const char *p = valid; *p; p = g_utf8_next_char(p)) {
		gunichar c = g_utf8_get_char(p);
		if (is_space(c)) {
			if (line->len && line->str[line->len - 1] != ' ')
				g_string_append_c(line, ' ');
		} else if (!is_hidden(c)) {
			g_string_append_unichar(line, c);
		}
	}
	g_strchomp(line->str);
	line->len = strlen(line->str);
	if (g_utf8_strlen(line->str, -1) > (glong)most) {
		const char *end =
			g_utf8_offset_to_pointer(line->str, (glong)most);
		g_string_truncate(line, (gsize)(end - line->str));
		g_string_append(line, "…");
	}
	return g_string_free(line, FALSE);
}

char *render_escape(const char *text)
{
	GString *out = g_string_sized_new(strlen(text) + 16);
	bool start = true;
	for (; *text; text++) {
		char c = *text;
		if (c == '\r')
			continue;
		/* Spaces at a line's start, and its end, mean something. */
		if (c == '\n')
			g_string_append(out, "&#10;");
		else if (c == ' ' && (start || !text[1] || text[1] == '\n'))
			g_string_append(out, "&#32;");
		else if (c == '\t')
			g_string_append(out, "&#9;");
		else if (strchr("\\`*_[]<>&|~!#+-=.)", c))
			g_string_append_printf(out, "\\%c", c);
		else
			g_string_append_c(out, c);
		start = c == '\n' || (start && c == ' ');
	}
	return g_string_free(out, FALSE);
}

/* CommonMark, "Code spans": no run of backticks inside is as long as those
 * around; one space at each side is not shown where both have one. */
char *render_code(const char *text)
{
	size_t len = strlen(text), longest = 0;
	if (len == 0)
		return g_strdup("");
	for (size_t i = 0; i < len; i++) {
		size_t run = strspn(text + i, "`");
		longest = MAX(longest, run);
		i += run;
	}
	bool pad = strchr("` ", text[0]) || strchr("` ", text[len - 1]);
	g_autofree char *fence = g_strnfill(longest + 1, '`');
	g_autofree char *line = g_strdelimit(g_strdup(text), "\r\n", ' ');
	return g_strconcat(fence, pad ? " " : "", line, pad ? " " : "", fence,
			   NULL);
}
