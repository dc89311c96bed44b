/*
 * A year of daily questions in five zones, with a bot that is down at random
 * for minutes to days. What was put, left out with a line in the log, and not
 * due is compared with a model that walks the year minute by minute and knows
 * nothing of alarms.
 */

#include <string.h>

#include "bot/base/clock.h"
#include "bot/bot.h"
#include "bot/commands/list.h"
#include "bot/store/db.h"
#include "bot/store/mail.h"
#include "bot/store/alarm.h"
#include "tests/bot/store/store.h"

/* ---- a network that takes everything ---- */

static struct sqlite *ear_db;
static unsigned ear_questions; /* of the day, heard in this process */
static int64_t ear_event;

static void *ear_open(const struct chat_host *host, const void *options,
		      GError **error)
{
	(void)options;
	(void)error;
	ear_db = host->db;
	return &ear_db;
}

static GPtrArray *ear_render(void *self, const struct chat_reply *reply)
{
	(void)self;
	ear_questions += !reply->notice;
	GPtrArray *parts =
		g_ptr_array_new_with_free_func((GDestroyNotify)g_bytes_unref);
	g_ptr_array_add(parts, g_bytes_new("x", 1));
	return parts;
}

static bool ear_step(void *self, GError **error)
{
	(void)self;
	g_autoptr(GPtrArray) wires = mail_to_send(ear_db, "ear", 64, error);
	if (!wires || wires->len == 0)
		return wires != NULL;
	if (!sqlite_begin(ear_db, error))
		return false;
	for (guint i = 0; i < wires->len; i++) {
		char event[24];
		g_snprintf(event, sizeof(event), "$%d", (int)ear_event++);
		if (!mail_sent(ear_db, wires->pdata[i], event, error))
			return false;
	}
	return sqlite_commit(ear_db, error);
}

static void ear_close(void *self)
{
	(void)self;
}

static const struct chat_network ear_network = {
	.name = "ear",
	.can = { .edit = true, .react = true, .thread = true },
	.open = ear_open,
	.render = ear_render,
	.step = ear_step,
	.close = ear_close,
};

/* ---- the stage ---- */

struct stage {
	struct sqlite *db;
	struct library *library;
	struct config *config;
	struct clock clock;
	uint64_t seed;
	struct bot *bot; /* NULL: it is down */
};

static void up(struct stage *stage)
{
	static const struct chat_choice networks[] = { { &ear_network, NULL },
						       { 0 } };
	g_autoptr(GError) error = NULL;
	const struct bot_options options = {
		.config = stage->config,
		.library = stage->library,
		.db = stage->db,
		.clock = &stage->clock,
		.seed = &stage->seed,
		.commands = command_list,
		.networks = networks,
	};
	stage->bot = bot_new(&options, &error);
	g_assert_no_error(error);
}

static void down(struct stage *stage)
{
	g_clear_pointer(&stage->bot, bot_free);
}

static void say_line(struct stage *stage, const char *text)
{
	char event[24];
	g_snprintf(event, sizeof(event), "e%d", (int)ear_event++);
	const struct chat_message message = {
		.event = event,
		.room = "#a",
		.person = "alice",
		.name = "alice",
		.text = text,
		.at = stage->clock.now,
	};
	WELL(mail_receive(stage->db, "ear", &message, stage->clock.now, NULL,
			  &trouble));
	g_assert_true(bot_drain(stage->bot));
}

/* ---- the model ---- */

enum fate { NOT_DUE, PUT, LEFT_OUT };

struct day {
	char date[11];
	int64_t due; /* 0: never */
	enum fate fate;
};

struct outage {
	int64_t from, until;
};

/* Walks the minutes of a year; a day's moment is the first minute of that date
 * that shows the time or more; if there is none, the minute after its last. */
static GArray *model_days(const char *zone, int year, int minute)
{
	GArray *days = g_array_new(false, true, sizeof(struct day));
	g_autoptr(GTimeZone) place = g_time_zone_new_identifier(zone);
	g_assert_nonnull(place);
	g_autoptr(GDateTime) first =
		g_date_time_new(place, year, 1, 1, 0, 0, 0);
	int64_t t = g_date_time_to_unix(first);
	struct day day = { 0 };
	for (;; t += 60) {
		g_autoptr(GDateTime) local = g_date_time_new_from_unix_utc(t);
		g_autoptr(GDateTime) there =
			g_date_time_to_timezone(local, place);
		char date[11];
		int y, m, d;
		g_date_time_get_ymd(there, &y, &m, &d);
		g_snprintf(date, sizeof(date), "%04d-%02d-%02d", y, m, d);
		if (strcmp(date, day.date) != 0) {
			if (*day.date && !day.due)
				day.due = t * 1000;
			if (*day.date)
				g_array_append_val(days, day);
			if (y > year)
				return days;
			day = (struct day){ 0 };
			g_strlcpy(day.date, date, sizeof(day.date));
		}
		int shown = g_date_time_get_hour(there) * 60 +
			    g_date_time_get_minute(there);
		if (!day.due && shown >= minute)
			day.due = t * 1000;
	}
}

static const int64_t late_most = 6 * 60 * (int64_t)CLOCK_MINUTE;

/* What becomes of each day, when the bot is down as said. */
static void model_fates(GArray *days, const struct outage *outages, size_t len,
			int64_t from, int64_t until)
{
	for (guint i = 0; i < days->len; i++) {
		struct day *day = &g_array_index(days, struct day, i);
		int64_t next = i + 1 < days->len ? day[1].due : INT64_MAX;
		int64_t seen = day->due;
		for (size_t k = 0; k < len; k++)
			if (day->due > outages[k].from &&
			    day->due < outages[k].until)
				seen = outages[k].until;
		if (day->due <= from || seen > until)
			day->fate = NOT_DUE;
		else if (seen - day->due > late_most || next <= seen)
			day->fate = LEFT_OUT;
		else
			day->fate = PUT;
	}
}

/* ---- the year ---- */

static unsigned lines_left_out;

static GLogWriterOutput count_lines(GLogLevelFlags level,
				    const GLogField *fields, gsize len,
				    gpointer data)
{
	(void)level;
	(void)data;
	for (gsize i = 0; i < len; i++)
		if (g_str_equal(fields[i].key, "MESSAGE") &&
		    strstr(fields[i].value, "is left out"))
			lines_left_out++;
	return G_LOG_WRITER_HANDLED;
}

/* Outages of minutes to days, apart from each other. */
static GArray *draw_outages(GRand *rand, int64_t from, int64_t until)
{
	static const int longest[] = { 5, 60, 12 * 60, 4 * 24 * 60 };
	GArray *outages = g_array_new(false, false, sizeof(struct outage));
	int64_t t = from;
	for (;;) {
		t += g_rand_int_range(rand, 60, 6 * 24 * 60) *
		     (int64_t)CLOCK_MINUTE;
		struct outage outage = { .from = t };
		t += g_rand_int_range(
			     rand, 1,
			     1 + longest[g_rand_int_range(rand, 0, 4)]) *
		     (int64_t)CLOCK_MINUTE;
		outage.until = t;
		if (t > until)
			return outages;
		g_array_append_val(outages, outage);
	}
}

/* Goes on to that moment as a running bot would: at every minute. Only those
 * with something to do are visited. */
static void run_until(struct stage *stage, int64_t until)
{
	while (stage->clock.now < until) {
		int64_t due;
		WELL(alarm_next(stage->db, stage->clock.now, &due, &trouble));
		clock_move(&stage->clock, MIN(due, until));
		if (due <= until)
			g_assert_true(bot_drain(stage->bot));
	}
}

static enum fate fate_of(struct stage *stage, const char *date)
{
	sqlite3_stmt *ask = NULL;
	sqlite3_prepare_v2(sqlite_handle(stage->db),
			   "SELECT question IS NULL FROM daily_day "
			   "WHERE local_date = ?",
			   -1, &ask, NULL);
	sqlite3_bind_text(ask, 1, date, -1, SQLITE_STATIC);
	enum fate fate = NOT_DUE;
	if (sqlite3_step(ask) == SQLITE_ROW)
		fate = sqlite3_column_int(ask, 0) ? LEFT_OUT : PUT;
	sqlite3_finalize(ask);
	return fate;
}

struct year {
	const char *zone;
	int year, minute;
};

static void play_year(struct stage *stage, GArray *days, GArray *outages,
		      const char *plan, int64_t until)
{
	up(stage);
	say_line(stage, plan);
	for (guint i = 0; i < outages->len; i++) {
		const struct outage *outage =
			&g_array_index(outages, struct outage, i);
		run_until(stage, outage->from);
		down(stage);
		clock_move(&stage->clock, outage->until);
		up(stage);
	}
	run_until(stage, until);
	down(stage);
	unsigned wanted[3] = { 0 };
	for (guint i = 0; i < days->len; i++) {
		const struct day *day = &g_array_index(days, struct day, i);
		enum fate found = fate_of(stage, day->date);
		if (found != day->fate)
			g_error("%s: %d, not %d", day->date, found, day->fate);
		wanted[day->fate]++;
	}
	g_assert_cmpuint(ear_questions, ==, wanted[PUT]);
	g_assert_cmpuint(lines_left_out, ==, wanted[LEFT_OUT]);
	g_assert_cmpuint(wanted[PUT], >, 250);
	g_assert_cmpuint(wanted[LEFT_OUT], >, 5);
}

static void a_year(const void *data)
{
	const struct year *year = data;
	static const char *const folders[] = { "tests/transcripts/quiz", NULL };
	const struct library_options notes = { .folders = folders };
	g_autoptr(GError) error = NULL;
	g_autoptr(GRand) rand = g_rand_new_with_seed(year->minute + year->year);
	g_autoptr(GArray) days =
		model_days(year->zone, year->year, year->minute);
	int64_t from = g_array_index(days, struct day, 0).due + 12345678;
	int64_t until =
		g_array_index(days, struct day, days->len - 1).due + late_most;
	g_autoptr(GArray) outages = draw_outages(rand, from, until);
	model_fates(days, (struct outage *)(void *)outages->data, outages->len,
		    from, until);
	struct stage stage = { .clock = { .is_virtual = true, .now = from } };
	ear_questions = lines_left_out = 0;
	stage.db = open_store();
	stage.library = library_open(&notes, &error);
	g_assert_no_error(error);
	stage.config = config_default();
	stage.config->notes_watch = false;
	g_autofree char *plan =
		g_strdup_printf("!daily %02d:%02d %s", year->minute / 60,
				year->minute % 60, year->zone);
	play_year(&stage, days, outages, plan, until);
	config_free(stage.config);
	library_free(stage.library);
	sqlite_close(stage.db);
}

int main(int argc, char **argv)
{
	static const struct year years[] = {
		{ "Europe/Moscow", 2025, 9 * 60 + 30 },
		{ "Europe/Berlin", 2025, 2 * 60 + 30 },
		{ "America/New_York", 2025, 1 * 60 + 30 },
		{ "Pacific/Apia", 2011, 23 * 60 + 59 },
		{ "Asia/Kathmandu", 2025, 0 },
	};
	g_test_init(&argc, &argv, NULL);
	g_log_set_writer_func(count_lines, NULL, NULL);
	for (size_t i = 0; i < G_N_ELEMENTS(years); i++) {
		g_autofree char *name =
			g_strdup_printf("/daily/a year in %s", years[i].zone);
		g_test_add_data_func(name, &years[i], a_year);
	}
	return g_test_run();
}
