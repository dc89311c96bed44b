/* Long Markdown in parts. */

#include <stdint.h>
#include <string.h>

#include "kb/render.h"

/* The parts with a line of = between them. */
static char *all_parts(const char *markdown, size_t budget)
{
	GString *all = g_string_new(NULL);
	size_t from = 0;
	do {
		g_autofree char *part =
			render_part(markdown, from, budget, &from);
		g_string_append_printf(all, "%s%s", all->len ? "\n===\n" : "",
				       part);
	} while (from > 0);
	return g_string_free(all, FALSE);
}

static const struct {
	const char *markdown;
	size_t budget;
	const char *parts;
} rows[] = {
	{ "a\n\nb\n", 0, "a\n\nb" },
	{ "\n\na\n\n\n", 10, "a" },
	/* whole blocks, as many as fit */
	{ "one\n\ntwo\n\nthree\n", 8, "one\n\ntwo\n===\nthree" },
	{ "one\n\ntwo\n\nthree\n", 7, "one\n===\ntwo\n===\nthree" },
	{ "яяя\n\nяяя", 8, "яяя\n\nяяя" },
	/* not behind a heading, if that can be had */
	{ "one\n\n# H\n\ntwo", 10, "one\n===\n# H\n\ntwo" },
	/* a list between its items, which keep their numbers */
	{ "1. one\n2. two\n3. three\n", 14, "1. one\n2. two\n===\n3. three" },
	{ "- one\n  - in\n- two\n", 13, "- one\n  - in\n===\n- two" },
	/* inside an item, whose rest loses its indent */
	{ "- one\n\n  two\n- three\n", 7, "- one\n===\ntwo\n===\n- three" },
	{ "- one\n  - two\n  - six\n", 8, "- one\n===\n- two\n===\n- six" },
	/* a fence closed and opened again; its lines are free */
	{ "```py\na\nb\nc\nd\n```\nend", 3,
	  "```py\na\nb\n```\n===\n```py\nc\nd\n```\n===\nend" },
	{ "- ~~~\n  a\n  b\n  ~~~\n", 3,
	  "- ~~~\n  a\n  ~~~\n===\n~~~\nb\n~~~" },
	{ "> ```\n> a\n> b\n", 3, "> ```\n> a\n> ```\n===\n> ```\n> b\n> ```" },
	{ "- ```\n  a\n- b\n", 5, "- ```\n  a\n  ```\n===\n- b" },
	{ "```\nunclosed", 0, "```\nunclosed\n```" },
	{ "words\n\n~~~\na", 0, "words\n\n~~~\na\n~~~" },
	{ "words\n\n> ```\n> a\n", 0, "words\n\n> ```\n> a\n> ```" },
	{ "words\n```\na\n``\n", 0, "words\n```\na\n``\n```" },
	{ "a\n````\n```\n````\n```", 0, "a\n````\n```\n````\n```\n```" },
	{ "a\n```\n    ```\n```\n\n\n", 0, "a\n```\n    ```\n```" },
	{ "a\n```b`\n```", 0, "a\n```b`\n```\n```" },
	{ "words\r\n\r\nwords", 0, "words\n\nwords" },
	{ "```\nlong line\n```", 5, "```\nlong \n```\n===\n```\nline\n```" },
	/* a table says its head again */
	{ "|a|\n|-|\n|1|\n|2|\n|3|\n", 15,
	  "|a|\n|-|\n|1|\n|2|\n===\n|a|\n|-|\n|3|" },
	/* lines, sentences, words, characters */
	{ "one\ntwo\nsix", 8, "one\ntwo\n===\nsix" },
	{ "One two. Three four.", 13, "One two.\n===\nThree four." },
	{ "one `two three` four", 10, "one `two\n===\nthree`\n===\nfour" },
	{ "one two `three` four", 12, "one two\n===\n`three` four" },
	{ "abcdefgh", 3, "abc\n===\ndef\n===\ngh" },
	{ "aa ## b", 3, "aa\n===\n\\##\n===\nb" },
	/* what continued a paragraph goes on as words */
	{ "> one two\n> six", 9, "> one two\n===\n> six" },
	{ "one two <br>\n<b>six", 12, "one two <br>\n===\n&#32;<b>six" },
	{ "one\n[a]: b", 6, "one\n===\n\\[a]: b" },
	/* a long list may begin in the part of a short introduction */
	{ "Intro:\n\n- one is here\n- two is here\n- three is here\n", 30,
	  "Intro:\n\n- one is here\n===\n- two is here\n- three is here" },
	{ "Intro:\n\n- one is here\n- two is here\n", 30,
	  "Intro:\n===\n- one is here\n- two is here" },
};

static void test_rows(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autofree char *parts =
			all_parts(rows[i].markdown, rows[i].budget);
		g_assert_cmpstr(parts, ==, rows[i].parts);
	}
}

static void test_any_from(void)
{
	static const char text[] = "- я\n\n  ```py\n  я\n  ```\n|a|\n|-|\n|b|";
	for (size_t from = 0; from < 2 * sizeof(text); from++) {
		size_t next = 1;
		g_autofree char *part = render_part(text, from, 4, &next);
		g_assert_true(!part || g_utf8_validate(part, -1, NULL));
		g_assert_true(next == 0 || (next > from && next < 100));
		if (from >= sizeof(text) - 1)
			g_assert_null(part);
	}
	size_t next;
	g_assert_null(render_part("", 0, 10, &next));
	g_assert_null(render_part(text, SIZE_MAX, 10, &next));
}

static char *random_markdown(void)
{
	static const char *const pieces[] = {
		"Слово ",
		"a word. ",
		"`code` ",
		"**bold** ",
		"\n",
		"\n\n",
		"\n- item ",
		"\n  - inner ",
		"\n1. ",
		"\n# Head\n",
		"\n```py\nx = 1\n\ny = 2\n```\n",
		"\n> quoted ",
		"\n    ",
		"\n- ```\n  in item\n  ```\n",
		"\n~~~\n",
		"\n  ",
		"\\* ",
		"[link](https://a.b/c) ",
		"<br>",
		"\n---\n",
		"\t",
		"averylongwordthathasnoplacetocutitat ",
	};
	GString *text = g_string_new(NULL);
	int len = g_test_rand_int_range(1, 60);
	for (int i = 0; i < len; i++)
		g_string_append(
			text,
			pieces[g_test_rand_int_range(0, G_N_ELEMENTS(pieces))]);
	return g_string_free(text, FALSE);
}

static gunichar next_visible(const char **text)
{
	while (g_unichar_isspace(g_utf8_get_char(*text)))
		*text = g_utf8_next_char(*text);
	gunichar c = g_utf8_get_char(*text);
	if (c)
		*text = g_utf8_next_char(*text);
	return c;
}

/* What can be seen of the text stands in the parts, in that order. */
static void assert_holds(const char *parts, const char *text)
{
	gunichar wanted, c;
	while ((wanted = next_visible(&text))) {
		while ((c = next_visible(&parts)) && c != wanted)
			;
		g_assert_cmpuint(c, ==, wanted);
	}
}

/* Characters but those of fence lines, which are free. */
static size_t counted(const char *part)
{
	g_auto(GStrv) lines = g_strsplit(part, "\n", 0);
	size_t chars = 0;
	for (char **line = lines; *line; line++)
		if (!strstr(*line, "```") && !strstr(*line, "~~~"))
			chars += (size_t)g_utf8_strlen(*line, -1) + 1;
	return chars > 0 ? chars - 1 : 0;
}

static bool leaves_fence_open(const char *part)
{
	g_autofree char *more = g_strconcat(part, "\n\nafter\n", NULL);
	g_autofree char *html = render_html(more);
	return !g_str_has_suffix(html, "<p>after</p>");
}

static void test_random(void)
{
	for (int i = 0; i < 2000; i++) {
		g_autofree char *text = random_markdown();
		size_t budget = (size_t)g_test_rand_int_range(20, 120);
		g_autoptr(GString) all = g_string_new(NULL);
		size_t from = 0;
		do {
			g_autofree char *part =
				render_part(text, from, budget, &from);
			if (!part)
				break;
			if (leaves_fence_open(part))
				g_error("budget %zu\n%s\n--- part:\n%s", budget,
					text, part);
			/* A guard or a blank line may have been put in. */
			g_assert_cmpuint(counted(part), <=, budget + 8);
			g_string_append_printf(all, "%s\n", part);
		} while (from > 0);
		assert_holds(all->str, text);
	}
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/render-part/rows", test_rows);
	g_test_add_func("/render-part/any-from", test_any_from);
	g_test_add_func("/render-part/random", test_random);
	return g_test_run();
}
