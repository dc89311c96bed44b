#include "bot/bot.h"

#include <string.h>

#include "bot/base/clock.h"
#include "bot/base/error.h"
#include "bot/flood.h"
#include "bot/store/alarm.h"
#include "bot/store/entry.h"
#include "bot/store/mail.h"
#include "bot/store/person.h"
#include "bot/store/room.h"
#include "bot/store/talk.h"
#include "kb/words.h"

enum { BATCH = 64 }; /* messages that share a COMMIT */

/* A network and its own state. */
struct line {
	const struct chat_network *network;
	void *self;
};

struct bot {
	struct bot_options options;
	struct sqlite *db;
	GArray *lines; /* struct line */
	struct flood *flood;
	struct command_health health;
	char *trouble;	      /* what health points to */
	int64_t logged;	      /* when trouble was last logged */
	bool follow;	      /* the notes have changed since the store knew */
	guint alarm;	      /* timer of the next alarm; 0: none */
	guint sweep;
};

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

/* ---- out ---- */

static struct line *line_of(struct bot *bot, const char *network)
{
	for (guint i = 0; i < bot->lines->len; i++) {
		struct line *line = &g_array_index(bot->lines, struct line, i);
		if (g_str_equal(line->network->name, network))
			return line;
	}
	return NULL;
}

/* Renders an outbox row into wire rows. */
static bool render(struct bot *bot, int64_t outbox, const char *network,
		   const struct chat_reply *reply, GError **error)
{
	struct line *line = line_of(bot, network);
	if (!line)
		return true; /* that network is off: it waits */
	g_autoptr(GPtrArray) parts =
		line->network->render(line->self, reply);
	for (guint i = 0; i < parts->len; i++)
		if (!mail_wire(bot->db, outbox, (int)i, parts->pdata[i],
			       error))
			return false;
	return true;
}

/* Says the markdown in answer to the message, in its thread. */
static bool reply(struct bot *bot, const struct mail_in *in,
		  const char *markdown, int64_t *outbox, GError **error)
{
	g_autofree char *address = NULL;
	if (!room_address(bot->db, in->network, in->room, &address, error))
		return false;
	struct mail_out out = {
		.network = in->network,
		.room = in->room,
		.kind = CHAT_SAY,
		.reply_event = in->kind == CHAT_MESSAGE ? in->event :
							  in->target,
		.thread_event = in->thread,
		.notice = true,
		.markdown = markdown,
		.cause = in->id,
		.at = clock_now(bot->options.clock),
	};
	struct chat_reply said = {
		.kind = out.kind,
		.room = address,
		.markdown = markdown,
		.reply_to = out.reply_event,
		.thread = out.thread_event,
		.notice = out.notice,
	};
	return mail_say(bot->db, &out, true, outbox, error) &&
	       render(bot, *outbox, in->network, &said, error);
}

/* A row whose target has got its event id, or never will. */
static bool render_one(struct bot *bot, const struct mail_waiting *waiting,
		       GError **error)
{
	if (waiting->target_failed)
		return mail_set_outbox(bot->db, waiting->outbox, "failed",
				       error);
	g_autofree char *address = NULL;
	if (!room_address(bot->db, waiting->network, waiting->room, &address,
			  error))
		return false;
	struct chat_reply said = {
		.kind = waiting->kind,
		.room = address,
		.markdown = waiting->markdown,
		.plain = waiting->plain,
		.target = waiting->target_event,
		.reply_to = waiting->reply_event,
		.thread = waiting->thread_event,
		.notice = waiting->notice,
	};
	return render(bot, waiting->outbox, waiting->network, &said, error) &&
	       mail_set_outbox(bot->db, waiting->outbox, "ready", error);
}

static bool render_waiting(struct bot *bot, GError **error)
{
	g_autoptr(GPtrArray) all = mail_to_render(bot->db, error);
	if (!all)
		return false;
	bool begun = false, well = true;
	for (guint i = 0; well && i < all->len; i++) {
		const struct mail_waiting *waiting = all->pdata[i];
		if (!waiting->target_event && !waiting->target_failed)
			continue;
		well = (begun || sqlite_begin(bot->db, error)) &&
		       render_one(bot, waiting, error);
		begun = true;
	}
	if (well && begun)
		well = sqlite_commit(bot->db, error);
	if (!well)
		sqlite_rollback(bot->db);
	return well;
}

/* ---- one message ---- */

/* The room's language; else the configured one; else the writer's. */
static const struct language *choose_language(const struct bot *bot,
					      const struct room *room,
					      const char *text)
{
	const struct language *language = say_language(room->language);
	if (!language)
		language = say_language(bot->options.config->bot_language);
	if (language)
		return language;
	return say_language(text && words_has_cyrillic(text) ? "ru" : "en");
}

static bool listed(char *const *list, char *const *addresses)
{
	for (; *addresses; addresses++)
		if (g_strv_contains((const char *const *)list, *addresses))
			return true;
	return false;
}

/* What bot.conf says of the person: role, or that it is another bot. */
static bool know_person(struct bot *bot, const struct mail_in *in,
			enum chat_role *role, bool *is_bot, GError **error)
{
	const struct config *config = bot->options.config;
	*role = in->role;
	*is_bot = false;
	if (!*config->bot_admins && !*config->bot_moderators &&
	    !*config->bot_bots)
		return true;
	g_auto(GStrv) addresses = NULL;
	if (!person_addresses(bot->db, in->person, &addresses, error))
		return false;
	if (listed(config->bot_admins, addresses))
		*role = CHAT_ADMIN;
	else if (listed(config->bot_moderators, addresses))
		*role = MAX(*role, CHAT_MODERATOR);
	*is_bot = listed(config->bot_bots, addresses);
	return true;
}

/* Lots drawn for a message depend on nothing but the seed and its number, so
 * that a second try draws the same. The mixing is splitmix64 (Steele, Lea,
 * Flood 2014, "Fast splittable pseudorandom number generators"). */
static uint64_t draw(uint64_t seed, int64_t id)
{
	uint64_t z = seed + (uint64_t)id * 0x9e3779b97f4a7c15;
	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
	z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
	return z ^ (z >> 31);
}

/* Puts what the command said into the outbox, and its choices with it. */
static bool speak(struct bot *bot, const struct mail_in *in,
		  const struct command_call *call, GError **error)
{
	int64_t outbox;
	struct talk talk = { in->room, in->person, call->now };
	return reply(bot, in, call->said->str, &outbox, error) &&
	       talk_offer(bot->db, &talk, outbox, call->offers,
			  call->offers_len, error);
}

/* One command too many: what it did is undone, and the person is told. */
static bool scold(struct bot *bot, struct command_call *call, GError **error)
{
	sqlite_undo(bot->db);
	call->offers_len = 0;
	g_string_truncate(call->said, 0);
	command_say(call, SAY_FLOOD, ARG(bot->options.config->bot_flood));
	return sqlite_savepoint(bot->db, error);
}

static bool answer(struct bot *bot, const struct mail_in *in,
		   struct command_call *call, GError **error)
{
	g_autoptr(GString) said = g_string_new(NULL);
	call->said = said;
	bool well = in->kind == CHAT_REACT ?
			    command_answer_reaction(call, in->body, error) :
			    command_answer(call, in->body, in->mentioned,
					   error);
	if (!well || said->len == 0)
		return well;
	if (flood_count(bot->flood, in->person, in->received) &&
	    !scold(bot, call, error))
		return false;
	return speak(bot, in, call, error);
}

/* The text by which the writer's language is known; and of a reaction, our
 * message that it stands on (0: none of ours). */
static bool find_target(struct bot *bot, const struct mail_in *in,
			int64_t *outbox, char **text, GError **error)
{
	*outbox = 0;
	if (in->kind != CHAT_REACT) {
		*text = g_strdup(in->body);
		return true;
	}
	return mail_outbox_of(bot->db, in->network, in->target, outbox,
			      error) &&
	       mail_said(bot->db, *outbox, text, error);
}

static bool work_message(struct bot *bot, const struct mail_in *in,
			 GError **error)
{
	enum chat_role role;
	bool is_bot;
	int64_t outbox;
	g_auto(room) room = { 0 };
	g_autofree char *text = NULL;
	if (flood_is_muted(bot->flood, in->person, in->received))
		return true;
	if (!know_person(bot, in, &role, &is_bot, error) ||
	    !room_read(bot->db, in->room, &room, error) ||
	    !find_target(bot, in, &outbox, &text, error))
		return false;
	if (is_bot || (in->kind == CHAT_REACT && !outbox))
		return true;
	struct command_call call = {
		.db = bot->db,
		.library = bot->options.library,
		.config = bot->options.config,
		.table = bot->options.commands,
		.health = &bot->health,
		.room = in->room,
		.person = in->person,
		.now = in->received,
		.name = in->name,
		.role = role,
		.direct = in->direct,
		.room_language = room.language,
		.room_prefix = room.prefix,
		.language = choose_language(bot, &room, text),
		.prefix = room.prefix ? room.prefix :
					bot->options.config->bot_prefix,
		.seed = draw(*bot->options.seed, in->id),
		.outbox = outbox,
	};
	return answer(bot, in, &call, error);
}

static bool work_row(struct bot *bot, const struct mail_in *in, GError **error)
{
	/* A redacted message has no body; an edited one is not run again. */
	bool speaks = in->kind == CHAT_MESSAGE || in->kind == CHAT_REACT;
	if (in->kind == CHAT_ALARM)
		g_warning("alarm of unknown kind %s", in->target);
	if (speaks && in->body && !work_message(bot, in, error))
		return false;
	return mail_done(bot->db, in->id, error);
}

/* ---- a batch of messages ---- */

/* The second failure is the last: the person is told, the room goes on. */
static bool give_up(struct bot *bot, const struct mail_in *in,
		    const char *reason, GError **error)
{
	int64_t outbox;
	g_auto(room) room = { 0 };
	if (!room_read(bot->db, in->room, &room, error))
		return false;
	g_autofree char *sorry = say(choose_language(bot, &room, in->body),
				     SAY_FAILED);
	g_warning("message %s of %s failed twice: %s", in->event, in->network,
		  reason);
	return mail_failed(bot->db, in->id, reason, error) &&
	       (in->kind == CHAT_ALARM ||
		reply(bot, in, sorry, &outbox, error));
}

/* False: the batch fails. *failed: only this message did, for now. */
static bool work_safely(struct bot *bot, const struct mail_in *in,
			bool *failed, GError **error)
{
	g_autoptr(GError) trouble = NULL;
	*failed = false;
	if (!sqlite_savepoint(bot->db, error))
		return false;
	if (work_row(bot, in, &trouble))
		return sqlite_release(bot->db, error);
	if (error_is_store(trouble)) {
		g_propagate_error(error, g_steal_pointer(&trouble));
		return false;
	}
	sqlite_undo(bot->db);
	*failed = true;
	if (in->tries > 0)
		return give_up(bot, in, trouble->message, error);
	g_message("message %s of %s failed, it gets a second try: %s",
		  in->event, in->network, trouble->message);
	return mail_tried(bot->db, in->id, error);
}

/* The row that is to have its second try, alone; NULL: there is none. */
static const struct mail_in *find_second_try(GPtrArray *ready)
{
	for (guint i = 0; i < ready->len; i++) {
		const struct mail_in *in = ready->pdata[i];
		if (in->tries > 0)
			return in;
	}
	return NULL;
}

static bool work_ready(struct bot *bot, GPtrArray *ready, GError **error)
{
	bool failed;
	const struct mail_in *alone = find_second_try(ready);
	if (alone)
		return work_safely(bot, alone, &failed, error);
	/* Rooms whose later messages wait for an earlier one. */
	g_autoptr(GHashTable) waiting =
		g_hash_table_new(g_int64_hash, g_int64_equal);
	for (guint i = 0; i < ready->len; i++) {
		struct mail_in *in = ready->pdata[i];
		if (g_hash_table_contains(waiting, &in->room))
			continue;
		if (!work_safely(bot, in, &failed, error))
			return false;
		if (failed)
			g_hash_table_add(waiting, &in->room);
	}
	return true;
}

/* Works what is ready, at most BATCH rows, in one transaction. */
static bool work(struct bot *bot, bool *any, GError **error)
{
	g_autoptr(GPtrArray) ready = mail_ready(bot->db, BATCH, error);
	if (!ready)
		return false;
	*any = ready->len > 0;
	if (!*any)
		return true;
	if (!sqlite_begin(bot->db, error))
		return false;
	if (work_ready(bot, ready, error) && sqlite_commit(bot->db, error))
		return true;
	sqlite_rollback(bot->db);
	return false;
}

/* ---- notes ---- */

static bool follow(struct bot *bot, GError **error)
{
	struct library *library = bot->options.library;
	g_autoptr(GPtrArray) rows =
		index_rows(library_index(library), library_generation(library),
			   error);
	if (!rows || !sqlite_begin(bot->db, error))
		return false;
	if (entry_follow(bot->db, rows, clock_now(bot->options.clock),
			 error) &&
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

static bool fire_alarms(struct bot *bot, GError **error)
{
	bool fired = true;
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
	if (!alarm_next(bot->db, &due, error))
		return false;
	if (due == INT64_MAX)
		return true;
	int64_t wait = due - clock_now(bot->options.clock);
	bot->alarm = g_timeout_add((guint)CLAMP(wait, 0, CLOCK_MINUTE),
				   alarm_rings, bot);
	return true;
}

static bool drain(struct bot *bot, GError **error)
{
	if (bot->follow && !follow(bot, error))
		return false;
	bool any = true;
	while (any)
		if (!fire_alarms(bot, error) || !work(bot, &any, error) ||
		    !render_waiting(bot, error) || !step_networks(bot, error))
			return false;
	/* What was sent may be what another row waited for. */
	return render_waiting(bot, error) && step_networks(bot, error) &&
	       arm(bot, error);
}

bool bot_drain(struct bot *bot)
{
	g_autoptr(GError) error = NULL;
	bool well = drain(bot, &error);
	if (well)
		trouble_ends(bot);
	else
		trouble_begins(bot, error);
	return well;
}

static bool host_drain(void *data)
{
	return bot_drain(data);
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
		.data = bot,
	};
	for (const struct chat_choice *c = options->networks; c->network;
	     c++) {
		struct line line = {
			c->network,
			c->network->open(&host, c->options, error),
		};
		if (!line.self)
			return false;
		g_array_append_val(bot->lines, line);
	}
	return true;
}

static bool sweep(struct bot *bot, GError **error)
{
	if (!sqlite_begin(bot->db, error))
		return false;
	if (mail_sweep(bot->db, clock_now(bot->options.clock), error) &&
	    sqlite_commit(bot->db, error))
		return true;
	sqlite_rollback(bot->db);
	return false;
}

static gboolean sweep_daily(gpointer data)
{
	g_autoptr(GError) error = NULL;
	if (!sweep(data, &error))
		g_message("what is old is kept for now: %s", error->message);
	return G_SOURCE_CONTINUE;
}

struct bot *bot_new(const struct bot_options *options, GError **error)
{
	g_autoptr(bot) bot = g_new0(struct bot, 1);
	bot->options = *options;
	bot->db = options->db;
	bot->flood = flood_new(options->config->bot_flood);
	bot->lines = g_array_new(false, false, sizeof(struct line));
	if (!follow(bot, error) || !sweep(bot, error) ||
	    !open_networks(bot, error))
		return NULL;
	bot->sweep = g_timeout_add_seconds(24 * 60 * 60, sweep_daily, bot);
	g_autoptr(GError) deaf = NULL;
	if (options->config->notes_watch &&
	    !library_watch(options->library, notes_changed, bot, &deaf))
		g_message("the notes are not watched, !reload reads them: %s",
			  deaf->message);
	bot_drain(bot);
	return g_steal_pointer(&bot);
}

void bot_free(struct bot *bot)
{
	if (!bot)
		return;
	if (bot->alarm)
		g_source_remove(bot->alarm);
	if (bot->sweep)
		g_source_remove(bot->sweep);
	for (guint i = 0; i < bot->lines->len; i++) {
		struct line *line = &g_array_index(bot->lines, struct line, i);
		line->network->close(line->self);
	}
	g_array_unref(bot->lines);
	flood_free(bot->flood);
	g_free(bot->trouble);
	g_free(bot);
}
