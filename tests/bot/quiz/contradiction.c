#include "bot/quiz/contradiction.h"

#include <stdio.h>
#include <string.h>

typedef bool (*test)(const struct scene *scene);

struct want {
	const char *notes, *question, *answer;
	bool against;
};

/* Whether the test finds that the answer contradicts the notes. */
static bool is_against(test test, const char *notes, const char *question,
		       const char *answer)
{
	g_auto(terms) own = { 0 }, asked = { 0 }, typed = { 0 };
	terms_init(&own);
	terms_init(&asked);
	terms_init(&typed);
	terms_add(&own, notes);
	terms_add(&asked, question);
	terms_add(&typed, answer);
	const struct scene scene = { &own, own.list->len, &asked, &typed };
	g_assert_true(!test(&scene) || contradicts(&scene));
	return test(&scene);
}

static void check(test test, const struct want *want, size_t len)
{
	bool well = true;
	for (size_t i = 0; i < len; i++) {
		bool got = is_against(test, want[i].notes, want[i].question,
				      want[i].answer);
		if (got != want[i].against)
			printf("# %s: %d\n", want[i].answer, got);
		well = well && got == want[i].against;
	}
	g_assert_true(well);
}

struct row {
	const char *poles[2];
	enum lexicon_kind kind;
};

static const struct row rows[] = {
#define OPPOSITE(a, b) { { a, b }, LEXICON_OPPOSITE },
#define CONTRAST(a, b) { { a, b }, LEXICON_CONTRAST },
#define QUANTITY(a, b) { { a, b }, LEXICON_QUANTITY },
#include "bot/quiz/opposites.def"
#undef OPPOSITE
#undef CONTRAST
#undef QUANTITY
};

/* The first word of a pole, as text: "быстр*" is a word that begins so. */
static char *word_of(const char *pole)
{
	char *word = g_strndup(pole, strcspn(pole, " *"));
	g_strdelimit(word, "_", ' ');
	return word;
}

/* Every pair turns an answer down, from either pole; the same pole none. */
static void every_pair(void)
{
	g_assert_cmpuint(G_N_ELEMENTS(rows), >=, 60);
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autofree char *a = word_of(rows[i].poles[0]);
		g_autofree char *b = word_of(rows[i].poles[1]);
		g_autofree char *one = g_strdup_printf("дала %s курица", a);
		g_autofree char *other = g_strdup_printf("дала %s курица", b);
		if (!is_against(contradicts, one, "", other) ||
		    !is_against(contradicts, other, "", one)) {
			printf("# %s and %s are no opposites\n", a, b);
			g_test_fail();
		}
		g_assert_false(is_against(contradicts, one, "", one));
		g_assert_false(is_against(contradicts, other, "", other));
	}
}

/* No word stands at both poles, and every pattern is folded. */
static void pairs_are_sound(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_auto(GStrv) words = g_strsplit(rows[i].poles[0], " ", -1);
		for (char **word = words; *word; word++) {
			g_autofree char *lower = g_utf8_strdown(*word, -1);
			g_assert_cmpstr(lower, ==, *word);
			g_assert_null(strstr(*word, "ё"));
			g_assert_cmpuint(strcspn(*word, "*"), >, 0);
			struct meaning found[MEANINGS_MOST];
			g_autofree char *plain = word_of(*word);
			size_t len = lexicon_find(plain, NULL, found);
			bool first = false, second = false;
			for (size_t j = 0; j < len; j++) {
				first |= found[j].row == (short)i &&
					 found[j].pole == 1;
				second |= found[j].row == (short)i &&
					  found[j].pole == 2;
			}
			if (first && second)
				g_error("%s is its own opposite", *word);
		}
	}
}

static void poles(void)
{
	static const struct want want[] = {
		{ "Ответ быстрый.", "", "ответ медленный", true },
		{ "Ответ быстрый.", "", "ответ не медленный", false },
		{ "Ответ быстрый.", "", "ответ не быстрый", true },
		{ "Ответ быстрый.", "Быстрый или медленный?",
		  "не медленный ответ", false },
		/* Where the notes are at both, what is beside tells. */
		{ "Ускоряет чтение, но замедляет запись.", "",
		  "замедляет чтение", true },
		{ "Ускоряет чтение, но замедляет запись.", "",
		  "запись замедляет", false },
		{ "Работает один поток, остальные ждут.", "",
		  "работают все потоки", true },
		{ "Хранит все ключи в одном файле.", "",
		  "в одном файле все ключи", false },
	};
	check(contradicts_pole, want, G_N_ELEMENTS(want));
}

static void negations(void)
{
	static const struct want want[] = {
		{ "Файл не закрывается.", "", "файл закрывается", true },
		{ "Файл закрывается.", "", "файл не закрывается", true },
		{ "Файл не закрывается.", "", "он его не закрывает", false },
		{ "Список неизменяемый.", "", "список изменяемый", true },
		{ "Список неизменяемый.", "", "его не изменить", false },
		{ "У ключа хеша нет.", "", "хеш есть", true },
		{ "У ключа хеша нет.", "", "нет хеша", false },
		{ "Обходятся без отдельного словаря.", "",
		  "отдельного словаря нет", false },
		{ "Обходятся без отдельного словаря.", "", "отдельный словарь",
		  true },
		{ "Не только быстро, но и просто.", "", "быстро и просто",
		  false },
		{ "It does not wait.", "", "it waits", true },
		{ "It doesn't wait.", "", "without waiting", false },
		{ "Changes are uncommitted.", "", "committed changes", true },
		/* What the question says may be said again. */
		{ "Не находит.", "Почему он не может найти?",
		  "не находит, потому что не может", false },
	};
	check(contradicts_negation, want, G_N_ELEMENTS(want));
}

static void numbers(void)
{
	static const struct want want[] = {
		{ "Нужны три ключа.", "", "два ключа", true },
		{ "Нужны три ключа.", "", "3 ключа", false },
		{ "Нужны ключи.", "", "два ключа", false },
		{ "Wait 5 seconds.", "", "wait five seconds", false },
		{ "Wait 5 seconds.", "", "wait 6 seconds", true },
		{ "Есть с 3.11.", "Что нового в 3.12?", "в 3.12", false },
	};
	check(contradicts_number, want, G_N_ELEMENTS(want));
}

static void exceptions(void)
{
	static const struct want want[] = {
		{ "Красный и синий.", "", "все, кроме красного и синего",
		  true },
		{ "Все, кроме красного.", "", "все, кроме красного", false },
		{ "Пока есть свет.", "", "даже если света нет", true },
		{ "Until it is closed.", "", "even if it is closed", true },
		{ "`except` catches it.", "", "except catches it", false },
	};
	check(contradicts_exception, want, G_N_ELEMENTS(want));
}

static void order(void)
{
	static const struct want want[] = {
		{ "Ножом режут хлеб. Ложкой едят суп.", "",
		  "ложкой режут хлеб, а ножом едят суп", true },
		{ "Ножом режут хлеб. Ложкой едят суп.", "",
		  "ложкой едят суп, ножом режут хлеб", false },
		{ "Ножом режут хлеб. Ложкой едят суп.", "",
		  "ножом режут, ложкой едят", false },
	};
	check(contradicts_order, want, G_N_ELEMENTS(want));
}

static void sequences(void)
{
	static const struct want want[] = {
		{ "Стук, звонок, крик.", "", "крик, затем стук", true },
		{ "Стук, звонок, крик.", "", "стук, потом крик", false },
		{ "Стук, звонок, крик.", "", "стук после крика", true },
		{ "Knock, ring, shout.", "", "ring before the knock", true },
		{ "Knock, ring, shout.", "", "knock before the ring", false },
		{ "Звонок, но после стука.", "", "стук, потом звонок", false },
	};
	check(contradicts_sequence, want, G_N_ELEMENTS(want));
}

static void relations(void)
{
	static const struct want want[] = {
		{ "Дед важнее внука.", "", "внук важнее деда", true },
		{ "Дед важнее внука.", "", "важнее внука дед", false },
		{ "Points at a commit instead of a branch.", "",
		  "points at a branch instead of a commit", true },
		{ "Turns constant time into linear time.", "",
		  "turns linear time into constant time", true },
	};
	check(contradicts_relation, want, G_N_ELEMENTS(want));
}

static void company(void)
{
	static const struct want want[] = {
		{ "Кошка спит на диване. Собака бежит по двору.", "",
		  "кошка бежит по двору", true },
		{ "Кошка спит на диване. Собака бежит по двору.", "",
		  "на диване спит кошка", false },
		{ "Собака не ест хлеб, мясо она ест.", "", "собака ест хлеб",
		  true },
		{ "When dogs are few: nobody waits. With many dogs it costs "
		  "more than waiting.",
		  "", "when dogs are few nobody waits", false },
	};
	check(contradicts_company, want, G_N_ELEMENTS(want));
}

static void subjects(void)
{
	static const char notes[] =
		"Кошка мурлычет и ловит мышей. Собака лает и сторожит дом.";
	static const char asked[] = "Чем кошка отличается от собаки?";
	static const struct want want[] = {
		{ notes, asked, "собака мурлычет", true },
		{ notes, asked, "кошка ловит мышей, собака сторожит", false },
		{ notes, asked, "кошка лает, собака ловит мышей", true },
		{ notes, "Что делает кошка?", "собака мурлычет", false },
		{ "`--soft` keeps files. `--mixed` asks twice. `--hard` burns "
		  "them.",
		  "How do `--soft`, `--mixed` and `--hard` differ?",
		  "soft burns them", true },
	};
	check(contradicts_subject, want, G_N_ELEMENTS(want));
}

static void nearest(void)
{
	static const char notes[] =
		"Many requests rebuild the page at once. A lock lets one "
		"slow request rebuild the page.";
	static const struct want want[] = {
		{ notes, "", "a lock lets many slow requests rebuild the page",
		  true },
		{ notes, "", "a lock lets one slow request rebuild the page",
		  false },
	};
	check(contradicts_nearest, want, G_N_ELEMENTS(want));
}

static void arrangement(void)
{
	static const char notes[] = "Мяч в каждый момент держит только один "
				    "игрок, остальные игроки ждут.";
	static const struct want want[] = {
		{ notes, "", "остальные игроки держат мяч, а один ждёт", true },
		{ notes, "", "мяч держит один игрок, остальные ждут", false },
		{ notes, "", "игрок держит мяч", false }, /* too few */
	};
	check(contradicts_arrangement, want, G_N_ELEMENTS(want));
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/contradiction/every-pair", every_pair);
	g_test_add_func("/contradiction/pairs-are-sound", pairs_are_sound);
	g_test_add_func("/contradiction/poles", poles);
	g_test_add_func("/contradiction/negations", negations);
	g_test_add_func("/contradiction/numbers", numbers);
	g_test_add_func("/contradiction/exceptions", exceptions);
	g_test_add_func("/contradiction/order", order);
	g_test_add_func("/contradiction/sequences", sequences);
	g_test_add_func("/contradiction/relations", relations);
	g_test_add_func("/contradiction/company", company);
	g_test_add_func("/contradiction/subjects", subjects);
	g_test_add_func("/contradiction/nearest", nearest);
	g_test_add_func("/contradiction/arrangement", arrangement);
	return g_test_run();
}
