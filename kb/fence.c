#include "kb/fence.h"

#include <string.h>

#include "kb/heading.h"

/* How long the line's run of fence characters is; *info: text follows. */
static int run_len(const struct fence *fence, size_t no, bool *info)
{
	size_t len, at = 0;
	const char *line = lines_at(fence->lines, no, &len);
	while (at < len && (line[at] == ' ' || line[at] == '\t') &&
	       (at < 3 || fence->indented))
		at++;
	size_t start = at;
	while (at < len && line[at] == fence->character)
		at++;
	*info = at + lines_space(line + at, len - at) < len;
	return (int)(at - start);
}

bool fence_is_closed(const struct fence *fence)
{
	bool info;
	return fence->to > fence->from + 1 &&
	       run_len(fence, fence->to - 1, &info) >= fence->len && !info;
}

bool fence_is_rule(const char *line, size_t len)
{
	size_t rules = 0;
	for (size_t i = 0; i < len; i++) {
		if (line[i] == '-')
			rules++;
		else if (line[i] != ' ')
			return false;
	}
	return rules >= 3;
}

/*
 * A heading of the section's own level or above. "# …" is more often a
 * comment: it counts only where sections have that level, after a gap.
 */
static bool is_heading(const struct fence *fence, size_t no)
{
	size_t len;
	const char *line = lines_at(fence->lines, no, &len);
	unsigned level = *line == '#' ? heading_level(line, len) : 0;
	if (level == 0 || level > MAX(fence->level, 2))
		return false;
	if (level > 1)
		return true;
	line = lines_at(fence->lines, no - 1, &len);
	return fence->level == 1 &&
	       (lines_blank(fence->lines, no - 1) || fence_is_rule(line, len));
}

size_t fence_cut(const struct fence *fence)
{
	size_t cut = 0;
	bool closed = fence_is_closed(fence);
	for (size_t no = fence->from + 1; no < fence->to; no++) {
		bool info;
		if (cut == 0 && is_heading(fence, no))
			cut = no;
		if (cut == 0)
			continue;
		if (!closed)
			return cut;
		/* "```python" inside: the next block's beginning. */
		if (run_len(fence, no, &info) >= fence->len && info)
			return cut;
	}
	return 0;
}

bool fence_reader_is_code(struct fence_reader *reader, const char *line)
{
	const char *mark = line + strspn(line, " \t>");
	size_t len = *mark == '`' || *mark == '~'
			     ? strspn(mark, *mark == '`' ? "`" : "~")
			     : 0;
	if (!reader->character) {
		if (len < 3)
			return false;
		*reader = (struct fence_reader){ *mark, len };
		return true;
	}
	const char *rest = mark + len + strspn(mark + len, " \t");
	if (len >= reader->len && *mark == reader->character &&
	    (!*rest || *rest == '\n'))
		reader->character = '\0';
	return true;
}
