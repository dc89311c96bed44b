#include "bot/matrix/task.h"

#include <string.h>

#include "bot/matrix/room.h"
#include "bot/matrix/take.h"

enum {
	TRIES_MOST = 9, /* 2, 4, 8 … 512 s: some 17 minutes in all */
	/* Calls under way. Another server may let them hang for minutes, and
	 * there are only so many connections (http.c), which sending needs. */
	AT_ONCE = 4,
	JOINS_AN_HOUR = 200,
	JOINS_AN_HOUR_OF_ONE = 50,
	HOUR = 60 * CLOCK_MINUTE,
};

struct tasks {
	struct matrix *matrix;
	GHashTable *running; /* id -> struct task */
	GArray *joins;	     /* struct join, of the last hour */
};

struct join {
	int64_t at; /* monotonic ms */
	guint who;  /* hash of the inviter */
};

static int64_t now_ms(void)
{
	return g_get_monotonic_time() / 1000;
}

static void task_free(void *data)
{
	struct task *task = data;
	if (task->call)
		client_cancel(task->call);
	if (task->timer)
		g_source_remove(task->timer);
	matrix_task_free(task->row);
	json_free(task->raw);
	g_free(task);
}

struct tasks *tasks_new(struct matrix *matrix)
{
	struct tasks *tasks = g_new0(struct tasks, 1);
	tasks->matrix = matrix;
	tasks->running = g_hash_table_new_full(g_int64_hash, g_int64_equal,
					       NULL, task_free);
	tasks->joins = g_array_new(false, false, sizeof(struct join));
	return tasks;
}

void tasks_free(struct tasks *tasks)
{
	if (!tasks)
		return;
	g_hash_table_unref(tasks->running);
	g_array_unref(tasks->joins);
	g_free(tasks);
}

/* ---- calls ---- */

static void task_answered(const struct api_answer *answer, void *data);
static void begin(struct task *task);

void task_call(struct matrix *matrix, struct task *task, const char *method,
	       const char *url, const struct json *body)
{
	g_autofree char *text = body ? json_print(body) : g_strdup("{}");
	g_autoptr(GBytes) bytes = g_str_equal(method, "GET")
					  ? NULL
					  : g_bytes_new(text, strlen(text));
	task->call = client_start(
		matrix->client,
		&(struct client_request){ .method = method,
					  .url = url,
					  .body = bytes,
					  .timeout = 120,
					  .once = task->kind->once,
					  .needs = task->kind->needs,
					  .done = task_answered,
					  .data = task });
}

/* ---- joining ---- */

/* How long an hour's allowance makes a join wait, ms. */
static int64_t allowance(struct tasks *tasks, guint who)
{
	unsigned all = 0, own = 0;
	int64_t now = now_ms(), first = now;
	for (guint i = tasks->joins->len; i-- > 0;) {
		struct join *join =
			&g_array_index(tasks->joins, struct join, i);
		if (now - join->at > HOUR) {
			g_array_remove_index(tasks->joins, i);
			continue;
		}
		all++;
		own += join->who == who;
		first = MIN(first, join->at);
	}
	if (all < JOINS_AN_HOUR && own < JOINS_AN_HOUR_OF_ONE)
		return 0;
	return first + HOUR - now;
}

static bool is_full(const struct tasks *tasks)
{
	GHashTableIter iter;
	void *value;
	guint under_way = 0;
	g_hash_table_iter_init(&iter, tasks->running);
	while (g_hash_table_iter_next(&iter, NULL, &value))
		under_way += ((struct task *)value)->call != NULL;
	return under_way >= AT_ONCE;
}

/* Where others are under way it goes back to those that only stand in the
 * store: the end of one of them takes it up. */
static gboolean begin_again(gpointer data)
{
	struct task *task = data;
	task->timer = 0;
	if (is_full(task->tasks))
		g_hash_table_remove(task->tasks->running, &task->row->id);
	else
		begin(task);
	return G_SOURCE_REMOVE;
}

/* Room ids of version 12 name no server: via is what finds the room
 * (Client-Server API, POST /join/{roomIdOrAlias}). */
static void call_join(struct matrix *matrix, struct task *task)
{
	const char *via = task->row->via;
	g_autofree char *base = api_url(client_base_url(matrix->client), "join",
					task->row->room_id, NULL);
	g_autofree char *server = g_uri_escape_string(via, NULL, false);
	g_autofree char *url =
		*via ? g_strdup_printf("%s?server_name=%s&via=%s", base, server,
				       server)
		     : g_strdup(base);
	task_call(matrix, task, "POST", url, NULL);
}

static bool start_join(struct matrix *matrix, struct task *task)
{
	struct tasks *tasks = task->tasks;
	guint who = g_str_hash(task->row->user_id);
	int64_t wait = task->row->tries ? 0 : allowance(tasks, who);
	if (wait > 0) {
		g_message("matrix: too many invitations in an hour; %s waits",
			  task->row->room_id);
		task->timer = g_timeout_add((guint)wait, begin_again, task);
		return true;
	}
	struct join join = { now_ms(), who };
	g_array_append_val(tasks->joins, join);
	call_join(matrix, task);
	return true;
}

static bool start_upgrade(struct matrix *matrix, struct task *task)
{
	call_join(matrix, task);
	return true;
}

/* Over federation a first try fails often; a room that forbids it does not
 * change its mind. */
static enum task_outcome judge_join(const struct api_answer *answer,
				    struct task *task)
{
	(void)task;
	if (answer->class == RETRY_NOT)
		return TASK_DONE;
	return answer->status == 403 && answer->class == RETRY_NEVER
		       ? TASK_HOPELESS
		       : TASK_LATER;
}

/* An invitation to the new room may come later. */
static enum task_outcome judge_upgrade(const struct api_answer *answer,
				       struct task *task)
{
	(void)task;
	return answer->class == RETRY_NOT ? TASK_DONE : TASK_LATER;
}

static bool keep_direct(struct matrix *matrix, struct task *task,
			GError **error)
{
	return matrix_task_put(matrix->host.db, "direct", task->row->room_id,
			       task->row->user_id, "", error);
}

/* ---- declining ---- */

static bool start_decline(struct matrix *matrix, struct task *task)
{
	static const char *const steps[] = { "leave", "forget" };
	g_autofree char *url =
		api_url(client_base_url(matrix->client), "rooms",
			task->row->room_id, steps[task->step], NULL);
	task_call(matrix, task, "POST", url, NULL);
	return true;
}

/* Refused for good: then we are not in the room, which is what was wanted. */
static enum task_outcome judge_decline(const struct api_answer *answer,
				       struct task *task)
{
	if (answer->class == RETRY_LATER || answer->class == RETRY_LIMITED)
		return TASK_LATER;
	return task->step++ == 0 ? TASK_NEXT : TASK_DONE;
}

static bool keep_left(struct matrix *matrix, struct task *task, GError **error)
{
	return take_leave(matrix, task->row->room_id, "leave", error);
}

/* ---- the state of a room ---- */

static enum task_outcome judge_usual(const struct api_answer *answer,
				     struct task *task)
{
	(void)task;
	if (answer->class == RETRY_NOT)
		return TASK_DONE;
	return answer->class == RETRY_NEVER ? TASK_HOPELESS : TASK_LATER;
}

static void state_answered(const struct api_answer *answer, char *body,
			   size_t len, void *data)
{
	struct task *task = data;
	g_autofree char *text = body;
	struct api_answer judged = *answer;
	json_free(task->raw);
	task->raw = text ? json_parse(text, len, NULL) : NULL;
	if (answer->class == RETRY_NOT && !json_is_array(task->raw)) {
		judged.class = RETRY_LATER;
		judged.trouble = (char *)"a body that is no list of events";
	}
	task_answered(&judged, task);
	/* task may be gone */
}

static bool start_state(struct matrix *matrix, struct task *task)
{
	g_autofree char *url = api_url(client_base_url(matrix->client), "rooms",
				       task->row->room_id, "state", NULL);
	task->call = client_start(
		matrix->client,
		&(struct client_request){ .url = url,
					  .most = 64 << 20,
					  .raw_done = state_answered,
					  .data = task });
	return true;
}

static bool keep_state(struct matrix *matrix, struct task *task, GError **error)
{
	struct event event;
	bool changed = false;
	g_auto(matrix_room) room = { 0 };
	if (!matrix_room_read(matrix->host.db, task->row->room_id, &room,
			      error))
		return false;
	for (const struct json *e = json_first(task->raw); e; e = json_next(e))
		if (event_read(e, &event))
			room_apply(&room, &event,
				   client_user_id(matrix->client), &changed);
	return !changed || matrix_room_write(matrix->host.db, &room, error);
}

/* ---- all kinds ---- */

static const struct task_kind kinds[] = {
	{ .name = "join",
	  .start = start_join,
	  .judge = judge_join,
	  .needs = "room_id" },
	{ .name = "join-direct",
	  .start = start_join,
	  .judge = judge_join,
	  .keep = keep_direct,
	  .needs = "room_id" },
	{ .name = "decline",
	  .start = start_decline,
	  .judge = judge_decline,
	  .keep = keep_left },
	{ .name = "upgrade",
	  .start = start_upgrade,
	  .judge = judge_upgrade,
	  .needs = "room_id" },
	{ .name = "state",
	  .start = start_state,
	  .judge = judge_usual,
	  .keep = keep_state },
};

static const struct task_kind *kind_of(const char *name)
{
	static const struct task_kind *const others[] = { &task_direct,
							  &task_tell };
	for (size_t i = 0; i < G_N_ELEMENTS(kinds); i++)
		if (g_str_equal(kinds[i].name, name))
			return &kinds[i];
	for (size_t i = 0; i < G_N_ELEMENTS(others); i++)
		if (g_str_equal(others[i]->name, name))
			return others[i];
	return NULL;
}

static bool end(struct matrix *matrix, void *data, GError **error)
{
	struct task *task = data;
	return (!task->kind->keep || task->kind->keep(matrix, task, error)) &&
	       matrix_task_drop(matrix->host.db, task->row->id, error);
}

static bool drop(struct matrix *matrix, void *data, GError **error)
{
	struct task *task = data;
	return matrix_task_drop(matrix->host.db, task->row->id, error);
}

static bool count_try(struct matrix *matrix, void *data, GError **error)
{
	struct task *task = data;
	return matrix_task_tried(matrix->host.db, task->row->id, error);
}

static void close_task(struct task *task, bool done)
{
	struct tasks *tasks = task->tasks;
	struct matrix *matrix = tasks->matrix;
	if (!matrix_transaction(matrix, done ? end : drop, task)) {
		/* The same call again is harmless; the store is not. */
		task->step = 0;
		task->timer = g_timeout_add(CLOCK_SECOND, begin_again, task);
		return;
	}
	g_hash_table_remove(tasks->running, &task->row->id);
	/* Something may have been put into inbox or tasks. */
	matrix->host.drain(matrix->host.data);
	tasks_step(tasks);
}

/* Exponential, as the other side needs it: 2, 4, 8 … s. */
static void try_again(struct task *task, const struct api_answer *answer)
{
	struct matrix *matrix = task->tasks->matrix;
	int64_t wait = CLOCK_SECOND * (INT64_C(2) << task->row->tries);
	bool counts = answer->class != RETRY_LIMITED;
	wait = MAX(wait, MIN(answer->retry_after, RETRY_MOST));
	if (counts && task->row->tries + 1 >= TRIES_MOST) {
		g_warning("matrix: %s of %s is given up: %s", task->kind->name,
			  task->row->room_id, answer->trouble);
		close_task(task, false);
		return;
	}
	if (counts && matrix_transaction(matrix, count_try, task))
		task->row->tries++;
	g_message("matrix: %s of %s: %s; trying again in %.1f s",
		  task->kind->name, task->row->room_id, answer->trouble,
		  (double)wait / 1000);
	task->timer = g_timeout_add((guint)wait, begin_again, task);
	tasks_step(task->tasks);
}

static void task_answered(const struct api_answer *answer, void *data)
{
	struct task *task = data;
	task->call = NULL;
	task->answer = answer;
	switch (task->kind->judge(answer, task)) {
	case TASK_DONE:
		close_task(task, true);
		break;
	case TASK_NEXT:
		begin(task);
		break;
	case TASK_LATER:
		try_again(task, answer);
		break;
	case TASK_HOPELESS:
		g_message("matrix: %s of %s is refused: %s", task->kind->name,
			  task->row->room_id, answer->trouble);
		close_task(task, false);
		break;
	}
}

static void begin(struct task *task)
{
	struct matrix *matrix = task->tasks->matrix;
	if (matrix->finishing)
		return;
	task->answer = NULL;
	if (!task->kind->start(matrix, task))
		close_task(task, true);
}

/* False where it has to wait for another of its kind. */
static bool may_begin(struct tasks *tasks, const struct task_kind *kind)
{
	GHashTableIter iter;
	void *value;
	g_hash_table_iter_init(&iter, tasks->running);
	while (kind->alone && g_hash_table_iter_next(&iter, NULL, &value))
		if (((struct task *)value)->kind == kind)
			return false;
	return true;
}

void tasks_step(struct tasks *tasks)
{
	g_autoptr(GError) error = NULL;
	struct matrix *matrix = tasks->matrix;
	if (matrix->finishing)
		return;
	g_autoptr(GPtrArray) all = matrix_tasks(matrix->host.db, &error);
	if (!all) {
		matrix->host.trouble(matrix->host.data, error);
		return;
	}
	for (guint i = 0; i < all->len && !is_full(tasks); i++) {
		struct matrix_task *row = all->pdata[i];
		const struct task_kind *kind = kind_of(row->kind);
		if (!kind || g_hash_table_contains(tasks->running, &row->id) ||
		    !may_begin(tasks, kind))
			continue;
		struct task *task = g_new0(struct task, 1);
		all->pdata[i] = NULL; /* it is the task's now */
		task->tasks = tasks;
		task->row = row;
		task->kind = kind;
		g_hash_table_insert(tasks->running, &row->id, task);
		begin(task);
	}
}
