#include "kb/reload.h"

#include <string.h>

#include "kb/identity.h"

/*
 * A file that was written twice within the grain of its file system's clock
 * keeps size and time. So what is younger than this when it is read is noted
 * without a time, and is read again the next time (git: "racily clean").
 */
static const int64_t racy_ns = 2000000000;
enum { NO_TIME = -1 };

struct reload {
	const struct reload_options *options;
	struct index *index;
	GHashTable *known;   /* file -> struct index_note */
	GHashTable *remarks; /* file -> GPtrArray of struct remark, borrowed */
	struct identity *keys;
	bool writing;
	bool changed; /* something that readers see */
	bool again;   /* a key has come free that an earlier note waits for */
};

/* One note on its way through a reload. */
struct visit {
	const struct folders_file *file;
	const struct index_note *known; /* or NULL */
	struct index_note now;		/* borrows all its strings */
	char *text;			/* NULL: not read */
	size_t len;
	char *hash;
	char *key;
	struct note *note; /* NULL: not parsed */
};
typedef struct visit visit;

static void visit_clear(struct visit *self)
{
	g_free(self->text);
	g_free(self->hash);
	g_free(self->key);
	note_free(self->note);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(visit, visit_clear)

static bool begin(struct reload *self, GError **error)
{
	if (!self->writing && !index_begin(self->index, error))
		return false;
	self->writing = true;
	return true;
}

static bool drop(struct reload *self, const char *file, GError **error)
{
	self->changed = true;
	return begin(self, error) && index_drop_note(self->index, file, error);
}

static bool put(struct reload *self, const struct index_note *now,
		GPtrArray *entries, GPtrArray *remarks, GError **error)
{
	return begin(self, error) &&
	       index_put_note(self->index, now, entries, remarks, error);
}

static bool has_errors(struct reload *self, const char *file)
{
	const GPtrArray *remarks = g_hash_table_lookup(self->remarks, file);
	for (guint i = 0; remarks && i < remarks->len; i++) {
		const struct remark *found = remarks->pdata[i];
		if (found->level == REMARK_ERROR)
			return true;
	}
	return false;
}

/* Is what the index holds of the note worth more than a broken new one? */
static bool has_good_version(struct reload *self,
			     const struct index_note *known)
{
	if (!known || identity_is_taken(self->keys, known->key, known->file))
		return false;
	return known->stale || (*known->hash && !has_errors(self, known->file));
}

static void parse(struct visit *self)
{
	if (self->note)
		return;
	/* The folders on the way to the file: all parts but the last. */
	g_auto(GStrv) topics = g_strsplit(self->file->below, "/", -1);
	guint len = g_strv_length(topics);
	g_clear_pointer(&topics[len - 1], g_free);
	self->note = note_parse(self->file->file, (const char *const *)topics,
				self->text, self->len);
}

static void reserve(struct reload *self, const struct index_note *known)
{
	identity_reserve(self->keys, known->key, known->file);
}

/* The last good version stays: its entries, and the key that they bear. */
static bool keep(struct reload *self, struct visit *visited, GPtrArray *remarks,
		 GError **error)
{
	visited->now.key = visited->known->key;
	visited->now.stale = true;
	reserve(self, visited->known);
	g_ptr_array_add(remarks,
			remark_new(visited->now.file, 0, REMARK_INFO,
				   "the last good version stays in use until "
				   "this is mended"));
	self->changed = true;
	return put(self, &visited->now, NULL, remarks, error);
}

/* A file that cannot be read, or must not be. */
static bool visit_refused(struct reload *self, struct visit *visited,
			  enum remark_level level, const char *why,
			  GError **error)
{
	const struct index_note *known = visited->known;
	visited->now.hash = (char *)"";
	if (known && !*known->hash && known->size == visited->now.size &&
	    known->mtime == visited->now.mtime)
		return true; /* as last time */

	g_autoptr(GPtrArray) remarks =
		g_ptr_array_new_with_free_func((GDestroyNotify)remark_free);
	g_ptr_array_add(remarks,
			remark_new(visited->now.file, 0, level, "%s", why));
	if (level == REMARK_ERROR && has_good_version(self, known))
		return keep(self, visited, remarks, error);

	g_autoptr(GPtrArray) none = g_ptr_array_new();
	visited->now.key = visited->file->below;
	self->changed = true;
	return put(self, &visited->now, none, remarks, error);
}

/* Only the file's time has changed: everything else is as it was. */
static bool visit_touched(struct reload *self, struct visit *visited,
			  GError **error)
{
	const struct index_note *known = visited->known;
	if (known->size == visited->now.size &&
	    known->mtime == visited->now.mtime)
		return true;
	g_autoptr(GPtrArray) none = g_ptr_array_new();
	GPtrArray *remarks =
		g_hash_table_lookup(self->remarks, visited->now.file);
	visited->now.key = known->key;
	visited->now.stale = known->stale;
	return put(self, &visited->now, NULL, remarks ? remarks : none, error);
}

static bool visit_changed(struct reload *self, struct visit *visited,
			  const char *base, GError **error)
{
	struct note *parsed = visited->note;
	self->changed = true;
	if (strcmp(base, visited->key) != 0)
		g_ptr_array_add(parsed->remarks,
				remark_new(visited->now.file, 0, REMARK_WARNING,
					   "an earlier note has the name "
					   "\"%s\" too; this one goes by "
					   "\"%s\"",
					   base, visited->key));
	if (visited->known && visited->known->stale)
		self->again = true;
	identity_set_ids(parsed, visited->key);
	visited->now.key = visited->key;
	return put(self, &visited->now, parsed->entries, parsed->remarks,
		   error);
}

/* *refused gets why it cannot be read; a text of NULL: it has gone. */
static void read_text(struct visit *visited, GError **refused)
{
	int64_t now = g_get_real_time() * 1000;
	if (!folders_read(visited->file, &visited->text, &visited->len,
			  refused) ||
	    !visited->text)
		return;
	visited->hash = g_compute_checksum_for_data(
		G_CHECKSUM_SHA256, (const guchar *)visited->text, visited->len);
	visited->now.hash = visited->hash;
	if (now - visited->file->mtime < racy_ns)
		visited->now.mtime = NO_TIME;
}

/* Known by its stat alone, and with nothing that has to be looked up. */
static bool is_settled(const struct visit *visited)
{
	const struct index_note *known = visited->known;
	return known && *known->hash && known->size == visited->now.size &&
	       known->mtime == visited->now.mtime;
}

static bool visit_read(struct reload *self, struct visit *visited,
		       GError **error)
{
	const struct index_note *known = visited->known;
	bool same = known && strcmp(known->hash, visited->hash) == 0;
	if (same && known->stale)
		return visit_touched(self, visited, error);

	if (!same || !identity_is_plain(known->key, visited->file->below))
		parse(visited);
	if (!same && note_is_broken(visited->note) &&
	    has_good_version(self, known))
		return keep(self, visited, visited->note->remarks, error);

	const char *base = known ? known->key : NULL;
	if (visited->note)
		base = visited->note->permalink ? visited->note->permalink
						: visited->file->below;
	visited->key = identity_claim(self->keys, base, visited->now.file);
	if (same && strcmp(visited->key, known->key) == 0)
		return visit_touched(self, visited, error);
	parse(visited);
	return visit_changed(self, visited, base, error);
}

static bool visit_file(struct reload *self, const struct folders_file *file,
		       bool *was_read, GError **error)
{
	g_auto(visit) visited = { .file = file };
	visited.known = g_hash_table_lookup(self->known, file->file);
	visited.now.file = file->file;
	visited.now.size = file->size;
	visited.now.mtime = file->mtime;
	if (file->refused)
		return visit_refused(self, &visited, file->level, file->refused,
				     error);

	if (is_settled(&visited)) {
		if (visited.known->stale)
			return true;
		if (identity_is_plain(visited.known->key, file->below)) {
			visited.key = identity_claim(
				self->keys, visited.known->key, file->file);
			if (strcmp(visited.key, visited.known->key) == 0)
				return true;
			/* Its name has another owner now: read it again. */
		}
	}

	g_autoptr(GError) refused = NULL;
	*was_read = true;
	read_text(&visited, &refused);
	if (refused)
		return visit_refused(self, &visited, REMARK_ERROR,
				     refused->message, error);
	if (!visited.text)
		return !visited.known || drop(self, file->file, error);
	g_clear_pointer(&visited.key, g_free);
	return visit_read(self, &visited, error);
}

/* Notes below a folder that cannot be listed now are kept as they are. */
static bool is_out_of_sight(const struct folders_found *found, const char *file)
{
	for (guint i = 0; i < found->files->len; i++) {
		const struct folders_file *each = found->files->pdata[i];
		size_t len = strlen(each->file);
		if (each->folder && strncmp(file, each->file, len) == 0 &&
		    file[len] == '/')
			return true;
	}
	return false;
}

static bool drop_vanished(struct reload *self,
			  const struct folders_found *found, GError **error)
{
	g_autoptr(GHashTable) present =
		g_hash_table_new(g_str_hash, g_str_equal);
	for (guint i = 0; i < found->files->len; i++) {
		const struct folders_file *each = found->files->pdata[i];
		g_hash_table_add(present, each->file);
	}
	GHashTableIter iter;
	void *value;
	g_hash_table_iter_init(&iter, self->known);
	while (g_hash_table_iter_next(&iter, NULL, &value)) {
		const struct index_note *known = value;
		if (g_hash_table_contains(present, known->file)) {
			if (known->stale)
				reserve(self, known);
		} else if (is_out_of_sight(found, known->file)) {
			reserve(self, known);
		} else {
			if (!drop(self, known->file, error))
				return false;
		}
	}
	return true;
}

static bool visit_all(struct reload *self, GError **error)
{
	const struct reload_options *options = self->options;
	g_autoptr(folders_found) found = folders_scan(options->folders, error);
	if (!found || !drop_vanished(self, found, error))
		return false;
	for (guint i = 0; i < found->files->len; i++) {
		bool was_read = false;
		if (!visit_file(self, found->files->pdata[i], &was_read, error))
			return false;
		if (was_read && options->progress)
			options->progress(i + 1, found->files->len,
					  options->data);
	}
	return true;
}

static void group(struct reload *self, GPtrArray *notes, GPtrArray *remarks)
{
	for (guint i = 0; i < notes->len; i++) {
		struct index_note *each = notes->pdata[i];
		/* Never written so; but the file is not ours alone. */
		each->key = each->key ? each->key : g_strdup("");
		each->hash = each->hash ? each->hash : g_strdup("");
		g_hash_table_insert(self->known, each->file, each);
	}
	for (guint i = 0; i < remarks->len; i++) {
		struct remark *each = remarks->pdata[i];
		GPtrArray *of_file =
			g_hash_table_lookup(self->remarks, each->file);
		if (!of_file) {
			of_file = g_ptr_array_new();
			g_hash_table_insert(self->remarks, each->file, of_file);
		}
		g_ptr_array_add(of_file, each);
	}
}

static bool run_once(struct reload *self, GError **error)
{
	g_autoptr(GPtrArray) notes = index_notes(self->index, error);
	g_autoptr(GPtrArray) remarks =
		notes ? index_remarks(self->index, error) : NULL;
	if (!remarks)
		return false;
	group(self, notes, remarks);
	bool well = visit_all(self, error) &&
		    (!self->writing || index_commit(self->index, error));
	if (!well && self->writing)
		index_rollback(self->index);
	return well;
}

static bool run(const struct reload_options *options, bool *changed,
		bool *again, GError **error)
{
	GHashFunc hash = g_str_hash;
	GEqualFunc equal = g_str_equal;
	g_autoptr(GHashTable) known = g_hash_table_new(hash, equal);
	g_autoptr(GHashTable) remarks = g_hash_table_new_full(
		hash, equal, NULL, (GDestroyNotify)g_ptr_array_unref);
	g_autoptr(identity) keys = identity_new();
	struct reload self = {
		.options = options,
		.index = options->index,
		.known = known,
		.remarks = remarks,
		.keys = keys,
	};
	bool well = run_once(&self, error);
	*changed |= well && self.changed;
	*again = self.again;
	return well;
}

bool reload_run(const struct reload_options *options, bool *changed,
		GError **error)
{
	bool again = false;
	int64_t before = index_generation(options->index);
	*changed = false;
	/* At most twice: the second time nothing is stale that was mended. */
	if (!run(options, changed, &again, error) ||
	    (again && !run(options, changed, &again, error)))
		return false;
	/* This and the one before stay. What cannot be swept now is later. */
	if (*changed)
		index_sweep(options->index, before, NULL);
	return true;
}
