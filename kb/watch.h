/*
 * Word when something below folders of notes changes. What changed is not
 * said: whoever wants to know looks, so that no event that the system loses
 * can do harm.
 */

#pragma once

#include <stdbool.h>
#include <glib.h>
#include "kb/folders.h"

struct watch;
typedef struct watch watch;

/*
 * Calls changed(data) on the main loop half a second after the last change
 * of a note or a folder, or 5 s after the first one where they never stop.
 * Folders that appear are watched too. folders is borrowed until
 * watch_free(), which changed() may call. KB_ERROR_FILE where the system
 * allows no more watches, or a folder cannot be read.
 */
struct watch *watch_new(struct folders *folders, void (*changed)(void *data),
			void *data, GError **error);
void watch_free(struct watch *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(watch, watch_free)
