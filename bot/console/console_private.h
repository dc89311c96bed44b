/* The inside of the console, which console.c and input.c share. */

#pragma once

#include "bot/console/console.h"
#include "bot/console/terminal.h"

#define CONSOLE_NETWORK "console"

/* Where the console goes on: its row in the table of positions. */
struct position {
	int64_t next;  /* number of the next message */
	int64_t lines; /* that have been taken */
	int64_t clock; /* of a script */
	int64_t until; /* where the clock is to go: /wait, /at; 0: nowhere */
	uint64_t seed; /* of a script */
};

struct console {
	struct chat_host host;
	struct console_options options;
	struct position position;
	int64_t printed; /* the last wire row that this process printed */
	struct terminal *terminal; /* NULL: plain input */
	GString *input;		   /* read and not yet taken */
	bool ended;		   /* no more will be read */
	bool skipping;		   /* what is left of a line that was cut */
	bool taken;		   /* a line is in the store, not yet worked */
	bool waiting;		   /* for a timer, before the next line */
	guint source;		   /* of the input */
	guint timer;
};

/* Writes the position inside the caller's transaction. */
bool console_write_position(struct console *console,
			    const struct position *position, GError **error);

/*
 * Takes the lines that are there, each when the one before it has been worked
 * to its end, then listens for more; ends the loop at the end of the input.
 */
void console_read(struct console *console);
