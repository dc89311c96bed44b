#include "bot/quiz/short.h"

#include <string.h>

enum short_verdict short_match(const struct short_key *key, const char *answer)
{
	return strcmp(key->term, answer) == 0 ? SHORT_RIGHT : SHORT_WRONG;
}
