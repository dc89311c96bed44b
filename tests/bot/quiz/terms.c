#include "bot/quiz/terms.h"

#include <math.h>
#include <string.h>

#include "bot/quiz/chrf.h"

/*
 * The words of a text with what is known of them: "!" negated, "*" code or
 * bold, "_" a function word; " | " between sides, " || " sentences, a new line
 * points.
 */
static char *picture(const char *markdown)
{
	g_auto(terms) terms = { 0 };
	terms_init(&terms);
	terms_add(&terms, markdown);
	GString *to = g_string_new(NULL);
	for (size_t i = 0; i < terms.list->len; i++) {
		const struct term *term = terms_at(&terms, i);
		const struct term *last =
			i > 0 ? terms_at(&terms, i - 1) : NULL;
		if (last && last->point != term->point)
			g_string_append_c(to, '\n');
		else if (last && last->sentence != term->sentence)
			g_string_append(to, " || ");
		else if (last && last->side != term->side)
			g_string_append(to, " | ");
		else if (last)
			g_string_append_c(to, ' ');
		g_string_append_printf(to, "%s%s%s%s", term->negated ? "!" : "",
				       term->word, term->strong ? "*" : "",
				       term->role == TERM_FUNCTION ? "_" : "");
	}
	return g_string_free(to, FALSE);
}

static void assert_picture(const char *markdown, const char *want)
{
	g_autofree char *got = picture(markdown);
	g_assert_cmpstr(got, ==, want);
}

static void words(void)
{
	assert_picture("Функция с `yield` — **генератор**.",
		       "функция с_ yield* генератор*");
	assert_picture("см. [ссылку](https://example.org/a/b), т.к. так надо",
		       "см || ссылку т_ к_ так_ надо");
	assert_picture("`except*` и обычный `except`",
		       "except** и_ обычный except*");
	assert_picture("*курсив*, __enter__, 3.13.", "курсив enter 3.13");
	assert_picture("`==` — не `===`, x := 1, ключ -> узел",
		       "==* не !===* x := 1 "
		       "ключ -> узел");
	assert_picture("- **раз** — два | три", "раз* два три");
	assert_picture("", "");
	assert_picture("\xff…!", "");
}

static void negations(void)
{
	assert_picture("не хранит значение", "не !хранит значение");
	assert_picture("хеша у него нет", "!хеша у_ него_ нет");
	assert_picture("нет длины", "нет !длины");
	assert_picture("у генератора нет длины", "у_ генератора нет !длины");
	assert_picture("где пары нет ставит", "где_ !пары нет ставит");
	assert_picture("если ошибки не было, то", "если_ !ошибки не было_ то_");
	assert_picture("не нужно компилировать", "не нужно !компилировать");
	assert_picture("без отдельного словаря `__dict__`",
		       "без !отдельного !словаря !dict*");
	assert_picture("никто не ждёт", "никто не !ждет");
	assert_picture("не только ключ", "не только ключ");
	assert_picture("вместо этого ждёт", "вместо этого_ ждет");
	assert_picture("does not wait", "does_ not !wait");
	assert_picture("without a lock", "without a_ !lock");
}

static void sides(void)
{
	assert_picture("ускоряет чтение, но замедляет запись",
		       "ускоряет чтение | но_ замедляет запись");
	assert_picture("не истина, а неизвестно", "не !истина а_ неизвестно");
	assert_picture("спит, а с ним и другие", "спит а_ с_ ним_ и_ другие");
	assert_picture("одно; другое. Третье", "одно || другое || третье");
	assert_picture("reads fast but writes slowly",
		       "reads fast | but_ writes slowly");
}

static void points(void)
{
	assert_picture("- раз\n- два\n  всё ещё два\n3. три",
		       "раз\nдва все еще_ два\nтри");
	assert_picture("строка\nдругая строка", "строка другая строка");
	assert_picture("Строка\nДругая строка", "строка\nдругая строка");
	assert_picture("текст\n```c\nint x;\n```\nещё", "текст\nеще_");
	assert_picture("```c\nint x;\n```", "int x");
}

static unsigned core_of(const char *markdown)
{
	g_auto(terms) terms = { 0 };
	terms_init(&terms);
	terms_add(&terms, markdown);
	return terms.core;
}

static void core(void)
{
	g_assert_cmpuint(core_of("Первый.\n\nВторой."), ==, 1);
	g_assert_cmpuint(core_of("Первый\nЕщё он\n\nВторой."), ==, 2);
	g_assert_cmpuint(core_of("Первый.\n- раз\n- два"), ==, 1);
	g_assert_cmpuint(core_of("Их два:\n- раз\n- два\n\nЕщё"), ==, 3);
	g_assert_cmpuint(core_of("Их два:\n\n- раз\n- два\n\nЕщё"), ==, 3);
	g_assert_cmpuint(core_of("- раз\n- два\n\nЕщё"), ==, 2);
}

static double match(const char *a, const char *b)
{
	g_auto(terms) one = { 0 }, other = { 0 };
	terms_init(&one);
	terms_init(&other);
	terms_add(&one, a);
	terms_add(&other, b);
	double there = term_match(terms_at(&one, 0), terms_at(&other, 0));
	double back = term_match(terms_at(&other, 0), terms_at(&one, 0));
	g_assert_cmpfloat(there, ==, back);
	return there;
}

static void matches(void)
{
	g_assert_cmpfloat(match("словарь", "словаря"), ==, 1);
	g_assert_cmpfloat(match("байткод", "bytecode"), ==, 0.9);
	g_assert_cmpfloat(match("декоратор", "декаратор"), ==, 0.8);
	g_assert_cmpfloat(match("поток", "thread"), ==, 0.8);
	g_assert_cmpfloat(match("компилятор", "компиляция"), ==, 0.8);
	g_assert_cmpfloat(match("преобразователь", "преобразует"), ==, 0.7);
	g_assert_cmpfloat(match("интерпретатор", "интернет"), ==, 0);
	g_assert_cmpfloat(match("кот", "код"), ==, 0);
	g_assert_cmpfloat(match("py310", "py311"), ==, 0);
	g_assert_cmpfloat(match("except*", "except"), ==, 0);
}

static void letters_alike(void)
{
	g_assert_cmpfloat(chrf("кот", "кот"), ==, 1);
	g_assert_cmpfloat(chrf("к о т", "кот"), ==, 1);
	g_assert_cmpfloat(chrf("кот", "дым"), ==, 0);
	g_assert_cmpfloat(chrf("", "дым"), ==, 0);
	g_assert_cmpfloat(chrf("дым", ""), ==, 0);
	/* 1-grams 2 of 2 and 2 of 3, 2-grams 1 of 1 and 1 of 2:
	 * precision 1, recall 7/12. */
	double want = 5.0 * 7 / 12 / (4 + 7.0 / 12);
	g_assert_cmpfloat(fabs(chrf("ab", "abc") - want), <, 1e-9);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/terms/words", words);
	g_test_add_func("/terms/negations", negations);
	g_test_add_func("/terms/sides", sides);
	g_test_add_func("/terms/points", points);
	g_test_add_func("/terms/core", core);
	g_test_add_func("/terms/matches", matches);
	g_test_add_func("/terms/chrf", letters_alike);
	return g_test_run();
}
