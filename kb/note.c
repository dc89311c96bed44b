#include "kb/note.h"

#include <string.h>

#include "kb/bytes.h"
#include "kb/defuse.h"
#include "kb/hostile.h"
#include "kb/dialects/dialect.h"
#include "kb/front_matter.h"
#include "kb/language.h"
#include "kb/lines.h"
#include "kb/outline.h"

enum { NOTE_MOST = 16 * 1024 * 1024 }; /* bytes; more is plain text */

static const struct dialect *const dialects[] = {
#define DIALECT(name) &dialect_##name,
#include "kb/dialects/list.def"
#undef DIALECT
};

static void complain(struct note *note, enum remark_level level,
		     const char *text, const char *what)
{
	g_ptr_array_add(note->remarks,
			remark_new(note->file, 1, level, "%s%s", text, what));
}

static void free_entry(void *entry)
{
	entry_free(entry);
}

static void free_remark(void *remark)
{
	remark_free(remark);
}

/* "kb/python/gil.md" -> "gil" */
static char *file_title(const char *file)
{
	char *name = g_path_get_basename(file);
	char *dot = strrchr(name, '.');
	if (dot && dot > name)
		*dot = '\0';
	char *valid = g_utf8_make_valid(name, -1);
	g_free(name);
	return valid;
}

/* The only level-1 heading, unless it is empty. */
static const char *heading_title_of(const struct outline *outline)
{
	const char *title = NULL;
	for (size_t i = 1; outline && i < outline->len; i++) {
		if (outline->sections[i].level != 1)
			continue;
		if (title)
			return NULL;
		title = outline->sections[i].title;
	}
	return title && *title ? title : NULL;
}

static char *note_title(const struct note *note,
			const struct front_matter *matter,
			const struct outline *outline)
{
	const char *heading = heading_title_of(outline);
	guint parts = g_strv_length(matter->path);
	if (matter->title)
		return g_strdup(matter->title);
	if (heading)
		return g_strdup(heading);
	if (parts > 0)
		return g_strdup(matter->path[parts - 1]);
	return file_title(note->file);
}

static const struct dialect *find_dialect(const struct front_matter *matter,
					  const struct outline *outline,
					  struct note *note)
{
	size_t i = 0;
	if (matter->dialect) {
		for (i = 0; i < G_N_ELEMENTS(dialects); i++)
			if (strcmp(dialects[i]->name, matter->dialect) == 0)
				return dialects[i];
		complain(note, REMARK_WARNING,
			 "no such dialect: ", matter->dialect);
	}
	for (i = 0; i + 1 < G_N_ELEMENTS(dialects); i++)
		if (dialects[i]->speaks(outline))
			break;
	return dialects[i];
}

static void count_letters(const struct entry *entry,
			  struct language_count *count)
{
	const char *const texts[] = { entry->title,   entry->brief,
				      entry->answer,  entry->body,
				      entry->example, entry->hint };
	for (size_t i = 0; i < G_N_ELEMENTS(texts); i++)
		language_add(count, texts[i]);
	for (char **question = entry->questions; *question; question++)
		language_add(count, *question);
}

/* The note's language from all its entries, then each entry's own. */
static void tell_languages(struct note *note, const struct front_matter *matter)
{
	struct language_count all = { 0 };
	language_add(&all, note->title);
	for (guint i = 0; i < note->entries->len; i++)
		count_letters(note->entries->pdata[i], &all);
	const char *language = matter->language;
	if (!language && all.letters > 0)
		language = all.cyrillic * 2 > all.letters ? "ru" : "en";
	note->language = g_strdup(language ? language : "en");
	for (guint i = 0; i < note->entries->len; i++) {
		struct entry *entry = note->entries->pdata[i];
		struct language_count own = { 0 };
		count_letters(entry, &own);
		language = matter->language;
		if (!language)
			language = language_name(&own, note->language);
		entry->language = g_strdup(language);
	}
}

static void fill_entry(struct entry *entry, const struct note *note,
		       const struct front_matter *matter,
		       const char *const *topics)
{
	static const char *const none[] = { NULL };
	const char *const *path = (const char *const *)matter->path;
	if (!matter->permalink)
		path = topics ? topics : none;
	g_strfreev(entry->path);
	entry->path = g_strdupv((char **)path);
	g_strfreev(entry->tags);
	entry->tags = g_strdupv(matter->tags);
	entry->dialect = note->dialect;
	entry->author = g_strdup(matter->author);
	entry->difficulty = g_strdup(matter->difficulty);
	entry->permalink = g_strdup(matter->permalink);
	entry->file = g_strdup(note->file);
}

/*
 * A note's aliases name the note: its one entry, or the one that has the
 * note's title. Given to all they would say nothing.
 */
static void give_aliases(struct note *note, const struct front_matter *matter)
{
	struct entry *named = NULL;
	for (guint i = 0; i < note->entries->len && !named; i++) {
		struct entry *entry = note->entries->pdata[i];
		if (note->entries->len == 1 ||
		    strcmp(entry->title, note->title) == 0)
			named = entry;
	}
	if (!named || !*matter->aliases) {
		if (*matter->aliases && note->entries->len > 0)
			complain(note, REMARK_INFO,
				 "front matter: aliases name no entry, for "
				 "none has the note's title: ",
				 note->title);
		return;
	}
	GPtrArray *aliases = g_ptr_array_new();
	for (char **alias = matter->aliases; *alias; alias++)
		g_ptr_array_add(aliases, g_strdup(*alias));
	for (char **alias = named->aliases; *alias; alias++)
		g_ptr_array_add(aliases, *alias);
	g_ptr_array_add(aliases, NULL);
	g_free(named->aliases);
	named->aliases = (char **)g_ptr_array_free(aliases, FALSE);
}

/* Too much for a parser: one entry, its text in a fence that shows all. */
static void read_plain(struct note *note, const struct lines *lines,
		       size_t from)
{
	const char *text = lines->text + lines->starts[from - 1];
	size_t ticks = 2, run = 0;
	for (const char *p = text; *p; p++) {
		run = *p == '`' ? run + 1 : 0;
		ticks = MAX(ticks, run);
	}
	struct entry *entry = entry_new();
	g_autofree char *fence = g_strnfill(ticks + 1, '`');
	entry->title = g_strdup(note->title);
	entry->line = (int)from;
	entry->body = g_strdup_printf("%s\n%s\n%s", fence, text, fence);
	g_ptr_array_add(note->entries, entry);
	note->dialect = dialect_reference.name;
}

static void read_lines(struct note *note, const struct lines *lines,
		       const struct front_matter *matter, bool plain)
{
	size_t from = matter->end + 1;
	g_autoptr(outline) outline = NULL;
	if (!plain)
		outline = outline_new(lines, from, note->file, note->remarks);
	note->title = note_title(note, matter, outline);
	note->permalink = g_strdup(matter->permalink);
	note->hidden = matter->hidden;
	if (note->hidden)
		return;
	if (plain) {
		read_plain(note, lines, from);
		return;
	}
	const struct dialect *dialect = find_dialect(matter, outline, note);
	note->dialect = dialect->name;
	dialect->read(outline, matter->level, note);
}

static gint compare_remarks(gconstpointer a, gconstpointer b)
{
	const struct remark *const *left = a, *const *right = b;
	return ((*left)->line > (*right)->line) -
	       ((*left)->line < (*right)->line);
}

struct note *note_parse(const char *file, const char *const *topics,
			const char *text, size_t len)
{
	struct note *note = g_new0(struct note, 1);
	note->file = g_strdup(file);
	note->dialect = dialect_reference.name;
	note->entries = g_ptr_array_new_with_free_func(free_entry);
	note->remarks = g_ptr_array_new_with_free_func(free_remark);

	size_t clean_len = 0;
	char *clean = bytes_to_text(text, len, file, note->remarks, &clean_len);
	if (!clean)
		clean = g_strdup("");
	bool plain = clean_len > NOTE_MOST;
	const char *why = "over 16 MB";
	if (!plain) {
		clean = defuse(clean, &clean_len, 1, file, note->remarks);
		/* What no backslash mends: thousands of bars in a row. */
		plain = hostile_markdown(clean, clean_len, &why);
	}
	if (plain)
		complain(note, REMARK_WARNING,
			 "this note is taken as plain text: ", why);
	g_auto(lines) lines;
	lines_init(&lines, clean, clean_len);
	g_auto(front_matter) matter;
	front_matter_init(&matter, &lines, file, note->remarks);

	read_lines(note, &lines, &matter, plain && matter.end < lines.count);
	for (guint i = 0; i < note->entries->len; i++)
		fill_entry(note->entries->pdata[i], note, &matter, topics);
	tell_languages(note, &matter);
	give_aliases(note, &matter);
	g_ptr_array_sort(note->remarks, compare_remarks);
	return note;
}

bool note_is_broken(const struct note *note)
{
	for (guint i = 0; i < note->remarks->len; i++) {
		const struct remark *remark = note->remarks->pdata[i];
		if (remark->level == REMARK_ERROR)
			return true;
	}
	return false;
}

void note_free(struct note *note)
{
	if (!note)
		return;
	g_free(note->file);
	g_free(note->title);
	g_free(note->permalink);
	g_free(note->language);
	g_ptr_array_unref(note->entries);
	g_ptr_array_unref(note->remarks);
	g_free(note);
}
