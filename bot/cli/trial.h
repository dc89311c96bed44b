/* Can a folder be written to, truly? Tried with what is gone again. */

#pragma once

#include <stdbool.h>

/* The nearest folder above a missing one that is there. Caller frees. */
char *trial_parent(const char *missing);

/* False with errno: no folder can be made in there. */
bool trial_make(const char *parent);

/* False with errno: nothing can be written there; the disk is full, say. */
bool trial_write(const char *folder);
