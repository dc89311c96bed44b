/*
 * A feed: events made up for one user's /sync and kept nowhere, so that
 * millions of them can be streamed. What the user sends to the rooms of the
 * feed is counted and echoed, and not kept either.
 */

#pragma once

#include "tests/mock/call.h"
#include "tests/mock/slice.h"

/* The answer to a /sync of the feed's user; NULL: there is nothing to give. */
GString *feed_sync(const struct sync *sync);
/* Takes a message that the feed's user sends, and answers the call. False: it
 * is none of the feed's. */
bool feed_send(struct call *call);
