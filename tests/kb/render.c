/* Markdown in every form: tables of what goes in and what comes out. */

#include <string.h>

#include "kb/hostile.h"
#include "kb/render.h"

#define ZWSP "\xe2\x80\x8b"

static const struct {
	const char *markdown;
	const char *html;
	const char *plain;
} forms[] = {
	{ "", "", "" },
	{ " \n\n \n", "", "" },
	{ "a", "<p>a</p>", "a" },
	{ "a\nb  \nc\\\nd", "<p>a<br>b<br>c<br>d</p>", "a\nb\nc\nd" },
	{ "a\r\nb\r\rc", "<p>a<br>b</p><p>c</p>", "a\nb\n\nc" },
	{ "*a* **b** ***c*** ~~d~~ ~5 ~6",
	  "<p><em>a</em> <strong>b</strong> <em><strong>c</strong></em> "
	  "<del>d</del> ~5 ~6</p>",
	  "a b c ~~d~~ ~5 ~6" },
	{ "# A\nb\n\n###### C *d*", "<h1>A</h1><p>b</p><h6>C <em>d</em></h6>",
	  "A\n\nb\n\nC d" },
	{ "a\n\n***\n\nb", "<p>a</p><hr><p>b</p>", "a\n\n---\n\nb" },
	/* escaped once */
	{ "1 < 2 && \"3\" > 'x' &lt; &amp;lt;",
	  "<p>1 &lt; 2 &amp;&amp; &quot;3&quot; &gt; 'x' &lt; &amp;lt;</p>",
	  "1 < 2 && \"3\" > 'x' < &lt;" },
	{ "`a<b` ``c`d``", "<p><code>a&lt;b</code> <code>c`d</code></p>",
	  "`a<b` `` c`d ``" },
	/* code */
	{ "```Python x=\"1\"\n\tif a < b:  \n\n    pass\n```",
	  "<pre><code class=\"language-python\">\tif a &lt; b:  \n\n"
	  "    pass\n</code></pre>",
	  "```python\n\tif a < b:\n\n    pass\n```" },
	{ "```c++\n```", "<pre><code class=\"language-c++\"></code></pre>",
	  "```c++\n```" },
	{ "``` \"><script>\nx\n", "<pre><code>x\n</code></pre>",
	  "```\nx\n```" },
	{ "~~~\n```\n~~~\n", "<pre><code>```\n</code></pre>",
	  "````\n```\n````" },
	{ "    a\n\tb", "<pre><code>a\nb\n</code></pre>", "```\na\nb\n```" },
	/* lists */
	{ "- a\n- b\n  - c\n    d\n- e",
	  "<ul><li>a</li><li>b<ul><li>c<br>d</li></ul></li><li>e</li></ul>",
	  "• a\n• b\n  • c\n    d\n• e" },
	{ "- a\n\n  b\n\n- c",
	  "<ul><li><p>a</p><p>b</p></li><li><p>c</p></li></ul>",
	  "• a\n\n  b\n\n• c" },
	{ "9. a\n10. b\n    - c",
	  "<ol start=\"9\"><li>a</li><li>b<ul><li>c</li></ul></li></ol>",
	  "9. a\n10. b\n    • c" },
	{ "1) a\n2) b", "<ol><li>a</li><li>b</li></ol>", "1) a\n2) b" },
	{ "a:\n- b\n```py\nc\n```\nd",
	  "<p>a:</p><ul><li>b</li></ul><pre><code class=\"language-py\">c\n"
	  "</code></pre><p>d</p>",
	  "a:\n\n• b\n\n```py\nc\n```\n\nd" },
	{ "- ```py\n  c\n  ```\n- > q\n-\n- - x",
	  "<ul><li><pre><code class=\"language-py\">c\n</code></pre></li><li>"
	  "<blockquote><p>q</p></blockquote></li><li></li><li><ul><li>x</li>"
	  "</ul></li></ul>",
	  "• ```py\n  c\n  ```\n• > q\n•\n• • x" },
	{ "- [ ] a [x]\n- [x] b\n- [X] **c**\n- [y] d",
	  "<ul><li>☐ a [x]</li><li>☑ b</li><li>☑ <strong>c</strong></li>"
	  "<li>[y] d</li></ul>",
	  "☐ a [x]\n☑ b\n☑ c\n• [y] d" },
	{ "> a\n> b\n>\n> c\n\nd",
	  "<blockquote><p>a<br>b</p><p>c</p></blockquote><p>d</p>",
	  "> a\n> b\n>\n> c\n\nd" },
	/* links */
	{ "[a **b**](https://x.org/?a=1&b=\"2\" \"t\")",
	  "<p><a href=\"https://x.org/?a=1&amp;b=%222%22\">a "
	  "<strong>b</strong></a></p>",
	  "a b (https://x.org/?a=1&b=\"2\")" },
	{ "[a](javascript:alert(1)) [b](/c) [d](#e) [f](HTTP://g)",
	  "<p>a b d <a href=\"HTTP://g\">f</a></p>", "a b d f (HTTP://g)" },
	{ "<https://a.b> <c@d.e> [](ftp://f) [https://g](https://g)",
	  "<p><a href=\"https://a.b\">https://a.b</a> "
	  "<a href=\"mailto:c@d.e\">c@d.e</a> <a href=\"ftp://f\">ftp://f</a> "
	  "<a href=\"https://g\">https://g</a></p>",
	  "https://a.b c@d.e ftp://f https://g" },
	{ "http://a.b www.c.d e@f.g", "<p>http://a.b www.c.d e@f.g</p>",
	  "http://a.b www.c.d e@f.g" },
	{ "[я](https://ru.wikipedia.org/wiki/Ъ)",
	  "<p><a href=\"https://ru.wikipedia.org/wiki/%D0%AA\">я</a></p>",
	  "я (https://ru.wikipedia.org/wiki/Ъ)" },
	{ "![a *b*](c.png) ![](d/e.png) [![f](g)](https://h)",
	  "<p>a b e.png <a href=\"https://h\">f</a></p>",
	  "a b e.png f (https://h)" },
	/* raw HTML */
	{ "a<br>b<BR />c <kbd>d</kbd><!-- e -->",
	  "<p>a<br>b<br>c &lt;kbd&gt;d&lt;/kbd&gt;</p>",
	  "a\nb\nc <kbd>d</kbd>" },
	{ "<div onclick=\"x\">\na<br/>\n</div>\n\n<!-- b\n\nc -->\n\nd",
	  "<p>&lt;div onclick=&quot;x&quot;&gt;<br>a<br><br>&lt;/div&gt;</p>"
	  "<p>d</p>",
	  "<div onclick=\"x\">\na\n\n</div>\n\nd" },
	/* hostile characters */
	{ "a\x1b[31m&#27;[0m\x07 \xc2\x9b"
	  "1m \x7f&#x85;b",
	  "<p>a[31m[0m 1m b</p>", "a[31m[0m 1m b" },
	{ "a\xe2\x80\xae"
	  "b\xe2\x81\xa6"
	  "c\xe2\x80\xa8"
	  "d",
	  "<p>abc d</p>", "abc d" },
	{ "a\xff"
	  "b",
	  "<p>a\xef\xbf\xbd"
	  "b</p>",
	  "a\xef\xbf\xbd"
	  "b" },
	/* nobody is pinged */
	{ "@room `@room` \\@Room @rooms a@room.org",
	  "<p>@" ZWSP "room <code>@room</code> @" ZWSP "Room @rooms a@" ZWSP
	  "room.org</p>",
	  "@" ZWSP "room `@" ZWSP "room` @" ZWSP "Room @rooms a@" ZWSP
	  "room.org" },
	{ "@**room** @u:s.org `@u:s.org` [x](https://matrix.to/#/@u:s.org)",
	  "<p>@<strong>room</strong> @" ZWSP
	  "u:s.org <code>@u:s.org</code> x</p>",
	  "@" ZWSP "room @" ZWSP "u:s.org `@u:s.org` x" },
	/* tables */
	{ "| a | b |\n|---|---|\n| 1 | `x\\|y` **z** |\n| wide cell |",
	  "<table><thead><tr><th>a</th><th>b</th></tr></thead><tbody><tr>"
	  "<td>1</td><td><code>x|y</code> <strong>z</strong></td></tr><tr>"
	  "<td>wide cell</td><td></td></tr></tbody></table>",
	  "a         | b\n----------+--------\n1         | `x|y` z\nwide cell "
	  "|" },
	{ "|a|b|c|d|\n|-|-|-|-|\n|1|2||4|\n|||||",
	  "<ul><li><strong>a</strong>: 1<br><strong>b</strong>: 2<br>"
	  "<strong>d</strong>: 4</li></ul>",
	  "• a: 1\n  b: 2\n  d: 4" },
	{ "|a|b|\n|-|-|\n|1|something that is longer than thirty|",
	  "<ul><li><strong>a</strong>: 1<br><strong>b</strong>: something "
	  "that is longer than thirty</li></ul>",
	  "• a: 1\n  b: something that is longer than thirty" },
	{ "|漢字|b|\n|-|-|\n|x|y|",
	  "<table><thead><tr><th>漢字</th><th>b</th></tr></thead><tbody><tr>"
	  "<td>x</td><td>y</td></tr></tbody></table>",
	  "漢字 | b\n-----+--\nx    | y" },
	{ "- |a|b|\n  |-|-|\n  |1|2|",
	  "<ul><li><table><thead><tr><th>a</th><th>b</th></tr></thead><tbody>"
	  "<tr><td>1</td><td>2</td></tr></tbody></table></li></ul>",
	  "• a | b\n  --+--\n  1 | 2" },
};

static void test_forms(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(forms); i++) {
		g_autofree char *html = render_html(forms[i].markdown);
		g_autofree char *plain = render_plain(forms[i].markdown);
		g_test_message("%s", forms[i].markdown);
		g_assert_cmpstr(html, ==, forms[i].html);
		g_assert_cmpstr(plain, ==, forms[i].plain);
		g_autofree char *html_too = NULL, *plain_too = NULL;
		render_html_and_plain(forms[i].markdown, &html_too, &plain_too);
		g_assert_cmpstr(html_too, ==, html);
		g_assert_cmpstr(plain_too, ==, plain);
	}
}

static const struct {
	const char *markdown;
	unsigned width;
	const char *terminal;
} terminals[] = {
	{ "**a** `b c` *d*", 0,
	  "\033[0;1ma\033[0m \033[0;36mb c\033[0m \033[0;3md\033[0m" },
	{ "one two three", 8, "one two\nthree" },
	{ "> **one two** three", 9, "│ \033[0;1mone two\033[0m\n│ three" },
	{ "> **one two**", 7, "│ \033[0;1mone\033[0m\n│ \033[0;1mtwo\033[0m" },
	{ "- one two\n- three", 6, "• one\n  two\n• three" },
	{ "слово слово", 8, "слово\nслово" },
	{ "漢字漢字漢字", 5, "漢字\n漢字\n漢字" },
	{ "a \xd0\xb8\xcc\x86\xd0\xb8\xcc\x86 b", 6,
	  "a \xd0\xb8\xcc\x86\xd0\xb8\xcc\x86 b" },
	{ "unbreakableword x", 5, "unbreakableword\nx" },
	{ "a `b c` d", 4, "a\n\033[0;36mb c\033[0m\nd" },
	{ "```\nlong code line\n```", 5,
	  "\033[2m```\033[0m\n\033[2mlong code "
	  "line\033[0m\n\033[2m```\033[0m" },
	{ "[a](http://b)", 0, "\033[0;4ma\033[0m (http://b)" },
	{ "# A", 0, "\033[0;1mA\033[0m" },
	{ "~~a~~ @room \x1b[31m\xc2\x9b", 0, "\033[0;9ma\033[0m @room [31m" },
	{ "|a|b|\n|-|-|\n|one|`two`|", 0,
	  "a   | b\n----+----\none | \033[0;36mtwo\033[0m" },
	{ "|a|b|\n|-|-|\n|one|two|", 8, "• a: one\n  b: two" },
};

static void test_terminal(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(terminals); i++) {
		g_autofree char *text = render_terminal(terminals[i].markdown,
							terminals[i].width);
		g_assert_cmpstr(text, ==, terminals[i].terminal);
	}
}

static void assert_lines(const char *plain, size_t bytes, const char *expected)
{
	g_autoptr(GPtrArray) lines = render_lines(plain, bytes);
	g_ptr_array_add(lines, NULL);
	g_autofree char *joined = g_strjoinv("|", (char **)lines->pdata);
	g_assert_cmpstr(joined, ==, expected);
}

static void test_lines(void)
{
	assert_lines("", 10, "");
	assert_lines("a\n\n  b\r\nc ", 10, "a|  b|c");
	assert_lines("one two three", 8, "one two|three");
	assert_lines("one two three", 7, "one two|three");
	assert_lines("one two", 6, "one|two");
	assert_lines("abcdef", 4, "abcd|ef");
	assert_lines("яяяя", 5, "яя|яя");
	assert_lines("a\x02"
		     "b\x1f\x01"
		     "c\td",
		     10, "abc\td");
	assert_lines("\xff"
		     "a",
		     10,
		     "\xef\xbf\xbd"
		     "a");
	/* й of two characters */
	assert_lines("a\xd0\xb8\xcc\x86", 4, "a|\xd0\xb8\xcc\x86");
	assert_lines("漢", 1, "漢");
}

static void test_escape(void)
{
	static const char *const texts[] = {
		"a",
		"*a* _b_ `c` ~~d~~",
		"# a",
		"- a",
		"1. a",
		"12) a",
		"> a",
		"<b>a</b> &amp;",
		"[a](http://b)",
		"![a](b)",
		"|a|b|",
		"a\\",
		"a\\*b",
		"    a",
		"```\na\n```",
		"a\n===",
		"a\n\nb\n    c",
		"<!-- a -->",
		"---",
		"[a]: b",
		"~~~",
		"+ a",
		"http://a_b_c.d/e*f*",
		"<br>",
		"- [ ] a",
		"***",
	};
	for (size_t i = 0; i < G_N_ELEMENTS(texts); i++) {
		g_autofree char *markdown = render_escape(texts[i]);
		g_autofree char *cell =
			g_strdup_printf("|x|\n|-|\n| %s |", markdown);
		g_autofree char *plain = render_plain(markdown);
		g_autofree char *in_cell = render_plain(cell);
		g_autofree char *html = render_html(markdown);
		g_assert_null(strchr(markdown, '\n'));
		g_assert_cmpstr(plain, ==, texts[i]);
		g_assert_true(g_str_has_prefix(html, "<p>"));
		g_assert_null(strstr(html, "<em>"));
		g_auto(GStrv) words = g_strsplit_set(texts[i], " \n", 0);
		for (char **word = words; *word; word++)
			g_assert_nonnull(strstr(in_cell, *word));
	}
}

static void test_code(void)
{
	static const char *const texts[] = {
		"!q gil", "a`b", "`",	"``a",	  "a`",	 "*a* <b> &amp; \\",
		" a",	  "a ",	 "- a", "a``b`c", "```",
	};
	for (size_t i = 0; i < G_N_ELEMENTS(texts); i++) {
		g_autofree char *markdown = render_code(texts[i]);
		g_autofree char *html = render_html(markdown);
		g_autofree char *escaped = g_markup_escape_text(texts[i], -1);
		g_autofree char *expected =
			g_strdup_printf("<p><code>%s</code></p>", escaped);
		g_assert_cmpstr(html, ==, expected);
	}
	g_autofree char *lines = render_code("a\n\n- b");
	g_assert_cmpstr(lines, ==, "`a  - b`");
	g_autofree char *empty = render_code("");
	g_assert_cmpstr(empty, ==, "");
}

static void test_deep(void)
{
	/* Inline marks may be as deep as they like; tags are at most 100. */
	g_autoptr(GString) text = g_string_new(NULL);
	for (int i = 0; i < 5000; i++)
		g_string_append(text, i % 2 ? "*a " : "**b ");
	for (int i = 5000; i-- > 0;)
		g_string_append(text, i % 2 ? "c*" : "d**");
	g_autofree char *html = render_html(text->str);
	g_autofree char *plain = render_plain(text->str);
	int depth = 0;
	for (const char *c = html; (c = strchr(c, '<')); c++) {
		depth += c[1] == '/' ? -1 : 1;
		g_assert_cmpint(depth, <=, 100);
	}
	g_assert_cmpint(depth, ==, 0);
	g_assert_nonnull(strstr(plain, "c"));
}

static char *repeat(const char *text, size_t times, const char *tail)
{
	GString *all = g_string_new(NULL);
	for (size_t i = 0; i < times; i++)
		g_string_append(all, text);
	g_string_append(all, tail);
	return g_string_free(all, FALSE);
}

static const struct {
	const char *text;
	size_t times;
	const char *tail;
	const char *why; /* a piece of it; NULL: not hostile */
} hostiles[] = {
	{ "> ", 100, "a", NULL },
	{ "> ", 101, "a", "deep" },
	{ ">", 5000, "a", "deep" },
	{ "- ", 101, "a", "deep" },
	{ "1. ", 101, "a", "deep" },
	{ "- ", 500, "\n", NULL }, /* a thematic break */
	{ " ", 500, "code", NULL },
	{ "|a", 64, "\n|-|-", NULL },
	{ "|--", 64, "|\n", NULL },
	{ "|--", 65, "|\n", "64 columns" },
	{ "--|", 65, "-\r", "64 columns" },
	{ "a|", 20000, "\n-|-\n", "rows too long" },
	{ "a b|c|d\n|-|\n", 5000, "", "rows too long" },
	{ "| a | b |\n|---|---|\n| 1 | 2 |\n\n", 5000, "", NULL },
	{ "| 1 | 2 |\n", 5000, "", NULL },
	{ "- | -\nx: |\n", 5000, "", NULL },
	{ "* a\n  * b\n    * c\n", 5000, "", NULL },
};

static void test_hostile(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(hostiles); i++) {
		const char *why = NULL;
		g_autofree char *text = repeat(
			hostiles[i].text, hostiles[i].times, hostiles[i].tail);
		bool hostile = hostile_markdown(text, strlen(text), &why);
		g_test_message("%s…", hostiles[i].text);
		g_assert_cmpint(hostile, ==, hostiles[i].why != NULL);
		if (hostile)
			g_assert_nonnull(strstr(why, hostiles[i].why));
	}
	/* Rows that are filled up: 64 columns, one cell each. */
	g_autofree char *rows = repeat("a\n", 9000, "");
	g_autofree char *head = repeat("|-", 60, "|\n");
	g_autofree char *text = g_strconcat(head, head, rows, NULL);
	const char *why = NULL;
	g_assert_true(hostile_markdown(text, strlen(text), &why));
	g_assert_cmpstr(why, ==, "tables with too many empty cells");
	g_assert_false(hostile_markdown("", 0, NULL));
}

static void test_hostile_rendered(void)
{
	g_autofree char *text = repeat("> ", 101, "*a* <b>\nc\n\nd");
	g_autofree char *html = render_html(text);
	g_autofree char *plain = render_plain(text);
	g_assert_true(g_str_has_suffix(html, "*a* &lt;b&gt;<br>c</p><p>d</p>"));
	g_assert_true(g_str_has_suffix(plain, "*a* <b>\nc\n\nd"));
}

static void test_one_line(void)
{
	static const struct {
		const char *text, *line;
	} rows[] = {
		{ "a\n\nb", "a b" },
		{ " a\u2028b\tc ", "a b c" },
		{ "\u202egpj.exe", "gpj.exe" },
		{ "abcdefgh", "abcdefg…" },
		{ "abcdefg", "abcdefg" },
		{ "\xff", "\ufffd" },
		{ "", "" },
	};
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autofree char *line = render_one_line(rows[i].text, 7);
		g_assert_cmpstr(line, ==, rows[i].line);
	}
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/render/forms", test_forms);
	g_test_add_func("/render/terminal", test_terminal);
	g_test_add_func("/render/lines", test_lines);
	g_test_add_func("/render/escape", test_escape);
	g_test_add_func("/render/one-line", test_one_line);
	g_test_add_func("/render/code", test_code);
	g_test_add_func("/render/deep", test_deep);
	g_test_add_func("/render/hostile", test_hostile);
	g_test_add_func("/render/hostile-rendered", test_hostile_rendered);
	return g_test_run();
}
