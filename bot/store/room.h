/* Rooms have numbers: an address is only how a network calls one. */

#pragma once

#include <stdbool.h>
#include <stdint.h>
#include "kb/sqlite.h"

/* The number of the room at that address, made if it is new. */
bool room_number(struct sqlite *db, const char *network, const char *address,
		 bool direct, int64_t *room, GError **error);

/* How the network calls the room now; NULL: not on it. Caller frees. */
bool room_address(struct sqlite *db, const char *network, int64_t room,
		  char **address, GError **error);

/* A network that the room is on; NULL: on none any more. Caller frees. */
bool room_network(struct sqlite *db, int64_t room, char **network,
		  GError **error);

struct room {
	char *language; /* NULL: as configured; "auto": as people write */
	char *prefix;	/* NULL: as configured */
	bool direct;
};
typedef struct room room;

bool room_read(struct sqlite *db, int64_t room_no, struct room *room,
	       GError **error);
void room_clear(struct room *room);

/* NULL sets back to what is configured. */
bool room_set_language(struct sqlite *db, int64_t room, const char *language,
		       GError **error);
bool room_set_prefix(struct sqlite *db, int64_t room, const char *prefix,
		     GError **error);

/* The IANA name of the room's zone; NULL: UTC. Caller frees. */
bool room_zone(struct sqlite *db, int64_t room, char **zone, GError **error);
bool room_set_zone(struct sqlite *db, int64_t room, const char *zone,
		   GError **error);

/* Any other setting of a room; NULL where it is not set. Caller frees. */
bool room_setting(struct sqlite *db, int64_t room, const char *key,
		  char **value, GError **error);

/* value NULL sets back to what is configured. */
bool room_set(struct sqlite *db, int64_t room, const char *key,
	      const char *value, GError **error);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(room, room_clear)
