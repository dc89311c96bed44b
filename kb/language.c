#include "kb/language.h"

#include <stdbool.h>
#include <string.h>
#include <glib.h>

#include "kb/fence.h"

enum { FEW_LETTERS = 16 };

static void add_line(struct language_count *count, const char *p,
		     const char *end)
{
	while (p < end) {
		const char *close = NULL;
		if (*p == '`')
			close = memchr(p + 1, '`', end - p - 1);
		else if (g_str_has_prefix(p, "(http"))
			close = memchr(p, ')', end - p);
		if (close) {
			p = close + 1;
			continue;
		}
		gunichar c = g_utf8_get_char(p);
		if (g_unichar_isalpha(c)) {
			count->letters++;
			count->cyrillic += c >= 0x400 && c < 0x530;
		}
		p = g_utf8_next_char(p);
	}
}

void language_add(struct language_count *count, const char *markdown)
{
	struct fence_reader fence = { 0 };
	const char *p = markdown;
	while (p && *p) {
		const char *end = strchrnul(p, '\n');
		if (!fence_reader_is_code(&fence, p))
			add_line(count, p, end);
		p = *end ? end + 1 : end;
	}
}

const char *language_name(const struct language_count *count,
			  const char *otherwise)
{
	if (count->letters < FEW_LETTERS)
		return otherwise;
	return count->cyrillic * 2 > count->letters ? "ru" : "en";
}
