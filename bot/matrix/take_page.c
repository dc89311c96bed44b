/* A page of a room: each event of it, into the inbox or to where it belongs. */

#include "bot/matrix/take.h"

#include "bot/matrix/content.h"
#include "bot/matrix/message.h"
#include "bot/matrix/room.h"
#include "bot/store/mail.h"
#include "bot/store/room.h"

/* ---- one event of a timeline ---- */

/* What all events of a page have in common. */
struct paging {
	struct matrix *matrix;
	struct take_page *page;
	struct taken *taken;
	GHashTable *names;	 /* user id -> display name, both borrowed */
	const char *last_sender; /* whose role is known already */
	enum chat_role role;
};

static enum chat_role role_of(struct paging *paging, const char *sender)
{
	if (!paging->last_sender || !g_str_equal(paging->last_sender, sender))
		paging->role = room_role(paging->page->room, sender);
	paging->last_sender = sender;
	return paging->role;
}

/* Our own event tells that a message of ours was taken, on whatever device. */
static bool take_echo(struct paging *paging, const struct event *event,
		      GError **error)
{
	bool found = false;
	const char *ids[] = { event->txn_id,
			      json_text_of(event->content, CONTENT_ID) };
	for (size_t i = 0; i < G_N_ELEMENTS(ids) && !found; i++)
		if (ids[i] && event->event_id &&
		    !send_has_sent(paging->matrix->send, ids[i]) &&
		    !wire_done_txn(paging->matrix->host.db, ids[i],
				   event->event_id, &found, error))
			return false;
	return true;
}

/* Our own name may be changed while we run. What was before the start is asked
 * for, in network.c. Of a kick or an invite others write the name. */
static void follow_own_name(struct paging *paging, const struct event *event)
{
	struct matrix *matrix = paging->matrix;
	const char *name = json_text_of(event->content, "displayname");
	if (paging->page->mute || !event->state_key || !name ||
	    !g_str_equal(event->type, "m.room.member") ||
	    !g_str_equal(event->sender, client_user_id(matrix->client)) ||
	    g_strcmp0(json_text_of(event->content, "membership"), "join") != 0)
		return;
	g_free(matrix->own_name);
	matrix->own_name = g_strdup(name);
}

/*
 * Clients name whom they answer in every reply: an answer to a message of ours
 * that does not call us by name is talk, not a question.
 */
static bool is_mention(struct paging *paging, const struct message *message,
		       bool *is, GError **error)
{
	int64_t ours = 0;
	*is = message->named || message->listed;
	if (message->named || !message->listed || !message->target)
		return true;
	if (!mail_outbox_of(paging->matrix->host.db, MATRIX_NETWORK,
			    message->target, &ours, error))
		return false;
	*is = !ours;
	return true;
}

bool take_is_direct(const struct matrix *matrix, const struct matrix_room *room)
{
	return room->members <= 2 &&
	       g_hash_table_contains(matrix->people.direct, room->room_id);
}

static bool take_message(struct paging *paging, const struct event *event,
			 const struct message *message, GError **error)
{
	struct matrix *matrix = paging->matrix;
	struct take_page *page = paging->page;
	bool mentioned;
	/* It may answer what was sent a moment ago. */
	if (!send_keep(matrix->send, error) ||
	    !is_mention(paging, message, &mentioned, error))
		return false;
	const struct chat_message out = {
		.event = event->event_id,
		.kind = message->kind,
		.room = page->room->room_id,
		.person = event->sender,
		.name = g_hash_table_lookup(paging->names, event->sender),
		.role = role_of(paging, event->sender),
		.direct = take_is_direct(matrix, page->room),
		.mentioned = mentioned,
		.text = message->text,
		.target = message->target,
		.thread = message->thread,
		.at = event->at,
		.held = page->held,
	};
	if (message->kind == CHAT_REDACT)
		g_ptr_array_add(paging->taken->redacted,
				g_strdup(event->event_id));
	return mail_receive(matrix->host.db, MATRIX_NETWORK, &out,
			    clock_now(matrix->host.clock), NULL, error);
}

static bool take_event(struct paging *paging, const struct event *event,
		       GError **error)
{
	struct matrix *matrix = paging->matrix;
	g_auto(message) message = { 0 };
	const struct message_reader reader = {
		.own_id = client_user_id(matrix->client),
		.own_name = matrix->own_name,
		.room_version = room_version(paging->page->room),
	};
	if (g_str_equal(event->sender, reader.own_id))
		return take_echo(paging, event, error);
	if (paging->page->mute || paging->page->joining ||
	    g_hash_table_contains(matrix->people.ignored, event->sender) ||
	    !message_read(&reader, event, &message))
		return true;
	if (event_is_old(event, paging->page->date,
			 matrix->host.config->matrix_answer_age)) {
		g_debug("matrix: %s is too old to be answered",
			event->event_id);
		return true;
	}
	return take_message(paging, event, &message, error);
}

/* ---- a page ---- */

/* Display names that member events tell. */
static void learn_names(GHashTable *names, const struct json *events)
{
	struct event event;
	for (const struct json *e = json_first(events); e; e = json_next(e)) {
		if (!event_read(e, &event) || !event.state_key ||
		    !g_str_equal(event.type, "m.room.member"))
			continue;
		const char *name = json_text_of(event.content, "displayname");
		if (name && *name)
			g_hash_table_insert(names, (char *)event.state_key,
					    (char *)name);
	}
}

bool take_is_own_join(const struct json *json, const struct event *event,
		      const char *own_id)
{
	const struct json *before =
		json_get(json_get(json, "unsigned"), "prev_content");
	return event->state_key && g_str_equal(event->type, "m.room.member") &&
	       g_str_equal(event->state_key, own_id) &&
	       g_strcmp0(json_text_of(event->content, "membership"), "join") ==
		       0 &&
	       g_strcmp0(json_text_of(before, "membership"), "join") != 0;
}

/* The last event of a page by which we came in; NULL: there is none. We may
 * have been put out and let in again, and heard nothing in between. */
static const struct json *last_own_join(const struct json *events,
					const char *own_id)
{
	struct event event;
	const struct json *last = NULL;
	for (const struct json *e = json_first(events); e; e = json_next(e))
		if (event_read(e, &event) &&
		    take_is_own_join(e, &event, own_id))
			last = e;
	return last;
}

bool take_has_own_join(const struct json *events, const char *own_id)
{
	return last_own_join(events, own_id) != NULL;
}

bool take_page(struct matrix *matrix, struct take_page *page,
	       struct taken *taken, GError **error)
{
	const struct json *join =
		last_own_join(page->events, client_user_id(matrix->client));
	g_autoptr(GHashTable) names = g_hash_table_new(g_str_hash, g_str_equal);
	struct paging paging = {
		.matrix = matrix, .page = page, .taken = taken, .names = names
	};
	struct event event;
	learn_names(names, page->members);
	learn_names(names, page->events);
	for (const struct json *e = json_first(page->events); e;
	     e = json_next(e)) {
		if (!event_read(e, &event))
			continue;
		follow_own_name(&paging, &event);
		if (e == join)
			page->joining = false;
		else if (!take_event(&paging, &event, error))
			return false;
	}
	return true;
}
