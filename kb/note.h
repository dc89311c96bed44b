/*
 * A note is one Markdown file: front matter, and sections from which a
 * dialect (kb/dialects/) makes entries. Reading one never fails: what is
 * odd becomes a remark, and the note is used as far as it can be read.
 */

#pragma once

#include <stdbool.h>
#include <stddef.h>
#include "kb/entry.h"
#include "kb/remark.h"

struct note {
	char *file;	 /* as given, joined with the path below it */
	char *title;	 /* front matter, level-1 heading, permalink, file */
	char *permalink; /* or NULL */
	char *language;
	const char *dialect;
	bool hidden;	    /* dg-publish: false; then there are no entries */
	GPtrArray *entries; /* struct entry; ids are not set (library.h) */
	GPtrArray *remarks; /* struct remark */
};
typedef struct note note;

/*
 * Reads text[0..len), any bytes at all. topics are the folders between the
 * given folder and the file, outermost first (NULL for none): the entries'
 * path where there is no permalink.
 */
struct note *note_parse(const char *file, const char *const *topics,
			const char *text, size_t len);

/* True if a remark is an error: a good version in use should stay. */
bool note_is_broken(const struct note *note);

void note_free(struct note *note);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(note, note_free)
