/*
 * Answers: a term, an option, a passage and an answer, a line each, as somebody
 * might write them in a note and in a chat.
 */

#include <stdint.h>
#include <string.h>

#include "bot/quiz/passage.h"
#include "bot/quiz/question.h"
#include "kb/library.h"
#include "kb/words.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct library *nothing(void)
{
	static struct library *library;
	static const char *const folders[] = { NULL };
	const struct library_options options = { .folders = folders };
	if (!library)
		library = library_open(&options, NULL);
	g_assert_nonnull(library);
	return library;
}

static void grade(const struct quiz_question *q, const char *answer)
{
	g_auto(verdict) verdict = { 0 };
	g_autoptr(GError) error = NULL;
	g_assert_true(question_grade(q, answer, library_index(nothing()),
				     &verdict, &error));
	g_assert_cmpint(verdict.g, >=, 0);
	g_assert_cmpint(verdict.g, <=, 1000);
	g_assert_nonnull(strchr("apwx", verdict.verdict));
	g_assert_true(!strchr("wx", verdict.verdict) || verdict.g == 0);
}

static void hide(const char *text, char **terms)
{
	unsigned count;
	g_autofree char *hidden = passage_hide(text, terms, &count);
	g_assert_true(g_utf8_validate(hidden, -1, NULL));
	/* What is not hidden stays as it is. */
	if (!count)
		g_assert_cmpstr(hidden, ==, text);
	else
		g_assert_nonnull(strstr(hidden, PASSAGE_GAP));
	g_autoptr(GPtrArray) sentences = passage_sentences(text);
	for (guint i = 0; i < sentences->len; i++)
		g_assert_null(strchr(sentences->pdata[i], '\n'));
	g_autofree char *line = passage_line(text);
	g_assert_true(!line || !strchr(line, '\n'));
	g_autofree char *plain = passage_plain(text);
	g_assert_true(g_utf8_validate(plain, -1, NULL));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	g_autofree char *text =
		g_utf8_make_valid((const char *)data, (gssize)size);
	g_auto(GStrv) lines = g_strsplit(text, "\n", 4);
	guint len = g_strv_length(lines);
	char *term = len > 0 ? lines[0] : "", *other = len > 1 ? lines[1] : "",
	     *passage = len > 2 ? lines[2] : "",
	     *answer = len > 3 ? lines[3] : "";
	char *terms[] = { term, other, NULL },
	     *three[] = { term, other, passage, NULL };
	char *second[] = { "2", NULL }, *none[] = { NULL };
	const struct quiz_question choice = { .type = "choice",
					      .options = three,
					      .expected = second };
	const struct quiz_question cloze = { .type = "cloze",
					     .expected = terms,
					     .answer = "**x**" };
	const struct quiz_question code = { .type = "cloze",
					    .expected = terms,
					    .answer = "`x`" };
	const struct quiz_question open = { .type = "open",
					    .wordings = terms,
					    .wrong = none,
					    .answer = passage };
	grade(&choice, answer);
	grade(&cloze, answer);
	grade(&code, answer);
	grade(&open, answer);
	hide(passage, terms);
	hide(text, terms);
	question_type(term);
	return 0;
}
