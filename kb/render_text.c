/* Markdown -> plain text, and the same with colours for a terminal. */

#include <string.h>

#include "kb/render.h"
#include "kb/render_text.h"

enum { RULE = 40 };

void text_words(struct text *text, const char *words)
{
	tree_text(text->pen.words, words, text->how);
}

/* Each sequence says all, so that a line can be broken anywhere. */
static void change_style(struct text *text, enum style style, int by)
{
	static const char *const numbers[STYLES] = {
		[BOLD] = ";1",	 [ITALIC] = ";3", [UNDERLINED] = ";4",
		[STRUCK] = ";9", [CODE] = ";36",
	};
	if (!text->terminal)
		return;
	text->styles[style] += (unsigned)by;
	g_string_append(text->pen.words, "\033[0");
	for (size_t i = 0; i < STYLES; i++)
		if (text->styles[i] > 0)
			g_string_append(text->pen.words, numbers[i]);
	g_string_append_c(text->pen.words, 'm');
}

/* What decides is the innermost thing that holds both. */
bool text_wants_blank(cmark_node *node)
{
	while (node && !cmark_node_previous(node))
		node = cmark_node_parent(node);
	cmark_node *around = node ? cmark_node_parent(node) : NULL;
	if (around && cmark_node_get_type(around) == CMARK_NODE_ITEM)
		around = cmark_node_parent(around);
	return !around || !tree_is_tight(around);
}

void text_flush(struct text *text, bool blank)
{
	GString *words = text->pen.words;
	size_t len = words->len, start = 0;
	while (len > 0 && strchr(" \n", words->str[len - 1]))
		len--;
	g_string_truncate(words, len);
	for (size_t i = 0; i < words->len && strchr(" \n", words->str[i]); i++)
		if (words->str[i] == '\n')
			start = i + 1;
	g_string_erase(words, 0, (gssize)start);
	if (pen_is_blank(words->str, words->len)) {
		g_string_truncate(words, 0);
		return;
	}
	pen_block(&text->pen, blank);
	pen_flow(&text->pen);
}

/* Longest run of backticks. */
static size_t ticks_in(const char *code)
{
	size_t most = 0;
	while ((code = strchr(code, '`'))) {
		size_t run = strspn(code, "`");
		most = MAX(most, run);
		code += run;
	}
	return most;
}

static void put_code(struct text *text, const char *code)
{
	GString *words = text->pen.words;
	size_t start = words->len, ticks = ticks_in(code) + 1;
	unsigned how = text->how | TREE_CODE;
	if (text->terminal) {
		change_style(text, CODE, 1);
		start = words->len;
		tree_text(words, code, how);
		for (char *c = words->str + start; *c; c++)
			if (*c == ' ')
				*c = PEN_HARD_SPACE;
		change_style(text, CODE, -1);
		return;
	}
	for (size_t i = 0; i < ticks; i++)
		g_string_append_c(words, '`');
	if (ticks > 1)
		g_string_append_c(words, ' ');
	tree_text(words, code, how);
	if (ticks > 1)
		g_string_append_c(words, ' ');
	for (size_t i = 0; i < ticks; i++)
		g_string_append_c(words, '`');
}

static void put_dim_line(struct text *text, const char *line, size_t len)
{
	if (!text->terminal) {
		pen_line(&text->pen, line, len);
		return;
	}
	g_autoptr(GString) dim = g_string_new("\033[2m");
	g_string_append_len(dim, line, (gssize)len);
	while (dim->len > 4 && strchr(" \t", dim->str[dim->len - 1]))
		g_string_truncate(dim, dim->len - 1);
	g_string_append(dim, "\033[0m");
	pen_line(&text->pen, dim->str, dim->len);
}

/* Fences are kept: who copies a message sees what of it is code. */
static void put_code_block(struct text *text, cmark_node *node)
{
	const char *raw = cmark_node_get_literal(node);
	g_autoptr(GString) code = g_string_new(NULL);
	g_autoptr(GString) fence = g_string_new("```");
	for (size_t ticks = ticks_in(raw); ticks >= fence->len;)
		g_string_append_c(fence, '`');
	size_t ticks = fence->len;
	tree_text(code, raw, text->how | TREE_CODE);
	tree_language(fence, node);
	pen_block(&text->pen, text_wants_blank(node));
	put_dim_line(text, fence->str, fence->len);
	const char *line = code->str;
	while (*line) {
		size_t len = strcspn(line, "\n");
		put_dim_line(text, line, len);
		line += len + (line[len] == '\n');
	}
	put_dim_line(text, fence->str, ticks);
}

static void put_rule(struct text *text, cmark_node *node)
{
	pen_block(&text->pen, text_wants_blank(node));
	if (!text->terminal) {
		pen_line(&text->pen, "---", 3);
		return;
	}
	g_autoptr(GString) rule = g_string_new(NULL);
	unsigned width = text->pen.width;
	for (unsigned i = 0; i < (width > 0 ? MIN(width, RULE) : RULE); i++)
		g_string_append(rule, "─");
	put_dim_line(text, rule->str, rule->len);
}

static void put_html_block(struct text *text, cmark_node *node)
{
	g_autofree char *words = tree_html(cmark_node_get_literal(node));
	text_words(text, words);
	text_flush(text, text_wants_blank(node));
}

static void enter_item(struct text *text, cmark_node *item)
{
	static const char *const bullets[] = {
		[TREE_TASK_NONE] = "• ",
		[TREE_TASK_OPEN] = "☐ ",
		[TREE_TASK_DONE] = "☑ ",
	};
	cmark_node *list = cmark_node_parent(item);
	enum tree_task task = tree_take_task(item);
	int *number =
		&g_array_index(text->numbers, int, text->numbers->len - 1);
	if (cmark_node_get_list_type(list) != CMARK_ORDERED_LIST ||
	    task != TREE_TASK_NONE) {
		pen_push(&text->pen, bullets[task], "  ");
		return;
	}
	bool period = cmark_node_get_list_delim(list) == CMARK_PERIOD_DELIM;
	g_autofree char *first =
		g_strdup_printf("%d%s ", (*number)++, period ? "." : ")");
	g_autofree char *rest = g_strnfill(strlen(first), ' ');
	pen_push(&text->pen, first, rest);
}

static void enter_list(struct text *text, cmark_node *node)
{
	int start = cmark_node_get_list_start(node);
	g_array_append_val(text->numbers, start);
}

static void enter_image(struct text *text)
{
	if (text->images++ == 0)
		text->image_words = text->pen.words->len;
}

static void leave_image(struct text *text, cmark_node *node)
{
	if (--text->images == 0 && text->pen.words->len == text->image_words)
		text_words(text, tree_image_name(node));
}

/* The address behind the words, unless they are the address. */
static void leave_link(struct text *text, cmark_node *node)
{
	const char *url = tree_link(node);
	if (!url)
		return;
	g_autofree char *words = tree_plain(node, strlen(url) + 1);
	const char *address = url;
	if (g_str_has_prefix(url, "mailto:"))
		address += strlen("mailto:");
	change_style(text, UNDERLINED, -1);
	if (g_str_equal(words, url) || g_str_equal(words, address))
		return;
	g_string_append(text->pen.words, *words ? " (" : "");
	text_words(text, url);
	g_string_append(text->pen.words, *words ? ")" : "");
}

static void put_inline(struct text *text, cmark_node *node,
		       cmark_node_type type)
{
	const char *words = cmark_node_get_literal(node);
	if (type == CMARK_NODE_TEXT) {
		text_words(text, words);
	} else if (type == CMARK_NODE_CODE) {
		put_code(text, words);
	} else if (type == CMARK_NODE_HTML_INLINE) {
		g_autofree char *plain = tree_html(words);
		text_words(text, plain);
	} else {
		g_string_append_c(text->pen.words,
				  text->images > 0 ? ' ' : '\n');
	}
}

static void enter(void *renderer, cmark_node *node)
{
	struct text *text = renderer;
	const char *quote = text->terminal ? "│ " : "> ";
	cmark_node_type type = cmark_node_get_type(node);
	switch ((int)type) {
	case CMARK_NODE_HEADING:
	case CMARK_NODE_STRONG:
		change_style(text, BOLD, 1);
		break;
	case CMARK_NODE_EMPH:
		change_style(text, ITALIC, 1);
		break;
	case CMARK_NODE_LINK:
		if (tree_link(node))
			change_style(text, UNDERLINED, 1);
		break;
	case CMARK_NODE_IMAGE:
		enter_image(text);
		break;
	case CMARK_NODE_BLOCK_QUOTE:
		pen_push(&text->pen, quote, quote);
		break;
	case CMARK_NODE_LIST:
		enter_list(text, node);
		break;
	case CMARK_NODE_ITEM:
		enter_item(text, node);
		break;
	case CMARK_NODE_CODE_BLOCK:
		put_code_block(text, node);
		break;
	case CMARK_NODE_HTML_BLOCK:
		put_html_block(text, node);
		break;
	case CMARK_NODE_THEMATIC_BREAK:
		put_rule(text, node);
		break;
	case CMARK_NODE_TEXT:
	case CMARK_NODE_CODE:
	case CMARK_NODE_HTML_INLINE:
	case CMARK_NODE_SOFTBREAK:
	case CMARK_NODE_LINEBREAK:
		put_inline(text, node, type);
		break;
	default:
		if (type == CMARK_NODE_STRIKETHROUGH && text->terminal)
			change_style(text, STRUCK, 1);
		else if (type == CMARK_NODE_STRIKETHROUGH)
			g_string_append(text->pen.words, "~~");
	}
}

static void leave(void *renderer, cmark_node *node)
{
	struct text *text = renderer;
	cmark_node_type type = cmark_node_get_type(node);
	switch ((int)type) {
	case CMARK_NODE_HEADING:
		change_style(text, BOLD, -1);
		text_flush(text, text_wants_blank(node));
		break;
	case CMARK_NODE_PARAGRAPH:
		text_flush(text, text_wants_blank(node));
		break;
	case CMARK_NODE_STRONG:
		change_style(text, BOLD, -1);
		break;
	case CMARK_NODE_EMPH:
		change_style(text, ITALIC, -1);
		break;
	case CMARK_NODE_LINK:
		leave_link(text, node);
		break;
	case CMARK_NODE_IMAGE:
		leave_image(text, node);
		break;
	case CMARK_NODE_BLOCK_QUOTE:
	case CMARK_NODE_ITEM:
		pen_pop(&text->pen);
		break;
	case CMARK_NODE_LIST:
		g_array_set_size(text->numbers, text->numbers->len - 1);
		break;
	default:
		if (type == CMARK_NODE_STRIKETHROUGH && text->terminal)
			change_style(text, STRUCK, -1);
		else if (type == CMARK_NODE_STRIKETHROUGH)
			g_string_append(text->pen.words, "~~");
	}
}

static const struct tree_visitor visitor = {
	.enter = enter,
	.leave = leave,
	.table = text_table,
};

void text_walk(struct text *text, cmark_node *top, bool inner)
{
	tree_walk(top, inner, &visitor, text);
}

static char *text_of(cmark_node *root, bool terminal, unsigned width)
{
	struct text text = {
		.terminal = terminal,
		.how = terminal ? 0 : TREE_PINGS,
		.numbers = g_array_new(FALSE, FALSE, sizeof(int)),
	};
	pen_init(&text.pen, width);
	text_walk(&text, root, false);
	g_array_unref(text.numbers);
	GString *out = g_steal_pointer(&text.pen.out);
	pen_clear(&text.pen);
	tree_break_pings(out, !terminal);
	return g_strchomp(g_string_free(out, FALSE));
}

char *tree_render_plain(cmark_node *root)
{
	return text_of(root, false, 0);
}

static char *render(const char *markdown, bool terminal, unsigned width)
{
	g_autoptr(tree_node) root = tree_parse(markdown, strlen(markdown));
	return text_of(root, terminal, width);
}

char *render_plain(const char *markdown)
{
	return render(markdown, false, 0);
}

char *render_terminal(const char *markdown, unsigned width)
{
	return render(markdown, true, width);
}
