/*
 * Writes the lines of a part so that they mean by themselves what they mean in
 * the whole text: what is cut is closed and opened again, what continued
 * something begins nothing new.
 */

#include <string.h>

#include "kb/render_part.h"

/* Columns of indent that a line of this part loses. */
static size_t lost_columns(const struct part *part, size_t line)
{
	size_t columns = 0;
	for (size_t i = 0; i < part->items_len; i++)
		if (line <= part->items[i]->last)
			columns = part->items[i]->column;
	return columns;
}

static void put_dedented(struct part *part, const char *text, size_t len,
			 size_t columns)
{
	size_t column = 0, i = 0;
	for (; i < len && column < columns; i++) {
		if (text[i] == ' ')
			column++;
		else if (text[i] == '\t')
			column += 4 - column % 4;
		else
			break;
	}
	for (; column > columns; column--)
		g_string_append_c(part->out, ' ');
	g_string_append_len(part->out, text + i, (gssize)(len - i));
	g_string_append_c(part->out, '\n');
}

/*
 * A line that opens a block, for once more or to close it: what stands before
 * the block (its containers' marks) is kept as far as it does not begin them
 * anew.
 */
static void put_mark_line(struct part *part, const struct source_leaf *leaf,
			  size_t line, const char *text, size_t len)
{
	const struct source *source = &part->source;
	const char *raw = source->text + source_start(source, line);
	size_t size = source_end(source, line) - source_start(source, line);
	g_autoptr(GString) whole = g_string_new(NULL);
	for (size_t i = 0; i < MIN(leaf->column, size); i++)
		g_string_append_c(
			whole, raw[i] == '>' || raw[i] == '\t' ? raw[i] : ' ');
	g_string_append_len(whole, text, (gssize)len);
	put_dedented(part, whole->str, whole->len,
		     lost_columns(part, MAX(line, part->line)));
}

static void open_again(struct part *part, const struct source_leaf *leaf,
		       size_t line)
{
	const struct source *source = &part->source;
	size_t start = source_start(source, line);
	size_t end = source_end(source, line);
	start += MIN(leaf->column, end - start);
	put_mark_line(part, leaf, line, source->text + start, end - start);
}

/* Its marks alone: closes a fence, or opens it without its language. */
static void put_fence(struct part *part, const struct source_leaf *fence)
{
	size_t start = source_start(&part->source, fence->first);
	const char *text = part->source.text + start + fence->column;
	const char mark[] = { *text, '\0' };
	put_mark_line(part, fence, fence->first, text, strspn(text, mark));
}

/* A table's head is said again with each of its parts, if it is short. */
static void open_start(struct part *part, size_t budget)
{
	const struct source_leaf *leaf =
		source_leaf_at(&part->source, part->line);
	if (!leaf || part->line == leaf->first)
		return;
	if (leaf->kind == SOURCE_FENCE) {
		if (source_is_fence_line(&part->source, leaf->first))
			open_again(part, leaf, leaf->first);
		else
			put_fence(part, leaf);
		return;
	}
	if (leaf->kind != SOURCE_TABLE || part->middle ||
	    part->line < leaf->first + 2)
		return;
	size_t head = source_end(&part->source, leaf->first + 1) -
		      source_start(&part->source, leaf->first);
	if (budget > 0 && head > budget / 2)
		return;
	open_again(part, leaf, leaf->first);
	open_again(part, leaf, leaf->first + 1);
}

/*
 * What to put before text that continued a paragraph, so that it does not
 * begin another block now that it stands first.
 */
const char *part_guard(const char *text)
{
	if (!*text)
		return "";
	bool ends = !text[1] || strchr(" \t\r\n", text[1]);
	if (strchr("-+*", text[0]))
		return ends ? "\\" : "";
	if (text[0] == '[')
		return strstr(text, "]:") ? "\\" : "";
	size_t digits = strspn(text, "0123456789");
	/* <br> goes on being one, but in words. */
	if (text[0] == '<' ||
	    (digits > 0 && text[digits] && strchr(".)", text[digits])))
		return "&#32;";
	return text[0] == '#' || text[0] == '>' ||
			       g_str_has_prefix(text, "```") ||
			       g_str_has_prefix(text, "~~~")
		       ? "\\"
		       : "";
}

/* A fence's marks behind those of lists and quotes, or NULL. */
static const char *find_marks(const char *text)
{
	text += strspn(text, " \t>-+*0123456789.)");
	return g_str_has_prefix(text, "```") || g_str_has_prefix(text, "~~~")
		       ? text
		       : NULL;
}

/* A line that is no code, so that it means here what it meant there. */
static char *guard(const struct part *part, size_t line, const char *text)
{
	const struct source_leaf *leaf = source_leaf_at(&part->source, line);
	bool middle = part->middle && line == part->line;
	bool first = line == part->line &&
		     part->source.cuts[line] <= SOURCE_CUT_LINE;
	bool html = leaf && leaf->kind == SOURCE_HTML &&
		    leaf->first < part->line + (part->middle ? 1 : 0);
	bool table = leaf && leaf->kind == SOURCE_TABLE;
	const char *at = text + strspn(text, " ");
	const char *mark = "";
	/* Four spaces are code; a quote's mark begins no new quote. */
	first &= !table && *at != '>' &&
		 (size_t)(at - text) < lost_columns(part, line) + 4;
	if (middle || first)
		mark = part_guard(at);
	/* "```a `b`" is no fence, but for its last backtick; nor is what is
	 * in HTML whose beginning is elsewhere. */
	bool cut = part->to_middle && line == part->to_line;
	if (!*mark && (html || cut) && find_marks(text)) {
		at = find_marks(text);
		mark = "\\";
	}
	return g_strdup_printf("%.*s%s%s", (int)(at - text), text, mark, at);
}

static void put_line(struct part *part, size_t line)
{
	const struct source *source = &part->source;
	size_t start = MAX(source_start(source, line), part->from);
	size_t end = MIN(source_end(source, line), part->to);
	size_t len = end > start ? end - start : 0;
	const struct source_leaf *fence = source_fence_at(&part->source, line);
	bool middle = part->middle && line == part->line;
	g_autofree char *raw = g_strndup(source->text + start, len);
	if (fence && line > fence->first && middle) {
		/* The rest of a line of code is still inside its quote. */
		put_mark_line(part, fence, fence->first, raw, len);
		return;
	}
	bool code = fence && !(middle && line == fence->first);
	g_autofree char *text =
		code ? g_steal_pointer(&raw) : guard(part, line, raw);
	put_dedented(part, text, strlen(text),
		     middle ? 0 : lost_columns(part, line));
}

/* What has to follow a line of a fence so that it is open and closed again. */
static void mend_fence(struct part *part, const struct source_leaf *fence,
		       size_t line, bool at_end)
{
	bool cut = part->to_middle && at_end;
	bool rest = part->middle && line == part->line && line == fence->first;
	if (cut && rest)
		return; /* a piece of an opening line too long for a part */
	if (rest)
		put_fence(part, fence);
	/* A fence may end with its item, which may not be here. */
	bool ends = line == fence->last ? !fence->closed : at_end;
	if (ends || cut)
		put_fence(part, fence);
}

/*
 * HTML is begun by what is before it and ended by an item's end, as well as by
 * blank lines; where the item is not here, blank lines have to do.
 */
static void mend_html(struct part *part, size_t line, bool end)
{
	const struct source_leaf *leaf = source_leaf_at(&part->source, line);
	bool torn = part->middle || part->items_len > 0 ||
		    part->source.cuts[part->line] <= SOURCE_CUT_LINE;
	if (torn && leaf && leaf->kind == SOURCE_HTML &&
	    line == (end ? leaf->last : leaf->first))
		g_string_append_c(part->out, '\n');
}

static void put_lines(struct part *part)
{
	size_t end = part->to_line + (part->to_middle ? 1 : 0);
	while (end > part->line + 1 && source_is_blank(&part->source, end - 1))
		end--;
	for (size_t line = part->line; line < end; line++) {
		const struct source_leaf *fence =
			source_fence_at(&part->source, line);
		if (line > part->line)
			mend_html(part, line, false);
		put_line(part, line);
		mend_html(part, line, true);
		if (fence)
			mend_fence(part, fence, line, line + 1 == end);
	}
}

void part_write(struct part *part, size_t budget)
{
	open_start(part, budget);
	put_lines(part);
}
