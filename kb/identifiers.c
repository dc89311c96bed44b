#include "kb/identifiers.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

enum {
	LETTERS_LEAST = 3,
	IDENTIFIERS_MOST = 200, /* of one entry */
	SPAN_MOST = 80,		/* bytes of inline code that are a name */
};

/* Keywords of the languages that notes show most, in byte order. */
static const char *const keywords[] = {
	"and",	    "async",   "await",	  "begin",    "bool",	   "break",
	"case",	    "catch",   "char",	  "class",    "const",	   "continue",
	"def",	    "default", "del",	  "delete",   "done",	   "double",
	"elif",	    "else",    "end",	  "enum",     "esac",	   "except",
	"export",   "false",   "finally", "float",    "fn",	   "for",
	"foreach",  "from",    "func",	  "function", "global",	   "goto",
	"if",	    "import",  "include", "int",      "interface", "is",
	"lambda",   "let",     "long",	  "match",    "new",	   "nil",
	"none",	    "not",     "null",	  "package",  "pass",	   "print",
	"private",  "pub",     "public",  "raise",    "return",	   "self",
	"static",   "str",     "string",  "struct",   "super",	   "switch",
	"then",	    "this",    "throw",	  "true",     "try",	   "type",
	"unsigned", "use",     "var",	  "void",     "while",	   "with",
	"yield",
};

static int compare(const void *key, const void *row)
{
	return strcmp(key, *(const char *const *)row);
}

static bool is_keyword(const char *text)
{
	g_autofree char *lower = g_ascii_strdown(text, -1);
	return bsearch(lower, keywords, G_N_ELEMENTS(keywords),
		       sizeof(keywords[0]), compare) != NULL;
}

static bool in_identifier(char c)
{
	return g_ascii_isalnum(c) || c == '_';
}

static void add(GPtrArray *list, const char *text, size_t len)
{
	if (list->len < IDENTIFIERS_MOST)
		g_ptr_array_add(list, g_strndup(text, len));
}

/* Where the line's comment begins, or its end. */
static const char *comment(const char *line, const char *end)
{
	for (const char *p = line; p < end; p++) {
		if (p[0] == '#' && (p + 1 == end || p[1] == ' '))
			return p;
		if (p[0] == '/' && p + 1 < end && p[1] == '/' &&
		    (p == line || p[-1] != ':'))
			return p;
	}
	return end;
}

static void add_from(GPtrArray *list, const char *p, const char *end,
		     bool with_keywords)
{
	while (p < end) {
		if (!in_identifier(*p)) {
			p++;
			continue;
		}
		const char *from = p;
		while (p < end && in_identifier(*p))
			p++;
		size_t len = (size_t)(p - from);
		g_autofree char *text = g_strndup(from, len);
		if (len >= LETTERS_LEAST && !g_ascii_isdigit(*from) &&
		    (with_keywords || !is_keyword(text)))
			add(list, from, len);
	}
}

static void add_block(GPtrArray *list, const char *code)
{
	while (*code) {
		const char *end = code + strcspn(code, "\n");
		add_from(list, code, comment(code, end), false);
		code = *end ? end + 1 : end;
	}
}

/* Fences are skipped: what is in them is the entry's code. */
static void add_inline(GPtrArray *list, const char *p)
{
	while ((p = strchr(p, '`'))) {
		size_t ticks = strspn(p, "`");
		g_autofree char *fence = g_strndup(p, ticks);
		const char *from = p + ticks;
		const char *end = strstr(from, fence);
		if (!end)
			return;
		size_t len = (size_t)(end - from);
		if (ticks < 3 && len <= SPAN_MOST && !memchr(from, '\n', len)) {
			add(list, from, len);
			add_from(list, from, end, true);
		}
		p = end + strspn(end, "`");
	}
}

GPtrArray *identifiers_inline(const char *markdown)
{
	GPtrArray *list = g_ptr_array_new_with_free_func(g_free);
	add_inline(list, markdown);
	return list;
}

GPtrArray *identifiers_of(const struct entry *entry)
{
	GPtrArray *list = g_ptr_array_new_with_free_func(g_free);
	const char *const texts[] = { entry->brief, entry->answer, entry->body,
				      entry->example };
	for (size_t i = 0; i < G_N_ELEMENTS(texts); i++)
		if (texts[i])
			add_inline(list, texts[i]);
	for (size_t i = 0; i < entry->code_len; i++)
		if (entry->code[i].text)
			add_block(list, entry->code[i].text);
	return list;
}
