#include "bot/quiz/grade.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "kb/error.h"
#include "tests/kb/given.h"

/* All words weigh alike where no index says how rare they are. */
static struct grade grade_of(const char *key, const char *question,
			     const char *answer)
{
	char *const questions[] = { (char *)question, NULL };
	const struct grade_reference reference = {
		.answer = key,
		.questions = question ? questions : NULL,
	};
	struct grade grade;
	g_autoptr(GError) error = NULL;
	g_assert_true(grade_open(&reference, answer, &grade, &error));
	g_assert_no_error(error);
	return grade;
}

struct want {
	const char *key, *question, *answer;
	enum grade_verdict verdict;
	unsigned flags;
};

#define ACCEPT GRADE_ACCEPT
#define PEERS GRADE_PEERS
#define WRONG GRADE_WRONG
#define CONTRADICTION GRADE_CONTRADICTION
#define STUFFING GRADE_STUFFING
#define PARROT GRADE_PARROT
#define LANGUAGE GRADE_LANGUAGE

static void check(const struct want *want, size_t len)
{
	bool well = true;
	for (size_t i = 0; i < len; i++) {
		g_auto(grade) got =
			grade_of(want[i].key, want[i].question, want[i].answer);
		bool right = got.verdict == want[i].verdict &&
			     got.flags == want[i].flags;
		if (!right)
			printf("# %s: %s, flags %u\n", want[i].answer,
			       grade_verdict_name(got.verdict), got.flags);
		well = well && right;
		double earned = got.verdict == ACCEPT  ? got.score
				: got.verdict == PEERS ? got.score / 2
						       : 0;
		g_assert_cmpfloat(got.score, >=, 0);
		g_assert_cmpfloat(got.score, <=, 1);
		g_assert_cmpfloat(fabs(got.earned - earned), <, 1e-9);
	}
	g_assert_true(well);
}

#define BELL "Курьер звонит один раз и оставляет посылку у двери."
#define BELL_ASKED "Что делает курьер, если никто не открыл?"

static void verdicts(void)
{
	static const struct want want[] = {
		{ BELL, BELL_ASKED, BELL, ACCEPT, 0 },
		{ BELL, BELL_ASKED,
		  "звонит один раз, оставляет у двери посылку", ACCEPT, 0 },
		{ BELL, BELL_ASKED, "позвонит и оставит посылку у дверей",
		  PEERS, 0 },
		{ BELL, BELL_ASKED, "идёт домой обедать", WRONG, 0 },
		{ BELL, BELL_ASKED, "посылку уносит на склад", PEERS, 0 },
		{ "A queue keeps the order of messages.", "What is a queue?",
		  "it keeps messages in order", ACCEPT, 0 },
		{ "A queue keeps the order of messages.", "What is a queue?",
		  "a kind of bird", WRONG, 0 },
	};
	check(want, G_N_ELEMENTS(want));
}

/* What is like the notes but must not be accepted. */
static void flags(void)
{
	static const struct want want[] = {
		{ BELL, BELL_ASKED,
		  "звонит один раз и не оставляет посылку у "
		  "двери",
		  PEERS, CONTRADICTION },
		{ BELL, BELL_ASKED,
		  "курьер посылка дверь звонит раз курьер оставляет посылка",
		  PEERS, STUFFING },
		{ BELL, BELL_ASKED, "курьер делает, если никто не открыл",
		  WRONG, PARROT },
		{ "Сервер хранит копию **быстро** и надёжно.", "Как?",
		  "сервер хранит копию медленно и надёжно", PEERS,
		  CONTRADICTION },
		{ "Нужны три ключа: два у банка и один у клиента.", "Сколько?",
		  "нужны четыре ключа: два у банка, один у клиента", PEERS,
		  CONTRADICTION },
		{ "The lock is released before the call.", "When?",
		  "the lock is released after the call", PEERS, CONTRADICTION },
	};
	check(want, G_N_ELEMENTS(want));
}

static void other_letters(void)
{
	static const struct want want[] = {
		/* By sound, by the other keyboard layout. */
		{ BELL, BELL_ASKED,
		  "zvonit odin raz i ostavlyaet posylku u dveri", ACCEPT,
		  LANGUAGE },
		{ BELL, BELL_ASKED,
		  "pdjybn jlby hfp b jcnfdkztn gjcskre e ldthb", ACCEPT,
		  LANGUAGE },
		/* Another language is never likely wrong. */
		{ BELL, BELL_ASKED, "goes home to have dinner", PEERS,
		  LANGUAGE },
		{ "A queue keeps the order.", "What?", "идёт домой обедать",
		  PEERS, LANGUAGE },
		/* Names that the notes have are in no language. */
		{ "Вызовом `malloc` и `free`.", "Чем?", "malloc, free", ACCEPT,
		  0 },
		{ "Вызовом `malloc` и `free`.", "Чем?", "malloc и calloc",
		  PEERS, 0 },
		{ BELL, BELL_ASKED, "42", WRONG, 0 },
	};
	check(want, G_N_ELEMENTS(want));
}

/* Whoever says the notes' own words is right, whatever they look like. */
static void verbatim(void)
{
	static const char *const keys[] = {
		"Да.",
		"Нет",
		"42",
		"`SIGKILL`",
		"GIL",
		"SYN, SYN-ACK, ACK.",
		"page, page, page, key, key, tree, tree, node",
		"- **Не раньше**, чем закроют.\n- Не позже, чем откроют.",
		"```c\nint main(void);\n```",
		"Смотри [заметку](https://example.org/x) и [[другую|ещё "
		"одну]].",
		"| a | b |\n|---|---|\n| один | два |",
	};
	for (size_t i = 0; i < G_N_ELEMENTS(keys); i++) {
		g_auto(grade) got = grade_of(keys[i], "Что?", keys[i]);
		if (got.verdict != ACCEPT)
			printf("# %s: %s, flags %u\n", keys[i],
			       grade_verdict_name(got.verdict), got.flags);
		g_assert_cmpint(got.verdict, ==, ACCEPT);
		g_assert_cmpfloat(got.score, >, 0.99);
	}
}

static void who_gives_up_earns_nothing(void)
{
	static const struct want want[] = {
		{ "Не знает и не ждёт.", "Что?", "не знаю", WRONG, 0 },
		{ "Не ждёт.", "Что?", "хз", WRONG, 0 },
		{ "Не ждёт.", "Что?", "я без понятия, сдаюсь", WRONG, 0 },
		{ "It does not wait.", "What?", "no idea", WRONG, 0 },
		{ "It does not know.", "What?", "does not know", ACCEPT, 0 },
	};
	check(want, G_N_ELEMENTS(want));
}

static void nothing_typed(void)
{
	static const char *const empty[] = { "",       " \n", "...", "???",
					     "||  ||", "!a",  "> \n" };
	for (size_t i = 0; i < G_N_ELEMENTS(empty); i++) {
		g_auto(grade) got = grade_of(BELL, BELL_ASKED, empty[i]);
		g_assert_cmpint(got.verdict, ==, WRONG);
		g_assert_cmpfloat(got.score, ==, 0);
		g_assert_cmpuint(got.flags, ==, 0);
		g_assert_null(got.matched[0]);
		g_assert_null(got.missing[0]);
		g_assert_null(got.extra[0]);
	}
	/* Notes without a word can only be judged by people. */
	g_auto(grade) got = grade_of("→", "Куда?", "направо");
	g_assert_cmpint(got.verdict, ==, PEERS);
	g_assert_cmpstr(got.missing[0], ==, "→");
}

static void what_is_around_an_answer_is_dropped(void)
{
	static const char *const typed[] = {
		"!a " BELL,
		"!answer\n" BELL,
		"!ф " BELL,
		"||" BELL "||",
		"> <@bot:example.org> " BELL_ASKED "\n> 3 мин\n\n" BELL,
		"> " BELL,
	};
	for (size_t i = 0; i < G_N_ELEMENTS(typed); i++) {
		g_auto(grade) got = grade_of(BELL, BELL_ASKED, typed[i]);
		g_assert_cmpint(got.verdict, ==, ACCEPT);
		g_assert_cmpfloat(got.score, >, 0.99);
	}
}

static void points(void)
{
	const char *key = "- Молоко кипятят.\n- Кофе мелют.\n- Сахар мешают.\n"
			  "- Чашку греют.";
	g_auto(grade) half = grade_of(key, "Как?", "мелют кофе, греют чашку");
	g_assert_cmpint(half.verdict, ==, ACCEPT);
	g_assert_cmpfloat(half.score, >=, 0.5);
	g_auto(grade) one = grade_of(key, "Как?", "надо молоть кофе");
	g_assert_cmpint(one.verdict, ==, PEERS);
	/* A lead-in and the list that it announces are one answer. */
	g_auto(grade) first = grade_of("Вот что делают:\n- Кофе мелют.\n"
				       "- Чашку греют.",
				       "Как?", "вот что делают");
	g_assert_cmpint(first.verdict, ==, PEERS);
}

/* The answers to all questions of a topic hold the one to each of them. */
static void a_heap_of_answers_is_no_answer(void)
{
	g_auto(grade) own = grade_of(BELL, BELL_ASKED, BELL);
	g_assert_cmpint(own.verdict, ==, ACCEPT);
	g_auto(grade) two = grade_of(
		BELL, BELL_ASKED,
		BELL " Молоко кипятят в кастрюле, кофе мелют, чашку греют "
		     "заранее.");
	g_assert_cmpint(two.verdict, ==, PEERS);
	g_auto(grade) heap = grade_of(
		BELL, BELL_ASKED,
		"Молоко кипятят в кастрюле, кофе мелют, чашку греют заранее. "
		"Поезд стоит на станции, пассажиры ждут вагон, проводник "
		"проверяет билеты. " BELL
		" Собака лает на кошку, кошка лезет на дерево, дерево качает "
		"ветер.");
	g_assert_cmpint(heap.verdict, ==, PEERS);
	g_assert_cmpfloat(heap.earned, <, two.earned);
	g_assert_cmpfloat(heap.earned, <, 0.2);
}

static void own_wrong_answers(void)
{
	char *const questions[] = { (char *)BELL_ASKED, NULL };
	char *const wrong[] = { (char *)"Курьер ждёт соседей до вечера", NULL };
	const struct grade_reference reference = { .answer = BELL,
						   .questions = questions,
						   .wrong = wrong };
	g_auto(grade) same = { 0 };
	g_assert_true(
		grade_open(&reference, "ждёт соседей до вечера", &same, NULL));
	g_assert_cmpint(same.verdict, ==, WRONG);
	g_assert_cmpuint(same.flags & GRADE_MISTAKE, !=, 0);
	g_auto(grade) denied = { 0 };
	g_assert_true(grade_open(&reference,
				 "не ждёт соседей, а оставляет посылку у двери",
				 &denied, NULL));
	g_assert_cmpint(denied.verdict, !=, WRONG);
	g_assert_cmpuint(denied.flags & GRADE_MISTAKE, ==, 0);
}

/* The brief is the key where there is no answer, and as good where there is. */
static void brief(void)
{
	struct grade_reference reference = { .brief = BELL };
	g_auto(grade) alone = { 0 };
	g_assert_true(grade_open(&reference, BELL, &alone, NULL));
	g_assert_cmpint(alone.verdict, ==, ACCEPT);
	reference.answer = "Совсем другими словами о том же.";
	g_auto(grade) beside = { 0 };
	g_assert_true(grade_open(&reference, BELL, &beside, NULL));
	g_assert_cmpint(beside.verdict, ==, ACCEPT);
	reference.brief = NULL;
	reference.answer = NULL;
	g_auto(grade) none = { 0 };
	g_assert_true(grade_open(&reference, BELL, &none, NULL));
	g_assert_cmpint(none.verdict, ==, PEERS);
}

static bool has(char **words, const char *word)
{
	return g_strv_contains((const char *const *)words, word);
}

static void reasons(void)
{
	g_auto(grade) got =
		grade_of("Зовёт `__exit__` и закрывает файл.",
			 "Что делает with?", "зовёт __exit__ и печатает отчёт");
	g_assert_true(has(got.matched, "__exit__"));
	g_assert_true(has(got.matched, "Зовёт"));
	g_assert_true(has(got.missing, "закрывает"));
	g_assert_true(has(got.missing, "файл"));
	g_assert_true(has(got.extra, "отчёт"));
	g_assert_false(has(got.missing, "и"));
	/* Code weighs more than words, so it comes first. */
	g_assert_cmpstr(got.matched[0], ==, "__exit__");
}

static void rare_words_weigh_more(void)
{
	static const struct given given[] = {
		{ .title = "Кэш",
		  .question = "Что это?",
		  .answer = "Общая память с вытеснением" },
		{ .title = "Пул",
		  .question = "Что это?",
		  .answer = "Общая память с повтором" },
		{ .title = "Куча",
		  .question = "Что это?",
		  .answer = "Общая память с порядком" },
	};
	g_autoptr(index_file) index = given_index(given, G_N_ELEMENTS(given));
	g_autoptr(GPtrArray) rows = index_rows(index, 1, NULL);
	const struct index_row *row = rows->pdata[0];
	g_autoptr(entry) entry = NULL;
	g_assert_true(index_entry(index, row->row, &entry, NULL));
	const struct grade_reference reference =
		grade_reference_of(entry, index);
	g_auto(grade) common = { 0 }, rare = { 0 };
	g_assert_true(grade_open(&reference, "общая память", &common, NULL));
	g_assert_true(grade_open(&reference, "вытеснение", &rare, NULL));
	g_assert_cmpfloat(rare.score, >, common.score);
}

static bool broken(void *data, const char *stem, double *idf, GError **error)
{
	(void)data;
	(void)stem;
	*idf = 0;
	g_set_error(error, KB_ERROR, KB_ERROR_STORE, "the disk is on fire");
	return false;
}

static void trouble_is_passed_on(void)
{
	const struct grade_reference reference = { .answer = BELL,
						   .idf = broken };
	g_auto(grade) got = { 0 };
	g_autoptr(GError) error = NULL;
	g_assert_false(grade_open(&reference, BELL, &got, &error));
	g_assert_error(error, KB_ERROR, KB_ERROR_STORE);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/grade/verdicts", verdicts);
	g_test_add_func("/grade/flags", flags);
	g_test_add_func("/grade/other-letters", other_letters);
	g_test_add_func("/grade/verbatim", verbatim);
	g_test_add_func("/grade/giving-up", who_gives_up_earns_nothing);
	g_test_add_func("/grade/nothing-typed", nothing_typed);
	g_test_add_func("/grade/around", what_is_around_an_answer_is_dropped);
	g_test_add_func("/grade/points", points);
	g_test_add_func("/grade/heap", a_heap_of_answers_is_no_answer);
	g_test_add_func("/grade/own-wrong-answers", own_wrong_answers);
	g_test_add_func("/grade/brief", brief);
	g_test_add_func("/grade/reasons", reasons);
	g_test_add_func("/grade/rare-words", rare_words_weigh_more);
	g_test_add_func("/grade/trouble", trouble_is_passed_on);
	return g_test_run();
}
