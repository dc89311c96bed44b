/*
 * Folders of notes as numbered generations. A reload reads only the notes
 * that changed and makes the next generation; the folders are watched, those
 * below them too.
 */

#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <glib.h>
#include "kb/index.h"

struct library;
typedef struct library library;

struct library_options {
	const char *const *folders; /* files too; NULL at the end */
	const char *index;	    /* path of the index; NULL: in memory */
	/* Called as files are read, for a progress line; may be NULL. */
	void (*progress)(size_t done, size_t all, void *data);
	void *data;
};

/*
 * Opens the index and brings it up to date. Folders that do not exist are
 * KB_ERROR_FILE. An index that cannot be written, or that another process
 * holds, is left alone, and one in memory is made instead. Whatever options
 * point at is copied.
 */
struct library *library_open(const struct library_options *options,
			     GError **error);
void library_free(struct library *self);

/* Borrowed until the next reload or rebuild. */
struct index *library_index(struct library *self);
int64_t library_generation(struct library *self);

/* True where the index is in memory, asked for or as the way out. */
bool library_in_memory(const struct library *self);

/* Set if the index was thrown away and made anew, and why; else NULL. */
const char *library_rebuilt(const struct library *self);

/*
 * Reads what changed since; *changed (may be NULL) tells whether readers see
 * a difference in the new generation. (Without one there may be a new
 * generation all the same: it notes that files were touched.) The newest two
 * can be read. On failure the old generation stays in use: KB_ERROR_FILE
 * where one of the folders is missing, KB_ERROR_STORE for the index. A broken
 * note keeps its last good version and is remarked. A damaged index is
 * rebuilt.
 */
bool library_reload(struct library *self, bool *changed, GError **error);

/*
 * The same from other folders. On failure those that were stay in use. Who
 * watches must ask for it again.
 */
bool library_move(struct library *self, const char *const *folders,
		  bool *changed, GError **error);

/*
 * For whoever finds the index damaged (KB_ERROR_CORRUPT) while reading: makes
 * it anew. Generations start again at 1. why becomes library_rebuilt().
 */
bool library_rebuild(struct library *self, const char *why, GError **error);

/*
 * Calls changed(data) on the main loop when something below the folders has
 * changed and been quiet for half a second, at the latest 5 s after the first
 * change. It reloads nothing by itself. KB_ERROR_FILE where the system allows
 * no more watches: the library is as good as before, only blind.
 */
bool library_watch(struct library *self, void (*changed)(void *data),
		   void *data, GError **error);

/* What of an entry tells whether another one is the same, edited. */
struct library_trace {
	const char *id;
	const char *title;
	const char *file;
	const char *content_hash;
};

/*
 * Which vanished entry is which appeared one: equal content in any file, or
 * titles in the same file whose character 3-grams agree by Jaccard >= 0.6;
 * one to one, the best pairs first, then by position. same[i] becomes the
 * place in appeared of the entry that vanished[i] turned into, or SIZE_MAX.
 * (A title is compared with at most 1,000 others, those that share its rarest
 * 3-grams.)
 */
void library_diff(const struct library_trace *vanished, size_t vanished_len,
		  const struct library_trace *appeared, size_t appeared_len,
		  size_t *same);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(library, library_free)
