/*
 * Telling somebody, once, that we cannot speak in an encrypted room: in a
 * direct chat that is not encrypted, which is made where there is none.
 */

#include "bot/matrix/room.h"
#include "bot/matrix/task.h"
#include "bot/store/mail.h"

bool matrix_tell_sealed(struct matrix *matrix, struct matrix_room *room,
			const char *user_id, GError **error)
{
	const char *whom = room->inviter ? room->inviter : user_id;
	room->told = true;
	g_message("matrix: %s is encrypted (%s): the bot stays silent there",
		  room->room_id, room->encryption);
	/* Not about rooms that were made to tell: that would go on for ever. */
	if (!whom || room->task_token ||
	    g_str_equal(whom, client_user_id(matrix->client)))
		return true;
	return matrix_task_put(matrix->host.db, "tell", room->room_id, whom, "",
			       error);
}

/* A chat that the other one has left hears nobody; one into which more people
 * have come is none of two. */
static bool is_open(struct matrix *matrix, const char *room_id)
{
	g_auto(matrix_room) room = { 0 };
	return matrix_room_read(matrix->host.db, room_id, &room, NULL) &&
	       room_is_joined(&room) && !room.encryption &&
	       (room.members == 2 || room.members == 0);
}

/* An open direct chat with that person; NULL: there is none. */
static const char *open_chat(struct matrix *matrix, const char *user_id)
{
	const struct json *rooms = json_get(matrix->people.lists, user_id);
	for (rooms = json_first(rooms); rooms; rooms = json_next(rooms)) {
		const char *room_id = json_as_text(rooms);
		if (room_id && is_open(matrix, room_id))
			return room_id;
	}
	return NULL;
}

/* The create event carries the task's token, so that a room that was made
 * just before a crash is found again. */
static bool start_tell(struct matrix *matrix, struct task *task)
{
	g_autofree char *made = NULL;
	if (open_chat(matrix, task->row->user_id) ||
	    (matrix_room_of_task(matrix->host.db, task->row->token, &made,
				 NULL) &&
	     made))
		return false;
	g_autoptr(json) content = json_object();
	struct json *creation = json_object();
	struct json *invited = json_array();
	json_append_text(invited, task->row->user_id);
	json_set_text(creation, "org.znatok.id", task->row->token);
	json_set_text(content, "preset", "trusted_private_chat");
	json_set_bool(content, "is_direct", true);
	json_set(content, "invite", invited);
	json_set(content, "creation_content", creation);
	g_autofree char *url =
		api_url(client_base_url(matrix->client), "createRoom", NULL);
	task_call(matrix, task, "POST", url, content);
	return true;
}

static enum task_outcome judge_tell(const struct api_answer *answer,
				    struct task *task)
{
	(void)task;
	if (answer->class == RETRY_NOT)
		return TASK_DONE;
	return answer->class == RETRY_NEVER ? TASK_HOPELESS : TASK_LATER;
}

/* The room that was made just now is known before a /sync tells of it. */
static bool keep_made(struct matrix *matrix, struct task *task,
		      const char *room_id, GError **error)
{
	g_auto(matrix_room) room = { 0 };
	if (!matrix_room_read(matrix->host.db, room_id, &room, error))
		return false;
	g_free(room.membership);
	g_free(room.task_token);
	room.membership = g_strdup("join");
	room.task_token = g_strdup(task->row->token);
	return matrix_room_write(matrix->host.db, &room, error) &&
	       matrix_task_put(matrix->host.db, "direct", room_id,
			       task->row->user_id, "", error);
}

static bool keep_tell(struct matrix *matrix, struct task *task, GError **error)
{
	struct sqlite *db = matrix->host.db;
	const char *user_id = task->row->user_id;
	const char *created =
		task->answer ? json_text_of(task->answer->json, "room_id")
			     : NULL;
	g_autofree char *made = NULL;
	g_auto(matrix_room) sealed = { 0 };
	if (!matrix_room_of_task(db, task->row->token, &made, error) ||
	    !matrix_room_read(db, task->row->room_id, &sealed, error))
		return false;
	const char *where = created ? created
			    : made  ? made
				    : open_chat(matrix, user_id);
	if (!where ||
	    ((created || made) && !keep_made(matrix, task, where, error)))
		return where == NULL;
	/* One event for one room: nobody is told twice. */
	g_autofree char *event =
		g_strdup_printf("sealed %s", task->row->room_id);
	const struct chat_message message = {
		.event = event,
		.kind = CHAT_SEALED,
		.room = where,
		.person = user_id,
		.direct = true,
		.text = room_title(&sealed),
		.at = clock_now(matrix->host.clock),
	};
	return mail_receive(db, MATRIX_NETWORK, &message, message.at, NULL,
			    error);
}

const struct task_kind task_tell = {
	.name = "tell",
	.start = start_tell,
	.judge = judge_tell,
	.keep = keep_tell,
	.needs = "room_id",
	.once = true,
};
