/* Tables as text: aligned where they are small, else an item a row. */

#include <string.h>

#include "kb/render_text.h"

enum { LABEL_MOST = 60, SMALL_COLUMNS = TREE_SMALL_COLUMNS };

/* A cell's words, on one line. */
static char *cell_words(struct text *text, cmark_node *cell)
{
	GString *words = text->pen.words;
	text->pen.words = g_string_new(NULL);
	text_walk(text, cell, true);
	char *line = g_string_free(text->pen.words, FALSE);
	text->pen.words = words;
	const char spaces[] = { '\n', PEN_HARD_SPACE, '\0' };
	return g_strstrip(g_strdelimit(line, spaces, ' '));
}

static GPtrArray *table_rows(struct text *text, cmark_node *table)
{
	GPtrArray *rows = g_ptr_array_new_with_free_func(
		(GDestroyNotify)(void (*)(void))g_strfreev);
	for (cmark_node *row = cmark_node_first_child(table); row;
	     row = cmark_node_next(row)) {
		GPtrArray *cells = g_ptr_array_new();
		for (cmark_node *cell = cmark_node_first_child(row); cell;
		     cell = cmark_node_next(cell))
			g_ptr_array_add(cells, cell_words(text, cell));
		g_ptr_array_add(cells, NULL);
		g_ptr_array_add(rows, g_ptr_array_free(cells, FALSE));
	}
	return rows;
}

/* The columns' widths; false if the terminal is narrower than the table. */
static bool measure(struct text *text, GPtrArray *rows,
		    size_t columns[static SMALL_COLUMNS])
{
	size_t all = 0;
	for (size_t i = 0; i < SMALL_COLUMNS; i++)
		columns[i] = 1;
	for (size_t i = 0; i < rows->len; i++) {
		char **cells = g_ptr_array_index(rows, i);
		for (size_t j = 0; cells[j]; j++) {
			size_t wide = pen_columns(cells[j], strlen(cells[j]));
			columns[j] = MAX(columns[j], wide);
		}
	}
	for (size_t i = 0; i < SMALL_COLUMNS; i++)
		all += columns[i] + strlen(" | ");
	return text->pen.width == 0 || all <= text->pen.width;
}

/* One line of the table: the cells, each padded to its column. */
static void put_row(struct text *text, char **cells, const size_t *columns,
		    const char *between, char pad)
{
	g_autoptr(GString) line = g_string_new(NULL);
	for (size_t i = 0; cells[i]; i++) {
		size_t taken = pen_columns(cells[i], strlen(cells[i]));
		g_string_append(line, i > 0 ? between : "");
		g_string_append(line, cells[i]);
		for (; taken < columns[i]; taken++)
			g_string_append_c(line, pad);
	}
	pen_line(&text->pen, line->str, line->len);
}

static void put_small_table(struct text *text, GPtrArray *rows,
			    const size_t *columns, bool blank)
{
	char **heads = g_ptr_array_index(rows, 0);
	char *nothing[SMALL_COLUMNS + 1] = { "", "", "", NULL };
	nothing[g_strv_length(heads)] = NULL;
	pen_block(&text->pen, blank);
	for (size_t i = 0; i < rows->len; i++) {
		put_row(text, g_ptr_array_index(rows, i), columns, " | ", ' ');
		if (i == 0)
			put_row(text, nothing, columns, "-+-", '-');
	}
}

/* One item a row, each cell behind its column's head; empty ones left out. */
static void put_wide_row(struct text *text, cmark_node *heads, char **cells,
			 bool blank)
{
	GString *words = text->pen.words;
	cmark_node *head = heads ? cmark_node_first_child(heads) : NULL;
	for (size_t i = 0; cells[i]; i++) {
		g_autofree char *label =
			head ? tree_plain(head, LABEL_MOST) : g_strdup("");
		if (*cells[i]) {
			g_string_append(words, words->len > 0 ? "\n" : "");
			text_words(text, label);
			g_string_append(words, *label ? ": " : "");
			g_string_append(words, cells[i]);
		}
		head = head ? cmark_node_next(head) : NULL;
	}
	if (words->len == 0)
		return;
	pen_push(&text->pen, "• ", "  ");
	text_flush(text, blank);
	pen_pop(&text->pen);
}

void text_table(void *renderer, cmark_node *table)
{
	struct text *text = renderer;
	bool blank = text_wants_blank(table);
	size_t columns[SMALL_COLUMNS];
	g_autoptr(GPtrArray) rows = table_rows(text, table);
	if (tree_table_is_small(table) && measure(text, rows, columns)) {
		put_small_table(text, rows, columns, blank);
		return;
	}
	/* Heads without rows are all that there is to show. */
	cmark_node *heads = cmark_node_first_child(table);
	if (rows->len == 1)
		put_wide_row(text, NULL, g_ptr_array_index(rows, 0), blank);
	for (size_t i = 1; i < rows->len; i++)
		put_wide_row(text, heads, g_ptr_array_index(rows, i),
			     i == 1 && blank);
}
