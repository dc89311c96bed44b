/*
 * Each bound here holds for every way in which CommonMark may read the text,
 * so that no disguise (a fence that is none, a quote around a table) gets by;
 * the price is that the backslash also falls into code blocks that hold such
 * monsters. Measurements are of cmark-gfm 0.29.0.gfm.6.
 */
#include "kb/defuse.h"

#include <stdbool.h>
#include <string.h>

#include "kb/remark.h"

struct defuse {
	const char *file;
	GPtrArray *remarks;
	size_t line;
	const char *text; /* up to here it has been copied to out */
	GString *out;	  /* NULL until something has to be changed */
	size_t depth;	  /* that blocks may have reached by here */
	size_t missing;	  /* cells that tables have left out so far */
	/* Of the lines up to the next empty one, where a table must end: */
	size_t rows, pipes;
	bool images; /* too many of them */
	bool said[3];
};

enum { TABLE, NEST, IMAGES };

static const char *const sentences[] = {
	[TABLE] = "a table this large is taken as plain text",
	[NEST] = "blocks nested this deep are taken as plain text",
	[IMAGES] = "so many images in one paragraph are taken as plain text",
};

static void remark_once(struct defuse *state, int kind)
{
	if (state->said[kind])
		return;
	state->said[kind] = true;
	g_ptr_array_add(state->remarks,
			remark_new(state->file, (int)state->line,
				   REMARK_WARNING, "%s", sentences[kind]));
}

static void escape(struct defuse *state, const char *at)
{
	if (!state->out)
		state->out = g_string_new(NULL);
	g_string_append_len(state->out, state->text, at - state->text);
	g_string_append_c(state->out, '\\');
	state->text = at;
}

/* The columns of "| --- | :-: |", in a quote or list too; 0: no such line. */
static size_t delimiter_columns(const char *p, const char *stop)
{
	size_t columns = 0;
	bool dash = false;
	for (; p < stop; p++) {
		if (*p == '-' && !dash) {
			dash = true;
			columns++;
		} else if (*p == '|') {
			dash = false;
		} else if (!memchr("-: \t\f\v>*+.)0123456789", *p, 21)) {
			return 0;
		}
	}
	return columns;
}

/* A row with too few cells gets the missing ones from the parser. */
static void check_table(struct defuse *state, const char *line,
			const char *stop)
{
	size_t columns = delimiter_columns(line, stop);
	if (columns < 2)
		return;
	if (columns <= DEFUSE_COLUMNS) {
		size_t cells = state->rows + state->pipes; /* "a|b": two */
		if (columns * state->rows > cells)
			state->missing += columns * state->rows - cells;
		if (state->missing <= DEFUSE_CELLS)
			return;
	}
	remark_once(state, TABLE);
	escape(state, memchr(line, '-', stop - line));
}

/* How long a list marker stands at p; 0: none. */
static size_t marker_len(const char *p, const char *stop)
{
	size_t len = 0;
	if (memchr("-+*", *p, 3)) {
		len = 1;
	} else {
		while (len < 9 && p + len < stop && g_ascii_isdigit(p[len]))
			len++;
		if (len == 0 || p + len == stop ||
		    (p[len] != '.' && p[len] != ')'))
			return 0;
		len++;
	}
	return p + len == stop || p[len] == ' ' || p[len] == '\t' ? len : 0;
}

/* Where the line's end of one character and spaces begins: "- - -". */
static const char *rule_start(const char *line, const char *stop)
{
	char rule = '\0';
	const char *p = stop;
	for (; p > line; p--) {
		if (p[-1] == ' ' || p[-1] == '\t')
			continue;
		if (!rule && memchr("-*_", p[-1], 3))
			rule = p[-1];
		if (p[-1] != rule)
			break;
	}
	return p;
}

static bool is_rule(const char *p, const char *stop)
{
	size_t count = 0;
	for (char rule = *p; p < stop && count < 3; p++)
		count += *p == rule;
	return count == 3;
}

/*
 * A line can be as deep as it opens blocks on top of what is open, and no
 * deeper than its quote signs, list markers and, two columns to a list,
 * indentation carry.
 */
static void check_depth(struct defuse *state, const char *line,
			const char *stop)
{
	const char *rule = NULL, *first = NULL;
	size_t opened = 0, columns = 0;
	for (const char *p = line; p < stop;) {
		size_t len = 1;
		if (*p == ' ') {
			columns++;
		} else if (*p == '\t') {
			columns += 4;
		} else {
			len = *p == '>' ? 1 : marker_len(p, stop);
			if (len == 0)
				break;
			if (!rule)
				rule = rule_start(line, stop);
			if (p >= rule && is_rule(p, stop))
				break;
			/* "1\." is not a marker, "\1." still is one. */
			if (opened++ == 0)
				first = p + len - 1;
		}
		p += len;
	}
	if (opened == 0)
		return;
	size_t depth = MIN(state->depth + opened, opened + columns / 2);
	if (depth <= DEFUSE_DEPTH) {
		state->depth = depth;
		return;
	}
	remark_once(state, NEST);
	escape(state, first);
}

/* Counts what stands up to the next empty line. */
static void start_run(struct defuse *state, const char *p, const char *end)
{
	size_t images = 0;
	state->rows = state->pipes = 0;
	for (; p < end && !(*p == '\n' && p[-1] == '\n'); p++) {
		state->rows += *p == '\n';
		state->pipes += *p == '|';
		images += *p == '!' && p + 1 < end && p[1] == '[';
	}
	state->rows++; /* the last line may have no end */
	state->images = images > DEFUSE_IMAGES;
	if (state->images)
		remark_once(state, IMAGES);
}

static void check_line(struct defuse *state, const char *line, const char *stop)
{
	check_depth(state, line, stop);
	check_table(state, line, stop);
	for (const char *p = line; p < stop; p++)
		state->pipes -= *p == '|';
	state->rows--;
	if (!state->images)
		return;
	for (const char *p = line; p + 1 < stop; p++)
		if (p[0] == '!' && p[1] == '[')
			escape(state, p + 1);
}

char *defuse(char *text, size_t *len, size_t line, const char *file,
	     GPtrArray *remarks)
{
	struct defuse state = {
		.file = file,
		.remarks = remarks,
		.line = line,
		.text = text,
	};
	const char *end = text + *len;
	bool in_run = false;
	for (const char *p = text, *stop; p < end; p = stop + 1) {
		stop = memchr(p, '\n', end - p);
		if (!stop)
			stop = end;
		if (stop > p && !in_run)
			start_run(&state, p, end);
		in_run = stop > p;
		if (in_run)
			check_line(&state, p, stop);
		state.line++;
	}
	if (!state.out)
		return text;
	g_string_append_len(state.out, state.text, end - state.text);
	g_free(text);
	*len = state.out->len;
	return g_string_free(state.out, FALSE);
}
