#include "kb/lookup.h"

#include <stdio.h>
#include <string.h>

#include "tests/kb/given.h"

static const struct given note_given[] = {
#include "tests/kb/given.def"
};

static const struct given library_given[] = {
#include "tests/kb/library.def"
};

/* first: the start of the first hit's title; NULL for none. */
struct want {
	const char *query;
	enum lookup_status status;
	const char *first;
	const char *understood;
};

static const char *const status_names[] = { "none", "choices", "answer" };

static void check(struct index *index, const struct want *want, size_t len)
{
	bool well = true;
	for (size_t i = 0; i < len; i++) {
		g_auto(lookup) got;
		g_autoptr(GError) error = NULL;
		g_assert_true(lookup_find(index, 1, want[i].query, NULL, &got,
					  &error));
		g_assert_no_error(error);
		const char *first =
			got.len && got.status ? got.hits[0].title : NULL;
		bool right =
			got.status == want[i].status &&
			(!want[i].first ||
			 (first && g_str_has_prefix(first, want[i].first))) &&
			g_strcmp0(got.understood, want[i].understood) == 0;
		if (!right)
			printf("# %s: %s, %s, %s\n", want[i].query,
			       status_names[got.status], first ? first : "-",
			       got.understood ? got.understood : "-");
		well = well && right;
	}
	g_assert_true(well);
}

#define NONE LOOKUP_NONE
#define CHOICES LOOKUP_CHOICES
#define ANSWER LOOKUP_ANSWER

/* The note that everything here began with. */
static void note_queries(void)
{
	static const struct want want[] = {
		{ "gil", ANSWER, "GIL (", NULL },
		{ "GIL?", ANSWER, "GIL (", NULL },
		{ "пшд", ANSWER, "GIL (", "gil" },
		{ "ПШД?", ANSWER, "GIL (", "gil" },
		{ "гил", ANSWER, "GIL (", "gil" },
		{ "global interpreter lock", ANSWER, "GIL (", NULL },
		{ "Global-Interpreter Lock", ANSWER, "GIL (", NULL },
		{ "что такое gil", ANSWER, "GIL (", NULL },
		{ "what is the GIL?", ANSWER, "GIL (", NULL },
		{ "почему gil мешает параллелизму", ANSWER, "GIL (", NULL },
		{ "pep 703", ANSWER, "No-GIL", NULL },
		{ "pep703", ANSWER, "No-GIL", NULL },
		{ "PEP-703", ANSWER, "No-GIL", NULL },
		{ "no-gil", ANSWER, "No-GIL", NULL },
		{ "no gil", ANSWER, "No-GIL", NULL },
		{ "nogil", ANSWER, "No-GIL", NULL },
		{ "threading", ANSWER, "No-GIL", NULL },
		{ "numpy", ANSWER, "No-GIL", NULL },
		{ "контекстный менеджер", ANSWER, "Менеджеры", NULL },
		{ "контекстные менеджеры", ANSWER, "Менеджеры", NULL },
		{ "менеджер контекста", ANSWER, "Менеджеры", NULL },
		{ "with", ANSWER, "Менеджеры", NULL },
		{ "оператор with", ANSWER, "Менеджеры", NULL },
		{ "__enter__", ANSWER, "Менеджеры", NULL },
		{ "contextlib.contextmanager", ANSWER, "Менеджеры", NULL },
		{ "cprofile", ANSWER, "Профилирование", NULL },
		{ "line_profiler", ANSWER, "Профилирование", NULL },
		{ "что такое декоратор?", ANSWER, "Декораторы", NULL },
		{ "декоратор", ANSWER, "Декораторы", NULL },
		{ "деко", ANSWER, "Декораторы", NULL },
		{ "ltrjhfnjh", ANSWER, "Декораторы", "декоратор" },
		/* A sentence in one script around a word of the other. */
		{ "что такое гил?", ANSWER, "GIL", "gil" },
		{ "chto takoe gil", ANSWER, "GIL", "gil" },
		{ "зачем нужен пшд", ANSWER, "GIL", "gil" },
		{ "как работает gil", ANSWER, "GIL", NULL },
		{ "how does gil work?", ANSWER, "GIL", NULL },
		{ "что такое with", ANSWER, "Менеджеры", "with" },
		/* What was spelled by sound is not mended as well. */
		{ "чем измерять память", NONE, NULL, NULL },
		/* Neither a typo of "код" nor like it in sound. */
		{ "копия", NONE, NULL, NULL },
		{ "xnj nfrjt ltrjhfnjh&", ANSWER, "Декораторы", "декоратор&" },
		{ "dekorator", ANSWER, "Декораторы", "декоратор" },
		{ "что такое bytecode?", ANSWER, "Как Python", NULL },
		{ "kubernetes", NONE, NULL, NULL },
		{ "кубернетес", NONE, NULL, NULL },
		{ "байткод", ANSWER, "Как Python", "bytecode" },
		{ "профайлер", ANSWER, "Профилирование", "profiler" },
		{ "gli", CHOICES, "GIL (", "gil" },
		{ "декаратор", ANSWER, "Декораторы", "декораторы" },
		{ "cprofle", ANSWER, "Профилирование", "cprofile" },
		{ "привет", NONE, NULL, NULL },
		{ "как дела?", NONE, NULL, NULL },
		{ "is", NONE, NULL, NULL },
		{ "что", NONE, NULL, NULL },
		{ "python internals", CHOICES, NULL, NULL },
	};
	g_autoptr(index_file) index =
		given_index(note_given, G_N_ELEMENTS(note_given));
	check(index, want, G_N_ELEMENTS(want));
}

static void library_queries(void)
{
	static const struct want want[] = {
#include "tests/kb/queries.def"
	};
	g_assert_cmpuint(G_N_ELEMENTS(library_given), >=, 25);
	g_autoptr(index_file) index =
		given_index(library_given, G_N_ELEMENTS(library_given));
	check(index, want, G_N_ELEMENTS(want));
}

/* What means something to FTS5, to SQL or to a terminal means nothing here. */
static void odd_queries(void)
{
	static const char *const odd[] = {
		"",
		" ",
		"\"",
		"\"\"",
		"*",
		"(",
		")",
		"NEAR",
		"AND",
		"OR",
		"NOT",
		"gil AND",
		"gil OR NOT \"",
		"title:gil",
		"^gil",
		"gil*",
		"NEAR(gil python, 2)",
		"{title} : gil",
		"gil - python",
		"gil'; DROP TABLE entry; --",
		"%",
		"_",
		"\x01\x02\x1b[0m",
		"🐍",
		"👨‍👩‍👧",
		"\xff\xfe",
		"\xd0",
		"a\xcc\x81\xcc\x81\xcc\x81",
		"\xe2\x80\xae",
		"İ",
		"ﬁ",
		"ẞ",
		"中文",
		"١٢٣",
		"[]{}|\\",
		"+",
		"#",
		"++",
		"c+",
		"-",
		"--",
		"->",
		"1",
		"0x7f",
		"\xf4\x8f\xbf\xbf",
	};
	g_autoptr(index_file) index =
		given_index(note_given, G_N_ELEMENTS(note_given));
	for (size_t i = 0; i < G_N_ELEMENTS(odd); i++) {
		g_auto(lookup) got;
		g_autoptr(GError) error = NULL;
		g_assert_true(
			lookup_find(index, 1, odd[i], "ru", &got, &error));
		g_assert_no_error(error);
	}
	static const char *const repeated[] = { "ы",	"gil ",	      "слово",
						"\"*(", "ltrjhfnjh ", "🐍",
						"\xff" };
	for (size_t i = 0; i < G_N_ELEMENTS(repeated); i++) {
		g_autoptr(GString) text = g_string_new(NULL);
		while (text->len < 10000)
			g_string_append(text, repeated[i]);
		g_auto(lookup) got;
		g_assert_true(
			lookup_find(index, 1, text->str, NULL, &got, NULL));
	}
}

static void languages(void)
{
	static const struct given both[] = {
		{ .title = "Кортежи",
		  .id = "aaaaaaaaaaaa",
		  .language = "ru",
		  .brief = "Неизменяемая последовательность" },
		{ .title = "Tuples",
		  .id = "aaaaaaaaaaaa",
		  .language = "en",
		  .brief = "An immutable sequence" },
		{ .title = "Списки", .language = "ru" },
	};
	static const struct {
		const char *query, *language, *title;
	} rows[] = {
		{ "кортежи", NULL, "Кортежи" },
		{ "кортежи", "en", "Tuples" },
		{ "tuples", NULL, "Tuples" },
		{ "tuples", "ru", "Кортежи" },
		{ "tuple", "en", "Tuples" },
		{ "tuple", "de", "Tuples" },
		{ "immutable", "ru", "Кортежи" },
		{ "aaaaaaaaaaaa", "en", "Tuples" },
		{ "списки", "en", "Списки" },
	};
	g_autoptr(index_file) index = given_index(both, G_N_ELEMENTS(both));
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_auto(lookup) got;
		g_assert_true(lookup_find(index, 1, rows[i].query,
					  rows[i].language, &got, NULL));
		g_assert_cmpint(got.status, ==, LOOKUP_ANSWER);
		g_assert_cmpuint(got.len, ==, 1);
		g_assert_cmpstr(got.hits[0].title, ==, rows[i].title);
	}
}

/* A reader of an old generation sees that, and nothing of the new one. */
static void generations(void)
{
	static const struct given first[] = { { .title = "Кортежи" } };
	static const struct given second[] = { { .title = "Множества" } };
	g_autoptr(index_file) index = given_index(first, 1);
	g_assert_true(index_begin(index, NULL));
	given_put(index, "notes/given.md", second, 1);
	g_assert_true(index_commit(index, NULL));
	static const struct {
		const char *query;
		int64_t generation;
		enum lookup_status status;
	} rows[] = {
		{ "кортежи", 1, ANSWER }, { "кортежи", 2, NONE },
		{ "корт", 1, ANSWER },	  { "корт", 2, NONE },
		{ "множества", 1, NONE }, { "множества", 2, ANSWER },
		{ "множества", 0, NONE }, { "множество", 2, ANSWER },
	};
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_auto(lookup) got;
		g_assert_true(lookup_find(index, rows[i].generation,
					  rows[i].query, NULL, &got, NULL));
		g_assert_cmpint(got.status, ==, rows[i].status);
	}
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/lookup/note", note_queries);
	g_test_add_func("/lookup/library", library_queries);
	g_test_add_func("/lookup/odd", odd_queries);
	g_test_add_func("/lookup/languages", languages);
	g_test_add_func("/lookup/generations", generations);
	return g_test_run();
}
