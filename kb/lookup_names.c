/* Stage a: the whole query is a name of the entry. */

#include "kb/lookup_private.h"
#include "kb/names.h"
#include "kb/words.h"

/* Of a tag that everything has, and of its like, so many are enough. */
enum { NAMED_MOST = 200 };

static enum place place_of(enum name_kind kind)
{
	return kind == NAME_CODE ? PLACE_CODE_NAME
				 : PLACE_NAME + (enum place)kind;
}

static bool find(struct search *search, const struct reading *reading,
		 const char *name, unsigned looseness, bool *any,
		 GError **error)
{
	g_auto(sqlite_rows) rows =
		sqlite_ask(search->index->db, NAMED, V(name),
			   V(search->generation), V((int)NAMED_MOST));
	while (sqlite_next(&rows)) {
		int64_t kind = sqlite_int(&rows, 0);
		struct rank rank = {
			.penalty = reading->penalty,
			.place = place_of((enum name_kind)(kind / 2)),
			.looseness = looseness | (unsigned)(kind % 2),
		};
		lookup_offer(search, reading, sqlite_int(&rows, 1), &rank, 1,
			     0);
		*any = true;
	}
	return sqlite_end(&rows, error);
}

/* First as it is: "with", "что такое self"; then without its stop words. */
bool lookup_names(struct search *search, struct reading *reading,
		  GError **error)
{
	bool any = false;
	g_autofree char *squashed = words_squash_folded(reading->folded);
	if (!*squashed)
		return true;
	if (!find(search, reading, squashed, 0, &any, error))
		return false;
	if (any)
		return true;
	g_autofree char *loose = names_loose(reading->folded);
	if (!*loose || g_str_equal(loose, squashed))
		return true;
	return find(search, reading, loose, 1, &any, error);
}
