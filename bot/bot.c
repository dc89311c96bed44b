#include "bot/bot.h"

#include "bot/base/clock.h"
#include "bot/bot_private.h"
#include "bot/store/alarm.h"
#include "bot/store/entry.h"

/* ---- trouble ---- */

static void trouble_begins(struct bot *bot, const GError *error)
{
	int64_t now = clock_now(bot->options.clock);
	if (!bot->trouble || bot->health.trouble_until) {
		bot->health.trouble_since = now;
		bot->health.trouble_until = 0;
		bot->logged = 0;
	}
	g_free(bot->trouble);
	bot->trouble = g_strdup(error->message);
	bot->health.trouble = bot->trouble;
	int64_t real = g_get_monotonic_time() / 1000;
	if (bot->logged && real - bot->logged < CLOCK_MINUTE)
		return;
	bot->logged = real;
	g_warning("the store cannot be written, I will try again: %s",
		  error->message);
}

static void trouble_ends(struct bot *bot)
{
	if (!bot->trouble || bot->health.trouble_until)
		return;
	bot->health.trouble_until = clock_now(bot->options.clock);
	g_message("the store can be written again");
}

/* ---- notes ---- */

static bool follow(struct bot *bot, GError **error)
{
	struct library *library = bot->options.library;
	g_autoptr(GPtrArray) rows = index_rows(
		library_index(library), library_generation(library), error);
	if (!rows || !sqlite_begin(bot->db, error))
		return false;
	if (entry_follow(bot->db, rows, clock_now(bot->options.clock), error) &&
	    sqlite_commit(bot->db, error)) {
		bot->follow = false;
		return true;
	}
	sqlite_rollback(bot->db);
	return false;
}

void bot_reload(struct bot *bot)
{
	g_autoptr(GError) error = NULL;
	bool changed = false;
	if (!library_reload(bot->options.library, &changed, &error)) {
		g_warning("notes: %s", error->message);
		return;
	}
	if (!changed)
		return;
	g_message("notes: read again, generation %" G_GINT64_FORMAT,
		  library_generation(bot->options.library));
	bot->follow = true;
	bot_drain(bot);
}

static void notes_changed(void *data)
{
	bot_reload(data);
}

/* ---- the loop ---- */

/* How long alarms wait for networks to tell what happened meanwhile. */
enum { CATCH_UP_MOST = 5 * CLOCK_MINUTE };

/* After a start or an outage, answers that were given in time come first. */
static bool has_caught_up(struct bot *bot)
{
	int64_t now = clock_now(bot->options.clock);
	for (guint i = 0; i < bot->lines->len; i++) {
		const struct line *line =
			&g_array_index(bot->lines, struct line, i);
		if (!line->network->caught_up ||
		    line->network->caught_up(line->self))
			continue;
		if (!bot->behind)
			bot->behind = now;
		return now - bot->behind > CATCH_UP_MOST;
	}
	bot->behind = 0;
	return true;
}

static bool fire_alarms(struct bot *bot, GError **error)
{
	bool fired = has_caught_up(bot);
	while (fired)
		if (!alarm_fire(bot->db, clock_now(bot->options.clock), &fired,
				error))
			return false;
	return true;
}

static bool step_networks(struct bot *bot, GError **error)
{
	for (guint i = 0; i < bot->lines->len; i++) {
		struct line *line = &g_array_index(bot->lines, struct line, i);
		if (!line->network->step(line->self, error))
			return false;
	}
	return true;
}

static gboolean alarm_rings(gpointer data)
{
	struct bot *bot = data;
	bot->alarm = 0;
	bot_drain(bot);
	return G_SOURCE_REMOVE;
}

/* Wakes the loop when the next alarm is due; a virtual clock is moved by
 * whoever owns it. */
static bool arm(struct bot *bot, GError **error)
{
	int64_t due;
	if (bot->options.clock->is_virtual)
		return true;
	if (bot->alarm)
		g_source_remove(bot->alarm);
	bot->alarm = 0;
	int64_t now = clock_now(bot->options.clock);
	if (!alarm_next(bot->db, now, &due, error))
		return false;
	if (due == INT64_MAX)
		return true;
	int64_t least = has_caught_up(bot) ? 0 : CLOCK_SECOND;
	bot->alarm = g_timeout_add((guint)CLAMP(due - now, least, CLOCK_MINUTE),
				   alarm_rings, bot);
	return true;
}

/* What waited for a message of ours to be sent goes on. */
static bool tell_sent(struct bot *bot, GError **error)
{
	const struct command *const *c = bot->options.commands;
	for (; *c; c++)
		if ((*c)->sent &&
		    !(*c)->sent(bot->db, clock_now(bot->options.clock), error))
			return false;
	return true;
}

/* Once a day: what is too old goes. */
static bool sweep(struct bot *bot, GError **error)
{
	int64_t now = clock_now(bot->options.clock);
	if (now < bot->next_sweep)
		return true;
	if (!sqlite_begin(bot->db, error))
		return false;
	if (mail_sweep(bot->db, now, error) && sqlite_commit(bot->db, error)) {
		bot->next_sweep = now + 24 * 60 * (int64_t)CLOCK_MINUTE;
		return true;
	}
	sqlite_rollback(bot->db);
	return false;
}

static bool drain(struct bot *bot, GError **error)
{
	if ((bot->follow && !follow(bot, error)) || !sweep(bot, error))
		return false;
	bool any = true;
	while (any)
		if (!fire_alarms(bot, error) || !bot_work(bot, &any, error) ||
		    !bot_render_waiting(bot, error) ||
		    !step_networks(bot, error))
			return false;
	/* What was sent may be what another row waited for. */
	return bot_render_waiting(bot, error) && step_networks(bot, error) &&
	       tell_sent(bot, error) && arm(bot, error);
}

bool bot_drain(struct bot *bot)
{
	g_autoptr(GError) error = NULL;
	bool well = drain(bot, &error);
	if (well) {
		trouble_ends(bot);
		return true;
	}
	trouble_begins(bot, error);
	/* An alarm or a changed note has nobody else who would try again. */
	if (!bot->options.clock->is_virtual && !bot->alarm)
		bot->alarm = g_timeout_add(CLOCK_SECOND, alarm_rings, bot);
	return false;
}

static bool host_drain(void *data)
{
	return bot_drain(data);
}

static void host_trouble(void *data, const GError *error)
{
	trouble_begins(data, error);
}

static void host_ended(void *data, int status)
{
	struct bot *bot = data;
	if (bot->options.ended)
		bot->options.ended(bot->options.data, status);
}

static void host_finished(void *data)
{
	struct bot *bot = data;
	if (--bot->finishing == 0)
		host_ended(bot, 0);
}

void bot_finish(struct bot *bot)
{
	bot->finishing++; /* our own: some may be done at once */
	bot_drain(bot);
	for (guint i = 0; i < bot->lines->len; i++) {
		struct line *line = &g_array_index(bot->lines, struct line, i);
		if (!line->network->finish)
			continue;
		bot->finishing++;
		line->network->finish(line->self);
	}
	host_finished(bot);
}

static void watch_notes(struct bot *bot)
{
	g_autoptr(GError) deaf = NULL;
	if (bot->options.config->notes_watch &&
	    !library_watch(bot->options.library, notes_changed, bot, &deaf))
		g_message("the notes are not watched, !reload reads them: %s",
			  deaf->message);
}

void bot_configured(struct bot *bot)
{
	flood_set_most(bot->flood, bot->options.config->bot_flood);
	watch_notes(bot);
	bot->follow = true;
	bot_drain(bot);
}

static bool open_networks(struct bot *bot, GError **error)
{
	const struct bot_options *options = &bot->options;
	const struct chat_host host = {
		.config = options->config,
		.db = options->db,
		.clock = options->clock,
		.seed = options->seed,
		.drain = host_drain,
		.trouble = host_trouble,
		.ended = host_ended,
		.finished = host_finished,
		.data = bot,
	};
	for (const struct chat_choice *c = options->networks; c->network; c++) {
		struct line line = {
			.network = c->network,
			.self = c->network->open(&host, c->options, error),
		};
		if (!line.self)
			return false;
		g_array_append_val(bot->lines, line);
	}
	return true;
}

struct bot *bot_new(const struct bot_options *options, GError **error)
{
	g_autoptr(bot) bot = g_new0(struct bot, 1);
	bot->options = *options;
	bot->db = options->db;
	bot->flood = flood_new(options->config->bot_flood);
	bot->breaker = breaker_new();
	bot->lines = g_array_new(false, false, sizeof(struct line));
	/* A network may set the clock: it comes first. */
	if (!open_networks(bot, error) || !follow(bot, error) ||
	    !sweep(bot, error))
		return NULL;
	watch_notes(bot);
	bot_drain(bot);
	return g_steal_pointer(&bot);
}

void bot_free(struct bot *bot)
{
	if (!bot)
		return;
	if (bot->alarm)
		g_source_remove(bot->alarm);
	for (guint i = 0; i < bot->lines->len; i++) {
		struct line *line = &g_array_index(bot->lines, struct line, i);
		line->network->close(line->self);
	}
	g_array_unref(bot->lines);
	flood_free(bot->flood);
	breaker_free(bot->breaker);
	g_free(bot->trouble);
	g_free(bot);
}
