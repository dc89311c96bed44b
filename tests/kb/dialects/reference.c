#include "tests/kb/parsed.h"

static void sections_are_entries(void)
{
	g_autofree char *bytes = NULL;
	g_autoptr(note) note =
		parsed_file("tests/corpus/notes/trees.md", &bytes);
	g_assert_cmpstr(note->dialect, ==, "reference");
	g_assert_cmpstr(note->title, ==, "Деревья");
	g_assert_cmpuint(note->entries->len, ==, 4);
	/* Text before the first heading goes under the note's title. */
	g_assert_cmpstr(entry_at(note, 0)->title, ==, "Деревья");
	g_assert_cmpint(entry_at(note, 0)->line, ==, 1);
	g_assert_cmpstr(entry_at(note, 2)->answer, ==, "Корень чёрный.");
	g_assert_cmpstr(entry_at(note, 3)->title, ==, "Повороты");
	for (guint i = 0; i < note->entries->len; i++)
		assert_strv(entry_at(note, i)->questions, "");
}

static void duplicate_headings_both_stand(void)
{
	g_autoptr(note) note = parsed("## A\n\nx\n\n## A\n\ny\n");
	g_assert_cmpuint(note->entries->len, ==, 2);
	g_assert_cmpstr(entry_at(note, 1)->answer, ==, "y");
}

static void what_is_no_entry(void)
{
	static const char *const none[] = {
		"# Topic\n\n---\n\n***\n",
		"# Topic\n\n<!-- a\n\nb -->\n",
		"# Topic\n\n%% a %%\n",
		"# Topic\n\n<a name=\"x\"></a>\n",
		"# Topic\n\n- [A](#a)\n  1. [`B`](#b), [[#C]]\n",
		"# Topic\n\n[TOC]\n",
	};
	for (size_t i = 0; i < G_N_ELEMENTS(none); i++) {
		g_autoptr(note) note = parsed(none[i]);
		g_assert_cmpuint(note->entries->len, ==, 0);
	}
	static const char *const some[] = {
		"# T\n\n- [A](#a) text\n",  "# T\n\n[A](b.md)\n",
		"# T\n\n<img src=\"x\">\n", "# T\n\n```\n<!-- -->\n```\n",
		"# T\n\n<!-- a --> b\n",
	};
	for (size_t i = 0; i < G_N_ELEMENTS(some); i++) {
		g_autoptr(note) note = parsed(some[i]);
		g_assert_cmpuint(note->entries->len, ==, 1);
	}
}

static void level_by_front_matter(void)
{
	g_autoptr(note) note = parsed("---\nznatok: {level: 2}\n---\n"
				      "## A\n\na\n\n### B\n\nb\n");
	g_assert_cmpuint(note->entries->len, ==, 1);
	g_assert_cmpstr(entry_at(note, 0)->answer, ==, "a\n\n### B\n\nb");
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
#define TEST(name) g_test_add_func("/reference/" #name, name)
	TEST(sections_are_entries);
	TEST(duplicate_headings_both_stand);
	TEST(what_is_no_entry);
	TEST(level_by_front_matter);
	return g_test_run();
}
