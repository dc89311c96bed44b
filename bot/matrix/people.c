/* Account data: which rooms are direct chats, and who is not heard. */

#include <string.h>

#include "bot/matrix/matrix_private.h"

void people_clear(struct matrix_people *people)
{
	g_clear_pointer(&people->direct, g_hash_table_unref);
	g_clear_pointer(&people->ignored, g_hash_table_unref);
	g_clear_pointer(&people->lists, json_free);
}

static bool read_data(struct sqlite *db, const char *type, struct json **json,
		      GError **error)
{
	g_autofree char *text = NULL;
	*json = NULL;
	if (!matrix_data_read(db, type, &text, error))
		return false;
	if (text)
		*json = json_parse(text, strlen(text), NULL);
	return true;
}

static GHashTable *new_set(void)
{
	return g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
}

/* Those that we have been invited to as such, while m.direct does not say so
 * yet. */
static bool add_coming(struct matrix *matrix, GError **error)
{
	g_autoptr(GPtrArray) tasks = matrix_tasks(matrix->host.db, error);
	for (guint i = 0; tasks && i < tasks->len; i++) {
		const struct matrix_task *task = tasks->pdata[i];
		if (g_str_equal(task->kind, "direct") ||
		    g_str_equal(task->kind, "join-direct"))
			g_hash_table_add(matrix->people.direct,
					 g_strdup(task->room_id));
	}
	return tasks != NULL;
}

bool people_load(struct matrix *matrix, GError **error)
{
	struct sqlite *db = matrix->host.db;
	struct matrix_people *people = &matrix->people;
	g_autoptr(json) ignored = NULL, direct = NULL;
	if (!read_data(db, "m.direct", &direct, error) ||
	    !read_data(db, "m.ignored_user_list", &ignored, error))
		return false;
	people_clear(people);
	people->direct = new_set();
	people->ignored = new_set();
	for (const struct json *user = json_first(direct); user;
	     user = json_next(user))
		for (const struct json *room = json_first(user); room;
		     room = json_next(room))
			if (json_as_text(room))
				g_hash_table_add(people->direct,
						 g_strdup(json_as_text(room)));
	const struct json *users = json_get(ignored, "ignored_users");
	for (users = json_first(users); users; users = json_next(users))
		if (json_key(users))
			g_hash_table_add(people->ignored,
					 g_strdup(json_key(users)));
	people->lists = g_steal_pointer(&direct);
	return add_coming(matrix, error);
}
