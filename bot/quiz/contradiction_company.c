/* The tests of contradiction.h for what is said of what. */

#include <stdint.h>
#include <string.h>

#include "bot/quiz/contradiction.h"

enum {
	TELLING = 2, /* a word in more sentences tells nothing */
	STRANGE = 2, /* pairs of words that are no accident */
};

/* Numbers of a digit or two are how many, longer ones are names: 404. */
static bool is_name(const struct term *term)
{
	return term->role == TERM_PLAIN &&
	       (!g_ascii_isdigit(*term->word) || term->letters > 2);
}

/* Where the notes say a word of the answer. */
struct told {
	GArray *places; /* size_t; NULL: it is not compared */
	bool key, brief;
};

static void told_clear(void *data)
{
	struct told *told = data;
	g_clear_pointer(&told->places, g_array_unref);
}

/*
 * What is said of what is asked for: neither that itself, nor what stands
 * everywhere.
 */
static void find(struct told *told, const struct scene *scene,
		 const struct term *word)
{
	*told = (struct told){ 0 };
	if (!is_name(word) || terms_hold(scene->question, word))
		return;
	told->places = g_array_new(FALSE, FALSE, sizeof(size_t));
	unsigned sentences = 0, last = 0;
	for (size_t i = 0; i < scene->notes->list->len; i++) {
		const struct term *own = terms_at(scene->notes, i);
		if (!term_is(own, word))
			continue;
		g_array_append_val(told->places, i);
		sentences += !sentences || own->sentence != last;
		last = own->sentence;
		told->key |= i < scene->key_len;
		told->brief |= i >= scene->key_len;
	}
	if (sentences < 1 || sentences > TELLING)
		told_clear(told);
}

/* How the notes say two words on one side of a sentence. */
struct company {
	bool together;
	bool clause;	 /* in one clause, both with a "not" or both without */
	bool clause_not; /* in one clause, one of them with a "not" */
	/* The sentences of together and clause_not. */
	unsigned together_in, clause_not_in;
};

static void meet(struct company *company, const struct scene *scene, size_t i,
		 size_t j, bool turned)
{
	const struct term *one = terms_at(scene->notes, i);
	const struct term *two = terms_at(scene->notes, j);
	if (i == j || one->side != two->side)
		return;
	bool same = (one->negated != two->negated) == turned;
	bool clause = one->clause == two->clause;
	company->together |= same;
	company->clause |= same && clause;
	company->clause_not |= !same && clause;
	if (same)
		company->together_in = one->sentence;
	else if (clause)
		company->clause_not_in = one->sentence;
}

static struct company company_of(const struct scene *scene,
				 const struct told *a, const struct told *b,
				 bool turned)
{
	struct company company = { 0 };
	for (size_t i = 0; i < a->places->len; i++)
		for (size_t j = 0; j < b->places->len; j++)
			meet(&company, scene,
			     g_array_index(a->places, size_t, i),
			     g_array_index(b->places, size_t, j), turned);
	return company;
}

/* Whether the words at i and j of the answer, i < j, are said together. */
static bool are_joined(const struct terms *answer, size_t i, size_t j)
{
	static const char *const ands[] = { "и", "или", "and", "or", NULL };
	const struct term *a = terms_at(answer, i);
	const struct term *b = terms_at(answer, j);
	return a->clause == b->clause && a->side == b->side &&
	       !term_is_any(b, ands);
}

/* All pairs of the word at i with words behind it; true: one of them has a
 * "not" that the notes have not. */
static bool pair_up(const struct scene *scene, GArray *told, size_t i,
		    size_t *pairs, size_t *strange)
{
	const struct terms *answer = scene->answer;
	const struct told *a = &g_array_index(told, struct told, i);
	const struct term *one = terms_at(answer, i);
	for (size_t j = i + 1;
	     j < answer->list->len && are_joined(answer, i, j); j++) {
		const struct told *b = &g_array_index(told, struct told, j);
		const struct term *two = terms_at(answer, j);
		if (!b->places || term_is(one, two) ||
		    !((a->key && b->key) || (a->brief && b->brief)))
			continue;
		struct company company =
			company_of(scene, a, b, one->negated != two->negated);
		/* Another sentence of the notes may say it so. */
		if (company.clause_not && !company.clause &&
		    (!company.together ||
		     company.together_in == company.clause_not_in))
			return true;
		(*pairs)++;
		*strange += !company.together;
	}
	return false;
}

bool contradicts_company(const struct scene *scene)
{
	size_t len = scene->answer->list->len;
	g_autoptr(GArray) told =
		g_array_sized_new(FALSE, FALSE, sizeof(struct told), len);
	g_array_set_clear_func(told, told_clear);
	for (size_t i = 0; i < len; i++) {
		struct told own;
		find(&own, scene, terms_at(scene->answer, i));
		g_array_append_val(told, own);
	}
	size_t pairs = 0, strange = 0;
	for (size_t i = 0; i < len; i++)
		if (g_array_index(told, struct told, i).places &&
		    pair_up(scene, told, i, &pairs, &strange))
			return true;
	return strange >= STRANGE && strange * 4 >= pairs;
}

enum {
	SUBJECTS_MOST = 16,
	SUBJECT_WORDS = 3, /* of each: LEFT JOIN, дескриптор данных */
	LOOK_BACK = 6,
};

/* What a question compares: «Чем образ отличается от контейнера?» */
struct subjects {
	const struct term *words[SUBJECTS_MOST];
	unsigned no[SUBJECTS_MOST]; /* of the alternative that it names */
	size_t len;
	unsigned count; /* of alternatives */
};

static void add_subject(struct subjects *subjects, const struct term *word,
			unsigned no)
{
	if (subjects->len == SUBJECTS_MOST)
		return;
	subjects->words[subjects->len] = word;
	subjects->no[subjects->len++] = no;
	subjects->count = MAX(subjects->count, no + 1);
}

/* The words behind from (step 1) or in front of it (-1) that name one thing:
 * those that the notes know, next to each other. Returns where it stopped. */
static size_t add_phrase(struct subjects *subjects, const struct scene *scene,
			 size_t from, int step, unsigned no)
{
	const struct terms *question = scene->question;
	size_t words = 0, away = 0;
	size_t i = from + (size_t)step;
	for (; i < question->list->len && words < SUBJECT_WORDS;
	     i += (size_t)step, away++) {
		const struct term *word = terms_at(question, i);
		bool known = is_name(word) && terms_hold(scene->notes, word);
		if (known) {
			add_subject(subjects, word, no);
			words++;
		} else if (words > 0 || away > LOOK_BACK) {
			break;
		}
		/* A comma ends the phrase: "A, B and C". */
		size_t next = i + (size_t)step;
		if (words > 0 && next < question->list->len &&
		    terms_at(question, next)->clause != word->clause)
			return next - (size_t)step;
	}
	return i;
}

static void find_subjects(struct subjects *subjects, const struct scene *scene)
{
	static const char *const joints[] = { "и",   "или",  "от",
					      "and", "or",   "than",
					      "vs",  "from", NULL };
	const struct terms *question = scene->question;
	*subjects = (struct subjects){ 0 };
	for (size_t i = 0; i < question->list->len; i++) {
		if (!term_is_any(terms_at(question, i), joints))
			continue;
		add_phrase(subjects, scene, i, 1, 0);
		if (!subjects->len)
			continue;
		size_t at = add_phrase(subjects, scene, i, -1, 1);
		/* "A, B and C": on to A. */
		unsigned no = 2;
		while (at < question->list->len && at > 0 && no < 8 &&
		       terms_at(question, at - 1)->clause !=
			       terms_at(question, at)->clause) {
			size_t len = subjects->len;
			at = add_phrase(subjects, scene, at, -1, no++);
			if (subjects->len == len)
				break;
		}
		return;
	}
}

/* The alternatives that a word names, a bit each; one that names several
 * tells nothing. */
static uint32_t named(const struct subjects *subjects, const struct term *word)
{
	uint32_t in = 0;
	for (size_t i = 0; i < subjects->len; i++)
		if (term_is(subjects->words[i], word))
			in |= (uint32_t)1 << subjects->no[i];
	return in & (in - 1) ? 0 : in;
}

/*
 * The alternatives of each word's clause; a clause that names none goes on
 * about those of the one before, in its sentence. Caller frees.
 */
static uint32_t *subjects_of(const struct subjects *subjects,
			     const struct terms *terms)
{
	size_t len = terms->list->len;
	uint32_t *all = g_new0(uint32_t, len + 1);
	uint32_t before = 0;
	for (size_t i = 0; i < len;) {
		unsigned clause = terms_at(terms, i)->clause;
		if (i > 0 && terms_at(terms, i - 1)->sentence !=
				     terms_at(terms, i)->sentence)
			before = 0;
		size_t end = i;
		uint32_t own = 0;
		for (; end < len && terms_at(terms, end)->clause == clause;
		     end++)
			own |= named(subjects, terms_at(terms, end));
		before = own ? own : before;
		for (; i < end; i++)
			all[i] = before;
	}
	return all;
}

/* One clause of the answer, from i on: how many of its words the notes say of
 * another alternative, and how many of this one. Returns where it ends. */
static size_t weigh_clause(const struct scene *scene,
			   const struct subjects *subjects,
			   const uint32_t *notes, uint32_t own, size_t i,
			   bool *wrong)
{
	const struct terms *answer = scene->answer;
	unsigned clause = terms_at(answer, i)->clause;
	size_t against = 0, for_it = 0;
	for (; i < answer->list->len && terms_at(answer, i)->clause == clause;
	     i++) {
		const struct term *word = terms_at(answer, i);
		if (!own || named(subjects, word) ||
		    (!is_name(word) && word->role != TERM_KEPT))
			continue;
		uint32_t said = 0;
		for (size_t j = 0; j < scene->notes->list->len; j++)
			if (term_is(terms_at(scene->notes, j), word))
				said |= notes[j];
		if (said & (said - 1))
			continue; /* said of several */
		against += said && !(said & own);
		for_it += (said & own) != 0;
	}
	*wrong = against > for_it;
	return i;
}

bool contradicts_subject(const struct scene *scene)
{
	struct subjects subjects;
	find_subjects(&subjects, scene);
	if (subjects.count < 2)
		return false;
	g_autofree uint32_t *notes = subjects_of(&subjects, scene->notes);
	g_autofree uint32_t *answer = subjects_of(&subjects, scene->answer);
	bool wrong = false;
	for (size_t i = 0; i < scene->answer->list->len && !wrong;)
		i = weigh_clause(scene, &subjects, notes, answer[i], i, &wrong);
	return wrong;
}
