/* Bytes as they arrive, up to a bound; memory that is not there is no end of
 * the program (a peer chooses the size), but the end of this body. */

#pragma once

#include <stdbool.h>
#include <stddef.h>

struct body {
	char *bytes; /* NULL while empty; a NUL behind the last byte */
	size_t len, size, most;
};

enum body_state { BODY_WELL, BODY_TOO_BIG, BODY_NO_MEMORY };

/* Room for that many bytes at once, as far as the bound allows. */
enum body_state body_reserve(struct body *body, size_t len);
enum body_state body_append(struct body *body, const char *bytes, size_t len);
void body_clear(struct body *body);
