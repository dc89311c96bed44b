/*
 * Any bytes as Markdown. What comes out is UTF-8 without control characters,
 * HTML holds only tags that Matrix allows, each closed, and the parts of a
 * text lose nothing of it and leave no fence open. The first two bytes choose
 * the part's budget and the width of lines.
 */

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kb/hostile.h"
#include "kb/render.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void fail(const char *what, const char *markdown, const char *out)
{
	fprintf(stderr, "%s\n--- of ---\n%s\n--- came ---\n%s\n", what,
		markdown, out);
	abort();
}

static void check_text(const char *markdown, const char *out)
{
	if (!g_utf8_validate(out, -1, NULL))
		fail("not UTF-8", markdown, out);
	for (const char *c = out; *c; c = g_utf8_next_char(c)) {
		gunichar code = g_utf8_get_char(c);
		if (g_unichar_iscntrl(code) && code != '\n' && code != '\t')
			fail("a control character", markdown, out);
	}
}

/* The tags that may come, and what may stand in them. */
static const struct {
	const char *names;
	const char *attributes;
} tags[] = {
	{ " a ", "^ href=\"(?i:https?|ftp|mailto|magnet):[!-~]*\"$" },
	{ " ol ", "^( start=\"[0-9]+\")?$" },
	{ " code ", "^( class=\"language-[a-z0-9_+#.-]+\")?$" },
	{ " p br hr h1 h2 h3 h4 h5 h6 ul li em strong del pre blockquote table "
	  "thead tbody tr th td ",
	  "^$" },
};

static bool is_allowed(const char *tag, size_t len, char name[static 16])
{
	size_t end = strcspn(tag, " >");
	if (end >= 16)
		return false;
	memcpy(name, tag, end);
	name[end] = '\0';
	g_autofree char *word = g_strdup_printf(" %s ", name);
	g_autofree char *rest = g_strndup(tag + end, len - end);
	bool closing = tag[-1] == '/' && !*rest;
	for (size_t i = 0; i < G_N_ELEMENTS(tags); i++)
		if (strstr(tags[i].names, word))
			return closing ||
			       g_regex_match_simple(tags[i].attributes, rest, 0,
						    0);
	return false;
}

static bool has_ping(const char *text)
{
	return g_regex_match_simple("@room(?![0-9a-z_])", text,
				    G_REGEX_CASELESS, 0);
}

static void check_html(const char *markdown, const char *html)
{
	g_autoptr(GPtrArray) open = g_ptr_array_new_with_free_func(g_free);
	check_text(markdown, html);
	for (const char *c = html; (c = strchr(c, '<'));) {
		char name[16];
		bool closing = c[1] == '/';
		const char *tag = c + 1 + closing;
		const char *end = strchr(tag, '>');
		if (!end || !is_allowed(tag, (size_t)(end - tag), name))
			fail("a tag that is not allowed", markdown, html);
		if (closing) {
			char *top = open->len ? g_ptr_array_index(open,
								  open->len - 1)
					      : NULL;
			if (!top || !g_str_equal(top, name))
				fail("tags cross", markdown, html);
			g_ptr_array_set_size(open, (gint)open->len - 1);
		} else if (!g_str_equal(name, "br") &&
			   !g_str_equal(name, "hr")) {
			g_ptr_array_add(open, g_strdup(name));
		}
		if (open->len > 100)
			fail("too deep", markdown, html);
		c = end;
	}
	if (open->len > 0)
		fail("a tag is open", markdown, html);
	if (strstr(html, "@room") && !strstr(html, "<code") &&
	    !strstr(html, "<a") && has_ping(html))
		fail("a ping", markdown, html);
}

static void check_plain(const char *markdown, const char *plain)
{
	check_text(markdown, plain);
	if (strstr(plain, " \n") || strstr(plain, "\t\n"))
		fail("a space at a line's end", markdown, plain);
	if (g_str_has_prefix(plain, "\n") || g_str_has_suffix(plain, "\n"))
		fail("a blank line at an end", markdown, plain);
	if (has_ping(plain))
		fail("a ping", markdown, plain);
}

/* Every escape sequence is one of ours. */
static void check_terminal(const char *markdown, const char *text)
{
	for (const char *c = text; (c = strchr(c, '\033')); c++) {
		size_t len = strspn(c + 1, "[0123456789;");
		if (c[1] != '[' || c[1 + len] != 'm')
			fail("an escape sequence", markdown, text);
	}
	g_autofree char *plain = g_strdup(text);
	check_text(markdown, g_strdelimit(plain, "\033", '?'));
}

static void check_lines(const char *plain, size_t bytes)
{
	g_autoptr(GPtrArray) lines = render_lines(plain, bytes);
	for (guint i = 0; i < lines->len; i++) {
		const char *line = g_ptr_array_index(lines, i);
		check_text(plain, line);
		if (!*line || strlen(line) > bytes || strchr(line, '\n'))
			fail("a bad line", plain, line);
	}
}

/* The next visible character, and text behind it. */
static gunichar next_visible(const char **text)
{
	while (**text) {
		gunichar c = g_utf8_get_char(*text);
		*text = g_utf8_next_char(*text);
		if (!g_unichar_isspace(c))
			return c;
	}
	return 0;
}

static bool holds_all(const char *markdown, const char *parts)
{
	gunichar wanted;
	while ((wanted = next_visible(&markdown))) {
		gunichar c;
		do {
			c = next_visible(&parts);
		} while (c && c != wanted);
		if (!c)
			return false;
	}
	return true;
}

/* Open HTML (<!-- without an end) swallows what follows as well. */
static bool leaves_fence_open(const char *part)
{
	g_autofree char *more = g_strconcat(part, "\n\nSENTINEL\n", NULL);
	g_autofree char *html = render_html(more);
	return g_str_has_suffix(html, "SENTINEL\n</code></pre>") ||
	       g_str_has_suffix(html, "SENTINEL</code></pre>");
}

static void check_parts(const char *markdown, size_t budget)
{
	g_autoptr(GString) all = g_string_new(NULL);
	size_t from = 0, next = 0, len = strlen(markdown);
	do {
		g_autofree char *part =
			render_part(markdown, from, budget, &next);
		if (!part)
			break;
		if (next != 0 && (next <= from || next > len))
			fail("no way forward", markdown, part);
		check_text(markdown, "");
		if (!g_utf8_validate(part, -1, NULL))
			fail("a part not UTF-8", markdown, part);
		if (!hostile_markdown(markdown, len, NULL) &&
		    !hostile_markdown(part, strlen(part), NULL) &&
		    leaves_fence_open(part))
			fail("a fence is open", markdown, part);
		g_string_append_printf(all, "%s\n", part);
		from = next;
	} while (next > 0);
	if (!holds_all(markdown, all->str))
		fail("parts lose text", markdown, all->str);
}

static void check_escape(const char *text)
{
	g_autofree char *markdown = render_escape(text);
	g_autofree char *plain = render_plain(markdown);
	check_plain(markdown, plain);
	if (strchr(markdown, '\n'))
		fail("more than a line", text, markdown);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size < 2)
		return 0;
	size_t budget = 1 + data[0] * 4u, width = data[1];
	g_autofree char *raw = g_strndup((const char *)data + 2, size - 2);
	g_autofree char *html = render_html(raw);
	g_autofree char *plain = render_plain(raw);
	g_autofree char *terminal = render_terminal(raw, (unsigned)width);
	check_html(raw, html);
	check_plain(raw, plain);
	check_terminal(raw, terminal);
	check_lines(raw, 4 + width);
	check_lines(plain, 4 + width);
	g_autofree char *valid = g_utf8_make_valid(raw, -1);
	bool mark = g_str_has_prefix(valid, "\xef\xbb\xbf");
	check_parts(valid + (mark ? 3 : 0), budget);
	check_escape(raw);
	g_free(render_part(raw, data[0], budget, &(size_t){ 0 }));
	return 0;
}
