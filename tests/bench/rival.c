/*
 * What SQLite itself does on the same disk in the same run: the rival of the
 * Matrix side, in a process of its own, so that it never works while the bot
 * does.
 *
 * usage: rival DIR	the store is made there; it is told on its input:
 *
 *	full N		N commits of one row each	-> N times, in µs
 *	load FILE	rows of a bot's store, as the pattern for what follows
 *	group N		N rounds of 64 commands		-> N times, in µs
 *
 * A round writes what the bot keeps of 64 commands, by the same statements:
 * the inbox in one commit; outbox, wire and what became of the inbox in the
 * next; what became of the wire in a third. It does nothing else.
 */

#include <glib.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bot/store/db.h"
#include "bot/store/wire.h"

enum { READY = 64 };

/* What the bot has kept of one command. */
struct sample {
	char *body, *markdown, *bytes, *event;
};

struct rival {
	struct sqlite *db;
	struct sample samples[READY];
	int64_t events; /* made so far */
};

static void must(bool well, const GError *error)
{
	if (!well)
		g_error("%s", error ? error->message : "?");
}

/* As long as the ids of a real homeserver. */
static void make_event(struct rival *rival, char id[48])
{
	g_snprintf(id, 48, "$%043" G_GINT64_FORMAT, rival->events++);
}

static int64_t put_inbox(struct rival *rival, const char *body)
{
	GError *error = NULL;
	char id[48];
	int64_t inbox;
	const char *null = NULL;
	make_event(rival, id);
	must(sqlite_ask_int(rival->db, INBOX_PUT, &inbox, NULL, &error,
			    V("matrix"), V((const char *)id), V(0), V(1), V(1),
			    V(0), V(0), V(0), V(body), V(null), V(null),
			    V(rival->events), V(rival->events), V("new")),
	     error);
	return inbox;
}

static void full(struct rival *rival)
{
	GError *error = NULL;
	must(sqlite_begin(rival->db, &error), error);
	put_inbox(rival, "!q gil");
	must(sqlite_commit(rival->db, &error), error);
}

static void put_answer(struct rival *rival, const struct sample *sample,
		       int64_t inbox, int64_t *outbox)
{
	GError *error = NULL;
	char txn[WIRE_TXN];
	const char *null = NULL;
	wire_new_txn(txn);
	must(sqlite_ask_int(rival->db, OUTBOX_PUT, outbox, NULL, &error,
			    V("matrix"), V(1), V(0), V(null), V(null),
			    V(sample->event), V(null), V("notice"),
			    V(sample->markdown), V(null), V(null), V(inbox),
			    V(rival->events), V("ready")) &&
		     sqlite_do(rival->db, WIRE_PUT, &error, V(*outbox), V(0),
			       V((const char *)txn), V("ABCDEFGHIJ"),
			       sqlite_value_blob(sample->bytes,
						 (int)strlen(sample->bytes))) &&
		     sqlite_do(rival->db, INBOX_DONE, &error, V(inbox)),
	     error);
}

static void group(struct rival *rival)
{
	GError *error = NULL;
	int64_t inbox[READY], outbox[READY], wire;
	must(sqlite_begin(rival->db, &error), error);
	for (int i = 0; i < READY; i++)
		inbox[i] = put_inbox(rival, rival->samples[i].body);
	must(db_set_position(rival->db, "matrix", "s1", &error) &&
		     sqlite_commit(rival->db, &error),
	     error);

	must(sqlite_begin(rival->db, &error), error);
	for (int i = 0; i < READY; i++)
		put_answer(rival, &rival->samples[i], inbox[i], &outbox[i]);
	must(wire_last(rival->db, &wire, &error) &&
		     sqlite_commit(rival->db, &error),
	     error);

	must(sqlite_begin(rival->db, &error), error);
	for (int i = 0; i < READY; i++) {
		char id[48];
		make_event(rival, id);
		must(wire_done(rival->db, wire - READY + 1 + i, outbox[i], id,
			       &error),
		     error);
	}
	must(sqlite_commit(rival->db, &error), error);
}

static char *column(sqlite3_stmt *ask, int i)
{
	return g_strndup(sqlite3_column_blob(ask, i),
			 (gsize)sqlite3_column_bytes(ask, i));
}

static void load(struct rival *rival, const char *file)
{
	sqlite3 *db = NULL;
	sqlite3_stmt *ask = NULL;
	int n = 0;
	int code = sqlite3_open_v2(file, &db, SQLITE_OPEN_READONLY, NULL);
	if (code == SQLITE_OK)
		code = sqlite3_prepare_v2(
			db,
			"SELECT i.body, o.markdown, w.bytes, i.event "
			"FROM wire w JOIN outbox o ON o.id = w.outbox_id "
			"JOIN inbox i ON i.id = o.cause ORDER BY w.id DESC",
			-1, &ask, NULL);
	g_assert(code == SQLITE_OK);
	for (; n < READY && sqlite3_step(ask) == SQLITE_ROW; n++)
		rival->samples[n] =
			(struct sample){ column(ask, 0), column(ask, 1),
					 column(ask, 2), column(ask, 3) };
	g_assert(n == READY);
	sqlite3_finalize(ask);
	sqlite3_close(db);
}

static void repeat(struct rival *rival, void (*what)(struct rival *), int times)
{
	for (int i = 0; i < times; i++) {
		int64_t start = g_get_monotonic_time();
		what(rival);
		printf("%" G_GINT64_FORMAT " ", g_get_monotonic_time() - start);
	}
}

int main(int argc, char **argv)
{
	GError *error = NULL;
	char line[4096];
	struct rival rival = { 0 };
	if (argc != 2)
		g_error("usage: rival DIR");
	rival.db = db_open(argv[1], &error);
	must(rival.db, error);
	while (fgets(line, sizeof(line), stdin)) {
		g_auto(GStrv) words = g_strsplit(g_strchomp(line), " ", 2);
		if (g_str_equal(words[0], "full"))
			repeat(&rival, full, atoi(words[1]));
		else if (g_str_equal(words[0], "group"))
			repeat(&rival, group, atoi(words[1]));
		else if (g_str_equal(words[0], "load"))
			load(&rival, words[1]);
		printf("\n");
		fflush(stdout);
	}
	sqlite_close(rival.db);
	return 0;
}
