/*
 * A note in the form of those that the bot was made for, trap by trap, and
 * what a whole note says of its entries. NOTE=FILE also tests the note that
 * started it all.
 */
#include "tests/kb/parsed.h"

#define CORPUS "tests/corpus/notes/"

static char *source;
static struct note *processes;

static void trap_1_json_front_matter_gives_topics(void)
{
	assert_strv(entry_at(processes, 0)->path,
		    "garden|knowlage-base|linux|processes");
	g_assert_cmpstr(processes->permalink, ==,
			"/garden/knowlage-base/linux/processes/");
}

static void trap_2_title_falls_back_to_permalink(void)
{
	g_assert_cmpstr(processes->title, ==, "processes");
	g_autoptr(note) other = note_parse("a/b/Имя файла.md", NULL, "x", 1);
	g_assert_cmpstr(other->title, ==, "Имя файла");
}

static void trap_3_two_spaces_after_hashes(void)
{
	g_assert_cmpstr(entry_at(processes, 1)->title, ==, "Сигналы");
	g_assert_cmpint(entry_at(processes, 1)->line, ==, 19);
}

static void trap_4_no_break_space_stays(void)
{
	g_assert_cmpstr(entry_at(processes, 2)->title, ==, "Вызов\u00a0`exec`");
	g_assert_cmpstr(entry_at(processes, 0)->brief, ==,
			"Вызов fork создаёт копию\u00a0процесса.");
}

static void trap_5_spaces_after_labels(void)
{
	const struct entry *fork = entry_at(processes, 0); /* two, one, none */
	g_assert_true(g_str_has_prefix(fork->brief, "Вызов fork"));
	assert_strv(fork->questions, "Чем потомок отличается от родителя?");
	g_assert_true(g_str_has_prefix(fork->answer, "- **PID и PPID:**"));
	g_assert_cmpstr(entry_at(processes, 3)->brief, ==,
			"Потомок умер, но его не дождались.");
}

static void trap_6_bold_bullets_are_not_labels(void)
{
	g_assert_cmpstr(
		entry_at(processes, 0)->answer, ==,
		"- **PID и PPID:** у потомка свой номер, а родителем числится "
		"тот, кто вызвал `fork`.\n- **Память:** страницы общие, пока "
		"кто-нибудь в них не напишет.");
}

static void trap_7_code_after_brief_is_the_sections(void)
{
	const struct entry *entry = entry_at(processes, 1);
	g_assert_cmpstr(entry->brief, ==, "Сигнал прерывает процесс.");
	g_assert_cmpstr(entry->body, ==,
			"```sh\n# послать сигнал: это комментарий, а не "
			"заголовок\nkill -TERM \"$pid\"\n```");
	assert_strv(entry->questions, "Какие сигналы нельзя перехватить?");
	g_assert_cmpuint(entry->code_len, ==, 1);
	g_assert_cmpstr(entry->code[0].language, ==, "sh");
}

static void trap_8_section_without_question(void)
{
	const struct entry *entry = entry_at(processes, 2);
	g_assert_null(entry->questions[0]);
	g_assert_null(entry->answer);
	g_assert_true(remarked(processes, REMARK_INFO, entry->line,
			       "no question and no answer"));
	g_assert_cmpuint(processes->remarks->len, ==, 1);
}

static void trap_9_single_newlines_stay(void)
{
	g_assert_cmpstr(entry_at(processes, 3)->answer, ==,
			"Родитель не вызвал `wait`\nЗапись о потомке остаётся "
			"в таблице\nИ занимает номер.");
}

static void trap_10_hard_breaks_and_rules(void)
{
	g_assert_cmpstr(entry_at(processes, 1)->answer, ==,
			"Их два: `SIGKILL`.  \nИ `SIGSTOP`.");
	for (guint i = 0; i < processes->entries->len; i++) {
		g_autofree char *all = entry_markdown(entry_at(processes, i));
		g_assert_null(strstr(all, "---"));
	}
}

static void trap_11_answer_of_many_blocks(void)
{
	const char *answer = entry_at(processes, 4)->answer;
	g_assert_true(g_str_has_prefix(answer, "Через макросы"));
	g_assert_nonnull(strstr(answer, "\n\n- `WIFEXITED`"));
	g_assert_nonnull(strstr(answer, "сразу за текстом\n```c\nint status;"));
}

static void trap_12_code_keeps_its_bytes(void)
{
	g_assert_cmpstr(entry_at(processes, 2)->code[0].text, ==,
			"int main(void)\n{\n\tchar *args[] = { \"ls\", NULL };"
			"\t/* табуляция */\n\treturn execvp(\"ls\", args) "
			"__attribute__ == 0;\n}\n");
	g_assert_cmpuint(processes->entries->len, ==, 5);
}

static void trap_13_fence_ends_the_file(void)
{
	const struct entry *entry = entry_at(processes, 4);
	g_assert_cmpint(source[strlen(source) - 1], ==, '`');
	g_assert_true(g_str_has_suffix(entry->answer, "\n```"));
	g_assert_cmpuint(entry->code_len, ==, 1);
	g_assert_cmpstr(entry->code[0].text, ==,
			"int status;\nwaitpid(pid, &status, 0);\n"
			"# не заголовок\n");
}

static void english_note(void)
{
	g_autofree char *bytes = NULL;
	g_autoptr(note) storage = parsed_file(CORPUS "storage.md", &bytes);
	g_assert_cmpstr(storage->title, ==, "Storage engines");
	g_assert_cmpstr(storage->language, ==, "en");
	g_assert_cmpuint(storage->entries->len, ==, 3);
	const struct entry *intro = entry_at(storage, 0);
	g_assert_cmpstr(intro->body, ==, "An engine keeps rows on a disk.");
	assert_strv(intro->aliases, "engines");
	const struct entry *btree = entry_at(storage, 1);
	g_assert_cmpstr(btree->title, ==, "B-tree");
	g_assert_cmpstr(btree->block_id, ==, "btree");
	g_assert_cmpstr(btree->hint, ==, "count the disk reads");
	assert_strv(btree->keywords, "page|fan-out");
	assert_strv(btree->tags, "databases|storage");
	const struct entry *lsm = entry_at(storage, 2);
	assert_strv(lsm->questions, "What does an LSM tree do on a write?|"
				    "Why are writes in an LSM tree cheap?");
	g_assert_cmpstr(lsm->example, ==,
			"```text\nput k v -> log, memtable\n```");
}

/* The note that the bot was made for, where it is at hand. */
static void founding_note(void)
{
	const char *file = g_getenv("NOTE");
	if (!file || !*file) {
		g_test_message("NOTE names no file: tested without it");
		return;
	}
	g_autofree char *bytes = NULL;
	g_autoptr(note) own = parsed_file(file, &bytes);
	size_t asked = 0, briefs = 0, code = 0;
	for (guint i = 0; i < own->entries->len; i++) {
		const struct entry *entry = entry_at(own, i);
		asked += *entry->questions && entry->answer;
		briefs += entry->brief != NULL;
		code += entry->code_len;
		for (size_t j = 0; j < entry->code_len; j++)
			g_assert_nonnull(strstr(bytes, entry->code[j].text));
		assert_strv(entry->path, "interview|knowlage-base|python|"
					 "python-internals");
	}
	g_assert_cmpuint(own->entries->len, ==, 7);
	g_assert_cmpuint(asked, ==, 6);
	g_assert_cmpuint(briefs, ==, 7);
	g_assert_cmpuint(code, ==, 3);
	g_assert_cmpuint(own->remarks->len, ==, 1);
}

static void path_without_permalink_is_topics(void)
{
	const char *const topics[] = { "python", "async", NULL };
	g_autoptr(note) own = note_parse("a.md", topics, "text", 4);
	assert_strv(entry_at(own, 0)->path, "python|async");
	g_autoptr(note) none = parsed("text");
	assert_strv(entry_at(none, 0)->path, "");
}

static void titles_in_order(void)
{
	g_autoptr(note) matter =
		parsed("---\ntitle: A\npermalink: /x/y/\n---\n# B\n\ntext");
	g_assert_cmpstr(matter->title, ==, "A");
	g_assert_cmpstr(entry_at(matter, 0)->title, ==, "B");
	g_autoptr(note) heading =
		parsed("---\npermalink: /x/y/\n---\n# B\n\ntext");
	g_assert_cmpstr(heading->title, ==, "B");
	g_autoptr(note) permalink =
		parsed("---\npermalink: /x/y/\n---\n# B\n\n# C\n\ntext");
	g_assert_cmpstr(permalink->title, ==, "y");
	g_autoptr(note) file = parsed("## B\n\ntext");
	g_assert_cmpstr(file->title, ==, "note");
}

static void aliases_name_the_note(void)
{
	g_autoptr(note) one = parsed("---\naliases: [a, b]\n---\n## T\n\nx");
	assert_strv(entry_at(one, 0)->aliases, "a|b");
	g_autoptr(note) two =
		parsed("---\naliases: a\ntags: t\n---\n## T\n\nx\n\n## U\n\ny");
	assert_strv(entry_at(two, 0)->aliases, "");
	assert_strv(entry_at(two, 1)->aliases, "");
	assert_strv(entry_at(two, 1)->tags, "t");
	g_assert_true(remarked(two, REMARK_INFO, 1, "aliases"));
}

static void languages(void)
{
	g_autoptr(note) mixed = parsed(
		"## Замыкание\n\nФункция, которая помнит переменные.\n\n"
		"## Closure\n\nA function that keeps its variables.\n\n"
		"## GIL\n\nLock\n\n## Ещё\n\nСлово: `a_long_identifier()`, "
		"[и](https://example.org/a/long/path) ещё слова.\n\n"
		"```\nall of this is code and counts for nothing here\n```\n");
	g_assert_cmpstr(mixed->language, ==, "ru");
	g_assert_cmpstr(entry_at(mixed, 0)->language, ==, "ru");
	g_assert_cmpstr(entry_at(mixed, 1)->language, ==, "en");
	g_assert_cmpstr(entry_at(mixed, 2)->language, ==, "ru"); /* short */
	g_assert_cmpstr(entry_at(mixed, 3)->language, ==, "ru");
	g_autoptr(note) said = parsed("---\nlang: uk-UA\n---\n## A\n\nСлова");
	g_assert_cmpstr(said->language, ==, "uk");
	g_assert_cmpstr(entry_at(said, 0)->language, ==, "uk");
}

static void hidden_note_has_no_entries(void)
{
	g_autoptr(note) hidden =
		parsed("---\ndg-publish: false\n---\n## A\n\ntext");
	g_assert_true(hidden->hidden);
	g_assert_cmpuint(hidden->entries->len, ==, 0);
}

static void dialect_by_front_matter(void)
{
	const char *body = "---\nznatok: {dialect: headings, level: 2}\n---\n"
			   "## Closures\n\na\n\n### Deep\n\nb\n";
	g_autoptr(note) own = parsed(body);
	g_assert_cmpstr(own->dialect, ==, "headings");
	g_assert_cmpuint(own->entries->len, ==, 1);
	g_assert_cmpstr(entry_at(own, 0)->answer, ==, "a\n\n### Deep\n\nb");
	g_autoptr(note) odd =
		parsed("---\nznatok: {dialect: klingon}\n---\n## A\n\na");
	g_assert_cmpstr(odd->dialect, ==, "reference");
	g_assert_true(remarked(odd, REMARK_WARNING, 1, "klingon"));
}

static void nothing_but_front_matter(void)
{
	const char *const texts[] = {
		"",    "\n",  "---\n---",	"---\ntitle: A\n---\n",
		" \n", "---", "---\n---\n---\n"
	};
	for (size_t i = 0; i < G_N_ELEMENTS(texts); i++) {
		g_autoptr(note) empty = parsed(texts[i]);
		g_assert_cmpuint(empty->entries->len, ==, 0);
		g_assert_nonnull(empty->title);
		g_assert_nonnull(empty->language);
		g_assert_false(note_is_broken(empty));
	}
}

static void broken_front_matter_leaves_the_body(void)
{
	g_autoptr(note) broken =
		parsed("---\ntitle: A\ntags: [a, b\n---\n## A\n\ntext\n");
	g_assert_true(note_is_broken(broken));
	g_assert_cmpuint(broken->entries->len, ==, 1);
	g_assert_cmpstr(entry_at(broken, 0)->answer, ==, "text");
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	processes = parsed_file(CORPUS "processes.md", &source);
#define TEST(name) g_test_add_func("/note/" #name, name)
	TEST(trap_1_json_front_matter_gives_topics);
	TEST(trap_2_title_falls_back_to_permalink);
	TEST(trap_3_two_spaces_after_hashes);
	TEST(trap_4_no_break_space_stays);
	TEST(trap_5_spaces_after_labels);
	TEST(trap_6_bold_bullets_are_not_labels);
	TEST(trap_7_code_after_brief_is_the_sections);
	TEST(trap_8_section_without_question);
	TEST(trap_9_single_newlines_stay);
	TEST(trap_10_hard_breaks_and_rules);
	TEST(trap_11_answer_of_many_blocks);
	TEST(trap_12_code_keeps_its_bytes);
	TEST(trap_13_fence_ends_the_file);
	TEST(english_note);
	TEST(founding_note);
	TEST(path_without_permalink_is_topics);
	TEST(titles_in_order);
	TEST(aliases_name_the_note);
	TEST(languages);
	TEST(hidden_note_has_no_entries);
	TEST(dialect_by_front_matter);
	TEST(nothing_but_front_matter);
	TEST(broken_front_matter_leaves_the_body);
	int status = g_test_run();
	note_free(processes);
	g_free(source);
	return status;
}
