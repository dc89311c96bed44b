/*
 * Which note is which, and which entry: keys that are the same on every
 * machine, whatever the folders were indexed with before.
 */

#pragma once

#include "kb/note.h"

struct identity;
typedef struct identity identity;

struct identity *identity_new(void);
void identity_free(struct identity *self);

/*
 * That file keeps that key, whoever else asks for it; whether another file
 * has it.
 */
void identity_reserve(struct identity *self, const char *key, const char *file);

bool identity_is_taken(const struct identity *self, const char *key,
		       const char *file);

/*
 * The key of a file whose permalink, or path below its folder, is base: base
 * itself, or base@2, base@3 … where other files have it. To be asked in the
 * order of the notes; asked again for the same file it says the same. Caller
 * frees.
 */
char *identity_claim(struct identity *self, const char *base, const char *file);

/*
 * False if a key that was given out before says what it was made of. "a@2"
 * may be the second "a", or a permalink that is spelled like that; "sub/a.md"
 * may be the path below another folder than now.
 */
bool identity_is_plain(const char *key, const char *below);

/* Sets the ids of all entries of a note that goes by that key. */
void identity_set_ids(struct note *parsed, const char *key);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(identity, identity_free)
