/* What people say on the console, line by line into the inbox. */

#include <errno.h>
#include <glib-unix.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "bot/base/clock.h"
#include "bot/console/console_private.h"
#include "bot/console/line.h"
#include "bot/store/alarm.h"
#include "bot/store/mail.h"
#include "bot/store/person.h"
#include "bot/store/room.h"

#define BOT_NAME "znatok"

enum { LINE_MOST = 65536, CHUNK = 65536 };

static void complain(struct console *console, const char *what)
{
	fprintf(stderr, "line %" PRId64 ": %s\n", console->position.lines + 1,
		what);
}

/* Fills in what the grammar leaves to the state: speaker, room. False with
 * *why where the line cannot be. */
static bool complete(struct console *console, struct console_line *line,
		     char **why, GError **error)
{
	*why = NULL;
	if (!line->name)
		line->name = g_strdup(console->options.as);
	bool speech = line->what >= CONSOLE_SAY && line->what <= CONSOLE_REACT;
	if (line->room || !speech)
		return true;
	char number[24];
	g_snprintf(number, sizeof(number), "%" PRId64, line->number);
	if (!mail_room_of(console->host.db, CONSOLE_NETWORK, number,
			  &line->room, error))
		return false;
	if (!line->room)
		*why = g_strdup_printf("there is no message %s", number);
	return true;
}

/* "znatok, what is gil" and "@znatok: gil" mention the bot. */
static const char *after_mention(const char *text)
{
	const char *rest = text + (*text == '@');
	if (g_ascii_strncasecmp(rest, BOT_NAME, strlen(BOT_NAME)) != 0)
		return NULL;
	rest += strlen(BOT_NAME);
	if (*rest != ':' && *rest != ',' && !(*text == '@' && *rest == ' '))
		return NULL;
	rest++;
	return rest + strspn(rest, " \t");
}

static bool role_of(struct console *console, const struct console_line *line,
		    enum chat_role *role, GError **error)
{
	struct sqlite *db = console->host.db;
	int64_t person, room;
	bool direct = line->room[0] != '#';
	if (!person_number(db, CONSOLE_NETWORK, line->name, line->name, &person,
			   error) ||
	    !room_number(db, CONSOLE_NETWORK, line->room, direct, &room,
			 error) ||
	    !person_role(db, person, room, role, error))
		return false;
	if (g_str_equal(line->name, console->options.login))
		*role = CHAT_ADMIN;
	return true;
}

static bool put_message(struct console *console,
			const struct console_line *line,
			struct position *position, GError **error)
{
	static const enum chat_kind kinds[] = {
		[CONSOLE_SAY] = CHAT_MESSAGE,	 [CONSOLE_REPLY] = CHAT_MESSAGE,
		[CONSOLE_THREAD] = CHAT_MESSAGE, [CONSOLE_EDIT] = CHAT_EDIT,
		[CONSOLE_REDACT] = CHAT_REDACT,	 [CONSOLE_REACT] = CHAT_REACT,
	};
	enum chat_kind kind = kinds[line->what];
	char event[32], number[24];
	g_snprintf(number, sizeof(number), "%" PRId64, line->number);
	if (kind == CHAT_MESSAGE)
		g_snprintf(event, sizeof(event), "%" PRId64, position->next++);
	else /* only messages have numbers; lines are unique as well */
		g_snprintf(event, sizeof(event), "line %" PRId64,
			   position->lines + 1);
	enum chat_role role;
	if (!role_of(console, line, &role, error))
		return false;
	const char *bare =
		kind == CHAT_MESSAGE ? after_mention(line->text) : NULL;
	struct chat_message message = {
		.event = event,
		.kind = kind,
		.room = line->room,
		.person = line->name,
		.name = line->name,
		.role = role,
		.direct = line->room[0] != '#',
		.mentioned = bare != NULL,
		.text = bare ? bare : line->text,
		.target = line->number ? number : NULL,
		.thread = line->what == CONSOLE_THREAD ? number : NULL,
		.at = clock_now(console->host.clock),
	};
	return mail_receive(console->host.db, CONSOLE_NETWORK, &message,
			    message.at, NULL, error);
}

/* A moderator is one of a room, an admin one everywhere (room 0). */
static bool join(struct console *console, const struct console_line *line,
		 GError **error)
{
	struct sqlite *db = console->host.db;
	int64_t person, room;
	enum chat_role here = MIN(line->role, CHAT_MODERATOR);
	enum chat_role everywhere =
		line->role == CHAT_ADMIN ? CHAT_ADMIN : CHAT_USER;
	return person_number(db, CONSOLE_NETWORK, line->name, line->name,
			     &person, error) &&
	       room_number(db, CONSOLE_NETWORK, line->room, false, &room,
			   error) &&
	       person_set_role(db, person, room, here, error) &&
	       person_set_role(db, person, 0, everywhere, error);
}

static bool store_line(struct console *console, const struct console_line *line,
		       struct position *position, GError **error)
{
	if (line->what == CONSOLE_JOIN)
		return join(console, line, error);
	int64_t now = clock_now(console->host.clock);
	if (line->what == CONSOLE_SEED)
		position->seed = (uint64_t)line->number;
	if (line->what == CONSOLE_WAIT && console->options.script)
		position->until = now + line->number;
	if (line->what == CONSOLE_AT && line->number > now)
		position->until = line->number;
	bool speech = line->what >= CONSOLE_SAY && line->what <= CONSOLE_REACT;
	return !speech || put_message(console, line, position, error);
}

/* One line is one delivery: one transaction, the position written last. */
static bool deliver(struct console *console, const struct console_line *line,
		    GError **error)
{
	struct position position = console->position;
	if (!sqlite_begin(console->host.db, error))
		return false;
	bool well = store_line(console, line, &position, error);
	position.lines++;
	if (console->options.script)
		position.clock = console->host.clock->now;
	if (well && console_write_position(console, &position, error) &&
	    sqlite_commit(console->host.db, error)) {
		console->position = position;
		if (console->options.script)
			*console->host.seed = position.seed;
		return true;
	}
	sqlite_rollback(console->host.db);
	return false;
}

static void echo(struct console *console, const struct console_line *line)
{
	if (!console->options.script)
		return;
	if (line->what == CONSOLE_EDIT)
		printf("[%" PRId64 "*] %s %s: %s\n", line->number, line->room,
		       line->name, line->text);
	else if (line->what == CONSOLE_REACT)
		printf("[%" PRId64 "] + %s %s\n", line->number, line->text,
		       line->name);
	else if (line->what == CONSOLE_REDACT)
		printf("[%" PRId64 "] - %s\n", line->number, line->name);
	else if (line->what >= CONSOLE_SAY && line->what <= CONSOLE_THREAD)
		printf("[%" PRId64 "] %s %s: %s\n", console->position.next - 1,
		       line->room, line->name, line->text);
}

static bool refuse(struct console *console, const struct console_line *line)
{
	bool of_script = line->what == CONSOLE_AT || line->what == CONSOLE_SEED;
	if (!of_script || console->options.script)
		return false;
	complain(console, "/at and /seed are for --script only");
	return true;
}

static gboolean timer_rings(gpointer data)
{
	struct console *console = data;
	console->timer = 0;
	console->waiting = false;
	console_read(console);
	return G_SOURCE_REMOVE;
}

static void wait_for(struct console *console, int64_t ms)
{
	console->waiting = true;
	console->timer =
		g_timeout_add((guint)MIN(ms, G_MAXINT), timer_rings, console);
}

static bool save_clock(struct console *console, GError **error)
{
	struct position position = console->position;
	position.clock = console->host.clock->now;
	position.until = 0;
	if (!sqlite_begin(console->host.db, error))
		return false;
	if (console_write_position(console, &position, error) &&
	    sqlite_commit(console->host.db, error)) {
		console->position = position;
		return true;
	}
	sqlite_rollback(console->host.db);
	return false;
}

/* Moves a script's clock to where it is to go, stopping at every alarm on the
 * way. False: the disk is in trouble. */
static bool move_clock(struct console *console, GError **error)
{
	int64_t due, until = console->position.until;
	/* A script's clock waits for the next script. */
	if (!console->options.script)
		return true;
	while (until) {
		if (!alarm_next(console->host.db,
				clock_now(console->host.clock), &due, error))
			return false;
		clock_move(console->host.clock, MIN(due, until));
		if (due > until)
			return save_clock(console, error);
		if (!console->host.drain(console->host.data))
			return false;
	}
	return true;
}

/* Takes one line: into the store, or onto the clock. False: trouble of the
 * disk, nothing was taken. */
static bool take(struct console *console, const char *text, GError **error)
{
	g_auto(console_line) line = { 0 };
	g_autoptr(GError) wrong = NULL;
	g_autofree char *why = NULL;
	if (!console_line_parse(text, &line, &wrong)) {
		complain(console, wrong->message);
	} else if (refuse(console, &line)) {
		console_line_clear(&line);
	} else if (line.what != CONSOLE_NOTHING) {
		if (!complete(console, &line, &why, error))
			return false;
		if (why) {
			complain(console, why);
			console_line_clear(&line);
		}
	}
	if (!deliver(console, &line, error))
		return false;
	echo(console, &line);
	if (line.what == CONSOLE_WAIT && !console->options.script)
		wait_for(console, line.number);
	return true;
}

/* The rest of a line that was cut is nobody's word. */
static void skip_tail(struct console *console)
{
	GString *input = console->input;
	if (!console->skipping)
		return;
	const char *end = memchr(input->str, '\n', input->len);
	g_string_erase(input, 0, end ? end - input->str + 1 : -1);
	console->skipping = !end;
}

/* The first line of the input, valid UTF-8; NULL: not whole yet. */
static char *first_line(struct console *console, size_t *len)
{
	GString *input = console->input;
	skip_tail(console);
	const char *end = memchr(input->str, '\n', input->len);
	if (!end && !(console->ended && input->len > 0) &&
	    input->len <= LINE_MOST)
		return NULL;
	size_t line_len = end ? (size_t)(end - input->str) : input->len;
	*len = line_len + (end != NULL);
	if (line_len > LINE_MOST) {
		complain(console, "a line is cut after 65536 bytes");
		line_len = LINE_MOST;
		console->skipping = !end;
	}
	if (line_len > 0 && input->str[line_len - 1] == '\r')
		line_len--;
	return g_utf8_make_valid(input->str, (gssize)line_len);
}

/* Does what the last line asked for, to its end. */
static bool finish_line(struct console *console, GError **error)
{
	if (!console->taken)
		return true;
	if (!console->host.drain(console->host.data) ||
	    !move_clock(console, error))
		return false;
	console->taken = false;
	return true;
}

/* False: the disk is in trouble, and a timer will try again. */
static bool take_lines(struct console *console)
{
	g_autoptr(GError) error = NULL;
	while (!console->waiting) {
		if (!finish_line(console, &error))
			break;
		size_t len;
		g_autofree char *line = first_line(console, &len);
		if (!line)
			return true;
		if (!take(console, line, &error))
			break;
		g_string_erase(console->input, 0, (gssize)len);
		console->taken = true;
	}
	if (console->waiting)
		return true;
	if (error)
		console->host.trouble(console->host.data, error);
	wait_for(console, CLOCK_SECOND);
	return false;
}

static gboolean input_ready(gint fd, GIOCondition condition, gpointer data)
{
	(void)condition;
	struct console *console = data;
	g_autofree char *chunk = g_malloc(CHUNK);
	console->source =
		0; /* console_read() listens again when it wants more */
	ssize_t len = read(fd, chunk, CHUNK);
	if (len > 0)
		g_string_append_len(console->input, chunk, len);
	console->ended =
		len == 0 || (len < 0 && errno != EAGAIN && errno != EINTR);
	console_read(console);
	return G_SOURCE_REMOVE;
}

/* Nothing is read from the input while a line waits. */
void console_read(struct console *console)
{
	take_lines(console);
	if (console->waiting)
		return;
	if (console->ended)
		g_main_loop_quit(console->options.loop);
	else if (!console->terminal && !console->source)
		console->source = g_unix_fd_add(STDIN_FILENO,
						G_IO_IN | G_IO_HUP | G_IO_ERR,
						input_ready, console);
}
