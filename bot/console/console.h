/*
 * The console: a chat in the terminal, and what scripts and tests talk to.
 * line.h is its grammar. What is said has numbers, from 1, going on in a
 * state folder; they are the events' ids.
 */

#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <glib.h>
#include "bot/chat.h"

struct console_options {
	const char *as;	   /* who says lines that name nobody */
	const char *login; /* who is admin */
	bool script;	   /* echo, fixed seed, virtual clock */
	bool terminal;	   /* line editing and colours */
	GMainLoop *loop;   /* ended at the end of the input */
	int *status;	   /* becomes 1 if the output cannot be written */
};

/* Its options are a struct console_options. */
extern const struct chat_network console_network;

/* [A-Za-z][A-Za-z0-9_-]*, what the grammar calls a NAME. */
bool console_name_is_valid(const char *name);

/* Where a virtual clock starts in a new state: 2025-01-01T09:00Z. */
int64_t console_first_moment(void);
