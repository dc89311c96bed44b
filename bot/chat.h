/*
 * The words that every chat network shares: message, person, room, role,
 * reply, and what a network can do.
 *
 * To add a network: a folder with one `struct chat_network`, and its row in
 * networks.def. It puts what people say into the inbox (store/mail.h), renders
 * what the bot says into bytes, and sends those bytes; it knows no commands.
 */

#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <glib.h>

enum chat_kind {
	CHAT_MESSAGE,
	CHAT_EDIT,   /* text is the new text of target */
	CHAT_REDACT, /* target is gone */
	CHAT_REACT,  /* text stands on target */
	CHAT_ALARM,  /* not from people: an alarm that is due */
	CHAT_JOINED, /* the bot has come into the room; person invited it */
	CHAT_SEALED, /* it cannot speak in the room that text names, because
		      * that one is encrypted: person is told so here */
};

enum chat_role { CHAT_USER, CHAT_MODERATOR, CHAT_ADMIN };

/* What somebody did. Strings are borrowed for the call that gets it. */
struct chat_message {
	const char *event; /* the network's id of it, unique in the network */
	enum chat_kind kind;
	const char *room;   /* the network's address of the room */
	const char *person; /* the network's address of the person */
	const char *name;   /* what the person is called; NULL: not told now */
	enum chat_role role;
	bool direct;	    /* the room holds this person and the bot only */
	bool mentioned;	    /* the bot was mentioned, by more than a prefix */
	const char *text;   /* NULL where there is none */
	const char *target; /* event replied to, edited, redacted, reacted to */
	const char *thread; /* the thread's first event, or NULL */
	int64_t at;	    /* when it was said, ms UTC, by the network */
	bool held;	    /* not to be worked before mail_release() */
};

enum chat_say {
	CHAT_SAY,
	CHAT_SAY_EDIT,
	CHAT_SAY_REACT,
	CHAT_SAY_UNREACT,
	CHAT_SAY_REDACT,
};

/* One thing that the bot says, ready to be rendered. Borrowed. */
struct chat_reply {
	enum chat_say kind;
	const char *room;     /* the network's address */
	const char *markdown; /* of a reaction: the reaction */
	const char *plain;    /* for notifications; NULL: from markdown */
	const char *target;   /* event edited, reacted to, redacted */
	const char *reply_to; /* event answered, or NULL */
	const char *thread;
	const char *mention; /* address of who is answered, or NULL */
	const char *txn_id;  /* of part 0, the others by wire_part_txn() */
	bool notice;	     /* must not wake other bots or ring a bell */
};

/* What a network can do; what it cannot is said in another way. */
struct chat_capabilities {
	bool edit, react, redact, thread;
};

struct config;
struct clock;
struct sqlite;

/* What a network gets from the bot when it is opened; outlives it. */
struct chat_host {
	const struct config *config;
	struct sqlite *db;
	struct clock *clock;
	uint64_t *seed; /* of all that is drawn by lot */
	/*
	 * Works all that is in the inbox and sends what can be sent. False:
	 * the disk is in trouble; ask again in a second, and read nothing new.
	 */
	bool (*drain)(void *data);
	/* A network's own transaction failed: it goes into log and !status. */
	void (*trouble)(void *data, const GError *error);
	/* The network has ended for good: the program ends with that status. */
	void (*ended)(void *data, int status);
	/* What finish() was asked for is done. */
	void (*finished)(void *data);
	void *data;
};

struct chat_network {
	const char *name;
	struct chat_capabilities can;
	/* The network's own state; NULL and an error where it cannot be. */
	void *(*open)(const struct chat_host *host, const void *options,
		      GError **error);
	/* The bytes to send, a part each: GPtrArray of GBytes. No sockets. */
	GPtrArray *(*render)(void *self, const struct chat_reply *reply);
	/* *reaches false: what is said in that room cannot stand on that event,
	 * which is in a room that this one has replaced. NULL: it always can.
	 */
	bool (*reaches)(void *self, const char *room, const char *event,
			bool *reaches, GError **error);
	/* The name under which it sends now, for which alone a transaction id
	 * is good (a device); borrowed. NULL: there is no such name. */
	const char *(*device)(void *self);
	/* Sends what waits; called outside of any transaction. */
	bool (*step)(void *self, GError **error);
	/* False while it has not yet told what happened before this start or
	 * during an outage: alarms wait. NULL: it always has. */
	bool (*caught_up)(void *self);
	/* True if no server has asked us to be slower for an hour, nor is about
	 * to, so that there is room for ornaments. NULL: it always is. */
	bool (*calm)(void *self);
	/* Takes nothing new, ends what is under way, then calls host.finished.
	 * NULL: there is never anything under way. */
	void (*finish)(void *self);
	void (*close)(void *self);
};

/* A network to open, and what its open() gets as options. */
struct chat_choice {
	const struct chat_network *network; /* NULL ends a list of them */
	const void *options;
};
