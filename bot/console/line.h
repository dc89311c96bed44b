/*
 * The console's grammar: what a script or a person writes on one line.
 *
 *	alice: !q gil               says it in room main
 *	#python bob: !quiz          says it in room python
 *	bob>: !score                says it to the bot alone
 *	/reply alice 3 text         answers message 3, in its room
 *	/thread alice 3 text        says it in the thread of message 3
 *	/edit alice 5 text          /redact alice 5          /react alice 3
 *2️⃣ /join carol moderator #python /wait 30s                   /at
 *2025-03-30T09:30Z    /seed 7 # a comment
 *
 * Anything else is said in room main by whoever sits at the console.
 */

#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <glib.h>
#include "bot/chat.h"

#define CONSOLE_LINE_ERROR (console_line_error_quark())

static inline GQuark console_line_error_quark(void)
{
	return g_quark_from_static_string("console-line-error");
}

enum console_what {
	CONSOLE_NOTHING, /* an empty line, a comment */
	CONSOLE_SAY,
	CONSOLE_REPLY,
	CONSOLE_THREAD,
	CONSOLE_EDIT,
	CONSOLE_REDACT,
	CONSOLE_REACT,
	CONSOLE_JOIN,
	CONSOLE_WAIT,
	CONSOLE_AT,
	CONSOLE_SEED,
};

struct console_line {
	enum console_what what;
	char *name; /* NULL: whoever sits at the console */
	char *room; /* "#main", "bob>"; NULL: that of message `number` */
	char *text;
	int64_t number;	     /* of a message; of /seed; ms of /wait, /at */
	enum chat_role role; /* of /join */
};
typedef struct console_line console_line;

/*
 * Reads one line without its newline. False with a sentence that says what
 * would have been right; line is then empty. console_line_clear() in any case.
 */
bool console_line_parse(const char *text, struct console_line *line,
			GError **error);
void console_line_clear(struct console_line *line);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(console_line, console_line_clear)
