/* The inside of play, which play.c and pay.c share. */

#pragma once

#include "bot/quiz/calendar.h"
#include "bot/quiz/play.h"
#include "bot/quiz/round.h"
#include "bot/quiz/show.h"

/* A question with all that belongs to it. */
struct play {
	struct quiz_run run;
	struct quiz_question question;
	GPtrArray *answers; /* quiz_answer */
	struct round round;
	bool no_more; /* its run ends for want of questions */
};
typedef struct play play;

/* play->question.id 0: there is none. play_clear() in any case. */
bool play_load(struct sqlite *db, int64_t question, struct play *play,
	       GError **error);
void play_clear(struct play *play);

/* The day to which its points belong: that of the question of the day, else
 * today. */
bool play_date(struct command_call *call, const struct play *play,
	       char date[CALENDAR_DATE_LEN], GError **error);

/*
 * Pays the answers of these people (0: of all) by rows of the ledger: each
 * person's best attempt, by the rules of points.h.
 */
bool pay(struct command_call *call, struct play *play, int64_t person,
	 GError **error);

/* What the question has earned everybody: GArray of show_paid. */
GArray *paid(struct sqlite *db, const struct play *play, GError **error);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(play, play_clear)
