#include "bot/store/person.h"

#include "bot/store/db.h"
#include "kb/words.h"

static bool make(struct sqlite *db, const char *network, const char *address,
		 const char *name, int64_t *person, GError **error)
{
	return sqlite_ask_int(db, PERSON_NEW, person, NULL, error, V(name)) &&
	       sqlite_do(db, PERSON_ADDRESS_NEW, error, V(network), V(address),
			 V(*person));
}

bool person_number(struct sqlite *db, const char *network, const char *address,
		   const char *name, int64_t *person, GError **error)
{
	bool renamed = false;
	g_auto(sqlite_rows) rows =
		sqlite_ask(db, PERSON_BY_ADDRESS, V(network), V(address));
	bool found = sqlite_next(&rows);
	if (found) {
		*person = sqlite_int(&rows, 0);
		renamed = name && g_strcmp0(sqlite_text(&rows, 1), name) != 0;
	}
	if (!sqlite_end(&rows, error))
		return false;
	if (!found)
		return make(db, network, address, name ? name : address, person,
			    error);
	return !renamed ||
	       sqlite_do(db, PERSON_RENAME, error, V(name), V(*person));
}

bool person_addresses(struct sqlite *db, int64_t person, char ***addresses,
		      GError **error)
{
	g_autoptr(GStrvBuilder) builder = g_strv_builder_new();
	g_auto(sqlite_rows) rows = sqlite_ask(db, PERSON_ADDRESSES, V(person));
	while (sqlite_next(&rows))
		g_strv_builder_add(builder, sqlite_text(&rows, 0));
	*addresses = g_strv_builder_end(builder);
	return sqlite_end(&rows, error);
}

bool person_role(struct sqlite *db, int64_t person, int64_t room,
		 enum chat_role *role, GError **error)
{
	int64_t value = CHAT_USER;
	if (!sqlite_ask_int(db, MEMBER_ROLE, &value, NULL, error, V(person),
			    V(room)))
		return false;
	*role = (enum chat_role)value;
	return true;
}

bool person_set_role(struct sqlite *db, int64_t person, int64_t room,
		     enum chat_role role, GError **error)
{
	return sqlite_do(db, MEMBER_WRITE, error, V(room), V(person),
			 V((int)role));
}

bool person_called(struct sqlite *db, int64_t room, const char *squashed,
		   int64_t *person, char **name, GError **error)
{
	*person = 0;
	*name = NULL;
	g_auto(sqlite_rows) rows = sqlite_ask(db, PERSON_OF_ROOM, V(room));
	while (!*person && sqlite_next(&rows)) {
		const char *written = sqlite_text(&rows, 1);
		g_autofree char *own = words_squash(written);
		if (!g_str_equal(own, squashed))
			continue;
		*person = sqlite_int(&rows, 0);
		*name = g_strdup(written);
	}
	return sqlite_end(&rows, error);
}
