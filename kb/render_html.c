/* Markdown -> the HTML that Matrix allows. */

#include <string.h>

#include "kb/render.h"
#include "kb/render_tree.h"

enum {
	/* Matrix: tags nested at most 100 deep. What is deeper loses its tags;
	 * a node opens at most two. */
	DEPTH_MOST = 90,
	LABEL_MOST = 60,
	TEXT = TREE_HTML | TREE_PINGS,
	CODE = TREE_HTML | TREE_CODE,
};

struct html {
	GString *out;
	unsigned depth;
	unsigned images;  /* inside so many: text alone is put out */
	size_t image_out; /* length of out where the outermost began */
};

static void open_tag(struct html *html, const char *tag)
{
	if (html->images == 0 && html->depth++ < DEPTH_MOST)
		g_string_append(html->out, tag);
}

static void close_tag(struct html *html, const char *tag)
{
	if (html->images == 0 && --html->depth < DEPTH_MOST)
		g_string_append(html->out, tag);
}

/* Within an attribute; what no address may hold goes as %XX. */
static void put_url(GString *out, const char *url)
{
	for (; *url; url++) {
		unsigned char c = (unsigned char)*url;
		if (c == '&')
			g_string_append(out, "&amp;");
		else if (c <= ' ' || c >= 0x7f || strchr("\"<>\\^`{|}", c))
			g_string_append_printf(out, "%%%02X", c);
		else
			g_string_append_c(out, (char)c);
	}
}

static void enter_link(struct html *html, cmark_node *node)
{
	const char *url = tree_link(node);
	if (!url)
		return;
	if (html->images == 0 && html->depth++ < DEPTH_MOST) {
		g_string_append(html->out, "<a href=\"");
		put_url(html->out, url);
		g_string_append(html->out, "\">");
	}
	if (!cmark_node_first_child(node))
		tree_text(html->out, url, TEXT);
}

static void enter_image(struct html *html)
{
	if (html->images++ == 0)
		html->image_out = html->out->len;
}

static void leave_image(struct html *html, cmark_node *node)
{
	if (--html->images == 0 && html->out->len == html->image_out)
		tree_text(html->out, tree_image_name(node), TEXT);
}

static void put_code_block(struct html *html, cmark_node *node)
{
	GString *out = html->out;
	bool tags = html->depth < DEPTH_MOST;
	g_autoptr(GString) language = g_string_new(NULL);
	tree_language(language, node);
	if (tags && language->len > 0)
		g_string_append_printf(out, "<pre><code class=\"language-%s\">",
				       language->str);
	else if (tags)
		g_string_append(out, "<pre><code>");
	tree_text(out, cmark_node_get_literal(node), CODE);
	if (tags)
		g_string_append(out, "</code></pre>");
}

static void put_html_block(struct html *html, cmark_node *node)
{
	g_autofree char *text = tree_html(cmark_node_get_literal(node));
	if (!*g_strstrip(text))
		return;
	open_tag(html, "<p>");
	tree_text(html->out, text, TEXT);
	close_tag(html, "</p>");
}

static void put_task(struct html *html, cmark_node *item)
{
	static const char *const boxes[] = {
		[TREE_TASK_NONE] = "",
		[TREE_TASK_OPEN] = "☐ ",
		[TREE_TASK_DONE] = "☑ ",
	};
	g_string_append(html->out, boxes[tree_take_task(item)]);
}

static bool has_paragraph_tag(cmark_node *node)
{
	cmark_node *parent = cmark_node_parent(node);
	return !parent || !tree_is_tight(cmark_node_parent(parent));
}

/* A pair of tags around a node; NULL: none. */
struct tags {
	const char *open;
	const char *close;
	char room[2][32]; /* for what is not constant */
};

static void list_tags(struct tags *tags, cmark_node *node)
{
	int start = cmark_node_get_list_start(node);
	bool ordered = cmark_node_get_list_type(node) == CMARK_ORDERED_LIST;
	tags->open = ordered ? "<ol>" : "<ul>";
	tags->close = ordered ? "</ol>" : "</ul>";
	if (!ordered || start == 1)
		return;
	g_snprintf(tags->room[0], sizeof(tags->room[0]), "<ol start=\"%d\">",
		   start);
	tags->open = tags->room[0];
}

static void heading_tags(struct tags *tags, cmark_node *node)
{
	int level = cmark_node_get_heading_level(node);
	g_snprintf(tags->room[0], sizeof(tags->room[0]), "<h%d>", level);
	g_snprintf(tags->room[1], sizeof(tags->room[1]), "</h%d>", level);
	tags->open = tags->room[0];
	tags->close = tags->room[1];
}

static void find_tags(struct tags *tags, cmark_node *node)
{
	static const struct {
		cmark_node_type type;
		const char *open, *close;
	} pairs[] = {
		{ CMARK_NODE_ITEM, "<li>", "</li>" },
		{ CMARK_NODE_STRONG, "<strong>", "</strong>" },
		{ CMARK_NODE_EMPH, "<em>", "</em>" },
		{ CMARK_NODE_BLOCK_QUOTE, "<blockquote>", "</blockquote>" },
	};
	cmark_node_type type = cmark_node_get_type(node);
	tags->open = tags->close = NULL;
	if (type == CMARK_NODE_PARAGRAPH && has_paragraph_tag(node)) {
		tags->open = "<p>";
		tags->close = "</p>";
	} else if (type == CMARK_NODE_HEADING) {
		heading_tags(tags, node);
	} else if (type == CMARK_NODE_LIST) {
		list_tags(tags, node);
	} else if (type == CMARK_NODE_STRIKETHROUGH) {
		tags->open = "<del>";
		tags->close = "</del>";
	}
	for (size_t i = 0; i < G_N_ELEMENTS(pairs); i++) {
		if (type == pairs[i].type) {
			tags->open = pairs[i].open;
			tags->close = pairs[i].close;
		}
	}
}

static void put_inline(struct html *html, cmark_node *node,
		       cmark_node_type type)
{
	const char *text = cmark_node_get_literal(node);
	if (type == CMARK_NODE_TEXT) {
		tree_text(html->out, text, TEXT);
	} else if (type == CMARK_NODE_CODE) {
		open_tag(html, "<code>");
		tree_text(html->out, text, CODE);
		close_tag(html, "</code>");
	} else if (type == CMARK_NODE_HTML_INLINE) {
		g_autofree char *plain = tree_html(text);
		tree_text(html->out, plain, TEXT);
	} else {
		/* One newline is a break: Obsidian shows it so. */
		g_string_append(html->out, html->images > 0 ? " " : "<br>");
	}
}

static void enter(void *renderer, cmark_node *node)
{
	struct html *html = renderer;
	struct tags tags;
	cmark_node_type type = cmark_node_get_type(node);
	find_tags(&tags, node);
	if (tags.open)
		open_tag(html, tags.open);
	switch ((int)type) {
	case CMARK_NODE_ITEM:
		put_task(html, node);
		break;
	case CMARK_NODE_CODE_BLOCK:
		put_code_block(html, node);
		break;
	case CMARK_NODE_HTML_BLOCK:
		put_html_block(html, node);
		break;
	case CMARK_NODE_THEMATIC_BREAK:
		g_string_append(html->out, "<hr>");
		break;
	case CMARK_NODE_LINK:
		enter_link(html, node);
		break;
	case CMARK_NODE_IMAGE:
		enter_image(html);
		break;
	case CMARK_NODE_TEXT:
	case CMARK_NODE_CODE:
	case CMARK_NODE_HTML_INLINE:
	case CMARK_NODE_SOFTBREAK:
	case CMARK_NODE_LINEBREAK:
		put_inline(html, node, type);
	}
}

static void leave(void *renderer, cmark_node *node)
{
	struct html *html = renderer;
	struct tags tags;
	cmark_node_type type = cmark_node_get_type(node);
	find_tags(&tags, node);
	if (tags.close)
		close_tag(html, tags.close);
	else if (type == CMARK_NODE_LINK && tree_link(node))
		close_tag(html, "</a>");
	else if (type == CMARK_NODE_IMAGE)
		leave_image(html, node);
}

static void put_table(void *renderer, cmark_node *table);

static const struct tree_visitor visitor = {
	.enter = enter,
	.leave = leave,
	.table = put_table,
};

static void put_small_table(struct html *html, cmark_node *table)
{
	open_tag(html, "<table>");
	cmark_node *head = cmark_node_first_child(table);
	for (cmark_node *row = head; row; row = cmark_node_next(row)) {
		const char *const cell_tags[] = {
			row == head ? "<th>" : "<td>",
			row == head ? "</th>" : "</td>",
		};
		if (row == head)
			open_tag(html, "<thead>");
		else if (cmark_node_previous(row) == head)
			open_tag(html, "<tbody>");
		open_tag(html, "<tr>");
		for (cmark_node *cell = cmark_node_first_child(row); cell;
		     cell = cmark_node_next(cell)) {
			open_tag(html, cell_tags[0]);
			tree_walk(cell, true, &visitor, html);
			close_tag(html, cell_tags[1]);
		}
		close_tag(html, "</tr>");
		if (row == head)
			close_tag(html, "</thead>");
		else if (!cmark_node_next(row))
			close_tag(html, "</tbody>");
	}
	close_tag(html, "</table>");
}

static void put_label(struct html *html, cmark_node *head)
{
	g_autofree char *label = head ? tree_plain(head, LABEL_MOST) : NULL;
	if (!label || !*label)
		return;
	open_tag(html, "<strong>");
	tree_text(html->out, label, TEXT);
	close_tag(html, "</strong>");
	g_string_append(html->out, ": ");
}

/* One item a row, each cell behind its column's head; empty ones left out. */
static void put_wide_row(struct html *html, cmark_node *heads, cmark_node *row)
{
	const char *between = "";
	cmark_node *head = cmark_node_first_child(heads);
	open_tag(html, "<li>");
	for (cmark_node *cell = cmark_node_first_child(row); cell;
	     cell = cmark_node_next(cell)) {
		if (cmark_node_first_child(cell)) {
			g_string_append(html->out, between);
			if (row != heads)
				put_label(html, head);
			tree_walk(cell, true, &visitor, html);
			between = "<br>";
		}
		head = head ? cmark_node_next(head) : NULL;
	}
	close_tag(html, "</li>");
}

static bool is_empty(cmark_node *row)
{
	cmark_node *cell = cmark_node_first_child(row);
	while (cell && !cmark_node_first_child(cell))
		cell = cmark_node_next(cell);
	return !cell;
}

static void put_table(void *renderer, cmark_node *table)
{
	struct html *html = renderer;
	cmark_node *heads = cmark_node_first_child(table);
	if (tree_table_is_small(table)) {
		put_small_table(html, table);
		return;
	}
	open_tag(html, "<ul>");
	/* Heads without rows are all that there is to show. */
	cmark_node *row =
		cmark_node_next(heads) ? cmark_node_next(heads) : heads;
	for (; row; row = cmark_node_next(row))
		if (!is_empty(row))
			put_wide_row(html, heads, row);
	close_tag(html, "</ul>");
}

static char *html_of(cmark_node *root, size_t len)
{
	struct html html = { .out = g_string_sized_new(len + len / 2) };
	tree_walk(root, false, &visitor, &html);
	g_assert(html.depth == 0);
	tree_break_pings(html.out, false);
	return g_string_free(html.out, FALSE);
}

char *render_html(const char *markdown)
{
	size_t len = strlen(markdown);
	g_autoptr(tree_node) root = tree_parse(markdown, len);
	return html_of(root, len);
}

void render_html_and_plain(const char *markdown, char **html, char **plain)
{
	size_t len = strlen(markdown);
	g_autoptr(tree_node) root = tree_parse(markdown, len);
	*html = html_of(root, len);
	*plain = tree_render_plain(root);
}
