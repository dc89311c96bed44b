#include "bot/store/mail.h"

#include "bot/base/clock.h"
#include "bot/store/db.h"
#include "bot/store/person.h"
#include "bot/store/room.h"
#include "bot/store/wire.h"

static const int64_t day = 24 * 60 * (int64_t)CLOCK_MINUTE;
enum { KEEP_BODY_DAYS = 7, KEEP_ROW_DAYS = 30 };

bool mail_receive(struct sqlite *db, const char *network,
		  const struct chat_message *message, int64_t now, bool *fresh,
		  GError **error)
{
	int64_t room, person, id;
	bool added = false;
	if (!room_number(db, network, message->room, message->direct, &room,
			 error) ||
	    !person_number(db, network, message->person, message->name, &person,
			   error) ||
	    !sqlite_ask_int(db, INBOX_PUT, &id, &added, error, V(network),
			    V(message->event), V((int)message->kind), V(room),
			    V(person), V((int)message->role),
			    V(message->direct), V(message->mentioned),
			    V(message->text), V(message->target),
			    V(message->thread), V(message->at), V(now),
			    V(message->held ? "held" : "new")))
		return false;
	if (fresh)
		*fresh = added;
	if (message->kind == CHAT_REDACT)
		return sqlite_do(db, INBOX_REDACT, error, V(network),
				 V(message->target), V(room));
	return true;
}

bool mail_release(struct sqlite *db, int64_t room, GError **error)
{
	return sqlite_do(db, INBOX_RELEASE, error, V(room));
}

static void mail_in_free(void *data)
{
	struct mail_in *in = data;
	g_free(in->network);
	g_free(in->event);
	g_free(in->name);
	g_free(in->address);
	g_free(in->body);
	g_free(in->target);
	g_free(in->thread);
	g_free(in);
}

static struct mail_in *mail_in_read(struct sqlite_rows *rows)
{
	struct mail_in *in = g_new0(struct mail_in, 1);
	in->id = sqlite_int(rows, 0);
	in->network = g_strdup(sqlite_text(rows, 1));
	in->event = g_strdup(sqlite_text(rows, 2));
	in->kind = (enum chat_kind)sqlite_int(rows, 3);
	in->room = sqlite_int(rows, 4);
	in->person = sqlite_int(rows, 5);
	in->role = (enum chat_role)sqlite_int(rows, 6);
	in->direct = sqlite_int(rows, 7);
	in->mentioned = sqlite_int(rows, 8);
	in->body = g_strdup(sqlite_text(rows, 9));
	in->target = g_strdup(sqlite_text(rows, 10));
	in->thread = g_strdup(sqlite_text(rows, 11));
	in->at = sqlite_int(rows, 12);
	in->received = sqlite_int(rows, 13);
	in->tries = (int)sqlite_int(rows, 14);
	in->name = g_strdup(sqlite_text(rows, 15));
	in->address = g_strdup(sqlite_text(rows, 16));
	return in;
}

GPtrArray *mail_ready(struct sqlite *db, unsigned most, GError **error)
{
	g_autoptr(GPtrArray) ready =
		g_ptr_array_new_with_free_func(mail_in_free);
	g_auto(sqlite_rows) rows = sqlite_ask(db, INBOX_READY, V(most));
	while (sqlite_next(&rows))
		g_ptr_array_add(ready, mail_in_read(&rows));
	return sqlite_end(&rows, error) ? g_steal_pointer(&ready) : NULL;
}

bool mail_latest(struct sqlite *db, int64_t *at, GError **error)
{
	return sqlite_ask_int(db, INBOX_LATEST, at, NULL, error);
}

bool mail_done(struct sqlite *db, int64_t inbox, GError **error)
{
	return sqlite_do(db, INBOX_DONE, error, V(inbox));
}

bool mail_tried(struct sqlite *db, int64_t inbox, GError **error)
{
	return sqlite_do(db, INBOX_TRIED, error, V(inbox));
}

bool mail_failed(struct sqlite *db, int64_t inbox, const char *reason,
		 GError **error)
{
	return sqlite_do(db, INBOX_FAILED, error, V(reason), V(inbox));
}

static struct sqlite_value number_or_null(int64_t number)
{
	return number ? V(number) : V((const char *)NULL);
}

bool mail_say(struct sqlite *db, const struct mail_out *out, bool ready,
	      int64_t *outbox, GError **error)
{
	return sqlite_ask_int(
		db, OUTBOX_PUT, outbox, NULL, error, V(out->network),
		V(out->room), V((int)out->kind),
		number_or_null(out->target_outbox), V(out->target_event),
		V(out->reply_event), V(out->thread_event),
		V(out->notice ? "notice" : "text"), V(out->markdown),
		V(out->plain), number_or_null(out->until),
		number_or_null(out->cause), V(out->at),
		V(ready ? "ready" : "new"));
}

static void mail_waiting_free(void *data)
{
	struct mail_waiting *waiting = data;
	g_free(waiting->network);
	g_free(waiting->reply_event);
	g_free(waiting->thread_event);
	g_free(waiting->markdown);
	g_free(waiting->plain);
	g_free(waiting->target_event);
	g_free(waiting);
}

GPtrArray *mail_to_render(struct sqlite *db, GError **error)
{
	g_autoptr(GPtrArray) found =
		g_ptr_array_new_with_free_func(mail_waiting_free);
	g_auto(sqlite_rows) rows = sqlite_ask(db, OUTBOX_TO_RENDER);
	while (sqlite_next(&rows)) {
		struct mail_waiting *waiting = g_new0(struct mail_waiting, 1);
		waiting->outbox = sqlite_int(&rows, 0);
		waiting->network = g_strdup(sqlite_text(&rows, 1));
		waiting->room = sqlite_int(&rows, 2);
		waiting->kind = (enum chat_say)sqlite_int(&rows, 3);
		waiting->reply_event = g_strdup(sqlite_text(&rows, 4));
		waiting->thread_event = g_strdup(sqlite_text(&rows, 5));
		waiting->notice = g_str_equal(sqlite_text(&rows, 6), "notice");
		waiting->markdown = g_strdup(sqlite_text(&rows, 7));
		waiting->plain = g_strdup(sqlite_text(&rows, 8));
		waiting->target_failed = sqlite_int(&rows, 9);
		waiting->target_event = g_strdup(sqlite_text(&rows, 10));
		waiting->has_target = !sqlite_int(&rows, 11);
		g_ptr_array_add(found, waiting);
	}
	return sqlite_end(&rows, error) ? g_steal_pointer(&found) : NULL;
}

bool mail_set_outbox(struct sqlite *db, int64_t outbox, const char *state,
		     GError **error)
{
	return sqlite_do(db, OUTBOX_STATE, error, V(state), V(outbox));
}

static void mail_wire_free(void *data)
{
	struct mail_wire *wire = data;
	g_free(wire->txn_id);
	g_bytes_unref(wire->bytes);
	g_free(wire);
}

GPtrArray *mail_to_send(struct sqlite *db, const char *network, unsigned most,
			GError **error)
{
	g_autoptr(GPtrArray) found =
		g_ptr_array_new_with_free_func(mail_wire_free);
	g_auto(sqlite_rows) rows =
		sqlite_ask(db, WIRE_WAITING, V(network), V(most));
	while (sqlite_next(&rows)) {
		struct mail_wire *wire = g_new0(struct mail_wire, 1);
		size_t len;
		wire->id = sqlite_int(&rows, 0);
		wire->outbox = sqlite_int(&rows, 1);
		wire->part = (int)sqlite_int(&rows, 2);
		wire->txn_id = g_strdup(sqlite_text(&rows, 3));
		const void *data = sqlite_blob(&rows, 4, &len);
		wire->bytes = g_bytes_new(data, len);
		wire->tries = (int)sqlite_int(&rows, 5);
		wire->kind = (enum chat_say)sqlite_int(&rows, 6);
		wire->room = sqlite_int(&rows, 7);
		g_ptr_array_add(found, wire);
	}
	return sqlite_end(&rows, error) ? g_steal_pointer(&found) : NULL;
}

bool mail_sent(struct sqlite *db, const struct mail_wire *wire,
	       const char *event_id, GError **error)
{
	return wire_done(db, wire->id, wire->outbox, event_id, error);
}

bool mail_outbox_of(struct sqlite *db, const char *network,
		    const char *event_id, int64_t *outbox, GError **error)
{
	*outbox = 0;
	return sqlite_ask_int(db, OUTBOX_BY_EVENT, outbox, NULL, error,
			      V(event_id), V(network));
}

bool mail_inbox_of(struct sqlite *db, const char *network, const char *event_id,
		   int64_t room, int64_t writer, int64_t *inbox, GError **error)
{
	*inbox = 0;
	return sqlite_ask_int(db, INBOX_BY_EVENT, inbox, NULL, error,
			      V(network), V(event_id), V(room), V(writer));
}

bool mail_event_of(struct sqlite *db, int64_t outbox, char **event_id,
		   GError **error)
{
	*event_id = NULL;
	if (!outbox)
		return true;
	g_auto(sqlite_rows) rows = sqlite_ask(db, OUTBOX_EVENT, V(outbox));
	if (sqlite_next(&rows))
		*event_id = g_strdup(sqlite_text(&rows, 0));
	return sqlite_end(&rows, error);
}

bool mail_room_of(struct sqlite *db, const char *network, const char *event,
		  char **address, GError **error)
{
	g_auto(sqlite_rows) rows =
		sqlite_ask(db, MAIL_ROOM_OF, V(network), V(event));
	*address = sqlite_next(&rows) ? g_strdup(sqlite_text(&rows, 0)) : NULL;
	return sqlite_end(&rows, error);
}

bool mail_said(struct sqlite *db, int64_t outbox, char **markdown,
	       GError **error)
{
	g_auto(sqlite_rows) rows = sqlite_ask(db, OUTBOX_SAID, V(outbox));
	*markdown = sqlite_next(&rows) ? g_strdup(sqlite_text(&rows, 0)) : NULL;
	return sqlite_end(&rows, error);
}

bool mail_unsent(struct sqlite *db, int64_t *count, int64_t *oldest,
		 GError **error)
{
	g_auto(sqlite_rows) rows = sqlite_ask(db, OUTBOX_WAITING);
	*count = *oldest = 0;
	if (sqlite_next(&rows)) {
		*count = sqlite_int(&rows, 0);
		*oldest = sqlite_int(&rows, 1);
	}
	return sqlite_end(&rows, error);
}

bool mail_sweep(struct sqlite *db, int64_t now, GError **error)
{
	int64_t bodies = now - KEEP_BODY_DAYS * day;
	int64_t rows = now - KEEP_ROW_DAYS * day;
	return sqlite_do(db, INBOX_FORGET_BODIES, error, V(bodies)) &&
	       sqlite_do(db, INBOX_SWEEP, error, V(rows)) &&
	       sqlite_do(db, OFFER_SWEEP, error, V(rows)) &&
	       sqlite_do(db, WIRE_SWEEP, error, V(rows)) &&
	       sqlite_do(db, OUTBOX_SWEEP, error, V(rows));
}
