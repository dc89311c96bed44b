/*
 * What is only polite: read receipts, and that we type when an answer takes
 * its time. Never tried again, never kept; too many at once are left out. A
 * receipt waits, a second at most, until no answer is under way: the server
 * would work at both at once.
 */

#include <string.h>

#include "bot/matrix/matrix_private.h"

enum {
	AT_ONCE = 2,
	WAITING_MOST = 100,
	TYPING_MS = 20000,
	PATIENCE = 1000 * 1000, /* µs that a receipt waits at most */
};

struct courtesy {
	struct matrix *matrix;
	GQueue waiting; /* struct gesture, owned */
	GHashTable *under_way;
};

struct gesture {
	struct courtesy *courtesy;
	const char *method;
	char *url;
	GBytes *body;
	struct client_call *call;
	int64_t since; /* it waits, monotonic µs; 0: it may not wait */
};

static void next(struct courtesy *courtesy);

static void gesture_free(void *data)
{
	struct gesture *gesture = data;
	if (gesture->call)
		client_cancel(gesture->call);
	g_free(gesture->url);
	g_bytes_unref(gesture->body);
	g_free(gesture);
}

struct courtesy *courtesy_new(struct matrix *matrix)
{
	struct courtesy *courtesy = g_new0(struct courtesy, 1);
	courtesy->matrix = matrix;
	courtesy->under_way =
		g_hash_table_new_full(NULL, NULL, gesture_free, NULL);
	return courtesy;
}

void courtesy_free(struct courtesy *courtesy)
{
	if (!courtesy)
		return;
	g_queue_clear_full(&courtesy->waiting, gesture_free);
	g_hash_table_unref(courtesy->under_way);
	g_free(courtesy);
}

static void done(const struct api_answer *answer, void *data)
{
	(void)answer;
	struct gesture *gesture = data;
	struct courtesy *courtesy = gesture->courtesy;
	gesture->call = NULL;
	g_hash_table_remove(courtesy->under_way, gesture);
	next(courtesy);
}

static bool must_wait(struct courtesy *courtesy)
{
	const struct gesture *gesture = g_queue_peek_head(&courtesy->waiting);
	return gesture && gesture->since &&
	       !send_is_idle(courtesy->matrix->send) &&
	       g_get_monotonic_time() - gesture->since < PATIENCE;
}

void courtesy_step(struct courtesy *courtesy)
{
	next(courtesy);
}

static void next(struct courtesy *courtesy)
{
	struct matrix *matrix = courtesy->matrix;
	while (!matrix->finishing && !must_wait(courtesy) &&
	       g_hash_table_size(courtesy->under_way) < AT_ONCE) {
		struct gesture *gesture = g_queue_pop_head(&courtesy->waiting);
		if (!gesture)
			return;
		g_hash_table_add(courtesy->under_way, gesture);
		gesture->call = client_start(
			matrix->client,
			&(struct client_request){ .method = gesture->method,
						  .url = gesture->url,
						  .body = gesture->body,
						  .timeout = 30,
						  .done = done,
						  .data = gesture });
	}
}

static void make(struct courtesy *courtesy, const char *method, char *url,
		 const struct json *content, bool waits)
{
	g_autofree char *text = json_print(content);
	struct gesture *gesture = g_new0(struct gesture, 1);
	gesture->courtesy = courtesy;
	gesture->method = method;
	gesture->url = url;
	gesture->body = g_bytes_new(text, strlen(text));
	gesture->since = waits ? g_get_monotonic_time() : 0;
	g_queue_push_tail(&courtesy->waiting, gesture);
	if (g_queue_get_length(&courtesy->waiting) > WAITING_MOST)
		gesture_free(g_queue_pop_head(&courtesy->waiting));
	next(courtesy);
}

void courtesy_read(struct courtesy *courtesy, const char *room_id,
		   const char *event_id, const char *thread)
{
	g_autoptr(json) content = json_object();
	json_set_text(content, "thread_id", thread ? thread : "main");
	make(courtesy, "POST",
	     api_url(client_base_url(courtesy->matrix->client), "rooms",
		     room_id, "receipt", "m.read", event_id, NULL),
	     content, true);
}

void courtesy_type(struct courtesy *courtesy, const char *room_id, bool on)
{
	g_autoptr(json) content = json_object();
	json_set_bool(content, "typing", on);
	if (on)
		json_set_number(content, "timeout", TYPING_MS);
	make(courtesy, "PUT",
	     api_url(client_base_url(courtesy->matrix->client), "rooms",
		     room_id, "typing",
		     client_user_id(courtesy->matrix->client), NULL),
	     content, false);
}
