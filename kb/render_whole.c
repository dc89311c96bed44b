#include "kb/render_whole.h"

#include <stddef.h>
#include <string.h>

#include "kb/hostile.h"

/* What a line between fences may begin with: the marks of containers. */
static const char marks[] = " \t>-+*0123456789.)";

/* The backticks that open a fence at the line's very start; 0: none. */
static size_t opening(const char *line, size_t len)
{
	size_t ticks = strspn(line, "`");
	return ticks >= 3 && !memchr(line + ticks, '`', len - ticks) ? ticks
								     : 0;
}

static bool is_closing(const char *line, size_t len, size_t fence)
{
	size_t indent = strspn(line, " ");
	size_t ticks = strspn(line + indent, "`");
	size_t rest = indent + ticks;
	return indent < 4 && ticks >= fence &&
	       rest + strspn(line + rest, " \t") == len;
}

/* Neither HTML, nor a fence in a quote or an item, nor one of tildes. */
static bool is_plain(const char *line)
{
	const char *words = line + strspn(line, marks);
	return *words != '<' && strncmp(words, "```", 3) != 0 &&
	       strncmp(words, "~~~", 3) != 0;
}

bool whole_is_safe(const char *text)
{
	size_t fence = 0; /* backticks of the open one */
	size_t all = strlen(text);
	if (memchr(text, '\r', all))
		return false;
	for (const char *line = text, *end = text + all; line < end;) {
		const char *stop = memchr(line, '\n', (size_t)(end - line));
		size_t len = (size_t)((stop ? stop : end) - line);
		if (fence > 0)
			fence = is_closing(line, len, fence) ? 0 : fence;
		else if ((fence = opening(line, len)) == 0 && !is_plain(line))
			return false;
		line += len + 1;
	}
	return fence == 0 && !hostile_markdown(text, all, NULL);
}
