#include "bot/flood.h"

#include <glib.h>

#include "bot/base/clock.h"

enum { PEOPLE_MOST = 1024 }; /* before those who left are forgotten */

struct flood {
	int64_t most;
	GHashTable *people; /* int64_t number -> struct meter */
	GArray *before;	    /* struct meter, as they were, oldest first */
};

/* The commands of the minute that began at `since`. */
struct meter {
	int64_t person, since, count, muted_until;
};

struct flood *flood_new(int64_t most)
{
	struct flood *flood = g_new0(struct flood, 1);
	flood->most = most;
	flood->people = g_hash_table_new_full(g_int64_hash, g_int64_equal, NULL,
					      g_free);
	flood->before = g_array_new(false, false, sizeof(struct meter));
	return flood;
}

void flood_set_most(struct flood *flood, int64_t most)
{
	flood->most = most;
}

size_t flood_mark(const struct flood *flood)
{
	return flood->before->len;
}

void flood_undo(struct flood *flood, size_t mark)
{
	while (flood->before->len > mark) {
		const struct meter *before = &g_array_index(
			flood->before, struct meter, flood->before->len - 1);
		struct meter *meter =
			g_hash_table_lookup(flood->people, &before->person);
		if (meter)
			*meter = *before;
		g_array_set_size(flood->before, flood->before->len - 1);
	}
}

void flood_keep(struct flood *flood)
{
	g_array_set_size(flood->before, 0);
}

void flood_free(struct flood *flood)
{
	if (!flood)
		return;
	g_hash_table_unref(flood->people);
	g_array_unref(flood->before);
	g_free(flood);
}

bool flood_is_muted(struct flood *flood, int64_t person, int64_t now)
{
	const struct meter *meter = g_hash_table_lookup(flood->people, &person);
	return meter && now < meter->muted_until;
}

static gboolean is_over(gpointer key, gpointer value, gpointer data)
{
	(void)key;
	const struct meter *meter = value;
	int64_t now = *(const int64_t *)data;
	return now >= meter->muted_until && now - meter->since >= CLOCK_MINUTE;
}

bool flood_count(struct flood *flood, int64_t person, int64_t now)
{
	if (flood->most == 0)
		return false;
	struct meter *meter = g_hash_table_lookup(flood->people, &person);
	if (!meter) {
		if (g_hash_table_size(flood->people) >= PEOPLE_MOST)
			g_hash_table_foreach_remove(flood->people, is_over,
						    &now);
		meter = g_new0(struct meter, 1);
		meter->person = person;
		meter->since = now;
		g_hash_table_insert(flood->people, &meter->person, meter);
	}
	g_array_append_val(flood->before, *meter);
	if (now - meter->since >= CLOCK_MINUTE) {
		meter->since = now;
		meter->count = 0;
	}
	if (++meter->count <= flood->most)
		return false;
	meter->muted_until = now + CLOCK_MINUTE;
	meter->count = 0;
	return true;
}
