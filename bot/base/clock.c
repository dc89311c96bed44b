#include "bot/base/clock.h"

#include <glib.h>

int64_t clock_now(const struct clock *clock)
{
	return clock->is_virtual ? clock->now : g_get_real_time() / 1000;
}

void clock_move(struct clock *clock, int64_t to)
{
	g_assert(clock->is_virtual);
	if (to > clock->now)
		clock->now = to;
}
