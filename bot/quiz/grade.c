#include "bot/quiz/grade.h"

#include <assert.h>

struct grade_reference grade_reference_of(const struct entry *entry,
					  struct index *index)
{
	return (struct grade_reference){
		.answer = entry->answer,
		.brief = entry->brief,
		.questions = entry->questions,
		.wrong = entry->wrong,
		.data = index,
	};
}

/* Everything is for people to judge, until the comparing is written. */
bool grade_open(const struct grade_reference *reference, const char *answer,
		struct grade *grade, GError **error)
{
	(void)reference;
	(void)answer;
	(void)error;
	*grade = (struct grade){ .verdict = GRADE_PEERS,
				 .matched = g_new0(char *, 1),
				 .missing = g_new0(char *, 1),
				 .extra = g_new0(char *, 1) };
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
