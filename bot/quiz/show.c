#include "bot/quiz/show.h"

#include <assert.h>
#include <string.h>

#include "bot/base/clock.h"
#include "bot/quiz/grade.h"
#include "bot/quiz/question.h"
#include "kb/render.h"
#include "kb/words.h"

enum { PEOPLE_MOST = 30 };

static const int64_t hour = 60 * (int64_t)CLOCK_MINUTE;

char *show_span(const struct language *l, int64_t ms)
{
	if (ms >= 48 * hour && ms % (24 * hour) == 0)
		return say(l, SAY_SPAN_DAYS, ARG(ms / (24 * hour)));
	if (ms >= hour && ms % hour == 0)
		return say(l, SAY_SPAN_HOURS, ARG(ms / hour));
	if (ms >= CLOCK_MINUTE && ms % CLOCK_MINUTE == 0)
		return say(l, SAY_SPAN_MINUTES, ARG(ms / CLOCK_MINUTE));
	return say(l, SAY_SPAN_SECONDS, ARG((ms + 999) / CLOCK_SECOND));
}

/* Titles of questions in one's own words may be shown; other types ask for
 * what the entry is called. */
static bool shows_title(const struct quiz_question *q)
{
	if (!g_str_equal(q->type, "open"))
		return false;
	g_autofree char *title = words_squash(q->title);
	g_autofree char *prompt = words_squash(q->prompt);
	return !g_str_equal(title, prompt);
}

/* "❓ 2/5 · **python · GIL** — Почему …" */
static void put_head(GString *text, const struct show *show)
{
	const struct quiz_question *q = show->question;
	const char *slash = strrchr(q->topic, '/');
	g_autofree char *topic = render_escape(slash ? slash + 1 : q->topic);
	bool title = shows_title(q);
	g_string_append(text, "❓ ");
	if (g_str_equal(show->run->kind, QUIZ_DAILY)) {
		/* People see it who have asked nothing. */
		g_autofree char *day = say(show->language, SAY_DAILY_HEAD);
		g_string_append_printf(text, "%s · ", day);
	}
	if (show->run->asked > 1)
		g_string_append_printf(text, "%d/%d · ", q->n,
				       show->run->asked);
	if (*topic || title)
		g_string_append_printf(text, "**%s%s%s** — ", topic,
				       *topic && title ? " · " : "",
				       title ? q->title : "");
	g_string_append(text, q->prompt);
}

static void put_options(GString *text, const struct quiz_question *q)
{
	for (int i = 0; q->options[i]; i++)
		g_string_append_printf(text, "%s%d. %s", i ? "\n" : "\n\n",
				       i + 1, q->options[i]);
}

char *show_question(const struct show *show)
{
	const struct quiz_question *q = show->question;
	const struct question_type *type = question_type(q->type);
	GString *text = g_string_new(NULL);
	put_head(text, show);
	put_options(text, q);
	g_autofree char *span = show_span(show->language, q->window);
	g_autofree char *how =
		type && type->typed ? say(show->language, SAY_QUIZ_HOW,
					  ARG(span), ARG(show->prefix))
				    : say(show->language, SAY_QUIZ_HOW_CHOICE,
					  ARG(span), ARG(show->prefix));
	g_string_append_printf(text, "\n\n*%s*", how);
	return g_string_free(text, FALSE);
}

/* ---- results ---- */

/* The answer that counts: the one that earns most, the first of equals. */
static const struct quiz_answer *best_of(GPtrArray *answers, int64_t person,
					 bool *edited)
{
	const struct quiz_answer *best = NULL;
	*edited = false;
	for (guint i = 0; i < answers->len; i++) {
		const struct quiz_answer *a = answers->pdata[i];
		if (a->person != person || a->attempt == 0)
			continue;
		*edited |= a->edited;
		if (!best || (a->g >> (a->attempt - 1)) >
				     (best->g >> (best->attempt - 1)))
			best = a;
	}
	return best;
}

static struct show_paid paid_to(GArray *paid, int64_t person)
{
	for (guint i = 0; i < paid->len; i++) {
		const struct show_paid *p =
			&g_array_index(paid, struct show_paid, i);
		if (p->person == person)
			return *p;
	}
	return (struct show_paid){ .person = person };
}

/* A row of the result before it is put in order. */
struct row {
	const struct quiz_answer *answer;
	int64_t points;
	enum points_rule rule;
	bool edited;
};

static int by_points(const void *a, const void *b)
{
	const struct row *x = a, *y = b;
	if (x->points != y->points)
		return x->points < y->points ? 1 : -1;
	if (x->answer->at != y->answer->at)
		return x->answer->at < y->answer->at ? -1 : 1;
	return x->answer->person < y->answer->person ? -1 : 1;
}

static GArray *rows_of(GPtrArray *answers, GArray *paid)
{
	GArray *rows = g_array_new(false, false, sizeof(struct row));
	int64_t last = 0;
	for (guint i = 0; i < answers->len; i++) {
		const struct quiz_answer *a = answers->pdata[i];
		if (a->person == last || a->attempt == 0)
			continue;
		last = a->person;
		struct show_paid earned = paid_to(paid, a->person);
		struct row row = { .points = earned.points,
				   .rule = earned.rule };
		row.answer = best_of(answers, a->person, &row.edited);
		/* A reset before has left nothing to take back. */
		if (row.answer->redacted)
			row.points = 0;
		g_array_append_val(rows, row);
	}
	g_array_sort(rows, by_points);
	return rows;
}

static void put_words(GString *reasons, char *const *words, const char *mark)
{
	for (; *words; words++) {
		g_autofree char *word = render_escape(*words);
		g_string_append_printf(reasons, "%s%s %s",
				       reasons->len ? ", " : "", word, mark);
	}
}

void show_flags(GString *text, const struct language *l, unsigned flags)
{
	static const struct {
		enum grade_flag flag;
		enum sentence sentence;
	} rows[] = {
		{ GRADE_CONTRADICTION, SAY_RESULT_CONTRADICTION },
		{ GRADE_STUFFING, SAY_RESULT_STUFFING },
		{ GRADE_PARROT, SAY_RESULT_PARROT },
		{ GRADE_LANGUAGE, SAY_RESULT_LANGUAGE },
		{ GRADE_MISTAKE, SAY_RESULT_MISTAKE },
	};
	static_assert(G_N_ELEMENTS(rows) == GRADE_FLAGS, "a row a flag");
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		if (!(flags & rows[i].flag))
			continue;
		g_autofree char *words =
			say_args(l, rows[i].sentence, SAY_ARGS());
		g_string_append_printf(text, " · %s", words);
	}
}

/* Why a right answer has earned nothing. */
static void put_rule(GString *text, const struct language *l,
		     enum points_rule rule)
{
	static const enum sentence sentences[POINTS_RULES] = {
		[POINTS_LIMIT] = SAY_RESULT_LIMIT,
		[POINTS_AUTHOR] = SAY_RESULT_AUTHOR,
	};
	if (rule != POINTS_LIMIT && rule != POINTS_AUTHOR)
		return;
	g_autofree char *words = say_args(l, sentences[rule], SAY_ARGS());
	g_string_append_printf(text, " · %s", words);
}

/* "поток ✓, один ✓, bytecode ✗"; "" where there is nothing to say. */
static void put_reasons(GString *text, const struct show *show,
			const struct row *row)
{
	const struct quiz_answer *a = row->answer;
	const struct language *l = show->language;
	g_autoptr(GString) reasons = g_string_new(NULL);
	if (a->redacted) {
		g_autofree char *gone = say(l, SAY_RESULT_REDACTED);
		g_string_append(reasons, gone);
	} else {
		put_words(reasons, a->matched, "✓");
		put_words(reasons, a->missing, "✗");
		if (!*a->matched && !*a->missing && *a->said)
			g_string_append(reasons, a->said);
	}
	if (reasons->len)
		g_string_append_printf(text, " — %s", reasons->str);
	if (!a->redacted)
		show_flags(text, l, a->flags);
	if (a->hints && !a->redacted) {
		g_autofree char *hints =
			say(l, SAY_RESULT_HINTS, ARG(a->hints));
		g_string_append_printf(text, " · %s", hints);
	}
	if (a->attempt > 1) {
		g_autofree char *attempt =
			say(l, SAY_RESULT_ATTEMPT, ARG(a->attempt));
		g_string_append_printf(text, " · %s", attempt);
	}
	if (row->edited) {
		g_autofree char *edited = say(l, SAY_RESULT_EDITED);
		g_string_append_printf(text, " · %s", edited);
	}
	if (a->g > 0 && !a->redacted)
		put_rule(text, l, row->rule);
}

static const char *icon_of(const struct quiz_answer *a)
{
	if (a->redacted)
		return "🗑";
	return a->verdict == 'a' ? "✅" : a->verdict == 'p' ? "🟡" : "❌";
}

static void put_people(GString *text, const struct show *show,
		       GPtrArray *answers, GArray *paid)
{
	g_autoptr(GArray) rows = rows_of(answers, paid);
	if (rows->len == 0) {
		g_autofree char *nobody =
			say(show->language, SAY_RESULT_NOBODY);
		g_string_append_printf(text, "\n\n%s", nobody);
	}
	for (guint i = 0; i < rows->len && i < PEOPLE_MOST; i++) {
		const struct row *row = &g_array_index(rows, struct row, i);
		g_autofree char *name = render_escape(row->answer->name);
		g_string_append_printf(text, "%s%s **%s** %s%d",
				       i ? "\n" : "\n\n", icon_of(row->answer),
				       name, row->points > 0 ? "+" : "",
				       (int)row->points);
		put_reasons(text, show, row);
	}
	if (rows->len > PEOPLE_MOST) {
		g_autofree char *more = say(show->language, SAY_AND_MORE,
					    ARG(rows->len - PEOPLE_MOST));
		g_string_append_printf(text, "\n%s", more);
	}
}

char *show_result(const struct show *show, GPtrArray *answers, GArray *paid,
		  const char *behind)
{
	const struct quiz_question *q = show->question;
	GString *text = g_string_new(NULL);
	size_t next;
	put_head(text, show);
	put_options(text, q);
	put_people(text, show, answers, paid);
	g_autofree char *answer =
		render_part(q->answer, 0, show->budget, &next);
	g_autofree char *label = say(show->language, SAY_RESULT_ANSWER,
				     ARG_MARKDOWN(answer ? answer : ""));
	g_string_append_printf(text, "\n\n%s", label);
	if (next)
		g_string_append(text, " …");
	if (behind)
		g_string_append_printf(text, "\n\n%s", behind);
	return g_string_free(text, FALSE);
}

char *show_run(const struct show *show, GArray *points)
{
	GString *text = g_string_new(NULL);
	g_autofree char *head = say(show->language, SAY_RESULT_RUN);
	g_string_append(text, head);
	guint place = 0; /* the same for equal points */
	for (guint i = 0; i < points->len && i < PEOPLE_MOST; i++) {
		const struct quiz_points *p =
			&g_array_index(points, struct quiz_points, i);
		if (i == 0 || p[-1].points != p->points)
			place = i + 1;
		g_autofree char *row =
			say(show->language, SAY_TOP_NAMED, ARG(place),
			    ARG(p->name), ARG(p->points));
		g_string_append_printf(text, "\n%s", row);
	}
	return g_string_free(text, FALSE);
}
