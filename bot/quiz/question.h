/*
 * Questions: made from an entry by one of the types, and graded by it.
 *
 * To add a type: types/NAME.c with a struct question_type question_NAME, and
 * its row in types/list.def. A question holds all that grading needs, so that
 * it survives whatever happens to the notes.
 */

#pragma once

#include <stdbool.h>
#include <stdint.h>
#include "bot/say/say.h"
#include "bot/store/quiz.h"
#include "config/config.h"
#include "kb/entry.h"
#include "kb/index.h"

/* What a question is made from; all borrowed. */
struct question_source {
	const struct entry *entry;
	struct index *index;
	int64_t generation;
	const struct language *language; /* of what the bot says */
	uint64_t seed;
};

/* An answer, graded. */
struct verdict {
	bool is_answer; /* false: it is nothing that this type can take */
	bool close;	/* nearly right: once more */
	int g;		/* thousandths */
	char verdict;	/* a accept, p peers, w likely wrong, x wrong */
	char *said;	/* as it is shown; Markdown */
	char **matched, **missing;
	unsigned flags; /* enum grade_flag */
};
typedef struct verdict verdict;
void verdict_clear(struct verdict *grade);

struct question_type {
	const char *name;
	const char *other_name; /* as people may type it, or NULL */
	bool typed;		/* answers are texts, not choices */
	int attempts;
	/* How long it is open, ms. */
	int64_t (*window)(const struct config *config);
	/* Fills in prompt, options, expected, hints, answer; the rest is there.
	 * *made false: this entry gives no such question. */
	bool (*make)(const struct question_source *source,
		     struct quiz_question *question, bool *made,
		     GError **error);
	/* grade is zero before. index tells how rare words are. */
	bool (*grade)(const struct quiz_question *question, const char *text,
		      struct index *index, struct verdict *grade,
		      GError **error);
};

/* NULL at the end. */
extern const struct question_type *const question_types[];

/* The type of that name, however it is typed; NULL: there is none. */
const struct question_type *question_type(const char *name);

/*
 * Makes a question of that type (NULL: of any, in an order drawn by the
 * seed) of the entry. *made false: it gives none; question is then zero.
 * quiz_question_clear() in any case.
 */
bool question_make(const struct question_source *source,
		   const struct question_type *type,
		   struct quiz_question *question, bool *made, GError **error);

bool question_grade(const struct quiz_question *question, const char *text,
		    struct index *index, struct verdict *grade, GError **error);

/* The next of the numbers that follow from a seed (splitmix64). */
uint64_t question_lot(uint64_t *seed);

/* Puts the pointers into an order drawn by the seed. */
void question_shuffle(void **pointers, size_t len, uint64_t seed);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(verdict, verdict_clear)
