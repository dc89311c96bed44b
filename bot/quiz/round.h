/*
 * A question's life, from being asked to being paid, and what becomes of its
 * run: one pure step. What happens comes in with its time; what is to be done
 * goes out, and play.c does it.
 *
 *	asked  -> open      the network took the message: the window begins
 *	open   -> closed    time is up, all have answered, skip, stop
 *	closed              late answers that were given in time; redactions
 */

#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <glib.h>
#include "bot/store/ledger.h"
#include "bot/store/quiz.h"

enum {
	ROUND_UNANSWERED_MOST = 3,	     /* in a row: then the run ends */
	ROUND_LATE_MOST = LEDGER_JOINED_LATE /* ms after the closing */
};

struct round_answer {
	int64_t person, cause, at;
	int attempt; /* from 1; 0: it was close and did not count */
	int g;	     /* thousandths */
	bool redacted, edited;
};

struct round {
	/* the rules */
	int64_t window; /* ms */
	int attempts;	/* that a person has */
	int hints_most;
	/* the question */
	enum round_state state;
	int64_t opened, closes, closed;
	int hinted;
	/* its run */
	bool first;	 /* nobody knows yet who plays */
	int left;	 /* questions that follow */
	int unanswered;	 /* in a row, before this one; kept up */
	int64_t starter; /* may skip and stop; 0: nobody */
	GArray *players; /* int64_t: who has answered in the run */
	GArray *answers; /* struct round_answer; kept up */
};
typedef struct round round;

void round_init(struct round *round);
void round_clear(struct round *round);

enum round_event_kind {
	ROUND_SENT,   /* the network took the question */
	ROUND_FAILED, /* it never will */
	ROUND_ANSWER,
	ROUND_TIME, /* the closing alarm */
	ROUND_HINT,
	ROUND_SKIP,
	ROUND_STOP,
	ROUND_EDIT,
	ROUND_REDACT,
};

struct round_event {
	enum round_event_kind kind;
	int64_t now;	/* when it came */
	int64_t at;	/* ANSWER: when it was said, by the network's clock */
	int64_t person; /* who */
	int64_t cause;	/* ANSWER, EDIT, REDACT: the answer's inbox row */
	bool may;	/* SKIP, STOP: a moderator */
	int g;		/* ANSWER */
	bool close;	/* ANSWER: nearly right */
};

/* Why something is not done. */
enum round_refusal {
	ROUND_FINE,
	ROUND_LATE,	 /* time was up */
	ROUND_ALREADY,	 /* has answered */
	ROUND_CLOSE,	 /* nearly: once more, it did not count */
	ROUND_NO_HINTS,	 /* there are no more */
	ROUND_NOT_YOURS, /* somebody else started the run */
	ROUND_OVER,	 /* nothing is open */
};

enum round_next {
	ROUND_STAYS,
	ROUND_GOES_ON, /* to the next question */
	ROUND_ENDS,    /* the run is at its end */
	ROUND_DIES,    /* it ends because nobody answers */
};

struct round_effects {
	enum round_refusal refusal;
	bool takes; /* the answer `taken` is to be kept */
	struct round_answer taken;
	bool marks;  /* the answer `taken` has changed */
	bool wakes;  /* at round->closes, if nothing comes before */
	bool hints;  /* give hint number round->hinted */
	bool closes; /* pay, and edit the question into its result */
	bool late;   /* pay `taken`, and edit the result again */
	bool undoes; /* take back what `taken` has earned, edit again */
	enum round_next next;
};

struct round_effects round_step(struct round *round,
				const struct round_event *event);

/* When an answer counts as given: the network's clock is
 * believed if it lies between the opening and now. */
int64_t round_answered_at(const struct round *round, int64_t at, int64_t now);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(round, round_clear)
