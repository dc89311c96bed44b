#include "bot/quiz/daily.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "bot/base/clock.h"
#include "bot/quiz/cron.h"
#include "bot/quiz/play.h"
#include "bot/quiz/rules.h"
#include "bot/store/alarm.h"
#include "bot/store/room.h"

/* ---- the alarm ---- */

/* What an alarm is about: the date, and when it was due in the first place
 * (quiet hours put it off). */
struct occasion {
	char date[CALENDAR_DATE_LEN];
	int64_t due;
};

static void read_subject(const char *subject, struct occasion *o)
{
	if (sscanf(subject, "%10s %" SCNd64, o->date, &o->due) != 2)
		g_error("%s is no subject of a daily alarm", subject);
}

static bool stand_alarm(struct sqlite *db, struct daily_plan *plan,
			const struct occasion *occasion, int64_t at,
			GError **error)
{
	char subject[40];
	g_snprintf(subject, sizeof(subject), "%s %" PRId64, occasion->date,
		   occasion->due);
	return alarm_put(db, plan->room, DAILY_ALARM, at, subject, &plan->alarm,
			 error) &&
	       daily_write(db, plan, error);
}

/* The next date after that one that is not done. */
static bool next_of(struct sqlite *db, const struct daily_plan *plan,
		    const char *zone, const char *after, struct occasion *next,
		    bool *found, GError **error)
{
	struct cron cron;
	bool done = true;
	char date[CALENDAR_DATE_LEN];
	g_strlcpy(date, after, sizeof(date));
	*found = cron_parse(plan->times, &cron);
	while (*found && done) {
		*found = cron_next(&cron, zone, date, next->date, &next->due);
		if (*found &&
		    !daily_is_done(db, plan->room, next->date, &done, error))
			return false;
		g_strlcpy(date, next->date, sizeof(date));
	}
	return true;
}

/* The first one after now, or after a pause. */
static bool next_from_now(struct command_call *call,
			  const struct daily_plan *plan, struct occasion *next,
			  bool *found, GError **error)
{
	char today[CALENDAR_DATE_LEN], date[CALENDAR_DATE_LEN];
	g_autofree char *zone = NULL;
	if (!room_zone(call->db, call->room, &zone, error))
		return false;
	int64_t from = MAX(call->now, plan->paused);
	calendar_date(zone, from, today);
	calendar_add(today, -2, date);
	do {
		if (!next_of(call->db, plan, zone, date, next, found, error))
			return false;
		g_strlcpy(date, next->date, sizeof(date));
	} while (*found && next->due <= from);
	return true;
}

/* It is left out, and never made up for. */
static bool leave_out(struct command_call *call, const struct occasion *o,
		      const char *why, GError **error)
{
	g_message("the question of the day %s of room %" PRId64
		  " is left out: %s",
		  o->date, call->room, why);
	return daily_done(call->db, call->room, o->date, 0, call->now, error);
}

/* The one that was due and is to come yet: quiet hours have put it off. *when
 * 0: there is none. */
static bool read_put_off(struct command_call *call,
			 const struct daily_plan *plan, struct occasion *o,
			 int64_t *when, GError **error)
{
	bool done;
	g_autofree char *subject = NULL;
	if (!alarm_read(call->db, plan->alarm, when, &subject, error))
		return false;
	if (!subject)
		return true;
	read_subject(subject, o);
	if (!daily_is_done(call->db, call->room, o->date, &done, error))
		return false;
	if (done || o->due > call->now)
		*when = 0;
	return true;
}

bool daily_start(struct command_call *call, struct daily_plan *plan,
		 int64_t *next, GError **error)
{
	struct occasion occasion, late = { 0 };
	bool found;
	*next = 0;
	if (!read_put_off(call, plan, &late, next, error) ||
	    !next_from_now(call, plan, &occasion, &found, error))
		return false;
	if (*next && found && strcmp(occasion.date, late.date) <= 0)
		*next = 0; /* the new plan has a time for that date */
	if (*next && plan->paused <= call->now)
		return daily_write(call->db, plan, error);
	if ((*next && !leave_out(call, &late, "there is a pause", error)) ||
	    (plan->alarm && !alarm_drop(call->db, plan->alarm, error)))
		return false;
	*next = 0;
	plan->alarm = 0;
	if (!found)
		return daily_write(call->db, plan, error);
	*next = occasion.due;
	return stand_alarm(call->db, plan, &occasion, occasion.due, error);
}

bool daily_next(struct command_call *call, const struct daily_plan *plan,
		int64_t *next, GError **error)
{
	struct occasion occasion;
	bool found;
	if (!read_put_off(call, plan, &occasion, next, error))
		return false;
	if (*next)
		return true;
	if (!next_from_now(call, plan, &occasion, &found, error))
		return false;
	*next = found ? occasion.due : 0;
	return true;
}

bool daily_off(struct command_call *call, bool *was, GError **error)
{
	g_auto(daily_plan) plan = { 0 };
	if (!daily_read(call->db, call->room, &plan, error))
		return false;
	*was = plan.times != NULL;
	return !*was ||
	       ((!plan.alarm || alarm_drop(call->db, plan.alarm, error)) &&
		daily_drop(call->db, call->room, error));
}

bool daily_replan(struct command_call *call, GError **error)
{
	int64_t next;
	g_auto(daily_plan) plan = { 0 };
	return daily_read(call->db, call->room, &plan, error) &&
	       (!plan.times || daily_start(call, &plan, &next, error));
}

/* ---- the question ---- */

static bool put_question(struct command_call *call, const char *topic,
			 const char *date, int64_t *question, GError **error)
{
	const struct play_order order = {
		.kind = QUIZ_DAILY,
		.topic = topic,
		.questions = 1,
		.window = call->config->daily_open,
	};
	return play_start(call, &order, question, error) &&
	       (!*question || daily_done(call->db, call->room, date, *question,
					 call->now, error));
}

bool daily_now(struct command_call *call, bool *put, bool *none, GError **error)
{
	char today[CALENDAR_DATE_LEN];
	bool done;
	int64_t question;
	g_autofree char *zone = NULL;
	g_auto(daily_plan) plan = { 0 };
	*put = *none = false;
	if (!daily_read(call->db, call->room, &plan, error) ||
	    !room_zone(call->db, call->room, &zone, error))
		return false;
	calendar_date(zone, call->now, today);
	if (!daily_is_done(call->db, call->room, today, &done, error))
		return false;
	if (done)
		return true;
	if (!put_question(call, plan.topic ? plan.topic : "", today, &question,
			  error))
		return false;
	*put = question != 0;
	*none = !*put;
	return true;
}

/* Puts it, puts it off (*later), or leaves it out. */
static bool attend(struct command_call *call, const struct daily_plan *plan,
		   const char *zone, const struct occasion *o,
		   const struct occasion *next, int64_t *later, GError **error)
{
	struct rules rules;
	bool done;
	int64_t question = 0;
	*later = 0;
	if (!rules_read(call->db, call->room, call->config, &rules, error) ||
	    !daily_is_done(call->db, call->room, o->date, &done, error))
		return false;
	if (done)
		return true;
	/* Late is what an outage makes late: after the alarm, which quiet hours
	 * put off for as long as they are. */
	if (call->now - call->at > call->config->daily_late)
		return leave_out(call, o, "too late", error);
	if (next && next->due <= call->now)
		return leave_out(call, o, "the next one is due", error);
	*later = rules_quiet_until(&rules, zone, call->now);
	if (*later)
		return true;
	call->language = say_language(plan->language);
	if (!put_question(call, plan->topic, o->date, &question, error))
		return false;
	return question || leave_out(call, o, "nothing can be asked", error);
}

bool daily_ring(struct command_call *call, const char *subject, GError **error)
{
	struct occasion o, next;
	bool found;
	int64_t later;
	g_autofree char *zone = NULL;
	g_auto(daily_plan) plan = { 0 };
	read_subject(subject, &o);
	if (!daily_read(call->db, call->room, &plan, error) ||
	    !room_zone(call->db, call->room, &zone, error))
		return false;
	if (!plan.times)
		return true;
	if (!next_of(call->db, &plan, zone, o.date, &next, &found, error) ||
	    !attend(call, &plan, zone, &o, found ? &next : NULL, &later, error))
		return false;
	if (later)
		return stand_alarm(call->db, &plan, &o, later, error);
	plan.alarm = 0;
	return found ? stand_alarm(call->db, &plan, &next, next.due, error)
		     : daily_write(call->db, &plan, error);
}
