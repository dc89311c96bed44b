#include "kb/script.h"

#include <stdbool.h>
#include <string.h>

/* Pairs, Cyrillic first. */
static const gunichar look_alikes[][2] = {
	{ 0x0410, 'A' }, { 0x0412, 'B' }, { 0x0415, 'E' }, { 0x041a, 'K' },
	{ 0x041c, 'M' }, { 0x041d, 'H' }, { 0x041e, 'O' }, { 0x0420, 'P' },
	{ 0x0421, 'C' }, { 0x0422, 'T' }, { 0x0423, 'Y' }, { 0x0425, 'X' },
	{ 0x0405, 'S' }, { 0x0406, 'I' }, { 0x0408, 'J' }, { 0x0430, 'a' },
	{ 0x0435, 'e' }, { 0x043e, 'o' }, { 0x0440, 'p' }, { 0x0441, 'c' },
	{ 0x0443, 'y' }, { 0x0445, 'x' }, { 0x0455, 's' }, { 0x0456, 'i' },
	{ 0x0458, 'j' },
};

/* The letter of that script that looks like c; 0: there is none. */
static gunichar twin(gunichar c, enum script script)
{
	int to = script == SCRIPT_LATIN;
	for (size_t i = 0; i < G_N_ELEMENTS(look_alikes); i++)
		if (look_alikes[i][!to] == c)
			return look_alikes[i][to];
	return 0;
}

static bool can_be(const gunichar *word, size_t len, enum script script)
{
	for (size_t i = 0; i < len; i++) {
		enum script own = script_of(word[i]);
		if (own != SCRIPT_OTHER && own != script &&
		    !twin(word[i], script))
			return false;
	}
	return true;
}

static void bring_to(gunichar *word, size_t len, enum script script)
{
	for (size_t i = 0; i < len; i++) {
		enum script own = script_of(word[i]);
		if (own != SCRIPT_OTHER && own != script)
			word[i] = twin(word[i], script);
	}
}

static void repair_word(gunichar *word, size_t len, gunichar after)
{
	size_t count[3] = { 0 };
	for (size_t i = 0; i < len; i++)
		count[script_of(word[i])]++;
	if (len == 1 && (after == '+' || after == '#') &&
	    (word[0] == 0x0421 || word[0] == 0x0441)) {
		word[0] = word[0] == 0x0421 ? 'C' : 'c';
		return;
	}
	if (!count[SCRIPT_LATIN] || !count[SCRIPT_CYRILLIC])
		return;
	enum script most = count[SCRIPT_CYRILLIC] > count[SCRIPT_LATIN]
				   ? SCRIPT_CYRILLIC
				   : SCRIPT_LATIN;
	enum script other =
		most == SCRIPT_LATIN ? SCRIPT_CYRILLIC : SCRIPT_LATIN;
	if (can_be(word, len, most))
		bring_to(word, len, most);
	else if (count[most] == count[other] && can_be(word, len, other))
		bring_to(word, len, other);
}

static bool in_word(gunichar c)
{
	return c < 0x80 ? g_ascii_isalnum((char)c) || c == '_'
			: g_unichar_isalnum(c) || g_unichar_ismark(c);
}

void script_repair(gunichar *text, size_t len)
{
	bool cyrillic = false;
	for (size_t i = 0; i < len && !cyrillic; i++)
		cyrillic = script_of(text[i]) == SCRIPT_CYRILLIC;
	if (!cyrillic)
		return;
	for (size_t i = 0; i < len; i++) {
		size_t from = i;
		while (i < len && in_word(text[i]))
			i++;
		if (i > from)
			repair_word(text + from, i - from, text[i]);
	}
}

gunichar script_latin_look(gunichar c)
{
	gunichar latin =
		script_of(c) == SCRIPT_CYRILLIC ? twin(c, SCRIPT_LATIN) : 0;
	return latin ? latin : c;
}
