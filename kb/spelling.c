/* Typing distance and the consonant skeleton of words.h. */

#include <string.h>

#include "kb/words.h"

/* Words are compared up to here; a longer one is over any sensible limit. */
enum { LETTERS_MOST = 64 };

unsigned words_typo_budget(size_t characters)
{
	return characters < 5 ? 0 : characters < 9 ? 1 : 2;
}

/* The letters of text; LETTERS_MOST + 1 where there are more. */
static size_t letters(const char *text, gunichar into[LETTERS_MOST])
{
	size_t len = 0;
	for (; *text; text = g_utf8_next_char(text)) {
		if (len == LETTERS_MOST)
			return LETTERS_MOST + 1;
		into[len++] = g_utf8_get_char(text);
	}
	return len;
}

static unsigned least(unsigned a, unsigned b)
{
	return a < b ? a : b;
}

struct rows {
	unsigned at[3][LETTERS_MOST + 1]; /* two back, one back, now */
};

/*
 * One row of the optimal string alignment table; the least number in it. An
 * edit that touches the first letter costs 2.
 */
static unsigned next_row(struct rows *rows, const gunichar *a, size_t i,
			 const gunichar *b, size_t b_len)
{
	unsigned *back = rows->at[(i + 1) % 3];
	unsigned *above = rows->at[(i + 2) % 3];
	unsigned *row = rows->at[i % 3];
	row[0] = (unsigned)i + 1;
	unsigned best = row[0];
	for (size_t j = 1; j <= b_len; j++) {
		unsigned change = i == 1 || j == 1 ? 2 : 1;
		unsigned cost = a[i - 1] == b[j - 1] ? 0 : change;
		row[j] = least(above[j - 1] + cost,
			       least(above[j] + (i == 1 ? 2 : 1),
				     row[j - 1] + (j == 1 ? 2 : 1)));
		if (i > 1 && j > 1 && a[i - 1] == b[j - 2] &&
		    a[i - 2] == b[j - 1] && a[i - 1] != a[i - 2])
			row[j] =
				least(row[j],
				      back[j - 2] + (i == 2 && j == 2 ? 2 : 1));
		best = least(best, row[j]);
	}
	return best;
}

unsigned words_distance(const char *a, const char *b, unsigned most)
{
	gunichar from[LETTERS_MOST], to[LETTERS_MOST];
	size_t from_len = letters(a, from), to_len = letters(b, to);
	if (from_len > LETTERS_MOST || to_len > LETTERS_MOST)
		return strcmp(a, b) == 0 ? 0 : most + 1;
	size_t gap = from_len > to_len ? from_len - to_len : to_len - from_len;
	if (gap > most)
		return most + 1;
	struct rows rows;
	rows.at[0][0] = 0;
	for (size_t j = 1; j <= to_len; j++)
		rows.at[0][j] = (unsigned)j + 1;
	for (size_t i = 1; i <= from_len; i++)
		if (next_row(&rows, from, i, to, to_len) > most)
			return most + 1;
	unsigned distance = rows.at[from_len % 3][to_len];
	return distance > most ? most + 1 : distance;
}

struct sound {
	const char *spelled;
	const char *before; /* only before one of these; NULL: anywhere */
	char sound;
};

/* What sounds alike in both scripts; the first row that fits wins. */
static const struct sound sounds[] = {
	{ "дж", NULL, 'j' }, { "ж", NULL, 'j' },  { "zh", NULL, 'j' },
	{ "dj", NULL, 'j' }, { "j", NULL, 'j' },  { "g", "eiy", 'j' },
	{ "щ", NULL, 'S' },  { "ш", NULL, 'S' },  { "sh", NULL, 'S' },
	{ "ч", NULL, 'C' },  { "ch", NULL, 'C' }, { "ck", NULL, 'k' },
	{ "ph", NULL, 'f' }, { "б", NULL, 'b' },  { "b", NULL, 'b' },
	{ "в", NULL, 'v' },  { "v", NULL, 'v' },  { "w", NULL, 'v' },
	{ "г", NULL, 'g' },  { "g", NULL, 'g' },  { "д", NULL, 'd' },
	{ "d", NULL, 'd' },  { "з", NULL, 'z' },  { "z", NULL, 'z' },
	{ "кс", NULL, 'x' }, { "x", NULL, 'x' },  { "c", "eiy", 's' },
	{ "к", NULL, 'k' },  { "c", NULL, 'k' },  { "k", NULL, 'k' },
	{ "q", NULL, 'k' },  { "л", NULL, 'l' },  { "l", NULL, 'l' },
	{ "м", NULL, 'm' },  { "m", NULL, 'm' },  { "н", NULL, 'n' },
	{ "n", NULL, 'n' },  { "п", NULL, 'p' },  { "p", NULL, 'p' },
	{ "р", NULL, 'r' },  { "r", NULL, 'r' },  { "с", NULL, 's' },
	{ "ц", NULL, 's' },  { "s", NULL, 's' },  { "т", NULL, 't' },
	{ "t", NULL, 't' },  { "ф", NULL, 'f' },  { "f", NULL, 'f' },
	{ "х", NULL, 'h' },  { "h", NULL, 'h' },
};

static const struct sound *sound_at(const char *p)
{
	for (size_t i = 0; i < G_N_ELEMENTS(sounds); i++) {
		if (!g_str_has_prefix(p, sounds[i].spelled))
			continue;
		char after = p[strlen(sounds[i].spelled)];
		if (!sounds[i].before ||
		    (after && strchr(sounds[i].before, after)))
			return &sounds[i];
	}
	return NULL;
}

char *words_skeleton(const char *word)
{
	GString *to = g_string_new(NULL);
	char last = '\0';
	for (const char *p = word; *p;) {
		const struct sound *sound = sound_at(p);
		if (sound && sound->sound != last) /* doubles fold */
			g_string_append_c(to, sound->sound);
		last = sound ? sound->sound : '\0';
		p = sound ? p + strlen(sound->spelled) : g_utf8_next_char(p);
	}
	if (to->len < 3)
		g_string_truncate(to, 0);
	return g_string_free(to, FALSE);
}
