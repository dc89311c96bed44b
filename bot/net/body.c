#include "bot/net/body.h"

#include <glib.h>
#include <string.h>

enum { LEAST = 4096 };

enum body_state body_reserve(struct body *body, size_t len)
{
	if (len > body->most)
		return BODY_TOO_BIG;
	if (len < body->size)
		return BODY_WELL;
	char *bytes = g_try_realloc(body->bytes, len + 1);
	if (!bytes)
		return BODY_NO_MEMORY;
	body->bytes = bytes;
	body->size = len + 1;
	return BODY_WELL;
}

enum body_state body_append(struct body *body, const char *bytes, size_t len)
{
	if (len > body->most - body->len)
		return BODY_TOO_BIG;
	size_t needed = body->len + len;
	if (needed >= body->size) {
		/* A half more each time: what is not filled is not touched. */
		size_t wanted = MAX(needed + needed / 2, LEAST);
		enum body_state state =
			body_reserve(body, MIN(wanted, body->most));
		if (state != BODY_WELL)
			return state;
	}
	memcpy(body->bytes + body->len, bytes, len);
	body->len = needed;
	body->bytes[needed] = '\0';
	return BODY_WELL;
}

void body_clear(struct body *body)
{
	g_free(body->bytes);
	*body = (struct body){ .most = body->most };
}
