#include "kb/words.h"

#include <string.h>

#include "kb/script.h"

static const gunichar SOFT_HYPHEN = 0x00ad;
static const gunichar STRESS = 0x0301;

static bool is_invisible(gunichar c)
{
	if (c < SOFT_HYPHEN)
		return false;
	return g_unichar_type(c) == G_UNICODE_FORMAT ||
	       (c >= 0xfe00 && c <= 0xfe0f); /* variation selectors */
}

static bool is_dash(gunichar c)
{
	return c == 0x2212 || g_unichar_type(c) == G_UNICODE_DASH_PUNCTUATION;
}

static bool is_typographic_quote(gunichar c)
{
	GUnicodeType type = g_unichar_type(c);
	return type == G_UNICODE_INITIAL_PUNCTUATION ||
	       type == G_UNICODE_FINAL_PUNCTUATION || c == 0x201a ||
	       c == 0x201e;
}

static bool is_blank(gunichar c)
{
	return c < 0x80 ? c <= ' ' || c == 0x7f
			: g_unichar_isspace(c) || g_unichar_iscntrl(c);
}

static bool is_alnum(gunichar c)
{
	return c < 0x80 ? g_ascii_isalnum((char)c) : g_unichar_isalnum(c);
}

/* Whether a stress mark belongs to no letter: й and ї were composed by NFC. */
static bool is_stress(gunichar before, gunichar c)
{
	return c == STRESS && script_of(before) == SCRIPT_CYRILLIC;
}

/*
 * The text's characters after NFC without the invisible ones, closed by a 0.
 * They go first: и, a ZERO WIDTH SPACE and a breve are still й.
 */
static gunichar *characters(const char *text, size_t *len)
{
	g_autofree char *valid = NULL;
	if (!g_utf8_validate(text, -1, NULL))
		text = valid = g_utf8_make_valid(text, -1);
	glong all;
	gunichar *from = g_utf8_to_ucs4_fast(text, -1, &all);
	bool composed = true;
	size_t kept = 0;
	for (glong i = 0; i < all; i++) {
		if (is_invisible(from[i]))
			continue;
		/* Up to here, and in Cyrillic, every letter is whole. */
		composed =
			composed && (from[i] < 0x300 ||
				     (from[i] >= 0x400 && from[i] < 0x483) ||
				     (from[i] >= 0x2010 && from[i] < 0x2070));
		from[kept++] = from[i];
	}
	from[kept] = 0;
	*len = kept;
	if (composed)
		return from;
	g_autofree gunichar *loose = from;
	g_autofree char *utf8 =
		g_ucs4_to_utf8(loose, (glong)kept, NULL, NULL, NULL);
	g_autofree char *nfc =
		g_utf8_normalize(utf8 ? utf8 : "", -1, G_NORMALIZE_NFC);
	gunichar *whole = g_utf8_to_ucs4_fast(nfc ? nfc : "", -1, &all);
	*len = (size_t)all;
	return whole;
}

/* Whether a '-' between these separates words; in "->" it does not. */
static bool hyphen_separates(gunichar before, gunichar after)
{
	if (is_alnum(before) || is_alnum(after))
		return true;
	return (before == 0 || is_blank(before)) &&
	       (after == 0 || is_blank(after));
}

enum fate { KEEP, DROP, SPACE };

static enum fate fate_of(gunichar before, gunichar c, gunichar after)
{
	if (is_blank(c))
		return SPACE;
	if (c == '-')
		return hyphen_separates(before, after) ? SPACE : KEEP;
	if (c == '\'')
		return g_unichar_isalpha(before) && g_unichar_isalpha(after)
			       ? DROP
			       : KEEP;
	if (c < 0x80)
		return KEEP;
	if (is_dash(c))
		return SPACE;
	if (is_typographic_quote(c) || is_stress(before, c))
		return DROP;
	return KEEP;
}

static gunichar lower(gunichar c)
{
	if (c < 0x80)
		return (gunichar)g_ascii_tolower((char)c);
	c = g_unichar_tolower(c);
	return c == 0x0451 ? 0x0435 : c; /* ё, е */
}

char *words_fold(const char *text)
{
	size_t len;
	g_autofree gunichar *from = characters(text, &len);
	script_repair(from, len);
	GString *to = g_string_sized_new(len * 2 + 1);
	bool space = false;
	for (size_t i = 0; i < len; i++) {
		enum fate fate =
			fate_of(i ? from[i - 1] : 0, from[i], from[i + 1]);
		if (fate == SPACE)
			space = true;
		if (fate != KEEP)
			continue;
		if (space && to->len)
			g_string_append_c(to, ' ');
		space = false;
		if (from[i] < 0x80)
			g_string_append_c(to, g_ascii_tolower((char)from[i]));
		else
			g_string_append_unichar(to, lower(from[i]));
	}
	return g_string_free(to, FALSE);
}

/*
 * The bytes of "++" or "#" after a letter that are part of its name: those of
 * C++, C#, C++17, not that of a+b or PEP#8.
 */
static size_t name_tail(const char *at)
{
	size_t len = strspn(at, "+#");
	if (len >= 2 && at[0] == '+' && at[1] == '+')
		return len;
	return is_alnum(g_utf8_get_char(at + len)) ? 0 : len;
}

static bool is_in_word(gunichar c)
{
	return c < 0x80 ? g_ascii_isalnum((char)c)
			: g_unichar_isalnum(c) || g_unichar_ismark(c);
}

char *words_squash_folded(const char *folded)
{
	GString *to = g_string_sized_new(strlen(folded));
	gunichar before = 0;
	for (const char *p = folded; *p;) {
		gunichar c = g_utf8_get_char(p);
		size_t len = (size_t)(g_utf8_next_char(p) - p);
		bool keep = is_in_word(c);
		if ((c == '+' || c == '#') && g_unichar_isalpha(before)) {
			size_t tail = name_tail(p);
			keep = tail > 0;
			len = tail ? tail : len;
		}
		if (keep)
			g_string_append_len(to, p, (gssize)len);
		p += len;
		before = c;
	}
	if (to->len)
		return g_string_free(to, FALSE);
	g_string_free(to, TRUE);
	char *whole = g_strdup(folded);
	char *end = whole;
	for (const char *p = folded; *p; p++)
		if (*p != ' ')
			*end++ = *p;
	*end = '\0';
	return whole;
}

char *words_squash(const char *text)
{
	g_autofree char *folded = words_fold(text);
	return words_squash_folded(folded);
}

/* Where the word that starts at p ends. */
static const char *word_end(const char *p)
{
	enum script script = SCRIPT_OTHER;
	gunichar before = 0;
	for (;;) {
		gunichar c = g_utf8_get_char(p);
		if (c == '.' && g_unichar_isdigit(before) &&
		    g_unichar_isdigit(g_utf8_get_char(p + 1))) {
			p++; /* 3.13 */
			continue;
		}
		if ((c == '+' || c == '#') && g_unichar_isalpha(before)) {
			size_t tail = name_tail(p);
			if (!tail)
				return p;
			p += tail;
			before = 0;
			continue;
		}
		if (!is_in_word(c))
			return p;
		/* A Russian ending at a Latin name: gil'ом. */
		enum script own = script_of(c);
		if (own != SCRIPT_OTHER) {
			if (script != SCRIPT_OTHER && own != script)
				return p;
			script = own;
		}
		before = c;
		p = g_utf8_next_char(p);
	}
}

bool word_next(const char **rest, struct word *word)
{
	const char *p = *rest;
	while (*p && !is_alnum(g_utf8_get_char(p)))
		p = g_utf8_next_char(p);
	word->text = p;
	*rest = *p ? word_end(p) : p;
	word->len = (size_t)(*rest - p);
	return word->len > 0;
}

char **words_split(const char *folded)
{
	GPtrArray *words = g_ptr_array_new();
	struct word word;
	for (const char *rest = folded; word_next(&rest, &word);)
		g_ptr_array_add(words, g_strndup(word.text, word.len));
	g_ptr_array_add(words, NULL);
	return (char **)g_ptr_array_free(words, FALSE);
}

char *words_by_look(const char *text)
{
	g_autofree char *valid = g_utf8_make_valid(text, -1);
	GString *out = g_string_new(NULL);
	for (const char *p = valid; *p; p = g_utf8_next_char(p))
		g_string_append_unichar(out,
					script_latin_look(g_utf8_get_char(p)));
	return g_string_free(out, FALSE);
}

static bool has_script(const char *text, enum script script)
{
	for (const char *p = text; *p;) {
		gunichar c = g_utf8_get_char_validated(p, -1);
		if ((gint32)c < 0) { /* not UTF-8 */
			p++;
			continue;
		}
		if (script_of(c) == script)
			return true;
		p = g_utf8_next_char(p);
	}
	return false;
}

bool words_has_cyrillic(const char *text)
{
	return has_script(text, SCRIPT_CYRILLIC);
}

bool words_has_latin(const char *text)
{
	return has_script(text, SCRIPT_LATIN);
}
