/*
 * The program as a process: how long from its start to its first answer, and
 * how much memory it holds when it is idle, beside a program that only loads
 * the same libraries.
 *
 * usage: process ZNATOK LIBRARIES RUNS
 */

#include <fcntl.h>
#include <glib.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

struct child {
	GPid pid;
	int in, out;
};

static struct child start(char **argv, char **environment)
{
	struct child child;
	g_autoptr(GError) error = NULL;
	if (!g_spawn_async_with_pipes(
		    NULL, argv, environment,
		    G_SPAWN_DO_NOT_REAP_CHILD | G_SPAWN_SEARCH_PATH, NULL, NULL,
		    &child.pid, &child.in, &child.out, NULL, &error))
		g_error("%s: %s", argv[0], error->message);
	return child;
}

static void stop(struct child *child)
{
	kill(child->pid, SIGKILL);
	waitpid(child->pid, NULL, 0);
	close(child->in);
	close(child->out);
}

/* Reads until the text has come. */
static void hear(struct child *child, const char *text)
{
	g_autoptr(GString) heard = g_string_new(NULL);
	char buffer[4096];
	while (!strstr(heard->str, text)) {
		ssize_t len = read(child->out, buffer, sizeof(buffer));
		if (len <= 0)
			g_error("no answer: %s", heard->str);
		g_string_append_len(heard, buffer, len);
	}
}

static void say(struct child *child, const char *line)
{
	if (write(child->in, line, strlen(line)) != (ssize_t)strlen(line))
		g_error("the child does not listen");
}

/* A row of /proc/PID/status, KiB. */
static long status_row(GPid pid, const char *row)
{
	g_autofree char *path = g_strdup_printf("/proc/%d/status", pid);
	g_autofree char *text = NULL;
	g_file_get_contents(path, &text, NULL, NULL);
	const char *found = text ? strstr(text, row) : NULL;
	return found ? atol(found + strlen(row)) : -1;
}

static int by_value(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;
	return (x > y) - (x < y);
}

static double first_answer(char **argv, char **environment)
{
	double start_time = (double)g_get_monotonic_time() / 1e3;
	struct child child = start(argv, environment);
	say(&child, "alice: !q gil\n");
	hear(&child, "GIL");
	double ms = (double)g_get_monotonic_time() / 1e3 - start_time;
	stop(&child);
	return ms;
}

static void remove_cache(const char *cache)
{
	g_autofree char *folder = g_build_filename(cache, "znatok", NULL);
	g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
	for (const char *n = dir ? g_dir_read_name(dir) : NULL; n;
	     n = g_dir_read_name(dir)) {
		g_autofree char *path = g_build_filename(folder, n, NULL);
		g_unlink(path);
	}
	g_rmdir(folder);
}

static void print_starts(const char *what, char **argv, char **environment,
			 const char *cache, int runs)
{
	g_autofree double *ms = g_new(double, runs);
	for (int i = 0; i < runs; i++) {
		if (!*what)
			g_error("a name");
		if (g_str_equal(what, "no index yet"))
			remove_cache(cache);
		ms[i] = first_answer(argv, environment);
	}
	qsort(ms, (size_t)runs, sizeof(*ms), by_value);
	printf("start to first answer, %s: median %.1f ms (%.1f to %.1f, %d "
	       "runs)\n",
	       what, ms[runs / 2], ms[0], ms[runs - 1], runs);
}

int main(int argc, char **argv)
{
	int runs = argc > 3 ? atoi(argv[3]) : 0;
	if (runs < 1)
		g_error("usage: process ZNATOK LIBRARIES RUNS");
	g_autofree char *cache = g_dir_make_tmp("znatok-bench-XXXXXX", NULL);
	g_autofree char *state = g_build_filename(cache, "state", NULL);
	char **environment = g_environ_setenv(g_get_environ(), "XDG_CACHE_HOME",
					      cache, TRUE);
	char *znatok[] = { argv[1], (char *)"console", (char *)"--state", state,
			   NULL };
	print_starts("no index yet", znatok, environment, cache, runs);
	print_starts("index there", znatok, environment, cache, runs);

	struct child bot = start(znatok, environment);
	say(&bot, "alice: !q gil\nalice: !q декоратор\nalice: !topics\n");
	hear(&bot, "by topic");
	g_usleep(1500 * 1000); /* idle */
	char *only[] = { argv[2], NULL };
	struct child libraries = start(only, environment);
	hear(&libraries, "loaded");
	printf("idle: RssAnon %ld KiB (aim: at most 6144), RSS %ld KiB\n",
	       status_row(bot.pid, "RssAnon:"), status_row(bot.pid, "VmRSS:"));
	printf("a program that only loads the libraries: RssAnon %ld KiB, RSS "
	       "%ld KiB\n",
	       status_row(libraries.pid, "RssAnon:"),
	       status_row(libraries.pid, "VmRSS:"));
	stop(&bot);
	stop(&libraries);
	g_strfreev(environment);
	remove_cache(cache);
	return 0;
}
