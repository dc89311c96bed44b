/*
 * HTTP over libcurl, all calls on the one main loop: nothing here blocks. It
 * keeps connections alive, speaks HTTP/2 where TLS offers it, bounds what it
 * takes, and goes nowhere but where it is sent: https only, but for loopback,
 * and no redirect is followed with a token.
 *
 *	http_start(http, &(struct http_request){ .url = …, .done = … });
 */

#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <glib.h>

struct http;
typedef struct http http;
struct http_call; /* one that is under way */

/* ca_file: certificates to trust in place of the system's; NULL: those. */
struct http *http_new(const char *ca_file);

/* Ends every call without telling anybody. */
void http_free(struct http *http);

/*
 * Called once after each turn of the loop in which calls have ended, after
 * their own callbacks: for what is done for several of them together.
 */
void http_set_after(struct http *http, void (*after)(void *data), void *data);

enum http_failure {
	HTTP_ANSWERED,
	HTTP_UNREACHABLE, /* name, connection, or cut while talking */
	HTTP_TIMED_OUT,
	HTTP_TLS,	/* the server is not who it should be */
	HTTP_TOO_BIG,	/* over request.most */
	HTTP_NO_MEMORY, /* a body that does not fit */
	HTTP_REFUSED,	/* the address is not one that we go to */
};

struct http_answer {
	enum http_failure failure;
	const char *error; /* of a failure, for people */
	unsigned status;
	const char *body; /* a NUL behind it; "" where there is none */
	size_t len;
	int64_t retry_after;  /* ms, as the header says; -1: it says nothing */
	int64_t date;	      /* the server's clock, ms UTC; 0: not told */
	const char *location; /* where a redirect leads, or NULL */
};

/* The answer is borrowed for that call, which may start others. */
typedef void http_done(const struct http_answer *answer, void *data);

struct http_request {
	const char *method; /* NULL: GET */
	const char *url;
	const char *bearer; /* access token, or NULL */
	GBytes *body;	    /* JSON, or NULL */
	unsigned timeout;   /* s for the whole call; 0: see below */
	/* s from the body's first byte to its last, while timeout is then only
	 * for what comes before; 0: timeout is for both */
	unsigned body_timeout;
	size_t most; /* bytes of the body; 0: 1 MB */
	bool follow; /* up to three redirects, without a token */
	/* Never sent twice by itself, as libcurl does where a connection that
	 * was kept open turns out to be closed. */
	bool once;
	http_done *done;
	void *data;
};

/*
 * Starts it; strings are copied. Without timeout a call ends that has moved
 * less than 10 bytes a second for 30 s; that rule wakes the loop twice a
 * second, so that a long poll must have a timeout. done is called from the
 * main loop, never from in here.
 */
struct http_call *http_start(struct http *http,
			     const struct http_request *request);

/* Ends it; done is not called. Not from within its own done. */
void http_cancel(struct http_call *call);

/* The body as it was received, to be kept: caller g_free()s; the answer has
 * none after that. Only from within done. */
char *http_take_body(struct http_call *call);

/* True if calls may go to that URL: https, or http on loopback. */
bool http_may_go(const char *url);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(http, http_free)
