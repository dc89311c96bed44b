/* What the bot says, on its way out: outbox rows and their bytes. */

#include "bot/base/clock.h"
#include "bot/bot_private.h"
#include "bot/store/room.h"
#include "bot/store/wire.h"

struct line *bot_line(struct bot *bot, const char *network)
{
	for (guint i = 0; i < bot->lines->len; i++) {
		struct line *line = &g_array_index(bot->lines, struct line, i);
		if (g_str_equal(line->network->name, network))
			return line;
	}
	return NULL;
}

/* Renders an outbox row into wire rows; again: they are there, and get other
 * bytes. */
static bool render_as(struct bot *bot, int64_t outbox, struct line *line,
		      struct chat_reply *reply, const char *txn, bool again,
		      GError **error)
{
	char part_txn[WIRE_TXN];
	reply->txn_id = txn;
	const char *device = line->network->device
				     ? line->network->device(line->self)
				     : NULL;
	g_autoptr(GPtrArray) parts = line->network->render(line->self, reply);
	for (guint i = 0; i < parts->len; i++) {
		wire_part_txn(txn, (int)i, part_txn);
		if (!(again ? wire_reput : wire_put)(bot->db, outbox, (int)i,
						     part_txn, device,
						     parts->pdata[i], error))
			return false;
	}
	return !again ||
	       wire_reput_all(bot->db, outbox, (int)parts->len, error);
}

static bool render(struct bot *bot, int64_t outbox, const char *network,
		   struct chat_reply *reply, GError **error)
{
	char txn[WIRE_TXN];
	struct line *line = bot_line(bot, network);
	if (!line)
		return true; /* that network is off: it waits */
	wire_new_txn(txn);
	return render_as(bot, outbox, line, reply, txn, false, error);
}

/* What the answer stands under: the message, or what a reaction stands on;
 * nothing where the bot speaks first. */
static const char *answered_event(const struct mail_in *in)
{
	return in->kind == CHAT_MESSAGE ? in->event
	       : in->kind == CHAT_REACT ? in->target
					: NULL;
}

/* Forgets an event that nothing said in that room can stand on. */
static bool keep_near(const struct line *line, const char *address,
		      const char **event, GError **error)
{
	bool reaches = true;
	if (!*event || !address || !line || !line->network->reaches)
		return true;
	if (!line->network->reaches(line->self, address, *event, &reaches,
				    error))
		return false;
	if (!reaches)
		*event = NULL;
	return true;
}

bool bot_reply(struct bot *bot, const struct mail_in *in, const char *markdown,
	       int64_t *outbox, GError **error)
{
	g_autofree char *address = NULL;
	if (!room_address(bot->db, in->network, in->room, &address, error))
		return false;
	struct mail_out out = {
		.network = in->network,
		.room = in->room,
		.kind = CHAT_SAY,
		.reply_event = answered_event(in),
		.thread_event = in->thread,
		.notice = true,
		.markdown = markdown,
		.cause = in->id,
		.at = clock_now(bot->options.clock),
	};
	const struct line *line = bot_line(bot, in->network);
	const char *answered = out.reply_event;
	if (!keep_near(line, address, &out.reply_event, error) ||
	    !keep_near(line, address, &out.thread_event, error))
		return false;
	struct chat_reply said = {
		.kind = out.kind,
		.room = address,
		.markdown = markdown,
		.reply_to = out.reply_event,
		.thread = out.thread_event,
		.mention = answered ? in->address : NULL,
		.notice = out.notice,
	};
	return mail_say(bot->db, &out, true, outbox, error) &&
	       render(bot, *outbox, in->network, &said, error);
}

/* What the network cannot do (here: not on a message that is far away) is said
 * in another way: an edit as a new message; ornaments are left out. False:
 * there is nothing to say. */
static bool adapt(const struct chat_capabilities *can, struct mail_out *out)
{
	bool reaction =
		out->kind == CHAT_SAY_REACT || out->kind == CHAT_SAY_UNREACT;
	if ((reaction && !can->react) ||
	    (out->kind == CHAT_SAY_REDACT && !can->redact))
		return false;
	if (out->kind == CHAT_SAY_EDIT && !can->edit) {
		out->kind = CHAT_SAY;
		out->target_outbox = 0;
	}
	return true;
}

/* The event that it stands on, if that is known and near; what is far away is
 * left out. *gone: there is nothing left to say. */
static bool find_place(struct bot *bot, const char *address,
		       struct mail_out *out, char **target, bool *gone,
		       GError **error)
{
	static const struct chat_capabilities nothing = { 0 };
	const struct line *line = bot_line(bot, out->network);
	if (!mail_event_of(bot->db, out->target_outbox, target, error))
		return false;
	const char *near = *target;
	if (!keep_near(line, address, &near, error) ||
	    !keep_near(line, address, &out->reply_event, error) ||
	    !keep_near(line, address, &out->thread_event, error))
		return false;
	*gone = *target && !near && !adapt(&nothing, out);
	if (!near)
		g_clear_pointer(target, g_free);
	out->target_event = *target;
	return true;
}

bool bot_post(struct command_call *call, const struct command_post *post,
	      int64_t *outbox, GError **error)
{
	struct bot *bot = call->poster;
	const struct mail_in *in = call->in;
	const struct line *line = bot_line(bot, in->network);
	const char *answered = post->answers ? answered_event(in) : NULL;
	struct mail_out out = {
		.network = in->network,
		.room = in->room,
		.kind = post->kind,
		.target_outbox = post->target,
		.reply_event = answered,
		.thread_event = post->answers ? in->thread : post->thread,
		.notice = !post->rings,
		.markdown = post->markdown,
		.until = post->until,
		.cause = in->id,
		.at = clock_now(bot->options.clock),
	};
	g_autofree char *address = NULL, *target = NULL;
	bool gone;
	if (line && !adapt(&line->network->can, &out))
		return true;
	if (!room_address(bot->db, in->network, in->room, &address, error) ||
	    !find_place(bot, address, &out, &target, &gone, error))
		return false;
	if (gone)
		return true;
	/* What stands on a message that is not sent yet waits for it. */
	bool ready = !out.target_outbox || target;
	struct chat_reply said = {
		.kind = out.kind,
		.room = address,
		.markdown = out.markdown,
		.target = target,
		.reply_to = out.reply_event,
		.thread = out.thread_event,
		.mention = answered ? in->address : NULL,
		.notice = out.notice,
	};
	if (!mail_say(bot->db, &out, ready, outbox, error) ||
	    (ready && !render(bot, *outbox, in->network, &said, error)))
		return false;
	if (out.kind == CHAT_SAY_EDIT)
		*outbox = out.target_outbox;
	return true;
}

/* Of a row that was forgotten the bytes are made anew; it mentions nobody. */
static bool render_waiting(struct bot *bot, struct line *line,
			   const struct mail_waiting *waiting,
			   struct chat_reply *said, GError **error)
{
	char txn[WIRE_TXN];
	bool again;
	if (!wire_txn_of(bot->db, waiting->outbox, txn, &again, error))
		return false;
	if (!again)
		wire_new_txn(txn);
	return render_as(bot, waiting->outbox, line, said, txn, again, error) &&
	       (again ||
		mail_set_outbox(bot->db, waiting->outbox, "ready", error));
}

/* A row whose target has got its event id, or never will; or that has none. */
static bool render_one(struct bot *bot, const struct mail_waiting *waiting,
		       GError **error)
{
	if (waiting->target_failed)
		return mail_set_outbox(bot->db, waiting->outbox, "failed",
				       error);
	g_autofree char *address = NULL;
	const char *target = waiting->target_event;
	struct line *line = bot_line(bot, waiting->network);
	if (!line)
		return true;
	if (!room_address(bot->db, waiting->network, waiting->room, &address,
			  error) ||
	    !keep_near(line, address, &target, error))
		return false;
	bool edit = waiting->kind == CHAT_SAY_EDIT;
	if (!target && !edit && waiting->has_target)
		return mail_set_outbox(bot->db, waiting->outbox, "failed",
				       error);
	struct chat_reply said = {
		.kind = target ? waiting->kind : CHAT_SAY,
		.room = address,
		.markdown = waiting->markdown,
		.plain = waiting->plain,
		.target = target,
		.reply_to = waiting->reply_event,
		.thread = waiting->thread_event,
		.notice = waiting->notice,
	};
	return render_waiting(bot, line, waiting, &said, error);
}

bool bot_render_waiting(struct bot *bot, GError **error)
{
	g_autoptr(GPtrArray) all = mail_to_render(bot->db, error);
	if (!all)
		return false;
	bool begun = false, well = true;
	for (guint i = 0; well && i < all->len; i++) {
		const struct mail_waiting *waiting = all->pdata[i];
		if (waiting->has_target && !waiting->target_event &&
		    !waiting->target_failed)
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
