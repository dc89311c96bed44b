/*
 * A dialect is a way in which notes say question and answer. It looks at a
 * note's outline, tells whether it is its own, and makes entries of it.
 *
 * To add one: a file here that defines `const struct dialect dialect_NAME`,
 * and its row in list.def.
 */

#pragma once

#include <stdbool.h>
#include <stddef.h>
#include "kb/note.h"
#include "kb/outline.h"
#include "kb/slice.h"

struct dialect {
	const char *name;

	/* True if the note is written in this dialect. */
	bool (*speaks)(const struct outline *outline);

	/*
	 * Adds the note's entries, in order, and what is odd about them to
	 * its remarks. What the front matter says about all of them (path,
	 * tags, language, author, …) is filled in by the caller. level: the
	 * deepest heading that begins an entry; 0: not said.
	 */
	void (*read)(const struct outline *outline, unsigned level,
		     struct note *note);
};

#define DIALECT(name) extern const struct dialect dialect_##name;
#include "kb/dialects/list.def"
#undef DIALECT

/*
 * A new entry at the end of the note's, with title, line and block id of the
 * section; the note's title where a section has none. Borrowed.
 */
struct entry *dialect_entry(struct note *note, const struct outline *outline,
			    const struct section *section);

/* One section that is an entry: its own lines and those of deeper headings. */
struct dialect_section {
	const struct section *section;
	struct slice slice;
	bool intro; /* it stands before the headings, or under the title */
};

/*
 * The sections whose heading is not deeper than level, without topics and
 * tables of contents: GArray of struct dialect_section, caller unrefs.
 */
GArray *dialect_sections(const struct outline *outline, unsigned level);
