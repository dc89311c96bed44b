/* People have numbers: a rename is only a name. */

#pragma once

#include <stdbool.h>
#include <stdint.h>
#include "bot/chat.h"
#include "kb/sqlite.h"

/* The number of the person at that address, made or renamed as needed; name
 * NULL: it is not known now, and whatever was known stays. */
bool person_number(struct sqlite *db, const char *network, const char *address,
		   const char *name, int64_t *person, GError **error);

/* All addresses of the person: g_strfreev(). */
bool person_addresses(struct sqlite *db, int64_t person, char ***addresses,
		      GError **error);

/* The highest of the role kept for that room and the one for everywhere. */
bool person_role(struct sqlite *db, int64_t person, int64_t room,
		 enum chat_role *role, GError **error);

/* room 0: everywhere. */
bool person_set_role(struct sqlite *db, int64_t person, int64_t room,
		     enum chat_role role, GError **error);

/*
 * Who has points in the room and is called so, squashed (words.h); 0: nobody.
 * Caller frees the name as it is written.
 */
bool person_called(struct sqlite *db, int64_t room, const char *squashed,
		   int64_t *person, char **name, GError **error);
