/*
 * Hostile and huge notes: what would cost the parser gigabytes or minutes is
 * plain text. Each test takes well under a second; memory is bounded, so that
 * a defence that fails is seen.
 */

#include <sys/resource.h>
#include <time.h>

#include "kb/defuse.h"
#include "tests/kb/parsed.h"

enum { MANY = 20000 };

static char *repeat(const char *text, size_t times)
{
	GString *all = g_string_new(NULL);
	for (size_t i = 0; i < times; i++)
		g_string_append(all, text);
	return g_string_free(all, FALSE);
}

static char *repeat_x(const char *text, size_t times)
{
	g_autofree char *all = repeat(text, times);
	return g_strconcat(all, "x", NULL);
}

/* Takes text over; it may hold `words` in a remark, or nothing (NULL). */
static struct note *hostile(char *text, const char *words)
{
	struct note *note = parsed(text);
	bool found = false;
	for (guint i = 0; i < note->remarks->len; i++) {
		const struct remark *remark = note->remarks->pdata[i];
		found = found || (words && strstr(remark->text, words));
	}
	g_assert_true(found == (words != NULL));
	g_free(text);
	return note;
}

static void wide_tables(void)
{
	g_autofree char *head = repeat("|a", 3000);
	g_autofree char *line = repeat("|-", 3000);
	g_autofree char *rows = repeat("|x\n", 3000);
	g_autoptr(note) note =
		hostile(g_strdup_printf("## A\n\n%s|\n%s|\n%s\n## B\n\nb", head,
					line, rows),
			"table");
	g_assert_cmpuint(note->entries->len, ==, 2);
	g_assert_true(remarked(note, REMARK_WARNING, 4, "plain text"));
	g_autoptr(note) quoted = hostile(
		g_strdup_printf("> - %s|\n>   %s|\n%s", head, line, rows),
		"table");
	/* In a text that was read by many lines, the rest is as written. */
	g_assert_nonnull(strstr(entry_at(note, 0)->answer, "|\\-|-|-"));
}

static void narrow_tables_stay(void)
{
	g_autofree char *head = repeat("|a", DEFUSE_COLUMNS);
	g_autofree char *line = repeat("|-", DEFUSE_COLUMNS);
	g_autofree char *row = repeat("|x", DEFUSE_COLUMNS);
	g_autofree char *row_end = g_strconcat(row, "|\n", NULL);
	g_autofree char *rows = repeat(row_end, 2000);
	g_autoptr(note) note = hostile(
		g_strdup_printf("%s|\n%s|\n%s", head, line, rows), NULL);
	g_assert_cmpuint(note->entries->len, ==, 1);
}

static void tables_that_leave_cells_out(void)
{
	g_autofree char *head = repeat("|a", 64);
	g_autofree char *line = repeat("|-", 64);
	g_autofree char *rows = repeat("x\n", 1000);
	g_autofree char *one =
		g_strdup_printf("%s\n%s\n%s\n", head, line, rows);
	g_autoptr(note) once = hostile(g_strdup(one), NULL);
	g_autoptr(note) often = hostile(repeat(one, 30), "table");
	g_assert_cmpuint(often->entries->len, ==, 1);
}

static void deep_blocks(void)
{
	g_autoptr(note) quotes = hostile(repeat(">", MANY), "nested");
	g_autoptr(note) spaced = hostile(repeat("> ", MANY), "nested");
	g_autoptr(note) bullets = hostile(repeat_x("- ", 200), "nested");
	g_autoptr(note) numbers = hostile(repeat_x("1. ", MANY), "nested");
	g_autoptr(note) mixed = hostile(repeat("> - 1) ", 100), "nested");
	GString *steps = g_string_new(NULL);
	for (int i = 0; i < 1000; i++)
		g_string_append_printf(steps, "%*s- a\n", 2 * i, "");
	g_autoptr(note) lists = hostile(g_string_free(steps, FALSE), "nested");
	g_assert_true(remarked(lists, REMARK_WARNING, 101, "nested"));
}

static void shallow_blocks_stay(void)
{
	g_autoptr(note) quotes = hostile(repeat_x(">", 100), NULL);
	g_autoptr(note) rule = hostile(repeat("- ", 300), NULL);
	GString *steps = g_string_new(NULL);
	for (int i = 0; i < 50; i++)
		g_string_append_printf(steps, "%*s- a\n", 2 * i, "");
	/* Text far to the right, and many lists in a row, are not deep. */
	g_string_append_printf(steps, "\n```\n%400s- x\n```\n", "");
	for (int i = 0; i < 500; i++)
		g_string_append(steps, "- a\n> b\n");
	g_autoptr(note) lists = hostile(g_string_free(steps, FALSE), NULL);
	g_assert_cmpuint(lists->entries->len, ==, 1);
}

static void unclosed_images(void)
{
	g_autoptr(note) line = hostile(repeat("![[]()", 80000), "images");
	g_autoptr(note) lines = hostile(repeat("![a\n[]()", 80000), "images");
	g_autoptr(note) few = hostile(repeat("![[]()", 500), NULL);
}

/* Of this process alone, and the best of some tries: machines are noisy. */
static double seconds(const char *text, size_t times, int tries)
{
	g_autofree char *all = repeat(text, times);
	double best = G_MAXDOUBLE;
	for (int i = 0; i < tries; i++) {
		clock_t start = clock();
		g_autoptr(note) note = parsed(all);
		g_assert_nonnull(note->title);
		best = MIN(best, (double)(clock() - start) / CLOCKS_PER_SEC);
	}
	return best;
}

static void costly_characters(void)
{
	static const char *const texts[] = {
		"*",
		"_",
		"[",
		"](",
		"`",
		"`a",
		"<",
		"<a ",
		"<!--",
		"&",
		"~",
		"[[",
		"[[a]]",
		"[a](",
		"**a",
		"a_",
		"\\",
		"$",
		"%%",
		"|",
		"- ",
		"* _ ",
		"[a]: b\n",
		"- \n",
		"> \n",
		"1. ### a\n",
		"> a\nb\n",
		"# #\n",
		"a\n===\n",
		"```a\n",
		"a|b\n-|-\n",
		"**Q:** a\n",
		"<b>\n",
		"**A:** a\n",
		"**Brief:** a\n",
		"**Keywords:** a,b\n",
		"## [a](#a)\n[b](#b)\n",
		"**Q:** q\n\n**A:** a\n\n",
		"![a](b)\n\n",
		"\xff",
		"\r",
		"\u2028",
		"%%\n",
		"```a\n## B\n",
		"<!--\n## B\n",
	};
	for (size_t i = 0; i < G_N_ELEMENTS(texts); i++) {
		double few = seconds(texts[i], MANY / 4, 1);
		double many = seconds(texts[i], MANY, 1);
		/* Four times the text; sixteen times would be quadratic. */
		if (many > 1 && many > few * 10) {
			few = seconds(texts[i], MANY / 4, 5);
			many = seconds(texts[i], MANY, 5);
		}
		if (many > 1 && many > few * 12)
			g_error("%s: %.2f s, then %.2f s", texts[i], few, many);
	}
}

static void ten_thousand_sections(void)
{
	g_autofree char *body = repeat("## A\n\n**Q:** q\n\n**A:** a\n\n"
				       "```c\nx\n```\n\n---\n\n",
				       10000);
	g_autoptr(note) note = parsed(body);
	g_assert_cmpuint(note->entries->len, ==, 10000);
	g_assert_cmpint(entry_at(note, 9999)->line, ==, 9999 * 12 + 1);
	g_assert_cmpuint(entry_at(note, 9999)->code_len, ==, 1);
	g_assert_cmpuint(note->remarks->len, ==, 0);
}

static void a_line_of_a_megabyte(void)
{
	g_autofree char *line = repeat("слово ", 100000);
	g_autofree char *text = g_strdup_printf("## A\n\n%s\n", line);
	g_autoptr(note) note = parsed(text);
	g_assert_cmpuint(strlen(entry_at(note, 0)->answer), ==,
			 strlen(line) - 1);
}

static void a_note_over_16_megabytes(void)
{
	g_autofree char *line = repeat("x", 1023);
	g_autofree char *row = g_strconcat(line, "\n", NULL);
	g_autofree char *rows = repeat(row, 16 * 1024 + 1);
	char *text =
		g_strconcat("---\ntitle: Big\n---\n## A\n````\n", rows, NULL);
	g_autoptr(note) note = hostile(text, "16 MB");
	g_assert_cmpuint(note->entries->len, ==, 1);
	g_assert_cmpstr(entry_at(note, 0)->title, ==, "Big");
	g_assert_cmpint(entry_at(note, 0)->line, ==, 4);
	g_assert_true(g_str_has_prefix(entry_at(note, 0)->body,
				       "`````\n## A\n````\nxxx"));
	g_assert_true(g_str_has_suffix(entry_at(note, 0)->body, "\n`````"));
}

int main(int argc, char **argv)
{
	struct rlimit limit = { 1UL << 30, 1UL << 30 };
	g_test_init(&argc, &argv, NULL);
#if !defined(__SANITIZE_ADDRESS__)
	setrlimit(RLIMIT_DATA, &limit);
#endif
	(void)limit;
#define TEST(name) g_test_add_func("/defuse/" #name, name)
	TEST(wide_tables);
	TEST(narrow_tables_stay);
	TEST(tables_that_leave_cells_out);
	TEST(deep_blocks);
	TEST(shallow_blocks_stay);
	TEST(unclosed_images);
	TEST(costly_characters);
	TEST(ten_thousand_sections);
	TEST(a_line_of_a_megabyte);
	TEST(a_note_over_16_megabytes);
	return g_test_run();
}
