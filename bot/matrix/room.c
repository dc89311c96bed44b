#include "bot/matrix/room.h"

#include <string.h>

enum { VERSION_CREATORS = 12, VERSION_NEWEST = 1000, ID_MOST = 255 };

static void set(char **field, const char *value, bool *changed)
{
	if (g_strcmp0(*field, value) == 0)
		return;
	g_free(*field);
	*field = g_strdup(value);
	*changed = true;
}

bool room_is_joined(const struct matrix_room *room)
{
	return g_str_equal(room->membership, "join");
}

const char *room_title(const struct matrix_room *room)
{
	return room->name && *room->name ? room->name : room->room_id;
}

int room_version(const struct matrix_room *room)
{
	gint64 number = 0;
	if (!room->version)
		return 1;
	if (!g_ascii_string_to_signed(room->version, 10, 1, VERSION_NEWEST,
				      &number, NULL))
		return VERSION_NEWEST;
	return (int)number;
}

static void apply_create(struct matrix_room *room, const struct event *event,
			 bool *changed)
{
	const struct json *content = event->content;
	const char *version = json_text_of(content, "room_version");
	const char *creator = json_text_of(content, "creator");
	set(&room->version, version ? version : "1", changed);
	set(&room->predecessor,
	    json_text_of(json_get(content, "predecessor"), "room_id"), changed);
	set(&room->task_token, json_text_of(content, "org.znatok.id"), changed);
	/* Up to version 10 the content names the creator. */
	if (!creator || room_version(room) > 10)
		creator = event->sender;
	g_autoptr(json) creators = json_array();
	json_append_text(creators, creator);
	const struct json *more = json_get(content, "additional_creators");
	if (room_version(room) >= VERSION_CREATORS)
		for (more = json_first(more); more; more = json_next(more))
			if (json_as_text(more))
				json_append_text(creators, json_as_text(more));
	g_autofree char *text = json_print(creators);
	set(&room->creators, text, changed);
}

static void apply_encryption(struct matrix_room *room,
			     const struct event *event, bool *changed)
{
	const char *algorithm = json_text_of(event->content, "algorithm");
	if (room->encryption)
		return;
	set(&room->encryption, algorithm && *algorithm ? algorithm : "unknown",
	    changed);
	room->plain = false;
}

static void apply_power_levels(struct matrix_room *room,
			       const struct event *event, bool *changed)
{
	g_autofree char *text = json_print(event->content);
	set(&room->power_levels, text, changed);
}

static void apply_name(struct matrix_room *room, const struct event *event,
		       bool *changed)
{
	set(&room->name, json_text_of(event->content, "name"), changed);
}

/* "!opaque:server", since room version 12 without a server (Appendices, "Room
 * IDs"). */
static bool is_room_id(const char *id)
{
	size_t len = strlen(id);
	if (*id != '!' || len < 2 || len > ID_MOST)
		return false;
	for (; *id; id = g_utf8_next_char(id))
		if (g_unichar_iscntrl(g_utf8_get_char(id)) ||
		    g_unichar_isspace(g_utf8_get_char(id)))
			return false;
	return true;
}

static void apply_tombstone(struct matrix_room *room, const struct event *event,
			    bool *changed)
{
	const char *id = json_text_of(event->content, "replacement_room");
	set(&room->replacement, id && is_room_id(id) ? id : NULL, changed);
}

static void apply_member(struct matrix_room *room, const struct event *event,
			 bool *changed)
{
	static const char *const known[] = { "join", "invite", "leave",
					     "ban",  "knock",  NULL };
	const char *membership = json_text_of(event->content, "membership");
	if (!membership || !g_strv_contains(known, membership))
		return;
	if (g_str_equal(membership, "invite"))
		set(&room->inviter, event->sender, changed);
	set(&room->membership, membership, changed);
}

void room_apply(struct matrix_room *room, const struct event *event,
		const char *own_id, bool *changed)
{
	static const struct {
		const char *type;
		void (*apply)(struct matrix_room *room,
			      const struct event *event, bool *changed);
	} types[] = {
		{ "m.room.create", apply_create },
		{ "m.room.encryption", apply_encryption },
		{ "m.room.power_levels", apply_power_levels },
		{ "m.room.name", apply_name },
		{ "m.room.tombstone", apply_tombstone },
	};
	if (!event->state_key)
		return;
	if (g_str_equal(event->type, "m.room.member") &&
	    g_str_equal(event->state_key, own_id))
		apply_member(room, event, changed);
	for (size_t i = 0; i < G_N_ELEMENTS(types); i++)
		if (event_is_state(event, types[i].type))
			types[i].apply(room, event, changed);
}

static bool is_creator(const struct matrix_room *room, const char *user_id)
{
	g_autoptr(json) creators =
		room->creators ? json_parse(room->creators,
					    strlen(room->creators), NULL)
			       : NULL;
	return json_has_text(creators, user_id);
}

int64_t room_power(const struct matrix_room *room, const char *user_id)
{
	int64_t power = 0;
	if (room_version(room) >= VERSION_CREATORS && is_creator(room, user_id))
		return ROOM_POWER_CREATOR;
	if (!room->power_levels)
		return is_creator(room, user_id) ? 100 : 0;
	g_autoptr(json) levels = json_parse(room->power_levels,
					    strlen(room->power_levels), NULL);
	json_int_of(levels, "users_default", &power);
	json_int_of(json_get(levels, "users"), user_id, &power);
	return power;
}

enum chat_role room_role(const struct matrix_room *room, const char *user_id)
{
	return room_power(room, user_id) >= ROOM_POWER_MODERATOR
		       ? CHAT_MODERATOR
		       : CHAT_USER;
}
