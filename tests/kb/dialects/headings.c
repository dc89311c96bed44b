#include "tests/kb/parsed.h"

static void a_list_of_questions(void)
{
	g_autofree char *bytes = NULL;
	g_autoptr(note) note =
		parsed_file("tests/corpus/notes/networks.md", &bytes);
	g_assert_cmpstr(note->dialect, ==, "headings");
	g_assert_cmpstr(note->title, ==, "Questions about networks");
	/* The contents and the topics "Transport", "Names" are no entries. */
	g_assert_cmpuint(note->entries->len, ==, 4);
	const struct entry *intro = entry_at(note, 0);
	assert_strv(intro->questions, "");
	g_assert_cmpstr(intro->body, ==, "Short answers for an interview.");
	const struct entry *tcp = entry_at(note, 1);
	g_assert_cmpstr(tcp->title, ==, "1. What is TCP?");
	assert_strv(tcp->questions, "What is TCP?");
	/* A heading below level 3 belongs to the answer. */
	g_assert_nonnull(strstr(tcp->answer, "\n\n#### Details\n\n"));
	const struct entry *dns = entry_at(note, 3);
	assert_strv(dns->links, "https://www.rfc-editor.org/rfc/rfc1034|"
				"Resolvers");
	g_assert_cmpstr(dns->code[0].text, ==, "dig example.org\n");
	g_assert_cmpuint(note->remarks->len, ==, 0);
}

static void questions_in_a_numbered_list(void)
{
	g_autoptr(note) note = parsed(
		"# Interview\n\n1. ### What is a heap?\n\n   A tree.\n\n"
		"   ```c\n   int x;\n   \ty;\n   ```\n\n"
		"2. ### What is a hash?\n\n    A number.\n\n    - a\n      b\n"
		"10. ### Why is it fast?\n\n    ```\n    z\n    ```\n");
	g_assert_cmpstr(note->dialect, ==, "headings");
	g_assert_cmpuint(note->entries->len, ==, 3);
	const struct entry *heap = entry_at(note, 0);
	assert_strv(heap->questions, "What is a heap?");
	g_assert_cmpint(heap->line, ==, 3);
	g_assert_cmpstr(heap->answer, ==, "A tree.\n\n```c\nint x;\n\ty;\n```");
	g_assert_cmpstr(heap->code[0].text, ==, "int x;\n\ty;\n");
	g_assert_cmpstr(entry_at(note, 1)->answer, ==,
			"A number.\n\n - a\n   b");
	g_assert_cmpstr(entry_at(note, 2)->answer, ==, "```\nz\n```");
}

static const char *dialect_of(const char *text)
{
	g_autoptr(note) note = parsed(text);
	return note->dialect;
}

static void detection(void)
{
	static const char *const questions[] = {
		"Что такое замыкание", "В чём разница",	 "Объясните GIL",
		"Explain the GIL",     "Is it fast?",	 "7. Замыкания",
		"12) Замыкания",       "**Почему** так", "Как работает GC",
		"What's new",
	};
	for (size_t i = 0; i < G_N_ELEMENTS(questions); i++) {
		g_autofree char *text =
			g_strdup_printf("## %s\n\na\n", questions[i]);
		g_assert_cmpstr(dialect_of(text), ==, "headings");
	}
	/* A third is enough, less is not; a title does not count. */
	g_assert_cmpstr(dialect_of("## Why?\n\na\n\n## B\n\nb\n\n## C\n\nc"),
			==, "headings");
	g_assert_cmpstr(dialect_of("## Why?\n\na\n\n## B\n\nb\n\n## C\n\nc\n\n"
				   "## D\n\nd"),
			==, "reference");
	g_assert_cmpstr(dialect_of("# Why?\n\na\n\n## B\n\nb"), ==,
			"reference");
	/* The only heading is its question, at whatever level. */
	g_assert_cmpstr(dialect_of("# What is a closure?\n\na"), ==,
			"headings");
	/* Questions without text are topics. */
	g_assert_cmpstr(dialect_of("## Why?\n\n## B\n\nb"), ==, "reference");
	g_assert_cmpstr(dialect_of("## Whatever\n\na"), ==, "reference");
	g_assert_cmpstr(dialect_of("## 3.13 changes\n\na"), ==, "reference");
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
#define TEST(name) g_test_add_func("/headings/" #name, name)
	TEST(a_list_of_questions);
	TEST(questions_in_a_numbered_list);
	TEST(detection);
	return g_test_run();
}
