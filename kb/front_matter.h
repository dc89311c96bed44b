/*
 * The YAML (or JSON, which is YAML too) between two lines `---` at the start
 * of a note:
 *
 *	---
 *	title: Замыкания
 *	tags: python, functions
 *	permalink: /interview/python/closures/
 *	---
 *
 * It describes the note and is never part of an entry. Keys that are not
 * ours are passed over in silence: other programs read them.
 */

#pragma once

#include <stdbool.h>
#include <stddef.h>
#include "kb/lines.h"

struct front_matter {
	char *title;
	char *permalink; /* as written */
	char **path;	 /* its parts, percent-decoded; never NULL */
	char **aliases;	 /* never NULL */
	char **tags;	 /* without #; never NULL */
	char *author;
	char *language; /* `lang`, "ru-RU" as "ru" */
	char *difficulty;
	char *review_by; /* YYYY-MM-DD */
	bool hidden;	 /* `dg-publish: false` */
	char *dialect;	 /* `znatok: {dialect: …}`; not checked here */
	unsigned level;	 /* `znatok: {level: …}`, 1 to 6; 0: not said */
	size_t end;	 /* lines that it takes; 0: there is none */
};
typedef struct front_matter front_matter;

/*
 * Reads what stands at the top of lines. What is odd is remarked; front
 * matter that does not parse is an error, used as far as it went.
 */
void front_matter_init(struct front_matter *matter, const struct lines *lines,
		       const char *file, GPtrArray *remarks);
void front_matter_clear(struct front_matter *matter);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(front_matter, front_matter_clear)
