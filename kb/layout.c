/* The other keyboard layout, and the other script by sound, of words.h. */

#include <stdbool.h>
#include <string.h>

#include "kb/words.h"

/* The same keys in both layouts, unshifted, then shifted. */
static const char *const latin_keys[] = {
	"`qwertyuiop[]asdfghjkl;'zxcvbnm,./",
	"~QWERTYUIOP{}ASDFGHJKL:\"ZXCVBNM<>?"
};
static const char *const cyrillic_keys[] = {
	"ёйцукенгшщзхъфывапролджэячсмитьбю.",
	"ЁЙЦУКЕНГШЩЗХЪФЫВАПРОЛДЖЭЯЧСМИТЬБЮ,"
};

static char *valid_utf8(const char *text)
{
	return g_utf8_make_valid(text, -1);
}

static void append_cyrillic_key(GString *to, char key)
{
	for (size_t shift = 0; shift < 2; shift++) {
		const char *at = strchr(latin_keys[shift], key);
		if (!at)
			continue;
		const char *p = g_utf8_offset_to_pointer(
			cyrillic_keys[shift], at - latin_keys[shift]);
		g_string_append_unichar(to, g_utf8_get_char(p));
		return;
	}
	g_string_append_c(to, key);
}

char *words_to_cyrillic_layout(const char *text)
{
	g_autofree char *valid = valid_utf8(text);
	GString *to = g_string_sized_new(strlen(valid) * 2);
	for (const char *p = valid; *p; p = g_utf8_next_char(p)) {
		if ((unsigned char)*p < 0x80)
			append_cyrillic_key(to, *p);
		else
			g_string_append_unichar(to, g_utf8_get_char(p));
	}
	return g_string_free(to, FALSE);
}

char *words_to_latin_layout(const char *text)
{
	g_autofree char *valid = valid_utf8(text);
	GString *to = g_string_sized_new(strlen(valid));
	for (const char *p = valid; *p; p = g_utf8_next_char(p)) {
		gunichar c = g_utf8_get_char(p);
		const char *at = NULL;
		size_t shift = 0;
		for (; shift < 2 && !at; shift++)
			at = g_utf8_strchr(cyrillic_keys[shift], -1, c);
		if (at)
			g_string_append_c(
				to,
				latin_keys[shift - 1][g_utf8_pointer_to_offset(
					cyrillic_keys[shift - 1], at)]);
		else if (c == 0x2116) /* № is Shift+3, as # is */
			g_string_append_c(to, '#');
		else
			g_string_append_unichar(to, c);
	}
	return g_string_free(to, FALSE);
}

struct sound {
	const char *from;
	const char *to;
};

/*
 * Latin -> Cyrillic, as Russians write without a Cyrillic keyboard; the
 * longest match wins, so longer spellings come first.
 */
static const struct sound to_cyrillic[] = {
	{ "shch", "щ" }, { "sch", "щ" }, { "zh", "ж" },	 { "kh", "х" },
	{ "ts", "ц" },	 { "ch", "ч" },	 { "sh", "ш" },	 { "yu", "ю" },
	{ "ju", "ю" },	 { "ya", "я" },	 { "ja", "я" },	 { "yo", "ё" },
	{ "jo", "ё" },	 { "ye", "е" },	 { "je", "е" },	 { "ph", "ф" },
	{ "ck", "к" },	 { "qu", "кв" }, { "iy", "ий" }, { "a", "а" },
	{ "b", "б" },	 { "c", "ц" },	 { "d", "д" },	 { "e", "е" },
	{ "f", "ф" },	 { "g", "г" },	 { "h", "х" },	 { "i", "и" },
	{ "j", "й" },	 { "k", "к" },	 { "l", "л" },	 { "m", "м" },
	{ "n", "н" },	 { "o", "о" },	 { "p", "п" },	 { "q", "к" },
	{ "r", "р" },	 { "s", "с" },	 { "t", "т" },	 { "u", "у" },
	{ "v", "в" },	 { "w", "в" },	 { "x", "кс" },	 { "z", "з" },
	{ "''", "ъ" },	 { "\"", "ъ" },	 { "'", "ь" },
};

/* Cyrillic -> Latin; х is h and not kh, as in borrowed words (хук, хост). */
static const struct sound to_latin[] = {
	{ "а", "a" },  { "б", "b" },  { "в", "v" },    { "г", "g" },
	{ "д", "d" },  { "е", "e" },  { "ё", "yo" },   { "ж", "zh" },
	{ "з", "z" },  { "и", "i" },  { "й", "y" },    { "к", "k" },
	{ "л", "l" },  { "м", "m" },  { "н", "n" },    { "о", "o" },
	{ "п", "p" },  { "р", "r" },  { "с", "s" },    { "т", "t" },
	{ "у", "u" },  { "ф", "f" },  { "х", "h" },    { "ц", "ts" },
	{ "ч", "ch" }, { "ш", "sh" }, { "щ", "shch" }, { "ъ", "" },
	{ "ы", "y" },  { "ь", "" },   { "э", "e" },    { "ю", "yu" },
	{ "я", "ya" }, { "і", "i" },  { "ї", "yi" },   { "є", "ye" },
	{ "ґ", "g" },
};

static const struct sound *sound_at(const struct sound *sounds, size_t len,
				    const char *at)
{
	for (size_t i = 0; i < len; i++)
		if (g_str_has_prefix(at, sounds[i].from))
			return &sounds[i];
	return NULL;
}

/* y is й after a vowel and at a word's start, else ы. */
static const char *sound_of_y(gunichar before)
{
	if (!g_unichar_isalpha(before) ||
	    g_utf8_strchr("аеёиоуэюя", -1, before))
		return "й";
	return "ы";
}

static void spell(GString *to, const struct sound *sounds, size_t len,
		  const char *lower)
{
	bool cyrillic = sounds == to_cyrillic;
	gunichar before = 0;
	for (const char *p = lower; *p;) {
		const struct sound *sound = sound_at(sounds, len, p);
		size_t taken = sound ? strlen(sound->from)
				     : (size_t)(g_utf8_next_char(p) - p);
		const char *as = sound ? sound->to : NULL;
		if (cyrillic && !as && *p == 'y')
			as = sound_of_y(before);
		/* element is элемент */
		if (cyrillic && *p == 'e' && !g_unichar_isalpha(before))
			as = "э";
		if (as)
			g_string_append(to, as);
		else
			g_string_append_len(to, p, (gssize)taken);
		p += taken;
		before = to->len ? g_utf8_get_char(
					   g_utf8_prev_char(to->str + to->len))
				 : 0;
	}
}

/* Lower case throughout: what is spelled by sound has no case worth keeping. */
static char *by_sound(const char *text, const struct sound *sounds, size_t len)
{
	g_autofree char *valid = valid_utf8(text);
	g_autofree char *lower = g_utf8_strdown(valid, -1);
	GString *to = g_string_sized_new(strlen(lower) * 2);
	spell(to, sounds, len, lower);
	return g_string_free(to, FALSE);
}

char *words_to_cyrillic(const char *text)
{
	return by_sound(text, to_cyrillic, G_N_ELEMENTS(to_cyrillic));
}

char *words_to_latin(const char *text)
{
	return by_sound(text, to_latin, G_N_ELEMENTS(to_latin));
}
