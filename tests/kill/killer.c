/*
 * Preloaded into znatok by the kill sweeps: counts what the process does, and
 * ends it as `kill -9` would after the one that KILL_AFTER names. KILL_AT says
 * what is counted:
 *
 *	statement   SQLite has finished one, on any connection
 *	request     bytes of a request were given to the kernel: the server
 *		    will have it, and nobody will read its answer
 *	answer      libcurl says that a call has ended
 *
 * KILL_COUNT is a file that a process which ends by itself writes the three
 * numbers to.
 */

#include <curl/curl.h>
#include <dlfcn.h>
#include <signal.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { STATEMENT, REQUEST, ANSWER, KINDS };

static const char *const kinds[KINDS] = { "statement", "request", "answer" };
static long finished[KINDS];
static long kill_after;
static int kill_at;

static void count(int kind)
{
	if (++finished[kind] == kill_after && kind == kill_at)
		kill(getpid(), SIGKILL);
}

static int statement_ends(unsigned event, void *context, void *statement,
			  void *nanoseconds)
{
	(void)event;
	(void)context;
	(void)statement;
	(void)nanoseconds;
	count(STATEMENT);
	return 0;
}

static int connection_opens(sqlite3 *db, char **error,
			    const struct sqlite3_api_routines *api)
{
	(void)error;
	(void)api;
	return sqlite3_trace_v2(db, SQLITE_TRACE_PROFILE, statement_ends, NULL);
}

ssize_t send(int fd, const void *bytes, size_t len, int flags)
{
	static ssize_t (*real)(int fd, const void *bytes, size_t len,
			       int flags);
	if (!real)
		real = (ssize_t(*)(int, const void *, size_t, int))dlsym(
			RTLD_NEXT, "send");
	ssize_t sent = real(fd, bytes, len, flags);
	if (sent > 0)
		count(REQUEST);
	return sent;
}

CURLMsg *curl_multi_info_read(CURLM *multi, int *left)
{
	static CURLMsg *(*real)(CURLM * multi, int *left);
	if (!real)
		real = (CURLMsg * (*)(CURLM *, int *))
			dlsym(RTLD_NEXT, "curl_multi_info_read");
	CURLMsg *message = real(multi, left);
	if (message && message->msg == CURLMSG_DONE)
		count(ANSWER);
	return message;
}

__attribute__((constructor)) static void start(void)
{
	const char *number = getenv("KILL_AFTER"), *kind = getenv("KILL_AT");
	if (!number)
		return;
	kill_after = atol(number);
	for (int i = 0; kind && i < KINDS; i++)
		if (strcmp(kinds[i], kind) == 0)
			kill_at = i;
	sqlite3_auto_extension((void (*)(void))connection_opens);
}

__attribute__((destructor)) static void end(void)
{
	const char *path = getenv("KILL_COUNT");
	FILE *file = path ? fopen(path, "w") : NULL;
	if (!file)
		return;
	fprintf(file, "%ld %ld %ld\n", finished[STATEMENT], finished[REQUEST],
		finished[ANSWER]);
	fclose(file);
}
