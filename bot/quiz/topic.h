/* A topic as somebody types it, in either keyboard layout, and the paths of
 * entries that belong to it: "python" holds "team/python/basics". */

#pragma once

#include <stdbool.h>
#include <glib.h>

enum { TOPIC_READINGS = 3 };

struct topic {
	char *wanted[TOPIC_READINGS]; /* squashed (words.h) */
};
typedef struct topic topic;

void topic_init(struct topic *topic, const char *typed);
void topic_clear(struct topic *topic);

/* One of the topics, outermost first, is the one meant. */
bool topic_is_in(const struct topic *topic, char *const *path);

/* The same of a path in one text, its parts joined by '/'. */
bool topic_holds(const struct topic *topic, const char *path);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(topic, topic_clear)
