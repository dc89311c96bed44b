/*
 * What is odd in a note: a file, a line, a level and a sentence for the
 * person who wrote it. Remarks never stop anything; see "Failing soft" in
 * the manual: the note is used as far as it can be read.
 */

#pragma once

#include <glib.h>

enum remark_level {
	REMARK_INFO,	/* worth knowing */
	REMARK_WARNING, /* something was dropped or guessed */
	REMARK_ERROR,	/* not readable, not text, or broken front matter */
};

struct remark {
	char *file;
	int line; /* from 1; 0 where no line is to blame */
	enum remark_level level;
	char *text;
};
typedef struct remark remark;

/* "info", "warning" or "error". */
const char *remark_level_name(enum remark_level level);

/* A remark of its own storage; text is printf's. */
struct remark *remark_new(const char *file, int line, enum remark_level level,
			  const char *format, ...) G_GNUC_PRINTF(4, 5);

/* "file:line: level: text", as compilers write it. Caller frees. */
char *remark_format(const struct remark *remark);

void remark_free(struct remark *remark);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(remark, remark_free)
