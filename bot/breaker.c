#include "bot/breaker.h"

#include <glib.h>

#include "bot/base/clock.h"

enum {
	MOST = 10,
	WINDOW = CLOCK_MINUTE,
	SILENCE = 10 * CLOCK_MINUTE,
	METERS_MOST = 1024, /* before those who are quiet are forgotten */
};

struct meter {
	int64_t room, person;
	int64_t times[MOST]; /* of the last messages, a ring */
	unsigned next;
	int64_t last_id, open_until;
};

struct breaker {
	GHashTable *meters; /* a set of struct meter, by room and person */
};

static guint meter_hash(gconstpointer key)
{
	const struct meter *meter = key;
	return g_int64_hash(&meter->room) * 31 + g_int64_hash(&meter->person);
}

static gboolean meter_equal(gconstpointer a, gconstpointer b)
{
	const struct meter *x = a, *y = b;
	return x->room == y->room && x->person == y->person;
}

struct breaker *breaker_new(void)
{
	struct breaker *breaker = g_new0(struct breaker, 1);
	breaker->meters =
		g_hash_table_new_full(meter_hash, meter_equal, g_free, NULL);
	return breaker;
}

void breaker_free(struct breaker *breaker)
{
	if (!breaker)
		return;
	g_hash_table_unref(breaker->meters);
	g_free(breaker);
}

static struct meter *find(struct breaker *breaker, int64_t room, int64_t person)
{
	const struct meter key = { .room = room, .person = person };
	return g_hash_table_lookup(breaker->meters, &key);
}

bool breaker_is_open(struct breaker *breaker, int64_t room, int64_t person,
		     int64_t now)
{
	const struct meter *meter = find(breaker, room, person);
	return meter && now < meter->open_until;
}

static gboolean is_quiet(gpointer key, gpointer value, gpointer now)
{
	(void)value;
	const struct meter *meter = key;
	int64_t newest = meter->times[(meter->next + MOST - 1) % MOST];
	return newest + WINDOW < *(int64_t *)now &&
	       meter->open_until < *(int64_t *)now;
}

bool breaker_count(struct breaker *breaker, int64_t room, int64_t person,
		   int64_t id, int64_t now)
{
	struct meter *meter = find(breaker, room, person);
	if (!meter) {
		if (g_hash_table_size(breaker->meters) >= METERS_MOST)
			g_hash_table_foreach_remove(breaker->meters, is_quiet,
						    &now);
		meter = g_new0(struct meter, 1);
		meter->room = room;
		meter->person = person;
		g_hash_table_add(breaker->meters, meter);
	}
	if (id == meter->last_id)
		return false;
	/* The slot to be written holds the message MOST before this one. */
	int64_t before = meter->times[meter->next];
	meter->last_id = id;
	meter->times[meter->next] = now;
	meter->next = (meter->next + 1) % MOST;
	if (!before || now - before > WINDOW)
		return false;
	meter->open_until = now + SILENCE;
	return true;
}
