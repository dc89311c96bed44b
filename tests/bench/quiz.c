/*
 * A busy quiz: 1,000 rooms, 10,000 people, a ledger of 1,000,000 rows. !q, !a
 * and !top take turns, 64 ready at a time, the whole way from inbox to sent,
 * beside what SQLite itself does with the same rows on the same disk in the
 * same run; then !top alone.
 *
 * usage: quiz NOTES ROUNDS     the stores are made in the current folder
 */

#include <glib.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bot/base/clock.h"
#include "bot/bot.h"
#include "bot/commands/list.h"
#include "bot/store/db.h"
#include "bot/store/mail.h"
#include "kb/render.h"

enum {
	READY = 64,
	ROOMS = 1000,
	PEOPLE = 10000,
	ROWS = 1000000,
	ROOM_PEOPLE = PEOPLE * 10 / ROOMS, /* each is in ten rooms */
	KINDS = 3,
	START = 1700000000, /* s, in 2023 */
};

static void must(bool well, GError *error)
{
	if (!well)
		g_error("%s", error ? error->message : "?");
}

static double now(void)
{
	return (double)g_get_monotonic_time() / 1e6;
}

/* ---- what is there before ---- */

/*
 * Rooms, people, one open question a room, and the ledger with its boards.
 * Person p is in the rooms p % 1000, p % 1000 + 100, …; rows lie in 400 days.
 */
static const char prepare_sql[] =
	"BEGIN;"
	"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n "
	"WHERE i < 1000) INSERT INTO room (room_no) SELECT i FROM n;"
	"INSERT INTO room_address (network, address, room_no) "
	"SELECT 'sink', '#r' || room_no, room_no FROM room;"
	"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n "
	"WHERE i < 10000) INSERT INTO person (person_no, name) "
	"SELECT i, 'p' || i FROM n;"
	"INSERT INTO person_address (network, address, person_no) "
	"SELECT 'sink', name, person_no FROM person;"
	"INSERT INTO run (room_no, kind, topic, type, language, race, "
	"window_ms, asked, put, people, started) SELECT room_no, 'quiz', '', "
	"'', 'en', 0, 0, 2, 2, 2, 1700000000000 FROM room;"
	"INSERT INTO question (run, room_no, n, entry_no, type, title, topic, "
	"prompt, options, expected, hints, wordings, answer, wrong, window_ms, "
	"state, opened, closes) SELECT id, room_no, 2, 1, 'choice', 'GIL', "
	"'python/runtime', 'Which?', 'one' || char(10) || 'two' || char(10) "
	"|| 'three' || char(10), '2' || char(10), '', '', '2. two', '', "
	"86400000, 'open', 1700000000000, 1900000000000 FROM run;"
	/* Nobody answers early: the question has players who never come. */
	"INSERT INTO run_person (run, person_no) SELECT id, 10001 FROM run;"
	"WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n "
	"WHERE i < 999999) INSERT INTO ledger (room_no, person_no, run, "
	"question, entry_no, topic, cause, kind, n, points, reason, at, "
	"local_date) SELECT (i % 10000 + i / 10000 % 10 * 100) % 1000 + 1, "
	"i % 10000 + 1, (i % 10000 + i / 10000 % 10 * 100) % 1000 + 1, "
	"NULL, 1, CASE i % 3 WHEN 0 THEN 'python/runtime' WHEN 1 THEN "
	"'python/objects' ELSE 'network' END, i + 1, 'answer', 0, "
	"i * 7 % 101, 'g=1000 hints=0 speed=1000 fresh=1000 attempt=1 "
	"verdict=a rule=0', 0, date(1700000000 - i % 401 * 86400, "
	"'unixepoch') FROM n;"
	/* Each date and its periods; a week is its Thursday's. */
	"CREATE TEMP TABLE span (local_date, name, period);"
	"INSERT INTO span SELECT d, 'day', d FROM (SELECT DISTINCT local_date "
	"AS d FROM ledger);"
	"INSERT INTO span SELECT local_date, 'month', substr(local_date, 1, 7) "
	"FROM span WHERE name = 'day';"
	"INSERT INTO span SELECT local_date, 'all', '' FROM span "
	"WHERE name = 'day';"
	"INSERT INTO span SELECT local_date, 'week', strftime('%Y-W', "
	"date(local_date, '-3 days', 'weekday 4')) || printf('%02d', "
	"(strftime('%j', date(local_date, '-3 days', 'weekday 4')) - 1) / 7 "
	"+ 1) FROM span WHERE name = 'day';"
	"CREATE INDEX temp.span_date ON span (local_date);"
	"INSERT INTO board SELECT room_no, name, period, t, person_no, "
	"sum(points) FROM (SELECT room_no, person_no, points, local_date, "
	"topic AS t FROM ledger UNION ALL SELECT room_no, person_no, points, "
	"local_date, '' FROM ledger) JOIN span USING (local_date) "
	"GROUP BY 1, 2, 3, 4, 5;"
	"COMMIT; PRAGMA wal_checkpoint(TRUNCATE);";

/* In a process of its own, so that its memory is not ours. */
static void prepare(const char *state)
{
	pid_t child = fork();
	if (child == 0) {
		GError *error = NULL;
		struct sqlite *db = db_open(state, &error);
		must(db, error);
		must(sqlite_script(db, "PRAGMA cache_size = -200000", &error),
		     error);
		must(sqlite_script(db, prepare_sql, &error), error);
		sqlite_close(db);
		_exit(0);
	}
	int status = 1;
	waitpid(child, &status, 0);
	if (status)
		g_error("the store could not be made");
}

/* ---- a network that takes everything at once ---- */

struct sink {
	struct chat_host host;
	int64_t sent;
};

static void *sink_open(const struct chat_host *host, const void *options,
		       GError **error)
{
	(void)error;
	struct sink *sink = g_new0(struct sink, 1);
	sink->host = *host;
	*(struct sink **)options = sink;
	return sink;
}

static GPtrArray *sink_render(void *self, const struct chat_reply *reply)
{
	(void)self;
	g_autofree char *text = render_plain(reply->markdown);
	GPtrArray *parts =
		g_ptr_array_new_with_free_func((GDestroyNotify)g_bytes_unref);
	g_ptr_array_add(parts, g_bytes_new(text, strlen(text)));
	return parts;
}

static bool sink_step(void *self, GError **error)
{
	struct sink *sink = self;
	struct sqlite *db = sink->host.db;
	g_autoptr(GPtrArray) wires = mail_to_send(db, "sink", READY, error);
	if (!wires || wires->len == 0)
		return wires != NULL;
	if (!sqlite_begin(db, error))
		return false;
	for (guint i = 0; i < wires->len; i++) {
		char event[24];
		g_snprintf(event, sizeof(event), "s%" G_GINT64_FORMAT,
			   sink->sent++);
		if (!mail_sent(db, wires->pdata[i], event, error))
			return false;
	}
	return sqlite_commit(db, error);
}

static const struct chat_network sink_network = {
	.name = "sink",
	.can = { .edit = true, .react = true, .thread = true },
	.open = sink_open,
	.render = sink_render,
	.step = sink_step,
	.close = g_free,
};

/* ---- a round ---- */

static const char *const texts[KINDS] = { "!q gil", "!a 2", "!top" };

/* Message n is of that person in that room. No one answers twice. */
static void place(int64_t n, int *room, int *person)
{
	int64_t turn = n / ROOMS % 10;
	*person = (int)(n % ROOMS + n / (10 * ROOMS) % 10 * ROOMS) + 1;
	*room = (int)((*person - 1) % ROOMS + turn * 100) % ROOMS + 1;
}

static void arrive(struct sqlite *db, int64_t *event)
{
	GError *error = NULL;
	must(sqlite_begin(db, &error), error);
	for (int i = 0; i < READY; i++, (*event)++) {
		char id[24], room[8], person[8];
		int r, p;
		place(*event / KINDS, &r, &p);
		g_snprintf(id, sizeof(id), "e%" G_GINT64_FORMAT, *event);
		g_snprintf(room, sizeof(room), "#r%d", r);
		g_snprintf(person, sizeof(person), "p%d", p);
		const struct chat_message message = {
			.event = id,
			.kind = CHAT_MESSAGE,
			.room = room,
			.person = person,
			.name = person,
			.text = texts[*event % KINDS],
			.at = START * (int64_t)1000 + *event,
		};
		must(mail_receive(db, "sink", &message, message.at, NULL,
				  &error),
		     error);
	}
	must(sqlite_commit(db, &error), error);
}

/* What an answer says, and the bytes that were sent. */
struct sample {
	char *markdown, *bytes;
};

static void read_samples(struct sqlite *db, struct sample samples[KINDS])
{
	static const int kinds[] = { 0, 2 };
	for (size_t i = 0; i < G_N_ELEMENTS(kinds); i++) {
		sqlite3_stmt *ask = NULL;
		sqlite3_prepare_v2(
			sqlite_handle(db),
			"SELECT o.markdown, w.bytes FROM inbox i JOIN outbox o "
			"ON o.cause = i.id JOIN wire w ON w.outbox_id = o.id "
			"WHERE i.body = ? LIMIT 1",
			-1, &ask, NULL);
		sqlite3_bind_text(ask, 1, texts[kinds[i]], -1, SQLITE_STATIC);
		if (sqlite3_step(ask) != SQLITE_ROW)
			g_error("%s was not answered", texts[kinds[i]]);
		samples[kinds[i]] = (struct sample){
			g_strdup((const char *)sqlite3_column_text(ask, 0)),
			g_strdup((const char *)sqlite3_column_text(ask, 1)),
		};
		sqlite3_finalize(ask);
	}
}

/* ---- the rival: the same rows, nothing else ---- */

static void rival_answer(struct sqlite *db, int64_t event, int64_t inbox)
{
	GError *error = NULL;
	int room, person;
	place(event / KINDS, &room, &person);
	must(sqlite_do(db, ANSWER_NEW, &error, V(room), V(person), V(1),
		       V(inbox), V(event), V(0), V(1000), V("a"), V("2"), V(""),
		       V(""), V(0)),
	     error);
}

static void rival_say(struct sqlite *db, int64_t event, int64_t inbox,
		      const struct sample *sample)
{
	GError *error = NULL;
	int64_t outbox;
	char id[40];
	const char *null = NULL;
	g_snprintf(id, sizeof(id), "%032" G_GINT64_MODIFIER "x", event);
	must(sqlite_ask_int(db, OUTBOX_PUT, &outbox, NULL, &error, V("sink"),
			    V(1), V(0), V(null), V(null), V("e1"), V(null),
			    V("notice"), V(sample->markdown), V(null), V(null),
			    V(inbox), V(event), V("ready")) &&
		     sqlite_do(db, WIRE_PUT, &error, V(outbox), V(0),
			       V((const char *)id), V(null),
			       sqlite_value_blob(sample->bytes,
						 (int)strlen(sample->bytes))),
	     error);
}

static void rival_round(struct sqlite *db, int64_t *event,
			const struct sample samples[KINDS])
{
	GError *error = NULL;
	int64_t inbox[READY], first = *event;
	const char *null = NULL;
	must(sqlite_begin(db, &error), error);
	for (int i = 0; i < READY; i++, (*event)++) {
		char id[24];
		int room, person;
		place(*event / KINDS, &room, &person);
		g_snprintf(id, sizeof(id), "e%" G_GINT64_FORMAT, *event);
		must(sqlite_ask_int(db, INBOX_PUT, &inbox[i], NULL, &error,
				    V("sink"), V((const char *)id), V(0),
				    V(room), V(person), V(0), V(0), V(0),
				    V(texts[*event % KINDS]), V(null), V(null),
				    V(*event), V(*event), V("new")),
		     error);
	}
	must(sqlite_commit(db, &error), error);
	must(sqlite_begin(db, &error), error);
	for (int i = 0; i < READY; i++) {
		int kind = (int)((first + i) % KINDS);
		if (kind == 1)
			rival_answer(db, first + i, inbox[i]);
		else
			rival_say(db, first + i, inbox[i], &samples[kind]);
		must(sqlite_do(db, INBOX_DONE, &error, V(inbox[i])), error);
	}
	must(sqlite_commit(db, &error), error);
	must(sqlite_begin(db, &error), error);
	g_autoptr(GPtrArray) wires = mail_to_send(db, "sink", READY, &error);
	for (guint i = 0; i < wires->len; i++) {
		char id[24];
		g_snprintf(id, sizeof(id), "s%" G_GINT64_FORMAT, first + i);
		must(mail_sent(db, wires->pdata[i], id, &error), error);
	}
	must(sqlite_commit(db, &error), error);
}

/* ---- figures ---- */

static int by_value(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;
	return (x > y) - (x < y);
}

static double median(double *values, int len)
{
	qsort(values, (size_t)len, sizeof(*values), by_value);
	return values[len / 2];
}

/* kB of memory of our own. */
static long own_memory(void)
{
	g_autofree char *status = NULL;
	if (!g_file_get_contents("/proc/self/status", &status, NULL, NULL))
		return 0;
	const char *line = strstr(status, "RssAnon:");
	return line ? atol(line + strlen("RssAnon:")) : 0;
}

/* The command alone, without the commits around it, in rooms drawn by lot. */
static void print_top(struct library *library, struct sqlite *db,
		      const struct config *config)
{
	enum { TIMES = 4000 };
	static const char *const asked[] = { "!top", "!top week", "!top month",
					     "!top 20 all", "!top python" };
	g_autofree double *us = g_new(double, TIMES);
	g_autoptr(GRand) rand = g_rand_new_with_seed(1);
	for (int i = 0; i < TIMES; i++) {
		g_autoptr(GString) said = g_string_new(NULL);
		GError *error = NULL;
		struct command_call call = {
			.db = db,
			.library = library,
			.config = config,
			.table = command_list,
			.room = g_rand_int_range(rand, 1, ROOMS + 1),
			.person = 1,
			.now = START * (int64_t)1000,
			.name = "p1",
			.language = say_language("en"),
			.prefix = "!",
			.said = said,
		};
		double start = now();
		must(command_answer(&call, asked[i % G_N_ELEMENTS(asked)],
				    false, &error),
		     error);
		us[i] = (now() - start) * 1e6;
		/* Nobody may have played this week, but everybody ever. */
		if (!strstr(said->str, "**p") && i % G_N_ELEMENTS(asked) != 1)
			g_error("nobody is on the board of room %d: %s",
				(int)call.room, asked[i % G_N_ELEMENTS(asked)]);
	}
	double p50 = median(us, TIMES);
	printf("!top over %d rows: p50 %.0f us, p99 %.0f us (aim: 2,000)\n",
	       ROWS, p50, us[TIMES * 99 / 100]);
}

/* Rounds of the two take turns, so that the disk's mood meets both. */
static void play_rounds(struct bot *bot, struct sqlite *db,
			struct sqlite *rival, int rounds)
{
	g_autofree double *ours = g_new(double, rounds);
	g_autofree double *theirs = g_new(double, rounds);
	int64_t events[2] = { 0, 0 };
	struct sample samples[KINDS] = { 0 };
	long most = 0;
	for (int i = 0; i < rounds; i++) {
		double start = now();
		arrive(db, &events[0]);
		must(bot_drain(bot), NULL);
		ours[i] = now() - start;
		if (i == 0)
			read_samples(db, samples);
		start = now();
		rival_round(rival, &events[1], samples);
		theirs[i] = now() - start;
		most = MAX(most, own_memory());
	}
	double own = READY / median(ours, rounds);
	double other = READY / median(theirs, rounds);
	printf("!q, !a, !top mixed             %8.0f /s\n"
	       "SQLite, the same rows          %8.0f /s   znatok reaches %.0f "
	       "%% of it (aim: 60 %%)\n",
	       own, other, 100 * own / other);
	printf("memory of its own, at most: %.1f MB (aim: 16)\n",
	       (double)most / 1024);
	for (int i = 0; i < KINDS; i++) {
		g_free(samples[i].markdown);
		g_free(samples[i].bytes);
	}
}

static int64_t count_answers(struct sqlite *db)
{
	int64_t answers = 0;
	sqlite3_stmt *count = NULL;
	sqlite3_prepare_v2(sqlite_handle(db), "SELECT count(*) FROM answer", -1,
			   &count, NULL);
	if (sqlite3_step(count) == SQLITE_ROW)
		answers = sqlite3_column_int64(count, 0);
	sqlite3_finalize(count);
	return answers;
}

int main(int argc, char **argv)
{
	GError *error = NULL;
	int rounds = argc > 2 ? atoi(argv[2]) : 0;
	if (rounds < 1)
		g_error("usage: quiz NOTES ROUNDS");
	prepare("quiz-bot");
	must(g_spawn_command_line_sync("cp -r quiz-bot quiz-rival", NULL, NULL,
				       NULL, &error),
	     error);
	const char *const folders[] = { argv[1], NULL };
	const struct library_options notes = { .folders = folders };
	g_autoptr(library) library = library_open(&notes, &error);
	must(library, error);
	g_autoptr(bot_config) config = config_default();
	config->bot_flood = 0;
	config->notes_watch = false;
	struct clock clock = { .is_virtual = true,
			       .now = START * (int64_t)1000 };
	uint64_t seed = 1;
	struct sink *sink = NULL;
	g_autoptr(sqlite) db = db_open("quiz-bot", &error);
	must(db, error);
	g_autoptr(sqlite) rival = db_open("quiz-rival", &error);
	must(rival, error);
	const struct chat_choice networks[] = { { &sink_network, &sink },
						{ 0 } };
	const struct bot_options options = {
		.config = config,
		.library = library,
		.db = db,
		.clock = &clock,
		.seed = &seed,
		.commands = command_list,
		.networks = networks,
	};
	g_autoptr(bot) bot = bot_new(&options, &error);
	must(bot, error);

	play_rounds(bot, db, rival, rounds);
	print_top(library, db, config);
	int64_t answers = count_answers(db);
	int64_t wanted = (int64_t)rounds * READY / KINDS;
	printf("%" G_GINT64_FORMAT " answers were taken, %" G_GINT64_FORMAT
	       " messages sent\n",
	       answers, sink->sent);
	return answers >= wanted && sink->sent >= 2 * wanted ? 0 : 1;
}
