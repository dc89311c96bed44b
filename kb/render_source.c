#include "kb/render_source.h"

#include <string.h>

#include "kb/render_tree.h"

size_t source_lines(const struct source *source)
{
	return source->starts->len - 1;
}

size_t source_start(const struct source *source, size_t line)
{
	return g_array_index(source->starts, size_t, line);
}

size_t source_end(const struct source *source, size_t line)
{
	size_t start = source_start(source, line);
	size_t end = source_start(source, line + 1);
	while (end > start && strchr("\r\n", source->text[end - 1]))
		end--;
	return end;
}

bool source_is_blank(const struct source *source, size_t line)
{
	const char *text = source->text + source_start(source, line);
	return text[strspn(text, " \t")] == '\0' ||
	       strchr("\r\n", text[strspn(text, " \t")]);
}

size_t source_line_at(const struct source *source, size_t offset)
{
	size_t low = 0, high = source_lines(source);
	while (high - low > 1) {
		size_t middle = low + (high - low) / 2;
		if (source_start(source, middle) <= offset)
			low = middle;
		else
			high = middle;
	}
	return low;
}

const struct source_leaf *source_leaf_at(const struct source *source,
					 size_t line)
{
	guint low = 0, high = source->leaves->len;
	while (low < high) {
		guint middle = low + (high - low) / 2;
		const struct source_leaf *leaf = &g_array_index(
			source->leaves, struct source_leaf, middle);
		if (leaf->last < line)
			low = middle + 1;
		else if (leaf->first > line)
			high = middle;
		else
			return leaf;
	}
	return NULL;
}

const struct source_leaf *source_fence_at(const struct source *source,
					  size_t line)
{
	const struct source_leaf *leaf = source_leaf_at(source, line);
	return leaf && leaf->kind == SOURCE_FENCE ? leaf : NULL;
}

bool source_is_fence_line(const struct source *source, size_t line)
{
	enum { LONGEST = 80 };
	const struct source_leaf *fence = source_fence_at(source, line);
	bool marks = fence && (line == fence->first ||
			       (fence->closed && line == fence->last));
	return marks && source_chars(source, line,
				     source_start(source, line)) <= LONGEST;
}

size_t source_chars(const struct source *source, size_t line, size_t start)
{
	size_t end = source_end(source, line);
	gssize len = end > start ? (gssize)(end - start) : 0;
	return (size_t)g_utf8_strlen(source->text + start, len) + 1;
}

/* As cmark counts lines: CR, LF and both together end one. */
static void find_lines(struct source *source)
{
	size_t start = 0;
	source->starts = g_array_new(FALSE, FALSE, sizeof(size_t));
	while (start < source->len) {
		const char *text = source->text + start;
		size_t len = strcspn(text, "\r\n");
		g_array_append_val(source->starts, start);
		if (text[len] == '\r' && text[len + 1] == '\n')
			len++;
		start += len + (text[len] != '\0');
	}
	g_array_append_val(source->starts, source->len);
}

static void cut_before(struct source *source, size_t line, enum source_cut cut)
{
	if (line < source_lines(source) && source->cuts[line] < cut)
		source->cuts[line] = (uint8_t)cut;
}

static void never_before(struct source *source, size_t line)
{
	if (line < source_lines(source))
		source->cuts[line] = SOURCE_CUT_NEVER;
}

static size_t literal_lines(cmark_node *node)
{
	size_t lines = 0;
	for (const char *c = cmark_node_get_literal(node); *c; c++)
		lines += *c == '\n';
	return lines;
}

/*
 * Finds whether the fence's last line is one that closes it. cmark does not
 * tell; and where the fence ends with what it stands in, without a line of its
 * own, cmark counts a line too many, which may be a fence too.
 */
static void find_fence_end(const struct source *source,
			   struct source_leaf *leaf, cmark_node *node)
{
	int len = 0, offset = 0;
	char mark = '`';
	cmark_node_get_fenced(node, &len, &offset, &mark);
	cmark_node *around = cmark_node_parent(node);
	int end = cmark_node_get_end_line(around);
	bool inside = !cmark_node_parent(around) || leaf->last < (size_t)end;
	size_t code = literal_lines(node);
	const char *line = source->text + source_start(source, leaf->last);
	line += strspn(line, " \t>");
	char marks[] = { mark, '\0' };
	size_t run = strspn(line, marks);
	line += run;
	line += strspn(line, " \t");
	leaf->closed = inside && leaf->first + code + 1 == leaf->last &&
		       run >= (size_t)len && (!*line || strchr("\r\n", *line));
	if (!leaf->closed)
		leaf->last = MIN(leaf->first + code, leaf->last);
}

static bool is_quoted(cmark_node *node)
{
	for (; node; node = cmark_node_parent(node))
		if (cmark_node_get_type(node) == CMARK_NODE_BLOCK_QUOTE)
			return true;
	return false;
}

static size_t trim_blank(const struct source *source, size_t first, size_t last)
{
	while (last > first && source_is_blank(source, last))
		last--;
	return last;
}

static void add_leaf(struct source *source, cmark_node *node,
		     enum source_kind kind, size_t first, size_t last)
{
	int column = cmark_node_get_start_column(node);
	struct source_leaf leaf = { .kind = kind,
				    .first = first,
				    .last = last };
	leaf.column = (size_t)MAX(column - 1, 0);
	if (kind == SOURCE_FENCE)
		find_fence_end(source, &leaf, node);
	/* cmark says where HTML begins, but not always where it ends. */
	if (kind == SOURCE_HTML)
		leaf.last = MIN(first + MAX(literal_lines(node), 1),
				source_lines(source)) -
			    1;
	leaf.last = trim_blank(source, first, leaf.last);
	g_array_append_val(source->leaves, leaf);
	if (kind != SOURCE_HTML)
		never_before(source, first + 1);
	if (kind == SOURCE_TABLE)
		never_before(source, first + 2);
	else if (leaf.closed)
		never_before(source, leaf.last);
}

static void add_item(struct source *source, cmark_node *node, size_t first,
		     size_t last)
{
	cmark_node *child = cmark_node_first_child(node);
	int line = cmark_node_get_start_line(node);
	/* What is in it begins behind its marker, or in the next line. */
	int column = child && cmark_node_get_start_line(child) == line
			     ? cmark_node_get_start_column(child)
			     : cmark_node_get_start_column(node) + 2;
	struct source_item item = { .first = first };
	item.column = (size_t)MAX(column - 1, 0);
	item.last = trim_blank(source, first, last);
	g_array_append_val(source->items, item);
}

static bool is_fenced(cmark_node *node)
{
	int len, offset;
	char mark;
	return cmark_node_get_type(node) == CMARK_NODE_CODE_BLOCK &&
	       cmark_node_get_fenced(node, &len, &offset, &mark);
}

static bool is_heading(cmark_node *node)
{
	return node && cmark_node_get_type(node) == CMARK_NODE_HEADING;
}

static void read_block(struct source *source, cmark_node *node)
{
	cmark_node_type type = cmark_node_get_type(node);
	cmark_node *parent = cmark_node_parent(node);
	size_t all = source_lines(source);
	int start = cmark_node_get_start_line(node);
	int end = cmark_node_get_end_line(node);
	if (start <= 0 || (size_t)start > all || !parent ||
	    type == CMARK_NODE_TABLE_ROW || type == CMARK_NODE_TABLE_CELL)
		return;
	size_t first = (size_t)start - 1;
	size_t last = CLAMP((size_t)MAX(end, start), 1, all) - 1;
	cmark_node *top = cmark_node_parent(parent);
	if (!top)
		cut_before(source, first,
			   is_heading(cmark_node_previous(node))
				   ? SOURCE_CUT_ITEM
				   : SOURCE_CUT_BLOCK);
	else if (type == CMARK_NODE_ITEM && !cmark_node_parent(top))
		cut_before(source, first, SOURCE_CUT_ITEM);
	else
		cut_before(source, first, SOURCE_CUT_INNER);
	if (is_heading(node))
		for (size_t line = first + 1; line <= last; line++)
			never_before(source, line);
	if (type == CMARK_NODE_TABLE)
		add_leaf(source, node, SOURCE_TABLE, first, last);
	else if (type == CMARK_NODE_HTML_BLOCK)
		add_leaf(source, node, SOURCE_HTML, first, last);
	else if (is_fenced(node))
		add_leaf(source, node, SOURCE_FENCE, first, last);
	else if (type == CMARK_NODE_ITEM && !is_quoted(node))
		add_item(source, node, first, last);
}

static bool is_block(cmark_node *node)
{
	return (cmark_node_get_type(node) & CMARK_NODE_TYPE_MASK) ==
	       CMARK_NODE_TYPE_BLOCK;
}

void source_init(struct source *source, const char *text, size_t len)
{
	*source = (struct source){ .text = text, .len = len };
	find_lines(source);
	size_t all = source_lines(source);
	source->cuts = g_malloc(all + 1);
	memset(source->cuts, SOURCE_CUT_LINE, all + 1);
	source->leaves = g_array_new(FALSE, FALSE, sizeof(struct source_leaf));
	source->items = g_array_new(FALSE, FALSE, sizeof(struct source_item));
	g_autoptr(tree_node) root = tree_parse(text, len);
	g_autoptr(tree_iter) iter = cmark_iter_new(root);
	cmark_event_type event;
	while ((event = cmark_iter_next(iter)) != CMARK_EVENT_DONE) {
		cmark_node *node = cmark_iter_get_node(iter);
		if (event == CMARK_EVENT_ENTER && is_block(node))
			read_block(source, node);
	}
	cmark_node *child = cmark_node_first_child(root);
	/* Plain paragraphs, made by us from what is hostile, have no lines. */
	if (child && cmark_node_get_start_line(child) == 0)
		for (size_t line = 1; line < all; line++)
			if (source_is_blank(source, line - 1))
				cut_before(source, line, SOURCE_CUT_BLOCK);
}

void source_clear(struct source *source)
{
	g_clear_pointer(&source->starts, g_array_unref);
	g_clear_pointer(&source->cuts, g_free);
	g_clear_pointer(&source->leaves, g_array_unref);
	g_clear_pointer(&source->items, g_array_unref);
}
