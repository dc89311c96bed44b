/*
 * Requests to a homeserver and its answers, as far as they are the same for
 * all: addresses, errors. Client-Server API, "Standard error response". Pure.
 */

#pragma once

#include <stdbool.h>
#include <stdint.h>
#include "bot/base/json.h"
#include "bot/net/retry.h"

/* BASE/_matrix/client/v3/SEGMENT/…: each segment is escaped; NULL ends them.
 * Caller frees. */
char *api_url(const char *base_url, ...) G_GNUC_NULL_TERMINATED;

/* The same for what has no v3 in front of it. */
char *api_url_of(const char *base_url, const char *path);

struct api_answer {
	enum retry_class class;
	unsigned status; /* 0: there was no answer */
	/* Of a 2xx: its JSON object; of an error: the object, or NULL. */
	struct json *json;
	const char *errcode; /* "" where there is none; borrowed from json */
	char *trouble;	     /* for people; NULL where class is RETRY_NOT */
	int64_t retry_after; /* ms, or -1 */
	int64_t date;	     /* the server's clock, ms UTC, or 0 */
	bool soft_logout;
	bool foreign; /* something else than a homeserver has answered */
	bool too_big; /* the body was over the request's limit */
};
typedef struct api_answer api_answer;

/*
 * A 2xx that holds no JSON object and an error that names no errcode are no
 * answers of a homeserver, but a proxy's page or a body cut short: RETRY_LATER.
 * (Not so 413, by which a proxy means what a homeserver does.)
 * api_answer_clear() in any case.
 */
void api_answer_read(const struct http_answer *http, struct api_answer *answer);
/* A 2xx without that text is no answer of a homeserver either. */
void api_answer_needs(struct api_answer *answer, const char *name);
void api_answer_clear(struct api_answer *answer);

bool api_answer_is(const struct api_answer *answer, const char *errcode);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(api_answer, api_answer_clear)
