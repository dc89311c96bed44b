#include "bot/quiz/short.h"

#include <string.h>
#include <glib.h>

#include "bot/quiz/typed.h"
#include "kb/names.h"
#include "kb/words.h"

enum {
	AROUND_MOST = 2, /* words around the term in a longer message */
	WORDS_MOST = 40, /* of an answer; a longer one is none */
};

static const double ALIKE = 0.88; /* letters of a word that must be right */

static enum short_verdict best(enum short_verdict a, enum short_verdict b)
{
	return MAX(a, b);
}

/* Without the marks of code and emphasis around it. Caller frees. */
static char *bare(const char *markdown)
{
	g_autofree char *valid = g_utf8_make_valid(markdown, -1);
	g_autofree char *plain = names_plain(valid);
	GString *to = g_string_new(NULL);
	for (const char *p = plain; *p; p++)
		if (*p != '`' && !(p[0] == '*' && p[1] == '*') &&
		    !(p > plain && p[-1] == '*' && p[0] == '*'))
			g_string_append_c(to, *p);
	return g_strstrip(g_string_free(to, FALSE));
}

/* cProfile, __exit__, 3.13, C++: no word of a language. */
static bool is_exact(const char *term)
{
	for (const char *p = term; *p; p = g_utf8_next_char(p)) {
		gunichar c = g_utf8_get_char(p);
		if (g_unichar_isdigit(c) ||
		    (c < 0x80 && strchr("_+#.()*", (int)c)))
			return true;
		if (p > term && g_unichar_isupper(c) &&
		    g_unichar_islower(g_utf8_get_char(g_utf8_prev_char(p))))
			return true;
	}
	return false;
}

/* The stems of all words as one run. Caller frees. */
static char *stems_of(const char *folded)
{
	GString *to = g_string_new(NULL);
	struct word word;
	for (const char *rest = folded; word_next(&rest, &word);) {
		word_stem(&word, to);
		g_string_append_c(to, ' ');
	}
	return g_string_free(to, FALSE);
}

/* By typing mistakes alone. */
static enum short_verdict compare_letters(const char *answer, const char *term)
{
	size_t own = (size_t)g_utf8_strlen(answer, -1);
	size_t letters = (size_t)g_utf8_strlen(term, -1);
	unsigned budget = words_typo_budget(letters);
	unsigned typos = words_distance(answer, term, budget + 1);
	if (typos > budget + 1 || typos >= letters)
		return SHORT_WRONG;
	bool alike = 1 - (double)typos / (double)MAX(own, letters) >= ALIKE;
	return typos <= budget && alike ? SHORT_RIGHT : SHORT_CLOSE;
}

/* байткод, bytecode */
static bool sounds_alike(const char *answer, const char *term)
{
	if (words_has_cyrillic(answer) == words_has_cyrillic(term))
		return false;
	g_autofree char *a = words_skeleton(answer);
	g_autofree char *b = words_skeleton(term);
	return *a && strcmp(a, b) == 0;
}

static size_t count_words(const char *folded)
{
	size_t count = 0;
	struct word word;
	for (const char *rest = folded; word_next(&rest, &word);)
		count++;
	return count;
}

struct strictness {
	bool exact;    /* an identifier or a number */
	bool by_sound; /* as it was typed: another reading is a sound itself */
};

/* Both folded. */
static enum short_verdict compare(const char *answer, const char *term,
				  struct strictness how)
{
	if (strcmp(answer, term) == 0)
		return SHORT_RIGHT;
	if (how.exact)
		return SHORT_WRONG;
	g_autofree char *own = words_squash_folded(answer);
	g_autofree char *letters = words_squash_folded(term);
	if (strcmp(own, letters) == 0)
		return SHORT_RIGHT;
	g_autofree char *own_stems = stems_of(answer);
	g_autofree char *stems = stems_of(term);
	if (*stems && strcmp(own_stems, stems) == 0)
		return SHORT_FORM;
	if (how.by_sound && sounds_alike(own, letters))
		return SHORT_FORM;
	/* "не декоратор" is no typing mistake. */
	return count_words(answer) == count_words(term)
		       ? compare_letters(own, letters)
		       : SHORT_WRONG;
}

static bool denies(char *const *words, size_t from, size_t to)
{
	static const char *const negations[] = { "не",	"нет", "ne",
						 "net", "not", "no" };
	for (size_t i = from; i < to; i++)
		for (size_t j = 0; j < G_N_ELEMENTS(negations); j++)
			if (strcmp(words[i], negations[j]) == 0)
				return true;
	return false;
}

static char *join(char *const *words, size_t from, size_t to)
{
	GString *text = g_string_new(NULL);
	for (size_t i = from; i < to; i++)
		g_string_append_printf(text, "%s%s", i > from ? " " : "",
				       words[i]);
	return g_string_free(text, FALSE);
}

/* «думаю, это GIL»: the term among few other words. */
static enum short_verdict compare_inside(const char *answer, const char *term,
					 struct strictness how)
{
	g_auto(GStrv) words = g_strsplit(answer, " ", WORDS_MOST + 1);
	g_auto(GStrv) of_term = g_strsplit(term, " ", -1);
	size_t len = g_strv_length(words), wide = g_strv_length(of_term);
	enum short_verdict verdict = SHORT_WRONG;
	if (len > WORDS_MOST || len <= wide || len - wide > AROUND_MOST)
		return SHORT_WRONG;
	for (size_t i = 0; i + wide <= len; i++) {
		if (denies(words, 0, i) || denies(words, i + wide, len))
			continue;
		g_autofree char *part = join(words, i, i + wide);
		/* The comma of "думаю, GIL." is no part of it. */
		size_t end = strlen(part);
		while (end > 0 && strchr(".,;:!?", part[end - 1]))
			part[--end] = '\0';
		verdict = best(verdict, compare(part, term, how));
	}
	return verdict;
}

static enum short_verdict match_term(const char *answer, const char *term,
				     bool by_sound)
{
	g_autofree char *text = bare(term);
	g_autofree char *folded = words_fold(text);
	struct strictness how = { is_exact(text), by_sound };
	if (!*folded)
		return SHORT_WRONG;
	return best(compare(answer, folded, how),
		    compare_inside(answer, folded, how));
}

/* "GIL (Global Interpreter Lock)": itself, and what stands before and in the
 * bracket. */
static enum short_verdict match_name(const char *answer, const char *name,
				     bool by_sound)
{
	enum short_verdict verdict = match_term(answer, name, by_sound);
	const char *open = strchr(name, '(');
	const char *close = open ? strchr(open, ')') : NULL;
	/* "print()" is one name, "print (built-in)" two. */
	if (!close || open == name || open[-1] != ' ' || close == open + 1)
		return verdict;
	g_autofree char *head = g_strndup(name, (size_t)(open - name));
	g_autofree char *inner =
		g_strndup(open + 1, (size_t)(close - open - 1));
	return best(verdict, best(match_term(answer, head, by_sound),
				  match_term(answer, inner, by_sound)));
}

/* ---- code ---- */

/* Hyphens and spaces as the keyboard has them; of spaces one. */
static char **words_as_typed(const char *text)
{
	GString *to = g_string_new(NULL);
	for (const char *p = text; *p; p = g_utf8_next_char(p)) {
		gunichar c = g_utf8_get_char(p);
		if (c >= 0x2010 && c <= 0x2012)
			g_string_append_c(to, '-');
		else if (!g_unichar_isspace(c))
			g_string_append_unichar(to, c);
		else if (to->len && to->str[to->len - 1] != ' ')
			g_string_append_c(to, ' ');
	}
	g_autofree char *words = g_strchomp(g_string_free(to, FALSE));
	return g_strsplit(words, " ", WORDS_MOST + 1);
}

/* Behind a mark that people put around code: quotes, emphasis, an end. */
static const char *behind_mark(const char *p)
{
	static const char *const marks[] = {
		"`", "\"", "'", "**", "||", ".", ",", ";", ":", "!",
		"?", "«",  "»", "“",  "”",  "„", "‘", "’", "…",
	};
	for (size_t i = 0; i < G_N_ELEMENTS(marks); i++)
		if (g_str_has_prefix(p, marks[i]))
			return p + strlen(marks[i]);
	return p;
}

static bool is_marks(const char *p)
{
	while (behind_mark(p) != p)
		p = behind_mark(p);
	return !*p;
}

/* «DELETE». is DELETE; .pyc is not pyc. */
static bool is_code(const char *part, const char *code)
{
	size_t len = strlen(code);
	for (const char *p = part;; p = behind_mark(p)) {
		if (strncmp(p, code, len) == 0 && is_marks(p + len))
			return true;
		if (*p == '.' || behind_mark(p) == p)
			return false;
	}
}

/* Every character of the code counts, what stands around it does not. */
static enum short_verdict compare_code(const char *typed, const char *term)
{
	g_autofree char *lower = g_utf8_strdown(typed, -1);
	g_auto(GStrv) words = words_as_typed(typed);
	g_auto(GStrv) lowered = words_as_typed(lower);
	g_auto(GStrv) of_term = words_as_typed(term);
	g_autofree char *code = g_strjoinv(" ", of_term);
	size_t len = g_strv_length(words), wide = g_strv_length(of_term);
	if (!*code || len < wide || len - wide > AROUND_MOST)
		return SHORT_WRONG;
	for (size_t i = 0; i + wide <= len; i++) {
		g_autofree char *part = join(words, i, i + wide);
		if (is_code(part, code) && !denies(lowered, 0, i) &&
		    !denies(lowered, i + wide, len))
			return SHORT_RIGHT;
	}
	return SHORT_WRONG;
}

static enum short_verdict match_reading(const struct short_key *key,
					const char *text, bool by_sound)
{
	g_autofree char *plain = bare(text);
	g_autofree char *answer = words_fold(plain);
	if (!*answer)
		return SHORT_WRONG;
	enum short_verdict verdict = match_name(answer, key->term, by_sound);
	for (size_t i = 0; key->aliases && key->aliases[i]; i++)
		verdict = best(verdict,
			       match_name(answer, key->aliases[i], by_sound));
	return verdict;
}

enum short_verdict short_match(const struct short_key *key, const char *answer)
{
	static char *(*const readings[])(const char *) = {
		words_to_cyrillic_layout,
		words_to_latin_layout,
		words_to_cyrillic,
		words_to_latin,
	};
	g_autofree char *typed = typed_answer(answer);
	if (key->exact)
		return compare_code(typed, key->term);
	enum short_verdict verdict = match_reading(key, typed, true);
	for (size_t i = 0; i < G_N_ELEMENTS(readings) && verdict < SHORT_RIGHT;
	     i++) {
		g_autofree char *read = readings[i](typed);
		enum short_verdict other = match_reading(key, read, false);
		/* A guess at another reading is not nearly right as well. */
		if (other >= SHORT_FORM)
			verdict = best(verdict, other);
	}
	return verdict;
}
