#include <string.h>

#include "bot/store/mail.h"
#include "bot/store/wire.h"
#include "tests/bot/store/store.h"

static struct chat_message message(const char *event, const char *text)
{
	return (struct chat_message){
		.event = event,
		.kind = CHAT_MESSAGE,
		.room = "#main",
		.person = "alice",
		.name = "Alice",
		.text = text,
		.at = 1000,
	};
}

static void receive(struct sqlite *db, struct chat_message m, bool *fresh)
{
	WELL(mail_receive(db, "test", &m, m.at, fresh, &trouble));
}

static GPtrArray *ready(struct sqlite *db)
{
	g_autoptr(GError) error = NULL;
	GPtrArray *rows = mail_ready(db, 64, &error);
	g_assert_no_error(error);
	return rows;
}

static void an_event_is_worked_once(void)
{
	g_autoptr(sqlite) db = open_store();
	bool fresh;
	receive(db, message("e1", "one"), &fresh);
	g_assert_true(fresh);
	receive(db, message("e1", "one again"), &fresh);
	g_assert_false(fresh);
	receive(db, message("e2", "two"), &fresh);
	g_assert_true(fresh);

	g_autoptr(GPtrArray) rows = ready(db);
	g_assert_cmpuint(rows->len, ==, 2);
	const struct mail_in *first = rows->pdata[0];
	g_assert_cmpstr(first->body, ==, "one");
	g_assert_cmpstr(first->name, ==, "Alice");
	g_assert_cmpint(first->tries, ==, 0);
	WELL(mail_done(db, first->id, &trouble));

	g_autoptr(GPtrArray) left = ready(db);
	g_assert_cmpuint(left->len, ==, 1);
	/* Done is not forgotten: the event stays known. */
	receive(db, message("e1", "one"), &fresh);
	g_assert_false(fresh);
}

static void a_redaction_empties_its_target(void)
{
	g_autoptr(sqlite) db = open_store();
	receive(db, message("e1", "secret"), NULL);
	struct chat_message gone = message("e2", NULL);
	gone.kind = CHAT_REDACT;
	gone.target = "e1";
	receive(db, gone, NULL);
	g_autoptr(GPtrArray) rows = ready(db);
	const struct mail_in *first = rows->pdata[0];
	g_assert_null(first->body);
}

static void a_redaction_is_of_its_own_room(void)
{
	g_autoptr(sqlite) db = open_store();
	receive(db, message("e1", "secret"), NULL);
	struct chat_message gone = message("e2", NULL);
	gone.kind = CHAT_REDACT;
	gone.target = "e1";
	gone.room = "#other";
	receive(db, gone, NULL);
	g_autoptr(GPtrArray) rows = ready(db);
	const struct mail_in *first = rows->pdata[0];
	g_assert_cmpstr(first->body, ==, "secret");
}

static void a_message_is_found_in_its_room_by_its_writer(void)
{
	g_autoptr(sqlite) db = open_store();
	receive(db, message("e1", "mine"), NULL);
	g_autoptr(GPtrArray) rows = ready(db);
	const struct mail_in *in = rows->pdata[0];
	const struct {
		int64_t room, writer;
		bool found;
	} all[] = {
		{ in->room, in->person, true },
		{ in->room, 0, true },
		{ in->room, in->person + 1, false },
		{ in->room + 1, in->person, false },
		{ in->room + 1, 0, false },
	};
	for (size_t i = 0; i < G_N_ELEMENTS(all); i++) {
		int64_t found;
		WELL(mail_inbox_of(db, "test", "e1", all[i].room, all[i].writer,
				   &found, &trouble));
		g_assert_cmpint(found, ==, all[i].found ? in->id : 0);
	}
}

static void ids_are_never_used_again(void)
{
	g_autoptr(sqlite) db = open_store();
	receive(db, message("e1", "one"), NULL);
	g_autoptr(GPtrArray) rows = ready(db);
	int64_t id = ((const struct mail_in *)rows->pdata[0])->id;
	WELL(mail_done(db, id, &trouble));
	WELL(mail_sweep(db, G_MAXINT64 / 2, &trouble));
	receive(db, message("e1", "one"), NULL);
	g_autoptr(GPtrArray) again = ready(db);
	g_assert_cmpint(((const struct mail_in *)again->pdata[0])->id, >, id);
}

static int64_t put_out(struct sqlite *db, int64_t target, bool is_ready)
{
	int64_t outbox = 0;
	const struct mail_out out = {
		.network = "test",
		.room = 1,
		.kind = target ? CHAT_SAY_EDIT : CHAT_SAY,
		.target_outbox = target,
		.markdown = "text",
		.at = 5000,
	};
	WELL(mail_say(db, &out, is_ready, &outbox, &trouble));
	return outbox;
}

static void put_wire(struct sqlite *db, int64_t outbox, int part)
{
	g_autoptr(GBytes) bytes = g_bytes_new("bytes", 5);
	char txn[WIRE_TXN];
	wire_new_txn(txn);
	WELL(wire_put(db, outbox, part, txn, NULL, bytes, &trouble));
}

static GPtrArray *to_send(struct sqlite *db)
{
	g_autoptr(GError) error = NULL;
	GPtrArray *wires = mail_to_send(db, "test", 64, &error);
	g_assert_no_error(error);
	return wires;
}

static void a_message_of_parts_is_done_with_its_last(void)
{
	g_autoptr(sqlite) db = open_store();
	receive(db, message("e1", "one"), NULL);
	int64_t count, oldest, found;
	int64_t outbox = put_out(db, 0, true);
	put_wire(db, outbox, 0);
	put_wire(db, outbox, 1);
	WELL(mail_unsent(db, &count, &oldest, &trouble));
	g_assert_cmpint(count, ==, 1);
	g_assert_cmpint(oldest, ==, 5000);

	g_autoptr(GPtrArray) wires = to_send(db);
	g_assert_cmpuint(wires->len, ==, 2);
	const struct mail_wire *a = wires->pdata[0], *b = wires->pdata[1];
	g_assert_cmpint(a->part, ==, 0);
	g_assert_cmpuint(strlen(a->txn_id), ==, 32);
	g_assert_cmpstr(a->txn_id, !=, b->txn_id);
	g_assert_cmpuint(g_bytes_get_size(a->bytes), ==, 5);
	WELL(mail_sent(db, a, "$first", &trouble));
	WELL(mail_unsent(db, &count, &oldest, &trouble));
	g_assert_cmpint(count, ==, 1);
	WELL(mail_sent(db, b, "$second", &trouble));
	WELL(mail_unsent(db, &count, &oldest, &trouble));
	g_assert_cmpint(count, ==, 0);
	WELL(mail_outbox_of(db, "test", "$second", &found, &trouble));
	g_assert_cmpint(found, ==, outbox);
	WELL(mail_outbox_of(db, "other", "$second", &found, &trouble));
	g_assert_cmpint(found, ==, 0);
}

static void an_edit_waits_for_what_it_edits(void)
{
	g_autoptr(sqlite) db = open_store();
	receive(db, message("e1", "one"), NULL);
	int64_t outbox = put_out(db, 0, true);
	put_wire(db, outbox, 0);
	put_out(db, outbox, false);

	g_autoptr(GError) error = NULL;
	g_autoptr(GPtrArray) waiting = mail_to_render(db, &error);
	g_assert_no_error(error);
	g_assert_cmpuint(waiting->len, ==, 1);
	g_assert_null(
		((const struct mail_waiting *)waiting->pdata[0])->target_event);

	g_autoptr(GPtrArray) wires = to_send(db);
	WELL(mail_sent(db, wires->pdata[0], "$target", &trouble));
	g_autoptr(GPtrArray) now = mail_to_render(db, &error);
	g_assert_cmpstr(
		((const struct mail_waiting *)now->pdata[0])->target_event, ==,
		"$target");
}

static void an_edit_fails_with_what_it_edits(void)
{
	g_autoptr(sqlite) db = open_store();
	receive(db, message("e1", "one"), NULL);
	int64_t outbox = put_out(db, 0, true);
	put_out(db, outbox, false);
	WELL(mail_set_outbox(db, outbox, "failed", &trouble));
	g_autoptr(GError) error = NULL;
	g_autoptr(GPtrArray) waiting = mail_to_render(db, &error);
	g_assert_true(((const struct mail_waiting *)waiting->pdata[0])
			      ->target_failed);
}

static void old_rows_go(void)
{
	const int64_t day = 24 * 60 * 60 * 1000;
	g_autoptr(sqlite) db = open_store();
	bool fresh;
	receive(db, message("e1", "one"), NULL);
	receive(db, message("new", "not worked yet"), NULL);
	g_autoptr(GPtrArray) rows = ready(db);
	WELL(mail_done(db, ((struct mail_in *)rows->pdata[0])->id, &trouble));
	WELL(mail_sweep(db, 29 * day, &trouble));
	receive(db, message("e1", "one"), &fresh);
	g_assert_false(fresh);
	WELL(mail_sweep(db, 31 * day, &trouble));
	receive(db, message("e1", "one"), &fresh);
	g_assert_true(fresh);
	receive(db, message("new", "x"), &fresh);
	g_assert_false(fresh);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/mail/an event is worked once",
			an_event_is_worked_once);
	g_test_add_func("/mail/a redaction empties its target",
			a_redaction_empties_its_target);
	g_test_add_func("/mail/a redaction is of its own room",
			a_redaction_is_of_its_own_room);
	g_test_add_func("/mail/a message is found in its room by its writer",
			a_message_is_found_in_its_room_by_its_writer);
	g_test_add_func("/mail/ids are never used again",
			ids_are_never_used_again);
	g_test_add_func("/mail/a message of parts is done with its last",
			a_message_of_parts_is_done_with_its_last);
	g_test_add_func("/mail/an edit waits for what it edits",
			an_edit_waits_for_what_it_edits);
	g_test_add_func("/mail/an edit fails with what it edits",
			an_edit_fails_with_what_it_edits);
	g_test_add_func("/mail/old rows go", old_rows_go);
	return g_test_run();
}
