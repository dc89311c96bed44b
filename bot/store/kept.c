#include "bot/store/kept.h"

#include <string.h>

#include "bot/store/db.h"

enum { FIELDS_MOST = 10 };

/* The columns in order: what they are called, and after a colon n for a number
 * or t for a time. */
static const struct section {
	const char *name, *columns;
	enum db_statement statement;
} sections[] = {
	{ "gaps", "at:t looked_for", EXPORT_GAPS },
	{ "boards", "room:n span period topic points:n", EXPORT_BOARDS },
	{ "reports", "at:t room:n question:n title taken_out:n why",
	  EXPORT_BAD },
	{ "runs_started", "at:t ended:t room:n kind topic type questions:n",
	  EXPORT_RUNS },
	{ "runs_played", "at:t room:n run:n", EXPORT_PLAYED },
	{ "roles", "room:n role:n", EXPORT_ROLES },
	{ "offers", "at:t room:n n:n title", EXPORT_OFFERS },
	{ "more", "room:n title block:n", EXPORT_RESTS },
	{ "messages", "at:t received:t room:n event target thread text",
	  EXPORT_MESSAGES },
};

static void read_field(struct sqlite_rows *rows, int column, char *name,
		       struct kept_field *field)
{
	char *kind = strchr(name, ':');
	*field = (struct kept_field){ .name = name };
	if (kind)
		*kind = '\0';
	field->kind = !kind	       ? KEPT_TEXT
		      : kind[1] == 'n' ? KEPT_NUMBER
				       : KEPT_TIME;
	if (kind)
		field->number = sqlite_int(rows, column);
	else
		field->text = sqlite_text(rows, column);
}

static bool
read_section(struct sqlite *db, const struct section *section, int64_t person,
	     void (*use)(const char *section, const struct kept_field *fields,
			 void *data),
	     void *data, GError **error)
{
	g_auto(sqlite_rows) rows =
		sqlite_ask(db, section->statement, V(person));
	while (sqlite_next(&rows)) {
		g_auto(GStrv) names = g_strsplit(section->columns, " ", -1);
		struct kept_field fields[FIELDS_MOST + 1] = { 0 };
		for (int i = 0; names[i] && i < FIELDS_MOST; i++)
			read_field(&rows, i, names[i], &fields[i]);
		use(section->name, fields, data);
	}
	return sqlite_end(&rows, error);
}

bool kept_each(struct sqlite *db, int64_t person,
	       void (*use)(const char *section, const struct kept_field *fields,
			   void *data),
	       void *data, GError **error)
{
	for (size_t i = 0; i < G_N_ELEMENTS(sections); i++)
		if (!read_section(db, &sections[i], person, use, data, error))
			return false;
	return true;
}
