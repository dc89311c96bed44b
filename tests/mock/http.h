/*
 * A small HTTP/1.1 server on the GLib main loop: keep-alive, bodies by length
 * or in chunks, answers given at once or later. It can also misbehave on
 * purpose: cut, truncate or drip what it answers.
 */

#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <glib.h>

enum http_cut {
	HTTP_WHOLE,
	HTTP_CLOSE,    /* closes instead of answering */
	HTTP_RESET,    /* the same, by RST */
	HTTP_TRUNCATE, /* closes in the middle of the body */
	HTTP_DRIP,     /* drip_bytes every drip_ms */
	HTTP_SWALLOW,  /* says nothing, and keeps the connection */
};

struct http_header {
	char *name, *value;
};

/* Whoever gets it by `ended` frees it, or keeps it. Times are µs, monotonic. */
struct http_request {
	char *method;
	char *target; /* as it came: path and query */
	char *path;   /* not decoded */
	char *query;  /* NULL: none */
	GArray *headers;
	GString *body;
	int64_t first_byte, complete;
	int64_t last_byte; /* of the answer written; 0: never */
	int status;	   /* of the answer; 0: none */
	size_t size;	   /* of its body */
	enum http_cut cut; /* may be set until the answer is given */
	unsigned drip_ms, drip_bytes;
	char *note;  /* the handler's, for whoever keeps it */
	void *owner; /* the handler's own */
	unsigned connection_no;
	struct connection *connection; /* NULL once it has ended */
};
typedef struct http_request http_request;
void http_request_free(struct http_request *request);

struct http_handler {
	/* A request is there whole: answer it now or later. */
	void (*asked)(struct http_request *request, void *data);
	/* The answer is written, or the peer has gone. */
	void (*ended)(struct http_request *request, void *data);
	/* Added to every answer: whole lines, each ended by CR LF. */
	void (*headers)(GString *head, void *data);
	void *data;
};

struct http_listener;
typedef struct http_listener http_listener;

/* Listens on 127.0.0.1; port 0: any free one. handler is borrowed. */
struct http_listener *
http_listen(uint16_t port, const struct http_handler *handler, GError **error);
uint16_t http_listener_port(const struct http_listener *listener);

/* Resets every connection and frees the port. */
void http_listener_free(struct http_listener *listener);

/* NULL: there is none of that name; case does not matter. */
const char *http_header(const struct http_request *request, const char *name);

/* Takes body over (NULL: empty); headers as above, may be NULL. */
void http_answer(struct http_request *request, int status, const char *headers,
		 GString *body);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(http_request, http_request_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(http_listener, http_listener_free)
