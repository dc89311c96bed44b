#include "kb/words.h"

#include <string.h>

struct pair {
	const char *from, *to;
};

typedef char *(*change)(const char *text);

static void check(change change, const struct pair *pairs, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		g_autofree char *got = change(pairs[i].from);
		g_assert_cmpstr(got, ==, pairs[i].to);
	}
}

static void fold(void)
{
	static const struct pair pairs[] = {
		{ "", "" },
		{ " \t\n ", "" },
		{ "GIL", "gil" },
		{ "  Ёлка\xc2\xa0 и  ЁЖ ", "елка и еж" },
		{ "оператор\xc2\xa0`with`", "оператор `with`" },
		{ "No-GIL", "no gil" },
		{ "No\xe2\x80\x91GIL — это", "no gil это" },
		{ "a -> b, c->d", "a -> b, c >d" },
		{ "->", "->" },
		{ "«кавычки» “and” ‘these’", "кавычки and these" },
		{ "don't don’t", "dont dont" },
		{ "и\xcc\x86од", "йод" },	      /* decomposed й */
		{ "е\xcc\x88лка", "елка" },	      /* decomposed ё */
		{ "и\xe2\x80\x8b\xcc\x86од", "йод" }, /* ZERO WIDTH SPACE */
		{ "за\xcc\x81мок", "замок" },
		{ "naïve", "naïve" },
		{ "де\xc2\xadко\xe2\x80\x8bра\xef\xbb\xbfтор", "декоратор" },
		{ "a\xe2\x80\xa8"
		  "b\x01"
		  "c",
		  "a b c" },
		{ "a\xff\xfe"
		  "b",
		  "a\xef\xbf\xbd\xef\xbf\xbd"
		  "b" },
		{ "С++ и С#", "c++ и c#" }, /* both Cyrillic */
		{ "с утра", "с утра" },
		{ "СPU", "cpu" },	/* Cyrillic С */
		{ "кoд", "код" },	/* Latin o */
		{ "Pythоn", "python" }, /* Cyrillic о */
		{ "gilом", "gilом" },	/* м is like nothing */
		{ "❤️ Python", "❤ python" },
	};
	check(words_fold, pairs, G_N_ELEMENTS(pairs));
}

static void squash(void)
{
	static const struct pair pairs[] = {
		{ "no-gil", "nogil" },
		{ "No GIL", "nogil" },
		{ "nogil?", "nogil" },
		{ "PEP-703", "pep703" },
		{ "pep 703", "pep703" },
		{ "C++", "c++" },
		{ "C#", "c#" },
		{ "С++17", "c++17" },
		{ "a+b", "ab" },
		{ "PEP #8", "pep8" },
		{ "3.13+", "313" },
		{ "__enter__", "enter" },
		{ "asyncio.run()", "asynciorun" },
		{ ":=", ":=" },
		{ " -> ", "->" },
		{ "?!", "?!" },
		{ "🐍", "🐍" },
		{ "🐍 Python", "python" },
		{ "", "" },
	};
	check(words_squash, pairs, G_N_ELEMENTS(pairs));
}

static void split(void)
{
	static const struct pair pairs[] = {
		{ "", "" },
		{ "?!", "" },
		{ "cpu параллелизму", "cpu|параллелизму" },
		{ "python 3.13+, 2.", "python|3.13|2" },
		{ "c++ c# f#, c++17 a+b", "c++|c#|f#|c++17|a|b" },
		{ "my_func(x)", "my|func|x" },
		{ "gilом", "gil|ом" },
		{ "`__enter__`", "enter" },
		{ "a\"b*c:d^e", "a|b|c|d|e" },
	};
	for (size_t i = 0; i < G_N_ELEMENTS(pairs); i++) {
		g_auto(GStrv) words = words_split(pairs[i].from);
		g_autofree char *joined = g_strjoinv("|", words);
		g_assert_cmpstr(joined, ==, pairs[i].to);
	}
}

static void layouts(void)
{
	static const struct pair cyrillic[] = {
		{ "gil", "пшд" },
		{ "ltrjhfnjh", "декоратор" },
		{ "j,]trn", "объект" },
		{ "J<}TRN", "ОБЪЕКТ" },
		{ "`krf? [fnf", "ёлка, хата" },
		{ "qwertyuiop[]asdfghjkl;'zxcvbnm,./",
		  "йцукенгшщзхъфывапролджэячсмитьбю." },
		{ "код 12", "код 12" },
	};
	static const struct pair latin[] = {
		{ "пшд", "gil" },	{ "ПШД", "GIL" },
		{ "объект", "j,]trn" }, { "ЁХЪЖЭБЮ", "~{}:\"<>" },
		{ "с№", "c#" },		{ "gil 12", "gil 12" },
	};
	check(words_to_cyrillic_layout, cyrillic, G_N_ELEMENTS(cyrillic));
	check(words_to_latin_layout, latin, G_N_ELEMENTS(latin));
}

static void sounds(void)
{
	static const struct pair cyrillic[] = {
		{ "dekorator", "декоратор" }, { "Dekoratory", "декораторы" },
		{ "obshchij", "общий" },      { "zhurnal", "журнал" },
		{ "khesh", "хеш" },	      { "element", "элемент" },
		{ "obyekt", "обект" },	      { "ob\"ekt", "объект" },
		{ "yazyk", "язык" },	      { "deystvie", "действие" },
		{ "indeks", "индекс" },	      { "код", "код" },
	};
	static const struct pair latin[] = {
		{ "гил", "gil" },      { "байткод", "baytkod" },
		{ "ХУК", "huk" },      { "щёлк", "shchyolk" },
		{ "объект", "obekt" }, { "gil", "gil" },
	};
	check(words_to_cyrillic, cyrillic, G_N_ELEMENTS(cyrillic));
	check(words_to_latin, latin, G_N_ELEMENTS(latin));
	g_assert_true(words_has_cyrillic("gil и"));
	g_assert_false(words_has_cyrillic("gil\xd0"));
	g_assert_false(words_has_latin("и 12 \xff"));
}

static void stems(void)
{
	static const struct pair pairs[] = {
		{ "декораторы", "декоратор" },
		{ "декоратора", "декоратор" },
		{ "decorators", "decor" },
		{ "c++", "c++" },
		{ "703", "703" },
		{ "", "" },
	};
	check(words_stem, pairs, G_N_ELEMENTS(pairs));
}

static void stops(void)
{
	static const char *const rows[] = {
#define STOP(word) word,
#include "kb/stop.def"
#undef STOP
	};
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autofree char *folded = words_fold(rows[i]);
		g_assert_cmpstr(rows[i], ==, folded);
		g_assert_true(words_is_stop(rows[i]));
		if (i)
			g_assert_cmpint(strcmp(rows[i - 1], rows[i]), <, 0);
	}
	g_assert_false(words_is_stop("gil"));
	g_assert_false(words_is_stop("no"));
	g_assert_false(words_is_stop("не"));
	g_assert_false(words_is_stop("чт"));
	g_assert_false(words_is_stop(""));
}

static void distance(void)
{
	static const struct {
		const char *a, *b;
		unsigned most, distance;
	} rows[] = {
		{ "quiz", "quiz", 2, 0 },
		{ "quiz", "quz", 2, 1 },
		{ "quiz", "qiuz", 2, 1 },
		{ "quiz", "uqiz", 2, 2 },
		{ "quiz", "kuiz", 2, 2 },
		{ "quiz", "kuiz", 1, 2 },
		{ "quiz", "uiz", 2, 2 },
		{ "gil", "gli", 2, 1 },
		{ "", "", 1, 0 },
		{ "", "a", 3, 2 },
		{ "декоратор", "декаратор", 2, 1 },
		{ "декоратор", "дкеоратор", 2, 1 },
		{ "topics", "score", 2, 3 },
		{ "ab", "abcdef", 2, 3 },
	};
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_assert_cmpuint(
			words_distance(rows[i].a, rows[i].b, rows[i].most), ==,
			rows[i].distance);
		g_assert_cmpuint(
			words_distance(rows[i].b, rows[i].a, rows[i].most), ==,
			rows[i].distance);
	}
	static const unsigned budget[] = { 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2 };
	for (size_t i = 0; i < G_N_ELEMENTS(budget); i++)
		g_assert_cmpuint(words_typo_budget(i), ==, budget[i]);
}

static void skeleton(void)
{
	static const char *const same[][2] = {
		{ "байткод", "bytecode" },    { "профайлер", "profiler" },
		{ "джанго", "django" },	      { "профилер", "profiler" },
		{ "программа", "programma" },
	};
	for (size_t i = 0; i < G_N_ELEMENTS(same); i++) {
		g_autofree char *a = words_skeleton(same[i][0]);
		g_autofree char *b = words_skeleton(same[i][1]);
		g_assert_cmpstr(a, ==, b);
		g_assert_cmpstr(a, !=, "");
	}
	g_autofree char *few = words_skeleton("код");
	g_assert_cmpstr(few, ==, "");
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/words/fold", fold);
	g_test_add_func("/words/squash", squash);
	g_test_add_func("/words/split", split);
	g_test_add_func("/words/layouts", layouts);
	g_test_add_func("/words/sounds", sounds);
	g_test_add_func("/words/stems", stems);
	g_test_add_func("/words/stops", stops);
	g_test_add_func("/words/distance", distance);
	g_test_add_func("/words/skeleton", skeleton);
	return g_test_run();
}
