/*
 * What state events make of a room: pure, nothing is stored or sent here.
 * Rules: Client-Server API, "Room events"; room versions 11 and 12.
 */

#pragma once

#include <stdbool.h>
#include <stdint.h>
#include "bot/chat.h"
#include "bot/matrix/event.h"
#include "bot/store/matrix.h"

/*
 * Takes a state event into the room; *changed is set, never cleared. The
 * encryption is a latch: any m.room.encryption sets it, none takes it away.
 */
void room_apply(struct matrix_room *room, const struct event *event,
		const char *own_id, bool *changed);

/* Power of creators in rooms of version 12, over every number. */
enum { ROOM_POWER_MODERATOR = 50 };
#define ROOM_POWER_CREATOR INT64_MAX

int64_t room_power(const struct matrix_room *room, const char *user_id);
enum chat_role room_role(const struct matrix_room *room, const char *user_id);

/* The number of the room's version, 1 where it is not told; an experimental
 * one counts as the newest. */
int room_version(const struct matrix_room *room);

bool room_is_joined(const struct matrix_room *room);

/* What people call it: its name, else its id. */
const char *room_title(const struct matrix_room *room);
