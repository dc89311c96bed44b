#include "bot/store/person.h"

#include <string.h>

#include "bot/store/db.h"
#include "kb/render.h"
#include "kb/words.h"

enum { NAME_MOST = 60 }; /* characters */

static bool make(struct sqlite *db, const char *network, const char *address,
		 const char *name, int64_t *person, GError **error)
{
	return sqlite_ask_int(db, PERSON_NEW, person, NULL, error, V(name)) &&
	       sqlite_do(db, PERSON_ADDRESS_NEW, error, V(network), V(address),
			 V(*person));
}

bool person_number(struct sqlite *db, const char *network, const char *address,
		   const char *told, int64_t *person, GError **error)
{
	bool renamed = false;
	/* The one place where names come in: what is kept is one line. */
	g_autofree char *line = told ? render_one_line(told, NAME_MOST) : NULL;
	const char *name = line && !*line ? address : line;
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

/* "alice" of "@alice:example.org"; other addresses have no other part. */
static char *local_part(const char *address)
{
	return *address == '@'
		       ? g_strndup(address + 1, strcspn(address + 1, ":"))
		       : g_strdup(address);
}

static bool same_letters(const char *a, const char *b)
{
	g_autofree char *x = g_utf8_casefold(a, -1);
	g_autofree char *y = g_utf8_casefold(b, -1);
	return g_str_equal(x, y);
}

static bool name_of(struct sqlite *db, int64_t person, char **name,
		    GError **error)
{
	g_auto(sqlite_rows) rows = sqlite_ask(db, PERSON_NAME, V(person));
	*name = sqlite_next(&rows) ? g_strdup(sqlite_text(&rows, 0))
				   : g_strdup("");
	return sqlite_end(&rows, error);
}

bool person_is(struct sqlite *db, int64_t person, const char *called, bool *is,
	       GError **error)
{
	g_autofree char *name = NULL;
	g_auto(GStrv) addresses = NULL;
	if (!name_of(db, person, &name, error) ||
	    !person_addresses(db, person, &addresses, error))
		return false;
	*is = same_letters(name, called);
	for (char **address = addresses; *address && !*is; address++) {
		g_autofree char *local = local_part(*address);
		*is = same_letters(*address, called) ||
		      same_letters(local, called);
	}
	return true;
}

void person_found_free(struct person_found *found)
{
	if (!found)
		return;
	g_free(found->name);
	g_free(found->address);
	g_free(found);
}

/* How well what was typed fits; 0: not at all. */
static int fit(const char *typed, const char *name, const char *address)
{
	g_autofree char *wanted = words_squash(typed);
	g_autofree char *own = words_squash(name);
	return g_str_equal(address, typed)    ? 4
	       : g_str_equal(name, typed)     ? 3
	       : same_letters(address, typed) ? 2
	       : same_letters(name, typed)    ? 2
	       : g_str_equal(own, wanted)     ? 1
					      : 0;
}

static bool is_among(const GPtrArray *all, int64_t person)
{
	for (guint i = 0; i < all->len; i++)
		if (((struct person_found *)all->pdata[i])->person == person)
			return true;
	return false;
}

GPtrArray *person_called(struct sqlite *db, int64_t room, int64_t asks,
			 const char *typed, GError **error)
{
	int best = 1;
	g_autoptr(GPtrArray) all = g_ptr_array_new_with_free_func(
		(GDestroyNotify)person_found_free);
	g_auto(sqlite_rows) rows =
		sqlite_ask(db, PERSON_OF_ROOM, V(room), V(asks));
	while (sqlite_next(&rows)) {
		int64_t person = sqlite_int(&rows, 0);
		const char *name = sqlite_text(&rows, 1);
		const char *address = sqlite_text(&rows, 2);
		int fits = fit(typed, name, address);
		if (fits < best || (fits == best && is_among(all, person)))
			continue;
		if (fits > best)
			g_ptr_array_set_size(all, 0);
		best = fits;
		struct person_found *found = g_new(struct person_found, 1);
		*found = (struct person_found){ person, g_strdup(name),
						g_strdup(address) };
		g_ptr_array_add(all, found);
	}
	return sqlite_end(&rows, error) ? g_steal_pointer(&all) : NULL;
}

static bool add_address(struct sqlite *db, const struct person_named *named,
			bool whole, GError **error)
{
	g_auto(GStrv) addresses = NULL;
	if (!person_addresses(db, named->person, &addresses, error))
		return false;
	if (!addresses[0])
		return true;
	g_autofree char *plain = *named->name;
	g_autofree char *local = local_part(addresses[0]);
	*named->name =
		g_strdup_printf("%s (%s)", plain, whole ? addresses[0] : local);
	return true;
}

/* Those names that two people have: GHashTable of char *. */
static GHashTable *doubles_of(const GArray *named)
{
	g_autoptr(GHashTable) first = g_hash_table_new(g_str_hash, g_str_equal);
	GHashTable *doubles =
		g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	for (guint i = 0; i < named->len; i++) {
		const struct person_named *own =
			&g_array_index(named, struct person_named, i);
		const struct person_named *other =
			g_hash_table_lookup(first, *own->name);
		if (!other)
			g_hash_table_insert(first, *own->name, (void *)own);
		else if (other->person != own->person)
			g_hash_table_add(doubles, g_strdup(*own->name));
	}
	return doubles;
}

bool person_tell_apart(struct sqlite *db, const GArray *named, GError **error)
{
	/* Local parts may be equal as well, of two servers. */
	for (int whole = 0; whole <= 1; whole++) {
		g_autoptr(GHashTable) doubles = doubles_of(named);
		for (guint i = 0; i < named->len; i++) {
			const struct person_named *own =
				&g_array_index(named, struct person_named, i);
			if (g_hash_table_contains(doubles, *own->name) &&
			    !add_address(db, own, whole, error))
				return false;
		}
	}
	return true;
}
