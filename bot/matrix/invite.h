/* Invitations: who may invite the bot, and what is done about it. */

#pragma once

#include "bot/matrix/delta.h"
#include "bot/matrix/matrix_private.h"

/* By [matrix] invites. Pure. */
bool invite_is_allowed(const struct config *config, const char *inviter);

/* Puts the task of joining or declining into the store, inside the caller's
 * transaction. What stripped state says of the room itself is not believed. */
bool invite_take(struct matrix *matrix, const struct delta_room *delta,
		 GError **error);
