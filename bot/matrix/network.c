/* The network itself: what chat.h asks of one, and how its parts meet. */

#include "bot/matrix/matrix.h"

#include "bot/matrix/content.h"
#include "bot/matrix/matrix_private.h"

bool matrix_transaction(struct matrix *matrix,
			bool (*work)(struct matrix *matrix, void *data,
				     GError **error),
			void *data)
{
	g_autoptr(GError) error = NULL;
	struct sqlite *db = matrix->host.db;
	if (sqlite_begin(db, &error)) {
		if (work(matrix, data, &error) && sqlite_commit(db, &error)) {
			send_kept(matrix->send, true);
			return true;
		}
		sqlite_rollback(db);
		send_kept(matrix->send, false);
	}
	matrix->host.trouble(matrix->host.data, error);
	return false;
}

void matrix_check_finished(struct matrix *matrix)
{
	if (matrix->finishing && !matrix->finished &&
	    send_is_idle(matrix->send)) {
		matrix->finished = true;
		matrix->host.finished(matrix->host.data);
	}
}

/* ---- the session ---- */

static void name_answered(const struct api_answer *answer, void *data)
{
	struct matrix *matrix = data;
	const char *name = json_text_of(answer->json, "displayname");
	matrix->naming = NULL;
	if (answer->class != RETRY_NOT || !name)
		return;
	g_free(matrix->own_name);
	matrix->own_name = g_strdup(name);
}

static gboolean ask_versions(gpointer data);

static void versions_answered(const struct api_answer *answer, void *data)
{
	struct matrix *matrix = data;
	matrix->asking = NULL;
	if (answer->class == RETRY_LATER || answer->class == RETRY_LIMITED)
		matrix->again = g_timeout_add(
			(guint)retry_wait(&matrix->retry, answer->retry_after),
			ask_versions, matrix);
	if (answer->class == RETRY_NOT &&
	    !json_has_text(json_get(answer->json, "versions"), "v1.11"))
		g_message("matrix: the homeserver does not speak v1.11 of the "
			  "Client-Server API; some things may not work");
}

static gboolean ask_versions(gpointer data)
{
	struct matrix *matrix = data;
	g_autofree char *url = api_url_of(client_base_url(matrix->client),
					  "/_matrix/client/versions");
	matrix->again = 0;
	matrix->asking = client_start(
		matrix->client,
		&(struct client_request){ .url = url,
					  .timeout = 30,
					  .done = versions_answered,
					  .data = matrix });
	return G_SOURCE_REMOVE;
}

static void client_is_live(void *data)
{
	struct matrix *matrix = data;
	const char *base = client_base_url(matrix->client);
	g_autofree char *name =
		api_url(base, "profile", client_user_id(matrix->client),
			"displayname", NULL);
	matrix->retry = (struct retry){ .least = 1000, .most = 60000 };
	ask_versions(matrix);
	matrix->naming = client_start(
		matrix->client, &(struct client_request){ .url = name,
							  .timeout = 30,
							  .done = name_answered,
							  .data = matrix });
	matrix->live = true;
	sync_start(matrix->sync);
	matrix->host.drain(matrix->host.data);
}

static void client_is_dead(void *data, const char *why, int status)
{
	struct matrix *matrix = data;
	g_warning("matrix: %s", why);
	sync_stop(matrix->sync);
	matrix->host.ended(matrix->host.data, status);
}

static void client_trouble(void *data, const GError *error)
{
	struct matrix *matrix = data;
	matrix->host.trouble(matrix->host.data, error);
}

/* ---- struct chat_network ---- */

static void calls_have_ended(void *data)
{
	struct matrix *matrix = data;
	send_commit(matrix->send);
	sync_step(matrix->sync);
	courtesy_step(matrix->courtesy);
}

static void matrix_close(void *self)
{
	struct matrix *matrix = self;
	if (matrix->opening)
		g_source_remove(matrix->opening);
	if (matrix->again)
		g_source_remove(matrix->again);
	sync_free(matrix->sync);
	gaps_free(matrix->gaps);
	tasks_free(matrix->tasks);
	send_free(matrix->send);
	courtesy_free(matrix->courtesy);
	client_free(matrix->client);
	people_clear(&matrix->people);
	g_free(matrix->own_name);
	g_free(matrix);
}

static gboolean open_session(gpointer data)
{
	struct matrix *matrix = data;
	matrix->opening = 0;
	client_open(matrix->client);
	return G_SOURCE_REMOVE;
}

static void *matrix_open(const struct chat_host *host, const void *options,
			 GError **error)
{
	(void)options;
	struct matrix *matrix = g_new0(struct matrix, 1);
	matrix->host = *host;
	const struct client_options client = {
		.config = host->config,
		.db = host->db,
		.clock = host->clock,
		.live = client_is_live,
		.dead = client_is_dead,
		.trouble = client_trouble,
		.data = matrix,
	};
	matrix->sync = sync_new(matrix);
	matrix->gaps = gaps_new(matrix);
	matrix->tasks = tasks_new(matrix);
	matrix->courtesy = courtesy_new(matrix);
	matrix->client = client_new(&client, error);
	if (matrix->client)
		matrix->send = send_new(matrix, error);
	if (!matrix->send || !people_load(matrix, error)) {
		matrix_close(matrix);
		return NULL;
	}
	http_set_after(client_http(matrix->client), calls_have_ended, matrix);
	matrix->opening = g_idle_add(open_session, matrix);
	return matrix;
}

static GPtrArray *matrix_render(void *self, const struct chat_reply *reply)
{
	(void)self;
	return content_render(reply, CONTENT_MOST);
}

static const char *matrix_device(void *self)
{
	struct matrix *matrix = self;
	return client_device_id(matrix->client);
}

static bool matrix_step(void *self, GError **error)
{
	struct matrix *matrix = self;
	return !matrix->live || send_step(matrix->send, error);
}

static bool matrix_caught_up(void *self)
{
	struct matrix *matrix = self;
	return sync_has_caught_up(matrix->sync);
}

static bool matrix_calm(void *self)
{
	struct matrix *matrix = self;
	return send_is_calm(matrix->send);
}

static void matrix_finish(void *self)
{
	struct matrix *matrix = self;
	matrix->finishing = true;
	sync_stop(matrix->sync);
	send_stop(matrix->send);
	matrix_check_finished(matrix);
}

const struct chat_network matrix_network = {
	.name = MATRIX_NETWORK,
	.can = { .edit = true, .react = true, .redact = true, .thread = true },
	.open = matrix_open,
	.render = matrix_render,
	.reaches = matrix_reaches,
	.device = matrix_device,
	.step = matrix_step,
	.caught_up = matrix_caught_up,
	.calm = matrix_calm,
	.finish = matrix_finish,
	.close = matrix_close,
};
