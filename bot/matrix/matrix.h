/*
 * Matrix: the chat network of a homeserver, over the Client-Server API. What
 * each part does:
 *
 *	client, session, opening   the token: login, refresh, logout
 *	sync, delta       asks what is new, one request at a time
 *	take              puts an answer into the store, in one transaction
 *	message, event    what people say -> chat.h
 *	room              what state events make of a room
 *	gap               fetches what a /sync left out
 *	task              joins, leaves, tells who invited us: until it is done
 *	content           what the bot says -> bytes
 *	send              the outbox on the wire, exactly once
 *	courtesy          read receipts, typing
 */

#pragma once

#include "bot/chat.h"

/* Its account is [matrix] of bot.conf. */
extern const struct chat_network matrix_network;
