/*
 * What the bot says -> the bytes that are sent, once and for all. Pure.
 *
 *	/rooms/%21a%3Ab/send/m.room.message/      where to, without the id
 *	{"msgtype":"m.notice","body":…}           what
 *
 * Every event that we make carries "org.znatok.id": its transaction id, by
 * which it is known again whatever device or server tells of it.
 */

#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <glib.h>
#include "bot/chat.h"

#define CONTENT_ID "org.znatok.id"

/* An event may have 65,536 bytes with all that the server puts around it
 * (Client-Server API, "Size limits"). */
enum { CONTENT_MOST = 60000 };

/* GPtrArray of GBytes, a part each, none with a content of over `most` bytes.
 * Parts behind the first answer nobody and mention nobody. */
GPtrArray *content_render(const struct chat_reply *reply, size_t most);

/* Reads such bytes: path and body are borrowed. False: they are none. */
bool content_cut(GBytes *bytes, const char **path, size_t *path_len,
		 const char **body, size_t *body_len);

/* The room that they are addressed to; NULL: it cannot be told. */
char *content_room(GBytes *bytes);

/*
 * The same message for another room, under another transaction id: without
 * what it answers, and an edit as what it was to say. NULL: it is nothing that
 * can be said there. Only the first room has what it reacts to or redacts.
 */
GBytes *content_moved(GBytes *bytes, const char *room, const char *txn_id);

/* Whom it mentions; NULL: nobody. Caller frees. */
char *content_mention(GBytes *bytes);

/* The same message under another transaction id. */
GBytes *content_with_id(GBytes *bytes, const char *txn_id);

/*
 * The two halves of a message that the server finds too large, cut at a line
 * end or a space, as plain text. False where it cannot be any smaller.
 */
bool content_halve(GBytes *bytes, const char *first_txn, const char *second_txn,
		   GBytes **first, GBytes **second);
