/*
 * Preloaded into znatok by the kill sweep: counts the statements that SQLite
 * finishes, on every connection, and ends the process as `kill -9` would
 * after the one that KILL_AFTER names.
 */

#include <signal.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <unistd.h>

static long kill_after;
static long finished;

static int statement_ends(unsigned event, void *context, void *statement,
			  void *nanoseconds)
{
	(void)event;
	(void)context;
	(void)statement;
	(void)nanoseconds;
	if (++finished == kill_after)
		kill(getpid(), SIGKILL);
	return 0;
}

static int connection_opens(sqlite3 *db, char **error,
			    const struct sqlite3_api_routines *api)
{
	(void)error;
	(void)api;
	return sqlite3_trace_v2(db, SQLITE_TRACE_PROFILE, statement_ends, NULL);
}

__attribute__((constructor)) static void start(void)
{
	const char *number = getenv("KILL_AFTER");
	if (!number)
		return;
	kill_after = atol(number);
	sqlite3_auto_extension((void (*)(void))connection_opens);
}
