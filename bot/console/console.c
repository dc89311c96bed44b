#include "bot/console/console.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>

#include "bot/base/clock.h"
#include "bot/base/error.h"
#include "bot/console/console_private.h"
#include "bot/store/db.h"
#include "bot/store/mail.h"
#include "kb/render.h"

enum { SENT_AT_ONCE = 64 };

int64_t console_first_moment(void)
{
	g_autoptr(GDateTime) first = g_date_time_new_utc(2025, 1, 1, 9, 0, 0);
	return g_date_time_to_unix(first) * CLOCK_SECOND;
}

/* ---- position ---- */

bool console_write_position(struct console *console,
			    const struct position *position, GError **error)
{
	g_autofree char *token = g_strdup_printf(
		"next=%" PRId64 " lines=%" PRId64 " clock=%" PRId64
		" until=%" PRId64 " seed=%" PRIu64,
		position->next, position->lines, position->clock,
		position->until, position->seed);
	return db_set_position(console->host.db, CONSOLE_NETWORK, token, error);
}

static bool read_position(struct console *console, GError **error)
{
	struct position *p = &console->position;
	*p = (struct position){ .next = 1,
				.clock = console_first_moment(),
				.seed = 1 };
	g_autofree char *token = NULL;
	if (!db_position(console->host.db, CONSOLE_NETWORK, &token, error))
		return false;
	if (!token ||
	    sscanf(token,
		   "next=%" SCNd64 " lines=%" SCNd64 " clock=%" SCNd64
		   " until=%" SCNd64 " seed=%" SCNu64,
		   &p->next, &p->lines, &p->clock, &p->until, &p->seed) == 5)
		return true;
	g_set_error(error, ZNATOK_ERROR, ZNATOK_ERROR_FAILED,
		    "the console's position in the store is not readable: %s",
		    token);
	return false;
}

/* ---- out ---- */

/* "#main: text", further lines indented by two spaces; on a terminal the text
 * begins below the label. */
static GPtrArray *console_render(void *self, const struct chat_reply *reply)
{
	struct console *console = self;
	g_autoptr(GString) out = g_string_new(NULL);
	if (reply->kind == CHAT_SAY_EDIT)
		g_string_append_printf(out, "[%s*] ", reply->target);
	else if (reply->kind != CHAT_SAY)
		g_string_append_printf(out, "[%s] ", reply->target);
	if (reply->kind == CHAT_SAY_REACT) {
		g_string_append_printf(out, "+ %s", reply->markdown);
	} else if (reply->kind == CHAT_SAY_UNREACT) {
		g_string_append_printf(out, "- %s", reply->markdown);
	} else if (reply->kind == CHAT_SAY_REDACT) {
		g_string_append_c(out, '-');
	} else {
		g_autofree char *text =
			console->options.terminal
				? render_terminal(reply->markdown,
						  terminal_width() - 2)
				: render_plain(reply->markdown);
		g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
		g_autofree char *joined = g_strjoinv("\n  ", lines);
		/* A terminal's lines are filled: the label gets its own. */
		g_string_append_printf(out, "%s:%s%s", reply->room,
				       console->options.terminal ? "\n  " : " ",
				       joined);
	}
	GPtrArray *parts =
		g_ptr_array_new_with_free_func((GDestroyNotify)g_bytes_unref);
	g_ptr_array_add(parts, g_bytes_new(out->str, out->len));
	return parts;
}

/*
 * A message gets the next number; the rest names its target already. What this
 * process has printed is not printed again while the disk refuses to record it.
 */
static void print(struct console *console, const struct mail_wire *wire,
		  struct position *position, char event[24])
{
	size_t len;
	const char *bytes = g_bytes_get_data(wire->bytes, &len);
	*event = '\0';
	if (wire->kind == CHAT_SAY)
		g_snprintf(event, 24, "%" PRId64, position->next++);
	if (wire->id <= console->printed)
		return;
	console->printed = wire->id;
	if (*event)
		printf("[%s] ", event);
	fwrite(bytes, 1, len, stdout);
	putchar('\n');
	if (console->terminal)
		terminal_redraw(console->terminal);
}

/* Prints first and commits then: a kill between the two prints again, under
 * the same numbers, and the store counts one message. */
static bool send_some(struct console *console, GPtrArray *wires, GError **error)
{
	struct position position = console->position;
	for (guint i = 0; i < wires->len; i++) {
		const struct mail_wire *wire = wires->pdata[i];
		char event[24];
		print(console, wire, &position, event);
		if (!mail_sent(console->host.db, wire, *event ? event : NULL,
			       error))
			return false;
	}
	if (fflush(stdout) != 0) {
		*console->options.status = 1;
		g_main_loop_quit(console->options.loop);
		g_set_error(error, ZNATOK_ERROR, ZNATOK_ERROR_STORE,
			    "the output cannot be written: %s",
			    g_strerror(errno));
		return false;
	}
	if (!console_write_position(console, &position, error) ||
	    !sqlite_commit(console->host.db, error))
		return false;
	console->position = position;
	return true;
}

static bool console_step(void *self, GError **error)
{
	struct console *console = self;
	for (;;) {
		g_autoptr(GPtrArray) wires = mail_to_send(
			console->host.db, CONSOLE_NETWORK, SENT_AT_ONCE, error);
		if (!wires)
			return false;
		if (wires->len == 0)
			return true;
		if (!sqlite_begin(console->host.db, error))
			return false;
		if (!send_some(console, wires, error)) {
			sqlite_rollback(console->host.db);
			return false;
		}
	}
}

/* ---- the network ---- */

static void terminal_line(const char *text, void *data)
{
	struct console *console = data;
	if (text)
		g_string_append_printf(console->input, "%s\n", text);
	else
		console->ended = true;
	console_read(console);
}

static gboolean start(gpointer data)
{
	struct console *console = data;
	console->timer = 0;
	if (console->options.terminal)
		console->terminal = terminal_new(console->options.as,
						 terminal_line, console);
	console_read(console);
	return G_SOURCE_REMOVE;
}

static void console_close(void *self)
{
	struct console *console = self;
	if (console->source)
		g_source_remove(console->source);
	if (console->timer)
		g_source_remove(console->timer);
	terminal_free(console->terminal);
	g_string_free(console->input, true);
	g_free(console);
}

static void *console_open(const struct chat_host *host, const void *options,
			  GError **error)
{
	struct console *console = g_new0(struct console, 1);
	console->host = *host;
	console->options = *(const struct console_options *)options;
	console->input = g_string_new(NULL);
	int64_t latest = 0;
	if (!read_position(console, error) ||
	    !mail_latest(host->db, &latest, error)) {
		console_close(console);
		return NULL;
	}
	if (console->options.script) {
		/* A process may have been killed on the clock's way; what came
		 * by the real clock meanwhile moves it no further. */
		const struct position *p = &console->position;
		clock_move(host->clock, MAX(p->clock, MIN(latest, p->until)));
		*host->seed = console->position.seed;
	}
	/* What an earlier process was killed in goes on first. */
	console->taken = true;
	console->timer = g_idle_add(start, console);
	return console;
}

const struct chat_network console_network = {
	.name = CONSOLE_NETWORK,
	.can = { .edit = true, .react = true, .redact = true, .thread = true },
	.open = console_open,
	.render = console_render,
	.step = console_step,
	.close = console_close,
};
