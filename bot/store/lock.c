#include "bot/store/lock.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <unistd.h>

#include "bot/base/error.h"

static int refuse(int lock, const char *state, GError **error)
{
	char holder[32] = "";
	ssize_t len = pread(lock, holder, sizeof(holder) - 1, 0);
	int pid = len > 0 ? atoi(holder) : 0;
	g_autofree char *who = pid > 0 ? g_strdup_printf("process %d", pid)
				       : g_strdup("another process");
	g_set_error(error, ZNATOK_ERROR, ZNATOK_ERROR_LOCKED,
		    "%s is in use by %s: stop it, or choose another state "
		    "folder",
		    state, who);
	close(lock);
	return -1;
}

int lock_take(const char *state, GError **error)
{
	if (g_mkdir_with_parents(state, 0700) != 0) {
		g_set_error(error, ZNATOK_ERROR, ZNATOK_ERROR_STORE,
			    "state folder %s cannot be made: %s", state,
			    g_strerror(errno));
		return -1;
	}
	g_autofree char *path = g_build_filename(state, "lock", NULL);
	int lock = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	if (lock < 0) {
		g_set_error(error, ZNATOK_ERROR, ZNATOK_ERROR_STORE,
			    "state folder %s cannot be written: %s", state,
			    g_strerror(errno));
		return -1;
	}
	if (flock(lock, LOCK_EX | LOCK_NB) != 0)
		return refuse(lock, state, error);
	/* Only a courtesy to whoever is refused; a full disk may lose it. */
	char pid[32];
	int len = snprintf(pid, sizeof(pid), "%d\n", (int)getpid());
	if (ftruncate(lock, 0) != 0 || pwrite(lock, pid, (size_t)len, 0) != len)
		g_debug("%s: the process id could not be written", path);
	return lock;
}

void lock_drop(int lock)
{
	if (lock >= 0)
		close(lock);
}
