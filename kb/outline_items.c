#include "kb/outline_items.h"

#include <string.h>

static void item_clear(void *data)
{
	struct outline_item *item = data;
	g_free(item->language);
	g_free(item->text);
}

GArray *outline_items_new(void)
{
	GArray *items = g_array_new(FALSE, FALSE, sizeof(struct outline_item));
	g_array_set_clear_func(items, item_clear);
	return items;
}

void outline_items_add(GArray *items, size_t line, const char *language,
		       char *text)
{
	struct outline_item item = { line, g_strdup(language), text };
	/* They are sought by line: a parser's slip must not disorder them. */
	if (items->len > 0) {
		const struct outline_item *last = &g_array_index(
			items, struct outline_item, items->len - 1);
		item.line = MAX(line, last->line);
	}
	g_array_append_val(items, item);
}

void outline_items_add_code(struct outline *outline, cmark_node *node,
			    size_t line, size_t lines)
{
	const char *info = cmark_node_get_fence_info(node);
	const char *literal = cmark_node_get_literal(node);
	size_t len = 0, lang = info ? strcspn(info, " \t\n") : 0;
	if (lines == SIZE_MAX)
		len = strlen(literal);
	for (size_t i = 0; i < lines && literal[len]; i++) {
		const char *newline = strchrnul(literal + len, '\n');
		len = newline - literal + (*newline == '\n');
	}
	g_autofree char *language = lang ? g_strndup(info, lang) : NULL;
	outline_items_add(outline->code, line, language,
			  g_strndup(literal, len));
}

/* "[[Note#Heading|text]]" -> "Note#Heading", for all in a run of text. */
static void add_wiki_links(struct outline *outline, GString *run, size_t line)
{
	const char *p = run->str, *open, *close;
	while ((open = strstr(p, "[[")) && (close = strstr(open + 2, "]]"))) {
		bool embedded = open > run->str && open[-1] == '!';
		p = close + 2;
		open += 2;
		const char *bar = memchr(open, '|', close - open);
		if (bar)
			close = bar;
		if (close > open && !embedded)
			outline_items_add(outline->links, line, NULL,
					  g_strndup(open, close - open));
	}
	g_string_truncate(run, 0);
}

static void mark_code(struct outline *outline, size_t from, size_t to)
{
	for (size_t no = from; no < to; no++)
		outline->kinds[no] |= LINE_CODE;
}

void outline_items_add_block(struct outline *outline, cmark_node *block,
			     size_t base, size_t from, size_t to)
{
	size_t line = from;
	g_autoptr(GString) run = g_string_new(NULL);
	cmark_iter *iter = cmark_iter_new(block);
	cmark_event_type event;
	while ((event = cmark_iter_next(iter)) != CMARK_EVENT_DONE) {
		cmark_node *node = cmark_iter_get_node(iter);
		cmark_node_type type = cmark_node_get_type(node);
		if (type == CMARK_NODE_TEXT) {
			g_string_append(run, cmark_node_get_literal(node));
			continue;
		}
		if (run->len > 0)
			add_wiki_links(outline, run, line);
		if (event != CMARK_EVENT_ENTER)
			continue;
		size_t start = cmark_node_get_start_line(node);
		if ((type & CMARK_NODE_TYPE_MASK) == CMARK_NODE_TYPE_BLOCK &&
		    start > 0)
			line = MIN(base + start - 1, to - 1);
		if (type == CMARK_NODE_LINK)
			outline_items_add(outline->links, line, NULL,
					  g_strdup(cmark_node_get_url(node)));
		if (type != CMARK_NODE_CODE_BLOCK || node == block)
			continue;
		size_t end = base + cmark_node_get_end_line(node);
		mark_code(outline, line, MIN(end, to));
		outline_items_add_code(outline, node, line, SIZE_MAX);
	}
	cmark_iter_free(iter);
}
