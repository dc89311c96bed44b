/*
 * Commands: what somebody wrote -> which command it is, with arity, role and
 * spelling checked before it runs.
 *
 * To add one: commands/NAME.c defining command_NAME, and its row in
 * commands/list.def. Help, the manual and the README's table come from its
 * fields. A command sees words, a room and a reply, never a network; what it
 * says is Markdown and becomes one message.
 */

#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <glib.h>
#include "bot/chat.h"
#include "bot/say/say.h"
#include "config/config.h"
#include "kb/library.h"
#include "kb/sqlite.h"

struct command;
struct command_call;
struct mail_in;

/* Something said beside the answer to the message at hand. Borrowed. */
struct command_post {
	enum chat_say kind;
	int64_t target; /* our message that it edits, reacts to or redacts */
	const char *markdown; /* of a reaction: the reaction */
	bool answers;	    /* the message at hand, else it stands for itself */
	const char *thread; /* where it goes; NULL: where that message stands */
	bool rings;	    /* people's bells may ring for it: no notice */
	int64_t until; /* an ornament that nobody needs later, ms; 0: needed */
};

/* What the bot knows about its own state, for !status. */
struct command_health {
	const char *trouble;   /* the store's last trouble; NULL: none */
	int64_t trouble_since; /* ms UTC */
	int64_t trouble_until; /* 0: still */
};

enum { COMMAND_OFFERS = 20 };

struct command_call {
	/* what there is */
	struct sqlite *db;
	struct library *library;
	const struct config *config;
	const struct command *const *table; /* NULL at the end */
	const struct command_health *health;

	/* who says what, where and when; borrowed for the call */
	int64_t room, person, now;
	const char *name; /* of the person */
	enum chat_role role;
	bool direct;
	const char *room_language; /* as set for the room, or NULL */
	const struct language *language;
	const char *prefix;
	const struct command *command;
	const char *text; /* what stands after the command's name */
	char **words;	  /* text cut at white space, NULL at the end */
	size_t words_len;
	uint64_t seed;	/* for whatever is drawn by lot */
	int64_t outbox; /* our message that it answers or stands on; 0: none */

	/* the same message as the mail has it (store/mail.h) */
	enum chat_kind kind;
	int64_t inbox;	       /* its row: the cause of what comes of it */
	int64_t at;	       /* by the network's clock; now: when it came */
	int64_t target;	       /* the row of what it edits or redacts; 0 */
	int64_t thread_outbox; /* our message that began its thread; 0 */
	const char *thread;    /* as the network calls it, NULL: in none */
	bool calm; /* no network has asked us to be slower for an hour */

	/* what is answered */
	GString *said;
	int64_t offers[COMMAND_OFFERS]; /* entry numbers, see talk_offer() */
	size_t offers_len;
	bool nameless; /* the answer mentions nobody */

	/* command_post() is what to call */
	bool (*post)(struct command_call *call, const struct command_post *post,
		     int64_t *outbox, GError **error);
	void *poster;
	const struct mail_in *in;
	unsigned posted; /* how often it was called */
	bool taken;	 /* by a command's hear */
	bool said_something;
};

/* What happens when an alarm (store/alarm.h) of that kind is due: call has the
 * room, but no person; its body is the alarm's subject. */
struct command_alarm {
	const char *kind; /* NULL ends a list of them */
	bool (*ring)(struct command_call *call, const char *subject,
		     GError **error);
};

struct command {
	const char *name;
	const char *aliases; /* other names, a space between; NULL: none */
	/* As in "[N] [topic]", "" where it takes nothing; USAGE_… of say.def
	 * has its words for other languages. */
	const char *usage;
	enum sentence summary;
	enum chat_role role;	    /* who may */
	unsigned words, words_most; /* arity */
	bool (*run)(struct command_call *call, GError **error);
	/* A reaction on a message of ours, or NULL: *taken tells whether it
	 * was this command's. */
	bool (*react)(struct command_call *call, const char *reaction,
		      bool *taken, GError **error);
	/* A message without a command that answers one of ours, stands in a
	 * thread, or is said to the bot alone; an edit; a redaction. Or NULL.
	 */
	bool (*hear)(struct command_call *call, const char *text, bool *taken,
		     GError **error);
	const struct command_alarm *alarms; /* or NULL */
	/* Networks have sent what they could: what waited for that goes on, in
	 * a transaction of its own. Or NULL. */
	bool (*sent)(struct sqlite *db, int64_t now, GError **error);
};

enum { COMMAND_ANY_WORDS = 10000 };

/*
 * The command called so: by its name or an alias, see command_word_matches().
 * NULL: there is none.
 */
const struct command *command_find(const struct command *const *table,
				   const char *name);

/* The one command that a mistyped name of 4 letters or more must have meant;
 * NULL where none is near, or several are. */
const struct command *command_nearest(const struct command *const *table,
				      const char *name);

/*
 * Answers a message: finds the command in it, checks, runs. Says nothing where
 * the message is not for the bot. body is what was written; mentioned: by
 * name. call's who, where and what there is must be set.
 */
bool command_answer(struct command_call *call, const char *body, bool mentioned,
		    GError **error);

/* Lets commands hear a message that is none: see struct command's hear. */
bool command_hear(struct command_call *call, const char *text, bool *taken,
		  GError **error);

/* The alarm of that kind is due; one that no command knows is logged. */
bool command_ring(struct command_call *call, const char *kind,
		  const char *subject, GError **error);

/* Says something beside the answer; *outbox (may be NULL) is the row of the
 * message that shows it: a new one, also where an edit had to be said as one,
 * else the edited one; 0 where the network has nothing like it and it was left
 * out. */
bool command_post(struct command_call *call, const struct command_post *post,
		  int64_t *outbox, GError **error);

/* Answers a reaction that stands on our message call->outbox. */
bool command_answer_reaction(struct command_call *call, const char *reaction,
			     GError **error);

/* A paragraph of the answer; see SAY_ARGS. */
#define command_say(call, sentence, ...)                                       \
	command_say_args(call, sentence + SAY_CHECK(sentence, __VA_ARGS__),    \
			 SAY_ARGS(__VA_ARGS__))
void command_say_args(struct command_call *call, enum sentence sentence,
		      const struct say_arg *args);

/* The same as a line of the paragraph before it, for rows of a list. */
#define command_line(call, sentence, ...)                                      \
	command_line_args(call, sentence + SAY_CHECK(sentence, __VA_ARGS__),   \
			  SAY_ARGS(__VA_ARGS__))
void command_line_args(struct command_call *call, enum sentence sentence,
		       const struct say_arg *args);

/* A paragraph that is Markdown already. */
void command_say_markdown(struct command_call *call, const char *markdown);

/* "!q WORDS | N", as people read it in the language of the answer. Caller
 * frees. */
char *command_usage(const struct command_call *call,
		    const struct command *command);

/* Says how the command is used. */
void command_say_usage(struct command_call *call,
		       const struct command *command);

/* True if a word is that name, in either keyboard layout or in letters that
 * look so (а), whatever the case. */
bool command_word_matches(const char *word, const char *name);
