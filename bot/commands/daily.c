/*
 * !daily: the question of the day.
 *
 *	!daily 09:30 [Europe/Moscow] [weekdays] [topic]
 *	!daily cron 30 9 * * 1-5 [Europe/Moscow] [topic]
 *	!daily now | off | pause 7d | resume
 */

#include <stdio.h>
#include <string.h>

#include "bot/base/clock.h"
#include "bot/commands/questions.h"
#include "bot/commands/settings.h"
#include "bot/quiz/calendar.h"
#include "bot/quiz/cron.h"
#include "bot/quiz/daily.h"
#include "bot/quiz/rules.h"
#include "bot/store/room.h"

static const int64_t PAUSE_MOST = 366 * 24 * 60 * (int64_t)CLOCK_MINUTE;

/* 2025-01-03 09:30 */
static char *moment(const char *zone, int64_t at)
{
	char date[CALENDAR_DATE_LEN];
	int minute = calendar_minute(zone, at);
	calendar_date(zone, at, date);
	return g_strdup_printf("%s %02d:%02d", date, minute / 60, minute % 60);
}

/* "30 9 * * *" as "09:30", "09:30 weekdays", else as it is. */
static char *times_shown(const struct language *l, const char *times)
{
	int minute, hour;
	char tail[16];
	g_autofree char *weekdays = say(l, SAY_DAILY_WEEKDAYS);
	if (sscanf(times, "%d %d %15[^\n]", &minute, &hour, tail) != 3)
		return g_strdup_printf("cron %s", times);
	bool every = g_str_equal(tail, "* * *");
	if (!every && !g_str_equal(tail, "* * 1-5"))
		return g_strdup_printf("cron %s", times);
	return g_strdup_printf("%02d:%02d%s%s", hour, minute, every ? "" : " ",
			       every ? "" : weekdays);
}

static bool say_plan(struct command_call *call, const struct daily_plan *plan,
		     int64_t next, GError **error)
{
	g_autofree char *zone = NULL;
	if (!room_zone(call->db, call->room, &zone, error))
		return false;
	const char *place = zone ? zone : "UTC";
	g_autofree char *times = times_shown(call->language, plan->times);
	command_say(call, SAY_DAILY_PLAN, ARG(times), ARG(place));
	if (*plan->topic)
		command_line(call, SAY_TOP_TOPIC, ARG(plan->topic));
	if (plan->paused > call->now) {
		g_autofree char *until = moment(zone, plan->paused);
		command_line(call, SAY_DAILY_PAUSED, ARG(until));
	}
	g_autofree char *shown = moment(zone, next);
	if (next)
		command_line(call, SAY_DAILY_NEXT, ARG(shown));
	else
		command_line(call, SAY_DAILY_NEVER);
	return true;
}

static bool show(struct command_call *call, GError **error)
{
	int64_t next = 0;
	g_auto(daily_plan) plan = { 0 };
	if (!daily_read(call->db, call->room, &plan, error))
		return false;
	if (!plan.times) {
		command_say(call, SAY_DAILY_NONE, ARG(call->prefix));
		return true;
	}
	return daily_next(call, &plan, &next, error) &&
	       say_plan(call, &plan, next, error);
}

/* ---- a new plan ---- */

static bool is_weekdays(const char *word)
{
	return command_word_matches(word, "weekdays") ||
	       command_word_matches(word, "будни");
}

/* "9:30", "09:30" as minutes of the day. */
static bool read_time(const char *word, int *minute)
{
	int hour, len = 0;
	if (sscanf(word, "%2d:%2d%n", &hour, minute, &len) != 2 || word[len] ||
	    !g_ascii_isdigit(*word) || len < 4 || hour > 23 || *minute > 59 ||
	    *minute < 0)
		return false;
	*minute += hour * 60;
	return true;
}

/* "09:30" or "cron 30 9 * * 1-5" at the first words; how many were taken, 0:
 * it is neither, and the person has been told what is allowed. */
static size_t read_times(struct command_call *call, char **times)
{
	int minute;
	struct cron cron;
	char **words = call->words;
	*times = NULL;
	if (read_time(words[0], &minute)) {
		*times = g_strdup_printf("%d %d * * *", minute % 60,
					 minute / 60);
		return 1;
	}
	if (command_word_matches(words[0], "cron") && call->words_len >= 6)
		*times = g_strjoin(" ", words[1], words[2], words[3], words[4],
				   words[5], NULL);
	if (!*times || !cron_parse(*times, &cron)) {
		command_say_usage(call, call->command);
		return 0;
	}
	if (cron_is_once(&cron))
		return 6;
	command_say(call, SAY_DAILY_ONCE);
	return 0;
}

/* What the words say behind the times. */
struct wish {
	const char *zone; /* NULL: none was named */
	bool weekdays;
	GString *topic;
};

/* False: one of them was meant as a zone, Europe/Moskow, and is none. */
static bool read_wish(struct command_call *call, size_t at, struct wish *wish)
{
	size_t end = call->words_len;
	/* "http weekdays" says the same as "weekdays http". */
	if (end > at && is_weekdays(call->words[end - 1])) {
		wish->weekdays = true;
		end--;
	}
	for (; at < end; at++) {
		const char *word = call->words[at];
		if (wish->topic->len) {
			g_string_append_printf(wish->topic, " %s", word);
		} else if (is_weekdays(word)) {
			wish->weekdays = true;
		} else if (!wish->zone && calendar_knows_zone(word)) {
			wish->zone = word;
		} else if (strchr(word, '/')) {
			command_say(call, SAY_ZONE_UNKNOWN, ARG(word));
			return false;
		} else {
			g_string_append(wish->topic, word);
		}
	}
	return true;
}

static bool plan(struct command_call *call, GError **error)
{
	bool has;
	g_autofree char *times = NULL;
	g_autofree char *weekdays = NULL;
	int64_t next;
	g_autoptr(GString) topic = g_string_new(NULL);
	struct wish wish = { .topic = topic };
	size_t at = read_times(call, &times);
	if (!at || !read_wish(call, at, &wish))
		return true;
	if (!questions_know_topic(call, topic->str, &has, error))
		return false;
	if (!has)
		return true;
	if (wish.weekdays && at == 1) /* every day becomes Monday to Friday */
		weekdays = g_strdup_printf("%.*s1-5", (int)strlen(times) - 1,
					   times);
	g_auto(daily_plan) old = { 0 };
	if ((wish.zone &&
	     !room_set_zone(call->db, call->room, wish.zone, error)) ||
	    !daily_read(call->db, call->room, &old, error))
		return false;
	struct daily_plan new = {
		.room = call->room,
		.times = weekdays ? weekdays : times,
		.topic = topic->str,
		.language = (char *)say_language_name(call->language),
		.alarm = old.alarm,
	};
	return daily_start(call, &new, &next, error) &&
	       say_plan(call, &new, next, error);
}

/* ---- now, off, pause ---- */

static bool now(struct command_call *call, GError **error)
{
	bool put, none;
	if (!daily_now(call, &put, &none, error))
		return false;
	if (none)
		command_say(call, SAY_QUIZ_NOTHING);
	else if (!put)
		command_say(call, SAY_DAILY_TODAY);
	return true;
}

static bool off(struct command_call *call, GError **error)
{
	bool was;
	if (!daily_off(call, &was, error))
		return false;
	if (was)
		command_say(call, SAY_DAILY_OFF);
	else
		command_say(call, SAY_DAILY_NONE, ARG(call->prefix));
	return true;
}

static bool pause_until(struct command_call *call, int64_t until,
			GError **error)
{
	int64_t next;
	g_auto(daily_plan) plan = { 0 };
	if (!daily_read(call->db, call->room, &plan, error))
		return false;
	if (!plan.times) {
		command_say(call, SAY_DAILY_NONE, ARG(call->prefix));
		return true;
	}
	plan.paused = until;
	return daily_start(call, &plan, &next, error) &&
	       say_plan(call, &plan, next, error);
}

static bool pause_daily(struct command_call *call, GError **error)
{
	int64_t ms = 0;
	if (call->words_len < 2 ||
	    !rules_span(call->words[1], CLOCK_MINUTE, PAUSE_MOST, &ms)) {
		command_say_usage(call, call->command);
		return true;
	}
	return pause_until(call, call->now + ms, error);
}

static bool resume(struct command_call *call, GError **error)
{
	return pause_until(call, 0, error);
}

static const struct {
	const char *word;
	bool (*run)(struct command_call *call, GError **error);
} words[] = {
	{ "now", now },
	{ "off", off },
	{ "pause", pause_daily },
	{ "resume", resume },
};

static bool daily(struct command_call *call, GError **error)
{
	if (call->words_len == 0)
		return show(call, error);
	if (!settings_may_change(call))
		return true;
	for (size_t i = 0; i < G_N_ELEMENTS(words); i++)
		if (command_word_matches(call->words[0], words[i].word))
			return words[i].run(call, error);
	return plan(call, error);
}

static const struct command_alarm alarms[] = {
	{ DAILY_ALARM, daily_ring },
	{ 0 },
};

const struct command command_daily = {
	.name = "daily",
	.usage = "[HH:MM [zone] [weekdays] [topic] | now | off | pause 7d | "
		 "resume]",
	.summary = SAY_DAILY_SUMMARY,
	.words_most = COMMAND_ANY_WORDS,
	.run = daily,
	.alarms = alarms,
};
