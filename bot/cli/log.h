/* The log: a line a message on stderr, as people and journald read it. */

#pragma once

/* From now on GLib's log goes there. Under journald (JOURNAL_STREAM is set)
 * each line begins with its priority, <4>: sd-daemon(3). */
void log_begin(void);

/* Of [bot] log_level: error, warning, info, debug. */
void log_set_level(const char *level);
