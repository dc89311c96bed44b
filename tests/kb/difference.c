#include "kb/library.h"

#define NONE SIZE_MAX

static struct library_trace trace(const char *title, const char *file,
				  const char *hash)
{
	return (struct library_trace){
		.id = "", .title = title, .file = file, .content_hash = hash
	};
}

#define TRACES(...)                                                            \
	(const struct library_trace[]){ __VA_ARGS__ },                         \
		sizeof((struct library_trace[]){ __VA_ARGS__ }) /              \
			sizeof(struct library_trace)

static void pairs_equal_content(void)
{
	size_t same[3];
	/* The same file first, then any file, in order. */
	library_diff(TRACES(trace("A", "x", "1"), trace("B", "x", "2"),
			    trace("C", "x", "3")),
		     TRACES(trace("Other", "y", "2"), trace("New", "y", "1"),
			    trace("Newer", "x", "1")),
		     same);
	g_assert_cmpuint(same[0], ==, 2);
	g_assert_cmpuint(same[1], ==, 0);
	g_assert_cmpuint(same[2], ==, NONE);
}

static void pairs_alike_titles(void)
{
	size_t same[2];
	library_diff(TRACES(trace("Менеджеры контекста", "x", "1"),
			    trace("Генераторы", "x", "2")),
		     TRACES(trace("Метаклассы", "x", "3"),
			    trace("Менеджер контекста", "x", "4")),
		     same);
	g_assert_cmpuint(same[0], ==, 1);
	g_assert_cmpuint(same[1], ==, NONE);
	/* Folded, but not across files. */
	library_diff(TRACES(trace("GIL", "x", "1"), trace("Слоты", "x", "2")),
		     TRACES(trace("gil", "x", "3"), trace("Слоты", "y", "4")),
		     same);
	g_assert_cmpuint(same[0], ==, 0);
	g_assert_cmpuint(same[1], ==, NONE);
}

/* abcdef and abcdeX: 3 shared of 5 is just enough; abcde and abcdX is not. */
static void threshold_is_three_fifths(void)
{
	size_t same[1];
	library_diff(TRACES(trace("abcdef", "x", "1")),
		     TRACES(trace("abcdeg", "x", "2")), same);
	g_assert_cmpuint(same[0], ==, 0);
	library_diff(TRACES(trace("abcde", "x", "1")),
		     TRACES(trace("abcdf", "x", "2")), same);
	g_assert_cmpuint(same[0], ==, NONE);
	library_diff(TRACES(trace("", "x", "1")), TRACES(trace("a", "x", "2")),
		     same);
	g_assert_cmpuint(same[0], ==, NONE);
}

static void best_pairs_come_first(void)
{
	size_t same[2];
	/* The second is nearer to the only new one, though it comes later. */
	library_diff(TRACES(trace("Декораторы функции", "x", "1"),
			    trace("Декораторы функций и", "x", "2")),
		     TRACES(trace("Декораторы функций и классов", "x", "3")),
		     same);
	g_assert_cmpuint(same[0], ==, NONE);
	g_assert_cmpuint(same[1], ==, 0);
	/* Equals go by position. */
	library_diff(TRACES(trace("Вопрос 1", "x", "1"),
			    trace("Вопрос 1", "x", "2")),
		     TRACES(trace("Вопрос 12", "x", "3"),
			    trace("Вопрос 13", "x", "4")),
		     same);
	g_assert_cmpuint(same[0], ==, 0);
	g_assert_cmpuint(same[1], ==, 1);
}

static void takes_nothing(void)
{
	size_t same[1] = { 5 };
	library_diff(NULL, 0, NULL, 0, same);
	g_assert_cmpuint(same[0], ==, 5);
	library_diff(TRACES(trace("A", "x", "1")), NULL, 0, same);
	g_assert_cmpuint(same[0], ==, NONE);
}

enum { MANY = 10000 };

/* So many that 100,000,000 comparisons would be noticed: they take minutes. */
static void many(const char *vanished, const char *appeared)
{
	g_autoptr(GPtrArray) texts = g_ptr_array_new_with_free_func(g_free);
	g_autofree struct library_trace *one =
		g_new0(struct library_trace, MANY);
	g_autofree struct library_trace *other =
		g_new0(struct library_trace, MANY);
	g_autofree size_t *same = g_new(size_t, MANY);
	for (int i = 0; i < MANY; i++) {
		char *texts_of[] = {
			g_strdup_printf("%s%d", vanished, i),
			g_strdup_printf("%s%d", appeared, i),
			g_strdup_printf("a%d", i),
			g_strdup_printf("b%d", i),
		};
		for (size_t t = 0; t < G_N_ELEMENTS(texts_of); t++)
			g_ptr_array_add(texts, texts_of[t]);
		one[i] = trace(texts_of[0], "x", texts_of[2]);
		other[i] = trace(texts_of[1], "x", texts_of[3]);
	}
	int64_t start = g_get_monotonic_time();
	library_diff(one, MANY, other, MANY, same);
	int64_t ms = (g_get_monotonic_time() - start) / 1000;
	size_t found = 0;
	for (size_t i = 0; i < MANY; i++)
		found += same[i] != NONE;
	g_test_message("%zu of %d pairs in %" G_GINT64_FORMAT " ms", found,
		       MANY, ms);
	g_assert_cmpuint(found, >, MANY / 2);
}

static void is_fast(void)
{
	many("Вопрос номер ", "Вопросы номер ");
	many("Зачем декоратору functools.wraps, ",
	     "Зачем в декораторе functools.wraps, ");
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/difference/equal-content", pairs_equal_content);
	g_test_add_func("/difference/alike-titles", pairs_alike_titles);
	g_test_add_func("/difference/threshold", threshold_is_three_fifths);
	g_test_add_func("/difference/best-first", best_pairs_come_first);
	g_test_add_func("/difference/nothing", takes_nothing);
	g_test_add_func("/difference/fast", is_fast);
	return g_test_run();
}
