#include "bot/quiz/passage.h"

static char *hidden(const char *text, const char *terms)
{
	unsigned count;
	g_auto(GStrv) list = g_strsplit(terms, "|", -1);
	return passage_hide(text, list, &count);
}

#define assert_hidden(text, terms, wanted)                                     \
	do {                                                                   \
		g_autofree char *found = hidden(text, terms);                  \
		g_assert_cmpstr(found, ==, wanted);                            \
	} while (0)

#define GAP PASSAGE_GAP

static void terms_are_hidden_in_every_form(void)
{
	assert_hidden("Декоратор оборачивает; у декоратора есть имя.",
		      "декоратор", GAP " оборачивает; у " GAP " есть имя.");
	assert_hidden("**GIL** — мьютекс, gil!", "GIL",
		      "**" GAP "** — мьютекс, " GAP "!");
	assert_hidden("Слабая ссылка и слабой ссылке", "слабая ссылка",
		      GAP " и " GAP);
	assert_hidden("An idempotent request; requests.",
		      "Idempotent request|request", "An " GAP "; " GAP ".");
	/* Not inside other words. */
	assert_hidden("gilt and regil, mongil", "gil",
		      "gilt and regil, mongil");
	assert_hidden("`__slots__` и slots", "__slots__", "`" GAP "` и slots");
	assert_hidden("`functools.cache` caches", "functools.cache",
		      "`" GAP "` caches");
	assert_hidden("a += 1", "+=", "a " GAP " 1");
	assert_hidden("text", "", "text");
	assert_hidden("", "x", "");
}

static void assert_sentences(const char *markdown, const char *wanted)
{
	g_autoptr(GPtrArray) found = passage_sentences(markdown);
	g_ptr_array_add(found, NULL);
	g_autofree char *joined = g_strjoinv("|", (char **)found->pdata);
	g_assert_cmpstr(joined, ==, wanted);
}

static void texts_are_cut_into_sentences(void)
{
	assert_sentences("One here. Two there! Три? `four`. end",
			 "One here.|Two there!|Три?|`four`. end");
	assert_sentences("т. е. так, e. g. so. И всё.",
			 "т. е. так, e. g. so.|И всё.");
	assert_sentences("Code `a. B` stays. Yes", "Code `a. B` stays.|Yes");
	assert_sentences("- one\n- two\n\n```\nx. Y\n```\n| a | b |\n# head\n"
			 "> quote\nlast\nline",
			 "one|two|last line");
	assert_sentences("1. first\n2) second", "first|second");
	assert_sentences("", "");
	assert_sentences(NULL, "");
}

static void paragraphs_become_lines(void)
{
	g_autofree char *line = passage_line(" **GIL** —\nмьютекс. ");
	g_assert_cmpstr(line, ==, "**GIL** — мьютекс.");
	static const char *const blocks[] = { "",	  "a\n\nb",
					      "- a\n- b", "```\nx\n```",
					      "# a",	  "| a |",
					      "1. a",	  "> a" };
	for (size_t i = 0; i < G_N_ELEMENTS(blocks); i++)
		g_assert_null(passage_line(blocks[i]));
	g_assert_null(passage_line(NULL));
}

static void assert_names(const char *title, const char *aliases,
			 const char *wanted)
{
	g_autoptr(entry) entry = entry_new();
	entry->title = g_strdup(title);
	g_strfreev(entry->aliases);
	entry->aliases = g_strsplit(aliases, "|", -1);
	g_auto(GStrv) names = passage_names(entry);
	g_autofree char *joined = g_strjoinv("|", names);
	g_assert_cmpstr(joined, ==, wanted);
}

static void entries_have_names(void)
{
	assert_names("GIL (Global Interpreter Lock)", "гил|gil",
		     "GIL|Global Interpreter Lock|GIL (Global Interpreter "
		     "Lock)|гил|gil");
	assert_names("Слоты (`__slots__`)", "",
		     "Слоты|__slots__|Слоты "
		     "(__slots__)");
	assert_names("MRO и super()", "MRO", "MRO и super()|MRO");
	assert_names("What is a GIL?", "GIL", "GIL");
	assert_names("`with`", "", "with");
}

static void terms_are_short(void)
{
	g_assert_true(passage_is_term("GIL"));
	g_assert_true(passage_is_term("слабая ссылка"));
	g_assert_false(passage_is_term(""));
	g_assert_false(passage_is_term("="));
	g_assert_false(passage_is_term("one two three four five"));
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
#define TEST(name) g_test_add_func("/passage/" #name, name)
	TEST(terms_are_hidden_in_every_form);
	TEST(texts_are_cut_into_sentences);
	TEST(paragraphs_become_lines);
	TEST(entries_have_names);
	TEST(terms_are_short);
	return g_test_run();
}
