/*
 * The library's file: entries, their names, full text (FTS5), the notes that
 * they come from, and remarks, in one SQLite file. It is a cache: whatever
 * is in it can be made again from the notes, so it is never synced to the
 * disk, and a broken, half-written or foreign one is deleted and made anew.
 *
 * Entries carry the generation in which they were born and the one in which
 * they died; a reader names its generation and sees just what lived then.
 */

#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <glib.h>
#include "kb/entry.h"
#include "kb/note.h"
#include "kb/sqlite.h"

struct index;
typedef struct index index_file; /* `index` is a function of <strings.h> */

/*
 * Opens or makes the file at path; NULL: in memory. *rebuilt (may be NULL)
 * gets a sentence if a file was there and had to be thrown away, else NULL;
 * caller frees. KB_ERROR_STORE if it cannot be written or another process
 * holds it.
 */
struct index *index_open(const char *path, char **rebuilt, GError **error);
void index_free(struct index *index);

struct sqlite *index_db(struct index *index);

/*
 * From hold to let_go all reads see one state, under one lock of the file
 * instead of one each; index_begin() ends it. To be short, since the file's
 * journal cannot be emptied meanwhile.
 */
void index_hold(struct index *index);
void index_let_go(struct index *index);

/* The newest whole generation; 0 where nothing has been indexed. */
int64_t index_generation(struct index *index);

/*
 * Writing: everything between begin and commit is one generation, current + 1,
 * seen by nobody until the commit; all or nothing.
 */
bool index_begin(struct index *index, GError **error);
bool index_commit(struct index *index, GError **error);
void index_rollback(struct index *index);

/* What is known of a note's file, to tell quickly that it has not changed. */
struct index_note {
	int64_t no;
	char *file;    /* as struct note's */
	char *key;     /* as entry_id()'s */
	int64_t size;  /* bytes */
	int64_t mtime; /* nanoseconds */
	char *hash;    /* SHA-256 of its bytes, hex */
	bool stale;    /* broken now; its last good version is in use */
};
void index_note_free(struct index_note *note);

/* All notes of the newest generation, by file: GPtrArray of index_note. */
GPtrArray *index_notes(struct index *index, GError **error);

/*
 * Inside begin…commit. Replaces what is known of the note's file. An entry
 * whose id, place and content stay keeps its row; entries == NULL keeps
 * all entries as they are (the note is broken, its good version stays).
 * The entries' ids must be set.
 */
bool index_put_note(struct index *index, const struct index_note *note,
		    GPtrArray *entries, GPtrArray *remarks, GError **error);
bool index_drop_note(struct index *index, const char *file, GError **error);

/* Deletes entries that died in or before that generation. */
bool index_sweep(struct index *index, int64_t generation, GError **error);

/* The remarks of the newest generation by file and line: struct remark. */
GPtrArray *index_remarks(struct index *index, GError **error);

/* One entry by its row; *found as NULL where there is none. Caller frees. */
bool index_entry(struct index *index, int64_t row, struct entry **found,
		 GError **error);

/*
 * The row of an entry by id in a generation, in that language if there is
 * one, else in any; 0: none. language may be NULL.
 */
bool index_find(struct index *index, int64_t generation, const char *id,
		const char *language, int64_t *row, GError **error);

/* What a listing needs of an entry, without its texts. */
struct index_row {
	int64_t row;
	char id[ENTRY_ID_LEN + 1];
	char *title;
	char *language;
	char *file;
	int line;
	char **path;	   /* topics, outermost first */
	const char *topic; /* the last of them, "" if none; in path */
	char *content_hash;
	bool has_question; /* and an answer */
};
void index_row_free(struct index_row *row);

/* Every entry of a generation by file and place in it: GPtrArray of index_row.
 */
GPtrArray *index_rows(struct index *index, int64_t generation, GError **error);

/* The entry that a lot falls on, any number; 0: there are none. */
bool index_draw(struct index *index, int64_t generation, uint64_t lot,
		int64_t *row, GError **error);

/*
 * How rare a stem is among the entries: idf as BM25 has it, never negative;
 * that of a stem which no entry holds is the highest. (Stop words are not
 * counted: words_is_stop().)
 */
bool index_idf(struct index *index, const char *stem, double *idf,
	       GError **error);

struct index_counts {
	int64_t notes, entries, questions, errors, warnings;
};
bool index_count(struct index *index, struct index_counts *counts,
		 GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(index_file, index_free)
