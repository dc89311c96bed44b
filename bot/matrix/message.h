/*
 * An event -> what somebody said or did, in the words of chat.h. Pure.
 *
 *	m.room.message m.text, m.emote     CHAT_MESSAGE, or CHAT_EDIT
 *	m.reaction                         CHAT_REACT
 *	m.room.redaction                   CHAT_REDACT
 *
 * m.notice is what bots say, and is never for a bot (Client-Server API,
 * "m.notice").
 */

#pragma once

#include <stdbool.h>
#include "bot/chat.h"
#include "bot/matrix/event.h"

struct message {
	enum chat_kind kind;
	char *text;
	const char *target; /* borrowed from the event, as the next */
	const char *thread;
	bool listed; /* m.mentions names us */
	bool named;  /* the text does, and the name is cut out of it */
};
typedef struct message message;

/* Who we are; own_name may be NULL. */
struct message_reader {
	const char *own_id, *own_name;
	int room_version;
};

/* False: it is nothing that anybody says. message_clear() in any case. */
bool message_read(const struct message_reader *reader,
		  const struct event *event, struct message *message);
void message_clear(struct message *message);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(message, message_clear)
