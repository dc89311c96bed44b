#include "tests/kb/parsed.h"

static void assert_qa(const char *text, const char *questions,
		      const char *answer)
{
	g_autoptr(note) note = parsed(text);
	g_assert_cmpstr(note->dialect, ==, "labels");
	g_assert_cmpuint(note->entries->len, ==, 1);
	assert_strv(entry_at(note, 0)->questions, questions);
	g_assert_cmpstr(entry_at(note, 0)->answer, ==, answer);
}

static void forms(void)
{
	assert_qa("## T\n\n**Вопрос:** q\n\n**Ответ:** a", "q", "a");
	assert_qa("## T\n\n**Вопрос**: q\n\n**Ответ**: a", "q", "a");
	assert_qa("## T\n\n__Вопрос:__ q\n\n__Ответ__: a", "q", "a");
	assert_qa("## T\n\n*Вопрос:* q\n\n_Ответ:_ a", "q", "a");
	assert_qa("## T\n\n***Вопрос:*** q\n\n**Ответ :** a", "q", "a");
	assert_qa("## T\n\n**Вопрос：** q\n\n**Ответ**： a", "q", "a");
	assert_qa("## T\n\n**Вопрос** — q\n\n**Ответ** - a", "q", "a");
	assert_qa("## T\n\n**Вопрос —** q\n\n**Ответ –** a", "q", "a");
	assert_qa("## T\n\nВопрос: q\n\nОтвет: a", "q", "a");
	assert_qa("## T\n\nQ: q\nA: a", "q", "a");
	assert_qa("## T\n\n**Q:** q\n\n**A:** a", "q", "a");
	assert_qa("## T\n\n**ТИПОВОЙ\u00a0вопрос:** q\n\n**оТвЕт:** a", "q",
		  "a");
	assert_qa("## T\n\n**Вопрос 1:** q\n\n**Ответ 1:** a", "q", "a");
	assert_qa("## T\n\n\u200b**Вопрос:**\u2028q\n\n**Ответ:** a", "q", "a");
}

static void values(void)
{
	assert_qa("## T\n**Вопрос:** q\n**Ответ:**\na", "q", "a");
	assert_qa("## T\n**Вопрос:**  \nq\n\n**Ответ:**\n\n\na", "q", "a");
	assert_qa("## T\n**Вопрос:**\\\nq\n**Ответ:**<br>\na", "q", "a");
	assert_qa("## T\n**Вопрос:**\nq\n**Ответ:**\n- a\n- b\n", "q",
		  "- a\n- b");
	assert_qa("## T\n**Вопрос:** q\n**Ответ:**\n\n- a\n\n  b\n\n---\n", "q",
		  "- a\n\n  b");
	/* Rules stay inside a text, and go at its ends. */
	assert_qa("## T\n**Вопрос:** q\n**Ответ:** a\n\n---\n\nb\n\n***\n", "q",
		  "a\n\n---\n\nb");
	/* Labels without an empty line before them. */
	assert_qa("## T\n**Вопрос:** q\nq2\n**Ответ:** a\nb", "q\nq2", "a\nb");
	assert_qa("## T\n**Вопрос:**\n- q\n- q2\n**Ответ:** a", "q|q2", "a");
	assert_qa("## T\n**Вопрос:** q\n**Ответ:**\n| a | b |\n|---|---|\n"
		  "| 1 | 2 |\n",
		  "q", "| a | b |\n|---|---|\n| 1 | 2 |");
	assert_qa("## T\n**Вопрос:** q\n**Ответ:** a\n\n| a | b |\n|---|---|\n"
		  "| \\| | 2 |\n**Пример:** x",
		  "q", "a\n\n| a | b |\n|---|---|\n| \\| | 2 |");
	/* Indented code keeps its indent. */
	assert_qa("## T\n**Вопрос:** q\n**Ответ:**\n\n    a\n    b\n", "q",
		  "    a\n    b");
}

static void vocabulary(void)
{
	g_autoptr(note) note = parsed(
		"## T\n\n**TL;DR:** b\n\n**Вопросы:** q\n\n**Ответы:** a\n\n"
		"**Пример:** e\n\n**Подсказка:** h\n\n"
		"**Ключевые слова:** k, l; m\n\n**Синонимы:** s, t\n\n"
		"**Дистракторы:**\n- x, y\n- z\n\nещё\n");
	const struct entry *entry = entry_at(note, 0);
	g_assert_cmpstr(entry->brief, ==, "b");
	g_assert_cmpstr(entry->example, ==, "e");
	g_assert_cmpstr(entry->hint, ==, "h");
	assert_strv(entry->keywords, "k|l|m");
	assert_strv(entry->aliases, "s|t");
	assert_strv(entry->wrong, "x, y|z");
	g_assert_cmpstr(entry->body, ==, "ещё"); /* lists take one block */
	g_assert_cmpuint(note->remarks->len, ==, 0);

	static const char *const briefs[] = { "Кратко",	 "Коротко", "Суть",
					      "Вкратце", "Short",   "Brief",
					      "Summary" };
	for (size_t i = 0; i < G_N_ELEMENTS(briefs); i++) {
		g_autofree char *text = g_strdup_printf(
			"## T\n\n**%s:** b\n\n**Q:** q\n\n**A:** a", briefs[i]);
		g_autoptr(note) other = parsed(text);
		g_assert_cmpstr(entry_at(other, 0)->brief, ==, "b");
	}
}

static void what_is_no_label(void)
{
	assert_qa("## T\n**Q:** q\n\n**A:** a\n\n**Важно:** b", "q",
		  "a\n\n**Важно:** b");
	assert_qa("## T\n**Q:** q\n\n**A:** a\n\n- **Ответ:** b", "q",
		  "a\n\n- **Ответ:** b");
	assert_qa("## T\n**Q:** q\n\n**A:** a\n\n```\n**Ответ:** b\n```", "q",
		  "a\n\n```\n**Ответ:** b\n```");
	assert_qa("## T\n**Q:** q\n\n**A:** a\n\n> **Ответ:** b", "q",
		  "a\n\n> **Ответ:** b");
	assert_qa("## T\n**Q:** q\n\n**A:** a **Ответ:** b", "q",
		  "a **Ответ:** b");
	/* Plain labels count only where all are plain. */
	assert_qa("## T\n**Q:** q\n\n**A:** a\n\nПример: b", "q",
		  "a\n\nПример: b");
	/* A short text or an example alone makes no dialect. */
	g_autoptr(note) note = parsed("## T\n\n**Кратко:** a\n\n**Пример:** b");
	g_assert_cmpstr(note->dialect, ==, "reference");
	g_autoptr(note) middle = parsed("## T\n\ntext\nA: b\n");
	g_assert_cmpstr(middle->dialect, ==, "reference");
}

static void wordings(void)
{
	assert_qa("## T\n**Вопрос:** q\n\n**Вопрос:** r\n\n**Ответ:** a", "q|r",
		  "a");
	assert_qa("## T\n**Типовые вопросы:**\n\n1. q\n2. r\n   s\n\n"
		  "**Ответ:** a",
		  "q|r\ns", "a");
	/* A question with options is one. */
	assert_qa("## T\n**Вопрос:** q\n- x\n- y\n\n**Ответ:** a",
		  "q\n- x\n- y", "a");
}

static void pairs_are_entries(void)
{
	g_autoptr(note) note = parsed(
		"## T\n\nbody\n\n**Кратко:** b\n\n```\nc0\n```\n\n"
		"**Вопрос:** q1\n\n**Ответ:** a1\n\n```\nc1\n```\n\n"
		"**Вопрос:** q2\n\n**Ответ:** a2 [l](u)\n\n```\nc2\n```\n\n"
		"**Кратко:** b3\n\n**Вопрос:** q3\n\n**Ответ:** a3\n");
	g_assert_cmpuint(note->entries->len, ==, 3);
	const struct entry *first = entry_at(note, 0);
	const struct entry *second = entry_at(note, 1);
	const struct entry *third = entry_at(note, 2);
	assert_strv(first->questions, "q1");
	assert_strv(second->questions, "q2");
	assert_strv(third->questions, "q3");
	g_assert_cmpstr(second->title, ==, "T");
	g_assert_cmpint(second->line, ==, 1);
	g_assert_cmpstr(first->brief, ==, "b");
	g_assert_cmpstr(second->brief, ==, "b");
	g_assert_cmpstr(third->brief, ==, "b3");
	g_assert_cmpstr(first->body, ==, "body\n\n```\nc0\n```");
	g_assert_null(second->body);
	g_assert_cmpuint(first->code_len, ==, 2);
	g_assert_cmpuint(second->code_len, ==, 1);
	g_assert_cmpstr(second->code[0].text, ==, "c2\n");
	assert_strv(first->links, "");
	assert_strv(second->links, "u");
}

static void repeated_label_appends(void)
{
	g_autoptr(note) note =
		parsed("## T\n**Q:** q\n\n**A:** a\n\n**Answer:** b\n");
	g_assert_cmpuint(note->entries->len, ==, 1);
	g_assert_cmpstr(entry_at(note, 0)->answer, ==, "a\n\nb");
	g_assert_true(remarked(note, REMARK_WARNING, 6, "stands twice"));
}

static void brief_holds_no_code(void)
{
	g_autoptr(note) note = parsed("## T\n**Brief:** b\n\nmore\n\n- x\n\n  "
				      "```\n  c\n  ```\n- y\n\n"
				      "end\n\n**Q:** q\n\n**A:** a");
	g_assert_cmpstr(entry_at(note, 0)->brief, ==, "b\n\nmore");
	g_assert_cmpstr(entry_at(note, 0)->body, ==,
			"- x\n\n  ```\n  c\n  ```\n- y\n\nend");
	g_assert_cmpstr(entry_at(note, 0)->code[0].text, ==, "c\n");
	g_autoptr(note) only =
		parsed("## T\n**Brief:**\n```\nc\n```\n**Q:** q");
	g_assert_null(entry_at(only, 0)->brief);
	g_assert_cmpstr(entry_at(only, 0)->body, ==, "```\nc\n```");
}

static void odd_sections_are_remarked(void)
{
	g_autoptr(note) note = parsed(
		"## A\n\n**Q:** q\n\n## B\n\n**A:** a\n\n## C\n\ntext\n\n"
		"## D\n\n**Q:** q\n\n**A:**\n");
	g_assert_cmpuint(note->entries->len, ==, 4);
	g_assert_true(remarked(note, REMARK_INFO, 1, "without an answer"));
	g_assert_true(remarked(note, REMARK_INFO, 5, "without a question"));
	g_assert_true(remarked(note, REMARK_INFO, 9, "no question and no"));
	g_assert_true(remarked(note, REMARK_WARNING, 17, "no text"));
	g_assert_cmpstr(entry_at(note, 2)->body, ==, "text");
}

static void labels_without_headings(void)
{
	g_autoptr(note) note = parsed("**Q:** q\n\n**A:** a\n");
	g_assert_cmpstr(entry_at(note, 0)->title, ==, "note");
	assert_strv(entry_at(note, 0)->questions, "q");
	g_autoptr(note) topic =
		parsed("# Topic\n\n## T\n\n**Q:** q\n\n**A:** a");
	g_assert_cmpuint(topic->entries->len, ==, 1);
	g_assert_cmpstr(topic->title, ==, "Topic");
}

static void forgotten_empty_line_before_a_rule(void)
{
	g_autoptr(note) note =
		parsed("## T\n\n**Q:** q\n\n**A:**\na\n---\n\n## U\n\n"
		       "**Q:** r\n\n**A:** b\n---\n");
	g_assert_cmpuint(note->entries->len, ==, 2);
	g_assert_cmpstr(entry_at(note, 0)->answer, ==, "a");
	g_assert_cmpstr(entry_at(note, 1)->answer, ==, "b");
	g_assert_true(remarked(note, REMARK_WARNING, 7, "---"));
	g_assert_true(remarked(note, REMARK_WARNING, 14, "---"));
}

static void labels_without_blank_lines_between(void)
{
	g_autoptr(note) note =
		parsed("## A\n**Кратко:** b\n**Вопрос:** q?\n**Ответ:** a\n");
	g_assert_cmpstr(note->dialect, ==, "labels");
	g_assert_cmpstr(entry_at(note, 0)->brief, ==, "b");
	g_assert_cmpstr(entry_at(note, 0)->questions[0], ==, "q?");
	g_assert_cmpstr(entry_at(note, 0)->answer, ==, "a");
	/* In the middle of a text that began as one, it is no label. */
	g_autoptr(note) text =
		parsed("## A\ntext\n**Вопрос:** q?\n\n```\n**Ответ:** a\n```\n");
	g_assert_cmpstr(text->dialect, ==, "reference");
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
#define TEST(name) g_test_add_func("/labels/" #name, name)
	TEST(forms);
	TEST(values);
	TEST(vocabulary);
	TEST(what_is_no_label);
	TEST(wordings);
	TEST(pairs_are_entries);
	TEST(repeated_label_appends);
	TEST(brief_holds_no_code);
	TEST(odd_sections_are_remarked);
	TEST(labels_without_headings);
	TEST(forgotten_empty_line_before_a_rule);
	g_test_add_func("/labels/without blank lines between",
			labels_without_blank_lines_between);
	return g_test_run();
}
