#include "tests/kb/parsed.h"

static void id_is_of_key_local_and_number(void)
{
	char id[ENTRY_ID_LEN + 1];
	entry_id(id, "/a/b/", "gil", 0);
	/* printf '/a/b/\0gil\0000' | sha256sum */
	g_assert_cmpstr(id, ==, "ce614699762b");
	char other[ENTRY_ID_LEN + 1];
	entry_id(other, "/a/b/", "gil", 1);
	g_assert_cmpstr(id, !=, other);
	entry_id(other, "/a/b", "/gil", 0);
	g_assert_cmpstr(id, !=, other);
}

static char *hash_of(const char *text)
{
	g_autoptr(note) note = parsed(text);
	return entry_content_hash(entry_at(note, 0));
}

static void hash_is_of_content(void)
{
	g_autofree char *hash = hash_of("## A\n\n**Q:** q\n\n**A:** a\n");
	g_autofree char *moved =
		hash_of("\n\n\n## A\n**Q:**\nq\n\n**A:** a\n\n---\n");
	g_assert_cmpuint(strlen(hash), ==, 16);
	g_assert_cmpstr(hash, ==, moved);
	static const char *const others[] = {
		"## A\n\n**Q:** q\n\n**A:** b\n",
		"## A\n\n**Q:** q\n\n**A:** a\n\n**Hint:** h",
		"## A\n\n**Q:** qa\n\n**A:**\n",
		"---\ntags: t\n---\n## A\n\n**Q:** q\n\n**A:** a\n",
		"## A\n\n**Q:**\n- q\n- q\n\n**A:** a\n",
	};
	for (size_t i = 0; i < G_N_ELEMENTS(others); i++) {
		g_autofree char *other = hash_of(others[i]);
		g_assert_cmpstr(hash, !=, other);
	}
}

static void markdown_is_all_texts(void)
{
	g_autoptr(note) note =
		parsed("## A\n\nbody\n\n**Brief:** b\n\n**Q:** q\n\n"
		       "**Example:** e\n\n**A:** a\n\n**Hint:** h\n");
	g_autofree char *markdown = entry_markdown(entry_at(note, 0));
	g_assert_cmpstr(markdown, ==, "b\n\nbody\n\n> q\n\na\n\ne");
	g_autoptr(entry) empty = entry_new();
	g_autofree char *nothing = entry_markdown(empty);
	g_assert_cmpstr(nothing, ==, "");
}

static void remarks_are_written_as_compilers_do(void)
{
	g_autoptr(remark) remark =
		remark_new("kb/a.md", 7, REMARK_WARNING, "%s: %d", "x", 3);
	g_autofree char *text = remark_format(remark);
	g_assert_cmpstr(text, ==, "kb/a.md:7: warning: x: 3");
	g_assert_cmpstr(remark_level_name(REMARK_INFO), ==, "info");
	g_assert_cmpstr(remark_level_name(REMARK_ERROR), ==, "error");
	entry_free(NULL);
	remark_free(NULL);
	note_free(NULL);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
#define TEST(name) g_test_add_func("/entry/" #name, name)
	TEST(id_is_of_key_local_and_number);
	TEST(hash_is_of_content);
	TEST(markdown_is_all_texts);
	TEST(remarks_are_written_as_compilers_do);
	return g_test_run();
}
