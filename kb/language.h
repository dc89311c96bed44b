/* Which of two languages a text is in, by its letters. */

#pragma once

#include <stddef.h>

struct language_count {
	size_t cyrillic;
	size_t letters; /* of any script */
};

/*
 * Counts the letters of a Markdown text outside code (fences and backticks)
 * and the targets of links.
 */
void language_add(struct language_count *count, const char *markdown);

/* "ru" or "en"; otherwise, where the letters are too few to tell. */
const char *language_name(const struct language_count *count,
			  const char *otherwise);
