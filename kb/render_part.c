/* One part of a Markdown text that is too long to be shown at once: where it
 * begins and ends. */

#include "kb/render_part.h"

#include <string.h>

#include "kb/render.h"
#include "kb/render_whole.h"

static void find_items(struct part *part)
{
	GArray *items = part->source.items;
	for (guint i = 0; i < items->len; i++) {
		const struct source_item *item =
			&g_array_index(items, struct source_item, i);
		bool before = item->first < part->line ||
			      (part->middle && item->first == part->line);
		if (before && item->last >= part->line &&
		    part->items_len < PART_ITEMS)
			part->items[part->items_len++] = item;
	}
}

/* What a line takes of the budget. */
static size_t line_cost(const struct part *part, size_t line)
{
	const struct source *source = &part->source;
	size_t start = MAX(source_start(source, line), part->from);
	return source_is_fence_line(source, line)
		       ? 0
		       : source_chars(source, line, start);
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
	const struct source_leaf *fence = source_fence_at(&part->source, line);
	part->to = cut_line(text, start, chars);
	part->to_line = line;
	part->to_middle = true;
	if (!fence)
		return;
	size_t marks =
		source_start(&part->source, fence->first) + fence->column;
	char mark = text[marks];
	if (line == fence->first) {
		while (text[marks] == mark)
			marks++;
		part->to = MAX(part->to, marks);
	} else if (closes(text + start, part->to - start, mark) ||
		   closes(text + part->to, end - part->to, mark)) {
		end_before(part, line + 1);
	}
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
	const struct source_leaf *fence = source_fence_at(source, part->line);
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
	part_write(part, budget);
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
	if (!*words || *part_guard(words) || !whole_is_safe(text))
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
