/* People have numbers: a rename is only a name. */

#pragma once

#include <stdbool.h>
#include <stdint.h>
#include "bot/chat.h"
#include "kb/sqlite.h"

/* The number of the person at that address, made or renamed as needed; name
 * NULL: it is not known now, and whatever was known stays. Of a name one line
 * of sensible length is kept, by which nothing can be forged. */
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

/* Whether the person is called so: by the whole address, its local part or the
 * name, whatever the case. */
bool person_is(struct sqlite *db, int64_t person, const char *called, bool *is,
	       GError **error);

struct person_found {
	int64_t person;
	char *name;
	char *address;
};
void person_found_free(struct person_found *found);

/*
 * Who is meant by what somebody typed, of those with points in the room and of
 * the one who asks: whoever has that address; else that name exactly; else
 * in another case; else nearly (squashed, words.h). Several with one name are
 * all told: GPtrArray of person_found.
 */
GPtrArray *person_called(struct sqlite *db, int64_t room, int64_t asks,
			 const char *typed, GError **error);

/* A name in a list, owned by the list. */
struct person_named {
	int64_t person;
	char **name;
};

/* Gives those of different people who are called alike the local part of their
 * address, "Ann (alice)": GArray of person_named. */
bool person_tell_apart(struct sqlite *db, const GArray *named, GError **error);
