/* The inside of the client, which client.c (calls) and session.c (how there
 * comes to be a token) share. */

#pragma once

#include "bot/matrix/client.h"
#include "bot/store/matrix.h"

enum client_state {
	CLIENT_NEW,
	CLIENT_OPENING, /* discovery, login, whoami */
	CLIENT_LIVE,
	CLIENT_RENEWING, /* the token is refreshed, or logged in again */
	CLIENT_DEAD,
};

struct discovery_search;

struct client {
	struct client_options options;
	struct http *http;
	enum client_state state;
	bool was_live;		/* options.live was called */
	struct account account; /* as it is, or is about to be, in the store */
	bool known;		/* there is a row of it */
	bool soft;		/* how the last token was refused */
	unsigned serial;	/* of the token */
	GHashTable *calls;	/* struct client_call, waiting or under way */
	struct discovery_search *search;
	struct http_call *opening; /* the session's own call */
	struct retry retry;	   /* of it */
	guint timer;		   /* until its next try */
	guint renewal;		   /* when the token is to be refreshed */
};

struct client_call {
	struct client *client;
	struct client_request request; /* url and body are our own */
	char *url;
	unsigned serial;	     /* of the token that it was made with */
	struct http_call *http_call; /* NULL: it waits for a token */
};

/* Makes a call with the token that there is. */
void client_begin_call(struct client_call *call);

/* M_UNKNOWN_TOKEN for the token that there is: gets another, or ends. */
void client_token_is_refused(struct client *client,
			     const struct api_answer *answer);

/* ---- session.c: tokens ---- */

void session_enter(struct client *client, enum client_state state);
/* There will be no session: options.dead is told. */
void session_die(struct client *client, int status, const char *format, ...)
	G_GNUC_PRINTF(3, 4);
/* The session's own call again after a while. */
void session_try_later(struct client *client, const struct api_answer *answer,
		       const char *what);
gboolean session_again(gpointer client); /* for g_timeout_add() */
/* What an answer to a login or refresh gives. */
void session_take_tokens(struct client *client, const struct json *json);
/* The token is to be refreshed in time; life: ms that it has left, 0: not
 * told. */
void session_plan_renewal(struct client *client, int64_t life);
/* Writes the account, as it is. */
bool session_write(struct client *client, GError **error);
/* Writes the account, then goes on with it: for g_timeout_add() too. */
gboolean session_keep(gpointer client);
void session_set_text(char **field, const char *value);

/* ---- opening.c: the beginning ---- */

void session_open(struct client *client);
void session_log_in(struct client *client);
