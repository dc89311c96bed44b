/*
 * What an entry can be found by: the exact names that somebody may call it,
 * and the words of its title and aliases. Both are made from the entry alone,
 * so that what was put into the index can be taken out again.
 *
 * A name is squashed (words_squash()), or is the run of its stems without
 * stop words, and then marked as loose: «Декораторы» is called by "декоратора"
 * too, and «Что такое GIL?» by "gil".
 */

#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <glib.h>
#include "kb/entry.h"

/* How a name was come by, the most telling first. Stored: append only. */
enum name_kind {
	NAME_TITLE,
	NAME_ID,   /* 12 hex digits, or ^block-id */
	NAME_HEAD, /* the title before or without its bracket */
	NAME_ALIAS,
	NAME_BRACKET, /* what stands in the bracket */
	NAME_PART,    /* the title before or after its dash or colon */
	NAME_QUESTION,
	NAME_TITLE_CODE, /* `code` in the title */
	NAME_ACRONYM,
	NAME_TAG,
	NAME_SLUG, /* the permalink's last part */
	NAME_CODE, /* an identifier in a code block, `code` in a text */
	NAME_KINDS,
};

struct name {
	char *text;
	enum name_kind kind;
	bool loose;
};

/* Each text once, in its most telling kind: GPtrArray of struct name. */
GPtrArray *names_of(const struct entry *entry);

/* The stems of a folded text's words that are no stop words, as one run. */
char *names_loose(const char *folded);

/* A word of a title or an alias that is no stop word, and its stem. */
struct title_word {
	char *word;
	char *stem;
	int of; /* how many such words the title or alias has */
};

/* Each word once: GPtrArray of struct title_word. */
GPtrArray *title_words_of(const struct entry *entry);

/* Markdown without link targets, tags and list numbers. Caller frees. */
char *names_plain(const char *markdown);
