/* The inside of syncing, which sync*.c share. */

#pragma once

#include "bot/base/json_text.h"
#include "bot/matrix/matrix_private.h"

struct sync {
	struct matrix *matrix;
	struct client_call *call;
	char *since;  /* NULL: the next answer is the first, and mute */
	char *filter; /* its id on the server; NULL: not uploaded yet */
	char *url;    /* of the request at hand */
	struct retry retry;
	guint timer;
	bool held;	   /* the timer is that of HOLD_MS */
	bool caught_up;	   /* an answer has come since the start */
	bool outage;	   /* none has come to the last request */
	bool large;	   /* the next may be as large as a first one */
	int64_t written;   /* when since was put into the store; monotonic */
	bool ask_joined;   /* for the list of rooms, after the next answer */
	GPtrArray *known;  /* rooms that we were in when it was asked for */
	GPtrArray *joined; /* that list, until an answer has come; or NULL */
	/* an answer that the store would not take yet */
	char *body;
	size_t len;
	int64_t date;
	bool stopped;
};

/* ---- sync.c ---- */

/* Goes on with what is next. */
void sync_prepare(struct sync *sync);
void sync_ask(struct sync *sync);
/* Goes on when it was waited for; told: ms that the server asks for, or -1. */
void sync_later(struct sync *sync, int64_t told, const char *why);

/* ---- sync_filter.c ---- */

void sync_find_filter(struct sync *sync);
void sync_upload_filter(struct sync *sync);

/* ---- sync_rooms.c ---- */

/* Rooms that the server has not in its list are left; the others stand in
 * `joined` until the next answer. */
void sync_ask_joined(struct sync *sync);
/* Without what the same /sync says that we have left. */
void sync_drop_left(GPtrArray *joined, struct json_text left);
/* One that the server has us in, and that the next /sync has not told of
 * either: nothing is known of it, so its state is asked for. data: GPtrArray
 * of room ids. */
bool sync_enter_unknown(struct matrix *matrix, void *data, GError **error);
