#include "bot/console/terminal.h"

#include <editline/readline.h>
#include <glib-unix.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

struct terminal {
	char *prompt;
	void (*line)(const char *text, void *data);
	void *data;
	guint source;
	bool handling; /* a line: the prompt comes back after it anyway */
	bool ended;
};

/* libedit hands its lines to a function without a word about whose. */
static struct terminal *the_terminal;

static void take_line(char *text)
{
	struct terminal *terminal = the_terminal;
	terminal->handling = true;
	if (text && *text)
		add_history(text);
	if (!text)
		terminal->ended = true;
	terminal->line(text, terminal->data);
	terminal->handling = false;
	free(text);
	/* libedit leaves its mode after a line; GNU readline would not. */
	if (!terminal->ended)
		rl_callback_handler_install(terminal->prompt, take_line);
}

static gboolean input_ready(gint fd, GIOCondition condition, gpointer data)
{
	(void)fd;
	(void)condition;
	struct terminal *terminal = data;
	rl_callback_read_char();
	if (!terminal->ended)
		return G_SOURCE_CONTINUE;
	terminal->source = 0;
	return G_SOURCE_REMOVE;
}

struct terminal *terminal_new(const char *name,
			      void (*line)(const char *text, void *data),
			      void *data)
{
	g_assert(!the_terminal);
	struct terminal *terminal = g_new0(struct terminal, 1);
	terminal->prompt = g_strdup_printf("%s> ", name);
	terminal->line = line;
	terminal->data = data;
	the_terminal = terminal;
	using_history();
	rl_callback_handler_install(terminal->prompt, take_line);
	terminal->source = g_unix_fd_add(STDIN_FILENO, G_IO_IN | G_IO_HUP,
					 input_ready, terminal);
	return terminal;
}

void terminal_free(struct terminal *terminal)
{
	if (!terminal)
		return;
	if (terminal->source)
		g_source_remove(terminal->source);
	rl_callback_handler_remove();
	putchar('\n');
	the_terminal = NULL;
	g_free(terminal->prompt);
	g_free(terminal);
}

void terminal_redraw(struct terminal *terminal)
{
	if (!terminal->handling)
		rl_forced_update_display();
}

unsigned terminal_width(void)
{
	struct winsize size;
	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0)
		return size.ws_col;
	return 80;
}
