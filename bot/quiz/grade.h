/*
 * Checks an open answer against the notes: a triage with reasons, never a
 * bare verdict. What is surely right is accepted, what has nothing to do with
 * the notes is likely wrong, and the rest is for the other people to judge.
 *
 * It compares words (stems, sound, typing mistakes) weighed by how rare they
 * are in the notes, and knows no chat, no time and no database.
 */

#pragma once

#include <stdbool.h>
#include <glib.h>
#include "kb/entry.h"
#include "kb/index.h"

enum grade_verdict {
	GRADE_ACCEPT,
	GRADE_PEERS, /* half of the score until people have voted */
	GRADE_WRONG, /* likely: nothing of the score, but it may be appealed */
};

/* Why an answer that looks good is not accepted; several may hold. */
enum grade_flag {
	GRADE_CONTRADICTION = 1, /* says the opposite: один / все, "не" */
	GRADE_STUFFING = 2,	 /* a heap of words, no sentence */
	GRADE_PARROT = 4,	 /* says the question again */
	GRADE_LANGUAGE = 8,	 /* in another one than the notes, or in other
				    letters: never likely wrong */
	GRADE_MISTAKE = 16,	 /* is one of the note's own wrong answers */
	GRADE_FLAGS = 5,	 /* how many there are */
};

/*
 * What an answer is compared with. All of it is borrowed: a question that
 * runs may keep these texts by itself, no entry has to be there. Markdown.
 */
struct grade_reference {
	const char *answer;	/* NULL: the brief is the answer */
	const char *brief;	/* NULL: none */
	char *const *questions; /* NULL at the end; NULL: none */
	char *const *wrong;	/* the note's own wrong answers, likewise */
	/*
	 * How rare a stem is among the notes (index_idf()). NULL: all words
	 * weigh alike.
	 */
	bool (*idf)(void *data, const char *stem, double *idf, GError **error);
	void *data;
};

/* The reference of an entry, as rare as the index has it; borrows both. */
struct grade_reference grade_reference_of(const struct entry *entry,
					  struct index *index);

struct grade {
	enum grade_verdict verdict;
	unsigned flags; /* of enum grade_flag */
	double score;	/* g before any halving, 0 to 1 */
	double earned;	/* g to be paid now: halved, or nothing */
	/* Words as people wrote them, NULL at the end; the telling ones first.
	 */
	char **matched; /* of the notes, found in the answer */
	char **missing; /* of the notes, not found */
	char **extra;	/* of the answer, not in the notes */
};
typedef struct grade grade;

/*
 * Grades an answer as typed (a leading "!a", a quoted reply, spoiler marks
 * are dropped). Pure, but for idf(), whose failure is the only one. The
 * result is the caller's: grade_clear(), also after a failure.
 */
bool grade_open(const struct grade_reference *reference, const char *answer,
		struct grade *grade, GError **error);
void grade_clear(struct grade *grade);

/* "accept", "peers", "wrong"; "contradiction", "stuffing", … */
const char *grade_verdict_name(enum grade_verdict verdict);
const char *grade_flag_name(enum grade_flag flag);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(grade, grade_clear)
