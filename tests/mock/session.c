/* Logging in, refreshing, logging out. */

#include <string.h>
#include "tests/mock/handlers.h"

void versions_get(struct call *call)
{
	call_answer(call, 200,
		    g_string_new("{\"versions\":[\"v1.1\",\"v1.11\",\"v1.12\"],"
				 "\"unstable_features\":{}}"));
}

void login_get(struct call *call)
{
	call_answer(
		call, 200,
		g_string_new("{\"flows\":[{\"type\":\"m.login.password\"}]}"));
}

/* Members of the answer to a login or refresh. */
static void write_tokens(GString *out, const struct home *home,
			 const struct token *access,
			 const struct token *refresh)
{
	text_member(out, "access_token", access->text);
	if (refresh)
		text_member(out, "refresh_token", refresh->text);
	if (access->expires)
		g_string_append_printf(
			out, "\"expires_in_ms\":%" G_GINT64_FORMAT ",",
			home->token_lifetime);
}

static void log_in(struct call *call, struct user *user, const cJSON *json)
{
	struct home *home = call->home;
	const char *id = text_of(json, "device_id");
	struct device *device = device_find(home, user, id);
	/* Who logs in as a device ends what it had. */
	device_logout(home, device, false);
	if (text_of(json, "initial_device_display_name") && !device->name)
		device->name =
			g_strdup(text_of(json, "initial_device_display_name"));
	struct token *access = token_new(home, device, false);
	struct token *refresh = NULL;
	if (truth_of(json, "refresh_token") && !home->no_refresh) {
		refresh = token_new(home, device, true);
		refresh->pair = g_strdup(access->text);
	}
	GString *out = g_string_new("{");
	text_member(out, "user_id", user->id);
	text_member(out, "device_id", device->id);
	write_tokens(out, home, access, refresh);
	text_end(out);
	g_string_append_c(out, '}');
	call_answer(call, 200, out);
}

void login_post(struct call *call)
{
	const cJSON *json = call_json(call);
	if (!json)
		return;
	const cJSON *who = member_of(json, "identifier");
	const char *name = text_of(who, "user");
	const char *password = text_of(json, "password");
	if (g_strcmp0(text_of(json, "type"), "m.login.password") != 0 ||
	    g_strcmp0(text_of(who, "type"), "m.id.user") != 0 || !name ||
	    !password) {
		call_error(call, 400, "M_UNKNOWN", "Unknown login type");
		return;
	}
	struct user *user = user_find(call->home, name, false);
	if (!user || g_strcmp0(user->password, password) != 0)
		call_error(call, 403, "M_FORBIDDEN",
			   "Invalid username or password");
	else if (user->deactivated)
		call_error(call, 403, "M_USER_DEACTIVATED",
			   "This account has been deactivated");
	else
		log_in(call, user, json);
}

void refresh_post(struct call *call)
{
	const cJSON *json = call_json(call);
	if (!json)
		return;
	struct home *home = call->home;
	const char *text = text_of(json, "refresh_token");
	struct token *old = text ? token_use(home, text) : NULL;
	if (!old || !old->refresh) {
		call_error(call, old ? 403 : 401, "M_UNKNOWN_TOKEN",
			   "invalid refresh token");
		return;
	}
	/* The answer to an earlier refresh was lost, then. */
	token_drop(home, old->next_access);
	token_drop(home, old->next_refresh);
	g_free(old->next_access);
	g_free(old->next_refresh);
	struct token *access = token_new(home, old->device, false);
	struct token *refresh = token_new(home, old->device, true);
	refresh->pair = g_strdup(access->text);
	access->from = g_strdup(old->text);
	refresh->from = g_strdup(old->text);
	old->next_access = g_strdup(access->text);
	old->next_refresh = g_strdup(refresh->text);
	GString *out = g_string_new("{");
	write_tokens(out, home, access, refresh);
	text_end(out);
	g_string_append_c(out, '}');
	call_answer(call, 200, out);
}

void whoami_get(struct call *call)
{
	GString *out = g_string_new("{");
	text_member(out, "user_id", call->user->id);
	text_member(out, "device_id", call->device->id);
	g_string_append(out, "\"is_guest\":false}");
	call_answer(call, 200, out);
}

void logout_post(struct call *call)
{
	device_delete(call->home, call->device);
	call_ok(call);
}
