/*
 * One event of a timeline or a state, as the server sends it.
 * Client-Server API, "Room event format".
 */

#pragma once

#include <stdbool.h>
#include <stdint.h>
#include "bot/base/json.h"

/* Borrowed from the tree that it was read from. */
struct event {
	const char *event_id; /* NULL in stripped state */
	const char *type, *sender;
	const char *state_key; /* NULL: it is no state */
	const char *txn_id;    /* of our own, by this device; or NULL */
	const char *redacts;   /* at the top level; or NULL */
	const struct json *content;
	int64_t at;  /* origin_server_ts, ms; 0: not told */
	int64_t age; /* ms, as the server counts; -1: not told */
	bool redacted;
};

/* False where it is none: wrong types, ids over 255 bytes. */
bool event_read(const struct json *json, struct event *event);

/* Is it state of that type, with an empty key? */
bool event_is_state(const struct event *event, const char *type);

/*
 * Was it sent over `most` ms before the server answered? By the server's own
 * clocks alone: its age, else the answer's Date (ms, 0: not told) less
 * origin_server_ts. most 0: nothing is ever too old.
 */
bool event_is_old(const struct event *event, int64_t date, int64_t most);

/* The server of "@user:server:8448" or "!room:server"; "" where the id has
 * none, as rooms of version 12. */
const char *event_server_of(const char *id);
