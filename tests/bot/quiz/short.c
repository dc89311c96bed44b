#include "bot/quiz/short.h"

#include <stdio.h>
#include <glib.h>

#define RIGHT SHORT_RIGHT
#define FORM SHORT_FORM
#define CLOSE SHORT_CLOSE
#define WRONG SHORT_WRONG

struct want {
	const char *term;
	const char *answer;
	enum short_verdict verdict;
};

static void check(const struct want *want, size_t len, bool exact)
{
	static const char *const names[] = { "wrong", "close", "form",
					     "right" };
	bool well = true;
	for (size_t i = 0; i < len; i++) {
		const struct short_key key = { .term = want[i].term,
					       .exact = exact };
		enum short_verdict got = short_match(&key, want[i].answer);
		if (got != want[i].verdict)
			printf("# %s: %s is %s\n", want[i].term, want[i].answer,
			       names[got]);
		well = well && got == want[i].verdict;
	}
	g_assert_true(well);
}

static void terms(void)
{
	static const struct want want[] = {
		{ "Декоратор", "декоратор", RIGHT },
		{ "Декоратор", "ДЕКОРАТОР.", RIGHT },
		{ "**Декоратор**", "«декоратор»", RIGHT },
		{ "Декоратор", "декораторы", FORM },
		{ "Декоратор", "декаратор", RIGHT },
		{ "Декоратор", "дикаратор", CLOSE },
		{ "Декоратор", "генератор", WRONG },
		{ "Декоратор", "", WRONG },
		{ "Декоратор", "?!", WRONG },
		{ "event loop", "Event-Loop", RIGHT },
		{ "no-GIL", "nogil", RIGHT },
		/* 88 of 100 letters: one of eight is too many. */
		{ "мьютексы", "мютексы", CLOSE },
		{ "виртуальная машина", "виртуалная машина", RIGHT },
		/* Up to four letters none, a wrong first one is two. */
		{ "куча", "кача", CLOSE },
		{ "куча", "туча", WRONG },
		{ "GIL", "gil", RIGHT },
		{ "GIL", "GUL", CLOSE },
	};
	check(want, G_N_ELEMENTS(want), false);
}

static void identifiers_and_numbers(void)
{
	static const struct want want[] = {
		{ "`cProfile`", "cProfile", RIGHT },
		{ "`cProfile`", "`cprofile`", RIGHT },
		{ "`cProfile`", "cProfil", WRONG },
		{ "`__exit__`", "__exit__", RIGHT },
		{ "`__exit__`", "exit", WRONG },
		{ "3.13", "3.13", RIGHT },
		{ "3.13", "3.12", WRONG },
		{ "C++", "c++", RIGHT },
		{ "C++", "C", WRONG },
		{ "except*", "except*", RIGHT },
		{ "except*", "except", WRONG },
	};
	check(want, G_N_ELEMENTS(want), false);
}

static void code_is_exact(void)
{
	static const struct want want[] = {
		{ "contextmanager", "contextmanager", RIGHT },
		{ "contextmanager", "  contextmanager\n", RIGHT },
		{ "contextmanager", "`contextmanager`", RIGHT },
		{ "contextmanager", "!a contextmanager", RIGHT },
		{ "contextmanager", "ContextManager", WRONG },
		{ "contextmanager", "contextmanagr", WRONG },
		{ "contextmanager", "it is contextmanager", RIGHT },
		{ "contextmanager", "it is not contextmanager", WRONG },
		{ "contextmanager", "one of yield, with, contextmanager",
		  WRONG },
		{ "contextmanager", "contextlib.contextmanager", WRONG },
		{ "a + b", "a + b", RIGHT },
		{ "a + b", "a+b", WRONG },
		{ "If-Match", "If-Match.", RIGHT },
		{ "If-Match", "\"If-Match\"", RIGHT },
		{ "If-Match", "`If-Match`!", RIGHT },
		{ "If-Match", "**If-Match**", RIGHT },
		{ "If-Match", "||If-Match||", RIGHT },
		{ "If-Match", "If\u2011Match", RIGHT },
		{ "If-Match", "the If-Match header", RIGHT },
		{ "If-Match", "ifmatch", WRONG },
		{ "DELETE", "«DELETE»", RIGHT },
		{ "DELETE", "“DELETE”, of course", RIGHT },
		{ "DELETE", "Не DELETE", WRONG },
		{ ".pyc", "файлы .pyc", RIGHT },
		{ "pyc", ".pyc", WRONG },
		{ "except*", "except*.", RIGHT },
		{ "except", "except*", WRONG },
		{ "exit", "__exit__", WRONG },
	};
	check(want, G_N_ELEMENTS(want), true);
}

static void other_letters(void)
{
	static const struct want want[] = {
		{ "декоратор", "ltrjhfnjh", RIGHT },
		{ "gil", "пшд", RIGHT },
		{ "декоратор", "dekorator", RIGHT },
		{ "dekorator", "декоратор", RIGHT },
		{ "bytecode", "байткод", FORM },
		{ "байткод", "bytecode", FORM },
		/* A guess at the letters is not mended as well. */
		{ "декоратор", "lrjhfjh", WRONG },
	};
	check(want, G_N_ELEMENTS(want), false);
}

static void inside_a_message(void)
{
	static const struct want want[] = {
		{ "декоратор", "думаю, декоратор", RIGHT },
		{ "декоратор", "это декоратор!", RIGHT },
		{ "декоратор", "наверное, это декораторы", FORM },
		{ "event loop", "это event loop", RIGHT },
		{ "`__exit__`", "метод __exit__", RIGHT },
		/* Three words around it are spray. */
		{ "декоратор", "генератор или декоратор или слот", WRONG },
		{ "декоратор", "генератор метакласс слот декоратор", WRONG },
		{ "декоратор", "не декоратор", WRONG },
		{ "декоратор", "декоратор? нет", WRONG },
	};
	check(want, G_N_ELEMENTS(want), false);
}

static void names(void)
{
	static const struct want want[] = {
		{ "GIL (Global Interpreter Lock)", "gil", RIGHT },
		{ "GIL (Global Interpreter Lock)", "global interpreter lock",
		  RIGHT },
		{ "GIL (Global Interpreter Lock)",
		  "GIL (Global Interpreter Lock)", RIGHT },
		{ "Слоты (`__slots__`)", "__slots__", RIGHT },
		{ "Слоты (`__slots__`)", "слоты", RIGHT },
		{ "print()", "print()", RIGHT },
		{ "print()", "()", WRONG },
	};
	check(want, G_N_ELEMENTS(want), false);
	char *const aliases[] = { (char *)"closure", (char *)"замыкания (LEGB)",
				  NULL };
	const struct short_key key = { .term = "Замыкание",
				       .aliases = aliases };
	g_assert_cmpint(short_match(&key, "Closure"), ==, RIGHT);
	g_assert_cmpint(short_match(&key, "legb"), ==, RIGHT);
	g_assert_cmpint(short_match(&key, "замыкания"), ==, RIGHT);
	g_assert_cmpint(short_match(&key, "область"), ==, WRONG);
}

static void what_is_around_an_answer_is_dropped(void)
{
	static const struct want want[] = {
		{ "декоратор", "!a декоратор", RIGHT },
		{ "декоратор", "||декоратор||", RIGHT },
		{ "декоратор", "> Как называется?\n\nдекоратор", RIGHT },
		{ "декоратор", "\xff\xfe", WRONG },
	};
	check(want, G_N_ELEMENTS(want), false);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/short/terms", terms);
	g_test_add_func("/short/identifiers", identifiers_and_numbers);
	g_test_add_func("/short/code", code_is_exact);
	g_test_add_func("/short/other-letters", other_letters);
	g_test_add_func("/short/inside", inside_a_message);
	g_test_add_func("/short/names", names);
	g_test_add_func("/short/around", what_is_around_an_answer_is_dropped);
	return g_test_run();
}
