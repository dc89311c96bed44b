/*
 * One request on its way through the homeserver: who asks, what for, and the
 * answer. A handler answers at once, or registers a long poll.
 */

#pragma once

#include "tests/mock/home.h"
#include "tests/mock/http.h"

enum { CALL_ARGS = 4 };

struct call {
	struct home *home;
	struct http_request *http;
	char **path;		     /* decoded, by `/` */
	const char *args[CALL_ARGS]; /* what stands for `*` in the route */
	GHashTable *query;
	cJSON *json; /* see call_json() */
	struct token *token;
	struct device *device; /* with a token; else NULL */
	struct user *user;
	const struct route *route;
	struct rule *rule; /* that has it; NULL: none */
	guint timer;
	bool logged; /* the log has the request, and keeps it */
	/* A long poll: answers if it can, or must (now), and then returns
	 * true. */
	bool (*poll)(struct call *call, bool now);
	void *state; /* of the long poll */
	void (*state_free)(void *state);
};

struct route {
	const char *method, *pattern;
	void (*run)(struct call *call);
	bool auth;
};

/* Takes json over. After any of these the call is gone. */
void call_answer(struct call *call, int status, GString *json);
void call_error(struct call *call, int status, const char *code,
		const char *text);
void call_ok(struct call *call); /* {} */
/* {"key":"value"} */
void call_text(struct call *call, const char *key, const char *value);

const char *call_query(struct call *call, const char *name);
int64_t call_number(struct call *call, const char *name, int64_t otherwise);

/* The body as an object; where it is none, NULL, and the answer was given. */
cJSON *call_json(struct call *call);

/* The room of args[0] where the asker is joined; else NULL, and the answer
 * was given. */
struct room *call_room(struct call *call);

/* Polls now, at every change, and for the last time after so many ms. */
void call_wait(struct call *call, int64_t timeout,
	       bool (*poll)(struct call *call, bool now));

/* Polls no more: it is answered, or its peer has gone. */
void call_unwait(struct call *call);

/* Runs the route: what a rule has held back. */
void call_run(struct call *call);
