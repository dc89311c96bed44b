/*
 * Preloaded into znatok by tests of time. CLOCK_FILE names a file of two
 * int64_t that may change at any moment: by how many milliseconds the clock on
 * the wall is wrong, and how often the time runs faster than it should. Waits
 * are as much shorter.
 */

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

struct setting {
	int64_t offset; /* ms */
	int64_t rate;
};

static const struct setting plain = { 0, 1 };
static const volatile struct setting *setting = &plain;
static struct timespec begin; /* of the monotonic clock */
static int64_t rate = 1;      /* as it was at the start */

enum { NANO = 1000000000 };

static int real_clock(clockid_t id, struct timespec *now)
{
	static int (*real)(clockid_t, struct timespec *);
	if (!real)
		*(void **)&real = dlsym(RTLD_NEXT, "clock_gettime");
	return real(id, now);
}

__attribute__((constructor)) static void start(void)
{
	const char *name = getenv("CLOCK_FILE");
	int file = name ? open(name, O_RDONLY | O_CLOEXEC) : -1;
	real_clock(CLOCK_MONOTONIC, &begin);
	if (file < 0)
		return;
	void *map = mmap(NULL, sizeof(struct setting), PROT_READ, MAP_SHARED,
			 file, 0);
	close(file);
	if (map == MAP_FAILED)
		return;
	setting = map;
	rate = setting->rate;
}

static int64_t since_start(void)
{
	struct timespec now;
	real_clock(CLOCK_MONOTONIC, &now);
	return (int64_t)(now.tv_sec - begin.tv_sec) * NANO + now.tv_nsec -
	       begin.tv_nsec;
}

int clock_gettime(clockid_t id, struct timespec *now)
{
	int status = real_clock(id, now);
	bool wall = id == CLOCK_REALTIME || id == CLOCK_REALTIME_COARSE;
	bool steady = id == CLOCK_MONOTONIC || id == CLOCK_MONOTONIC_COARSE ||
		      id == CLOCK_MONOTONIC_RAW || id == CLOCK_BOOTTIME;
	if (status < 0 || (!wall && !steady))
		return status;
	int64_t nano = (int64_t)now->tv_sec * NANO + now->tv_nsec;
	nano += since_start() * (rate - 1);
	if (wall)
		nano += setting->offset * 1000000;
	now->tv_sec = nano / NANO;
	now->tv_nsec = nano % NANO;
	return 0;
}

time_t time(time_t *out)
{
	struct timespec now;
	clock_gettime(CLOCK_REALTIME, &now);
	if (out)
		*out = now.tv_sec;
	return now.tv_sec;
}

int gettimeofday(struct timeval *restrict out, void *restrict zone)
{
	struct timespec now;
	(void)zone;
	clock_gettime(CLOCK_REALTIME, &now);
	out->tv_sec = now.tv_sec;
	out->tv_usec = now.tv_nsec / 1000;
	return 0;
}

int ppoll(struct pollfd *fds, nfds_t n, const struct timespec *wait,
	  const sigset_t *mask)
{
	static int (*real)(struct pollfd *, nfds_t, const struct timespec *,
			   const sigset_t *);
	if (!real)
		*(void **)&real = dlsym(RTLD_NEXT, "ppoll");
	if (!wait)
		return real(fds, n, NULL, mask);
	int64_t nano = ((int64_t)wait->tv_sec * NANO + wait->tv_nsec) / rate;
	struct timespec shorter = { nano / NANO, nano % NANO };
	return real(fds, n, &shorter, mask);
}

int poll(struct pollfd *fds, nfds_t n, int wait)
{
	struct timespec time = { wait / 1000, wait % 1000 * 1000000L };
	return ppoll(fds, n, wait < 0 ? NULL : &time, NULL);
}

int __poll_chk(struct pollfd *fds, nfds_t n, int wait, size_t size);
int __poll_chk(struct pollfd *fds, nfds_t n, int wait, size_t size)
{
	(void)size;
	return poll(fds, n, wait);
}
