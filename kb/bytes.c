#include "kb/bytes.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "kb/remark.h"

static void complain(GPtrArray *remarks, const char *file, size_t line,
		     enum remark_level level, const char *text)
{
	g_ptr_array_add(remarks,
			remark_new(file, (int)line, level, "%s", text));
}

/* One control character in 20 is more than any text has. */
static bool is_binary(const char *bytes, size_t len)
{
	size_t controls = 0;
	for (size_t i = 0; i < len; i++) {
		unsigned char c = bytes[i];
		if (c < 0x20 && !memchr("\t\n\f\r\v\x1b", c, 6))
			controls++;
	}
	return controls > len / 20;
}

static bool is_1251_letter(unsigned char c)
{
	return c >= 0xc0 || c == 0xa8 || c == 0xb8;
}

/*
 * Russian words in Windows-1251 are runs of letters over 0xBF, of which hardly
 * any is UTF-8 by chance. A lone one among ASCII is more likely Latin-1.
 */
static bool looks_like_1251(const char *bytes, size_t len)
{
	size_t high = 0, letters = 0, paired = 0, valid = 0;
	for (size_t i = 0; i < len; i++) {
		unsigned char c = bytes[i];
		if (c < 0x80)
			continue;
		high++;
		letters += is_1251_letter(c);
		if (i > 0 && is_1251_letter(c) && is_1251_letter(bytes[i - 1]))
			paired++;
	}
	for (size_t i = 0; i < len; i++) {
		if ((unsigned char)bytes[i] < 0x80)
			continue;
		if (g_utf8_get_char_validated(bytes + i, len - i) <
		    (gunichar)-2) {
			valid++;
			i += g_utf8_skip[(guchar)bytes[i]] - 1;
		}
	}
	return letters >= high - high / 5 && paired * 2 >= letters &&
	       valid * 8 < high;
}

static size_t line_of(const char *bytes, const char *at)
{
	size_t line = 1;
	for (const char *p = bytes; p < at; p++)
		line += *p == '\n' || (*p == '\r' && p[1] != '\n');
	return line;
}

/* Bytes that are not UTF-8 -> UTF-8, by the best guess. */
static char *mend(char *bytes, size_t len, const char *bad, const char *file,
		  GPtrArray *remarks)
{
	size_t line = line_of(bytes, bad), text_len;
	char *text = NULL;
	const char *guess = "NUL bytes are shown as \xef\xbf\xbd";
	if (*bad) {
		guess = "bytes that are not UTF-8 are shown as \xef\xbf\xbd";
		if (looks_like_1251(bytes, len))
			text = g_convert(bytes, len, "UTF-8", "WINDOWS-1251",
					 NULL, &text_len, NULL);
	}
	if (text) {
		len = text_len;
		guess = "not UTF-8; read as Windows-1251, which it looks like";
		g_free(bytes);
		bytes = text;
	}
	complain(remarks, file, line, REMARK_WARNING, guess);
	text = g_utf8_make_valid(bytes, (gssize)len);
	g_free(bytes);
	return text;
}

/* UTF-16 with a byte order mark, as some Windows editors write; else NULL. */
static char *from_utf16(const char *bytes, size_t len, const char *file,
			GPtrArray *remarks, size_t *text_len)
{
	const char *charset = NULL;
	if (len >= 2 && memcmp(bytes, "\xff\xfe", 2) == 0)
		charset = "UTF-16LE";
	else if (len >= 2 && memcmp(bytes, "\xfe\xff", 2) == 0)
		charset = "UTF-16BE";
	if (!charset)
		return NULL;
	char *text = g_convert(bytes + 2, len - 2, "UTF-8", charset, NULL,
			       text_len, NULL);
	if (text && memchr(text, 0, *text_len))
		g_clear_pointer(&text, g_free);
	if (text)
		complain(remarks, file, 1, REMARK_WARNING,
			 "read as UTF-16; please save it as UTF-8");
	return text;
}

/* CRLF and lone CR become LF, in place. */
static size_t newlines(char *text, size_t len)
{
	char *to = memchr(text, '\r', len);
	if (!to)
		return len;
	for (const char *from = to, *end = text + len; from < end; from++) {
		if (*from != '\r')
			*to++ = *from;
		else if (from + 1 == end || from[1] != '\n')
			*to++ = '\n';
	}
	*to = '\0';
	return to - text;
}

char *bytes_to_text(const char *bytes, size_t len, const char *file,
		    GPtrArray *remarks, size_t *text_len)
{
	char *text = from_utf16(bytes, len, file, remarks, text_len);
	if (text) {
		*text_len = newlines(text, *text_len);
		return text;
	}
	if (len >= 3 && memcmp(bytes, "\xef\xbb\xbf", 3) == 0) {
		bytes += 3;
		len -= 3;
	}
	if (is_binary(bytes, len)) {
		complain(remarks, file, 0, REMARK_ERROR, "this is not text");
		*text_len = 0;
		return NULL;
	}
	text = g_malloc(len + 1);
	if (len > 0)
		memcpy(text, bytes, len);
	text[len] = '\0';
	const char *bad;
	if (!g_utf8_validate_len(text, len, &bad)) {
		text = mend(text, len, bad, file, remarks);
		len = strlen(text);
	}
	*text_len = newlines(text, len);
	return text;
}
