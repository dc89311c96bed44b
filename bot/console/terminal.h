/* Line editing with history on a terminal; the only user of libedit. */

#pragma once

struct terminal;

/*
 * Reads lines from the terminal on the main loop, and hands each one to line,
 * NULL at the end of the input (Ctrl-D). One at a time in a process.
 */
struct terminal *terminal_new(const char *prompt,
			      void (*line)(const char *text, void *data),
			      void *data);

/* Gives the terminal back. NULL does nothing. */
void terminal_free(struct terminal *terminal);

/* Shows the prompt, and what has been typed, again below what was printed. */
void terminal_redraw(struct terminal *terminal);

/* Columns; 80 where the terminal does not say. */
unsigned terminal_width(void);
