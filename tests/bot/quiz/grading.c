/*
 * The kept answers of tests/corpus/grading/, each with what a person thinks of
 * it: how many right ones are accepted, how many wrong ones. In three parts:
 *
 *	tuning	  seen while thresholds and tests of contradiction were made
 *	check	  written, and labelled, when those were done
 *	strangers written by somebody who knew nothing of the program, in part
 *		  to notes of their own; 3 of 10 turn the note's own words
 *		  around on purpose. Nothing was changed after they were seen.
 *
 * What gets accepted was not changed after the first look at the check part,
 * but by one rule: what says the whole key and more about other things is not.
 * The threshold of what is likely wrong was, once, by what the tuning part
 * says, after all of the check part but fresh.tsv had been seen: of "likely
 * wrong" only fresh.tsv is a clean measure. Whoever mends what the check part
 * shows has to write another one.
 *
 * A line is an entry's title or id, what kind of answer, and the answer. Those
 * of note.tsv are to the note that NOTE names, if it does.
 */

#include "bot/quiz/grade.h"

#include <stdio.h>
#include <string.h>

#include "kb/library.h"

#define CORPUS "tests/corpus/grading/"

enum label { LABEL_RIGHT, LABEL_PARTIAL, LABEL_WRONG, LABELS };

static const struct kind {
	const char *name;
	enum label label;
	/* In another language: not meant to be accepted. */
	bool foreign;
} kinds[] = {
	{ "right", LABEL_RIGHT, false },
	{ "paraphrase", LABEL_RIGHT, false },
	{ "translit", LABEL_RIGHT, false },
	{ "foreign", LABEL_RIGHT, true },
	{ "partial", LABEL_PARTIAL, false },
	{ "wrong", LABEL_WRONG, false },
	{ "contrary", LABEL_WRONG, false },
	{ "parrot", LABEL_WRONG, false },
	{ "stuffed", LABEL_WRONG, false },
	{ "empty", LABEL_WRONG, false },
};

enum { KINDS = G_N_ELEMENTS(kinds), VERDICTS = 3 };

struct figures {
	unsigned by_kind[KINDS][VERDICTS];
	GHashTable *entries; /* that were answered */
};

static size_t kind_of(const char *name)
{
	for (size_t i = 0; i < KINDS; i++)
		if (g_str_equal(kinds[i].name, name))
			return i;
	g_error("%s is no kind of answer", name);
}

static struct entry *entry_of(struct index *index, GPtrArray *rows,
			      const char *name)
{
	for (guint i = 0; i < rows->len; i++) {
		const struct index_row *row = rows->pdata[i];
		struct entry *entry = NULL;
		if (!g_str_equal(row->title, name) &&
		    !g_str_equal(row->id, name))
			continue;
		g_assert_true(index_entry(index, row->row, &entry, NULL));
		g_assert_nonnull(entry);
		return entry;
	}
	g_error("there is no entry %s", name);
}

/* "wrong" answers that are accepted, and "right" ones that are not even
 * judged by people, are shown. */
static void show(const char *file, char **cells, enum label label,
		 enum grade_verdict verdict)
{
	if ((label == LABEL_WRONG && verdict == GRADE_ACCEPT) ||
	    (label == LABEL_RIGHT && verdict == GRADE_WRONG))
		printf("# %s: %s: %s is taken as %s: %s\n", file, cells[0],
		       cells[1], grade_verdict_name(verdict), cells[2]);
}

static void take_file(struct figures *figures, struct library *library,
		      const char *file)
{
	struct index *index = library_index(library);
	g_autoptr(GPtrArray) rows =
		index_rows(index, library_generation(library), NULL);
	g_autofree char *text = NULL;
	g_autoptr(GError) error = NULL;
	g_file_get_contents(file, &text, NULL, &error);
	g_assert_no_error(error);
	g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
	for (char **line = lines; *line; line++) {
		g_auto(GStrv) cells = g_strsplit(*line, "\t", 3);
		if (!**line)
			continue;
		g_assert_cmpuint(g_strv_length(cells), ==, 3);
		size_t kind = kind_of(cells[1]);
		g_autoptr(entry) entry = entry_of(index, rows, cells[0]);
		const struct grade_reference reference =
			grade_reference_of(entry, index);
		g_auto(grade) grade = { 0 };
		g_assert_true(grade_open(&reference, cells[2], &grade, &error));
		figures->by_kind[kind][grade.verdict]++;
		g_hash_table_add(figures->entries, g_strdup(entry->id));
		show(file, cells, kinds[kind].label, grade.verdict);
	}
}

static struct library *library_of(const char *const *folders)
{
	g_autoptr(GError) error = NULL;
	const struct library_options options = { .folders = folders };
	struct library *library = library_open(&options, &error);
	g_assert_no_error(error);
	return library;
}

static void take_part(struct figures *figures, const char *part)
{
	static const char *const shipped[] = { "kb/notes", "tests/corpus/notes",
					       CORPUS "notes", NULL };
	static const char *const strange[] = { "kb/notes",
					       CORPUS "strangers/notes", NULL };
	const char *note = g_getenv("NOTE");
	const char *const own[] = { note, NULL };
	g_autofree char *folder = g_build_filename(CORPUS, part, NULL);
	g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
	g_assert_nonnull(dir);
	for (const char *name; (name = g_dir_read_name(dir));) {
		if (!g_str_has_suffix(name, ".tsv"))
			continue;
		bool of_note = g_str_equal(name, "note.tsv");
		if (of_note && !(note && *note))
			continue;
		g_autoptr(library) library =
			library_of(of_note			    ? own
				   : g_str_equal(part, "strangers") ? strange
								    : shipped);
		g_autofree char *file = g_build_filename(folder, name, NULL);
		take_file(figures, library, file);
	}
}

/* Of answers with a label, how many there are and how many got a verdict. */
static unsigned count(const struct figures *figures, enum label label,
		      bool foreign, int verdict)
{
	unsigned sum = 0;
	for (size_t i = 0; i < KINDS; i++)
		for (int j = 0; j < VERDICTS; j++)
			if (kinds[i].label == label &&
			    (foreign || !kinds[i].foreign) &&
			    (verdict < 0 || verdict == j))
				sum += figures->by_kind[i][j];
	return sum;
}

static double share(unsigned part, unsigned all)
{
	return all ? 100.0 * part / all : 0;
}

static void print(const struct figures *figures, const char *part)
{
	printf("# %s, %u entries\n", part, g_hash_table_size(figures->entries));
	printf("#   %-12s %6s %6s %6s\n", "", "accept", "peers", "wrong");
	for (size_t i = 0; i < KINDS; i++)
		printf("#   %-12s %6u %6u %6u\n", kinds[i].name,
		       figures->by_kind[i][GRADE_ACCEPT],
		       figures->by_kind[i][GRADE_PEERS],
		       figures->by_kind[i][GRADE_WRONG]);
}

static void part(const void *data)
{
	const char *name = data;
	g_autoptr(GHashTable) entries =
		g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	struct figures figures = { .entries = entries };
	take_part(&figures, name);
	print(&figures, name);
	unsigned right = count(&figures, LABEL_RIGHT, true, -1);
	unsigned wrong = count(&figures, LABEL_WRONG, true, -1);
	double accepted =
		share(count(&figures, LABEL_RIGHT, true, GRADE_ACCEPT), right);
	double own = share(count(&figures, LABEL_RIGHT, false, GRADE_ACCEPT),
			   count(&figures, LABEL_RIGHT, false, -1));
	double rejected =
		share(count(&figures, LABEL_RIGHT, true, GRADE_WRONG), right);
	double passed =
		share(count(&figures, LABEL_WRONG, true, GRADE_ACCEPT), wrong);
	printf("# of %u right: %.1f %% accepted (%.1f %% of those in the "
	       "notes' language), %.1f %% likely wrong; of %u wrong: %.1f %% "
	       "accepted\n",
	       right, accepted, own, rejected, wrong, passed);
	/* As it was at first sight: 11.9, 7.3, 0. */
	if (g_str_equal(name, "strangers")) {
		g_assert_cmpfloat(accepted, >=, 11.5);
		g_assert_cmpfloat(rejected, <=, 3);
		g_assert_cmpfloat(passed, <=, 7.5);
	}
	if (!g_str_equal(name, "check"))
		return;
	g_assert_cmpuint(g_hash_table_size(entries), >=, 20);
	g_assert_cmpuint(right, >=, 80);
	g_assert_cmpuint(wrong, >=, 80);
	g_assert_cmpfloat(accepted, >=, 40);
	g_assert_cmpfloat(rejected, <=, 3);
	/* The aim is 1, and is missed: 1.6 at first sight. */
	g_assert_cmpfloat(passed, <=, 2);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_data_func("/grading/tuning", "tuning", part);
	g_test_add_data_func("/grading/check", "check", part);
	g_test_add_data_func("/grading/strangers", "strangers", part);
	return g_test_run();
}
