#include "kb/render_pen.h"

#include <string.h>

#define RESET "\033[0m"

void pen_init(struct pen *pen, unsigned width)
{
	*pen = (struct pen){
		.out = g_string_sized_new(1024),
		.words = g_string_sized_new(256),
		.prefix = g_string_new(NULL),
		.lead = g_string_new(NULL),
		.colours = g_string_new(NULL),
		.depths = g_array_new(FALSE, FALSE, sizeof(size_t)),
		.width = width,
	};
}

void pen_clear(struct pen *pen)
{
	GString *const strings[] = { pen->out, pen->words, pen->prefix,
				     pen->lead, pen->colours };
	for (size_t i = 0; i < G_N_ELEMENTS(strings); i++)
		if (strings[i])
			g_string_free(strings[i], TRUE);
	g_clear_pointer(&pen->depths, g_array_unref);
}

static void end_line(struct pen *pen)
{
	GString *out = pen->out;
	size_t len = out->len;
	while (len > 0 &&
	       (out->str[len - 1] == ' ' || out->str[len - 1] == '\t'))
		len--;
	g_string_truncate(out, len);
	g_string_append_c(out, '\n');
	pen->in_line = false;
}

static void begin_line(struct pen *pen)
{
	if (pen->in_line)
		end_line(pen);
	GString *with = pen->lead->len > 0 ? pen->lead : pen->prefix;
	g_string_append_len(pen->out, with->str, (gssize)with->len);
	g_string_truncate(pen->lead, 0);
	pen->in_line = true;
}

void pen_push(struct pen *pen, const char *first, const char *rest)
{
	g_array_append_val(pen->depths, pen->prefix->len);
	if (pen->lead->len == 0)
		g_string_append_len(pen->lead, pen->prefix->str,
				    (gssize)pen->prefix->len);
	g_string_append(pen->lead, first);
	g_string_append(pen->prefix, rest);
}

void pen_pop(struct pen *pen)
{
	if (pen->lead->len > 0) {
		pen_block(pen, false);
		begin_line(pen);
	}
	guint last = pen->depths->len - 1;
	size_t len = g_array_index(pen->depths, size_t, last);
	g_array_set_size(pen->depths, last);
	g_string_truncate(pen->prefix, len);
	pen->common = MIN(pen->common, len);
}

void pen_block(struct pen *pen, bool blank)
{
	if (pen->in_line) {
		end_line(pen);
		if (blank) {
			g_string_append_len(pen->out, pen->prefix->str,
					    (gssize)pen->common);
			end_line(pen);
		}
	}
	pen->common = pen->prefix->len;
}

void pen_line(struct pen *pen, const char *text, size_t len)
{
	begin_line(pen);
	g_string_append_len(pen->out, text, (gssize)len);
}

/* Bytes of the colour sequence at text, 0: there is none. */
static size_t colour_len(const char *text, const char *end)
{
	if (*text != '\033')
		return 0;
	const char *stop = memchr(text, 'm', (size_t)(end - text));
	return stop ? (size_t)(stop + 1 - text) : 1;
}

static size_t char_columns(const char *text)
{
	if ((unsigned char)*text < 0x80)
		return 1;
	gunichar c = g_utf8_get_char(text);
	return g_unichar_iszerowidth(c) ? 0 : g_unichar_iswide(c) ? 2 : 1;
}

size_t pen_columns(const char *text, size_t len)
{
	const char *end = text + len;
	size_t columns = 0;
	while (text < end) {
		size_t colour = colour_len(text, end);
		if (colour == 0)
			columns += char_columns(text);
		text = colour > 0 ? text + colour : g_utf8_next_char(text);
	}
	return columns;
}

bool pen_is_blank(const char *text, size_t len)
{
	const char *end = text + len;
	while (text < end) {
		size_t colour = colour_len(text, end);
		if (colour == 0 && char_columns(text) > 0)
			return false;
		text = colour > 0 ? text + colour : g_utf8_next_char(text);
	}
	return true;
}

/* Where the word at text ends: at a space, or beside a wide character, since
 * Chinese and Japanese put no spaces between words. */
static const char *word_end(const char *text, const char *end, size_t *columns)
{
	*columns = 0;
	while (text < end && *text != ' ') {
		size_t colour = colour_len(text, end);
		if (colour > 0) {
			text += colour;
			continue;
		}
		size_t wide = char_columns(text);
		if (wide == 2 && *columns > 0)
			break;
		*columns += wide;
		text = g_utf8_next_char(text);
		if (wide == 2)
			break;
	}
	return text;
}

static void put_word(struct pen *pen, const char *text, const char *end)
{
	while (text < end) {
		size_t colour = colour_len(text, end);
		if (colour > 0) {
			g_string_truncate(pen->colours, 0);
			if (strncmp(text, RESET, colour) != 0)
				g_string_append_len(pen->colours, text,
						    (gssize)colour);
			g_string_append_len(pen->out, text, (gssize)colour);
			text += colour;
			continue;
		}
		size_t len = 0;
		while (text + len < end && text[len] != '\033' &&
		       text[len] != PEN_HARD_SPACE)
			len++;
		g_string_append_len(pen->out, text, (gssize)len);
		text += len;
		if (text < end && *text == PEN_HARD_SPACE) {
			g_string_append_c(pen->out, ' ');
			text++;
		}
	}
}

/* Prefixes are never coloured by the words around them. */
static void break_line(struct pen *pen)
{
	if (pen->colours->len > 0)
		g_string_append(pen->out, RESET);
	begin_line(pen);
	g_string_append_len(pen->out, pen->colours->str,
			    (gssize)pen->colours->len);
}

static void wrap(struct pen *pen, const char *text, const char *end)
{
	break_line(pen);
	if (pen->width == 0) {
		put_word(pen, text, end);
		return;
	}
	size_t taken = pen_columns(pen->prefix->str, pen->prefix->len);
	size_t room = pen->width > taken ? pen->width - taken : 1;
	size_t column = 0;
	while (text < end) {
		size_t gap = 0, columns;
		while (text + gap < end && text[gap] == ' ')
			gap++;
		const char *stop = word_end(text + gap, end, &columns);
		if (column > 0 && columns > 0 &&
		    column + gap + columns > room) {
			break_line(pen);
			text += gap;
			column = gap = 0;
		}
		put_word(pen, text, stop);
		column += gap + columns;
		text = stop;
	}
}

void pen_flow(struct pen *pen)
{
	GString *words = pen->words;
	const char *text = words->str;
	const char *end = text + words->len;
	while (text <= end) {
		const char *stop = memchr(text, '\n', (size_t)(end - text));
		stop = stop ? stop : end;
		wrap(pen, text, stop);
		text = stop + 1;
	}
	g_string_truncate(words, 0);
	g_string_truncate(pen->colours, 0);
}
