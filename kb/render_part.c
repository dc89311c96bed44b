/* One part of a Markdown text that is too long to be shown at once. */

#include <stdint.h>
#include <string.h>

#include "kb/render.h"
#include "kb/render_source.h"
#include "kb/render_whole.h"

enum {
	FENCE_MOST = 80, /* longer fence lines count as text */
	ITEMS_MOST = 100,
};

struct part {
	struct source source;
	size_t from; /* bytes */
	size_t line; /* that from is in */
	bool middle; /* from is inside that line */
	size_t to;   /* bytes */
	size_t to_line;
	bool to_middle;
	/* Items that began before this part, outermost first: what is still
	 * to come of them loses its indent. */
	const struct source_item *items[ITEMS_MOST];
	size_t items_len;
	GString *out;
};

static void find_items(struct part *part)
{
	GArray *items = part->source.items;
	for (guint i = 0; i < items->len; i++) {
		const struct source_item *item =
			&g_array_index(items, struct source_item, i);
		bool before = item->first < part->line ||
			      (part->middle && item->first == part->line);
		if (before && item->last >= part->line &&
		    part->items_len < ITEMS_MOST)
			part->items[part->items_len++] = item;
	}
}

/* The fence that line is in, NULL if in none. */
static const struct source_leaf *fence_at(const struct part *part, size_t line)
{
	const struct source_leaf *leaf = source_leaf_at(&part->source, line);
	return leaf && leaf->kind == SOURCE_FENCE ? leaf : NULL;
}

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

/* Characters of a line from byte start on. */
static size_t line_chars(const struct part *part, size_t line, size_t start)
{
	size_t end = source_end(&part->source, line);
	if (start >= end)
		return 1;
	return (size_t)g_utf8_strlen(part->source.text + start,
				     (gssize)(end - start)) +
	       1;
}

/* An opening or closing fence of usual length. */
static bool is_fence_line(const struct part *part, size_t line)
{
	const struct source_leaf *fence = fence_at(part, line);
	return fence &&
	       (line == fence->first ||
		(fence->closed && line == fence->last)) &&
	       line_chars(part, line, source_start(&part->source, line)) <=
		       FENCE_MOST;
}

/* What a line takes of the budget. */
static size_t line_cost(const struct part *part, size_t line)
{
	size_t start = MAX(source_start(&part->source, line), part->from);
	return is_fence_line(part, line) ? 0 : line_chars(part, line, start);
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

/* The marks a fence is made of. */
static const char *fence_marks(const struct part *part,
			       const struct source_leaf *fence, size_t *len)
{
	size_t start = source_start(&part->source, fence->first);
	const char *text = part->source.text + start + fence->column;
	const char mark[] = { *text, '\0' };
	*len = strspn(text, mark);
	return text;
}

/* Its marks alone: closes a fence, or opens it without its language. */
static void put_fence(struct part *part, const struct source_leaf *fence)
{
	size_t len;
	const char *marks = fence_marks(part, fence, &len);
	put_mark_line(part, fence, fence->first, marks, len);
}

/* A table's head is said again with each of its parts, if it is short. */
static void open_start(struct part *part, size_t budget)
{
	const struct source_leaf *leaf =
		source_leaf_at(&part->source, part->line);
	if (!leaf || part->line == leaf->first)
		return;
	if (leaf->kind == SOURCE_FENCE) {
		if (is_fence_line(part, leaf->first))
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
static const char *guard_first(const char *text)
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
	bool html =
		leaf && leaf->kind == SOURCE_HTML && leaf->first < part->line;
	bool table = leaf && leaf->kind == SOURCE_TABLE;
	const char *at = text + strspn(text, " ");
	const char *mark = "";
	/* Four spaces are code; a quote's mark begins no new quote. */
	first &= !table && *at != '>' &&
		 (size_t)(at - text) < lost_columns(part, line) + 4;
	if (middle || first)
		mark = guard_first(at);
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
	const struct source_leaf *fence = fence_at(part, line);
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
	size_t len;
	const char *marks = fence_marks(part, fence, &len);
	bool opened = line > fence->first ||
		      part->source.text + part->to >= marks + len;
	if (cut && (rest || !opened))
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
		const struct source_leaf *fence = fence_at(part, line);
		if (line > part->line)
			mend_html(part, line, false);
		put_line(part, line);
		mend_html(part, line, true);
		if (fence)
			mend_fence(part, fence, line, line + 1 == end);
	}
}

/* Whether whatever stands between two cuts at lines fits in budget. */
static bool block_fits(const struct part *part, size_t line, size_t budget)
{
	size_t used = 0;
	for (; line < source_lines(&part->source); line++) {
		used += line_cost(part, line);
		if (used > budget)
			return false;
		if (part->source.cuts[line + 1] == SOURCE_CUT_BLOCK)
			return true;
	}
	return true;
}

/*
 * Where in a line that is too long for the rest of the budget: behind a
 * sentence, else a word, and not inside `code`, **bold** or a [link](…), if
 * there is such a place in the second half.
 */
static size_t cut_line(const char *text, size_t start, size_t chars)
{
	size_t i = start, word = 0, whole = 0, sentence = 0;
	unsigned brackets = 0, ticks = 0, stars = 0;
	size_t half = chars / 2;
	char last = ' ';
	for (size_t n = 0; n < chars; n++) {
		char c = text[i];
		ticks += c == '`';
		/* Runs of stars: ** is one mark, a bullet none. */
		stars += c == '*' && last != '*' &&
			 (last != ' ' || text[i + 1] != ' ');
		brackets += c == '[' || c == '(';
		brackets -= (c == ']' || c == ')') && brackets > 0;
		i = (size_t)(g_utf8_next_char(text + i) - text);
		if (c == ' ' && last != ' ') {
			bool open = brackets > 0 || ticks % 2 || stars % 2;
			word = i;
			if (!open && n >= half)
				whole = i;
			if (!open && n >= half && strchr(".!?;", last))
				sentence = i;
		}
		last = c;
	}
	return sentence ? sentence : whole ? whole : word ? word : i;
}

static void end_before(struct part *part, size_t line)
{
	part->to_line = line;
	part->to = source_start(&part->source, line);
	part->to_middle = false;
}

/* Code that would close its own fence if it were a line. */
static bool closes(const char *text, size_t len, char mark)
{
	const char set[] = { mark, ' ', '\t', '\0' };
	return strspn(text, set) >= len && memchr(text, mark, len);
}

static void end_inside(struct part *part, size_t line, size_t chars)
{
	const char *text = part->source.text;
	size_t start = MAX(source_start(&part->source, line), part->from);
	size_t end = source_end(&part->source, line);
	const struct source_leaf *fence = fence_at(part, line);
	part->to = cut_line(text, start, chars);
	part->to_line = line;
	part->to_middle = true;
	if (!fence || line == fence->first)
		return;
	char mark =
		text[source_start(&part->source, fence->first) + fence->column];
	if (closes(text + start, part->to - start, mark) ||
	    closes(text + part->to, end - part->to, mark))
		end_before(part, line + 1);
}

/* How far this part goes. */
static void find_end(struct part *part, size_t budget)
{
	size_t best[SOURCE_CUTS] = { 0 }; /* the last line of each goodness */
	size_t used_at[SOURCE_CUTS] = { 0 };
	size_t lines = source_lines(&part->source);
	size_t used = 0, blank = 0, line = part->line;
	for (; line < lines; line++) {
		enum source_cut cut = part->source.cuts[line];
		if (line > part->line) {
			best[cut] = line;
			used_at[cut] = used;
		}
		/* Blank lines and a line break at the end are not shown. */
		size_t cost = line_cost(part, line);
		if (source_is_blank(&part->source, line)) {
			blank += cost;
			continue;
		}
		if (budget > 0 && used + blank + cost > budget + 1)
			break;
		used += blank + cost;
		blank = 0;
	}
	if (line == lines) {
		end_before(part, lines);
		return;
	}
	int cut = SOURCE_CUT_BLOCK;
	while (cut > SOURCE_CUT_NEVER && best[cut] == 0)
		cut--;
	/* A block that will be cut anyway may as well begin in this part, if
	 * there is but little else in it. */
	for (int i = cut - 1; i > SOURCE_CUT_NEVER; i--)
		if (cut == SOURCE_CUT_BLOCK && best[i] > best[cut] &&
		    used_at[cut] < budget / 2 && used_at[i] > budget / 2 &&
		    !block_fits(part, best[cut], budget))
			cut = i;
	if (cut > SOURCE_CUT_NEVER)
		end_before(part, best[cut]);
	else if (used + blank >= budget)
		end_before(part, line);
	else
		end_inside(part, line, budget - used - blank);
}

/* Goes to where the text goes on; false: nowhere. */
static bool find_start(struct part *part, size_t from)
{
	const struct source *source = &part->source;
	size_t lines = source_lines(source);
	while (from < source->len && (source->text[from] & 0xc0) == 0x80)
		from++;
	if (from >= source->len)
		return false;
	part->line = source_line_at(source, from);
	const char *text = source->text + from;
	size_t spaces = strspn(text, " \t");
	if (!text[spaces] || strchr("\r\n", text[spaces])) {
		part->line++;
		while (part->line < lines &&
		       source_is_blank(source, part->line))
			part->line++;
		from = source_start(source, part->line);
	}
	part->from = from;
	if (part->line == lines)
		return false;
	part->middle = from > source_start(source, part->line);
	/* Four spaces at the start of the rest of a line would be code. */
	const struct source_leaf *fence = fence_at(part, part->line);
	if (part->middle && (!fence || part->line == fence->first))
		part->from += spaces;
	return true;
}

static char *make_part(struct part *part, size_t from, size_t budget,
		       size_t *next)
{
	if (!find_start(part, from))
		return NULL;
	part->out = g_string_new(NULL);
	find_items(part);
	find_end(part, budget);
	open_start(part, budget);
	put_lines(part);
	struct part rest = { .source = part->source };
	*next = find_start(&rest, part->to) ? part->to : 0;
	return g_strchomp(g_string_free(part->out, FALSE));
}

/*
 * Most texts fit as they are, and parsing one only to see that costs more than
 * the rest of an answer. NULL: it takes a closer look.
 */
static char *make_whole(const char *text, size_t budget)
{
	if (budget > 0 && strlen(text) > budget &&
	    (size_t)g_utf8_strlen(text, -1) > budget)
		return NULL;
	const char *first = text;
	for (size_t len; first[len = strspn(first, " \t")] == '\n';)
		first += len + 1;
	const char *words = first + strspn(first, " \t");
	if (!*words || *guard_first(words) || !whole_is_safe(text))
		return NULL;
	return g_strchomp(g_strdup(first));
}

char *render_part(const char *markdown, size_t from, size_t budget,
		  size_t *next)
{
	/* cmark passes over a byte-order mark and does not count it. */
	bool mark = g_str_has_prefix(markdown, "\xef\xbb\xbf");
	g_autofree char *text =
		g_utf8_make_valid(markdown + (mark ? 3 : 0), -1);
	struct part part = { 0 };
	*next = 0;
	char *whole = from == 0 ? make_whole(text, budget) : NULL;
	if (whole)
		return whole;
	source_init(&part.source, text, strlen(text));
	char *out = make_part(&part, from, budget, next);
	source_clear(&part.source);
	return out;
}
