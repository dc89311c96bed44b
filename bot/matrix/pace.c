#include "bot/matrix/pace.h"

#include <glib.h>

/*
 * What Synapse lets an account send unless its operator says otherwise: 10
 * events at once, then one in 5 s (rc_message). With a question and what may
 * be clicked on below it, a level of CALM_MOST is still well below that;
 * whoever lets us get above ROOMY lets us send more.
 */
static const int64_t leak = 5 * G_USEC_PER_SEC;
static const int64_t calm = 3600 * (int64_t)G_USEC_PER_SEC;
enum { CALM_MOST = 3, ROOMY = 14 };

static double level_at(const struct pace *pace, int64_t now)
{
	return MAX(0, pace->level - (double)(now - pace->rose) / (double)leak);
}

void pace_sent(struct pace *pace, int64_t now)
{
	pace->level = level_at(pace, now) + 1;
	pace->rose = now;
	pace->roomy |= pace->level > ROOMY;
}

void pace_limited(struct pace *pace, int64_t now)
{
	pace->limited = now;
	pace->roomy = false;
}

bool pace_is_calm(const struct pace *pace, int64_t now)
{
	if (pace->limited && now - pace->limited <= calm)
		return false;
	return pace->roomy || level_at(pace, now) <= CALM_MOST;
}
