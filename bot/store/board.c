#include "bot/store/board.h"

#include <assert.h>
#include <stdio.h>

#include "bot/store/db.h"
#include "bot/store/person.h"

const char *board_span_name(enum board_span span)
{
	static const char *const names[] = { "day", "week", "month", "all" };
	static_assert(G_N_ELEMENTS(names) == BOARD_SPANS, "a name a span");
	return names[span];
}

void board_period(enum board_span span, const char *local_date,
		  char period[BOARD_PERIOD_LEN])
{
	int year = 1, month = 1, day = 1;
	if (sscanf(local_date, "%d-%d-%d", &year, &month, &day) != 3)
		g_error("%s is not a date", local_date);
	g_autoptr(GDateTime) date =
		g_date_time_new_utc(year, month, day, 0, 0, 0);
	switch (span) {
	case BOARD_DAY:
		g_strlcpy(period, local_date, BOARD_PERIOD_LEN);
		break;
	case BOARD_WEEK: /* a week belongs to the year of its Thursday */
		g_snprintf(period, BOARD_PERIOD_LEN, "%04d-W%02d",
			   g_date_time_get_week_numbering_year(date),
			   g_date_time_get_week_of_year(date));
		break;
	case BOARD_MONTH:
		g_snprintf(period, BOARD_PERIOD_LEN, "%04d-%02d", year, month);
		break;
	default:
		*period = '\0';
	}
}

bool board_add(struct sqlite *db, const struct board_share *share,
	       GError **error)
{
	for (int span = BOARD_DAY; span < BOARD_SPANS; span++) {
		char period[BOARD_PERIOD_LEN];
		board_period(span, share->local_date, period);
		const char *name = board_span_name(span);
		if (!sqlite_do(db, BOARD_ADD, error, V(share->room), V(name),
			       V((const char *)period), V(""), V(share->person),
			       V(share->points)))
			return false;
		if (*share->topic &&
		    !sqlite_do(db, BOARD_ADD, error, V(share->room), V(name),
			       V((const char *)period), V(share->topic),
			       V(share->person), V(share->points)))
			return false;
	}
	return true;
}

static void standing_clear(void *data)
{
	struct standing *standing = data;
	g_free(standing->name);
}

/* The board of all topics, or of one path, as it is kept. */
static bool read_top(struct sqlite *db, const struct board_query *query,
		     const char *period, const char *path, GArray *all,
		     GError **error)
{
	g_auto(sqlite_rows) rows = sqlite_ask(
		db, BOARD_TOP, V(query->room), V(board_span_name(query->span)),
		V(period), V(path), V(query->most));
	while (sqlite_next(&rows)) {
		const struct standing standing = {
			.person = sqlite_int(&rows, 0),
			.name = g_strdup(sqlite_text(&rows, 1)),
			.points = sqlite_int(&rows, 2),
		};
		g_array_append_val(all, standing);
	}
	return sqlite_end(&rows, error);
}

/* ---- a topic of several paths ---- */

/* The room's paths that belong to the topic: GPtrArray of char *. */
static GPtrArray *paths_of(struct sqlite *db, const struct board_query *query,
			   const char *period, GError **error)
{
	g_autoptr(GPtrArray) paths = g_ptr_array_new_with_free_func(g_free);
	g_autofree char *last = g_strdup("");
	for (;;) {
		g_auto(sqlite_rows) rows = sqlite_ask(
			db, BOARD_NEXT_TOPIC, V(query->room),
			V(board_span_name(query->span)), V(period), V(last));
		char *path = sqlite_next(&rows)
				     ? g_strdup(sqlite_text(&rows, 0))
				     : NULL;
		if (!sqlite_end(&rows, error)) {
			g_free(path);
			return NULL;
		}
		if (!path)
			return g_steal_pointer(&paths);
		g_free(last);
		last = path;
		if (query->topic(path, query->data))
			g_ptr_array_add(paths, g_strdup(path));
	}
}

/* Adds everybody's points on one path to what is there: person -> points. */
static bool add_path(struct sqlite *db, const struct board_query *query,
		     const char *period, const char *path, GHashTable *sums,
		     GError **error)
{
	g_auto(sqlite_rows) rows =
		sqlite_ask(db, BOARD_POINTS_OF_ALL, V(query->room),
			   V(board_span_name(query->span)), V(period), V(path));
	while (sqlite_next(&rows)) {
		gpointer person = GSIZE_TO_POINTER(sqlite_int(&rows, 0));
		gsize before =
			GPOINTER_TO_SIZE(g_hash_table_lookup(sums, person));
		gsize more = (gsize)sqlite_int(&rows, 1);
		g_hash_table_insert(sums, person,
				    GSIZE_TO_POINTER(before + more));
	}
	return sqlite_end(&rows, error);
}

static int by_points(const void *a, const void *b)
{
	const struct standing *x = a, *y = b;
	if (x->points != y->points)
		return x->points < y->points ? 1 : -1;
	return x->person < y->person ? -1 : 1;
}

static void put_in_order(GHashTable *sums, const struct board_query *query,
			 GArray *all)
{
	GHashTableIter iter;
	gpointer person, points;
	g_hash_table_iter_init(&iter, sums);
	while (g_hash_table_iter_next(&iter, &person, &points)) {
		const struct standing standing = {
			.person = (int64_t)GPOINTER_TO_SIZE(person),
			.points = (int64_t)GPOINTER_TO_SIZE(points),
		};
		g_array_append_val(all, standing);
	}
	g_array_sort(all, by_points);
	if (all->len > query->most)
		g_array_set_size(all, query->most);
}

static bool read_names(struct sqlite *db, GArray *all, GError **error)
{
	for (guint i = 0; i < all->len; i++) {
		struct standing *s = &g_array_index(all, struct standing, i);
		g_auto(sqlite_rows) rows =
			sqlite_ask(db, PERSON_NAME, V(s->person));
		s->name = g_strdup(sqlite_next(&rows) ? sqlite_text(&rows, 0)
						      : "");
		if (!sqlite_end(&rows, error))
			return false;
	}
	return true;
}

static bool read_topic(struct sqlite *db, const struct board_query *query,
		       const char *period, GArray *all, GError **error)
{
	g_autoptr(GPtrArray) paths = paths_of(db, query, period, error);
	if (!paths)
		return false;
	if (paths->len == 1)
		return read_top(db, query, period, paths->pdata[0], all, error);
	g_autoptr(GHashTable) sums = g_hash_table_new(NULL, NULL);
	for (guint i = 0; i < paths->len; i++)
		if (!add_path(db, query, period, paths->pdata[i], sums, error))
			return false;
	put_in_order(sums, query, all);
	return read_names(db, all, error);
}

GArray *board_top(struct sqlite *db, const struct board_query *query,
		  GError **error)
{
	char period[BOARD_PERIOD_LEN];
	board_period(query->span, query->local_date, period);
	g_autoptr(GArray) all =
		g_array_new(false, false, sizeof(struct standing));
	g_array_set_clear_func(all, standing_clear);
	if (!(query->topic ? read_topic(db, query, period, all, error)
			   : read_top(db, query, period, "", all, error)))
		return NULL;
	for (guint i = 0; i < all->len; i++) {
		struct standing *s = &g_array_index(all, struct standing, i);
		bool tie = i > 0 && s[-1].points == s->points;
		s->place = tie ? s[-1].place : i + 1;
	}
	g_autoptr(GArray) named =
		g_array_new(false, false, sizeof(struct person_named));
	for (guint i = 0; i < all->len; i++) {
		struct standing *s = &g_array_index(all, struct standing, i);
		const struct person_named name = { s->person, &s->name };
		g_array_append_val(named, name);
	}
	return person_tell_apart(db, named, error) ? g_steal_pointer(&all)
						   : NULL;
}

bool board_standing(struct sqlite *db, int64_t room, enum board_span span,
		    const char *local_date, struct standing *standing,
		    GError **error)
{
	char period[BOARD_PERIOD_LEN];
	board_period(span, local_date, period);
	const char *name = board_span_name(span);
	bool found;
	int64_t better = 0;
	standing->points = standing->place = 0;
	if (!sqlite_ask_int(db, BOARD_POINTS, &standing->points, &found, error,
			    V(room), V(name), V((const char *)period), V(""),
			    V(standing->person)))
		return false;
	if (standing->points <= 0)
		return true;
	if (!sqlite_ask_int(db, BOARD_BETTER, &better, NULL, error, V(room),
			    V(name), V((const char *)period), V(""),
			    V(standing->points)))
		return false;
	standing->place = (unsigned)better + 1;
	return true;
}
