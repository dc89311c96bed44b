/* Notes and entries into the index, and out of it. */

#include <string.h>

#include "kb/document.h"
#include "kb/index_private.h"
#include "kb/names.h"
#include "kb/remark.h"

static struct sqlite_value packed(const GString *string)
{
	return sqlite_value_blob(string->str, (int)string->len);
}

GString *index_pack(char *const *strings)
{
	GString *to = g_string_new(NULL);
	for (; *strings; strings++)
		g_string_append_len(to, *strings, (gssize)strlen(*strings) + 1);
	return to;
}

GString *index_pack_code(const struct entry *entry)
{
	GString *to = g_string_new(NULL);
	for (size_t i = 0; i < entry->code_len; i++) {
		const char *language = entry->code[i].language;
		const char *text = entry->code[i].text;
		g_string_append(to, language ? language : "");
		g_string_append_c(to, '\0');
		g_string_append(to, text ? text : "");
		g_string_append_c(to, '\0');
	}
	return to;
}

static bool put_text(struct index *index, const struct document *document,
		     enum index_statement statement, int64_t no, GError **error)
{
	struct sqlite_value values[1 + FIELDS] = { V(no) };
	for (size_t i = 0; i < FIELDS; i++) {
		const GString *text = document->text[i];
		values[1 + i] = sqlite_value_text(text->str);
		values[1 + i].len = (int)text->len;
	}
	return sqlite_do_values(index->db, statement, error, values,
				G_N_ELEMENTS(values));
}

static bool add_names(struct index *index, const struct entry *entry,
		      int64_t no, GError **error)
{
	g_autoptr(GPtrArray) names = names_of(entry);
	for (size_t i = 0; i < names->len; i++) {
		const struct name *name = names->pdata[i];
		if (!sqlite_do(index->db, NAME_ADD, error, V(name->text),
			       V((int)name->kind * 2 + name->loose), V(no)))
			return false;
	}
	g_autoptr(GPtrArray) words = title_words_of(entry);
	for (size_t i = 0; i < words->len; i++) {
		const struct title_word *word = words->pdata[i];
		if (!sqlite_do(index->db, TITLE_WORD_ADD, error, V(0),
			       V(word->word), V(no), V(word->of)) ||
		    !sqlite_do(index->db, TITLE_WORD_ADD, error, V(1),
			       V(word->stem), V(no), V(word->of)))
			return false;
	}
	return true;
}

static bool drop_names(struct index *index, const struct entry *entry,
		       int64_t no, GError **error)
{
	g_autoptr(GPtrArray) names = names_of(entry);
	for (size_t i = 0; i < names->len; i++) {
		const struct name *name = names->pdata[i];
		if (!sqlite_do(index->db, NAME_DROP, error, V(name->text),
			       V((int)name->kind * 2 + name->loose), V(no)))
			return false;
	}
	g_autoptr(GPtrArray) words = title_words_of(entry);
	for (size_t i = 0; i < words->len; i++) {
		const struct title_word *word = words->pdata[i];
		if (!sqlite_do(index->db, TITLE_WORD_DROP, error, V(0),
			       V(word->word), V(no)) ||
		    !sqlite_do(index->db, TITLE_WORD_DROP, error, V(1),
			       V(word->stem), V(no)))
			return false;
	}
	return true;
}

/* The array fields of an entry as blobs. */
struct blobs {
	GString *path, *tags, *aliases, *keywords, *wrong, *links, *questions;
	GString *code;
};
typedef struct blobs blobs;

static void blobs_init(struct blobs *blobs, const struct entry *entry)
{
	*blobs = (struct blobs){
		.path = index_pack(entry->path),
		.tags = index_pack(entry->tags),
		.aliases = index_pack(entry->aliases),
		.keywords = index_pack(entry->keywords),
		.wrong = index_pack(entry->wrong),
		.links = index_pack(entry->links),
		.questions = index_pack(entry->questions),
		.code = index_pack_code(entry),
	};
}

static void blobs_clear(struct blobs *blobs)
{
	GString *all[] = { blobs->path,	     blobs->tags,  blobs->aliases,
			   blobs->keywords,  blobs->wrong, blobs->links,
			   blobs->questions, blobs->code };
	for (size_t i = 0; i < G_N_ELEMENTS(all); i++)
		g_string_free(all[i], TRUE);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(blobs, blobs_clear)

/* An entry on its way in. */
struct put {
	const struct entry *entry;
	const struct blobs *blobs;
	const char *content_hash;
	int64_t note;
	int64_t place;
};

static bool add_row(struct index *index, const struct put *put, GError **error)
{
	const struct entry *entry = put->entry;
	const struct blobs *blobs = put->blobs;
	bool answered = entry->answer && *entry->answer;
	unsigned asked = answered ? g_strv_length(entry->questions) : 0;
	return sqlite_do(
		index->db, ENTRY_ADD, error, V(entry->line),
		V((const char *)entry->id), V(entry->language), V(entry->title),
		V(entry->file), V(put->note), V(put->place), V(asked),
		V(put->content_hash), V(entry->dialect), V(entry->author),
		V(entry->difficulty), V(entry->block_id), V(entry->permalink),
		packed(blobs->path), packed(blobs->tags),
		packed(blobs->aliases), packed(blobs->keywords),
		packed(blobs->wrong), packed(blobs->links),
		packed(blobs->questions), V(entry->brief), V(entry->answer),
		V(entry->body), V(entry->example), V(entry->hint),
		packed(blobs->code));
}

static bool add_entry(struct index *index, const struct put *put,
		      GError **error)
{
	g_auto(document) document;
	document_init(&document, put->entry);
	int64_t words = (int64_t)document.len;
	if (!add_row(index, put, error))
		return false;
	int64_t no = sqlite_last_id(index->db);
	index->entries++;
	index->added++;
	index->words += words;
	return sqlite_do(index->db, LIFE_ADD, error, V(no), V(index->next),
			 V(words)) &&
	       put_text(index, &document, TEXT_ADD, no, error) &&
	       index_count_stems(index, document.stems, 1, error) &&
	       add_names(index, put->entry, no, error);
}

static bool move_entry(struct index *index, const struct put *put, int64_t no,
		       GError **error)
{
	const struct entry *entry = put->entry;
	const struct blobs *blobs = put->blobs;
	return sqlite_do(index->db, ENTRY_MOVE, error, V(entry->line),
			 V(put->place), V(entry->dialect), V(entry->author),
			 V(entry->difficulty), packed(blobs->path),
			 packed(blobs->wrong), packed(blobs->links),
			 V(entry->hint), V(no));
}

/* Keeps the entry's row if there is one, else adds it; `old` loses the kept. */
static bool put_entry(struct index *index, struct put *put, GHashTable *old,
		      GError **error)
{
	const struct entry *entry = put->entry;
	g_auto(blobs) blobs;
	blobs_init(&blobs, entry);
	g_autofree char *hash = entry_content_hash(entry);
	put->blobs = &blobs;
	put->content_hash = hash;
	int64_t no;
	bool same;
	if (!sqlite_ask_int(index->db, ENTRY_SAME, &no, &same, error,
			    V(put->note), V((const char *)entry->id),
			    V(entry->language), V(hash), packed(blobs.keywords),
			    V(entry->block_id), V(entry->permalink),
			    V(entry->title)))
		return false;
	if (!same)
		return add_entry(index, put, error);
	g_hash_table_remove(old, &no);
	return move_entry(index, put, no, error);
}

/* The rows of a note's living entries: a set of int64_t. */
static GHashTable *rows_of_note(struct index *index, int64_t note,
				GError **error)
{
	GHashTable *set = g_hash_table_new_full(g_int64_hash, g_int64_equal,
						g_free, NULL);
	g_auto(sqlite_rows) rows =
		sqlite_ask(index->db, ENTRIES_OF_NOTE, V(note));
	while (sqlite_next(&rows)) {
		int64_t no = sqlite_int(&rows, 0);
		g_hash_table_add(set, g_memdup2(&no, sizeof(no)));
	}
	if (sqlite_end(&rows, error))
		return set;
	g_hash_table_unref(set);
	return NULL;
}

static bool put_entries(struct index *index, int64_t note, GPtrArray *entries,
			GError **error)
{
	g_autoptr(GHashTable) old = rows_of_note(index, note, error);
	if (!old)
		return false;
	for (size_t i = 0; i < entries->len; i++) {
		struct put put = { .entry = entries->pdata[i],
				   .note = note,
				   .place = (int64_t)i };
		if (!put_entry(index, &put, old, error))
			return false;
	}
	GHashTableIter iter;
	gpointer no;
	g_hash_table_iter_init(&iter, old);
	while (g_hash_table_iter_next(&iter, &no, NULL))
		if (!sqlite_do(index->db, LIFE_END, error, V(index->next),
			       V(*(const int64_t *)no)))
			return false;
	return true;
}

static bool put_row(struct index *index, const struct index_note *note,
		    int64_t *no, GError **error)
{
	bool known;
	if (!sqlite_ask_int(index->db, NOTE_FIND, no, &known, error,
			    V(note->file)))
		return false;
	if (known)
		return sqlite_do(index->db, NOTE_SET, error, V(note->key),
				 V(note->size), V(note->mtime), V(note->hash),
				 V(note->stale), V(*no));
	if (!sqlite_do(index->db, NOTE_ADD, error, V(note->file), V(note->key),
		       V(note->size), V(note->mtime), V(note->hash),
		       V(note->stale)))
		return false;
	*no = sqlite_last_id(index->db);
	return true;
}

bool index_put_note(struct index *index, const struct index_note *note,
		    GPtrArray *entries, GPtrArray *remarks, GError **error)
{
	g_assert(index->next);
	int64_t no;
	if (!put_row(index, note, &no, error) ||
	    !sqlite_do(index->db, REMARKS_DROP, error, V(no)))
		return false;
	for (size_t i = 0; remarks && i < remarks->len; i++) {
		const struct remark *remark = remarks->pdata[i];
		if (!sqlite_do(index->db, REMARK_ADD, error, V(no),
			       V(remark->file), V(remark->line),
			       V((int)remark->level), V(remark->text)))
			return false;
	}
	return !entries || put_entries(index, no, entries, error);
}

bool index_drop_note(struct index *index, const char *file, GError **error)
{
	g_assert(index->next);
	int64_t no;
	bool known;
	if (!sqlite_ask_int(index->db, NOTE_FIND, &no, &known, error, V(file)))
		return false;
	return !known ||
	       (sqlite_do(index->db, NOTE_DIES, error, V(index->next), V(no)) &&
		sqlite_do(index->db, REMARKS_DROP, error, V(no)) &&
		sqlite_do(index->db, NOTE_DROP, error, V(no)));
}

static bool sweep_entry(struct index *index, int64_t no, GError **error)
{
	g_autoptr(entry) entry = NULL;
	if (!index_entry(index, no, &entry, error))
		return false;
	if (!entry)
		return true;
	g_auto(document) document;
	document_init(&document, entry);
	index->entries--;
	index->words -= (int64_t)document.len;
	return put_text(index, &document, TEXT_DROP, no, error) &&
	       index_count_stems(index, document.stems, -1, error) &&
	       drop_names(index, entry, no, error) &&
	       sqlite_do(index->db, LIFE_DROP, error, V(no)) &&
	       sqlite_do(index->db, ENTRY_DROP, error, V(no));
}

static bool sweep(struct index *index, int64_t generation, GError **error)
{
	g_autoptr(GArray) dead = g_array_new(FALSE, FALSE, sizeof(int64_t));
	g_auto(sqlite_rows) rows =
		sqlite_ask(index->db, ENTRIES_DEAD, V(generation));
	while (sqlite_next(&rows)) {
		int64_t no = sqlite_int(&rows, 0);
		g_array_append_val(dead, no);
	}
	if (!sqlite_end(&rows, error))
		return false;
	for (size_t i = 0; i < dead->len; i++)
		if (!sweep_entry(index, g_array_index(dead, int64_t, i), error))
			return false;
	return true;
}

bool index_sweep(struct index *index, int64_t generation, GError **error)
{
	bool own = !index->next;
	if (own && !index_begin(index, error))
		return false;
	if (own)
		index->next--; /* deleting what nobody sees is no generation */
	if (!sweep(index, generation, error)) {
		if (own)
			index_rollback(index);
		return false;
	}
	return !own || index_commit(index, error);
}
