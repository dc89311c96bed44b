#include "bot/store/entry.h"
#include "tests/bot/store/store.h"

/* The notes as they are: id, title, file, content hash, four by four. */
static void follow(struct sqlite *db, const char *const *texts, size_t len)
{
	g_autoptr(GPtrArray) rows =
		g_ptr_array_new_with_free_func((GDestroyNotify)index_row_free);
	for (size_t i = 0; i < len; i += 4) {
		struct index_row *row = g_new0(struct index_row, 1);
		g_strlcpy(row->id, texts[i], sizeof(row->id));
		row->title = g_strdup(texts[i + 1]);
		row->file = g_strdup(texts[i + 2]);
		row->content_hash = g_strdup(texts[i + 3]);
		g_ptr_array_add(rows, row);
	}
	WELL(entry_follow(db, rows, 1000, &trouble));
}
#define FOLLOW(db, ...)                                                        \
	follow(db, (const char *const[]){ __VA_ARGS__ },                       \
	       sizeof((const char *const[]){ __VA_ARGS__ }) /                  \
		       sizeof(const char *))

static int64_t number(struct sqlite *db, const char *id)
{
	int64_t entry_no;
	g_autofree char *hash = NULL;
	WELL(entry_number(db, id, &entry_no, &hash, &trouble));
	return entry_no;
}

/* "added A, removed B", and forgets them as !reload does. */
static char *told(struct sqlite *db)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(GPtrArray) all = entry_differences(db, &error);
	g_assert_no_error(error);
	GString *text = g_string_new(NULL);
	for (size_t i = 0; i < all->len; i++) {
		const struct entry_difference *d = all->pdata[i];
		g_string_append_printf(text, "%s%s %s", i ? ", " : "", d->kind,
				       d->title);
	}
	WELL(entry_differences_told(db, &trouble));
	return g_string_free(text, false);
}

static void assert_told(struct sqlite *db, const char *wanted)
{
	g_autofree char *text = told(db);
	g_assert_cmpstr(text, ==, wanted);
}

static void the_first_notes_are_no_news(void)
{
	g_autoptr(sqlite) db = open_store();
	FOLLOW(db, "a", "A", "n.md", "1", "b", "B", "n.md", "2");
	assert_told(db, "");
	FOLLOW(db, "a", "A", "n.md", "1", "b", "B", "n.md", "2");
	assert_told(db, "");
	FOLLOW(db, "a", "A", "n.md", "1b", "c", "C", "n.md", "3");
	assert_told(db, "changed A, removed B, added C");
	assert_told(db, "");
}

static void a_retitled_entry_keeps_its_number(void)
{
	g_autoptr(sqlite) db = open_store();
	FOLLOW(db, "a", "Global interpreter lock", "n.md", "1", "b", "B",
	       "n.md", "2");
	int64_t a = number(db, "a");
	/* Another title and another text, but alike, in the same file. */
	FOLLOW(db, "x", "Global interpreter locks", "n.md", "9", "b", "B",
	       "n.md", "2");
	g_assert_cmpint(number(db, "x"), ==, a);
	g_assert_cmpint(number(db, "a"), ==, 0);
	assert_told(db, "changed Global interpreter locks");
}

static void a_moved_entry_keeps_its_number(void)
{
	g_autoptr(sqlite) db = open_store();
	FOLLOW(db, "a", "A", "old.md", "1");
	int64_t a = number(db, "a");
	FOLLOW(db, "y", "A", "new.md", "1");
	g_assert_cmpint(number(db, "y"), ==, a);
	assert_told(db, "");
}

static void an_entry_that_returns_gets_its_number_back(void)
{
	g_autoptr(sqlite) db = open_store();
	g_autofree char *id = NULL;
	g_autofree char *hash = NULL;
	FOLLOW(db, "a", "A", "n.md", "1", "b", "B", "n.md", "2");
	int64_t a = number(db, "a");
	FOLLOW(db, "b", "B", "n.md", "2");
	assert_told(db, "removed A");
	/* What names it by number still can. */
	WELL(entry_of_number(db, a, &id, &hash, &trouble));
	g_assert_cmpstr(id, ==, "a");
	FOLLOW(db, "a", "A", "n.md", "5", "b", "B", "n.md", "2");
	g_assert_cmpint(number(db, "a"), ==, a);
	assert_told(db, "added A");
}

static void two_languages_are_one_entry(void)
{
	g_autoptr(sqlite) db = open_store();
	FOLLOW(db, "a", "A", "n.md", "en1", "a", "А", "n.md", "ru1");
	assert_told(db, "");
	FOLLOW(db, "a", "A", "n.md", "en1", "a", "А", "n.md", "ru2");
	assert_told(db, "changed A");
}

static void each_entry_is_told_once(void)
{
	g_autoptr(sqlite) db = open_store();
	FOLLOW(db, "a", "A", "n.md", "1", "b", "B", "n.md", "2");
	assert_told(db, "");
	/* Saved three times; another came and went; a third came and changed.
	 */
	FOLLOW(db, "a", "A", "n.md", "1b", "b", "B", "n.md", "2", "c", "C",
	       "c.md", "3");
	FOLLOW(db, "a", "A", "n.md", "1c", "b", "B", "n.md", "2", "d", "D",
	       "d.md", "4");
	FOLLOW(db, "a", "A", "n.md", "1d", "d", "D", "d.md", "4b");
	assert_told(db, "changed A, added D, removed B");
	FOLLOW(db, "a", "A", "n.md", "1d", "b", "B", "n.md", "2", "d", "D",
	       "d.md", "4b");
	FOLLOW(db, "a", "A", "n.md", "1d", "d", "D", "d.md", "4b");
	assert_told(db, "");
}

static void a_retitled_entry_with_the_same_text_is_the_same(void)
{
	g_autoptr(sqlite) db = open_store();
	FOLLOW(db, "a", "One", "n.md", "1");
	int64_t a = number(db, "a");
	FOLLOW(db, "z", "Something else", "n.md", "1");
	g_assert_cmpint(number(db, "z"), ==, a);
	assert_told(db, "changed Something else");
}

static void an_entry_pasted_a_reload_later_is_the_same(void)
{
	g_autoptr(sqlite) db = open_store();
	FOLLOW(db, "a", "A", "n.md", "1", "b", "B", "n.md", "2");
	int64_t a = number(db, "a");
	FOLLOW(db, "b", "B", "n.md", "2");
	FOLLOW(db, "b", "B", "n.md", "2", "y", "A", "other.md", "1");
	g_assert_cmpint(number(db, "y"), ==, a);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/entry/the first notes are no news",
			the_first_notes_are_no_news);
	g_test_add_func("/entry/a retitled entry keeps its number",
			a_retitled_entry_keeps_its_number);
	g_test_add_func("/entry/a moved entry keeps its number",
			a_moved_entry_keeps_its_number);
	g_test_add_func("/entry/an entry that returns gets its number back",
			an_entry_that_returns_gets_its_number_back);
	g_test_add_func("/entry/two languages are one entry",
			two_languages_are_one_entry);
	g_test_add_func("/entry/each entry is told once",
			each_entry_is_told_once);
	g_test_add_func("/entry/retitled with the same text, it is the same",
			a_retitled_entry_with_the_same_text_is_the_same);
	g_test_add_func("/entry/pasted a reload later, it is the same",
			an_entry_pasted_a_reload_later_is_the_same);
	return g_test_run();
}
