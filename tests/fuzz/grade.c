/*
 * Any bytes as notes and as an answer to them: four texts, a form feed
 * between, are the note's answer, its brief, its question, what was typed.
 */

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "bot/quiz/grade.h"
#include "bot/quiz/short.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static void must(bool holds)
{
	if (!holds)
		abort();
}

static void check_words(char **words)
{
	for (char **word = words; *word; word++)
		must(g_utf8_validate(*word, -1, NULL));
}

static void grade_once(const struct grade_reference *reference,
		       const char *typed, struct grade *grade)
{
	must(grade_open(reference, typed, grade, NULL));
	must(grade->score >= 0 && grade->score <= 1);
	must(grade->earned >= 0 && grade->earned <= grade->score);
	must(grade->verdict != GRADE_WRONG || grade->score == 0);
	must(grade->verdict != GRADE_ACCEPT || grade->earned == grade->score);
	must(grade->verdict != GRADE_ACCEPT ||
	     !(grade->flags & ~(unsigned)GRADE_LANGUAGE));
	must(grade->flags >> GRADE_FLAGS == 0);
	check_words(grade->matched);
	check_words(grade->missing);
	check_words(grade->extra);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	g_autofree char *text = g_strndup((const char *)data, len);
	g_auto(GStrv) parts = g_strsplit(text, "\f", 4);
	size_t count = g_strv_length(parts);
	const char *typed = count ? parts[count - 1] : "";
	char *const questions[] = { count > 3 ? parts[2] : NULL, NULL };
	const struct grade_reference reference = {
		.answer = count > 1 ? parts[0] : NULL,
		.brief = count > 2 ? parts[1] : NULL,
		.questions = questions,
		.wrong = len % 2 ? questions : NULL,
	};
	g_auto(grade) grade = { 0 }, again = { 0 };
	grade_once(&reference, typed, &grade);
	grade_once(&reference, typed, &again);
	must(grade.verdict == again.verdict && grade.flags == again.flags);
	const struct short_key key = {
		.term = count ? parts[0] : "",
		.aliases = questions,
		.exact = len % 3 == 0,
	};
	must(short_match(&key, typed) <= SHORT_RIGHT);
	return 0;
}
