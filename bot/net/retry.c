#include "bot/net/retry.h"

enum retry_class retry_class(const struct http_answer *answer)
{
	unsigned status = answer->status;
	if (answer->failure != HTTP_ANSWERED)
		return RETRY_LATER;
	if (status >= 200 && status < 300)
		return RETRY_NOT;
	if (status == 401)
		return RETRY_TOKEN;
	if (status == 429)
		return RETRY_LIMITED;
	/* A redirect is nothing that this server's API gives: a proxy does. */
	if (status >= 500 || status == 408 || status < 400)
		return RETRY_LATER;
	return RETRY_NEVER;
}

int64_t retry_wait(struct retry *retry, int64_t told)
{
	int64_t ceiling = retry->least;
	for (unsigned i = 0; i < retry->tries && ceiling < retry->most; i++)
		ceiling *= 2;
	ceiling = MIN(ceiling, retry->most);
	retry->tries++;
	/* "At once" is no answer to a server that has just refused. */
	if (told > 0)
		return MIN(told, RETRY_MOST);
	return (int64_t)(g_random_double() * (double)ceiling);
}
