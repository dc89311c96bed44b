/*
 * The bot as a client of its homeserver: its session, and calls that carry its
 * token. A call that is refused because the token has run out waits until
 * there is a new one and is made again, the same; what callers see is the
 * answer to that.
 *
 *	NEW -> OPENING (discovery, login or whoami) -> LIVE <-> RENEWING -> DEAD
 *
 * Client-Server API, "Login", "Refreshing access tokens", "Soft logout".
 */

#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "bot/base/clock.h"
#include "bot/matrix/api.h"
#include "bot/store/account.h"
#include "config/config.h"
#include "kb/sqlite.h"

struct client;
typedef struct client client;

struct client_options {
	const struct config *config; /* borrowed, as the next two */
	struct sqlite *db;
	struct clock *clock;
	/* There is a session, for the first time in this process. */
	void (*live)(void *data);
	/*
	 * There will be none: why is for people, status for the program's
	 * end (CLIENT_LOGGED_OUT, or 1: something in bot.conf is wrong).
	 */
	void (*dead)(void *data, const char *why, int status);
	/* The store could not be written; it is tried again. */
	void (*trouble)(void *data, const GError *error);
	void *data;
};

/* The server has logged us out for good; a start logs in anew. */
enum { CLIENT_LOGGED_OUT = 3 };

/* NULL: bot.conf does not say enough, or the store cannot be read. */
struct client *client_new(const struct client_options *options, GError **error);
void client_free(struct client *client);

/* Begins to open the session; options.live or .dead is called later. */
void client_open(struct client *client);

/* Who we are; NULL before the session was first open. */
const char *client_user_id(const struct client *client);
const char *client_device_id(const struct client *client);
const char *client_base_url(const struct client *client);

/* Is it the account that [matrix] user names, whole or by its name alone? */
bool client_user_is(const char *user_id, const char *wanted);

struct http *client_http(struct client *client);

typedef void client_done(const struct api_answer *answer, void *data);
/* The body itself, of an answer of class RETRY_NOT, in place of its JSON:
 * the callee g_free()s it. */
typedef void client_raw_done(const struct api_answer *answer, char *body,
			     size_t len, void *data);

struct client_request {
	const char *method; /* NULL: GET */
	const char *url;
	GBytes *body;
	unsigned timeout, body_timeout; /* as in http.h */
	size_t most;
	bool once;
	const char *needs; /* as in api_answer_needs(), or NULL; static */
	client_done *done; /* one of these two */
	client_raw_done *raw_done;
	void *data;
};

struct client_call;

/* done is called from the main loop, unless the session ends before. */
struct client_call *client_start(struct client *client,
				 const struct client_request *request);
void client_cancel(struct client_call *call);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(client, client_free)

/* The body of a POST /login; device_id NULL: a new device. */
GBytes *session_login_body(const char *user, const char *password,
			   const char *device_id);
