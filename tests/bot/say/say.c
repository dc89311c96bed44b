#include <string.h>

#include "bot/say/say.h"

/* Backticks come in pairs, none of them in a plural. */
static void check_code(const struct language *language, enum sentence sentence)
{
	unsigned ticks = 0;
	bool in_braces = false;
	for (const char *c = say_words(language, sentence); *c; c++) {
		in_braces = *c == '{' || (in_braces && *c != '}');
		ticks += *c == '`';
		g_assert_false(in_braces && *c == '`');
	}
	if (ticks % 2)
		g_error("%s %s: a ` without another",
			say_language_name(language), say_name(sentence));
}

/* Each {n} of a text must be an argument, each plural a number with as many
 * forms as the language has. */
static void check_words(const struct language *language, enum sentence sentence)
{
	const char *kinds = say_kinds(sentence);
	const char *text = say_words(language, sentence);
	bool used[9] = { false };
	if (!text)
		g_error("%s has no %s", say_language_name(language),
			say_name(sentence));
	for (const char *open = strchr(text, '{'); open;
	     open = strchr(open + 1, '{')) {
		const char *end = strchr(open, '}');
		size_t i = (size_t)(open[1] - '1');
		g_assert_nonnull(end);
		if (i >= strlen(kinds))
			g_error("%s %s: {%c} is no argument",
				say_language_name(language), say_name(sentence),
				open[1]);
		used[i] = true;
		if (open[2] != '|')
			continue;
		unsigned forms = 0;
		for (const char *c = open; c < end; c++)
			forms += *c == '|';
		g_assert_cmpint(kinds[i], ==, 'n');
		g_assert_cmpuint(forms, ==, say_plural_forms(language));
	}
	for (size_t i = 0; i < strlen(kinds); i++)
		if (!used[i])
			g_error("%s %s: argument %zu is not said",
				say_language_name(language), say_name(sentence),
				i + 1);
}

static void every_language_has_every_sentence(void)
{
	size_t languages = 0;
	for (const struct language *const *l = say_languages(); *l; l++) {
		for (int i = 0; i < SAY_SENTENCES; i++) {
			check_words(*l, (enum sentence)i);
			check_code(*l, (enum sentence)i);
		}
		languages++;
	}
	g_assert_cmpuint(languages, >=, 2);
}

static void assert_says(const char *language, int n, const char *text)
{
	g_autofree char *said =
		say(say_language(language), SAY_RELOAD_NOW, ARG(n), ARG(1));
	if (!strstr(said, text))
		g_error("%d: “%s” lacks “%s”", n, said, text);
}

static void plurals_are_russian(void)
{
	static const struct {
		int n;
		const char *text;
	} cases[] = {
		{ 0, "0 записей" },	{ 1, "1 запись" },
		{ 2, "2 записи" },	{ 4, "4 записи" },
		{ 5, "5 записей" },	{ 11, "11 записей" },
		{ 12, "12 записей" },	{ 14, "14 записей" },
		{ 21, "21 запись" },	{ 22, "22 записи" },
		{ 25, "25 записей" },	{ 101, "101 запись" },
		{ 111, "111 записей" }, { 112, "112 записей" },
		{ 122, "122 записи" },
	};
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++)
		assert_says("ru", cases[i].n, cases[i].text);
}

static void plurals_are_english(void)
{
	assert_says("en", 0, "0 entries");
	assert_says("en", 1, "1 entry");
	assert_says("en", 2, "2 entries");
	assert_says("en", 21, "21 entries");
}

static void texts_are_escaped_and_markdown_is_not(void)
{
	const struct language *en = say_language("en");
	g_autofree char *text = say(en, SAY_Q_NONE, ARG("*a* <b>"));
	g_assert_null(strstr(text, "*a*"));
	g_autofree char *markdown =
		say(en, SAY_BULLET, ARG_MARKDOWN("*a* `b`"));
	g_assert_cmpstr(markdown, ==, "- *a* `b`");
}

static void long_texts_are_cut(void)
{
	const struct language *en = say_language("en");
	GString *query = g_string_new(NULL);
	for (int i = 0; i < SAY_TEXT_MOST; i++)
		g_string_append(query, "я");
	g_autofree char *whole = say(en, SAY_Q_NONE, ARG(query->str));
	g_assert_nonnull(strstr(whole, query->str));
	g_assert_null(strstr(whole, "яя…"));
	g_autofree char *kept = g_strconcat(query->str, "…", NULL);
	g_string_append(query, "ю");
	g_autofree char *cut = say(en, SAY_Q_NONE, ARG(query->str));
	g_assert_nonnull(strstr(cut, kept));
	g_autofree char *code = say(en, SAY_MORE, ARG(query->str));
	g_assert_nonnull(strstr(code, kept));
	g_autofree char *markdown =
		say(en, SAY_BULLET, ARG_MARKDOWN(query->str));
	g_assert_nonnull(strstr(markdown, query->str));
	g_string_free(query, TRUE);
}

static void what_to_type_is_code(void)
{
	const struct language *en = say_language("en");
	g_autofree char *more = say(en, SAY_MORE, ARG("."));
	g_assert_cmpstr(more, ==, "… `.more` shows the rest.");
	/* Not escaped, and still nothing but code. */
	g_autofree char *set = say(en, SAY_SET_DONE, ARG("a"), ARG("*`*"));
	g_assert_cmpstr(set, ==, "Set: ``a = *`*``");
}

static void wrong_kinds_are_told_and_shown_raw(void)
{
	g_test_expect_message(G_LOG_DOMAIN, G_LOG_LEVEL_CRITICAL, "*AND_MORE*");
	g_autofree char *text =
		say(say_language("en"), SAY_AND_MORE, ARG("three"));
	g_test_assert_expected_messages();
	g_assert_cmpstr(text, ==, say_words(say_language("en"), SAY_AND_MORE));
}

static void unknown_languages_are_null(void)
{
	g_assert_null(say_language("tlh"));
	g_assert_null(say_language(NULL));
	g_assert_cmpstr(say_language_name(say_language("ru")), ==, "ru");
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/say/every language has every sentence",
			every_language_has_every_sentence);
	g_test_add_func("/say/plurals are Russian", plurals_are_russian);
	g_test_add_func("/say/plurals are English", plurals_are_english);
	g_test_add_func("/say/texts are escaped, Markdown is not",
			texts_are_escaped_and_markdown_is_not);
	g_test_add_func("/say/long texts are cut", long_texts_are_cut);
	g_test_add_func("/say/what to type is code", what_to_type_is_code);
	g_test_add_func("/say/wrong kinds are told and shown raw",
			wrong_kinds_are_told_and_shown_raw);
	g_test_add_func("/say/unknown languages are NULL",
			unknown_languages_are_null);
	return g_test_run();
}
