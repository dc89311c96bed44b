/*
 * When a call is tried again: what an answer means for that, and how long to
 * wait. Exponential back-off with full jitter (M. Brooker, "Exponential
 * Backoff And Jitter", 2015): a random time up to least·2^tries, so that many
 * that failed together do not come back together.
 */

#pragma once

#include <stdint.h>
#include "bot/net/http.h"

enum retry_class {
	RETRY_NOT,     /* 2xx */
	RETRY_LATER,   /* no answer, 5xx, 408: the same again after a while */
	RETRY_LIMITED, /* 429: nobody of this kind before that time */
	RETRY_TOKEN,   /* 401: the session must be looked at */
	RETRY_NEVER,   /* any other 4xx: it will always be refused */
};

enum retry_class retry_class(const struct http_answer *answer);

struct retry {
	int64_t least, most; /* ms */
	unsigned tries;	     /* since the last success */
};

/* ms to wait before the next try; counts it. told: what the server asks for
 * at least, ms, or -1 or 0; never more than RETRY_MOST of that is waited. */
int64_t retry_wait(struct retry *retry, int64_t told);

enum { RETRY_MOST = 10 * 60 * 1000 };
