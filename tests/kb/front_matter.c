#include "kb/front_matter.h"
#include "tests/kb/parsed.h"

static void said_in_every_form(void)
{
	static const char *const forms[] = {
		"title: T\ntags: [a, b]\naliases: [c]\npermalink: /x/y/\n",
		"title: 'T'\ntags: a, b\naliases: c\npermalink: x/y\n",
		"title: T\ntags:\n  - a\n  - '#b'\naliases:\n- c\n"
		"permalink: \"//x//y\"\n",
		"{\"title\":\"T\",\"tags\":[\"a\",\"b\"],\"aliases\":[\"c\"],"
		"\"permalink\":\"/x/y/\"}\n",
		"{\n\t\"title\": \"T\",\n\t\"tags\": [\n\t\t\"a\",\n\t\t\"b\"\n"
		"\t],\n\t\"aliases\": [\"c\"],\n\t\"permalink\": \"/x/y\"\n}\n",
		"# comment\n\ntitle: >\n  T\ntags: [a, b]\naliases: c\n"
		"permalink: /x/y\nunknown: {deep: [1, 2]}\n",
	};
	for (size_t i = 0; i < G_N_ELEMENTS(forms); i++) {
		g_autofree char *text = g_strconcat(
			"---\n", forms[i], "---  \n## H\n\ntext\n", NULL);
		g_autoptr(note) note = parsed(text);
		g_assert_cmpuint(note->remarks->len, ==, 0);
		g_assert_cmpuint(note->entries->len, ==, 1);
		const struct entry *entry = entry_at(note, 0);
		g_assert_cmpstr(note->title, ==, "T");
		assert_strv(entry->path, "x|y");
		assert_strv(entry->tags, "a|b");
		assert_strv(entry->aliases, "c");
		g_assert_cmpstr(entry->answer, ==, "text");
	}
}

static void other_keys(void)
{
	g_autoptr(note) note =
		parsed("---\nauthor: [A, B]\nlang: en_GB\ndifficulty: 3\n"
		       "review-by: 2030-01-31\ndg-publish: true\n...\n"
		       "## H\n\ntext\n");
	const struct entry *entry = entry_at(note, 0);
	g_assert_cmpuint(note->remarks->len, ==, 0);
	g_assert_cmpstr(entry->author, ==, "A, B");
	g_assert_cmpstr(entry->language, ==, "en");
	g_assert_cmpstr(entry->difficulty, ==, "3");
}

static void permalinks(void)
{
	static const char *const rows[][2] = {
		{ "/a%20b/%D0%B3/", "a b|г" },
		{ "/a%ff/%zz", "a%ff|%zz" },
		{ "/", "" },
		{ "a", "a" },
	};
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autofree char *text = g_strdup_printf(
			"---\npermalink: \"%s\"\n---\ntext\n", rows[i][0]);
		g_autoptr(note) note = parsed(text);
		g_assert_cmpstr(note->permalink, ==, rows[i][0]);
		assert_strv(entry_at(note, 0)->path, rows[i][1]);
	}
}

/* The key is passed over and remarked, the rest is read. */
static void wrong_types(void)
{
	static const char *const keys[] = {
		"title: [a]",
		"permalink: {a: b}",
		"tags: {a: b}",
		"aliases: [[a], {b: c}]",
		"lang: [a]",
		"difficulty: {}",
		"dg-publish: maybe",
		"review-by: soon",
		"review-by: 2025-02-30",
		"znatok: labels",
		"znatok: {level: 7}",
		"znatok: {dialect: []}",
		"author: {a: b}",
	};
	for (size_t i = 0; i < G_N_ELEMENTS(keys); i++) {
		g_autofree char *text = g_strdup_printf(
			"---\n# c\n%s\n---\n## H\n\ntext\n", keys[i]);
		g_autoptr(note) note = parsed(text);
		g_assert_cmpuint(note->entries->len, ==, 1);
		g_assert_true(
			remarked(note, REMARK_WARNING, 3, "front matter: "));
	}
	g_autoptr(note) nulls = parsed("---\ntitle:\ntags: ~\naliases: []\n"
				       "permalink: null\n---\ntext\n");
	g_assert_cmpuint(nulls->remarks->len, ==, 0);
	g_assert_cmpstr(nulls->title, ==, "note");
}

static void last_of_two_keys_wins(void)
{
	g_autoptr(note) note =
		parsed("---\ntitle: a\ntags: x\ntitle: b\n---\ntext\n");
	g_assert_cmpstr(note->title, ==, "b");
	g_assert_true(remarked(note, REMARK_WARNING, 4, "title stands twice"));
}

static void assert_no_front_matter(const char *text, const char *answer)
{
	g_autoptr(note) note = parsed(text);
	g_assert_false(note_is_broken(note));
	g_assert_cmpuint(note->entries->len, >=, 1);
	g_assert_cmpstr(entry_at(note, 0)->answer, ==, answer);
}

static void a_rule_is_no_front_matter(void)
{
	assert_no_front_matter("---\n\n## A\n\nx\n\n---\n\n## B\n\ny\n", "x");
	assert_no_front_matter("---\nплохой текст, и всё\n\n---\n\nb",
			       "плохой текст, и всё\n\n---\n\nb");
	assert_no_front_matter("---\n- a\n- b\n\n---\n", "- a\n- b");
	assert_no_front_matter("text\n\n---\ntitle: x\n\n---\n",
			       "text\n\n---\ntitle: x");
	g_autoptr(note) labels = parsed("---\n## A\n\n**Q:** q\n\n**A:** a\n"
					"\n---\n\n## B\n\nb\n");
	g_assert_cmpuint(labels->entries->len, ==, 2);
	g_autoptr(note) open = parsed("---\ntitle: x\n\ntext\n");
	g_assert_true(remarked(open, REMARK_WARNING, 1, "never closed"));
	g_assert_cmpstr(entry_at(open, 0)->answer, ==, "title: x\n\ntext");
}

static void toml_is_passed_over(void)
{
	g_autoptr(note) note = parsed("+++\ntitle = 'x'\n+++\n\ntext\n");
	g_assert_cmpstr(entry_at(note, 0)->answer, ==, "text");
	g_assert_true(remarked(note, REMARK_WARNING, 1, "TOML"));
}

static void broken_is_an_error(void)
{
	static const char *const broken[] = {
		"tags: [a",	  "title: \"a", "\ta: b",    "a: *b",
		"x: \"\\ud800\"", "a: b: c",	"{\"a\": 1",
	};
	for (size_t i = 0; i < G_N_ELEMENTS(broken); i++) {
		g_autofree char *text = g_strdup_printf(
			"---\nlang: fr\nmid: x\n%s\n---\n## H\n\ntext\n",
			broken[i]);
		g_autoptr(note) note = parsed(text);
		g_assert_true(note_is_broken(note));
		g_assert_cmpstr(entry_at(note, 0)->answer, ==, "text");
		/* What stood before the trouble counts. */
		g_assert_cmpstr(note->language, ==, "fr");
	}
}

static void aliases_do_not_multiply(void)
{
	g_autoptr(note) shared = parsed("---\nauthor: &a Anna\ntags: [*a]\n"
					"title: *a\n---\ntext\n");
	g_assert_cmpstr(shared->title, ==, "Anna");
	assert_strv(entry_at(shared, 0)->tags, "Anna");

	g_autoptr(GString) laughs = g_string_new("---\na0: &a0 [lol]\n");
	for (int i = 1; i < 40; i++)
		g_string_append_printf(laughs,
				       "a%d: &a%d [*a%d, *a%d, *a%d, *a%d]\n",
				       i, i, i - 1, i - 1, i - 1, i - 1);
	g_string_append(laughs, "tags: *a39\n---\ntext\n");
	g_autoptr(note) note = parsed(laughs->str);
	g_assert_cmpuint(note->entries->len, ==, 1);
	assert_strv(entry_at(note, 0)->tags, "");

	g_autoptr(note) circle = parsed("---\ntags: &t [*t, a]\n---\ntext\n");
	assert_strv(entry_at(circle, 0)->tags, "a");
}

static void limits(void)
{
	g_autofree char *open = g_strnfill(100000, '[');
	g_autofree char *deep =
		g_strdup_printf("---\ntags: %s\n---\ntext\n", open);
	g_autoptr(note) note = parsed(deep);
	g_assert_true(note_is_broken(note));
	g_autofree char *filler = g_strnfill(300 * 1024, 'x');
	g_autofree char *big =
		g_strdup_printf("---\ntitle: %s\n---\ntext\n", filler);
	g_autoptr(note) large = parsed(big);
	g_assert_true(remarked(large, REMARK_ERROR, 1, "256 kB"));
	g_assert_cmpstr(entry_at(large, 0)->answer, ==, "text");
}

/* What no entry shows. */
static void review_by(void)
{
	char *text = g_strdup("---\nreview-by: 2030-01-31\n---\n");
	g_auto(lines) lines;
	lines_init(&lines, text, strlen(text));
	g_autoptr(GPtrArray) remarks = g_ptr_array_new();
	g_auto(front_matter) matter;
	front_matter_init(&matter, &lines, "note.md", remarks);
	g_assert_cmpstr(matter.review_by, ==, "2030-01-31");
	g_assert_cmpuint(matter.end, ==, 3);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
#define TEST(name) g_test_add_func("/front-matter/" #name, name)
	TEST(said_in_every_form);
	TEST(other_keys);
	TEST(permalinks);
	TEST(wrong_types);
	TEST(last_of_two_keys_wins);
	TEST(a_rule_is_no_front_matter);
	TEST(toml_is_passed_over);
	TEST(broken_is_an_error);
	TEST(aliases_do_not_multiply);
	TEST(limits);
	TEST(review_by);
	return g_test_run();
}
