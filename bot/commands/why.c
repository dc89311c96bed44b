/* !why [who|#N]: the ledger's rows behind somebody's points, or a question's.
 */

#include "bot/commands/players.h"
#include "bot/quiz/points.h"
#include "bot/quiz/show.h"
#include "bot/store/ledger.h"

enum { SHOWN_MOST = 10 };

/* A factor as "0.84". Caller frees. */
static char *factor(int thousandths)
{
	return g_strdup_printf("%d.%0*d", thousandths / 1000,
			       thousandths % 10 ? 3 : 2,
			       thousandths % 10 ? thousandths % 1000
						: thousandths % 1000 / 10);
}

static void add(GString *text, char *part)
{
	g_string_append_printf(text, "%s%s", text->len ? " × " : "", part);
	g_free(part);
}

/* 100 × 0.84 for a right answer × 0.75 (1 hint). Caller frees. */
static char *formula(const struct language *l, const struct points *p)
{
	g_autoptr(GString) text = g_string_new(NULL);
	g_autofree char *g = factor(p->g);
	add(text, p->verdict == 'a'   ? say(l, SAY_WHY_ACCEPT, ARG(g))
		  : p->verdict == 'p' ? say(l, SAY_WHY_PEERS, ARG(g))
		  : p->verdict == 'x' ? say(l, SAY_WHY_NOT, ARG(g))
				      : say(l, SAY_WHY_WRONG, ARG(g)));
	if (p->hints) {
		g_autofree char *hints = factor(1000 - 250 * p->hints);
		add(text, say(l, SAY_WHY_HINTS, ARG(hints), ARG(p->hints)));
	}
	if (p->speed != 1000) {
		g_autofree char *speed = factor(p->speed);
		add(text, say(l, SAY_WHY_SPEED, ARG(speed)));
	}
	if (p->fresh != 1000) {
		g_autofree char *fresh = factor(p->fresh);
		add(text, say(l, SAY_WHY_FRESH, ARG(fresh)));
	}
	if (p->attempt > 1) {
		g_autofree char *attempt =
			factor(1000 / (1 << (p->attempt - 1)));
		add(text,
		    say(l, SAY_WHY_ATTEMPT, ARG(attempt), ARG(p->attempt)));
	}
	return say(l, SAY_WHY_FORMULA, ARG_MARKDOWN(text->str));
}

static char *explain(const struct language *l, const struct ledger_line *line)
{
	static const enum sentence rules[POINTS_RULES] = {
		[POINTS_LIMIT] = SAY_WHY_LIMIT,
		[POINTS_AUTHOR] = SAY_WHY_AUTHOR,
		[POINTS_REDACTED] = SAY_WHY_REDACTED,
	};
	struct points points;
	if (g_str_equal(line->kind, "reset"))
		return say(l, SAY_WHY_RESET);
	if (g_str_equal(line->kind, "undo"))
		return say(l, SAY_WHY_UNDO);
	if (!points_read(line->reason, &points))
		return g_strdup(line->reason);
	if (points.rule != POINTS_COUNT)
		return say_args(l, rules[points.rule], SAY_ARGS());
	return formula(l, &points);
}

static void say_line(struct command_call *call, const struct ledger_line *line)
{
	const struct language *l = call->language;
	g_autoptr(GString) what = g_string_new(NULL);
	if (line->question) {
		g_autofree char *question =
			say(l, SAY_WHY_QUESTION, ARG(line->question),
			    ARG_MARKDOWN(line->title));
		g_string_append_printf(what, "%s: ", question);
	}
	g_autofree char *why = explain(l, line);
	g_string_append(what, why);
	show_flags(what, l, line->flags);
	if (!line->counts) {
		g_autofree char *alone = say(l, SAY_WHY_ALONE);
		g_string_append_printf(what, "; %s", alone);
	}
	g_autofree char *name = players_bold(line->name);
	command_line(call, SAY_WHY_ROW, ARG(line->points), ARG_MARKDOWN(name),
		     ARG(line->local_date), ARG_MARKDOWN(what->str));
}

static bool why(struct command_call *call, GError **error)
{
	const char *text = call->text + (*call->text == '#');
	guint64 question = 0;
	int64_t person = 0;
	g_autofree char *name = NULL;
	if (!g_ascii_string_to_unsigned(text, 10, 1, G_MAXINT64, &question,
					NULL)) {
		if (!players_find(call, call->text, &person, &name, error))
			return false;
		if (!person)
			return true;
	}
	g_autoptr(GPtrArray) lines =
		ledger_lines(call->db, call->room, person, (int64_t)question,
			     SHOWN_MOST, error);
	if (!lines)
		return false;
	if (lines->len == 0)
		command_say(call, SAY_WHY_NONE);
	for (guint i = 0; i < lines->len; i++)
		say_line(call, lines->pdata[i]);
	if (lines->len > 0 && !question)
		command_say(call, SAY_WHY_HOW, ARG(call->prefix));
	return true;
}

const struct command command_why = {
	.name = "why",
	.usage = "[who|#N]",
	.summary = SAY_WHY_SUMMARY,
	.words_most = COMMAND_ANY_WORDS,
	.run = why,
};
