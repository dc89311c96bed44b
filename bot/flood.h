/*
 * Who gives more commands in a minute than [bot] flood allows is told so once
 * and not heard for a minute. Kept in memory: a restart forgives.
 */

#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct flood;

/* most 0: nobody is ever muted. */
struct flood *flood_new(int64_t most);
void flood_free(struct flood *flood);
void flood_set_most(struct flood *flood, int64_t most);

/*
 * What is counted for a message that is rolled back is taken back: mark before
 * it, undo to the mark, or keep all once it is committed.
 */
size_t flood_mark(const struct flood *flood);
void flood_undo(struct flood *flood, size_t mark);
void flood_keep(struct flood *flood);

/* True while the person is not heard. */
bool flood_is_muted(struct flood *flood, int64_t person, int64_t now);

/* Counts a command; true if it was one too many: tell them, and mute. */
bool flood_count(struct flood *flood, int64_t person, int64_t now);
