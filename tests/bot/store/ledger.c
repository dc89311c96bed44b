#include "bot/store/ledger.h"

#include <string.h>

#include "bot/store/board.h"
#include "kb/error.h"
#include "tests/bot/store/store.h"

/* Rooms, people and runs that rows can name. */
static struct sqlite *open_with_people(void)
{
	struct sqlite *db = open_store();
	WELL(sqlite_script(
		db,
		"INSERT INTO person (person_no, name) VALUES (1, 'alice'), "
		"(2, 'bob'), (3, 'carol');"
		"INSERT INTO run (id, room_no, kind, topic, type, language, "
		"race, window_ms, asked, people, started) VALUES "
		"(1, 1, 'quiz', '', '', 'en', 0, 0, 1, 2, 0), "
		"(2, 1, 'quiz', '', '', 'en', 0, 0, 1, 1, 0);",
		&trouble));
	return db;
}

static int64_t cause;

static struct ledger_row row_of(int64_t person, int64_t points)
{
	return (struct ledger_row){
		.room = 1,
		.person = person,
		.run = 1,
		.question = ++cause,
		.entry_no = 7,
		.topic = "python/basics",
		.cause = cause,
		.kind = "answer",
		.points = points,
		.reason = "",
		.at = 1000,
		.local_date = "2025-01-01",
	};
}

static void pay(struct sqlite *db, int64_t person, int64_t points,
		const char *date)
{
	struct ledger_row row = row_of(person, points);
	row.local_date = date;
	WELL(ledger_write(db, &row, true, &trouble));
}

static bool holds(const char *path, void *data)
{
	return strstr(path, data) != NULL;
}

/* "alice 90 1, bob 40 2" */
static char *top_of(struct sqlite *db, enum board_span span, const char *date,
		    const char *topic)
{
	const struct board_query query = {
		.room = 1,
		.span = span,
		.local_date = date,
		.topic = topic ? holds : NULL,
		.data = (void *)topic,
		.most = 10,
	};
	g_autoptr(GError) error = NULL;
	g_autoptr(GArray) rows = board_top(db, &query, &error);
	g_assert_no_error(error);
	GString *text = g_string_new(NULL);
	for (guint i = 0; i < rows->len; i++) {
		const struct standing *s =
			&g_array_index(rows, struct standing, i);
		g_string_append_printf(text, "%s%s %d %u", i ? ", " : "",
				       s->name, (int)s->points, s->place);
	}
	return g_string_free(text, FALSE);
}

#define assert_top(db, span, date, topic, wanted)                              \
	do {                                                                   \
		g_autofree char *found = top_of(db, span, date, topic);        \
		g_assert_cmpstr(found, ==, wanted);                            \
	} while (0)

static void windows_are_the_room_s_days(void)
{
	g_autoptr(sqlite) db = open_with_people();
	pay(db, 1, 50, "2024-12-29"); /* a Sunday */
	pay(db, 1, 40, "2024-12-30"); /* the Monday of 2025-W01 */
	pay(db, 2, 60, "2025-01-01");
	assert_top(db, BOARD_DAY, "2025-01-01", NULL, "bob 60 1");
	assert_top(db, BOARD_WEEK, "2025-01-01", NULL, "bob 60 1, alice 40 2");
	assert_top(db, BOARD_MONTH, "2024-12-01", NULL, "alice 90 1");
	assert_top(db, BOARD_ALL, "2025-01-01", NULL, "alice 90 1, bob 60 2");
	assert_top(db, BOARD_DAY, "2025-01-02", NULL, "");
}

static void equal_points_share_a_place(void)
{
	g_autoptr(sqlite) db = open_with_people();
	pay(db, 3, 30, "2025-01-01");
	pay(db, 2, 60, "2025-01-01");
	pay(db, 1, 60, "2025-01-01");
	assert_top(db, BOARD_ALL, "2025-01-01", NULL,
		   "alice 60 1, bob 60 1, carol 30 3");
	struct standing carol = { .person = 3 };
	WELL(board_standing(db, 1, BOARD_ALL, "2025-01-01", &carol, &trouble));
	g_assert_cmpint(carol.points, ==, 30);
	g_assert_cmpuint(carol.place, ==, 3);
}

static void topics_are_summed(void)
{
	g_autoptr(sqlite) db = open_with_people();
	struct ledger_row row = row_of(1, 10);
	WELL(ledger_write(db, &row, true, &trouble));
	row = row_of(1, 15);
	row.topic = "python/memory";
	WELL(ledger_write(db, &row, true, &trouble));
	row = row_of(2, 20);
	row.topic = "network";
	WELL(ledger_write(db, &row, true, &trouble));
	row = row_of(3, 5);
	row.topic = "";
	WELL(ledger_write(db, &row, true, &trouble));
	assert_top(db, BOARD_ALL, "2025-01-01", "python", "alice 25 1");
	assert_top(db, BOARD_ALL, "2025-01-01", "memory", "alice 15 1");
	assert_top(db, BOARD_ALL, "2025-01-01", "network", "bob 20 1");
	assert_top(db, BOARD_ALL, "2025-01-01", NULL,
		   "alice 25 1, bob 20 2, carol 5 3");
}

static void a_row_is_written_once(void)
{
	g_autoptr(sqlite) db = open_with_people();
	struct ledger_row row = row_of(1, 10);
	g_autoptr(GError) error = NULL;
	WELL(ledger_write(db, &row, true, &trouble));
	g_assert_false(ledger_write(db, &row, true, &error));
	g_assert_error(error, KB_ERROR, KB_ERROR_STATEMENT);
}

static void who_plays_alone_is_off_the_board(void)
{
	g_autoptr(sqlite) db = open_with_people();
	struct ledger_row row = row_of(1, 80);
	int64_t alone, answers;
	row.run = 2;
	WELL(ledger_write(db, &row, false, &trouble));
	assert_top(db, BOARD_ALL, "2025-01-01", NULL, "");
	WELL(ledger_alone(db, 1, 1, &alone, &answers, &trouble));
	g_assert_cmpint(alone, ==, 80);
	g_assert_cmpint(answers, ==, 1);
	/* A second one joins. */
	WELL(ledger_count_run(db, 2, &trouble));
	assert_top(db, BOARD_ALL, "2025-01-01", NULL, "alice 80 1");
}

static void what_is_taken_back_has_its_own_row(void)
{
	g_autoptr(sqlite) db = open_with_people();
	struct ledger_row row = row_of(1, 80);
	int64_t points;
	WELL(ledger_write(db, &row, true, &trouble));
	WELL(ledger_undo(db, row.question, 1, 900, 5000, true, &points,
			 &trouble));
	g_assert_cmpint(points, ==, 80);
	WELL(ledger_undo(db, row.question, 1, 901, 5000, true, &points,
			 &trouble));
	g_assert_cmpint(points, ==, 0);
	/* It leaves the board of the day on which it was earned. */
	assert_top(db, BOARD_DAY, "2025-01-01", NULL, "");
	g_autoptr(GError) error = NULL;
	g_autoptr(GPtrArray) lines = ledger_lines(db, 1, 1, 0, 10, &error);
	g_assert_no_error(error);
	g_assert_cmpuint(lines->len, ==, 2);
	const struct ledger_line *undo = lines->pdata[0];
	g_assert_cmpstr(undo->kind, ==, "undo");
	g_assert_cmpint(undo->points, ==, -80);
	g_assert_cmpstr(undo->topic, ==, "python/basics");
}

static void a_reset_empties_every_board(void)
{
	g_autoptr(sqlite) db = open_with_people();
	int64_t rows;
	pay(db, 1, 50, "2024-12-29");
	pay(db, 2, 60, "2025-01-01");
	WELL(ledger_reset(db, 1, 700, 9000, &rows, &trouble));
	g_assert_cmpint(rows, ==, 2);
	assert_top(db, BOARD_ALL, "2025-01-01", NULL, "");
	assert_top(db, BOARD_DAY, "2024-12-29", NULL, "");
	assert_top(db, BOARD_ALL, "2025-01-01", "python", "");
	WELL(ledger_reset(db, 1, 701, 9000, &rows, &trouble));
	g_assert_cmpint(rows, ==, 0);
	pay(db, 1, 5, "2025-01-01");
	assert_top(db, BOARD_ALL, "2025-01-01", NULL, "alice 5 1");
}

static void a_reset_leaves_nothing_to_take_back(void)
{
	g_autoptr(sqlite) db = open_with_people();
	int64_t rows, points;
	struct ledger_row row = row_of(1, 80);
	WELL(ledger_write(db, &row, true, &trouble));
	WELL(ledger_reset(db, 1, 700, 9000, &rows, &trouble));
	WELL(ledger_undo(db, row.question, 1, 900, 9500, true, &points,
			 &trouble));
	g_assert_cmpint(points, ==, 0);
	pay(db, 1, 5, "2025-01-01");
	assert_top(db, BOARD_ALL, "2025-01-01", NULL, "alice 5 1");
	/* What came after it is there to be taken. */
	WELL(ledger_undo(db, cause, 1, 901, 9600, true, &points, &trouble));
	g_assert_cmpint(points, ==, 5);
	assert_top(db, BOARD_ALL, "2025-01-01", NULL, "");
}

static void what_was_earned_alone_before_a_reset_stays_away(void)
{
	g_autoptr(sqlite) db = open_with_people();
	int64_t rows, alone, answers, points;
	struct ledger_row row = row_of(1, 80);
	row.run = 2;
	WELL(ledger_write(db, &row, false, &trouble));
	WELL(ledger_reset(db, 1, 700, 9000, &rows, &trouble));
	g_assert_cmpint(rows, ==, 1);
	WELL(ledger_alone(db, 1, 1, &alone, &answers, &trouble));
	g_assert_cmpint(alone, ==, 0);
	/* A second one joins, and only what follows counts. */
	WELL(sqlite_script(db, "UPDATE run SET people = 2 WHERE id = 2",
			   &trouble));
	WELL(ledger_count_run(db, 2, &trouble));
	assert_top(db, BOARD_ALL, "2025-01-01", NULL, "");
	WELL(ledger_undo(db, row.question, 1, 900, 9500, true, &points,
			 &trouble));
	g_assert_cmpint(points, ==, 0);
	/* A run that is long over stays what it was. */
	row = row_of(3, 70);
	row.run = 3;
	WELL(sqlite_script(db,
			   "INSERT INTO run (id, room_no, kind, topic, type, "
			   "language, race, window_ms, asked, people, started, "
			   "ended) VALUES (3, 1, 'quiz', '', '', 'en', 0, 0, "
			   "1, 1, 0, 1000)",
			   &trouble));
	WELL(ledger_write(db, &row, false, &trouble));
	WELL(ledger_reset(db, 1, 701, 1001 + LEDGER_JOINED_LATE, &rows,
			  &trouble));
	g_assert_cmpint(rows, ==, 0);
	WELL(ledger_alone(db, 1, 3, &alone, &answers, &trouble));
	g_assert_cmpint(alone, ==, 70);
	WELL(ledger_undo(db, row.question, 3, 902, 9500, false, &points,
			 &trouble));
	g_assert_cmpint(points, ==, 70);
}

/* ---- boards are the ledger's sums ---- */

static char *key_of(int64_t room, const char *span, const char *period,
		    const char *topic, int64_t person)
{
	return g_strdup_printf("%d|%s|%s|%s|%d", (int)room, span, period, topic,
			       (int)person);
}

static void sum_up(GHashTable *sums, char *key, int64_t points)
{
	int64_t *sum = g_hash_table_lookup(sums, key);
	if (!sum) {
		sum = g_new0(int64_t, 1);
		g_hash_table_insert(sums, g_strdup(key), sum);
	}
	*sum += points;
	g_free(key);
}

static void gather(const struct ledger_line *line, int64_t room, void *sums)
{
	if (!line->counts)
		return;
	for (int span = 0; span < BOARD_SPANS; span++) {
		char period[BOARD_PERIOD_LEN];
		const char *name = board_span_name(span);
		board_period(span, line->local_date, period);
		sum_up(sums, key_of(room, name, period, "", line->person),
		       line->points);
		if (*line->topic)
			sum_up(sums,
			       key_of(room, name, period, line->topic,
				      line->person),
			       line->points);
	}
}

static void boards_are_the_ledger_s_sums(void)
{
	static const char *const topics[] = { "", "python", "python/gil",
					      "network" };
	g_autoptr(sqlite) db = open_with_people();
	g_autoptr(GRand) rand = g_rand_new_with_seed(5);
	for (int i = 0; i < 500; i++) {
		struct ledger_row row = row_of(g_rand_int_range(rand, 1, 4),
					       g_rand_int_range(rand, 0, 101));
		g_autofree char *date = g_strdup_printf(
			"2025-%02d-%02d", g_rand_int_range(rand, 1, 13),
			g_rand_int_range(rand, 1, 29));
		row.room = g_rand_int_range(rand, 1, 4);
		row.topic = topics[g_rand_int_range(rand, 0, 4)];
		row.run = g_rand_int_range(rand, 1, 3);
		row.local_date = date;
		WELL(ledger_write(db, &row, row.run == 1, &trouble));
		int64_t ignored;
		if (i % 50 == 17)
			WELL(ledger_undo(db, row.question, row.person,
					 10000 + i, 1, row.run == 1, &ignored,
					 &trouble));
		if (i % 200 == 150)
			WELL(ledger_reset(db, row.room, 20000 + i, 1, &ignored,
					  &trouble));
	}
	g_autoptr(GHashTable) sums =
		g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	WELL(ledger_each(db, 0, gather, sums, &trouble));
	sqlite3_stmt *all = NULL;
	sqlite3_prepare_v2(sqlite_handle(db),
			   "SELECT room_no, span, period, topic, person_no, "
			   "points FROM board",
			   -1, &all, NULL);
	guint rows = 0;
	for (; sqlite3_step(all) == SQLITE_ROW; rows++) {
		g_autofree char *key =
			key_of(sqlite3_column_int64(all, 0),
			       (const char *)sqlite3_column_text(all, 1),
			       (const char *)sqlite3_column_text(all, 2),
			       (const char *)sqlite3_column_text(all, 3),
			       sqlite3_column_int64(all, 4));
		const int64_t *sum = g_hash_table_lookup(sums, key);
		g_assert_nonnull(sum);
		g_assert_cmpint(*sum, ==, sqlite3_column_int64(all, 5));
	}
	sqlite3_finalize(all);
	g_assert_cmpuint(rows, ==, g_hash_table_size(sums));
	g_assert_cmpuint(rows, >, 500);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/ledger/windows are the room's days",
			windows_are_the_room_s_days);
	g_test_add_func("/ledger/equal points share a place",
			equal_points_share_a_place);
	g_test_add_func("/ledger/topics are summed", topics_are_summed);
	g_test_add_func("/ledger/a row is written once", a_row_is_written_once);
	g_test_add_func("/ledger/who plays alone is off the board",
			who_plays_alone_is_off_the_board);
	g_test_add_func("/ledger/what is taken back has its own row",
			what_is_taken_back_has_its_own_row);
	g_test_add_func("/ledger/a reset empties every board",
			a_reset_empties_every_board);
	g_test_add_func("/ledger/a reset leaves nothing to take back",
			a_reset_leaves_nothing_to_take_back);
	g_test_add_func("/ledger/what was earned alone before a reset stays "
			"away",
			what_was_earned_alone_before_a_reset_stays_away);
	g_test_add_func("/ledger/boards are the ledger's sums",
			boards_are_the_ledger_s_sums);
	return g_test_run();
}
