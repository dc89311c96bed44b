#include "bot/store/ledger.h"

#include "bot/store/board.h"
#include "bot/store/db.h"
#include "bot/store/person.h"

static struct sqlite_value number_or_null(int64_t number)
{
	return number ? V(number) : V((const char *)NULL);
}

bool ledger_write(struct sqlite *db, const struct ledger_row *row, bool counts,
		  GError **error)
{
	const struct board_share share = {
		.room = row->room,
		.person = row->person,
		.topic = row->topic,
		.local_date = row->local_date,
		.points = row->points,
	};
	return sqlite_do(db, LEDGER_PUT, error, V(row->room), V(row->person),
			 number_or_null(row->run),
			 number_or_null(row->question),
			 number_or_null(row->entry_no), V(row->topic),
			 V(row->cause), V(row->kind), V(row->n), V(row->points),
			 V(row->reason), V(row->at), V(row->local_date)) &&
	       (!counts || board_add(db, &share, error));
}

static void share_free(void *data)
{
	struct board_share *share = data;
	g_free((char *)share->topic);
	g_free((char *)share->local_date);
	g_free(share);
}

static GPtrArray *shares_of_run(struct sqlite *db, int64_t run, GError **error)
{
	g_autoptr(GPtrArray) shares =
		g_ptr_array_new_with_free_func(share_free);
	g_auto(sqlite_rows) rows = sqlite_ask(db, LEDGER_OF_RUN, V(run));
	while (sqlite_next(&rows)) {
		struct board_share *share = g_new0(struct board_share, 1);
		share->room = sqlite_int(&rows, 0);
		share->person = sqlite_int(&rows, 1);
		share->topic = g_strdup(sqlite_text(&rows, 2));
		share->points = sqlite_int(&rows, 3);
		share->local_date = g_strdup(sqlite_text(&rows, 4));
		g_ptr_array_add(shares, share);
	}
	return sqlite_end(&rows, error) ? g_steal_pointer(&shares) : NULL;
}

bool ledger_count_run(struct sqlite *db, int64_t run, GError **error)
{
	g_autoptr(GPtrArray) shares = shares_of_run(db, run, error);
	if (!shares)
		return false;
	for (guint i = 0; i < shares->len; i++)
		if (!board_add(db, shares->pdata[i], error))
			return false;
	return true;
}

bool ledger_paid_for(struct sqlite *db, int64_t question, int64_t answer,
		     bool *paid, GError **error)
{
	int64_t one;
	return sqlite_ask_int(db, LEDGER_PAID_FOR, &one, paid, error,
			      V(question), V(answer));
}

bool ledger_undo(struct sqlite *db, int64_t question, int64_t person,
		 int64_t cause, int64_t at, bool counts, int64_t *points,
		 GError **error)
{
	struct ledger_row row = {
		.person = person,
		.question = question,
		.cause = cause,
		.kind = "undo",
		.reason = "",
		.at = at,
	};
	g_autofree char *topic = NULL, *local_date = NULL;
	g_auto(sqlite_rows) rows =
		sqlite_ask(db, LEDGER_OF_ANSWER, V(question), V(person));
	*points = 0;
	if (sqlite_next(&rows)) {
		row.room = sqlite_int(&rows, 0);
		row.run = sqlite_int(&rows, 1);
		row.entry_no = sqlite_int(&rows, 2);
		row.topic = topic = g_strdup(sqlite_text(&rows, 3));
		row.local_date = local_date = g_strdup(sqlite_text(&rows, 4));
		*points = sqlite_int(&rows, 5);
	}
	if (!sqlite_end(&rows, error))
		return false;
	row.points = -*points;
	return *points == 0 || ledger_write(db, &row, counts, error);
}

/* What somebody has earned on a topic and date. */
struct sum {
	struct board_share share;
	int64_t alone; /* the run that nobody else has joined yet; 0 */
};

static void sum_free(void *data)
{
	struct sum *sum = data;
	g_free((char *)sum->share.topic);
	g_free((char *)sum->share.local_date);
	g_free(sum);
}

/* Of runs with one person those that a second one may still join. */
static GPtrArray *sums_of_room(struct sqlite *db, int64_t room, int64_t since,
			       GError **error)
{
	g_autoptr(GPtrArray) sums = g_ptr_array_new_with_free_func(sum_free);
	g_auto(sqlite_rows) rows =
		sqlite_ask(db, LEDGER_SUMS, V(room), V(since));
	while (sqlite_next(&rows)) {
		struct sum *sum = g_new0(struct sum, 1);
		sum->share.room = room;
		sum->share.person = sqlite_int(&rows, 0);
		sum->share.topic = g_strdup(sqlite_text(&rows, 1));
		sum->share.local_date = g_strdup(sqlite_text(&rows, 2));
		sum->share.points = sqlite_int(&rows, 3);
		sum->alone = sqlite_int(&rows, 4);
		g_ptr_array_add(sums, sum);
	}
	return sqlite_end(&rows, error) ? g_steal_pointer(&sums) : NULL;
}

bool ledger_reset(struct sqlite *db, int64_t room, int64_t cause, int64_t at,
		  int64_t *rows, GError **error)
{
	g_autoptr(GPtrArray) sums =
		sums_of_room(db, room, at - LEDGER_JOINED_LATE, error);
	if (!sums)
		return false;
	for (guint i = 0; i < sums->len; i++) {
		const struct sum *sum = sums->pdata[i];
		const struct ledger_row row = {
			.room = room,
			.person = sum->share.person,
			.run = sum->alone,
			.topic = sum->share.topic,
			.cause = cause,
			.kind = "reset",
			.n = (int)i,
			.points = -sum->share.points,
			.reason = "",
			.at = at,
			.local_date = sum->share.local_date,
		};
		if (!ledger_write(db, &row, !sum->alone, error))
			return false;
	}
	*rows = sums->len;
	return true;
}

bool ledger_scored(struct sqlite *db, int64_t room, int64_t person,
		   const char *local_date, int64_t *count, GError **error)
{
	return sqlite_ask_int(db, LEDGER_SCORED, count, NULL, error, V(room),
			      V(person), V(local_date));
}

bool ledger_alone(struct sqlite *db, int64_t room, int64_t person,
		  int64_t *points, int64_t *answers, GError **error)
{
	return sqlite_ask_int(db, LEDGER_ALONE, points, NULL, error, V(room),
			      V(person)) &&
	       sqlite_ask_int(db, LEDGER_ANSWERS, answers, NULL, error, V(room),
			      V(person));
}

bool ledger_days(struct sqlite *db, int64_t room, int64_t person,
		 const char *until, char ***dates, GError **error)
{
	g_autoptr(GStrvBuilder) found = g_strv_builder_new();
	g_auto(sqlite_rows) rows =
		sqlite_ask(db, LEDGER_DAYS, V(room), V(person), V(until));
	while (sqlite_next(&rows))
		g_strv_builder_add(found, sqlite_text(&rows, 0));
	*dates = g_strv_builder_end(found);
	return sqlite_end(&rows, error);
}

void ledger_line_free(struct ledger_line *line)
{
	if (!line)
		return;
	g_free(line->name);
	g_free(line->topic);
	g_free(line->kind);
	g_free(line->reason);
	g_free(line->local_date);
	g_free(line->title);
	g_free(line);
}

static struct ledger_line *read_line(struct sqlite_rows *rows)
{
	struct ledger_line *line = g_new0(struct ledger_line, 1);
	line->id = sqlite_int(rows, 0);
	line->person = sqlite_int(rows, 1);
	line->name = g_strdup(sqlite_text(rows, 2));
	line->run = sqlite_int(rows, 3);
	line->question = sqlite_int(rows, 4);
	line->entry_no = sqlite_int(rows, 5);
	line->topic = g_strdup(sqlite_text(rows, 6));
	line->kind = g_strdup(sqlite_text(rows, 7));
	line->points = sqlite_int(rows, 8);
	line->reason = g_strdup(sqlite_text(rows, 9));
	line->at = sqlite_int(rows, 10);
	line->local_date = g_strdup(sqlite_text(rows, 11));
	line->title = g_strdup(sqlite_text(rows, 12));
	line->counts = sqlite_int(rows, 13) >= 2;
	return line;
}

GPtrArray *ledger_lines(struct sqlite *db, int64_t room, int64_t person,
			int64_t question, unsigned most, GError **error)
{
	g_autoptr(GPtrArray) lines = g_ptr_array_new_with_free_func(
		(GDestroyNotify)ledger_line_free);
	g_auto(sqlite_rows) rows =
		person ? sqlite_ask(db, LEDGER_LAST, V(room), V(person),
				    V(most))
		       : sqlite_ask(db, LEDGER_OF_QUESTION, V(question),
				    V(room), V(most));
	while (sqlite_next(&rows)) {
		struct ledger_line *line = read_line(&rows);
		line->flags = (unsigned)sqlite_int(&rows, 14);
		g_ptr_array_add(lines, line);
	}
	if (!sqlite_end(&rows, error))
		return NULL;
	g_autoptr(GArray) named =
		g_array_new(false, false, sizeof(struct person_named));
	for (guint i = 0; i < lines->len; i++) {
		struct ledger_line *line = lines->pdata[i];
		const struct person_named name = { line->person, &line->name };
		g_array_append_val(named, name);
	}
	return person_tell_apart(db, named, error) ? g_steal_pointer(&lines)
						   : NULL;
}

bool ledger_each(struct sqlite *db, int64_t person,
		 void (*use)(const struct ledger_line *line, int64_t room,
			     void *data),
		 void *data, GError **error)
{
	g_auto(sqlite_rows) rows =
		person ? sqlite_ask(db, LEDGER_OF_PERSON, V(person))
		       : sqlite_ask(db, LEDGER_ALL);
	while (sqlite_next(&rows)) {
		struct ledger_line *line = read_line(&rows);
		use(line, sqlite_int(&rows, 14), data);
		ledger_line_free(line);
	}
	return sqlite_end(&rows, error);
}
