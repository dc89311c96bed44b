/*
 * Commands a second with 64 ready at a time, beside what SQLite itself does
 * with the same rows on the same disk in the same run.
 *
 * usage: commands NOTES ROUNDS     the store is made in the current folder
 *
 * A command goes the whole way: taken into the inbox, looked up, rendered,
 * put into the outbox, handed to a network that takes everything at once,
 * recorded as sent: three commits for 64 of them. The rival writes the same
 * rows, with the texts of our own answers, by the same statements in the same
 * three commits and does nothing else. Rounds of the two take turns, so that
 * the disk's mood meets both.
 */

#include <glib.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bot/base/clock.h"
#include "bot/bot.h"
#include "bot/commands/list.h"
#include "bot/store/db.h"
#include "bot/store/mail.h"
#include "kb/lookup.h"
#include "kb/render.h"

enum { READY = 64, QUERIES = 8 };

static const char *const queries[QUERIES] = {
	"!q gil",     "!q декоратор",  "!q что такое bytecode?",
	"!й пшд",     "!q kubernetes", "!q контекстный менеджер",
	"!q asyncio", "!random",
};

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
	.open = sink_open,
	.render = sink_render,
	.step = sink_step,
	.close = g_free,
};

static void must(bool well, GError *error)
{
	if (!well)
		g_error("%s", error ? error->message : "?");
}

/* 64 lines of 8 people in 4 rooms arrive. */
static void arrive(struct sqlite *db, int64_t *event)
{
	GError *error = NULL;
	must(sqlite_begin(db, &error), error);
	for (int i = 0; i < READY; i++, (*event)++) {
		char id[24], room[8], person[8];
		g_snprintf(id, sizeof(id), "e%" G_GINT64_FORMAT, *event);
		g_snprintf(room, sizeof(room), "#r%d", i % 4);
		g_snprintf(person, sizeof(person), "p%d", i % 8);
		const struct chat_message message = {
			.event = id,
			.kind = CHAT_MESSAGE,
			.room = room,
			.person = person,
			.name = person,
			.text = queries[i % QUERIES],
			.at = *event,
		};
		must(mail_receive(db, "sink", &message, *event, NULL, &error),
		     error);
	}
	must(sqlite_commit(db, &error), error);
}

/* ---- the rival: the same rows, nothing else ---- */

/* What an answer says, and the bytes that were sent. */
struct sample {
	char *markdown, *bytes;
};

/* Our own answers to the first round. */
static void read_samples(struct sqlite *db, struct sample *samples)
{
	sqlite3_stmt *ask = NULL;
	int code = sqlite3_prepare_v2(
		sqlite_handle(db),
		"SELECT o.markdown, w.bytes FROM wire w "
		"JOIN outbox o ON o.id = w.outbox_id ORDER BY w.id",
		-1, &ask, NULL);
	g_assert(code == SQLITE_OK);
	for (int i = 0; i < READY && sqlite3_step(ask) == SQLITE_ROW; i++) {
		const void *markdown = sqlite3_column_text(ask, 0);
		const void *bytes = sqlite3_column_text(ask, 1);
		samples[i] =
			(struct sample){ g_strdup(markdown), g_strdup(bytes) };
	}
	sqlite3_finalize(ask);
}

static void rival_round(struct sqlite *db, int64_t *event,
			const struct sample *samples)
{
	GError *error = NULL;
	int64_t inbox[READY], outbox[READY];
	int64_t n = *event;
	const char *null = NULL;
	must(sqlite_begin(db, &error), error);
	for (int i = 0; i < READY; i++, (*event)++) {
		char id[24];
		g_snprintf(id, sizeof(id), "e%" G_GINT64_FORMAT, *event);
		must(sqlite_ask_int(db, INBOX_PUT, &inbox[i], NULL, &error,
				    V("sink"), V((const char *)id), V(0), V(1),
				    V(1), V(0), V(0), V(0),
				    V(queries[i % QUERIES]), V(null), V(null),
				    V(*event), V(*event), V("new")),
		     error);
	}
	must(sqlite_commit(db, &error), error);

	must(sqlite_begin(db, &error), error);
	for (int i = 0; i < READY; i++) {
		char id[40];
		g_snprintf(id, sizeof(id), "%032" G_GINT64_MODIFIER "x", n + i);
		const char *text = samples[i].markdown;
		const char *bytes = samples[i].bytes;
		must(sqlite_ask_int(db, OUTBOX_PUT, &outbox[i], NULL, &error,
				    V("sink"), V(1), V(0), V(null), V(null),
				    V("e1"), V(null), V("notice"), V(text),
				    V(null), V(null), V(inbox[i]), V(n),
				    V("ready")) &&
			     sqlite_do(db, WIRE_PUT, &error, V(outbox[i]), V(0),
				       V((const char *)id), V(null),
				       sqlite_value_blob(bytes,
							 (int)strlen(bytes))) &&
			     sqlite_do(db, INBOX_DONE, &error, V(inbox[i])),
		     error);
	}
	must(sqlite_commit(db, &error), error);

	must(sqlite_begin(db, &error), error);
	g_autoptr(GPtrArray) wires = mail_to_send(db, "sink", READY, &error);
	for (guint i = 0; i < wires->len; i++) {
		char id[24];
		g_snprintf(id, sizeof(id), "s%" G_GINT64_FORMAT, n + i);
		must(mail_sent(db, wires->pdata[i], id, &error), error);
	}
	must(sqlite_commit(db, &error), error);
}

/* One row a command and one COMMIT for 64: the least that could be kept. */
static void least_round(struct sqlite *db, int64_t *event)
{
	GError *error = NULL;
	must(sqlite_begin(db, &error), error);
	for (int i = 0; i < READY; i++, (*event)++) {
		char id[24];
		int64_t inbox;
		const char *null = NULL;
		g_snprintf(id, sizeof(id), "e%" G_GINT64_FORMAT, *event);
		must(sqlite_ask_int(db, INBOX_PUT, &inbox, NULL, &error,
				    V("sink"), V((const char *)id), V(0), V(1),
				    V(1), V(0), V(0), V(0),
				    V(queries[i % QUERIES]), V(null), V(null),
				    V(*event), V(*event), V("new")),
		     error);
	}
	must(sqlite_commit(db, &error), error);
}

static int by_value(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;
	return (x > y) - (x < y);
}

/* Commands a second from the median round. */
static double rate(double *seconds, int rounds)
{
	qsort(seconds, (size_t)rounds, sizeof(*seconds), by_value);
	return READY / seconds[rounds / 2];
}

static double now(void)
{
	return (double)g_get_monotonic_time() / 1e6;
}

/* Look-up alone: what was typed -> ranked entries, no chat around it. */
static void print_lookup(struct library *library)
{
	enum { TIMES = 1000 };
	struct index *index = library_index(library);
	int64_t generation = library_generation(library);
	g_autofree double *us = g_new(double, TIMES *QUERIES);
	size_t len = 0;
	for (int i = 0; i < TIMES; i++) {
		for (int q = 0; q < QUERIES; q++) {
			const char *words = strchr(queries[q], ' ');
			g_auto(lookup) found = { 0 };
			double start = now();
			if (!words)
				continue; /* !random looks nothing up */
			must(lookup_find(index, generation, words + 1, "ru",
					 &found, NULL),
			     NULL);
			us[len++] = (now() - start) * 1e6;
		}
	}
	qsort(us, len, sizeof(*us), by_value);
	printf("look-up, shipped notes: p50 %.0f us, p99 %.0f us\n",
	       us[len / 2], us[len * 99 / 100]);
}

int main(int argc, char **argv)
{
	GError *error = NULL;
	int rounds = argc > 2 ? atoi(argv[2]) : 0;
	if (rounds < 1)
		g_error("usage: commands NOTES ROUNDS");
	const char *const folders[] = { argv[1], NULL };
	const struct library_options notes = { .folders = folders };
	g_autoptr(library) library = library_open(&notes, &error);
	must(library, error);
	print_lookup(library);
	g_autoptr(bot_config) config = config_default();
	config->bot_flood = 0;
	config->notes_watch = false;
	struct clock clock = { .is_virtual = true, .now = 1 };
	uint64_t seed = 1;
	struct sink *sink = NULL;
	g_autoptr(sqlite) db = db_open("bench-bot", &error);
	must(db, error);
	g_autoptr(sqlite) rival = db_open("bench-rival", &error);
	must(rival, error);
	g_autoptr(sqlite) least = db_open("bench-least", &error);
	must(least, error);
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

	g_autofree double *ours = g_new(double, rounds);
	g_autofree double *theirs = g_new(double, rounds);
	g_autofree double *bare = g_new(double, rounds);
	int64_t events[3] = { 1, 1, 1 };
	struct sample samples[READY] = { 0 };
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
		start = now();
		least_round(least, &events[2]);
		bare[i] = now() - start;
	}
	double own = rate(ours, rounds), other = rate(theirs, rounds);
	printf("commands, 64 ready at a time   %8.0f /s\n", own);
	printf("SQLite, the same rows          %8.0f /s   znatok reaches %.0f "
	       "%%"
	       " of it (aim: 60 %%)\n",
	       other, 100 * own / other);
	printf("SQLite, one row in one commit  %8.0f /s\n", rate(bare, rounds));
	printf("sent %" G_GINT64_FORMAT " answers to %d commands\n", sink->sent,
	       rounds * READY);
	for (int i = 0; i < READY; i++) {
		g_free(samples[i].markdown);
		g_free(samples[i].bytes);
	}
	return sink->sent == (int64_t)rounds * READY ? 0 : 1;
}
