/* Users, devices, tokens, account data. */

#include <string.h>
#include "tests/mock/home.h"

const char SERVER_NAME[] = "localhost";

char *home_random(struct home *home, size_t len)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMN"
				      "OPQRSTUVWXYZ0123456789-_";
	char *text = g_malloc(len + 1);
	for (size_t i = 0; i < len; i++)
		text[i] = letters[g_rand_int_range(home->rand, 0, 64)];
	text[len] = '\0';
	return text;
}

static char *local_id(const char *name)
{
	return *name == '@' ? g_strdup(name)
			    : g_strdup_printf("@%s:%s", name, SERVER_NAME);
}

struct user *user_find(struct home *home, const char *name, bool create)
{
	g_autofree char *id = local_id(name);
	struct user *user = g_hash_table_lookup(home->users, id);
	if (user || !create)
		return user;
	user = g_new0(struct user, 1);
	user->id = g_steal_pointer(&id);
	user->localpart = g_strndup(user->id + 1, strcspn(user->id + 1, ":"));
	user->name = g_strdup(user->localpart);
	user->devices = g_hash_table_new(g_str_hash, g_str_equal);
	user->rooms = g_hash_table_new(NULL, NULL);
	user->data = g_hash_table_new(g_str_hash, g_str_equal);
	user->filters = g_ptr_array_new_with_free_func(g_free);
	user->bodies = g_queue_new();
	g_hash_table_insert(home->users, user->id, user);
	return user;
}

struct device *device_find(struct home *home, struct user *user, const char *id)
{
	struct device *device =
		id ? g_hash_table_lookup(user->devices, id) : NULL;
	if (!device) {
		device = g_new0(struct device, 1);
		device->user = user;
		device->id = id ? g_strdup(id) : home_random(home, 10);
		g_hash_table_insert(user->devices, device->id, device);
	}
	device->deleted = false;
	return device;
}

struct token *token_new(struct home *home, struct device *device, bool refresh)
{
	struct token *token = g_new0(struct token, 1);
	g_autofree char *noise = home_random(home, 40);
	token->text = g_strdup_printf("%s_%s_%s", refresh ? "syr" : "syt",
				      device->user->localpart, noise);
	token->device = device;
	token->refresh = refresh;
	if (!refresh && home->token_lifetime)
		token->expires =
			g_get_monotonic_time() / 1000 + home->token_lifetime;
	g_hash_table_insert(home->tokens, token->text, token);
	return token;
}

void token_drop(struct home *home, const char *text)
{
	struct token *token =
		text ? g_hash_table_lookup(home->tokens, text) : NULL;
	if (!token)
		return;
	g_hash_table_remove(home->tokens, text);
	g_free(token->text);
	g_free(token->pair);
	g_free(token->next_access);
	g_free(token->next_refresh);
	g_free(token->from);
	g_free(token);
}

/* The old pair is good until the new one is used: then it goes. */
struct token *token_use(struct home *home, const char *text)
{
	struct token *token = g_hash_table_lookup(home->tokens, text);
	if (!token || !token->from)
		return token;
	struct token *old = g_hash_table_lookup(home->tokens, token->from);
	if (old) {
		struct token *twin = g_hash_table_lookup(
			home->tokens,
			token->refresh ? old->next_access : old->next_refresh);
		if (twin)
			g_clear_pointer(&twin->from, g_free);
		token_drop(home, old->pair);
		token_drop(home, token->from);
	}
	g_clear_pointer(&token->from, g_free);
	return token;
}

void device_expire(struct home *home, struct device *device)
{
	GHashTableIter iter;
	gpointer value;
	g_hash_table_iter_init(&iter, home->tokens);
	while (g_hash_table_iter_next(&iter, NULL, &value)) {
		struct token *token = value;
		if (token->device == device && !token->refresh)
			token->soft = true;
	}
}

void device_logout(struct home *home, struct device *device, bool soft)
{
	if (soft)
		device_expire(home, device);
	g_autoptr(GList) all = g_hash_table_get_values(home->tokens);
	for (GList *one = all; one; one = one->next) {
		struct token *token = one->data;
		if (token->device == device && (!soft || token->refresh))
			token_drop(home, token->text);
	}
}

void device_delete(struct home *home, struct device *device)
{
	device_logout(home, device, false);
	device->deleted = true;
}

void user_set_data(struct home *home, struct user *user, const char *type,
		   const char *content)
{
	struct datum *datum = g_hash_table_lookup(user->data, type);
	if (!datum) {
		datum = g_new0(struct datum, 1);
		datum->type = g_strdup(type);
		g_hash_table_insert(user->data, datum->type, datum);
	}
	g_free(datum->content);
	datum->content = g_strdup(content);
	struct step step = { .user = user, .datum = datum };
	g_array_append_val(home->stream, step);
	datum->pos = home_pos(home);
	home_changed(home);
}
