/*
 * One reload: what the folders hold now becomes the index's next generation.
 * Only the files whose size or time has changed are read.
 */

#pragma once

#include <stdbool.h>
#include <stddef.h>
#include "kb/folders.h"
#include "kb/index.h"

struct reload_options {
	struct index *index;
	struct folders *folders;
	/* As library_options'. */
	void (*progress)(size_t done, size_t all, void *data);
	void *data;
};

/*
 * *changed: readers see a difference in the new generation. On failure there
 * is none, and the old one is as it was.
 */
bool reload_run(const struct reload_options *options, bool *changed,
		GError **error);
