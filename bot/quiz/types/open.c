/* open: the note's own question, answered in one's own words. */

#include <math.h>

#include "bot/quiz/grade.h"
#include "bot/quiz/passage.h"
#include "bot/quiz/question.h"

enum { SHOWN_MOST = 4 }; /* words in a reason */

static int64_t window(const struct config *config)
{
	return config->quiz_open;
}

/* Helps that the note gives by itself, each more telling than the last. */
static char **hints_of(const struct entry *entry)
{
	g_autoptr(GStrvBuilder) hints = g_strv_builder_new();
	if (entry->hint) {
		g_autofree char *line = passage_plain(entry->hint);
		g_strv_builder_add(hints, line);
	}
	if (*entry->keywords) {
		g_autofree char *line = g_strjoinv(", ", entry->keywords);
		g_strv_builder_add(hints, line);
	}
	if (entry->answer && entry->brief) {
		g_autofree char *line = passage_plain(entry->brief);
		g_strv_builder_add(hints, line);
	}
	return g_strv_builder_end(hints);
}

static bool make(const struct question_source *source, struct quiz_question *q,
		 bool *made, GError **error)
{
	(void)error;
	const struct entry *entry = source->entry;
	guint wordings = g_strv_length(entry->questions);
	const char *answer = entry->answer ? entry->answer : entry->brief;
	*made = wordings > 0 && answer && *answer;
	if (!*made)
		return true;
	q->prompt = g_strdup(entry->questions[source->seed % wordings]);
	q->answer = g_strdup(answer);
	if (!entry->answer)
		g_clear_pointer(&q->brief, g_free);
	q->hints = hints_of(entry);
	return true;
}

/* The first words of a list. */
static char **first_words(char *const *all)
{
	g_autoptr(GStrvBuilder) words = g_strv_builder_new();
	for (int i = 0; i < SHOWN_MOST && all && all[i]; i++)
		g_strv_builder_add(words, all[i]);
	return g_strv_builder_end(words);
}

static bool take(const struct quiz_question *q, const char *text,
		 struct index *index, struct verdict *out, GError **error)
{
	static const char verdicts[] = {
		[GRADE_ACCEPT] = 'a',
		[GRADE_PEERS] = 'p',
		[GRADE_WRONG] = 'w',
	};
	const struct entry entry = {
		.answer = q->answer,
		.brief = q->brief,
		.questions = q->wordings,
		.wrong = q->wrong,
	};
	struct grade_reference reference = grade_reference_of(&entry, index);
	g_auto(grade) grade = { 0 };
	if (!grade_open(&reference, text, &grade, error))
		return false;
	out->is_answer = true;
	out->g = (int)lround(CLAMP(grade.earned, 0, 1) * 1000);
	out->verdict = verdicts[grade.verdict];
	out->flags = grade.flags;
	out->matched = first_words(grade.matched);
	out->missing = first_words(grade.missing);
	return true;
}

const struct question_type question_open = {
	.name = "open",
	.other_name = "открытый",
	.typed = true,
	.attempts = 1,
	.window = window,
	.make = make,
	.grade = take,
};
