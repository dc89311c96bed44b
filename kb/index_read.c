/* What is known of notes and entries, read from the index. */

#include <string.h>

#include "kb/index_private.h"
#include "kb/remark.h"

void index_note_free(struct index_note *note)
{
	if (!note)
		return;
	g_free(note->file);
	g_free(note->key);
	g_free(note->hash);
	g_free(note);
}

void index_row_free(struct index_row *row)
{
	if (!row)
		return;
	g_free(row->title);
	g_free(row->language);
	g_free(row->file);
	g_strfreev(row->path);
	g_free(row->content_hash);
	g_free(row);
}

/* The list if the rows ended well, else NULL. */
static GPtrArray *ended(struct sqlite_rows *rows, GPtrArray *list,
			GError **error)
{
	if (sqlite_end(rows, error))
		return list;
	g_ptr_array_unref(list);
	return NULL;
}

static char *own_text(struct sqlite_rows *rows, int column)
{
	return g_strdup(sqlite_text(rows, column));
}

/* For columns that are never NULL in a whole file. */
static char *some_text(struct sqlite_rows *rows, int column)
{
	const char *text = sqlite_text(rows, column);
	return g_strdup(text ? text : "");
}

GPtrArray *index_notes(struct index *index, GError **error)
{
	GPtrArray *list =
		g_ptr_array_new_with_free_func((GDestroyNotify)index_note_free);
	g_auto(sqlite_rows) rows = sqlite_ask(index->db, NOTES);
	while (sqlite_next(&rows)) {
		struct index_note *note = g_new0(struct index_note, 1);
		*note = (struct index_note){
			.no = sqlite_int(&rows, 0),
			.file = some_text(&rows, 1),
			.key = own_text(&rows, 2),
			.size = sqlite_int(&rows, 3),
			.mtime = sqlite_int(&rows, 4),
			.hash = own_text(&rows, 5),
			.stale = sqlite_int(&rows, 6) != 0,
		};
		g_ptr_array_add(list, note);
	}
	return ended(&rows, list, error);
}

GPtrArray *index_remarks(struct index *index, GError **error)
{
	GPtrArray *list =
		g_ptr_array_new_with_free_func((GDestroyNotify)remark_free);
	g_auto(sqlite_rows) rows = sqlite_ask(index->db, REMARKS);
	while (sqlite_next(&rows)) {
		int64_t level =
			CLAMP(sqlite_int(&rows, 2), REMARK_INFO, REMARK_ERROR);
		const char *file = sqlite_text(&rows, 0);
		const char *text = sqlite_text(&rows, 3);
		g_ptr_array_add(list, remark_new(file ? file : "",
						 (int)sqlite_int(&rows, 1),
						 (enum remark_level)level, "%s",
						 text ? text : ""));
	}
	return ended(&rows, list, error);
}

/* The strings of a blob of index_pack(); any bytes do no harm. */
static char **unpack(struct sqlite_rows *rows, int column)
{
	size_t len;
	const char *p = sqlite_blob(rows, column, &len);
	const char *end = len ? p + len : p;
	size_t most = 2; /* one without its NUL, and the end of the list */
	for (const char *c = p; c < end; c++)
		most += *c == '\0';
	char **list = g_new(char *, most);
	size_t i = 0;
	while (p < end) {
		size_t text = strnlen(p, (size_t)(end - p));
		list[i++] = g_strndup(p, text);
		p += MIN(text + 1, (size_t)(end - p));
	}
	list[i] = NULL;
	return list;
}

GPtrArray *index_rows(struct index *index, int64_t generation, GError **error)
{
	GPtrArray *list =
		g_ptr_array_new_with_free_func((GDestroyNotify)index_row_free);
	g_auto(sqlite_rows) rows =
		sqlite_ask(index->db, ENTRY_ROWS, V(generation));
	while (sqlite_next(&rows)) {
		struct index_row *row = g_new0(struct index_row, 1);
		*row = (struct index_row){
			.row = sqlite_int(&rows, 0),
			.title = some_text(&rows, 2),
			.language = own_text(&rows, 3),
			.file = some_text(&rows, 4),
			.line = (int)sqlite_int(&rows, 5),
			.path = unpack(&rows, 6),
			.content_hash = some_text(&rows, 7),
			.has_question = sqlite_int(&rows, 8) != 0,
		};
		const char *id = sqlite_text(&rows, 1);
		g_strlcpy(row->id, id ? id : "", sizeof(row->id));
		size_t depth = g_strv_length(row->path);
		row->topic = depth ? row->path[depth - 1] : "";
		g_ptr_array_add(list, row);
	}
	return ended(&rows, list, error);
}

bool index_find(struct index *index, int64_t generation, const char *id,
		const char *language, int64_t *row, GError **error)
{
	/* A handful of rows: SQLite would take longer to set up its sorting. */
	bool own = false;
	*row = 0;
	g_auto(sqlite_rows) rows = sqlite_ask(
		index->db, ENTRY_FIND, V(language), V(id), V(generation));
	while (sqlite_next(&rows)) {
		int64_t no = sqlite_int(&rows, 0);
		bool wanted = sqlite_int(&rows, 1) != 0;
		if (*row && (wanted < own || (wanted == own && no > *row)))
			continue;
		*row = no;
		own = wanted;
	}
	return sqlite_end(&rows, error);
}

bool index_draw(struct index *index, int64_t generation, uint64_t lot,
		int64_t *row, GError **error)
{
	int64_t entries = 0;
	*row = 0;
	if (!sqlite_ask_int(index->db, COUNT_ENTRIES, &entries, NULL, error,
			    V(generation)))
		return false;
	if (entries == 0)
		return true;
	int64_t at = (int64_t)(lot % (uint64_t)entries);
	return sqlite_ask_int(index->db, ENTRY_AT, row, NULL, error,
			      V(generation), V(at));
}

static void take_array(char ***into, struct sqlite_rows *rows, int column)
{
	g_strfreev(*into);
	*into = unpack(rows, column);
}

static void take_code(struct entry *entry, struct sqlite_rows *rows, int column)
{
	char **all = unpack(rows, column);
	size_t len = g_strv_length(all);
	entry->code_len = len / 2;
	entry->code = g_new0(struct code, entry->code_len + 1);
	for (size_t i = 0; i < entry->code_len; i++) {
		char *language = all[2 * i];
		if (!*language)
			g_clear_pointer(&language, g_free);
		entry->code[i].language = language;
		entry->code[i].text = all[2 * i + 1];
	}
	if (len % 2)
		g_free(all[len - 1]);
	g_free(all);
}

static struct entry *read_entry(struct sqlite_rows *rows)
{
	struct entry *entry = entry_new();
	const char *id = sqlite_text(rows, 0);
	g_strlcpy(entry->id, id ? id : "", sizeof(entry->id));
	entry->language = own_text(rows, 1);
	entry->title = own_text(rows, 2);
	entry->file = own_text(rows, 3);
	entry->line = (int)sqlite_int(rows, 4);
	entry->dialect = g_intern_string(sqlite_text(rows, 5));
	entry->author = own_text(rows, 6);
	entry->difficulty = own_text(rows, 7);
	entry->block_id = own_text(rows, 8);
	entry->permalink = own_text(rows, 9);
	take_array(&entry->path, rows, 10);
	take_array(&entry->tags, rows, 11);
	take_array(&entry->aliases, rows, 12);
	take_array(&entry->keywords, rows, 13);
	take_array(&entry->wrong, rows, 14);
	take_array(&entry->links, rows, 15);
	take_array(&entry->questions, rows, 16);
	entry->brief = own_text(rows, 17);
	entry->answer = own_text(rows, 18);
	entry->body = own_text(rows, 19);
	entry->example = own_text(rows, 20);
	entry->hint = own_text(rows, 21);
	take_code(entry, rows, 22);
	return entry;
}

bool index_entry(struct index *index, int64_t row, struct entry **found,
		 GError **error)
{
	*found = NULL;
	g_auto(sqlite_rows) rows = sqlite_ask(index->db, ENTRY, V(row));
	if (sqlite_next(&rows))
		*found = read_entry(&rows);
	if (sqlite_end(&rows, error))
		return true;
	g_clear_pointer(found, entry_free);
	return false;
}

static bool count_remarks(struct index *index, enum remark_level level,
			  int64_t *count, GError **error)
{
	return sqlite_ask_int(index->db, COUNT_REMARKS, count, NULL, error,
			      V((int)level));
}

bool index_count(struct index *index, struct index_counts *counts,
		 GError **error)
{
	*counts = (struct index_counts){ 0 };
	struct index_state state = { 0 };
	if (!index_state(index, &state, error))
		return false;
	g_auto(sqlite_rows) rows =
		sqlite_ask(index->db, COUNT_ENTRIES, V(state.generation));
	if (sqlite_next(&rows)) {
		counts->entries = sqlite_int(&rows, 0);
		counts->questions = sqlite_int(&rows, 1);
	}
	return sqlite_end(&rows, error) &&
	       sqlite_ask_int(index->db, COUNT_NOTES, &counts->notes, NULL,
			      error) &&
	       count_remarks(index, REMARK_ERROR, &counts->errors, error) &&
	       count_remarks(index, REMARK_WARNING, &counts->warnings, error);
}
