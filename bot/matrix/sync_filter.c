/* What /sync is to tell: the filter, kept on the server. */

#include <string.h>

#include "bot/matrix/sync_private.h"
#include "bot/store/db.h"

/* The row of the table of positions that knows the filter's id. */
#define FILTER_POSITION MATRIX_NETWORK " filter"

/*
 * State is asked for by type, a timeline whole: there, what was left out would
 * be lost, our own echoes too. Members come again with each message of theirs
 * (include_redundant_members), so that none has to be kept.
 */
static const char filter_text[] =
	"{\"presence\":{\"not_types\":[\"*\"]},"
	"\"account_data\":{\"types\":[\"m.ignored_user_list\",\"m.direct\"]},"
	"\"room\":{\"include_leave\":false,"
	"\"ephemeral\":{\"not_types\":[\"*\"]},"
	"\"account_data\":{\"not_types\":[\"*\"]},"
	"\"state\":{\"lazy_load_members\":true,"
	"\"include_redundant_members\":true,\"types\":[\"m.room.create\","
	"\"m.room.encryption\",\"m.room.member\",\"m.room.power_levels\","
	"\"m.room.name\",\"m.room.tombstone\"]},"
	"\"timeline\":{\"limit\":50}}}";

static char *filter_hash(void)
{
	return g_compute_checksum_for_string(G_CHECKSUM_SHA256, filter_text,
					     -1);
}

/* "HASH ID": the id is good for this filter only. */
void sync_find_filter(struct sync *sync)
{
	g_autofree char *hash = filter_hash();
	g_autofree char *row = NULL;
	g_clear_pointer(&sync->filter, g_free);
	if (!db_position(sync->matrix->host.db, FILTER_POSITION, &row, NULL) ||
	    !row || !g_str_has_prefix(row, hash) || row[strlen(hash)] != ' ')
		return;
	sync->filter = g_strdup(row + strlen(hash) + 1);
}

static bool keep_filter(struct matrix *matrix, void *data, GError **error)
{
	struct sync *sync = data;
	g_autofree char *hash = filter_hash();
	g_autofree char *row =
		g_strconcat(hash, " ", sync->filter ? sync->filter : "", NULL);
	return db_set_position(matrix->host.db, FILTER_POSITION, row, error);
}

static void filter_answered(const struct api_answer *answer, void *data)
{
	struct sync *sync = data;
	const char *id = json_text_of(answer->json, "filter_id");
	sync->call = NULL;
	if (answer->class != RETRY_NOT) {
		sync_later(sync, answer->retry_after, answer->trouble);
		return;
	}
	sync->filter = g_strdup(id);
	matrix_transaction(sync->matrix, keep_filter, sync);
	sync_prepare(sync);
}

void sync_upload_filter(struct sync *sync)
{
	struct matrix *matrix = sync->matrix;
	g_autoptr(GBytes) body =
		g_bytes_new_static(filter_text, strlen(filter_text));
	g_autofree char *url =
		api_url(client_base_url(matrix->client), "user",
			client_user_id(matrix->client), "filter", NULL);
	sync->call =
		client_start(matrix->client,
			     &(struct client_request){ .method = "POST",
						       .url = url,
						       .body = body,
						       .needs = "filter_id",
						       .done = filter_answered,
						       .data = sync });
}
