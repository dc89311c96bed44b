/*
 * What is done with a homeserver while nothing else is going on: a login by
 * hand, and the checks of znatok doctor. These wait for the answer.
 */

#pragma once

#include <stdbool.h>
#include "bot/matrix/api.h"
#include "bot/store/account.h"

/* One call, waited for; token and body may be NULL. api_answer_clear() in any
 * case. */
void login_call(struct http *http, const char *method, const char *url,
		const char *token, GBytes *body, struct api_answer *answer);

/* Where the homeserver is: see discovery.h. Caller frees; NULL with why. */
char *login_find(struct http *http, const char *homeserver, GError **error);

/*
 * Logs in with a password: as account's device where it has one, and fills
 * account. False with a sentence that says what the server says.
 */
bool login_with_password(struct http *http, const char *user,
			 const char *password, struct account *account,
			 GError **error);
