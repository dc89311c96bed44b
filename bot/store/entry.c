#include "bot/store/entry.h"

#include "bot/store/db.h"
#include "kb/library.h"

/* A row of the table, and what the notes say of that entry now. */
struct known {
	int64_t no; /* 0: appeared */
	char *id, *hash, *title, *file;
	bool gone;
	const struct index_row *row; /* NULL: not in the notes */
	GString *hash_now;	     /* of all languages of the entry */
};

static void known_free(void *data)
{
	struct known *known = data;
	g_free(known->id);
	g_free(known->hash);
	g_free(known->title);
	g_free(known->file);
	if (known->hash_now)
		g_string_free(known->hash_now, true);
	g_free(known);
}

static GPtrArray *read_known(struct sqlite *db, GError **error)
{
	g_autoptr(GPtrArray) all = g_ptr_array_new_with_free_func(known_free);
	g_auto(sqlite_rows) rows = sqlite_ask(db, ENTRY_ALL);
	while (sqlite_next(&rows)) {
		struct known *known = g_new0(struct known, 1);
		known->no = sqlite_int(&rows, 0);
		known->id = g_strdup(sqlite_text(&rows, 1));
		known->hash = g_strdup(sqlite_text(&rows, 2));
		known->title = g_strdup(sqlite_text(&rows, 3));
		known->file = g_strdup(sqlite_text(&rows, 4));
		known->gone = !sqlite_is_null(&rows, 5);
		g_ptr_array_add(all, known);
	}
	return sqlite_end(&rows, error) ? g_steal_pointer(&all) : NULL;
}

/* Joins the notes' rows to the known ones by id; new ids are appended. */
static void join(GPtrArray *all, GPtrArray *rows)
{
	g_autoptr(GHashTable) by_id = g_hash_table_new(g_str_hash, g_str_equal);
	for (size_t i = 0; i < all->len; i++) {
		struct known *known = all->pdata[i];
		g_hash_table_insert(by_id, known->id, known);
	}
	for (size_t i = 0; i < rows->len; i++) {
		const struct index_row *row = rows->pdata[i];
		struct known *known = g_hash_table_lookup(by_id, row->id);
		if (!known) {
			known = g_new0(struct known, 1);
			known->id = g_strdup(row->id);
			g_ptr_array_add(all, known);
			g_hash_table_insert(by_id, known->id, known);
		}
		if (!known->row) {
			known->row = row;
			known->hash_now = g_string_new(row->content_hash);
		} else {
			g_string_append_printf(known->hash_now, "+%s",
					       row->content_hash);
		}
	}
}

static struct library_trace trace_of(const struct known *known)
{
	if (known->row)
		return (struct library_trace){
			.id = known->id,
			.title = known->row->title,
			.file = known->row->file,
			.content_hash = known->hash_now->str,
		};
	return (struct library_trace){
		.id = known->id,
		.title = known->title,
		.file = known->file,
		.content_hash = known->hash,
	};
}

/* An entry that vanished and one that appeared may be one, edited: then the
 * vanished one takes over what the appeared one is. */
static void pair(GPtrArray *all)
{
	g_autoptr(GArray) vanished =
		g_array_new(false, false, sizeof(struct library_trace));
	g_autoptr(GArray) appeared =
		g_array_new(false, false, sizeof(struct library_trace));
	g_autoptr(GPtrArray) from = g_ptr_array_new();
	g_autoptr(GPtrArray) to = g_ptr_array_new();
	for (size_t i = 0; i < all->len; i++) {
		struct known *known = all->pdata[i];
		struct library_trace trace = trace_of(known);
		/* What went earlier is known by its text only. */
		if (known->gone)
			trace.file = "";
		if (known->no && !known->row) {
			g_array_append_val(vanished, trace);
			g_ptr_array_add(from, known);
		} else if (!known->no) {
			g_array_append_val(appeared, trace);
			g_ptr_array_add(to, known);
		}
	}
	g_autofree size_t *same = g_new(size_t, from->len + 1);
	library_diff((void *)vanished->data, from->len, (void *)appeared->data,
		     to->len, same);
	for (size_t i = 0; i < from->len; i++) {
		if (same[i] == SIZE_MAX)
			continue;
		struct known *old = from->pdata[i];
		struct known *new = to->pdata[same[i]];
		old->row = new->row;
		old->hash_now = g_steal_pointer(&new->hash_now);
		new->row = NULL;
	}
}

static bool note_difference(struct sqlite *db, const char *kind, int64_t no,
			    const char *title, const char *file, int64_t now,
			    GError **error)
{
	return sqlite_do(db, DIFFERENCE_PUT, error, V(kind), V(no), V(title),
			 V(file), V(now));
}

static bool add(struct sqlite *db, struct known *known, bool tell, int64_t now,
		GError **error)
{
	const struct index_row *row = known->row;
	return sqlite_ask_int(db, ENTRY_NEW, &known->no, NULL, error,
			      V(known->id), V(known->hash_now->str),
			      V(row->title), V(row->file), V(now)) &&
	       (!tell || note_difference(db, "added", known->no, row->title,
					 row->file, now, error));
}

static bool change(struct sqlite *db, const struct known *known, int64_t now,
		   GError **error)
{
	const struct index_row *row = known->row;
	bool reads_otherwise =
		!g_str_equal(known->hash, known->hash_now->str) ||
		!g_str_equal(known->title, row->title);
	bool moved = !g_str_equal(known->file, row->file) ||
		     !g_str_equal(known->id, row->id);
	if (!reads_otherwise && !moved && !known->gone)
		return true;
	if (!sqlite_do(db, ENTRY_CHANGE, error, V((const char *)row->id),
		       V(known->hash_now->str), V(row->title), V(row->file),
		       V(known->no)))
		return false;
	if (known->gone)
		return note_difference(db, "added", known->no, row->title,
				       row->file, now, error);
	return !reads_otherwise ||
	       note_difference(db, "changed", known->no, row->title, row->file,
			       now, error);
}

static bool follow(struct sqlite *db, struct known *known, bool tell,
		   int64_t now, GError **error)
{
	if (!known->no)
		return !known->row || add(db, known, tell, now, error);
	if (known->row)
		return change(db, known, now, error);
	return known->gone ||
	       (sqlite_do(db, ENTRY_GONE, error, V(now), V(known->no)) &&
		note_difference(db, "removed", known->no, known->title,
				known->file, now, error));
}

bool entry_follow(struct sqlite *db, GPtrArray *rows, int64_t now,
		  GError **error)
{
	g_autoptr(GPtrArray) all = read_known(db, error);
	if (!all)
		return false;
	bool tell = all->len > 0;
	join(all, rows);
	pair(all);
	for (size_t i = 0; i < all->len; i++)
		if (!follow(db, all->pdata[i], tell, now, error))
			return false;
	return true;
}

bool entry_number(struct sqlite *db, const char *id, int64_t *entry_no,
		  char **content_hash, GError **error)
{
	*entry_no = 0;
	if (content_hash)
		*content_hash = NULL;
	g_auto(sqlite_rows) rows = sqlite_ask(db, ENTRY_NO, V(id));
	if (sqlite_next(&rows)) {
		*entry_no = sqlite_int(&rows, 0);
		if (content_hash)
			*content_hash = g_strdup(sqlite_text(&rows, 1));
	}
	return sqlite_end(&rows, error);
}

bool entry_of_number(struct sqlite *db, int64_t entry_no, char **id,
		     char **content_hash, GError **error)
{
	*id = *content_hash = NULL;
	g_auto(sqlite_rows) rows = sqlite_ask(db, ENTRY_ID, V(entry_no));
	if (sqlite_next(&rows)) {
		*id = g_strdup(sqlite_text(&rows, 0));
		*content_hash = g_strdup(sqlite_text(&rows, 1));
	}
	return sqlite_end(&rows, error);
}

static void difference_free(void *data)
{
	struct entry_difference *difference = data;
	g_free(difference->kind);
	g_free(difference->title);
	g_free(difference->file);
	g_free(difference);
}

/* Added and then changed is added; removed and then added is changed; added and
 * then removed is nothing (NULL). Static. */
static const char *net_kind(const char *first, const char *last)
{
	bool new = g_str_equal(first, "added");
	if (g_str_equal(last, "removed"))
		return new ? NULL : "removed";
	return new ? "added" : "changed";
}

/* Takes the newest row of an entry into what is known of it. */
static void fold_difference(struct entry_difference *d,
			    struct sqlite_rows *rows)
{
	const char *kind = sqlite_text(rows, 1);
	const char *net = d->kind ? net_kind(d->kind, kind) : kind;
	char *copy = g_strdup(net);
	g_free(d->kind);
	d->kind = copy;
	g_free(d->title);
	d->title = g_strdup(sqlite_text(rows, 2));
	g_free(d->file);
	d->file = g_strdup(sqlite_text(rows, 3));
}

GPtrArray *entry_differences(struct sqlite *db, GError **error)
{
	g_autoptr(GPtrArray) all =
		g_ptr_array_new_with_free_func(difference_free);
	g_autoptr(GHashTable) by_entry = g_hash_table_new_full(
		g_int64_hash, g_int64_equal, g_free, NULL);
	g_auto(sqlite_rows) rows = sqlite_ask(db, DIFFERENCE_READ);
	while (sqlite_next(&rows)) {
		int64_t entry_no = sqlite_int(&rows, 0);
		struct entry_difference *d =
			g_hash_table_lookup(by_entry, &entry_no);
		if (!d) {
			d = g_new0(struct entry_difference, 1);
			g_ptr_array_add(all, d);
			g_hash_table_insert(
				by_entry,
				g_memdup2(&entry_no, sizeof(entry_no)), d);
		}
		fold_difference(d, &rows);
	}
	for (guint i = all->len; i > 0; i--)
		if (!((struct entry_difference *)all->pdata[i - 1])->kind)
			g_ptr_array_remove_index(all, i - 1);
	return sqlite_end(&rows, error) ? g_steal_pointer(&all) : NULL;
}

bool entry_differences_told(struct sqlite *db, GError **error)
{
	return sqlite_do(db, DIFFERENCE_TOLD, error);
}
