#include "bot/quiz/points.h"

#include <glib.h>
#include <math.h>
#include <stdio.h>

enum { HINTS_MOST = 4, ATTEMPTS_MOST = 8 };

int64_t points_earned(const struct points *p)
{
	if (p->rule != POINTS_COUNT)
		return 0;
	double g = p->g / 1000.0, speed = p->speed / 1000.0,
	       fresh = p->fresh / 1000.0;
	double hints = 1 - 0.25 * MIN(p->hints, HINTS_MOST);
	double attempt = 1 / (double)(1 << (p->attempt - 1));
	return llround(100 * g * hints * speed * fresh * attempt);
}

int points_speed(bool race, int64_t t, int64_t window)
{
	if (!race || window <= 0)
		return 1000;
	double part = (double)CLAMP(t, 0, window) / (double)window;
	return (int)lround(800 + 200 * (1 - part));
}

void points_write(const struct points *p, char reason[POINTS_REASON_LEN])
{
	g_snprintf(reason, POINTS_REASON_LEN,
		   "g=%d hints=%d speed=%d fresh=%d attempt=%d verdict=%c "
		   "rule=%d",
		   p->g, p->hints, p->speed, p->fresh, p->attempt, p->verdict,
		   (int)p->rule);
}

static bool is_part(int thousandths)
{
	return thousandths >= 0 && thousandths <= 1000;
}

bool points_read(const char *reason, struct points *p)
{
	int rule;
	*p = (struct points){ 0 };
	if (sscanf(reason,
		   "g=%d hints=%d speed=%d fresh=%d attempt=%d verdict=%c "
		   "rule=%d",
		   &p->g, &p->hints, &p->speed, &p->fresh, &p->attempt,
		   &p->verdict, &rule) != 7 ||
	    rule < 0 || rule >= POINTS_RULES || !is_part(p->g) ||
	    !is_part(p->speed) || !is_part(p->fresh) || p->hints < 0 ||
	    p->hints > HINTS_MOST || p->attempt < 1 ||
	    p->attempt > ATTEMPTS_MOST)
		return false;
	p->rule = (enum points_rule)rule;
	return true;
}
