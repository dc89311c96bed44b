/*
 * cloze: a sentence of the note with one term left out. Terms are what the
 * note itself marks (`code`, bold, ==x==) and what the entry is called.
 */

#include <string.h>

#include "bot/quiz/passage.h"
#include "bot/quiz/question.h"
#include "bot/quiz/short.h"
#include "kb/render.h"
#include "kb/words.h"

enum { ATTEMPTS = 3, SENTENCE_LEAST = 30, SENTENCE_MOST = 320 };

static int64_t window(const struct config *config)
{
	return config->quiz_cloze;
}

/* A sentence and what can be left out of it. */
struct gap {
	char *prompt;
	char *term;   /* plain */
	bool code;    /* every letter counts */
	bool heading; /* the entry is called so: its aliases are right too */
};

static void gap_free(void *data)
{
	struct gap *gap = data;
	g_free(gap->prompt);
	g_free(gap->term);
	g_free(gap);
}

/* True if the term can still be read in the prompt. */
static bool shows(const char *prompt, const char *term)
{
	g_autofree char *plain = passage_plain(prompt);
	g_autofree char *text = words_squash(plain);
	g_autofree char *wanted = words_squash(term);
	return !*wanted || strstr(text, wanted) != NULL;
}

static void add_gap(GPtrArray *gaps, const char *sentence, const char *term,
		    char *const *hidden, bool code, bool heading)
{
	unsigned count;
	glong len = g_utf8_strlen(sentence, -1);
	if (!passage_is_term(term) || len < SENTENCE_LEAST ||
	    len > SENTENCE_MOST || g_utf8_strlen(term, -1) < 2)
		return;
	g_autofree char *prompt = passage_hide(sentence, hidden, &count);
	if (!count || shows(prompt, term))
		return;
	struct gap *gap = g_new(struct gap, 1);
	*gap = (struct gap){ g_steal_pointer(&prompt), g_strdup(term), code,
			     heading };
	g_ptr_array_add(gaps, gap);
}

/* The text between two marks: `x`, **x**, ==x==; *rest moves behind them. */
static char *next_marked(const char **rest, bool *code)
{
	static const char *const marks[] = { "`", "**", "==" };
	for (const char *p = *rest; *p; p++)
		for (size_t i = 0; i < G_N_ELEMENTS(marks); i++) {
			size_t len = strlen(marks[i]);
			if (strncmp(p, marks[i], len) != 0)
				continue;
			const char *start = p + len;
			const char *end = strstr(start, marks[i]);
			if (!end || end == start)
				continue;
			*code = i == 0;
			*rest = end + len;
			return g_strndup(start, (gsize)(end - start));
		}
	return NULL;
}

static void add_marked(GPtrArray *gaps, const char *sentence)
{
	bool code;
	const char *rest = sentence;
	for (char *term = next_marked(&rest, &code); term;
	     term = next_marked(&rest, &code)) {
		char *hidden[] = { term, NULL };
		add_gap(gaps, sentence, term, hidden, code, false);
		g_free(term);
	}
}

static void add_heading(GPtrArray *gaps, const char *sentence, char **names)
{
	/* All that the entry is called goes, and is right. */
	if (*names)
		add_gap(gaps, sentence, names[0], names, false, true);
}

static GPtrArray *gaps_of(const struct entry *entry)
{
	GPtrArray *gaps = g_ptr_array_new_with_free_func(gap_free);
	const char *const texts[] = { entry->brief, entry->answer };
	g_auto(GStrv) names = passage_names(entry);
	for (size_t i = 0; i < G_N_ELEMENTS(texts); i++) {
		g_autoptr(GPtrArray) sentences = passage_sentences(texts[i]);
		for (guint k = 0; k < sentences->len; k++) {
			add_marked(gaps, sentences->pdata[k]);
			add_heading(gaps, sentences->pdata[k], names);
		}
	}
	return gaps;
}

/* "б•••", "бай•••": the first letter, the first half. */
static char *beginning(const char *term, glong letters)
{
	GString *hint = g_string_new(NULL);
	glong at = 0;
	for (const char *p = term; *p; p = g_utf8_next_char(p), at++) {
		gunichar c = g_utf8_get_char(p);
		bool shown = at < letters || !g_unichar_isalnum(c);
		g_string_append_unichar(hint, shown ? c : 0x2022);
	}
	return g_string_free(hint, FALSE);
}

static char **hints_of(const char *term)
{
	char **hints = g_new0(char *, 3);
	glong len = g_utf8_strlen(term, -1);
	for (int i = 0; i < 2; i++) {
		g_autofree char *shown =
			beginning(term, i == 0 ? 1 : (len + 1) / 2);
		hints[i] = render_escape(shown);
	}
	if (len < 4) /* half of it is nearly all */
		g_clear_pointer(&hints[1], g_free);
	return hints;
}

static bool make(const struct question_source *source, struct quiz_question *q,
		 bool *made, GError **error)
{
	(void)error;
	uint64_t seed = source->seed;
	g_autoptr(GPtrArray) gaps = gaps_of(source->entry);
	*made = gaps->len > 0;
	if (!*made)
		return true;
	const struct gap *gap = gaps->pdata[question_lot(&seed) % gaps->len];
	q->prompt = g_strdup(gap->prompt);
	q->expected =
		gap->heading ? passage_names(source->entry) : g_new0(char *, 2);
	if (!gap->heading)
		q->expected[0] = g_strdup(gap->term);
	g_autofree char *escaped = render_escape(gap->term);
	q->answer = g_strdup_printf(gap->code ? "`%s`" : "**%s**",
				    gap->code ? gap->term : escaped);
	q->hints = hints_of(gap->term);
	return true;
}

static bool take(const struct quiz_question *q, const char *text,
		 struct index *index, struct verdict *out, GError **error)
{
	(void)index;
	(void)error;
	if (!q->expected[0])
		return true;
	const struct short_key key = {
		.term = q->expected[0],
		.aliases = q->expected + 1,
		.exact = *q->answer == '`',
	};
	g_autofree char *typed = g_strstrip(g_strdup(text));
	enum short_verdict verdict = short_match(&key, typed);
	bool right = verdict == SHORT_RIGHT || verdict == SHORT_FORM;
	out->is_answer = *typed != '\0';
	out->close = verdict == SHORT_CLOSE;
	out->g = right ? 1000 : 0;
	out->verdict = right ? 'a' : 'x';
	return true;
}

const struct question_type question_cloze = {
	.name = "cloze",
	.other_name = "пропуск",
	.typed = true,
	.attempts = ATTEMPTS,
	.window = window,
	.make = make,
	.grade = take,
};
