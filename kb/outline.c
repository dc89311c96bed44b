#include "kb/outline.h"

#include <cmark-gfm.h>
#include <cmark-gfm-core-extensions.h>
#include <cmark-gfm-extension_api.h>
#include <string.h>

#include "kb/fence.h"
#include "kb/heading.h"
#include "kb/outline_items.h"
#include "kb/remark.h"

/*
 * A fence that is never closed hides the rest of the note from the parser,
 * and the rest is parsed again: this many bytes in all, however often.
 */
enum { PARSED_MOST = 32 * 1024 * 1024 };

struct builder {
	struct outline *outline;
	const struct lines *lines;
	const char *file;
	GPtrArray *remarks;
	GArray *sections;
	size_t base;   /* line of the parser's line 1 */
	size_t parsed; /* bytes so far */
	size_t cut;    /* line from which to parse anew; 0: nowhere */
};

static void complain(struct builder *builder, size_t line, const char *text)
{
	g_ptr_array_add(builder->remarks,
			remark_new(builder->file, (int)line, REMARK_WARNING,
				   "%s", text));
}

/* Sets the kind of lines from to before to. */
static void mark(struct builder *builder, size_t from, size_t to, int kind)
{
	for (size_t no = from; no < to; no++)
		builder->outline->kinds[no] |= kind;
}

static void add_section(struct builder *builder, unsigned level, size_t line,
			size_t from, char *title, char *block_id)
{
	struct section section = {
		.level = level,
		.title = title,
		.block_id = block_id,
		.line = line,
		.from = from,
	};
	g_array_append_val(builder->sections, section);
}

/*
 * A setext heading of level 2 may be text whose author forgot the empty line
 * before a rule: it is, if it has several lines or begins with bold text.
 */
static bool is_text_and_rule(struct builder *builder, size_t line, size_t end)
{
	size_t len;
	const char *text = lines_at(builder->lines, line, &len);
	size_t space = lines_space(text, len);
	const char *rule = lines_at(builder->lines, end, &len);
	size_t rule_space = lines_space(rule, len);
	if (rule_space == len || rule[rule_space] != '-')
		return false;
	return end > line + 1 || g_str_has_prefix(text + space, "**") ||
	       g_str_has_prefix(text + space, "__");
}

/*
 * The line of === or --- under a heading, which the parser's end of the block
 * may be past; 0: there is none.
 */
static size_t underline(struct builder *builder, size_t line, size_t end)
{
	for (size_t no = line + 1; no <= end; no++) {
		size_t len;
		const char *text = lines_at(builder->lines, no, &len);
		size_t at = lines_space(text, len);
		size_t rule = at;
		while (rule < len && (text[rule] == '=' || text[rule] == '-'))
			rule++;
		if (rule > at &&
		    rule + lines_space(text + rule, len - rule) == len)
			return no;
	}
	return 0;
}

static void add_setext(struct builder *builder, cmark_node *node, size_t line,
		       size_t end)
{
	end = underline(builder, line, MIN(end, builder->lines->count));
	if (end == 0) {
		mark(builder, line, line + 1, LINE_PARAGRAPH);
		return;
	}
	if (is_text_and_rule(builder, line, end)) {
		complain(builder, end,
			 "--- right under a text makes a heading of it; read "
			 "as a rule, as if an empty line stood between");
		mark(builder, line, end, LINE_PARAGRAPH);
		mark(builder, end, end + 1, LINE_RULE);
		return;
	}
	g_autoptr(GString) text = g_string_new(NULL);
	for (size_t no = line; no < end; no++) {
		size_t len;
		const char *start = lines_at(builder->lines, no, &len);
		size_t space = lines_space(start, len);
		if (no > line)
			g_string_append_c(text, ' ');
		g_string_append_len(text, start + space, (gssize)(len - space));
	}
	mark(builder, line, end + 1, LINE_HEADING);
	char *block_id, *title;
	title = heading_title(text->str, text->len, &block_id);
	add_section(builder, cmark_node_get_heading_level(node), line, end + 1,
		    title, block_id);
}

/* column: where the heading starts in its line, behind a list marker. */
static void add_heading(struct builder *builder, cmark_node *node, size_t line,
			size_t end, size_t column)
{
	size_t len;
	const char *text = lines_at(builder->lines, line, &len);
	/* In a list item, a heading stands as far to the right as its item. */
	if (builder->outline->indents[line] > 0 && column == 0)
		column = lines_space(text, len);
	unsigned level = heading_level(text + column, len - column);
	if (level == 0) {
		add_setext(builder, node, line, MAX(end, line + 1));
		return;
	}
	char *block_id, *title;
	title = heading_title(text + column, len - column, &block_id);
	mark(builder, line, line + 1, LINE_HEADING);
	add_section(builder, level, line, line + 1, title, block_id);
}

/* The line after the last one that is not empty or a rule. */
static size_t trim_code(struct builder *builder, size_t from, size_t to)
{
	for (; to > from + 1; to--) {
		size_t len;
		const char *line = lines_at(builder->lines, to - 1, &len);
		if (fence_is_rule(line, len))
			mark(builder, to - 1, to, LINE_RULE);
		else if (!lines_blank(builder->lines, to - 1))
			break;
	}
	return to;
}

static unsigned section_level(const struct builder *builder)
{
	return g_array_index(builder->sections, struct section,
			     builder->sections->len - 1)
		.level;
}

/* A code block at the top: to is the line after it, all that follows or not. */
static void add_code_block(struct builder *builder, cmark_node *node,
			   size_t from, size_t to)
{
	int len, offset;
	char character;
	size_t count = SIZE_MAX;
	if (cmark_node_get_fenced(node, &len, &offset, &character)) {
		struct fence fence = {
			.lines = builder->lines,
			.from = from,
			.to = to,
			.character = character,
			.len = len,
			.indented = builder->outline->indents[from] > 0,
			.level = section_level(builder),
		};
		size_t cut =
			builder->parsed < PARSED_MOST ? fence_cut(&fence) : 0;
		if (cut || !fence_is_closed(&fence)) {
			complain(builder, from,
				 "this code fence is never closed; it ends "
				 "with its section");
			builder->cut = cut;
			to = trim_code(builder, from, cut ? cut : to);
			count = to - from - 1;
			outline_items_add(builder->outline->unclosed, to - 1,
					  NULL, g_strnfill(len, character));
		}
	}
	mark(builder, from, to, LINE_CODE);
	outline_items_add_code(builder->outline, node, from, count);
}

/* A comment that is never closed ends with its section, as a fence does. */
static size_t end_comment(struct builder *builder, cmark_node *node,
			  size_t from, size_t to)
{
	const char *text = cmark_node_get_literal(node);
	text += strspn(text, " ");
	if (!g_str_has_prefix(text, "<!--") || strstr(text, "-->"))
		return to;
	complain(builder, from,
		 "this comment is never closed; it ends with its section");
	struct fence none = {
		.lines = builder->lines,
		.from = from,
		.to = to,
		.len = 1,
		.level = section_level(builder),
	};
	if (builder->parsed < PARSED_MOST)
		builder->cut = fence_cut(&none);
	return builder->cut ? builder->cut : to;
}

static void add_blocks(struct builder *builder, cmark_node *node, size_t from,
		       size_t to);

/* Where a heading starts in "1. ### Title"; 0: no such line. */
static size_t heading_column(struct builder *builder, size_t line)
{
	size_t len;
	const char *text = lines_at(builder->lines, line, &len);
	const char *hash = memchr(text, '#', MIN(len, 40));
	return hash && heading_level(hash, len - (hash - text)) ? hash - text
								: 0;
}

static void add_list(struct builder *builder, cmark_node *list, size_t from,
		     size_t to)
{
	cmark_node *item = cmark_node_first_child(list), *next;
	for (; item && builder->cut == 0; item = next) {
		next = cmark_node_next(item);
		size_t end = to;
		if (next)
			end = builder->base + cmark_node_get_start_line(next) -
			      1;
		end = CLAMP(end, from, to);
		if (end == from)
			continue;
		cmark_node *first = cmark_node_first_child(item);
		size_t column = 0;
		if (first && cmark_node_get_type(first) == CMARK_NODE_HEADING)
			column = heading_column(builder, from);
		if (column > 0) {
			memset(builder->outline->indents + from,
			       (int)MIN(column, UINT8_MAX), end - from);
			add_heading(builder, first, from, from, column);
			outline_items_add_block(builder->outline, first,
						builder->base, from, from + 1);
			add_blocks(builder, cmark_node_next(first), from + 1,
				   end);
		} else {
			mark(builder, from, from + 1, LINE_ITEM);
			mark(builder, from, end, LINE_LIST);
			outline_items_add_block(builder->outline, item,
						builder->base, from, end);
		}
		from = end;
	}
}

static void add_block(struct builder *builder, cmark_node *node, size_t from,
		      size_t to)
{
	size_t end = builder->base + cmark_node_get_end_line(node);
	end = CLAMP(end, from + 1, to);
	mark(builder, from, from + 1, LINE_START);
	switch (cmark_node_get_type(node)) {
	case CMARK_NODE_HEADING:
		add_heading(builder, node, from, end - 1, 0);
		break;
	case CMARK_NODE_CODE_BLOCK:
		add_code_block(builder, node, from, end);
		return;
	case CMARK_NODE_THEMATIC_BREAK:
		mark(builder, from, from + 1, LINE_RULE);
		break;
	case CMARK_NODE_LIST:
		add_list(builder, node, from, to);
		return;
	case CMARK_NODE_HTML_BLOCK:
		end = end_comment(builder, node, from, end);
		mark(builder, from, end, LINE_OTHER);
		break;
	case CMARK_NODE_BLOCK_QUOTE:
		mark(builder, from, end, LINE_OTHER);
		break;
	default:
		mark(builder, from, to, LINE_PARAGRAPH);
	}
	outline_items_add_block(builder->outline, node, builder->base, from,
				to);
}

/* Where a block starts; a paragraph that a table cut short has line 0. */
static size_t block_line(struct builder *builder, cmark_node *node)
{
	while (node && cmark_node_get_start_line(node) == 0)
		node = cmark_node_next(node);
	return node ? builder->base + cmark_node_get_start_line(node) - 1
		    : SIZE_MAX;
}

/* Node and those after it, at the top or in an item that begins a section. */
static void add_blocks(struct builder *builder, cmark_node *node, size_t from,
		       size_t to)
{
	cmark_node *next;
	for (; node && builder->cut == 0; node = next) {
		next = cmark_node_next(node);
		size_t start = block_line(builder, node);
		size_t end = block_line(builder, next);
		start = MAX(start, from);
		end = MIN(end, to);
		if (start < end)
			add_block(builder, node, start, end);
		from = MAX(from, MIN(start, to));
	}
}

static cmark_node *parse(const char *text, size_t len)
{
	static const char *const extensions[] = { "table", "strikethrough",
						  "tasklist" };
	cmark_gfm_core_extensions_ensure_registered();
	cmark_parser *parser = cmark_parser_new(CMARK_OPT_DEFAULT);
	for (size_t i = 0; i < G_N_ELEMENTS(extensions); i++)
		cmark_parser_attach_syntax_extension(
			parser, cmark_find_syntax_extension(extensions[i]));
	cmark_parser_feed(parser, text, len);
	cmark_node *document = cmark_parser_finish(parser);
	cmark_parser_free(parser);
	return document;
}

static void add_text(struct builder *builder, size_t from)
{
	const struct lines *lines = builder->lines;
	while (from <= lines->count) {
		size_t start = lines->starts[from - 1];
		builder->base = from;
		builder->cut = 0;
		builder->parsed += lines->len - start;
		cmark_node *document =
			parse(lines->text + start, lines->len - start);
		add_blocks(builder, cmark_node_first_child(document), from,
			   lines->count + 1);
		cmark_node_free(document);
		if (builder->cut == 0)
			return;
		from = builder->cut;
	}
}

static void find_missing_spaces(struct builder *builder, size_t from)
{
	for (size_t no = from; no <= builder->lines->count; no++) {
		size_t len;
		const char *line = lines_at(builder->lines, no, &len);
		if (!(builder->outline->kinds[no] & LINE_PARAGRAPH) ||
		    !heading_is_missing_space(line, len))
			continue;
		complain(builder, no,
			 "not a heading: a plain space is missing after #");
	}
}

struct outline *outline_new(const struct lines *lines, size_t from,
			    const char *file, GPtrArray *remarks)
{
	struct outline *outline = g_new0(struct outline, 1);
	*outline = (struct outline){
		.lines = lines,
		.from = from,
		.kinds = g_new0(uint8_t, lines->count + 2),
		.indents = g_new0(uint8_t, lines->count + 2),
		.code = outline_items_new(),
		.links = outline_items_new(),
		.unclosed = outline_items_new(),
	};
	struct builder builder = {
		.outline = outline,
		.lines = lines,
		.file = file,
		.remarks = remarks,
		.sections = g_array_new(FALSE, FALSE, sizeof(struct section)),
	};
	add_section(&builder, 0, from, from, NULL, NULL);
	add_text(&builder, from);
	find_missing_spaces(&builder, from);
	outline->len = builder.sections->len;
	outline->sections =
		(struct section *)(void *)g_array_free(builder.sections, FALSE);
	for (size_t i = 0; i < outline->len; i++)
		outline->sections[i].to =
			i + 1 < outline->len ? outline->sections[i + 1].line
					     : lines->count + 1;
	return outline;
}

void outline_free(struct outline *outline)
{
	if (!outline)
		return;
	for (size_t i = 0; i < outline->len; i++) {
		g_free(outline->sections[i].title);
		g_free(outline->sections[i].block_id);
	}
	g_free(outline->sections);
	g_free(outline->kinds);
	g_free(outline->indents);
	g_array_unref(outline->code);
	g_array_unref(outline->links);
	g_array_unref(outline->unclosed);
	g_free(outline);
}

size_t outline_next(const struct outline *outline, size_t i, unsigned level,
		    size_t *to)
{
	size_t next = i + 1;
	while (next < outline->len && outline->sections[next].level > level)
		next++;
	*to = outline->sections[next - 1].to;
	return next;
}
