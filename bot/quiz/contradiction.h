/*
 * Whether an answer says the opposite of the notes in the notes' own words.
 * It errs on the side of suspicion: whoever is suspected is not wrong, only
 * judged by people.
 */

#pragma once

#include <stdbool.h>
#include "bot/quiz/terms.h"

struct scene {
	const struct terms *notes;    /* answer, then brief */
	size_t key_len;		      /* words of the answer */
	const struct terms *question; /* what it says may be said again */
	const struct terms *answer;
};

/* Any of the tests below. */
bool contradicts(const struct scene *scene);

/* «высокая» for «низкая»; «замедляет чтение» for «ускоряет чтение». */
bool contradicts_pole(const struct scene *scene);

/* «хранится» for «не хранится», and the other way round. */
bool contradicts_negation(const struct scene *scene);

/* «два» for «три». */
bool contradicts_number(const struct scene *scene);

/*
 * «A для памяти, B для процессора» where the notes say «A для процессора. B
 * для памяти»: who leaves a sentence of the notes and comes back to it has
 * put its words together in another way.
 */
bool contradicts_order(const struct scene *scene);

/* «предки раньше класса» for «класс раньше предков». */
bool contradicts_relation(const struct scene *scene);

/*
 * «CMD останется» where the notes say so of ENTRYPOINT: words stand in one
 * clause that the notes never say in one sentence, or only with a "not".
 */
bool contradicts_company(const struct scene *scene);

/*
 * «Контейнер — набор слоёв» where the question asks after two things and the
 * notes say that of the other one.
 */
bool contradicts_subject(const struct scene *scene);

/* «все, кроме A», «даже если B» where the notes say no such thing. */
bool contradicts_exception(const struct scene *scene);

/* «ACK, затем SYN» where the notes say SYN first. */
bool contradicts_sequence(const struct scene *scene);

/*
 * A clause that repeats one side of a sentence of the notes, with another pole
 * or negation: the notes as a whole may have both.
 */
bool contradicts_nearest(const struct scene *scene);

/*
 * «сборщик не видит циклов, их находит счётчик» where the notes say «счётчик
 * не видит циклов, их находит сборщик»: the words of one sentence, hardly any
 * in their order.
 */
bool contradicts_arrangement(const struct scene *scene);
