#include "bot/store/room.h"

#include "bot/store/db.h"

bool room_number(struct sqlite *db, const char *network, const char *address,
		 bool direct, int64_t *room, GError **error)
{
	bool found;
	if (!sqlite_ask_int(db, ROOM_BY_ADDRESS, room, &found, error,
			    V(network), V(address)))
		return false;
	if (found)
		return true;
	return sqlite_ask_int(db, ROOM_NEW, room, NULL, error, V(direct)) &&
	       sqlite_do(db, ROOM_ADDRESS_NEW, error, V(network), V(address),
			 V(*room));
}

bool room_address(struct sqlite *db, const char *network, int64_t room,
		  char **address, GError **error)
{
	g_auto(sqlite_rows) rows =
		sqlite_ask(db, ROOM_ADDRESS_OF, V(room), V(network));
	*address = sqlite_next(&rows) ? g_strdup(sqlite_text(&rows, 0)) : NULL;
	return sqlite_end(&rows, error);
}

bool room_network(struct sqlite *db, int64_t room, char **network,
		  GError **error)
{
	g_auto(sqlite_rows) rows = sqlite_ask(db, ROOM_NETWORK, V(room));
	*network = sqlite_next(&rows) ? g_strdup(sqlite_text(&rows, 0)) : NULL;
	return sqlite_end(&rows, error);
}

bool room_read(struct sqlite *db, int64_t room_no, struct room *room,
	       GError **error)
{
	*room = (struct room){ 0 };
	g_auto(sqlite_rows) rows = sqlite_ask(db, ROOM_READ, V(room_no));
	if (sqlite_next(&rows)) {
		room->language = g_strdup(sqlite_text(&rows, 0));
		room->prefix = g_strdup(sqlite_text(&rows, 1));
		room->direct = sqlite_int(&rows, 2);
	}
	return sqlite_end(&rows, error);
}

void room_clear(struct room *room)
{
	g_free(room->language);
	g_free(room->prefix);
	*room = (struct room){ 0 };
}

bool room_set_language(struct sqlite *db, int64_t room, const char *language,
		       GError **error)
{
	return sqlite_do(db, ROOM_LANGUAGE, error, V(language), V(room));
}

bool room_set_prefix(struct sqlite *db, int64_t room, const char *prefix,
		     GError **error)
{
	return sqlite_do(db, ROOM_PREFIX, error, V(prefix), V(room));
}

bool room_zone(struct sqlite *db, int64_t room, char **zone, GError **error)
{
	g_auto(sqlite_rows) rows = sqlite_ask(db, ROOM_ZONE, V(room));
	*zone = sqlite_next(&rows) ? g_strdup(sqlite_text(&rows, 0)) : NULL;
	return sqlite_end(&rows, error);
}

bool room_set_zone(struct sqlite *db, int64_t room, const char *zone,
		   GError **error)
{
	return sqlite_do(db, ROOM_SET_ZONE, error, V(zone), V(room));
}

bool room_setting(struct sqlite *db, int64_t room, const char *key,
		  char **value, GError **error)
{
	g_auto(sqlite_rows) rows =
		sqlite_ask(db, SETTING_READ, V(room), V(key));
	*value = sqlite_next(&rows) ? g_strdup(sqlite_text(&rows, 0)) : NULL;
	return sqlite_end(&rows, error);
}

bool room_set(struct sqlite *db, int64_t room, const char *key,
	      const char *value, GError **error)
{
	if (!value)
		return sqlite_do(db, SETTING_DROP, error, V(room), V(key));
	return sqlite_do(db, SETTING_WRITE, error, V(room), V(key), V(value));
}
