#include "bot/cli/trial.h"

#include <errno.h>
#include <unistd.h>
#include <glib.h>
#include <glib/gstdio.h>

static const char pattern[] = ".znatok-XXXXXX";

char *trial_parent(const char *missing)
{
	char *parent = g_path_get_dirname(missing);
	while (access(parent, F_OK) != 0 && errno == ENOENT) {
		char *next = g_path_get_dirname(parent);
		g_free(parent);
		parent = next;
	}
	return parent;
}

bool trial_make(const char *parent)
{
	g_autofree char *trial = g_build_filename(parent, pattern, NULL);
	return g_mkdtemp(trial) && rmdir(trial) == 0;
}

bool trial_write(const char *folder)
{
	/* More than a first commit takes. */
	static const char some[256 * 1024];
	g_autofree char *trial = g_build_filename(folder, pattern, NULL);
	int fd = g_mkstemp(trial);
	if (fd < 0)
		return false;
	ssize_t written = write(fd, some, sizeof(some));
	bool well = written == (ssize_t)sizeof(some) && fsync(fd) == 0;
	/* A part of it is written where the disk is full in the middle. */
	int why = written >= 0 && written < (ssize_t)sizeof(some) ? ENOSPC
								  : errno;
	close(fd);
	unlink(trial);
	errno = why;
	return well;
}
