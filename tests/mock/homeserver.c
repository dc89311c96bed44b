/*
 * A small homeserver for tests: real enough for bots and scripted people, and
 * able to lie, to fail and to keep still on demand. See mock.py.
 *
 * usage: homeserver [--port N] [--until-eof]
 *
 * It prints where it listens, and where for control. --until-eof: it ends with
 * its standard input, so that it never outlives who started it.
 */

#include <glib-unix.h>
#include <signal.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include "tests/mock/handlers.h"
#include "tests/mock/log.h"
#include "tests/mock/rules.h"

static bool is_control(const struct http_request *http)
{
	return g_str_has_prefix(http->path, "/_mock/");
}

static void asked(struct http_request *http, void *data)
{
	struct home *home = data;
	struct call *call = g_new0(struct call, 1);
	call->home = home;
	call->http = http;
	http->owner = call;
	if (is_control(http)) {
		call_run(call);
		return;
	}
	call->logged = !home->log->off;
	if (call->logged)
		g_ptr_array_add(home->log->requests, http);
	home_changed(home);
	if (!rules_take(call))
		call_run(call);
}

static void ended(struct http_request *http, void *data)
{
	struct home *home = data;
	struct call *call = http->owner;
	call_unwait(call);
	rules_forget(call);
	if (call->state_free)
		call->state_free(call->state);
	g_strfreev(call->path);
	cJSON_Delete(call->json);
	g_clear_pointer(&call->query, g_hash_table_unref);
	if (!is_control(http))
		home_changed(home);
	if (!call->logged)
		http_request_free(http);
	g_free(call);
}

static void headers(GString *head, void *data)
{
	const struct home *home = data;
	time_t now = time(NULL) + home->date_offset;
	char text[64];
	struct tm parts;
	strftime(text, sizeof(text), "%a, %d %b %Y %H:%M:%S GMT",
		 gmtime_r(&now, &parts));
	g_string_append_printf(head, "Date: %s\r\nServer: mock\r\n", text);
}

static void home_init(struct home *home)
{
	home->users = g_hash_table_new(g_str_hash, g_str_equal);
	home->tokens = g_hash_table_new(g_str_hash, g_str_equal);
	home->rooms = g_hash_table_new(g_str_hash, g_str_equal);
	home->events = g_hash_table_new(g_str_hash, g_str_equal);
	home->txns =
		g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	home->stream = g_array_new(false, false, sizeof(struct step));
	home->waiting = g_ptr_array_new();
	home->log = log_new();
	home->rules = rules_new();
	home->rand = g_rand_new();
	home->speed = 1;
}

static gboolean stop(gpointer data)
{
	g_main_loop_quit(data);
	return G_SOURCE_CONTINUE;
}

static gboolean input_ends(int fd, GIOCondition condition, gpointer data)
{
	(void)condition;
	char waste[256];
	if (read(fd, waste, sizeof(waste)) > 0)
		return G_SOURCE_CONTINUE;
	g_main_loop_quit(data);
	return G_SOURCE_REMOVE;
}

static bool listen_on(struct home *home, uint16_t port, GError **error)
{
	home->public = http_listen(port, home->handler, error);
	if (!home->public)
		return false;
	home->port = http_listener_port(home->public);
	home->control = http_listen(0, home->handler, error);
	return home->control != NULL;
}

int main(int argc, char **argv)
{
	gint port = 0;
	gboolean until_eof = false;
	const GOptionEntry entries[] = {
		{ "port", 0, 0, G_OPTION_ARG_INT, &port, "0: any", "N" },
		{ "until-eof", 0, 0, G_OPTION_ARG_NONE, &until_eof,
		  "end with the standard input", NULL },
		{ 0 },
	};
	g_autoptr(GError) error = NULL;
	g_autoptr(GMainLoop) loop = g_main_loop_new(NULL, false);
	g_autoptr(GOptionContext) options = g_option_context_new(NULL);
	struct home home = { 0 };
	struct http_handler handler = { asked, ended, headers, &home };
	g_option_context_add_main_entries(options, entries, NULL);
	signal(SIGPIPE, SIG_IGN);
	home_init(&home);
	home.handler = &handler;
	if (!g_option_context_parse(options, &argc, &argv, &error) ||
	    !listen_on(&home, (uint16_t)port, &error)) {
		g_printerr("homeserver: %s\n", error->message);
		return 1;
	}
	g_print("listening on http://127.0.0.1:%u\n"
		"control on http://127.0.0.1:%u\n",
		home.port, http_listener_port(home.control));
	g_unix_signal_add(SIGTERM, stop, loop);
	g_unix_signal_add(SIGINT, stop, loop);
	if (until_eof)
		g_unix_fd_add(STDIN_FILENO, G_IO_IN | G_IO_HUP, input_ends,
			      loop);
	g_main_loop_run(loop);
	return 0;
}
