/*
 * Folders of notes on the disk: which files below them are notes.
 *
 * Notes are files named *.md or *.markdown. Hidden files and folders and
 * folders of templates are passed over. Symbolic links below a folder are
 * refused, so that nothing outside it is read and no walk runs in circles.
 */

#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <glib.h>
#include "kb/remark.h"

/* What note_parse() takes plus a bit, so that it sees when there is more. */
enum { FOLDERS_READ_MOST = 17 * 1024 * 1024 };

/*
 * Names are UTF-8; bytes of a name that are none, and control characters,
 * are shown as \xHH.
 */
struct folders_file {
	char *path;    /* the real path, bytes: what to open */
	char *file;    /* for people: the folder as given, joined with below */
	char *below;   /* path below the folder; a file given: its name */
	int64_t size;  /* bytes */
	int64_t mtime; /* nanoseconds */
	char *refused; /* why it cannot be read, or NULL */
	enum remark_level level; /* of refused */
	bool folder;		 /* a folder that could not be listed */
};

struct folders_found {
	GPtrArray *files;   /* struct folders_file, by folder, then path */
	GPtrArray *folders; /* char *: real paths of what was listed */
};
typedef struct folders_found folders_found;

struct folders;
typedef struct folders folders;

/* given: folders or files, NULL at the end; copied. */
struct folders *folders_new(const char *const *given);
void folders_free(struct folders *self);

/*
 * Finds every note once, however often the folders given overlap. NULL and
 * KB_ERROR_FILE if one of those given is missing or cannot be listed, or
 * looks as if its disk had been unmounted since the last call; trouble below
 * them is told in the files' refused.
 */
struct folders_found *folders_scan(struct folders *self, GError **error);
void folders_found_free(struct folders_found *found);

/* True for the name of a file that is a note, hidden ones not. */
bool folders_is_note(const char *name);

/*
 * Reads a file, its first FOLDERS_READ_MOST bytes at most. *text gets a NUL
 * after its len bytes, caller frees; it is NULL where the file has gone.
 * False: it cannot be read, KB_ERROR_FILE.
 */
bool folders_read(const struct folders_file *file, char **text, size_t *len,
		  GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(folders, folders_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(folders_found, folders_found_free)
