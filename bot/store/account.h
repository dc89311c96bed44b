/* The session of a network: who the bot is there, and by what right. */

#pragma once

#include <stdbool.h>
#include <stdint.h>
#include "kb/sqlite.h"

enum account_state {
	ACCOUNT_LIVE,
	ACCOUNT_SOFT, /* logged out, the device stays: log in again as it */
	ACCOUNT_DEAD, /* logged out for good: log in as a new device */
};

struct account {
	char *base_url; /* of the server; without a slash at its end */
	char *user_id, *device_id;
	char *access_token;
	char *refresh_token; /* NULL: the server gave none */
	int64_t expires;     /* of the access token, ms UTC; 0: not told */
	enum account_state state;
};
typedef struct account account;

/* *found false: the bot has never been there, account is empty. */
bool account_read(struct sqlite *db, const char *network,
		  struct account *account, bool *found, GError **error);
bool account_write(struct sqlite *db, const char *network,
		   const struct account *account, GError **error);

/* Wipes the tokens. */
void account_clear(struct account *account);

/* Frees a secret and leaves nothing of it in memory; NULL does nothing. */
void account_wipe(char **secret);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(account, account_clear)
