/*
 * An entry is what people look up: one heading's worth of knowledge, with
 * whatever of title, brief, questions, answer and code its note gives.
 *
 * Texts are slices of the note's Markdown, as written; rendering is another
 * step (render.h). Strings are owned and UTF-8. What a note does not say is
 * NULL, or an array that holds only its closing NULL: arrays are never NULL.
 */

#pragma once

#include <stddef.h>
#include <glib.h>

enum { ENTRY_ID_LEN = 12 };

struct code {
	char *language; /* the first word after the fence, or NULL */
	char *text;	/* the fence's content with its last newline */
};

struct entry {
	/* 12 hex digits, stable through edits of the texts (entry_id()). */
	char id[ENTRY_ID_LEN + 1];
	char *title; /* the heading, Markdown */
	char **path; /* topics, outermost first */
	char **tags;
	char **aliases;
	char *language;	     /* "ru", "en"; others as front matter names them */
	const char *dialect; /* name of the dialect, static storage */
	char *brief;
	char **questions; /* wordings of the one question */
	char *answer;
	char *body; /* what the section holds under no label */
	char *example;
	char *hint;
	char **keywords;
	char **wrong;	   /* the note's own wrong options */
	char **links;	   /* targets, in order */
	struct code *code; /* every code block of the section, in order */
	size_t code_len;
	char *author;
	char *difficulty;
	char *block_id;	 /* Obsidian's ^id at the heading, or NULL */
	char *permalink; /* of the note, or NULL */
	char *file;	 /* as given, joined with the path below it */
	int line;	 /* of the heading, from 1 */
};
typedef struct entry entry;

/* All arrays empty, everything else NULL or zero. */
struct entry *entry_new(void);
void entry_free(struct entry *entry);

/*
 * id = first 12 hex digits of SHA-256(key NUL local NUL n): key names the
 * note, local is the heading's ^block-id or its folded title, n counts the
 * earlier entries of that note with the same local (in decimal).
 */
void entry_id(char id[ENTRY_ID_LEN + 1], const char *key, const char *local,
	      unsigned n);

/*
 * 16 hex digits of SHA-256 over what the entry says (texts, aliases, tags,
 * code), not over its title or where it stands: an entry that only got another
 * title or place has the same. Caller frees.
 */
char *entry_content_hash(const struct entry *entry);

/*
 * The whole entry as one Markdown text, without its title: brief, body,
 * the question as a quote (where it is not the title itself), answer,
 * example, in that order, a blank line between. Caller frees.
 */
char *entry_markdown(const struct entry *entry);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(entry, entry_free)
