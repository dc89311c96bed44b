/*
 * Passages of notes as questions use them: on one line, and with the words
 * hidden that would give the answer away.
 */

#pragma once

#include <stdbool.h>
#include <glib.h>
#include "kb/entry.h"

/* What stands where a word is hidden, U+2581 LOWER ONE EIGHTH BLOCK: it means
 * nothing in Markdown, and does not take a font for Chinese. */
#define PASSAGE_GAP "\u2581\u2581\u2581\u2581\u2581"

/* Markdown of one paragraph on one line; NULL where it is more than that (a
 * list, a table, code) or nothing. Caller frees. */
char *passage_line(const char *markdown);

/* Markdown without its marks, on one line. Caller frees. */
char *passage_plain(const char *markdown);

/*
 * The sentences of a Markdown text, a line each, lists item by item, without
 * code blocks, tables, headings: GPtrArray of char *.
 */
GPtrArray *passage_sentences(const char *markdown);

/*
 * The text with each occurrence of these terms, in whatever form of the word,
 * hidden behind PASSAGE_GAP; *count tells how many were. Terms are plain.
 * Caller frees.
 */
char *passage_hide(const char *text, char *const *terms, unsigned *count);

/*
 * What an entry is called: its title, the title before its bracket, what
 * stands in the bracket, aliases; plain, the shortest title first, NULL at
 * the end. Only aliases where the title is a question. g_strfreev().
 */
char **passage_names(const struct entry *entry);

/* The first of them, without the aliases. */
char **passage_titles(const struct entry *entry);

/* True if the text can be asked for: one to four words, one with a letter. */
bool passage_is_term(const char *text);
