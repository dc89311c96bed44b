/* Making rooms, for clients and for tests. */

#pragma once

#include "tests/mock/home.h"

/*
 * Makes a room as the body of POST /createRoom says; room_id and remote are
 * of this homeserver only. name: which of the room's events to leave out.
 */
struct room *create_room(struct home *home, const char *creator,
			 const cJSON *json);

/* Everything that goes into a room of somebody: see POST /_mock/crowd. */
struct room *create_busy_room(struct home *home, const char *name,
			      char *const *members, guint messages,
			      const char *body);
