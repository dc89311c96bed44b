/*
 * What the quiz must not lose: runs, their questions, who answered what.
 * quiz/play.c alone decides what is written.
 *
 *	run       questions one after another in a room, until it has ended
 *	question  asked (not sent yet) -> open -> closed
 *	answer    a person's attempt at a question
 */

#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <glib.h>
#include "kb/sqlite.h"

#define QUIZ_RUN "quiz"	   /* what people started */
#define QUIZ_DAILY "daily" /* the question of the day */

struct quiz_run {
	int64_t id, room;
	int64_t person; /* who started it; 0: nobody */
	char *kind;
	char *topic;	/* as asked for; "": any */
	char *type;	/* "": any */
	char *language; /* "ru", "en" */
	bool race;
	int64_t window; /* ms; 0: by the type of each question */
	int asked, put, unanswered, people;
	char *thread;		/* where it was started, or NULL */
	int64_t started, ended; /* ended 0: it goes on */
};
typedef struct quiz_run quiz_run;
void quiz_run_clear(struct quiz_run *run);

/* Gives it its id. */
bool quiz_run_new(struct sqlite *db, struct quiz_run *run, GError **error);
/* run->id 0: there is none. quiz_run_clear() in any case. */
bool quiz_run_read(struct sqlite *db, int64_t id, struct quiz_run *run,
		   GError **error);
/* Writes put, unanswered, people, ended. */
bool quiz_run_save(struct sqlite *db, const struct quiz_run *run,
		   GError **error);
/* The run of that kind that goes on in a room; 0: none. */
bool quiz_run_of_room(struct sqlite *db, int64_t room, const char *kind,
		      int64_t *run, GError **error);

/* Who has answered in a run: GArray of int64_t. */
GArray *quiz_players(struct sqlite *db, int64_t run, GError **error);
bool quiz_player_add(struct sqlite *db, int64_t run, int64_t person,
		     GError **error);

/* What everybody has earned in a run, the best first. */
struct quiz_points {
	char *name; /* as person_tell_apart() has it, here and in answers */
	int64_t points, person;
};
GArray *quiz_run_points(struct sqlite *db, int64_t run, GError **error);

enum round_state { ROUND_ASKED, ROUND_OPEN, ROUND_CLOSED };

/* Lists are NULL at the end, and never NULL. */
struct quiz_question {
	int64_t id, run, room;
	int n; /* in the run, from 1 */
	int64_t entry_no;
	char *type;
	char *title, *topic; /* title is Markdown; topic "python/basics" */
	char *author;	     /* or NULL */
	char *prompt;	     /* Markdown */
	char **options;	     /* of a choice; plain */
	char **expected;     /* the number of an option; a term and aliases */
	char **hints;	     /* Markdown, in order */
	char **wordings;
	char *answer; /* Markdown, shown in the end */
	char *brief;  /* or NULL */
	char **wrong;
	int64_t outbox; /* the message that asks it; 0: not said yet */
	int64_t result; /* the one that tells what came of it; 0: none yet */
	int64_t window; /* ms */
	enum round_state state;
	int hinted;
	int64_t opened, closes, alarm, closed; /* 0: not yet */
};
typedef struct quiz_question quiz_question;
void quiz_question_clear(struct quiz_question *question);

bool quiz_question_new(struct sqlite *db, struct quiz_question *question,
		       GError **error);
/* question->id 0: there is none. quiz_question_clear() in any case. */
bool quiz_question_read(struct sqlite *db, int64_t id,
			struct quiz_question *question, GError **error);
/* Writes outbox, result, state, hinted, opened, closes, alarm, closed. */
bool quiz_question_save(struct sqlite *db, const struct quiz_question *question,
			GError **error);

/* The question that our message asks; 0: none. */
bool quiz_question_of(struct sqlite *db, int64_t outbox, int64_t *question,
		      GError **error);
/* The one that is not closed in the room, the question of the day last; or the
 * one of a run that was started in that thread (not NULL). 0: none. */
bool quiz_question_going(struct sqlite *db, int64_t room, const char *thread,
			 int64_t *question, GError **error);
/* The one that was open at that time and has closed since, of the room's last
 * runs, or of those that were started in that thread (not NULL). The question
 * of the day is not among them. 0: none. */
bool quiz_question_open_at(struct sqlite *db, int64_t room, const char *thread,
			   int64_t at, int64_t *question, GError **error);
/* The last one of a run; of the room's last run, but of the day. 0: none. */
bool quiz_question_of_run(struct sqlite *db, int64_t run, int64_t *question,
			  GError **error);
bool quiz_question_last(struct sqlite *db, int64_t room, int64_t *question,
			GError **error);

/* A question that waited for its message to be sent, and what came of it. */
struct quiz_sent {
	int64_t question;
	bool failed;
};
GArray *quiz_sent(struct sqlite *db, GError **error);

struct quiz_answer {
	int64_t person;
	char *name;
	int attempt; /* from 1; 0: it was close and did not count */
	int64_t cause, at;
	int hints;
	int g;	      /* thousandths */
	char verdict; /* a accept, p peers, w likely wrong, x wrong;
		       * f forgotten */
	char *said;
	char **matched, **missing;
	unsigned flags; /* enum grade_flag */
	bool edited, redacted;
};

bool quiz_answer_new(struct sqlite *db, int64_t question,
		     const struct quiz_answer *answer, GError **error);
/* Of a question, by person and attempt: GPtrArray of quiz_answer. */
GPtrArray *quiz_answers(struct sqlite *db, int64_t question, GError **error);
/* Answers whose people have been forgotten go: they kept the place of a first
 * answer, and what they were is gone already. */
bool quiz_answers_drop_forgotten(struct sqlite *db, int64_t question,
				 GError **error);
/* The question that the inbox row answered; 0: none. */
bool quiz_answer_of(struct sqlite *db, int64_t cause, int64_t *question,
		    GError **error);
/* Writes edited, redacted, g, said. */
bool quiz_answer_mark(struct sqlite *db, const struct quiz_answer *answer,
		      GError **error);
void quiz_answer_free(struct quiz_answer *answer);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(quiz_run, quiz_run_clear)
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(quiz_question, quiz_question_clear)
