#include "kb/heading.h"

#include <string.h>

static bool is_space(char c)
{
	return c == ' ' || c == '\t';
}

/* Returns what follows up to three spaces and the hashes. */
static const char *skip_hashes(const char *p, const char *end, size_t *hashes)
{
	for (size_t i = 0; i < 3 && p < end && *p == ' '; i++)
		p++;
	const char *start = p;
	while (p < end && *p == '#')
		p++;
	*hashes = p - start;
	return p;
}

unsigned heading_level(const char *line, size_t len)
{
	size_t hashes;
	const char *end = line + len;
	const char *p = skip_hashes(line, end, &hashes);
	if (hashes < 1 || hashes > 6 || (p < end && !is_space(*p)))
		return 0;
	return (unsigned)hashes;
}

bool heading_is_missing_space(const char *line, size_t len)
{
	size_t hashes;
	const char *end = line + len;
	const char *p = skip_hashes(line, end, &hashes);
	if (hashes < 1 || hashes > 6 || p == end || is_space(*p))
		return false;
	gunichar c = g_utf8_get_char(p);
	if (g_unichar_isspace(c) || g_unichar_iszerowidth(c))
		return true;
	return hashes > 1 && g_unichar_isalnum(c);
}

/* "Title ##" -> "Title"; "C#" stays. */
static const char *cut_hashes(const char *start, const char *end)
{
	const char *p = end;
	while (p > start && p[-1] == '#')
		p--;
	if (p == end || (p > start && !is_space(p[-1])))
		return end;
	while (p > start && is_space(p[-1]))
		p--;
	return p;
}

/* Returns where " ^block-id" starts at the end, or end. */
static const char *find_block_id(const char *start, const char *end)
{
	const char *p = end;
	while (p > start && (g_ascii_isalnum(p[-1]) || p[-1] == '-'))
		p--;
	if (p == end || p - 2 < start || p[-1] != '^' || !is_space(p[-2]))
		return end;
	return p - 1;
}

char *heading_title(const char *line, size_t len, char **block_id)
{
	size_t hashes;
	const char *end = line + len;
	const char *p = skip_hashes(line, end, &hashes);
	while (p < end && is_space(*p))
		p++;
	while (end > p && is_space(end[-1]))
		end--;
	if (hashes > 0)
		end = cut_hashes(p, end);
	const char *id = find_block_id(p, end);
	*block_id = id < end ? g_strndup(id + 1, end - id - 1) : NULL;
	while (id > p && is_space(id[-1]))
		id--;
	return g_strndup(p, id - p);
}
