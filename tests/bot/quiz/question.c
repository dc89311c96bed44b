#include "bot/quiz/question.h"

#include <stdlib.h>
#include <string.h>

#include "bot/quiz/passage.h"
#include "kb/library.h"
#include "kb/words.h"

/* ---- every entry of some notes, each type ---- */

static struct library *open_notes(const char *folder)
{
	const char *const folders[] = { folder, NULL };
	const struct library_options options = { .folders = folders };
	g_autoptr(GError) error = NULL;
	struct library *library = library_open(&options, &error);
	g_assert_no_error(error);
	return library;
}

static void make(struct library *library, const struct entry *entry,
		 const char *type, uint64_t seed, struct quiz_question *q,
		 bool *made)
{
	g_autoptr(GError) error = NULL;
	const struct question_source source = {
		.entry = entry,
		.index = library_index(library),
		.generation = library_generation(library),
		.language = say_language("en"),
		.seed = seed,
	};
	bool well = question_make(&source, type ? question_type(type) : NULL, q,
				  made, &error);
	g_assert_no_error(error);
	g_assert_true(well);
}

/* Calls for each entry of the notes that ship, and of two test folders. */
static void for_each_entry(void (*use)(struct library *library,
				       const struct entry *entry, void *data),
			   void *data)
{
	static const char *const folders[] = { "kb/notes", "tests/corpus/notes",
					       "tests/transcripts/quiz" };
	for (size_t f = 0; f < G_N_ELEMENTS(folders); f++) {
		g_autoptr(library) library = open_notes(folders[f]);
		g_autoptr(GError) error = NULL;
		g_autoptr(GPtrArray) rows =
			index_rows(library_index(library),
				   library_generation(library), &error);
		g_assert_no_error(error);
		for (guint i = 0; i < rows->len; i++) {
			const struct index_row *row = rows->pdata[i];
			g_autoptr(entry) entry = NULL;
			index_entry(library_index(library), row->row, &entry,
				    &error);
			g_assert_no_error(error);
			use(library, entry, data);
		}
	}
}

/* ---- choice ---- */

enum { PLACES = 4 };

struct tally {
	unsigned entries, draws;
	/* how often the key stood there, among three and among four */
	unsigned places[PLACES + 1][PLACES + 1];
};

/* Of each entry. Sanitizers are slow, and look for something else. */
static unsigned draws(void)
{
	const char *san = g_getenv("SAN");
	return san && *san ? 20 : 320;
}

static void check_options(const struct quiz_question *q)
{
	guint len = g_strv_length(q->options);
	int key = atoi(q->expected[0]);
	g_assert_cmpuint(len, >=, 3);
	g_assert_cmpuint(len, <=, 4);
	g_assert_cmpint(key, >=, 1);
	g_assert_cmpint(key, <=, (int)len);
	for (guint i = 0; i < len; i++) {
		g_autofree char *one = words_squash(q->options[i]);
		g_assert_cmpstr(one, !=, "");
		for (guint k = i + 1; k < len; k++) {
			g_autofree char *other = words_squash(q->options[k]);
			g_assert_cmpstr(one, !=, other);
		}
	}
	g_assert_cmpuint(g_strv_length(q->hints), ==, len - 2);
	for (char **hint = q->hints; *hint; hint++) {
		g_autofree char *right = g_strdup_printf(" %d.", key);
		g_assert_null(strstr(*hint, right));
	}
}

/* No wrong option is another name of the entry, or what it says itself. */
static void check_wrong(const struct entry *entry,
			const struct quiz_question *q)
{
	g_auto(GStrv) names = passage_names(entry);
	g_autofree char *brief =
		entry->brief ? words_squash(entry->brief) : g_strdup("");
	int key = atoi(q->expected[0]);
	for (int i = 0; q->options[i]; i++) {
		if (i + 1 == key)
			continue;
		g_autofree char *wrong = words_squash(q->options[i]);
		g_assert_cmpstr(wrong, !=, brief);
		for (char **name = names; *name; name++) {
			g_autofree char *own = words_squash(*name);
			g_assert_cmpstr(wrong, !=, own);
		}
	}
}

static void draw_choices(struct library *library, const struct entry *entry,
			 void *data)
{
	struct tally *tally = data;
	bool made = true;
	for (uint64_t seed = 0; made && seed < draws(); seed++) {
		g_auto(quiz_question) q = { 0 };
		/* Each entry has seeds of its own: equal ones shuffle alike. */
		make(library, entry, "choice",
		     (tally->entries * 1000 + seed) * 7919, &q, &made);
		if (!made)
			break;
		check_options(&q);
		check_wrong(entry, &q);
		tally->draws++;
		tally->places[g_strv_length(q.options)][atoi(q.expected[0])]++;
	}
	tally->entries += made;
}

/* 16.3 is the value that chi-square with 3 degrees of freedom passes once in
 * a thousand; the seeds are fixed, so that it is passed always or never. */
static void check_places(const unsigned *places, unsigned len)
{
	double all = 0, chi = 0;
	for (unsigned i = 1; i <= len; i++)
		all += places[i];
	for (unsigned i = 1; i <= len; i++) {
		double off = places[i] - all / len;
		chi += off * off / (all / len);
	}
	g_test_message("among %u: %u %u %u %u, chi-square %.1f", len, places[1],
		       places[2], places[3], places[4], chi);
	g_assert_cmpfloat(all, >, 50);
	g_assert_cmpfloat(chi, <, 16.3);
}

static void choices_are_fair(void)
{
	struct tally tally = { 0 };
	for_each_entry(draw_choices, &tally);
	g_test_message("%u entries, %u draws", tally.entries, tally.draws);
	g_assert_cmpuint(tally.entries, >=, 32);
	g_assert_cmpuint(tally.draws, >=, 31 * draws());
	check_places(tally.places[3], 3);
	check_places(tally.places[4], 4);
}

/* ---- all types ---- */

static void try_types(struct library *library, const struct entry *entry,
		      void *data)
{
	unsigned *made_of = data;
	for (size_t t = 0; question_types[t]; t++)
		for (uint64_t seed = 0; seed < 3; seed++) {
			g_auto(quiz_question) q = { 0 };
			bool made;
			make(library, entry, question_types[t]->name, seed, &q,
			     &made);
			if (!made)
				continue;
			made_of[t] += seed == 0;
			g_assert_cmpstr(q.type, ==, question_types[t]->name);
			g_assert_cmpstr(q.prompt, !=, "");
			g_assert_cmpstr(q.answer, !=, "");
			g_assert_nonnull(q.options);
			g_assert_nonnull(q.expected);
			g_assert_nonnull(q.hints);
		}
}

static void every_entry_gives_something(void)
{
	unsigned made[8] = { 0 };
	for_each_entry(try_types, made);
	for (size_t t = 0; question_types[t]; t++) {
		g_test_message("%s: %u", question_types[t]->name, made[t]);
		g_assert_cmpuint(made[t], >=, 20);
	}
}

/* ---- cloze ---- */

static void check_cloze(struct library *library, const struct entry *entry,
			void *data)
{
	unsigned *seen = data;
	for (uint64_t seed = 0; seed < 20; seed++) {
		g_auto(quiz_question) q = { 0 };
		bool made;
		make(library, entry, "cloze", seed, &q, &made);
		if (!made)
			return;
		(*seen)++;
		g_assert_nonnull(strstr(q.prompt, PASSAGE_GAP));
		/* The term is hidden wherever it stands. */
		g_autofree char *prompt = words_squash(q.prompt);
		g_autofree char *term = words_squash(q.expected[0]);
		g_assert_null(strstr(prompt, term));
		/* Who says it is right. */
		g_auto(verdict) verdict = { 0 };
		g_autoptr(GError) error = NULL;
		question_grade(&q, q.expected[0], library_index(library),
			       &verdict, &error);
		g_assert_no_error(error);
		g_assert_true(verdict.is_answer);
		g_assert_cmpint(verdict.g, ==, 1000);
	}
}

/* "файлы `.▁▁▁▁▁`" asks for pyc, never for dis, though both are aliases. */
static void check_gap(struct library *library, const struct entry *entry,
		      void *data)
{
	unsigned *aliases = data;
	g_auto(GStrv) titles = passage_titles(entry);
	for (uint64_t seed = 0; seed < 40; seed++) {
		g_auto(quiz_question) q = { 0 };
		bool made;
		make(library, entry, "cloze", seed, &q, &made);
		if (!made)
			return;
		g_assert_null(strstr(q.prompt, "." PASSAGE_GAP));
		g_assert_null(strstr(q.prompt, PASSAGE_GAP ".c"));
		if (g_strv_contains((const char *const *)titles, q.expected[0]))
			continue;
		g_assert_cmpuint(g_strv_length(q.expected), ==, 1);
		(*aliases)++;
	}
}

static void another_alias_does_not_fit_a_cloze(void)
{
	unsigned aliases = 0;
	for_each_entry(check_gap, &aliases);
	g_assert_cmpuint(aliases, >, 400);
}

static void a_cloze_hides_its_term(void)
{
	unsigned seen = 0;
	for_each_entry(check_cloze, &seen);
	g_assert_cmpuint(seen, >, 400);
}

/* ---- what is typed as an answer to a choice ---- */

static void options_are_chosen_in_many_ways(void)
{
	static const struct {
		const char *text;
		int option; /* 0: none */
	} rows[] = {
		{ "2", 2 },	  { "2.", 2 }, { "2)", 2 },	 { " 3 ", 3 },
		{ "b", 2 },	  { "C", 3 },  { "2️⃣", 2 }, { "4", 0 },
		{ "0", 0 },	  { "d", 0 },  { "22", 0 },	 { "1 2", 0 },
		{ "two", 0 },	  { "", 0 },   { "👍", 0 },	 { "-1", 1 },
		{ "2 или 3", 0 },
	};
	char *options[] = { "x", "y", "z", NULL };
	char *expected[] = { "2", NULL };
	const struct quiz_question q = {
		.type = "choice",
		.options = options,
		.expected = expected,
	};
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_auto(verdict) verdict = { 0 };
		g_autoptr(GError) error = NULL;
		g_assert_true(question_grade(&q, rows[i].text, NULL, &verdict,
					     &error));
		g_test_message("%s", rows[i].text);
		g_assert_cmpint(verdict.is_answer, ==, rows[i].option > 0);
		g_assert_cmpint(verdict.g, ==, rows[i].option == 2 ? 1000 : 0);
	}
}

static void types_have_names_in_either_layout(void)
{
	g_assert_cmpstr(question_type("choice")->name, ==, "choice");
	g_assert_cmpstr(question_type("CHOICE")->name, ==, "choice");
	g_assert_cmpstr(question_type("срщшсу")->name, ==, "choice");
	g_assert_cmpstr(question_type("выбор")->name, ==, "choice");
	g_assert_cmpstr(question_type("пропуск")->name, ==, "cloze");
	g_assert_null(question_type("python"));
	g_assert_null(question_type(""));
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
#define TEST(name) g_test_add_func("/question/" #name, name)
	TEST(choices_are_fair);
	TEST(every_entry_gives_something);
	TEST(a_cloze_hides_its_term);
	TEST(another_alias_does_not_fit_a_cloze);
	TEST(options_are_chosen_in_many_ways);
	TEST(types_have_names_in_either_layout);
	return g_test_run();
}
