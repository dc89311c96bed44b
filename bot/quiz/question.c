#include "bot/quiz/question.h"

#include "kb/words.h"

#define QUESTION_TYPE(name) extern const struct question_type question_##name;
#include "bot/quiz/types/list.def"
#undef QUESTION_TYPE

const struct question_type *const question_types[] = {
#define QUESTION_TYPE(name) &question_##name,
#include "bot/quiz/types/list.def"
#undef QUESTION_TYPE
	NULL,
};

enum { TYPES = G_N_ELEMENTS(question_types) - 1 };

static bool is_called(const char *folded, const char *name)
{
	return name && g_str_equal(folded, name);
}

const struct question_type *question_type(const char *name)
{
	g_autofree char *folded = words_fold(name);
	g_autofree char *swapped = words_to_latin_layout(folded);
	for (size_t i = 0; i < TYPES; i++) {
		const struct question_type *type = question_types[i];
		if (is_called(folded, type->name) ||
		    is_called(swapped, type->name) ||
		    is_called(folded, type->other_name))
			return type;
	}
	return NULL;
}

uint64_t question_lot(uint64_t *seed)
{
	uint64_t z = *seed += 0x9e3779b97f4a7c15;
	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
	z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
	return z ^ (z >> 31);
}

/* Fisher and Yates. */
void question_shuffle(void **pointers, size_t len, uint64_t seed)
{
	for (size_t i = len; i > 1; i--) {
		size_t j = question_lot(&seed) % i;
		void *swap = pointers[i - 1];
		pointers[i - 1] = pointers[j];
		pointers[j] = swap;
	}
}

/* What every type needs of the entry. */
static void describe(const struct entry *entry, const char *type,
		     struct quiz_question *q)
{
	*q = (struct quiz_question){
		.type = g_strdup(type),
		.title = g_strdup(entry->title),
		.topic = g_strjoinv("/", entry->path),
		.author = g_strdup(entry->author),
		.wordings = g_strdupv(entry->questions),
		.brief = g_strdup(entry->brief),
		.wrong = g_strdupv(entry->wrong),
	};
	g_strdelimit(q->title, "\r\n", ' ');
}

static void fill_up(struct quiz_question *q)
{
	char ***lists[] = { &q->options, &q->expected, &q->hints };
	for (size_t i = 0; i < G_N_ELEMENTS(lists); i++)
		if (!*lists[i])
			*lists[i] = g_new0(char *, 1);
	if (!q->answer)
		q->answer = g_strdup("");
}

static bool make_one(const struct question_source *source,
		     const struct question_type *type, struct quiz_question *q,
		     bool *made, GError **error)
{
	*made = false;
	describe(source->entry, type->name, q);
	bool well = type->make(source, q, made, error);
	if (!well || !*made)
		quiz_question_clear(q);
	else
		fill_up(q);
	return well;
}

bool question_make(const struct question_source *source,
		   const struct question_type *type, struct quiz_question *q,
		   bool *made, GError **error)
{
	*q = (struct quiz_question){ 0 };
	if (type)
		return make_one(source, type, q, made, error);
	void *order[TYPES];
	for (size_t i = 0; i < TYPES; i++)
		order[i] = (void *)question_types[i];
	question_shuffle(order, TYPES, source->seed);
	*made = false;
	for (size_t i = 0; i < TYPES && !*made; i++)
		if (!make_one(source, order[i], q, made, error))
			return false;
	return true;
}

bool question_grade(const struct quiz_question *question, const char *text,
		    struct index *index, struct verdict *grade, GError **error)
{
	const struct question_type *type = question_type(question->type);
	*grade = (struct verdict){ .verdict = 'w' };
	/* A type that this program has lost takes no answers. */
	return !type || type->grade(question, text, index, grade, error);
}

void verdict_clear(struct verdict *grade)
{
	g_free(grade->said);
	g_strfreev(grade->matched);
	g_strfreev(grade->missing);
	*grade = (struct verdict){ 0 };
}
