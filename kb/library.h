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
 * KB_ERROR_FILE. Whatever options point at is copied.
 */
struct library *library_open(const struct library_options *options,
			     GError **error);
void library_free(struct library *library);

struct index *library_index(struct library *library);
int64_t library_generation(struct library *library);

/* Set if the index was thrown away and made anew, and why; else NULL. */
const char *library_rebuilt(const struct library *library);

/*
 * Reads what changed since; *changed (may be NULL) tells whether there is a
 * new generation. On failure the old generation stays in use. A broken note
 * keeps its last good version and is remarked.
 */
bool library_reload(struct library *library, bool *changed, GError **error);

/*
 * Calls changed(data) on the main loop when something below the folders has
 * changed and been quiet for half a second. It reloads nothing by itself.
 */
bool library_watch(struct library *library, void (*changed)(void *data),
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
 * one to one, the best pairs first. same[i] becomes the place in appeared of
 * the entry that vanished[i] turned into, or SIZE_MAX.
 */
void library_diff(const struct library_trace *vanished, size_t vanished_len,
		  const struct library_trace *appeared, size_t appeared_len,
		  size_t *same);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(library, library_free)
