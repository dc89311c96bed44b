#include "bot/store/account.h"

#include <assert.h>
#include <string.h>

#include "bot/store/db.h"

static const char *const states[] = {
	[ACCOUNT_LIVE] = "live",
	[ACCOUNT_SOFT] = "soft",
	[ACCOUNT_DEAD] = "dead",
};
static_assert(G_N_ELEMENTS(states) == ACCOUNT_DEAD + 1, "a word a state");

static enum account_state state_of(const char *word)
{
	for (size_t i = 0; i < G_N_ELEMENTS(states); i++)
		if (g_str_equal(states[i], word))
			return (enum account_state)i;
	return ACCOUNT_DEAD;
}

bool account_read(struct sqlite *db, const char *network,
		  struct account *account, bool *found, GError **error)
{
	*account = (struct account){ 0 };
	g_auto(sqlite_rows) rows = sqlite_ask(db, ACCOUNT_READ, V(network));
	*found = sqlite_next(&rows);
	if (*found) {
		account->base_url = g_strdup(sqlite_text(&rows, 0));
		account->user_id = g_strdup(sqlite_text(&rows, 1));
		account->device_id = g_strdup(sqlite_text(&rows, 2));
		account->access_token = g_strdup(sqlite_text(&rows, 3));
		account->refresh_token = g_strdup(sqlite_text(&rows, 4));
		account->expires = sqlite_int(&rows, 5);
		account->state = state_of(sqlite_text(&rows, 6));
	}
	return sqlite_end(&rows, error);
}

bool account_write(struct sqlite *db, const char *network,
		   const struct account *account, GError **error)
{
	const char *null = NULL;
	return sqlite_do(db, ACCOUNT_WRITE, error, V(network),
			 V(account->base_url), V(account->user_id),
			 V(account->device_id), V(account->access_token),
			 V(account->refresh_token),
			 account->expires ? V(account->expires) : V(null),
			 V(states[account->state]));
}

void account_wipe(char **secret)
{
	if (*secret)
		explicit_bzero(*secret, strlen(*secret));
	g_clear_pointer(secret, g_free);
}

void account_clear(struct account *account)
{
	account_wipe(&account->access_token);
	account_wipe(&account->refresh_token);
	g_free(account->base_url);
	g_free(account->user_id);
	g_free(account->device_id);
	*account = (struct account){ 0 };
}
