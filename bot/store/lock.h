/*
 * One writer to a state folder. The lock is flock(2) on STATE/lock, a file of
 * its own: a lock on the database file would be dropped by any close of it.
 */

#pragma once

#include <glib.h>

/*
 * Takes the lock, making the folder where it is missing, and returns a file
 * descriptor to keep open until lock_drop(); -1 on failure. ZNATOK_ERROR_LOCKED
 * says which process holds it.
 */
int lock_take(const char *state, GError **error);
void lock_drop(int lock);
