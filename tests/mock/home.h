/*
 * The homeserver's world, all of it in memory: users with their devices and
 * tokens, rooms with their events, and one stream that numbers what happens.
 * A position in the stream, `s<N>`, is what /sync hands out.
 */

#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <glib.h>
#include "tests/mock/text.h"

struct home;
struct room;
struct event;

struct device {
	struct user *user;
	char *id, *name;
	bool deleted;
};

struct token {
	char *text;
	struct device *device;
	bool refresh;
	bool soft;	 /* logged out softly, or expired */
	int64_t expires; /* ms monotonic; 0: never */
	char *pair;	 /* of a refresh token: its access token */
	char *next_access, *next_refresh; /* of a refresh token in use */
	char *from; /* refresh token that made this one, until first use */
};

/* Account data of one type. */
struct datum {
	char *type, *content;
	uint64_t pos;
};

struct user {
	char *id, *localpart, *password, *name;
	bool locked, deactivated, suspended;
	GHashTable *devices; /* id -> device */
	GHashTable *rooms;   /* room -> room: any membership, ever */
	GHashTable *data;    /* type -> datum */
	GPtrArray *filters;  /* of char *: JSON */
	GQueue *bodies;	     /* of char *: /sync answers to give as they are */
};

struct event {
	struct room *room;
	uint64_t pos;
	char *id, *type, *sender;
	char *state_key;	/* NULL: no state */
	const char *membership; /* of m.room.member; a constant */
	char *content;		/* JSON */
	char *extra;		/* JSON members of the top level, or NULL */
	char *unsigned_;	/* JSON members to give as they are, or NULL */
	char *txn;
	struct device *device; /* that sent it, where it is known */
	int64_t ts;	       /* origin_server_ts */
	int64_t received;      /* ms monotonic: what its age counts from */
	bool no_age;
	bool hidden;		/* from /sync: only /messages has it */
	struct event *replaces; /* the state before */
	struct event *redacted_by;
};

struct room {
	char *id, *version;
	GPtrArray *events;	 /* by pos */
	GHashTable *state;	 /* state_name() -> event */
	GHashTable *creators;	 /* ids of those with power without end (v12) */
	GHashTable *reactions;	 /* "event sender key" */
	GPtrArray *invite_state; /* of char *: events to give instead */
	unsigned joined, invited;
	bool remote; /* cannot be joined without a server's name */
};

/* One step of the stream: an event, or account data of a user. */
struct step {
	struct event *event;
	struct user *user;
	const struct datum *datum;
};

enum state_after { STATE_BEFORE, STATE_AFTER_STABLE, STATE_AFTER_UNSTABLE };

struct home {
	GHashTable *users;  /* id -> user */
	GHashTable *tokens; /* text -> token */
	GHashTable *rooms;  /* id -> room */
	GHashTable *events; /* id -> event */
	GHashTable *txns;   /* "device path" -> event id */
	GArray *stream;	    /* of step; position N is at N - 1 */
	struct log *log;
	struct rules *rules;
	struct feed *feed;  /* NULL: there is none */
	GPtrArray *waiting; /* of call: long polls */
	guint wake;	    /* an idle source: something has changed */
	struct http_listener *public, *control;
	struct http_handler *handler;
	uint16_t port;
	GRand *rand;
	/* what the control API sets */
	int64_t token_lifetime; /* ms; 0: tokens do not expire */
	int64_t date_offset;	/* s, of the Date header */
	enum state_after state_after;
	int64_t speed;	 /* how often a long poll is shorter */
	bool no_refresh; /* logins give no refresh token */
};

extern const char SERVER_NAME[];

uint64_t home_pos(const struct home *home);
/* Lets the time pass to whoever waits for something to happen. */
void home_changed(struct home *home);
/* Random text in base64url of that many characters; caller frees. */
char *home_random(struct home *home, size_t len);

/* ---- users.c ---- */

/* name: a localpart or an id. Made where create says so; else NULL. */
struct user *user_find(struct home *home, const char *name, bool create);
/* id NULL: a random one. */
struct device *device_find(struct home *home, struct user *user,
			   const char *id);
struct token *token_new(struct home *home, struct device *device, bool refresh);
/* Its tokens are gone; soft: with soft_logout. */
void device_logout(struct home *home, struct device *device, bool soft);
/* Its access tokens are soft ones now; refresh tokens stay. */
void device_expire(struct home *home, struct device *device);
void device_delete(struct home *home, struct device *device);
/* Looks the token up and marks it used. NULL: there is none. */
struct token *token_use(struct home *home, const char *text);
void token_drop(struct home *home, const char *text);
void user_set_data(struct home *home, struct user *user, const char *type,
		   const char *content);

/* ---- rooms.c ---- */

/* id NULL: a random one, without a domain from version 12 on. */
struct room *room_new(struct home *home, const char *id, const char *version);
struct room *room_find(struct home *home, const char *id);
struct event *room_state(const struct room *room, const char *type,
			 const char *key);
/* "join", "invite", "leave", "ban"; NULL: never heard of. */
const char *room_membership(const struct room *room, const char *user);
/* The state event for that name as it was at pos; NULL: none. */
struct event *event_at(struct event *newest, uint64_t pos);
/* Whether the version is at least that number. */
bool room_is_version(const struct room *room, int least);
int64_t room_power(const struct room *room, const char *user);
/* What it takes to send that; state: as a state event. */
int64_t room_power_needed(const struct room *room, const char *type,
			  bool state);

/* What is to be put into a room. Borrowed; NULL where there is nothing. */
struct draft {
	const char *sender, *type, *state_key, *content, *extra, *unsigned_;
	const char *id, *txn;
	struct device *device;
	int64_t ts, age; /* ts 0: now, less the age */
	bool no_age, hidden;
};
struct event *room_put(struct home *home, struct room *room,
		       const struct draft *draft);
/* membership of user, set by sender; more: JSON members, or NULL. */
struct event *room_member(struct home *home, struct room *room,
			  const char *sender, const char *user,
			  const char *membership, const char *more);
/* Empties the target, if it is known. */
struct event *room_redact(struct home *home, struct room *room,
			  const struct draft *draft, const char *target,
			  const char *reason);
/* Index of the first event after pos. */
guint room_index_after(const struct room *room, uint64_t pos);

/* Appends the event as `reader` gets it; with_room: also its room_id. */
void event_write(GString *out, const struct event *event,
		 const struct device *reader, bool with_room);
