#include "tests/kb/parsed.h"

static struct note *from_bytes(const char *bytes, size_t len)
{
	return note_parse("kb/note.md", NULL, bytes, len);
}

static void assert_answer(const char *bytes, const char *answer)
{
	g_autoptr(note) note = from_bytes(bytes, strlen(bytes));
	g_assert_cmpuint(note->entries->len, ==, 1);
	g_assert_cmpstr(entry_at(note, 0)->title, ==, "A");
	g_assert_cmpstr(entry_at(note, 0)->answer, ==, answer);
	g_assert_cmpuint(note->remarks->len, ==, 0);
}

static void line_ends(void)
{
	assert_answer("## A\r\n\r\nx\r\ny\r\n", "x\ny");
	assert_answer("## A\r\rx\ry", "x\ny");
	assert_answer("## A\n\rx\r\ny\rz", "x\ny\nz");
	assert_answer("\xef\xbb\xbf## A\n\nx", "x");
	assert_answer("\xef\xbb\xbf---\r\nlang: en\r\n---\r\n## A\r\n\r\nx",
		      "x");
}

static void characters_stay(void)
{
	assert_answer("## A\n\nи\u0306 x\u200by\u00adz\u2028w",
		      "и\u0306 x\u200by\u00adz\u2028w");
	/* Nothing but what cannot be seen is no text. */
	g_autoptr(note) note = parsed("## A\n\n\u00a0\u200b\u2028\u00ad\n");
	g_assert_cmpuint(note->entries->len, ==, 0);
}

static void labels_in_decomposed_letters(void)
{
	g_autoptr(note) note =
		parsed("## A\n\n**Типово\u0438\u0306 вопрос:** q\n\n"
		       "**Отве\u0442:** a");
	assert_strv(entry_at(note, 0)->questions, "q");
}

static void windows_1251(void)
{
	/* "## Заголовок\n\nтекст — да\n" */
	const char *bytes = "## \xc7\xe0\xe3\xee\xeb\xee\xe2\xee\xea\n\n"
			    "\xf2\xe5\xea\xf1\xf2 \x97 \xe4\xe0\n";
	g_autoptr(note) note = from_bytes(bytes, strlen(bytes));
	g_assert_cmpstr(entry_at(note, 0)->title, ==, "Заголовок");
	g_assert_cmpstr(entry_at(note, 0)->answer, ==, "текст — да");
	g_assert_true(remarked(note, REMARK_WARNING, 1, "Windows-1251"));
	g_assert_false(note_is_broken(note));
}

static void damage_is_replaced(void)
{
	static const char *const texts[] = {
		"## A\n\nтекст \xff да",      "## A\n\nтекст \xd0",
		"## A\n\ncaf\xe9 au lait",    /* Latin-1, not Windows-1251 */
		"## A\n\nтекст \xed\xa0\x80", /* a surrogate */
		"## A\n\nтекст \xc0\xaf",     /* too long a form */
	};
	for (size_t i = 0; i < G_N_ELEMENTS(texts); i++) {
		g_autoptr(note) note = from_bytes(texts[i], strlen(texts[i]));
		g_assert_true(remarked(note, REMARK_WARNING, 3, "not UTF-8"));
		g_assert_nonnull(strstr(entry_at(note, 0)->answer, "\ufffd"));
	}
	static const char bytes[] = "## A\n\nthis has a \0 NUL byte";
	g_autoptr(note) nul = from_bytes(bytes, sizeof(bytes) - 1);
	g_assert_cmpstr(entry_at(nul, 0)->answer, ==,
			"this has a \ufffd NUL byte");
	g_assert_true(remarked(nul, REMARK_WARNING, 3, "NUL"));
}

static void utf_16(void)
{
	const char bytes[] = "\xff\xfe#\0 \0A\0\n\0\n\0x\0";
	g_autoptr(note) note = from_bytes(bytes, sizeof(bytes) - 1);
	g_assert_cmpstr(entry_at(note, 0)->answer, ==, "x");
	g_assert_true(remarked(note, REMARK_WARNING, 1, "UTF-16"));
}

static void broken_utf_16_is_not_text(void)
{
	const char bytes[] = "\xff\xfe\0\xd8#\0\0\0A\0";
	g_autoptr(note) note = from_bytes(bytes, sizeof(bytes) - 1);
	g_assert_true(note_is_broken(note));
	g_assert_cmpuint(note->entries->len, ==, 0);
}

static void what_is_not_text(void)
{
	char bytes[256];
	for (size_t i = 0; i < sizeof(bytes); i++)
		bytes[i] = (char)i;
	g_autoptr(note) note = from_bytes(bytes, sizeof(bytes));
	g_assert_true(note_is_broken(note));
	g_assert_true(remarked(note, REMARK_ERROR, 0, "not text"));
	g_assert_cmpuint(note->entries->len, ==, 0);
	g_assert_cmpstr(note->title, ==, "note");
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
#define TEST(name) g_test_add_func("/bytes/" #name, name)
	TEST(line_ends);
	TEST(characters_stay);
	TEST(labels_in_decomposed_letters);
	TEST(windows_1251);
	TEST(damage_is_replaced);
	TEST(utf_16);
	TEST(broken_utf_16_is_not_text);
	TEST(what_is_not_text);
	return g_test_run();
}
