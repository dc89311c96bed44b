/*
 * The notes' side of a comparison: the texts of a reference, cut into words
 * and weighed; and how like them an answer is.
 *
 * A word weighs idf * k * l: idf as rare as it is among the entries; k = 1.5
 * for code, bold, and small words that decide (all, only, not); l = 0.25 if
 * the question says it, so that saying it again does not pay.
 */

#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <glib.h>
#include "bot/quiz/grade.h"
#include "bot/quiz/terms.h"

/* Some of the notes' words, next to each other. */
struct range {
	size_t from, to; /* to: the one behind the last */
};

struct scale {
	const struct grade_reference *reference; /* borrowed */
	struct terms notes;			 /* the key, then the brief */
	struct terms question;
	struct range key;   /* the answer, or the brief if there is none */
	struct range core;  /* its first paragraph */
	struct range brief; /* empty where it is the key */
	unsigned points;    /* lines and bullets of the key */
	GArray *earlier; /* int: where the stem of each word stood before; -1 */
	GHashTable *idf; /* stem -> double * */
};
typedef struct scale scale;

bool scale_init(struct scale *scale, const struct grade_reference *reference,
		GError **error);
void scale_clear(struct scale *scale);

struct range scale_point(const struct scale *scale, unsigned point);

/* Weighs the words of an answer. */
bool scale_weigh(struct scale *scale, struct terms *terms, GError **error);

/* An answer on the scale. */
struct measure {
	double *found;	  /* of each of the notes' words: how far it is there */
	double precision; /* of the answer, by weight, what the notes hold */
};
typedef struct measure measure;

void measure_init(struct measure *measure, const struct scale *scale,
		  const struct terms *answer);
void measure_clear(struct measure *measure);

/* Of a range, by weight, what the answer holds. */
double measure_recall(const struct measure *measure, const struct scale *scale,
		      struct range range);

/*
 * S = 0.75 F + 0.25 C: F counts recall twice as much as precision, C is
 * chrf().
 */
double measure_likeness(const struct measure *measure,
			const struct scale *scale, const struct terms *answer,
			struct range range);

/* How many different words that weigh something are in a range. */
size_t scale_words(const struct scale *scale, struct range range);

/* The words from first to last without what separates them. Caller frees. */
char *scale_letters(const struct terms *terms, struct range range);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(scale, scale_clear)
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(measure, measure_clear)
