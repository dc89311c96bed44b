/*
 * Our account's list of direct chats, m.direct (Client-Server API, "Direct
 * messaging"). Other clients of the account change it as well, and the server
 * knows no way to change a part of it: it is read anew before each change, and
 * one task changes it at a time.
 */

#include "bot/base/json.h"
#include "bot/matrix/task.h"
#include "bot/store/matrix.h"

enum { READ, WRITE };

static bool start(struct matrix *matrix, struct task *task)
{
	g_autofree char *url = api_url(client_base_url(matrix->client), "user",
				       client_user_id(matrix->client),
				       "account_data", "m.direct", NULL);
	if (task->step == READ)
		task_call(matrix, task, "GET", url, NULL);
	else
		task_call(matrix, task, "PUT", url, task->raw);
	return true;
}

/* The list with the room in it. Whatever else stands there, also what makes no
 * sense to us, stays. */
static struct json *add(const struct json *lists, const char *user_id,
			const char *room_id)
{
	struct json *content =
		json_is_object(lists) ? json_copy(lists) : json_object();
	const struct json *known = json_get(content, user_id);
	struct json *rooms =
		json_is_array(known) ? json_copy(known) : json_array();
	if (!json_has_text(rooms, room_id))
		json_append_text(rooms, room_id);
	json_set(content, user_id, rooms);
	return content;
}

static enum task_outcome judge(const struct api_answer *answer,
			       struct task *task)
{
	bool none = api_answer_is(answer, "M_NOT_FOUND");
	if (task->step == READ && (none || answer->class == RETRY_NOT)) {
		json_free(task->raw);
		task->raw = add(none ? NULL : answer->json, task->row->user_id,
				task->row->room_id);
		task->step = WRITE;
		return TASK_NEXT;
	}
	task->step = READ;
	if (answer->class == RETRY_NOT)
		return TASK_DONE;
	return answer->class == RETRY_NEVER ? TASK_HOPELESS : TASK_LATER;
}

/* The room is known as a direct chat before /sync tells of it. */
static bool keep(struct matrix *matrix, struct task *task, GError **error)
{
	g_autofree char *text = json_print(task->raw);
	return matrix_data_write(matrix->host.db, "m.direct", text, error) &&
	       people_load(matrix, error);
}

const struct task_kind task_direct = {
	.name = "direct",
	.start = start,
	.judge = judge,
	.keep = keep,
	.alone = true,
};
