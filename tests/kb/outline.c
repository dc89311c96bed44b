/* What Markdown a note may hold: headings, fences, tables, lists, links. */
#include "tests/kb/parsed.h"

static void assert_title(const char *heading, const char *title,
			 const char *block_id)
{
	g_autofree char *text = g_strconcat(heading, "\n\ntext\n", NULL);
	g_autoptr(note) note = parsed(text);
	g_assert_cmpuint(note->entries->len, ==, 1);
	g_assert_cmpstr(entry_at(note, 0)->title, ==, title);
	g_assert_cmpstr(entry_at(note, 0)->block_id, ==, block_id);
	g_assert_cmpstr(entry_at(note, 0)->answer, ==, "text");
	g_assert_cmpuint(note->remarks->len, ==, 0);
}

static void headings(void)
{
	assert_title("# A", "A", NULL);
	assert_title("###### A", "A", NULL);
	assert_title("   ##\t A b  ", "A b", NULL);
	assert_title("## A ##", "A", NULL);
	assert_title("## A ####   ", "A", NULL);
	assert_title("## C#", "C#", NULL);
	assert_title("## A ^block-1", "A", "block-1");
	assert_title("## A ^x ##", "A", "x");
	assert_title("## 2^10", "2^10", NULL);
	assert_title("## [A](b) `c` #tag 😀 1:", "[A](b) `c` #tag 😀 1:", NULL);
	assert_title("## with\u00a0space", "with\u00a0space", NULL);
	assert_title("A\n=", "A", NULL);
	assert_title("A\n--", "A", NULL);
	assert_title("A\nb\n===", "A b", NULL);
}

static void setext_in_a_row(void)
{
	g_autoptr(note) note = parsed("A\n---\ntext\n\nB\n---\n\nmore\n");
	g_assert_cmpuint(note->entries->len, ==, 2);
	g_assert_cmpstr(entry_at(note, 0)->title, ==, "A");
	g_assert_cmpstr(entry_at(note, 0)->answer, ==, "text");
	g_assert_cmpstr(entry_at(note, 1)->title, ==, "B");
	g_assert_cmpint(entry_at(note, 1)->line, ==, 5);
}

static void missing_space_is_remarked(void)
{
	g_autoptr(note) note = parsed("## A\n\n##Title\n\n##\u00a0Other\n\n"
				      "#tag\n\n```\n##x\n```\n");
	g_assert_true(remarked(note, REMARK_WARNING, 3, "space is missing"));
	g_assert_true(remarked(note, REMARK_WARNING, 5, "space is missing"));
	g_assert_cmpuint(note->remarks->len, ==, 2);
	g_assert_cmpuint(note->entries->len, ==, 1);
}

static void empty_heading_takes_the_notes_title(void)
{
	g_autoptr(note) note = parsed("##\n\ntext\n");
	g_assert_cmpstr(entry_at(note, 0)->title, ==, "note");
}

static void assert_code(const char *text, const char *language,
			const char *code)
{
	g_autoptr(note) note = parsed(text);
	g_assert_cmpuint(note->entries->len, ==, 1);
	g_assert_cmpuint(entry_at(note, 0)->code_len, ==, 1);
	g_assert_cmpstr(entry_at(note, 0)->code[0].language, ==, language);
	g_assert_cmpstr(entry_at(note, 0)->code[0].text, ==, code);
}

static void code(void)
{
	assert_code("## A\n\n```py title=x\na\n```\n", "py", "a\n");
	assert_code("## A\n\n~~~~\n~~~\n```\n~~~~\n", NULL, "~~~\n```\n");
	assert_code("## A\n```\n\n\n```\n", NULL, "\n\n");
	assert_code("## A\n```\n```\n", NULL, "");
	assert_code("## A\n```\n---\n## B\n**Q:** c\n\n---\n```\n", NULL,
		    "---\n## B\n**Q:** c\n\n---\n");
	assert_code("## A\n\n\ta\n\t\tb\n", NULL, "a\n\tb\n");
	assert_code("## A\n\n- x\n\n  ```c\n  a\n  ```\n", "c", "a\n");
	assert_code("## A\n\n> ```c\n> a\n> ```\n", "c", "a\n");
	assert_code("## A\r\n```\r\na\r\n\tb\r\n```\r\n", NULL, "a\n\tb\n");
}

static void unclosed_fence_ends_with_its_section(void)
{
	g_autoptr(note) note =
		parsed("## A\n\n```py\n# comment\nx\n\n---\n\n## B\n\ntext\n\n"
		       "```c\ny\n```\n\n## C\n\n~~~\nz\n\n");
	g_assert_cmpuint(note->entries->len, ==, 3);
	const struct entry *a = entry_at(note, 0);
	g_assert_cmpstr(a->answer, ==, "```py\n# comment\nx\n```");
	g_assert_cmpstr(a->code[0].text, ==, "# comment\nx\n");
	g_assert_cmpstr(entry_at(note, 1)->answer, ==, "text\n\n```c\ny\n```");
	g_assert_cmpstr(entry_at(note, 2)->answer, ==, "~~~\nz\n~~~");
	g_assert_cmpstr(entry_at(note, 2)->code[0].text, ==, "z\n");
	g_assert_true(remarked(note, REMARK_WARNING, 3, "never closed"));
	g_assert_true(remarked(note, REMARK_WARNING, 19, "never closed"));
}

static void unclosed_comment_ends_with_its_section(void)
{
	g_autoptr(note) note = parsed("## A\n\ntext\n\n<!-- x\n\n## B\n\nb\n");
	g_assert_cmpuint(note->entries->len, ==, 2);
	g_assert_cmpstr(entry_at(note, 1)->answer, ==, "b");
	g_assert_true(remarked(note, REMARK_WARNING, 5, "never closed"));
}

static void structure_stays_as_written(void)
{
	static const char *const texts[] = {
		"| a | b |\n|---|:-:|\n| \\| | `c` |",
		"- a\n  - b\n    1. c\n- [ ] d\n- [x] e",
		"a[^1]\n\n[^1]: note",
		"<details>\n<summary>s</summary>\n\nt\n\n</details>",
		"a<br>b &amp; &lt;",
		"$a_b$ and\n$$\nx\n$$",
		"> [!note] x\n> y",
		"![[img.png|300]] ==m== %%c%% #tag ^id",
		"[x]: https://example.org\n[x]",
		"a\n[ref]: https://example.org \"t\"\n\n[ref]",
		"line  \nbreak\\\nend",
	};
	for (size_t i = 0; i < G_N_ELEMENTS(texts); i++) {
		g_autofree char *text =
			g_strconcat("## A\n\n", texts[i], "\n\n---\n\n", NULL);
		g_autoptr(note) note = parsed(text);
		g_assert_cmpuint(note->entries->len, ==, 1);
		g_assert_cmpstr(entry_at(note, 0)->answer, ==, texts[i]);
		g_assert_cmpuint(note->remarks->len, ==, 0);
	}
}

static void links_in_order(void)
{
	g_autoptr(note) note = parsed(
		"## [H](h)\n\n[[x]], [a](b \"t\"), ![i](i.png), [[y#z|w]]\n\n"
		"- <https://e.org> ![[embed]] `[[code]]` [r][]\n\n[r]: s\n\n"
		"```\n[[c]] [d](e)\n```\n\n## B\n\n[other](o)\n");
	assert_strv(entry_at(note, 0)->links, "h|x|b|y#z|https://e.org|s");
	assert_strv(entry_at(note, 1)->links, "o");
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
#define TEST(name) g_test_add_func("/outline/" #name, name)
	TEST(headings);
	TEST(setext_in_a_row);
	TEST(missing_space_is_remarked);
	TEST(empty_heading_takes_the_notes_title);
	TEST(code);
	TEST(unclosed_fence_ends_with_its_section);
	TEST(unclosed_comment_ends_with_its_section);
	TEST(structure_stays_as_written);
	TEST(links_in_order);
	return g_test_run();
}
