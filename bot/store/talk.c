#include "bot/store/talk.h"

#include "bot/base/clock.h"
#include "bot/store/db.h"

enum { OFFER_LASTS = 10 * CLOCK_MINUTE };

bool talk_offer(struct sqlite *db, const struct talk *talk, int64_t outbox,
		const int64_t *entry_no, size_t len, GError **error)
{
	for (size_t i = 0; i < len; i++)
		if (!sqlite_do(db, OFFER_PUT, error, V(outbox), V(i + 1),
			       V(talk->room), V(talk->person), V(entry_no[i]),
			       V(talk->now)))
			return false;
	return true;
}

bool talk_take_from(struct sqlite *db, int64_t outbox, int n, int64_t *entry_no,
		    GError **error)
{
	*entry_no = 0;
	return sqlite_ask_int(db, OFFER_TAKE, entry_no, NULL, error, V(outbox),
			      V(n));
}

bool talk_take(struct sqlite *db, const struct talk *talk, int n,
	       int64_t *entry_no, GError **error)
{
	int64_t since = talk->now - OFFER_LASTS;
	int64_t outbox = 0;
	if (!sqlite_ask_int(db, OFFER_OF_PERSON, &outbox, NULL, error,
			    V(talk->room), V(talk->person), V(since)))
		return false;
	if (outbox == 0 && !sqlite_ask_int(db, OFFER_OF_ROOM, &outbox, NULL,
					   error, V(talk->room), V(since)))
		return false;
	return talk_take_from(db, outbox, n, entry_no, error);
}

void talk_rest_clear(struct talk_rest *rest)
{
	g_free(rest->content_hash);
	*rest = (struct talk_rest){ 0 };
}

bool talk_set_rest(struct sqlite *db, const struct talk *talk,
		   const struct talk_rest *rest, GError **error)
{
	if (!rest->entry_no)
		return sqlite_do(db, REST_DROP, error, V(talk->room),
				 V(talk->person));
	return sqlite_do(db, REST_WRITE, error, V(talk->room), V(talk->person),
			 V(rest->entry_no), V(rest->content_hash),
			 V(rest->block));
}

bool talk_get_rest(struct sqlite *db, const struct talk *talk,
		   struct talk_rest *rest, GError **error)
{
	*rest = (struct talk_rest){ 0 };
	g_auto(sqlite_rows) rows =
		sqlite_ask(db, REST_READ, V(talk->room), V(talk->person));
	if (sqlite_next(&rows)) {
		rest->entry_no = sqlite_int(&rows, 0);
		rest->content_hash = g_strdup(sqlite_text(&rows, 1));
		rest->block = sqlite_int(&rows, 2);
	}
	return sqlite_end(&rows, error);
}

bool talk_gap(struct sqlite *db, const struct talk *talk, const char *query,
	      const char *folded, GError **error)
{
	return sqlite_do(db, GAP_PUT, error, V(talk->room), V(talk->person),
			 V(query), V(folded), V(talk->now));
}

static void gap_free(void *data)
{
	struct talk_gap_row *gap = data;
	g_free(gap->query);
	g_free(gap);
}

GPtrArray *talk_gaps(struct sqlite *db, unsigned most, int64_t *all,
		     GError **error)
{
	if (!sqlite_ask_int(db, GAP_COUNT, all, NULL, error))
		return NULL;
	g_autoptr(GPtrArray) gaps = g_ptr_array_new_with_free_func(gap_free);
	g_auto(sqlite_rows) rows = sqlite_ask(db, GAP_TOP, V(most));
	while (sqlite_next(&rows)) {
		struct talk_gap_row *gap = g_new0(struct talk_gap_row, 1);
		gap->query = g_strdup(sqlite_text(&rows, 0));
		gap->times = sqlite_int(&rows, 1);
		gap->people = sqlite_int(&rows, 2);
		g_ptr_array_add(gaps, gap);
	}
	return sqlite_end(&rows, error) ? g_steal_pointer(&gaps) : NULL;
}
