#include "kb/hostile.h"

#include <stdint.h>
#include <string.h>
#include <glib.h>

enum {
	DEPTH_MOST = 100,
	COLUMNS_MOST = 64,
	/* cmark fills short rows up to the table's width. Without that no
	 * text has more cells than half its bytes. */
	CELLS_FREE = 10000,
	/* From here on the square of the bars in one line is counted. */
	BARS_MANY = 500,
	/* About 0.1 s of the two loops in cmark's tables that are quadratic. */
	COST_MOST = 100000000,
};

struct gauge {
	size_t lists;	  /* at most so many lists are open */
	size_t depth;	  /* of blocks, at most, in this line */
	size_t content;	  /* where what is in them begins */
	uint64_t pieces;  /* lines and bars since the last blank line */
	size_t columns;	  /* of the widest table since then */
	uint64_t padding; /* cells, if all its rows were filled up */
	uint64_t cost;
};

static bool is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\v' || c == '\f';
}

/* Where a line's tail of one rule mark and spaces begins: "- - -" is a
 * thematic break, not lists in lists. */
static size_t rule_start(const char *line, size_t len)
{
	char mark = '\0';
	size_t marks = 0, start = len;
	for (size_t i = len; i > 0; i--) {
		char c = line[i - 1];
		if (is_space(c))
			continue;
		if (!mark && (c == '-' || c == '*' || c == '_'))
			mark = c;
		if (!mark || c != mark)
			break;
		marks++;
		start = i - 1;
	}
	return marks >= 3 ? start : len;
}

/* Bytes of the list marker at line[0..len), 0: none. */
static size_t marker_len(const char *line, size_t len)
{
	size_t i = 0;
	while (i < len && i < 10 && g_ascii_isdigit(line[i]))
		i++;
	bool marks = i > 0 ? i < len && (line[i] == '.' || line[i] == ')')
			   : len > 0 && strchr("-+*", line[0]) && line[0];
	if (!marks || (i + 1 < len && !is_space(line[i + 1])))
		return 0;
	return i + 1;
}

/*
 * Every block around a line takes a `>`, a list marker or, where a list goes
 * on, two columns of its start. True if there is nothing behind them.
 */
static bool measure_depth(struct gauge *gauge, const char *line, size_t len)
{
	size_t quotes = 0, markers = 0, spaces = 0, i = 0;
	size_t rule = rule_start(line, len);
	while (i < len) {
		size_t marker = i < rule ? marker_len(line + i, len - i) : 0;
		if (is_space(line[i]))
			spaces += line[i] == '\t' ? 4 : 1;
		else if (line[i] == '>')
			quotes++;
		else if (marker > 0)
			markers++;
		else
			break;
		i += marker > 0 ? marker : 1;
	}
	size_t lists = MIN(gauge->lists, spaces / 2) + markers;
	if (markers > 0)
		gauge->lists = lists;
	gauge->depth = quotes + lists;
	gauge->content = i;
	return i == len && markers == 0;
}

/* Cells of a table's delimiter row, |---|:-:|; 0: it is none. */
static size_t delimiter_cells(const char *line, size_t len)
{
	size_t cells = 0;
	bool dash = false, special = false;
	for (size_t i = 0; i < len; i++) {
		char c = line[i];
		if (c == '|') {
			cells += dash;
			dash = false;
		} else if (c == '-') {
			dash = true;
		} else if (!is_space(c) && c != ':') {
			return 0;
		}
		special |= c == '|' || c == ':';
	}
	cells += dash;
	return special ? cells : 0;
}

/* A bullet with words behind it ends the paragraph before it; numbers and
 * bare bullets may not. */
static bool begins_bullet(const char *line, size_t len)
{
	size_t i = 0;
	while (i < len && i < 4 && line[i] == ' ')
		i++;
	if (i == 4 || i + 2 >= len || !strchr("-+*", line[i]) || !line[i] ||
	    line[i + 1] != ' ')
		return false;
	for (i += 2; i < len; i++)
		if (!is_space(line[i]))
			return true;
	return false;
}

static void measure_tables(struct gauge *gauge, const char *line, size_t len,
			   bool blank)
{
	uint64_t bars = 0;
	for (const char *c = memchr(line, '|', len); c;
	     c = memchr(c + 1, '|', len - (size_t)(c + 1 - line)))
		bars++;
	if (bars > BARS_MANY)
		gauge->cost += bars * bars;
	if (blank || begins_bullet(line, len)) {
		gauge->pieces = 0;
		gauge->columns = 0;
	}
	if (blank)
		return;
	size_t cells =
		delimiter_cells(line + gauge->content, len - gauge->content);
	if (cells > 0)
		gauge->cost += gauge->pieces * gauge->pieces;
	gauge->columns = MAX(gauge->columns, cells);
	gauge->padding += gauge->columns;
	gauge->pieces += bars + 1;
}

static const char *judge(const struct gauge *gauge, size_t len)
{
	if (gauge->depth > DEPTH_MOST)
		return "blocks more than 100 deep";
	if (gauge->columns > COLUMNS_MOST)
		return "a table of more than 64 columns";
	if (gauge->padding > CELLS_FREE + len / 2)
		return "tables with too many empty cells";
	if (gauge->cost > COST_MOST)
		return "table rows too long";
	return NULL;
}

bool hostile_markdown(const char *text, size_t len, const char **why)
{
	struct gauge gauge = { 0 };
	const char *end = text + len;
	for (const char *line = text; line < end;) {
		size_t left = (size_t)(end - line);
		const char *stop = memchr(line, '\n', left);
		size_t size = stop ? (size_t)(stop - line) : left;
		stop = memchr(line, '\r', size); /* alone it ends one too */
		size = stop ? (size_t)(stop - line) : size;
		bool blank = measure_depth(&gauge, line, size);
		measure_tables(&gauge, line, size, blank);
		const char *reason = judge(&gauge, len);
		if (reason) {
			if (why)
				*why = reason;
			return true;
		}
		line += size + 1;
	}
	return false;
}
