/* The inside of sending, which send*.c and lookback.c share. */

#pragma once

#include "bot/matrix/matrix_private.h"
#include "bot/matrix/pace.h"

enum lane_state {
	LANE_READY,   /* its first row can be taken up */
	LANE_SENDING, /* a call is under way */
	LANE_WAITING, /* for a timer */
	LANE_DECIDED, /* the outcome is to be committed */
};

enum outcome {
	OUTCOME_FAILED,	   /* text: why */
	OUTCOME_UNKNOWN,   /* text: why */
	OUTCOME_TOO_LARGE, /* in halves, then */
	OUTCOME_SEALED,	   /* text: the algorithm */
	OUTCOME_PLAIN,	   /* the room is not encrypted */
	OUTCOME_MOVED,	   /* text: the room that has replaced its own */
	OUTCOME_ABSENT,	   /* looked for, and surely not there */
};

struct lookback;

/* What one room has to be sent, in order. */
struct lane {
	struct send *send;
	int64_t room;	/* its number */
	GArray *places; /* struct wire_place */
	enum lane_state state;
	bool queued;	  /* among those that can go on */
	struct wire wire; /* the first row; id 0: not read yet */
	char *room_id;	  /* that the first row is addressed to */
	int64_t cleared;  /* id of the row that was looked for already */
	int64_t tried;	  /* id of the last row whose PUT was begun here */
	struct client_call *call;
	struct lookback *lookback;
	struct retry retry;
	unsigned foreign; /* answers to the first row, of no homeserver */
	guint timer;
	enum outcome outcome;
	char *text;
	guint typing; /* timer; 0: nobody waits */
	bool typed;
};

/* A message that the server has taken, until the store knows. */
struct sent {
	int64_t wire, outbox;
	char txn[WIRE_TXN];
	char *event_id; /* NULL: it has none of its own */
};

struct send {
	struct matrix *matrix;
	GHashTable *lanes;  /* room number -> struct lane */
	GQueue ready;	    /* lanes that can go on, borrowed */
	GPtrArray *decided; /* the same, whose outcome is to be committed */
	GArray *sent;	    /* struct sent: to be committed too */
	guint kept;	    /* so many of them are, with this transaction */
	int64_t cursor;	    /* the last row that was put into a lane */
	int64_t earlier;    /* the last row of earlier processes */
	unsigned under_way;
	struct retry retry; /* of limits */
	guint pause;	    /* timer while nobody may send */
	int64_t resume;	    /* when it is over; monotonic ms */
	struct pace pace;
	guint commit; /* timer: of what a lane waits for */
	guint later;  /* timer: of `sent` */
	bool stopped;
};

/* ---- send_lane.c ---- */

struct lane *send_lane(struct send *send, int64_t room);
void lane_free(void *lane);
/* Its first row can be taken up. */
void lane_ready(struct lane *lane);
const struct wire_place *lane_place(const struct lane *lane, guint i);
void lane_put_in_order(struct lane *lane, const struct wire_place *place);
/* More than ornaments. */
bool lane_has_to_say(const struct lane *lane);
/* The lane's first row has ended, and with `all` all rows of its message. */
void lane_step_on(struct lane *lane, bool all);
/* People are shown that we type while they wait for long. */
void lane_watch_slowness(struct lane *lane);
/* Tries again later; told: ms that the server asks for, or -1. */
void lane_wait(struct lane *lane, int64_t told, const char *why);

/* ---- send_outcome.c ---- */

/* Its row changes in the next commit; until then nothing else goes. */
void lane_outcome(struct lane *lane, enum outcome outcome, const char *text);
void lane_sent(struct lane *lane, const char *event_id);
void lane_failed(struct lane *lane, const char *reason);
void lane_unknown(struct lane *lane, const char *reason);
/* It was looked for, and was never taken. */
void lane_absent(struct lane *lane);
void sent_clear(void *sent);

/* ---- send_put.c ---- */

void lane_put(struct lane *lane);
void lane_ask_encryption(struct lane *lane);

/* ---- send.c ---- */

/* Takes up what can go on, as long as it may. */
void send_pump(struct send *send);

/* ---- lookback.c ---- */

/*
 * Looks back through the room, 20 pages, for the lane's first row: ends in
 * lane_sent() where it is there; lane_absent() where it surely is not, since
 * the message that it answers was met; else lane_unknown().
 */
void lookback_start(struct lane *lane);
void lookback_free(struct lookback *lookback);
