#include "bot/quiz/round.h"

#include <assert.h>

void round_init(struct round *round)
{
	*round = (struct round){
		.attempts = 1,
		.players = g_array_new(false, false, sizeof(int64_t)),
		.answers =
			g_array_new(false, false, sizeof(struct round_answer)),
	};
}

void round_clear(struct round *round)
{
	g_clear_pointer(&round->players, g_array_unref);
	g_clear_pointer(&round->answers, g_array_unref);
}

static struct round_answer *answer_at(const struct round *round, guint i)
{
	return &g_array_index(round->answers, struct round_answer, i);
}

int64_t round_answered_at(const struct round *round, int64_t at, int64_t now)
{
	return at >= round->opened && at <= now ? at : now;
}

/* What the person has used up: attempts that counted, and the free one. */
struct used {
	int attempts;
	bool close, right;
};

static struct used used_by(const struct round *round, int64_t person)
{
	struct used used = { 0 };
	for (guint i = 0; i < round->answers->len; i++) {
		const struct round_answer *a = answer_at(round, i);
		if (a->person != person)
			continue;
		used.close |= a->attempt == 0;
		used.attempts += a->attempt > 0;
		used.right |= a->attempt > 0 && a->g == 1000;
	}
	return used;
}

/* All who have answered in this run have answered this question. */
static bool all_have_answered(const struct round *round)
{
	if (round->first || round->players->len == 0)
		return false;
	for (guint i = 0; i < round->players->len; i++) {
		int64_t person = g_array_index(round->players, int64_t, i);
		if (used_by(round, person).attempts == 0)
			return false;
	}
	return true;
}

static bool is_answered(const struct round *round)
{
	for (guint i = 0; i < round->answers->len; i++)
		if (answer_at(round, i)->attempt > 0)
			return true;
	return false;
}

/* The one place where a question closes. */
static void close_at(struct round *round, int64_t at,
		     struct round_effects *effects)
{
	round->state = ROUND_CLOSED;
	round->closed = at;
	effects->closes = true;
	effects->next = round->left > 0 ? ROUND_GOES_ON : ROUND_ENDS;
}

static void count_silence(struct round *round, struct round_effects *effects)
{
	round->unanswered = is_answered(round) ? 0 : round->unanswered + 1;
	if (round->unanswered >= ROUND_UNANSWERED_MOST &&
	    effects->next == ROUND_GOES_ON)
		effects->next = ROUND_DIES;
}

/* True if the answer comes too late for the question. */
static bool is_late(const struct round *round, int64_t at, int64_t now)
{
	switch (round->state) {
	case ROUND_OPEN:
		return at >= round->closes ||
		       now > round->closes + ROUND_LATE_MOST;
	case ROUND_CLOSED:
		/* What was never open was not there to be answered. */
		return !round->opened || at >= round->closed ||
		       now > round->closed + ROUND_LATE_MOST;
	default:
		return false;
	}
}

static void answer(struct round *round, const struct round_event *event,
		   struct round_effects *effects)
{
	int64_t at = round_answered_at(round, event->at, event->now);
	const struct used used = used_by(round, event->person);
	if (is_late(round, at, event->now)) {
		effects->refusal = ROUND_LATE;
		return;
	}
	/* What is paid is paid: after the closing only a first answer counts.
	 */
	bool again = round->state == ROUND_CLOSED && used.attempts > 0;
	if (used.right || used.attempts >= round->attempts || again) {
		effects->refusal = ROUND_ALREADY;
		return;
	}
	bool close = event->close && !used.close;
	effects->takes = true;
	effects->taken = (struct round_answer){
		.person = event->person,
		.cause = event->cause,
		.at = at,
		.attempt = close ? 0 : used.attempts + 1,
		.g = close ? 0 : event->g,
	};
	g_array_append_val(round->answers, effects->taken);
	if (close)
		effects->refusal = ROUND_CLOSE;
	else if (round->state == ROUND_CLOSED)
		effects->late = true;
	else if (all_have_answered(round)) {
		close_at(round, event->now, effects);
		count_silence(round, effects);
	}
}

static void change(struct round *round, const struct round_event *event,
		   struct round_effects *effects)
{
	bool redact = event->kind == ROUND_REDACT;
	for (guint i = 0; i < round->answers->len; i++) {
		struct round_answer *a = answer_at(round, i);
		if (a->cause != event->cause || a->redacted)
			continue;
		/* An edit of what is paid changes nothing. */
		if (!redact && (round->state == ROUND_CLOSED || a->edited))
			continue;
		if (redact)
			a->g = 0;
		a->redacted |= redact;
		a->edited |= !redact;
		effects->marks = true;
		effects->undoes = redact && round->state == ROUND_CLOSED;
		effects->taken = *a;
	}
}

static void end_early(struct round *round, const struct round_event *event,
		      struct round_effects *effects)
{
	if (round->state == ROUND_CLOSED) {
		effects->refusal = ROUND_OVER;
		return;
	}
	if (!event->may && event->person != round->starter) {
		effects->refusal = ROUND_NOT_YOURS;
		return;
	}
	close_at(round, event->now, effects);
	/* Somebody is there. */
	round->unanswered = 0;
	if (event->kind == ROUND_STOP)
		effects->next = ROUND_ENDS;
}

static void hint(struct round *round, struct round_effects *effects)
{
	if (round->state == ROUND_CLOSED) {
		effects->refusal = ROUND_OVER;
	} else if (round->hinted >= round->hints_most) {
		effects->refusal = ROUND_NO_HINTS;
	} else {
		round->hinted++;
		effects->hints = true;
	}
}

struct round_effects round_step(struct round *round,
				const struct round_event *event)
{
	struct round_effects effects = { 0 };
	switch (event->kind) {
	case ROUND_SENT:
		if (round->state != ROUND_ASKED)
			break;
		round->state = ROUND_OPEN;
		round->opened = event->now;
		round->closes = event->now + round->window;
		effects.wakes = true;
		break;
	case ROUND_FAILED:
		if (round->state != ROUND_ASKED)
			break;
		round->state = ROUND_CLOSED;
		round->closed = event->now;
		effects.next = ROUND_ENDS;
		break;
	case ROUND_ANSWER:
		answer(round, event, &effects);
		break;
	case ROUND_TIME:
		if (round->state != ROUND_OPEN || event->now < round->closes)
			break;
		close_at(round, round->closes, &effects);
		count_silence(round, &effects);
		break;
	case ROUND_HINT:
		hint(round, &effects);
		break;
	case ROUND_SKIP:
	case ROUND_STOP:
		end_early(round, event, &effects);
		break;
	case ROUND_EDIT:
	case ROUND_REDACT:
		change(round, event, &effects);
		break;
	}
	return effects;
}
