/* The inside of the bot, which bot.c, worker.c and outbox.c share. */

#pragma once

#include "bot/bot.h"
#include "bot/breaker.h"
#include "bot/flood.h"
#include "bot/store/mail.h"

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
	struct breaker *breaker;
	struct command_health health;
	char *trouble;	    /* what health points to */
	int64_t logged;	    /* when trouble was last logged */
	bool follow;	    /* the notes have changed since the store knew */
	guint alarm;	    /* timer of the next alarm; 0: none */
	int64_t next_sweep; /* ms UTC */
	unsigned finishing; /* networks that are not done yet */
	int64_t behind;	    /* since when a network is catching up; 0: none */
};

/* Says the markdown in answer to the message, in its thread: an outbox row
 * and its wire rows, inside the caller's savepoint. */
bool bot_reply(struct bot *bot, const struct mail_in *in, const char *markdown,
	       int64_t *outbox, GError **error);

/* The network of that name and its state; NULL: it is off. */
struct line *bot_line(struct bot *bot, const char *network);

/* What a command gets for that message, but for what the room, the person and
 * what the message is about say of it. */
struct command_call bot_call(struct bot *bot, const struct mail_in *in);

/* Says something beside the answer: struct command_call's post. */
bool bot_post(struct command_call *call, const struct command_post *post,
	      int64_t *outbox, GError **error);

/* Renders the outbox rows whose target has got its event id by now, and those
 * that are to be said in other words. */
bool bot_render_waiting(struct bot *bot, GError **error);

/* Works what is ready in the inbox, at most 64 rows, in one transaction;
 * *any tells whether there was something. */
bool bot_work(struct bot *bot, bool *any, GError **error);
