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
	char *term; /* plain */
	bool code;  /* every letter counts */
	char **expected;
};

static void gap_free(void *data)
{
	struct gap *gap = data;
	g_free(gap->prompt);
	g_free(gap->term);
	g_strfreev(gap->expected);
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

static bool is_joint(const char *p)
{
	return *p && strchr("._-/:@#$\\", *p);
}

/* ▁▁▁.contextmanager, .▁▁▁: what is left out is part of a longer name. */
static bool is_inside_name(const char *prompt)
{
	const char *gap = strstr(prompt, PASSAGE_GAP);
	for (; gap; gap = strstr(gap, PASSAGE_GAP)) {
		const char *before = g_utf8_find_prev_char(prompt, gap);
		if (before && is_joint(before))
			return true;
		gap += strlen(PASSAGE_GAP);
		if (is_joint(gap) &&
		    g_unichar_isalnum(g_utf8_get_char(gap + 1)))
			return true;
	}
	return false;
}

/* A form of the word may be another name there: except for exceptions. */
static bool is_in_code(const char *prompt)
{
	const char *gap = strstr(prompt, PASSAGE_GAP);
	bool code = false;
	for (const char *p = prompt; gap; p++) {
		if (p == gap && code)
			return true;
		if (p == gap)
			gap = strstr(gap + 1, PASSAGE_GAP);
		code ^= *p == '`';
	}
	return false;
}

static bool is_there(const GPtrArray *gaps, const char *prompt)
{
	for (guint i = 0; i < gaps->len; i++)
		if (g_str_equal(((struct gap *)gaps->pdata[i])->prompt, prompt))
			return true;
	return false;
}

/* The terms are names of one thing, all left out, each as good as another. */
static struct gap *add_gap(GPtrArray *gaps, const char *sentence,
			   char *const *terms, bool code)
{
	unsigned count;
	glong len = g_utf8_strlen(sentence, -1);
	if (!terms[0] || !passage_is_term(terms[0]) || len < SENTENCE_LEAST ||
	    len > SENTENCE_MOST || g_utf8_strlen(terms[0], -1) < 2)
		return NULL;
	g_autofree char *prompt = passage_hide(sentence, terms, &count);
	if (!count || shows(prompt, terms[0]) || is_inside_name(prompt) ||
	    (!code && is_in_code(prompt)) || is_there(gaps, prompt))
		return NULL;
	struct gap *gap = g_new(struct gap, 1);
	*gap = (struct gap){ g_steal_pointer(&prompt), g_strdup(terms[0]), code,
			     g_strdupv((char **)terms) };
	g_ptr_array_add(gaps, gap);
	return gap;
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
		add_gap(gaps, sentence, hidden, code);
		g_free(term);
	}
}

/* Where the title is left out, the aliases that cannot be read are right. */
static void expect_aliases(struct gap *gap, char *const *aliases)
{
	g_autoptr(GStrvBuilder) right = g_strv_builder_new();
	g_strv_builder_addv(right, (const char **)gap->expected);
	for (; *aliases; aliases++)
		if (!shows(gap->prompt, *aliases))
			g_strv_builder_add(right, *aliases);
	g_strfreev(gap->expected);
	gap->expected = g_strv_builder_end(right);
}

/* What the entry is called. An alias may be a word of its own that stands for
 * something else (dis, of the bytecode): no other fits its place. */
static void add_names(GPtrArray *gaps, const char *sentence,
		      const struct entry *entry)
{
	g_auto(GStrv) titles = passage_titles(entry);
	g_auto(GStrv) names = passage_names(entry);
	char *const *aliases = names + g_strv_length(titles);
	struct gap *gap = add_gap(gaps, sentence, titles, false);
	if (gap)
		expect_aliases(gap, aliases);
	for (char *const *alias = aliases; *alias; alias++) {
		char *hidden[] = { *alias, NULL };
		add_gap(gaps, sentence, hidden, false);
	}
}

static GPtrArray *gaps_of(const struct entry *entry)
{
	GPtrArray *gaps = g_ptr_array_new_with_free_func(gap_free);
	const char *const texts[] = { entry->brief, entry->answer };
	for (size_t i = 0; i < G_N_ELEMENTS(texts); i++) {
		g_autoptr(GPtrArray) sentences = passage_sentences(texts[i]);
		for (guint k = 0; k < sentences->len; k++) {
			add_marked(gaps, sentences->pdata[k]);
			add_names(gaps, sentences->pdata[k], entry);
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
	q->expected = g_strdupv(gap->expected);
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
