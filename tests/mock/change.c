/* What changes a room: events, redactions, state, comings and goings. */

#include <string.h>
#include "tests/mock/feed.h"
#include "tests/mock/handlers.h"

enum { PDU_MOST = 65536, PDU_HEAD = 400 };

/* ---- transaction ids ---- */

/* As Synapse: good for this device and this path. */
static char *txn_name(const struct call *call)
{
	return g_strconcat(call->user->id, " ", call->device->id, " ",
			   call->http->path, NULL);
}

/* True: it was done before, and the answer was given. */
static bool was_done(struct call *call)
{
	g_autofree char *name = txn_name(call);
	const char *id = g_hash_table_lookup(call->home->txns, name);
	if (id)
		call_text(call, "event_id", id);
	return id != NULL;
}

static void done(struct call *call, const struct event *event)
{
	g_hash_table_insert(call->home->txns, txn_name(call),
			    g_strdup(event->id));
	call_text(call, "event_id", event->id);
}

/* ---- sending ---- */

/* The name of a reaction; NULL: it is none. Caller frees. */
static char *reaction_name(struct call *call, const cJSON *content)
{
	const cJSON *relation = member_of(content, "m.relates_to");
	const char *target = text_of(relation, "event_id"),
		   *key = text_of(relation, "key");
	if (!g_str_equal(call->args[1], "m.reaction") || !target || !key)
		return NULL;
	return g_strconcat(target, " ", call->user->id, " ", key, NULL);
}

/* False: no, and the answer was given. */
static bool may(struct call *call, struct room *room, const char *type,
		bool state)
{
	if (call->user->suspended)
		call_error(call, 403, "M_USER_SUSPENDED", "You are suspended");
	else if (room_power(room, call->user->id) <
		 room_power_needed(room, type, state))
		call_error(call, 403, "M_FORBIDDEN",
			   "You don't have permission to post that");
	else
		return true;
	return false;
}

void send_put(struct call *call)
{
	struct room *room = call_room(call);
	if (!room || feed_send(call) || was_done(call))
		return;
	const cJSON *content = call_json(call);
	if (!content || !may(call, room, call->args[1], false))
		return;
	if (call->http->body->len > PDU_MOST - PDU_HEAD) {
		call_error(call, 413, "M_TOO_LARGE", "event too large");
		return;
	}
	char *reaction = reaction_name(call, content);
	if (reaction && !g_hash_table_add(room->reactions, reaction)) {
		call_error(call, 400, "M_DUPLICATE_ANNOTATION",
			   "Can't send same reaction twice");
		return;
	}
	done(call, room_put(call->home, room,
			    &(struct draft){
				    .sender = call->user->id,
				    .type = call->args[1],
				    .content = call->http->body->str,
				    .txn = call->args[2],
				    .device = call->device,
			    }));
}

void redact_put(struct call *call)
{
	struct room *room = call_room(call);
	if (!room || was_done(call))
		return;
	const cJSON *json = call_json(call);
	if (!json || !may(call, room, "m.room.redaction", false))
		return;
	done(call, room_redact(call->home, room,
			       &(struct draft){
				       .sender = call->user->id,
				       .txn = call->args[2],
				       .device = call->device,
			       },
			       call->args[1], text_of(json, "reason")));
}

void state_put(struct call *call)
{
	struct room *room = call_room(call);
	const cJSON *json = room ? call_json(call) : NULL;
	if (!json || !may(call, room, call->args[1], true))
		return;
	const struct event *event = room_put(
		call->home, room,
		&(struct draft){
			.sender = call->user->id,
			.type = call->args[1],
			.state_key = call->args[2] ? call->args[2] : "",
			.content = call->http->body->str,
			.device = call->device,
		});
	call_text(call, "event_id", event->id);
}

void receipt_post(struct call *call)
{
	if (call_room(call))
		call_ok(call);
}

/* ---- membership ---- */

static bool is_public(const struct room *room)
{
	const struct event *rules = room_state(room, "m.room.join_rules", "");
	return rules && strstr(rules->content, "\"public\"");
}

void join_post(struct call *call)
{
	struct room *room = room_find(call->home, call->args[0]);
	const char *is = room ? room_membership(room, call->user->id) : NULL;
	bool via = call_query(call, "via") || call_query(call, "server_name");
	if (!room || (room->remote && !via)) {
		call_error(call, 404, "M_UNKNOWN", "No known servers");
		return;
	}
	if (g_strcmp0(is, "ban") == 0 ||
	    (!is_public(room) && g_strcmp0(is, "invite") != 0 &&
	     g_strcmp0(is, "join") != 0)) {
		call_error(call, 403, "M_FORBIDDEN",
			   "You are not invited to this room.");
		return;
	}
	if (g_strcmp0(is, "join") != 0)
		room_member(call->home, room, call->user->id, call->user->id,
			    "join", NULL);
	call_text(call, "room_id", room->id);
}

void leave_post(struct call *call)
{
	struct room *room = room_find(call->home, call->args[0]);
	const char *is = room ? room_membership(room, call->user->id) : NULL;
	if (g_strcmp0(is, "join") == 0 || g_strcmp0(is, "invite") == 0)
		room_member(call->home, room, call->user->id, call->user->id,
			    "leave", NULL);
	else if (g_strcmp0(is, "leave") != 0) {
		call_error(call, 403, "M_FORBIDDEN",
			   "You are not in that room");
		return;
	}
	call_ok(call);
}

void forget_post(struct call *call)
{
	struct room *room = room_find(call->home, call->args[0]);
	const char *is = room ? room_membership(room, call->user->id) : NULL;
	if (g_strcmp0(is, "join") == 0 || g_strcmp0(is, "invite") == 0) {
		call_error(call, 400, "M_UNKNOWN", "User is in room");
		return;
	}
	g_hash_table_remove(call->user->rooms, room);
	call_ok(call);
}

static void move_other(struct call *call, const char *membership)
{
	struct room *room = call_room(call);
	const cJSON *json = room ? call_json(call) : NULL;
	if (!json)
		return;
	const char *who = text_of(json, "user_id");
	if (!who) {
		call_error(call, 400, "M_MISSING_PARAM", "user_id");
		return;
	}
	room_member(call->home, room, call->user->id, who, membership, NULL);
	call_ok(call);
}

void invite_post(struct call *call)
{
	move_other(call, "invite");
}

void kick_post(struct call *call)
{
	move_other(call, "leave");
}
