/*
 * The heading is the question, the text under it the answer:
 *
 *	### 3. What is a closure?
 *	A function that …
 */
#include <string.h>

#include "kb/dialects/dialect.h"

enum { LEVEL = 3 }; /* deeper headings belong to the answer */

/* What a question, or a request to answer, begins with; lower case. */
static const char *const question_words[] = {
	"что",	    "кто",	 "как",	      "какой",	     "какая",
	"какое",    "какие",	 "каков",     "какова",	     "каково",
	"каковы",   "каким",	 "какими",    "каком",	     "какую",
	"какого",   "каких",	 "где",	      "когда",	     "куда",
	"откуда",   "почему",	 "зачем",     "чем",	     "чему",
	"чего",	    "сколько",	 "насколько", "который",     "которая",
	"для чего", "в чем",	 "из чего",   "можно ли",    "нужно ли",
	"есть ли",  "объясните", "объясни",   "расскажите",  "расскажи",
	"опишите",  "опиши",	 "назовите",  "перечислите", "сравните",
	"what",	    "what's",	 "who",	      "whose",	     "which",
	"when",	    "where",	 "why",	      "how",	     "explain",
	"describe", "define",	 "can you",   "tell",	     "compare",
};

/* How long "12. ", "12) " or "Q12: " at the start is; 0: no number. */
static size_t number_len(const char *title)
{
	const char *p = title;
	if (*p == 'Q')
		p++;
	size_t digits = strspn(p, "0123456789");
	if (digits == 0 || !strchr(".):", p[digits]) || !p[digits])
		return 0;
	p += digits + 1;
	size_t space = lines_space(p, strlen(p));
	return space > 0 || *p == '\0' ? p + space - title : 0;
}

static bool begins_with_word(const char *title)
{
	g_autofree char *start =
		g_utf8_substring(title, 0, MIN(g_utf8_strlen(title, -1), 32));
	g_autofree char *lower = g_utf8_strdown(start, -1);
	g_autofree char *composed =
		g_utf8_normalize(lower, -1, G_NORMALIZE_NFC);
	g_autoptr(GString) folded = g_string_new(composed);
	g_string_replace(folded, "ё", "е", 0);
	/* Markup in front of the first word is none of it. */
	const char *p = folded->str;
	while (*p && strchr("*_`\"'[(", *p))
		p++;
	for (size_t i = 0; i < G_N_ELEMENTS(question_words); i++) {
		size_t len = strlen(question_words[i]);
		if (strncmp(p, question_words[i], len) == 0 &&
		    !g_unichar_isalnum(g_utf8_get_char(p + len)))
			return true;
	}
	return false;
}

static bool is_question(const char *title)
{
	return strchr(title, '?') || strstr(title, "\xef\xbc\x9f") ||
	       number_len(title) > 0 || begins_with_word(title);
}

static bool speaks(const struct outline *outline)
{
	g_autoptr(GArray) sections = dialect_sections(outline, LEVEL);
	size_t all = 0, questions = 0;
	for (guint i = 0; i < sections->len; i++) {
		const struct dialect_section *section =
			&g_array_index(sections, struct dialect_section, i);
		if (section->intro)
			continue;
		all++;
		questions += is_question(section->section->title);
	}
	return questions > 0 && questions * 3 >= all;
}

static void read_note(const struct outline *outline, unsigned level,
		      struct note *note)
{
	g_autoptr(GArray) sections =
		dialect_sections(outline, level ? level : LEVEL);
	for (guint i = 0; i < sections->len; i++) {
		const struct dialect_section *section =
			&g_array_index(sections, struct dialect_section, i);
		struct entry *entry =
			dialect_entry(note, outline, section->section);
		struct slice whole = section->slice;
		char *text = slice_text(outline, whole);
		const char *question = entry->title + number_len(entry->title);
		if (section->intro) {
			entry->body = text;
		} else {
			entry->answer = text;
			g_strfreev(entry->questions);
			entry->questions = g_new0(char *, 2);
			entry->questions[0] =
				g_strdup(*question ? question : entry->title);
		}
		whole.from = section->section->line;
		slice_take(outline, whole, entry);
	}
}

const struct dialect dialect_headings = {
	.name = "headings",
	.speaks = speaks,
	.read = read_note,
};
