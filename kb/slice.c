#include "kb/slice.h"

#include <string.h>

static const char *line_at(const struct outline *outline, size_t no,
			   size_t *len)
{
	return lines_at(outline->lines, no, len);
}

static bool is_edge(const struct outline *outline, size_t no)
{
	return (outline->kinds[no] & LINE_RULE) ||
	       lines_blank(outline->lines, no);
}

/* What stands after the first line's skipped bytes and spaces. */
static const char *first_rest(const struct outline *outline, struct slice slice,
			      size_t *len)
{
	const char *text = line_at(outline, slice.from, len);
	size_t skip = MIN(slice.skip, *len);
	skip += lines_space(text + skip, *len - skip);
	*len -= skip;
	return text + skip;
}

/* Cuts off empty lines and rules; skip stays only where text follows it. */
static struct slice trim(const struct outline *outline, struct slice slice)
{
	size_t len;
	while (slice.to > slice.from + 1 && is_edge(outline, slice.to - 1))
		slice.to--;
	if (slice.skip > 0 && slice.from < slice.to) {
		first_rest(outline, slice, &len);
		if (len > 0)
			return slice;
		slice.from++;
		slice.skip = 0;
	}
	while (slice.from < slice.to && is_edge(outline, slice.from))
		slice.from++;
	return slice;
}

/* Appends the line without the columns that its list item takes. */
static void append_dedented(GString *text, const char *line, size_t len,
			    unsigned columns)
{
	unsigned column = 0;
	while (len > 0 && column < columns && (*line == ' ' || *line == '\t')) {
		column += *line == '\t' ? 4 - column % 4 : 1;
		line++;
		len--;
	}
	for (; column > columns; column--)
		g_string_append_c(text, ' ');
	g_string_append_len(text, line, (gssize)len);
}

static void append_line(const struct outline *outline, size_t no, bool first,
			GString *text)
{
	size_t len, at = text->len;
	const char *line = line_at(outline, no, &len);
	append_dedented(text, line, len, outline->indents[no]);
	if (!first || !(outline->kinds[no] & LINE_PARAGRAPH))
		return;
	size_t space = strspn(text->str + at, " ");
	g_string_erase(text, (gssize)at, (gssize)space);
}

/* The first item at or after a line; items->len: none. */
static guint first_item(const GArray *items, size_t line)
{
	guint low = 0, high = items->len;
	while (low < high) {
		guint middle = low + (high - low) / 2;
		if (g_array_index(items, struct outline_item, middle).line <
		    line)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static void close_fence(const struct outline *outline, size_t no, GString *text)
{
	guint i = first_item(outline->unclosed, no);
	if (i == outline->unclosed->len)
		return;
	const struct outline_item *item =
		&g_array_index(outline->unclosed, struct outline_item, i);
	if (item->line == no)
		g_string_append_printf(text, "\n%s", item->text);
}

char *slice_text(const struct outline *outline, struct slice slice)
{
	slice = trim(outline, slice);
	if (slice.from >= slice.to)
		return NULL;
	GString *text = g_string_new(NULL);
	size_t no = slice.from, len;
	if (slice.skip > 0) {
		const char *rest = first_rest(outline, slice, &len);
		g_string_append_len(text, rest, (gssize)len);
		no++;
	}
	for (; no < slice.to; no++) {
		if (no > slice.from)
			g_string_append_c(text, '\n');
		append_line(outline, no, no == slice.from, text);
		close_fence(outline, no, text);
	}
	while (!(outline->kinds[slice.to - 1] & LINE_CODE) && text->len > 0 &&
	       strchr(" \t", text->str[text->len - 1]))
		g_string_truncate(text, text->len - 1);
	return g_string_free(text, FALSE);
}

/* After a comment or tag that can be seen nowhere; NULL: something can. */
static const char *skip_unseen(const char *p, const char *end)
{
	const char *close = NULL;
	if (end - p >= 4 && memcmp(p, "<!--", 4) == 0) {
		close = g_strstr_len(p + 4, end - p - 4, "-->");
		return close ? close + 3 : NULL;
	}
	if (end - p >= 4 && memcmp(p, "%%", 2) == 0) {
		close = g_strstr_len(p + 2, end - p - 2, "%%");
		return close ? close + 2 : NULL;
	}
	if (end - p >= 3 && *p == '<' &&
	    (p[1] == '/' || g_ascii_isalpha(p[1])) &&
	    !g_str_has_prefix(p, "<img"))
		close = memchr(p, '>', end - p);
	return close ? close + 1 : NULL;
}

bool slice_has_text(const struct outline *outline, struct slice slice)
{
	slice = trim(outline, slice);
	if (slice.from >= slice.to)
		return false;
	const struct lines *lines = outline->lines;
	const char *p = lines->text + lines->starts[slice.from - 1];
	const char *end = lines->text + lines->starts[slice.to - 1];
	size_t no = slice.from;
	if (slice.skip > 0)
		return true; /* trim() saw to it */
	while (p < end) {
		while (no + 1 < slice.to &&
		       p >= lines->text + lines->starts[no])
			no++;
		if (outline->kinds[no] & LINE_CODE)
			return true;
		if (outline->kinds[no] & LINE_RULE) {
			p = lines->text + lines->starts[no];
			continue;
		}
		size_t space = lines_space(p, end - p);
		const char *next = space ? p + space : skip_unseen(p, end);
		if (!next)
			return true;
		p = next;
	}
	return false;
}

/* After "[text](#heading)" or "[[#heading]]" at p; NULL: it is none. */
static const char *skip_own_link(const char *p, const char *end)
{
	const char *stop = memchr(p, '\n', end - p);
	size_t len = (stop ? stop : end) - p;
	const char *close;
	if (len > 3 && memcmp(p, "[[#", 3) == 0) {
		close = g_strstr_len(p, (gssize)len, "]]");
		return close ? close + 2 : NULL;
	}
	const char *target = g_strstr_len(p, (gssize)len, "](#");
	/* The first link of the line only: not "[a](b), [c](#d)". */
	if (!target || g_strstr_len(p, (gssize)len, "](") != target)
		return NULL;
	close = memchr(target, ')', p + len - target);
	return close ? close + 1 : NULL;
}

bool slice_is_contents(const struct outline *outline, struct slice slice)
{
	slice = trim(outline, slice);
	if (slice.from >= slice.to || slice.skip > 0)
		return false;
	const struct lines *lines = outline->lines;
	const char *p = lines->text + lines->starts[slice.from - 1];
	const char *end = lines->text + lines->starts[slice.to - 1];
	bool found = false;
	while (p < end) {
		if (*p == '[') {
			if (end - p >= 5 && memcmp(p, "[TOC]", 5) == 0)
				p += 5;
			else
				p = skip_own_link(p, end);
			if (!p)
				return false;
			found = true;
			continue;
		}
		if (g_unichar_isalpha(g_utf8_get_char(p)) || *p == '`')
			return false;
		p = g_utf8_next_char(p);
	}
	return found;
}

/* How many bytes "  12. " or "- [x] " takes. */
static size_t marker_len(const char *line, size_t len)
{
	size_t at = strspn(line, " \t");
	if (at < len && strchr("-+*", line[at])) {
		at++;
	} else {
		at += strspn(line + at, "0123456789");
		at++; /* . or ) */
	}
	if (at >= len)
		return len;
	return at + strspn(line + at, " \t");
}

static char *item_text(const struct outline *outline, size_t from, size_t to)
{
	g_autoptr(GString) text = g_string_new(NULL);
	unsigned indent = 0;
	for (size_t no = from; no < to; no++) {
		size_t len;
		const char *line = line_at(outline, no, &len);
		g_autoptr(GString) dedented = g_string_new(NULL);
		append_dedented(dedented, line, len, outline->indents[no]);
		if (no > from) {
			g_string_append_c(text, '\n');
			append_dedented(text, dedented->str, dedented->len,
					indent);
			continue;
		}
		size_t marker = marker_len(dedented->str, dedented->len);
		indent = (unsigned)marker;
		const char *rest = dedented->str + marker;
		if (g_str_has_prefix(rest, "[ ] ") ||
		    g_str_has_prefix(rest, "[x] "))
			rest += 4;
		g_string_append(text, rest);
	}
	g_strchomp(text->str);
	return g_strdup(text->str);
}

GPtrArray *slice_list(const struct outline *outline, struct slice slice)
{
	slice = trim(outline, slice);
	if (slice.from >= slice.to || slice.skip > 0 ||
	    !(outline->kinds[slice.from] & LINE_ITEM))
		return NULL;
	for (size_t no = slice.from; no < slice.to; no++)
		if (!(outline->kinds[no] & LINE_LIST) &&
		    !lines_blank(outline->lines, no))
			return NULL;
	GPtrArray *items = g_ptr_array_new_with_free_func(g_free);
	for (size_t no = slice.from, next; no < slice.to; no = next) {
		next = no + 1;
		while (next < slice.to && !(outline->kinds[next] & LINE_ITEM))
			next++;
		char *text = item_text(outline, no, next);
		if (*text)
			g_ptr_array_add(items, text);
		else
			g_free(text);
	}
	return items;
}

void slice_take(const struct outline *outline, struct slice slice,
		struct entry *entry)
{
	guint first = first_item(outline->code, slice.from);
	guint last = first_item(outline->code, slice.to);
	entry->code = g_renew(struct code, entry->code,
			      entry->code_len + (last - first));
	for (guint i = first; i < last; i++) {
		const struct outline_item *item =
			&g_array_index(outline->code, struct outline_item, i);
		entry->code[entry->code_len++] = (struct code){
			.language = g_strdup(item->language),
			.text = g_strdup(item->text),
		};
	}
	first = first_item(outline->links, slice.from);
	last = first_item(outline->links, slice.to);
	size_t len = g_strv_length(entry->links);
	entry->links = g_renew(char *, entry->links, len + (last - first) + 1);
	for (guint i = first; i < last; i++)
		entry->links[len++] = g_strdup(
			g_array_index(outline->links, struct outline_item, i)
				.text);
	entry->links[len] = NULL;
}
