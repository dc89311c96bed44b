#include "tests/mock/create.h"

#include "tests/mock/handlers.h"

/* Puts a state event, or replaces what it is. */
static void put(struct home *home, struct room *room, const char *sender,
		const char *type, const char *content)
{
	room_put(home, room,
		 &(struct draft){ .sender = sender,
				  .type = type,
				  .state_key = "",
				  .content = content });
}

static void put_create(struct home *home, struct room *room,
		       const char *creator, const cJSON *json)
{
	const cJSON *given = member_of(json, "creation_content");
	g_autoptr(cJSON) content =
		given ? cJSON_Duplicate(given, true) : cJSON_CreateObject();
	cJSON_AddStringToObject(content, "room_version", room->version);
	if (!room_is_version(room, 11))
		cJSON_AddStringToObject(content, "creator", creator);
	g_autofree char *text = text_print(content);
	put(home, room, creator, "m.room.create", text);
}

/* Creators are not listed from version 12 on. */
static void put_powers(struct home *home, struct room *room,
		       const char *creator, const cJSON *json)
{
	g_autoptr(cJSON) content = cJSON_CreateObject();
	cJSON *users = cJSON_AddObjectToObject(content, "users");
	const cJSON *over = member_of(json, "power_level_content_override"),
		    *one;
	cJSON_AddNumberToObject(content, "users_default", 0);
	cJSON_AddNumberToObject(content, "events_default", 0);
	cJSON_AddNumberToObject(content, "state_default", 50);
	cJSON_AddNumberToObject(content, "redact", 50);
	if (!room_is_version(room, 12))
		cJSON_AddNumberToObject(users, creator, 100);
	const char *preset = text_of(json, "preset");
	if (g_strcmp0(preset, "trusted_private_chat") == 0)
		cJSON_ArrayForEach(one, member_of(json, "invite"))
			cJSON_AddNumberToObject(users, one->valuestring, 100);
	cJSON_ArrayForEach(one, over)
	{
		cJSON_DeleteItemFromObjectCaseSensitive(content, one->string);
		cJSON_AddItemToObject(content, one->string,
				      cJSON_Duplicate(one, true));
	}
	g_autofree char *text = text_print(content);
	put(home, room, creator, "m.room.power_levels", text);
}

static void put_text(struct home *home, struct room *room, const char *creator,
		     const char *type, const char *key, const char *value)
{
	if (!value)
		return;
	g_autoptr(GString) content = g_string_new("{");
	text_member(content, key, value);
	text_end(content);
	g_string_append_c(content, '}');
	put(home, room, creator, type, content->str);
}

static void put_initial(struct home *home, struct room *room,
			const char *creator, const cJSON *json)
{
	const cJSON *one;
	cJSON_ArrayForEach(one, member_of(json, "initial_state"))
	{
		const char *key = text_of(one, "state_key");
		g_autofree char *content =
			text_print(member_of(one, "content"));
		room_put(home, room,
			 &(struct draft){ .sender = creator,
					  .type = text_of(one, "type"),
					  .state_key = key ? key : "",
					  .content = content });
	}
}

struct room *create_room(struct home *home, const char *creator,
			 const cJSON *json)
{
	const char *preset = text_of(json, "preset");
	bool open = g_strcmp0(preset, "public_chat") == 0;
	struct room *room = room_new(home, text_of(json, "room_id"),
				     text_of(json, "room_version"));
	room->remote = truth_of(json, "remote");
	put_create(home, room, creator, json);
	room_member(home, room, creator, creator, "join", NULL);
	put_powers(home, room, creator, json);
	put_text(home, room, creator, "m.room.join_rules", "join_rule",
		 open ? "public" : "invite");
	put_text(home, room, creator, "m.room.history_visibility",
		 "history_visibility", "shared");
	put_initial(home, room, creator, json);
	put_text(home, room, creator, "m.room.name", "name",
		 text_of(json, "name"));
	put_text(home, room, creator, "m.room.topic", "topic",
		 text_of(json, "topic"));
	const cJSON *one;
	const char *more =
		truth_of(json, "is_direct") ? "\"is_direct\":true," : NULL;
	cJSON_ArrayForEach(one, member_of(json, "invite")) room_member(
		home, room, creator, one->valuestring, "invite", more);
	return room;
}

struct room *create_busy_room(struct home *home, const char *name,
			      char *const *members, guint messages,
			      const char *body)
{
	g_autoptr(cJSON) json = cJSON_CreateObject();
	cJSON_AddStringToObject(json, "name", name);
	struct room *room = create_room(home, members[0], json);
	guint len = g_strv_length((char **)members);
	for (guint i = 1; i < len; i++)
		room_member(home, room, members[i], members[i], "join", NULL);
	g_autoptr(GString) content =
		g_string_new("{\"msgtype\":\"m.text\",\"body\":");
	text_quote(content, body);
	g_string_append_c(content, '}');
	for (guint i = 0; i < messages; i++)
		room_put(home, room,
			 &(struct draft){ .sender = members[i % len],
					  .type = "m.room.message",
					  .content = content->str });
	return room;
}

void create_post(struct call *call)
{
	const cJSON *json = call_json(call);
	if (json)
		call_text(call, "room_id",
			  create_room(call->home, call->user->id, json)->id);
}
