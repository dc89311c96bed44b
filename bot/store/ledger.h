/*
 * The ledger: every point that was earned or taken back, a row each, never
 * changed. The boards (board.h) are sums of its rows and are kept in the same
 * transaction.
 *
 * A row counts for its room's boards if its run has had at least two people
 * (run.people), or if it is of no run. Who plays alone does so for personal
 * progress; should a second one join, the rows of the run count after all.
 */

#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <glib.h>
#include "kb/sqlite.h"

struct ledger_row {
	int64_t room, person;
	int64_t run, question, entry_no; /* 0: none */
	const char *topic;		 /* the entry's path, "python/basics" */
	int64_t cause;			 /* the inbox row */
	const char *kind;		 /* answer, undo, reset */
	int n;				 /* tells rows of one cause apart */
	int64_t points;
	const char *reason; /* points.h */
	int64_t at;
	/* Of the room, YYYY-MM-DD; of a question of the day its own date, for
	 * its answer comes when the next day has begun. */
	const char *local_date;
};

/* counts: the row goes into the boards as well. */
bool ledger_write(struct sqlite *db, const struct ledger_row *row, bool counts,
		  GError **error);

/* The rows of a run that did not count until now go into the boards. */
bool ledger_count_run(struct sqlite *db, int64_t run, GError **error);

/* Whether a question's points were paid for the answer of that inbox row; a
 * person has one attempt of several paid. */
bool ledger_paid_for(struct sqlite *db, int64_t question, int64_t answer,
		     bool *paid, GError **error);

/*
 * Takes back what an answer has earned: a row "undo" with cause, of the same
 * topic and date. *points is what was taken; 0: there was nothing, or a reset
 * has taken it.
 */
bool ledger_undo(struct sqlite *db, int64_t question, int64_t person,
		 int64_t cause, int64_t at, bool counts, int64_t *points,
		 GError **error);

/* Of a run that has ended, answers given in time may come so much later, ms. */
enum { LEDGER_JOINED_LATE = 10 * 60 * 1000 };

/*
 * Sets the boards of a room to nothing, by a row "reset" for each person, topic
 * and date; *rows tells how many. What was earned in a run that a second person
 * may still join is taken back too, by rows of that run: else it would come
 * onto the board after the reset.
 */
bool ledger_reset(struct sqlite *db, int64_t room, int64_t cause, int64_t at,
		  int64_t *rows, GError **error);

/* How many answers of the person have earned something in the room that day. */
bool ledger_scored(struct sqlite *db, int64_t room, int64_t person,
		   const char *local_date, int64_t *count, GError **error);

/* What a person has earned in a room where nobody else played; and how many
 * questions they have answered there at all. */
bool ledger_alone(struct sqlite *db, int64_t room, int64_t person,
		  int64_t *points, int64_t *answers, GError **error);

/* The dates with an answer until that one, newest first: g_strfreev(). */
bool ledger_days(struct sqlite *db, int64_t room, int64_t person,
		 const char *until, char ***dates, GError **error);

/* A row as it is explained to people. */
struct ledger_line {
	int64_t id, person, run, question, entry_no, points, at;
	char *name, *topic, *kind, *reason, *local_date, *title;
	bool counts;
	unsigned flags; /* enum grade_flag, of the answer; by ledger_lines() */
};
void ledger_line_free(struct ledger_line *line);

/* The last rows of a person in a room, or the rows of a question (person 0),
 * at most that many: GPtrArray of ledger_line. */
GPtrArray *ledger_lines(struct sqlite *db, int64_t room, int64_t person,
			int64_t question, unsigned most, GError **error);

/* Every row, of one person or (0) of all, oldest first. */
bool ledger_each(struct sqlite *db, int64_t person,
		 void (*use)(const struct ledger_line *line, int64_t room,
			     void *data),
		 void *data, GError **error);

/*
 * Forgets a person: rows of the ledger and of boards, answers, choices, what
 * they looked for in vain, the bodies of their messages (also of the one at
 * hand, `inbox`), what we have answered them, whatever else names them; and the
 * name. The only place where the ledger loses rows. What waits to be sent is
 * to be rendered again, without the lines that name them. Of an answer to a
 * question that is open only that it was given stays, until the question
 * closes. What stays for good is the address in the network and the role that
 * the room gives.
 */
bool ledger_forget(struct sqlite *db, int64_t person, int64_t inbox,
		   GError **error);

/* What a person has answered, oldest first. */
struct ledger_answer {
	const char *title, *prompt, *answer, *said; /* Markdown */
	int64_t at, question;
	int attempt, hints, g;			 /* see struct quiz_answer */
	const char *verdict, *matched, *missing; /* words, a line each */
	unsigned flags;
	bool edited, redacted;
};
bool ledger_answers(struct sqlite *db, int64_t person,
		    void (*use)(const struct ledger_answer *answer, void *data),
		    void *data, GError **error);
