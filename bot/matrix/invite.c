#include "bot/matrix/invite.h"

#include "bot/matrix/event.h"
#include "bot/matrix/room.h"

bool invite_is_allowed(const struct config *config, const char *inviter)
{
	for (char **word = config->matrix_invites; *word; word++) {
		if (g_str_equal(*word, "everyone") ||
		    g_str_equal(*word, inviter) ||
		    (**word != '@' &&
		     g_str_equal(*word, event_server_of(inviter))))
			return true;
		if (g_str_equal(*word, "admins") &&
		    g_strv_contains((const char *const *)config->bot_admins,
				    inviter))
			return true;
	}
	return false;
}

/* The event that invites us; false: there is none. */
static bool find_invitation(const struct delta_room *delta, const char *own_id,
			    struct event *event)
{
	for (const struct json *e = json_first(delta->state); e;
	     e = json_next(e))
		if (event_read(e, event) && event->state_key &&
		    g_str_equal(event->type, "m.room.member") &&
		    g_str_equal(event->state_key, own_id) &&
		    g_strcmp0(json_text_of(event->content, "membership"),
			      "invite") == 0)
			return true;
	return false;
}

bool invite_take(struct matrix *matrix, const struct delta_room *delta,
		 GError **error)
{
	struct sqlite *db = matrix->host.db;
	struct event event;
	g_auto(matrix_room) room = { 0 };
	g_autofree char *replaced = NULL;
	if (!find_invitation(delta, client_user_id(matrix->client), &event))
		return true;
	if (!matrix_room_read(db, delta->room_id, &room, error) ||
	    !matrix_room_replaced_by(db, delta->room_id, &replaced, error))
		return false;
	if (room_is_joined(&room))
		return true;
	/* Where a room of ours has gone on we follow, whoever asks us in. */
	bool allowed = replaced ||
		       invite_is_allowed(matrix->host.config, event.sender);
	bool direct = json_true_of(event.content, "is_direct");
	g_message("matrix: %s invites the bot to %s: %s", event.sender,
		  delta->room_id, allowed ? "accepted" : "declined");
	if (allowed && direct)
		g_hash_table_add(matrix->people.direct,
				 g_strdup(delta->room_id));
	g_free(room.membership);
	room.membership = g_strdup("invite");
	if (!replaced) {
		g_free(room.inviter);
		room.inviter = g_strdup(event.sender);
	}
	return matrix_room_write(db, &room, error) &&
	       matrix_task_put(db,
			       !allowed ? "decline"
			       : direct ? "join-direct"
					: "join",
			       delta->room_id, event.sender,
			       event_server_of(event.sender), error);
}
