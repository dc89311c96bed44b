/* Messages from the inbox, a savepoint each, one COMMIT for all. */

#include "bot/base/error.h"
#include "bot/bot_private.h"
#include "bot/store/person.h"
#include "bot/store/room.h"
#include "bot/store/talk.h"
#include "kb/words.h"

enum { BATCH = 64 }; /* messages that share a COMMIT */

/* The room's language, else the configured one; the writer's where that is
 * "auto". */
static const struct language *choose_language(const struct bot *bot,
					      const struct room *room,
					      const char *text)
{
	/* "auto", set for a room, is no language, but hides the configured. */
	const struct language *language = say_language(
		room->language ? room->language
			       : bot->options.config->bot_language);
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

struct command_call bot_call(struct bot *bot, const struct mail_in *in)
{
	const struct line *line = bot_line(bot, in->network);
	return (struct command_call){
		.db = bot->db,
		.library = bot->options.library,
		.config = bot->options.config,
		.table = bot->options.commands,
		.health = &bot->health,
		.room = in->room,
		.person = in->person,
		.now = in->received,
		.name = in->name,
		.role = in->role,
		.direct = in->direct,
		.prefix = bot->options.config->bot_prefix,
		.seed = draw(*bot->options.seed, in->id),
		.kind = in->kind,
		.inbox = in->id,
		.at = in->at,
		.thread = in->thread,
		.calm = !line || !line->network->calm ||
			line->network->calm(line->self),
		.post = bot_post,
		.poster = bot,
		.in = in,
	};
}

/* Puts what the command said into the outbox, and its choices with it. */
static bool speak(struct bot *bot, const struct mail_in *in,
		  const struct command_call *call, GError **error)
{
	int64_t outbox;
	struct talk talk = { in->room, in->person, call->now };
	struct mail_in to = *in;
	if (call->nameless)
		to.address = NULL;
	return bot_reply(bot, &to, call->said->str, &outbox, error) &&
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
	bool taken, well;
	if (in->kind == CHAT_REACT)
		well = command_answer_reaction(call, in->body, error);
	else if (in->kind == CHAT_MESSAGE)
		well = command_answer(call, in->body, in->mentioned, error);
	else
		well = command_hear(call, in->body, &taken, error);
	if (!well || (said->len == 0 && !call->posted))
		return well;
	if (flood_count(bot->flood, in->person, in->received) &&
	    !scold(bot, call, error))
		return false;
	call->said_something = said->len > 0;
	return said->len == 0 || speak(bot, in, call, error);
}

/* What the message is about: a message of ours, or of people; and the text by
 * which the writer's language is known. Nobody edits what others have written;
 * who may redact it is for the network to say, but only in that room. */
static bool find_target(struct bot *bot, const struct mail_in *in,
			struct command_call *call, char **text, GError **error)
{
	bool of_people = in->kind == CHAT_EDIT || in->kind == CHAT_REDACT;
	int64_t writer = in->kind == CHAT_EDIT ? in->person : 0;
	if (in->target && of_people &&
	    !mail_inbox_of(bot->db, in->network, in->target, in->room, writer,
			   &call->target, error))
		return false;
	if (in->target && !of_people &&
	    !mail_outbox_of(bot->db, in->network, in->target, &call->outbox,
			    error))
		return false;
	if (in->thread && !mail_outbox_of(bot->db, in->network, in->thread,
					  &call->thread_outbox, error))
		return false;
	if (in->kind == CHAT_REACT)
		return mail_said(bot->db, call->outbox, text, error);
	*text = g_strdup(in->body);
	return true;
}

/* True where nothing can come of the message. */
static bool is_idle(const struct mail_in *in, const struct command_call *call)
{
	if (in->kind == CHAT_REACT)
		return !call->outbox;
	return in->kind != CHAT_MESSAGE && !call->target;
}

/* Somebody who keeps answering the bot, and gives no commands, may be another
 * bot: true if this message was one too many. */
static bool is_loop(struct bot *bot, const struct mail_in *in)
{
	if (!breaker_count(bot->breaker, in->room, in->person, in->id,
			   in->received))
		return false;
	g_message("%s answers the bot without end and is not heard for "
		  "10 minutes in one room (loop breaker)",
		  in->address ? in->address : in->name);
	return true;
}

static bool hear_and_answer(struct bot *bot, const struct mail_in *in,
			    struct command_call *call, GError **error)
{
	bool talks = in->kind == CHAT_MESSAGE &&
		     !g_str_has_prefix(in->body, call->prefix);
	if (breaker_is_open(bot->breaker, in->room, in->person, in->received))
		return true;
	if (talks && in->mentioned && is_loop(bot, in))
		return true;
	if (!answer(bot, in, call, error))
		return false;
	/* Who replies to a question, and gets no words for it, is no loop. */
	if (talks && !in->mentioned && call->outbox &&
	    (!call->taken || call->said_something))
		is_loop(bot, in);
	return true;
}

static bool work_message(struct bot *bot, const struct mail_in *in,
			 GError **error)
{
	bool is_bot;
	g_auto(room) room = { 0 };
	g_autofree char *text = NULL;
	if (flood_is_muted(bot->flood, in->person, in->received))
		return true;
	struct command_call call = bot_call(bot, in);
	if (!know_person(bot, in, &call.role, &is_bot, error) ||
	    !room_read(bot->db, in->room, &room, error) ||
	    !find_target(bot, in, &call, &text, error))
		return false;
	if (is_bot || is_idle(in, &call))
		return true;
	call.room_language = room.language;
	call.language = choose_language(bot, &room, text);
	if (room.prefix)
		call.prefix = room.prefix;
	return hear_and_answer(bot, in, &call, error);
}

/* An alarm that is due: nobody's message, in the network of its room. */
static bool ring(struct bot *bot, const struct mail_in *in, GError **error)
{
	g_auto(room) room = { 0 };
	g_autofree char *network = NULL;
	g_autoptr(GString) said = g_string_new(NULL);
	if (!room_read(bot->db, in->room, &room, error) ||
	    !room_network(bot->db, in->room, &network, error))
		return false;
	if (!network)
		return true; /* the bot has left that room */
	struct mail_in here = *in;
	here.network = network;
	here.target = here.thread = NULL;
	struct command_call call = bot_call(bot, &here);
	call.room_language = room.language;
	call.language = choose_language(bot, &room, NULL);
	call.direct = room.direct;
	if (room.prefix)
		call.prefix = room.prefix;
	call.said = said;
	return command_ring(&call, in->target, in->body, error) &&
	       (said->len == 0 || speak(bot, &here, &call, error));
}

/* In the room's language; in each where nobody has said which. */
static bool speak_first(struct bot *bot, const struct mail_in *in,
			GError **error)
{
	int64_t outbox;
	g_auto(room) room = { 0 };
	g_autoptr(GString) text = g_string_new(NULL);
	if (!room_read(bot->db, in->room, &room, error))
		return false;
	const char *prefix =
		room.prefix ? room.prefix : bot->options.config->bot_prefix;
	const struct language *one =
		say_language(room.language ? room.language
					   : bot->options.config->bot_language);
	for (const struct language *const *l = say_languages(); *l; l++) {
		if (one && *l != one)
			continue;
		g_autofree char *words =
			in->kind == CHAT_JOINED
				? say(*l, SAY_WELCOME, ARG(prefix))
				: say(*l, SAY_SEALED, ARG(in->body));
		g_string_append_printf(text, "%s%s", text->len ? "\n\n" : "",
				       words);
	}
	return bot_reply(bot, in, text->str, &outbox, error);
}

static bool work_row(struct bot *bot, const struct mail_in *in, GError **error)
{
	/* A redacted message has no body; an edited one is not run again. */
	bool speaks = in->kind == CHAT_MESSAGE || in->kind == CHAT_REACT;
	if (in->kind == CHAT_ALARM)
		return ring(bot, in, error);
	if (in->kind == CHAT_EDIT || in->kind == CHAT_REDACT)
		return work_message(bot, in, error);
	if (in->kind == CHAT_JOINED || in->kind == CHAT_SEALED)
		return speak_first(bot, in, error);
	return !speaks || !in->body || work_message(bot, in, error);
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
	g_autofree char *sorry =
		say(choose_language(bot, &room, in->body), SAY_FAILED);
	g_warning("message %s of %s failed twice: %s", in->event, in->network,
		  reason);
	return mail_failed(bot->db, in->id, reason, error) &&
	       (in->kind == CHAT_ALARM ||
		bot_reply(bot, in, sorry, &outbox, error));
}

/* The index is a cache: a damaged one is made anew from the notes. */
static void mend_index(struct bot *bot, const char *why)
{
	g_autoptr(GError) error = NULL;
	if (library_rebuild(bot->options.library, why, &error))
		g_warning("%s", library_rebuilt(bot->options.library));
	else
		g_warning("the index cannot be made anew: %s", error->message);
	bot->follow = true;
}

/* False: the batch fails. *failed: only this message did, for now. */
static bool work_safely(struct bot *bot, const struct mail_in *in, bool *failed,
			GError **error)
{
	g_autoptr(GError) trouble = NULL;
	size_t counted = flood_mark(bot->flood);
	*failed = false;
	if (!sqlite_savepoint(bot->db, error))
		return false;
	/* Outside of the savepoint, which copies each page that it touches. */
	if (work_row(bot, in, &trouble))
		return sqlite_release(bot->db, error) &&
		       mail_done(bot->db, in->id, error);
	if (error_is_store(trouble)) {
		g_propagate_error(error, g_steal_pointer(&trouble));
		return false;
	}
	sqlite_undo(bot->db);
	flood_undo(bot->flood, counted);
	*failed = true;
	/* The store's own damage shows at the next statement. */
	if (g_error_matches(trouble, KB_ERROR, KB_ERROR_CORRUPT))
		mend_index(bot, trouble->message);
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

static bool work_in_order(struct bot *bot, GPtrArray *ready, GError **error)
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

/* A look-up reads the index some ten times. */
static bool work_ready(struct bot *bot, GPtrArray *ready, GError **error)
{
	index_hold(library_index(bot->options.library));
	bool well = work_in_order(bot, ready, error);
	/* It may be another one by now. */
	index_let_go(library_index(bot->options.library));
	return well;
}

bool bot_work(struct bot *bot, bool *any, GError **error)
{
	g_autoptr(GPtrArray) ready = mail_ready(bot->db, BATCH, error);
	if (!ready)
		return false;
	*any = ready->len > 0;
	if (!*any)
		return true;
	if (!sqlite_begin(bot->db, error))
		return false;
	if (work_ready(bot, ready, error) && sqlite_commit(bot->db, error)) {
		flood_keep(bot->flood);
		return true;
	}
	sqlite_rollback(bot->db);
	flood_undo(bot->flood, 0);
	return false;
}
