/*
 * What is kept of Matrix: rooms as the server tells of them, account data,
 * gaps in timelines, and tasks to be done on the server. That a room has a
 * number, settings and people is room.h's and person.h's; here a room is an
 * id on a homeserver.
 */

#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <glib.h>
#include "kb/sqlite.h"

#define MATRIX_NETWORK "matrix"

/* ---- rooms ---- */

struct matrix_room {
	char *room_id;
	char *membership; /* our own; "" of a room that is not known */
	char *inviter;	  /* this and all below may be NULL */
	char *name;
	char *encryption; /* the algorithm; once written, it stays */
	bool plain;	  /* the server has said that it is not encrypted */
	bool told;	  /* somebody was told that we cannot speak there */
	int64_t members;  /* joined and invited, we too; 0: not told yet */
	char *version;
	char *creators;	    /* JSON array */
	char *power_levels; /* JSON */
	char *predecessor, *replacement;
	char *task_token; /* of the task that made it */
};
typedef struct matrix_room matrix_room;

bool matrix_room_read(struct sqlite *db, const char *room_id,
		      struct matrix_room *room, GError **error);
bool matrix_room_write(struct sqlite *db, const struct matrix_room *room,
		       GError **error);
void matrix_room_clear(struct matrix_room *room);

/* The ids of the rooms that we are in: GPtrArray of char *. */
GPtrArray *matrix_rooms_joined(struct sqlite *db, GError **error);

/* The room that such a task has made; NULL: none yet. Caller frees. */
bool matrix_room_of_task(struct sqlite *db, const char *token, char **room_id,
			 GError **error);

/* The room that we are in and that names this one as its replacement; NULL:
 * there is none. Caller frees. */
bool matrix_room_replaced_by(struct sqlite *db, const char *replacement,
			     char **room_id, GError **error);

/* When that room took the place of another, ms; 0: it never did. */
bool matrix_room_moved(struct sqlite *db, const char *room_id, int64_t *at,
		       GError **error);

/* What is known of where an event stands: our own *bytes, or NULL, and when we
 * *received somebody else's, ms, or 0. */
bool matrix_event_place(struct sqlite *db, const char *event, GBytes **bytes,
			int64_t *received, GError **error);

/* The old room's number gets the new address; see room.h. */
bool matrix_room_upgrade(struct sqlite *db, const char *from, const char *to,
			 int64_t now, GError **error);

/* ---- account data ---- */

bool matrix_data_write(struct sqlite *db, const char *type, const char *content,
		       GError **error);
/* NULL: there is none. Caller frees. */
bool matrix_data_read(struct sqlite *db, const char *type, char **content,
		      GError **error);

/* ---- gaps ---- */

struct matrix_gap {
	int64_t id;
	char *room_id;
	char *cursor, *until; /* pagination tokens */
	int pages;	      /* fetched so far */
	bool joining;	      /* what stands before our own join is not ours */
	bool closed;	      /* fetched; what it held is to be released */
};

typedef struct matrix_gap matrix_gap;
void matrix_gap_free(struct matrix_gap *gap);

bool matrix_gap_put(struct sqlite *db, const char *room_id, const char *cursor,
		    const char *until, bool joining, GError **error);
bool matrix_gap_move(struct sqlite *db, const struct matrix_gap *gap,
		     GError **error);
bool matrix_gap_drop(struct sqlite *db, int64_t id, GError **error);
bool matrix_gap_drop_room(struct sqlite *db, const char *room_id,
			  GError **error);
/* All, oldest first: GPtrArray of matrix_gap. */
GPtrArray *matrix_gaps(struct sqlite *db, GError **error);
bool matrix_gap_is_open(struct sqlite *db, const char *room_id, bool *open,
			GError **error);

/* ---- tasks ---- */

struct matrix_task {
	int64_t id;
	char *kind, *room_id, *user_id, *via, *token;
	int tries;
};
typedef struct matrix_task matrix_task;
void matrix_task_free(struct matrix_task *task);

/* One of a kind for a room and person is enough; user_id, via may be "". */
bool matrix_task_put(struct sqlite *db, const char *kind, const char *room_id,
		     const char *user_id, const char *via, GError **error);
/* All, what was tried least first, then the oldest: GPtrArray of matrix_task.
 */
GPtrArray *matrix_tasks(struct sqlite *db, GError **error);
bool matrix_task_tried(struct sqlite *db, int64_t id, GError **error);
bool matrix_task_drop(struct sqlite *db, int64_t id, GError **error);
bool matrix_task_drop_of(struct sqlite *db, const char *kind,
			 const char *room_id, GError **error);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(matrix_room, matrix_room_clear)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(matrix_gap, matrix_gap_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(matrix_task, matrix_task_free)
