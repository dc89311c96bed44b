/*
 * Tasks: what is to be done on the server beside sending, kept in the store
 * until it is done. A kind is a row of the table in task.c; the store's rows
 * name kinds by these words:
 *
 *	join, join-direct   accept an invitation, and note a direct chat
 *	decline             leave the room, and forget it
 *	upgrade             follow a room to its replacement
 *	direct              put the room into m.direct
 *	state               ask for the state of a room that we know nothing of
 *	tell                find or make a chat with somebody who must be told
 *	                    that the room is encrypted
 */

#pragma once

#include "bot/matrix/matrix_private.h"

/* A task under way. */
struct task {
	struct tasks *tasks;
	struct matrix_task *row; /* owned */
	const struct task_kind *kind;
	struct client_call *call;
	guint timer;
	int step;
	const struct api_answer *answer; /* that is being taken */
	struct json *raw;		 /* what an earlier step has read */
};

enum task_outcome {
	TASK_DONE,
	TASK_NEXT,    /* start it again: its next step */
	TASK_LATER,   /* try the same again */
	TASK_HOPELESS /* it cannot be done */
};

struct task_kind {
	const char *name;
	/* Makes task->call; false where there is nothing to ask (any more). */
	bool (*start)(struct matrix *matrix, struct task *task);
	enum task_outcome (*judge)(const struct api_answer *answer,
				   struct task *task);
	/* What a task that is done leaves in the store; may be NULL. */
	bool (*keep)(struct matrix *matrix, struct task *task, GError **error);
	const char *needs; /* what an answer that is good names; may be NULL */
	bool once;	   /* a call that is sent twice does it twice */
	bool alone;	   /* one at a time */
};

/* Of tasks that end in another room (tell.c), and of the list of direct chats
 * (direct.c). */
extern const struct task_kind task_tell, task_direct;

/* Begins a call of the task; body NULL: {}. */
void task_call(struct matrix *matrix, struct task *task, const char *method,
	       const char *url, const struct json *body);
