/* The log: a line a message on stderr, as people and journald read it. What
 * strangers have named stands in it, so that none of it is obeyed. */

#pragma once

/* From now on GLib's log goes there. Under journald (JOURNAL_STREAM is set)
 * each line begins with its priority, <4>: sd-daemon(3). */
void log_begin(void);

/* The text, of whatever bytes, in one line and as it stands: what a terminal
 * would obey, what ends a line and what turns its order about becomes \x1b,
 * \u2028. Caller frees. */
char *log_visible(const char *text);

/* Of [bot] log_level: error, warning, info, debug. */
void log_set_level(const char *level);
