/*
 * The bot: messages in, one transaction, replies out.
 *
 * It works what stands in the inbox, a savepoint a message, one COMMIT for all
 * that is ready; renders what was said; and lets the networks send it. It
 * knows networks only as struct chat_network, and commands only as a table.
 */

#pragma once

#include <stdbool.h>
#include <stdint.h>
#include "bot/chat.h"
#include "bot/command.h"
#include "config/config.h"
#include "kb/library.h"

struct bot;
typedef struct bot bot;

/* All borrowed; must outlive the bot. */
struct bot_options {
	const struct config *config;
	struct library *library;
	struct sqlite *db;
	struct clock *clock;
	uint64_t *seed;
	const struct command *const *commands; /* NULL at the end */
	const struct chat_choice *networks;    /* a NULL one at the end */
	/* The program is to end with that status: a network has ended for
	 * good, or what bot_finish() began is done. NULL: it never is. */
	void (*ended)(void *data, int status);
	void *data;
};

/*
 * Follows the notes' entries, sweeps what is too old, opens the networks and
 * works what an earlier process has left.
 */
struct bot *bot_new(const struct bot_options *options, GError **error);
void bot_free(struct bot *bot);

/*
 * Works, renders and sends until there is nothing left to do. False: the disk
 * is in trouble, which has been logged; nothing is lost, try again later.
 */
bool bot_drain(struct bot *bot);

/* Takes nothing new, finishes what is under way, then calls options.ended. */
void bot_finish(struct bot *bot);

/* What bot.conf says has changed in place, and the notes with it. */
void bot_configured(struct bot *bot);

/* Reads the notes that changed, and lets the store follow. */
void bot_reload(struct bot *bot);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(bot, bot_free)
