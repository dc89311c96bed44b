/*
 * Where the homeserver is. Client-Server API, "Server discovery": what bot.conf
 * names as an address is one; a server's name is asked for its address at
 * https://NAME/.well-known/matrix/client, and what is there must answer as a
 * homeserver does before it is sent a password. Done at a login only, so that
 * nobody can move a running bot.
 */

#pragma once

#include <stdbool.h>
#include "bot/net/http.h"

struct discovery {
	char *base_url; /* NULL: not found; error says why */
	char *error;
	bool later; /* it may be found at another time */
};

typedef void discovery_done(const struct discovery *found, void *data);

struct discovery_search; /* one that is under way */

/* homeserver: a URL or a server's name. done is called from the main loop,
 * after which the search is gone. */
struct discovery_search *discovery_start(struct http *http,
					 const char *homeserver,
					 discovery_done *done, void *data);
void discovery_cancel(struct discovery_search *search);

/* The base_url that such an answer names; NULL: it names none. Pure. Caller
 * frees. */
char *discovery_base_url(const char *body, size_t len);

/* Without slashes at its end; caller frees. */
char *discovery_trim(const char *url);
