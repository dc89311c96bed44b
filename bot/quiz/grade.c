#include "bot/quiz/grade.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "bot/quiz/scale.h"
#include "bot/quiz/suspicion.h"
#include "bot/quiz/typed.h"

/*
 * Thresholds of likeness (S), set on tests/corpus/grading/tuning/: see
 * tests/bot/quiz/grading.c. A key of few words is more easily met by chance.
 */
static const double ACCEPTED = 0.3;	/* … of a key of many words */
static const double ACCEPTED_FEW = 0.8; /* … so much more of a single one */
static const double ACCEPTED_MOST = 0.9;
static const double ACCEPTED_BRIEF = 0.6;
static const double COVERED = 0.5; /* recall of a point */
static const double HALF = 0.5;	   /* of the points covered */
static const double PRECISE = 0.7; /* else nearly the whole key is said */
static const double NEARLY_ALL = 0.9;
/* … among other things; not where most of what is said is about those. */
static const double MOSTLY = 0.6;
/* Likely wrong below. Words cannot tell a paraphrase in quite other words from
 * nonsense: higher, this refuses more of both. */
static const double STRANGE = 0.015;
static const double PARROTED = 0.2; /* … and what only repeats the question */
static const double LEAST_EARNED = 0.6; /* by what is accepted as a whole */

enum {
	SHOWN_MOST = 8, /* words of each kind among the reasons */
	HEAP_TIMES = 2, /* as many words as the key */
};

static bool idf_of_index(void *data, const char *stem, double *idf,
			 GError **error)
{
	return index_idf(data, stem, idf, error);
}

struct grade_reference grade_reference_of(const struct entry *entry,
					  struct index *index)
{
	return (struct grade_reference){
		.answer = entry->answer,
		.brief = entry->brief,
		.questions = entry->questions,
		.wrong = entry->wrong,
		.idf = idf_of_index,
		.data = index,
	};
}

static bool is_like(const struct scale *scale, struct range range,
		    double likeness)
{
	size_t words = scale_words(scale, range);
	if (!words)
		return false;
	double least = ACCEPTED + ACCEPTED_FEW / (double)words;
	return likeness >= MIN(least, ACCEPTED_MOST);
}

static bool is_like_brief(const struct scale *scale,
			  const struct reading *reading)
{
	return reading->brief >= ACCEPTED_BRIEF &&
	       scale_words(scale, scale->brief) > 0;
}

/* Whether what was said is said in the notes' words, or says all of them and
 * not much else: the answers to a whole topic hold the one to each question. */
static bool is_precise(const struct reading *reading, const struct scale *scale)
{
	const struct measure *measure = &reading->measure;
	if (measure->precision < MOSTLY)
		return false;
	return measure->precision >= PRECISE ||
	       measure_recall(measure, scale, scale->core) >= NEARLY_ALL ||
	       measure_recall(measure, scale, scale->key) >= NEARLY_ALL;
}

/* Far longer than the key, and mostly about something else. */
static bool is_heap(const struct reading *reading, const struct scale *scale)
{
	size_t words = 0;
	for (size_t i = 0; i < reading->terms.list->len; i++)
		words += terms_at(&reading->terms, i)->weight > 0;
	return reading->measure.precision < MOSTLY &&
	       words > HEAP_TIMES * scale_words(scale, scale->key);
}

static unsigned count_covered(const struct reading *reading,
			      const struct scale *scale)
{
	unsigned covered = 0;
	for (unsigned i = 0; i < scale->points; i++)
		covered += measure_recall(&reading->measure, scale,
					  scale_point(scale, i)) >= COVERED;
	return covered;
}

/* «не знаю», "no idea": the "не" alone must not earn anything. */
static bool gives_up(const struct scale *scale, const struct terms *answer)
{
	static const char *const words[] = {
		"знаю",	    "помню", "понятия", "имею",	 "незнаю", "хз",
		"сдаюсь",   "пас",   "idk",	"dunno", "idea",   "know",
		"remember", "pass",  "clue",	NULL,
	};
	bool any = false;
	for (size_t i = 0; i < answer->list->len; i++) {
		const struct term *term = terms_at(answer, i);
		if (term->role == TERM_PLAIN) {
			if (!term_is_any(term, words) ||
			    terms_hold(&scale->notes, term))
				return false;
			any = true;
		}
	}
	return any;
}

/* As one text, or as the brief; enough of its points is another matter. */
static bool says_it(const struct scale *scale, const struct reading *reading)
{
	return is_like(scale, scale->core, reading->core) ||
	       is_like(scale, scale->key, reading->whole) ||
	       is_like_brief(scale, reading);
}

/* Nothing in it is like the notes; another language cannot be. */
static bool is_strange(const struct scale *scale, const struct reading *reading,
		       unsigned flags)
{
	double like = MAX(MAX(reading->core, reading->whole), reading->brief);
	double strange = flags & GRADE_PARROT ? PARROTED : STRANGE;
	return !reading->foreign && scale_words(scale, scale->key) > 0 &&
	       like < strange;
}

static void judge(struct grade *grade, const struct scale *scale,
		  const struct reading *reading)
{
	unsigned flags = grade->flags & ~(unsigned)GRADE_LANGUAGE;
	unsigned covered = count_covered(reading, scale);
	double share = scale->points >= 2 ? (double)covered / scale->points : 0;
	double like = MAX(reading->core, reading->whole);
	if (is_like_brief(scale, reading))
		like = MAX(like, reading->brief);
	bool whole = says_it(scale, reading);
	grade->score = MIN(1, MAX(like, share));
	if (reading->verbatim) {
		grade->verdict = GRADE_ACCEPT;
		grade->score = 1;
	} else if (!flags && (whole || share >= HALF) &&
		   is_precise(reading, scale)) {
		grade->verdict = GRADE_ACCEPT;
		grade->score = MAX(grade->score, whole ? LEAST_EARNED : 0);
	} else if (flags & GRADE_MISTAKE || gives_up(scale, &reading->terms) ||
		   (!covered && is_strange(scale, reading, flags))) {
		grade->verdict = GRADE_WRONG;
		grade->score = 0;
	} else {
		grade->verdict = GRADE_PEERS;
		if (is_heap(reading, scale))
			grade->score *= reading->measure.precision;
	}
}

/* Words to show, by weight. */
static int heavier_first(const void *a, const void *b)
{
	const struct term *one = *(const struct term *const *)a;
	const struct term *other = *(const struct term *const *)b;
	if (one->weight != other->weight)
		return one->weight < other->weight ? 1 : -1;
	return strcmp(one->word, other->word);
}

static char **shown(GPtrArray *words)
{
	GPtrArray *list = g_ptr_array_new();
	g_ptr_array_sort(words, heavier_first);
	for (size_t i = 0; i < words->len && i < SHOWN_MOST; i++) {
		const struct term *term = words->pdata[i];
		g_ptr_array_add(list, g_strdup(term->shown));
	}
	g_ptr_array_add(list, NULL);
	return (char **)g_ptr_array_free(list, FALSE);
}

static bool is_shown(GHashTable *seen, const struct term *term)
{
	return term->weight > 0 &&
	       (term->role == TERM_PLAIN || term->role == TERM_KEPT) &&
	       g_hash_table_add(seen, term->stem);
}

static void give_reasons(struct grade *grade, const struct scale *scale,
			 const struct reading *reading)
{
	g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);
	g_autoptr(GPtrArray) matched = g_ptr_array_new();
	g_autoptr(GPtrArray) missing = g_ptr_array_new();
	g_autoptr(GPtrArray) extra = g_ptr_array_new();
	for (size_t i = scale->key.from; i < scale->key.to; i++) {
		struct term *term = terms_at(&scale->notes, i);
		if (is_shown(seen, term))
			g_ptr_array_add(reading->measure.found[i] > 0 ? matched
								      : missing,
					term);
	}
	for (size_t i = 0; i < reading->terms.list->len; i++) {
		struct term *term = terms_at(&reading->terms, i);
		if (is_shown(seen, term) &&
		    terms_find(&scale->notes, term) == 0 &&
		    terms_find(&scale->question, term) == 0)
			g_ptr_array_add(extra, term);
	}
	grade->matched = shown(matched);
	grade->missing = shown(missing);
	/* Notes without a word, as "→": they are what is missing. */
	if (!*grade->matched && !*grade->missing) {
		const struct grade_reference *notes = scale->reference;
		const char *key = notes->answer ? notes->answer : notes->brief;
		g_strfreev(grade->missing);
		grade->missing = g_new0(char *, 2);
		grade->missing[0] =
			g_strstrip(g_utf8_make_valid(key ? key : "", -1));
	}
	grade->extra = shown(extra);
}

/* What is said where there is nothing to compare: no words were typed. */
static void grade_nothing(struct grade *grade)
{
	grade->verdict = GRADE_WRONG;
	grade->matched = g_new0(char *, 1);
	grade->missing = g_new0(char *, 1);
	grade->extra = g_new0(char *, 1);
}

bool grade_open(const struct grade_reference *reference, const char *answer,
		struct grade *grade, GError **error)
{
	*grade = (struct grade){ 0 };
	g_autofree char *typed = typed_answer(answer);
	g_auto(scale) scale;
	g_auto(reading) reading = { 0 };
	if (!scale_init(&scale, reference, error) ||
	    !reading_init(&reading, &scale, typed, error))
		return false;
	if (reading.terms.list->len == 0) {
		grade_nothing(grade);
		return true;
	}
	if (!suspicion_find(&scale, &reading, &grade->flags, error))
		return false;
	if (reading.foreign)
		grade->flags |= GRADE_LANGUAGE;
	judge(grade, &scale, &reading);
	grade->earned =
		grade->verdict == GRADE_PEERS ? grade->score / 2 : grade->score;
	give_reasons(grade, &scale, &reading);
	return true;
}

void grade_clear(struct grade *grade)
{
	g_strfreev(grade->matched);
	g_strfreev(grade->missing);
	g_strfreev(grade->extra);
	*grade = (struct grade){ 0 };
}

const char *grade_verdict_name(enum grade_verdict verdict)
{
	static const char *const names[] = { "accept", "peers", "wrong" };
	return names[verdict];
}

const char *grade_flag_name(enum grade_flag flag)
{
	static const char *const names[] = {
		"contradiction", "stuffing", "parrot", "language", "mistake",
	};
	static_assert(G_N_ELEMENTS(names) == GRADE_FLAGS, "a name a flag");
	return names[g_bit_nth_lsf(flag, -1)];
}
