#include "bot/matrix/event.h"

#include <string.h>

enum { ID_MOST = 255 };

static bool is_id(const char *id)
{
	return id && *id && strlen(id) <= ID_MOST;
}

bool event_read(const struct json *json, struct event *event)
{
	const struct json *unsigned_data = json_get(json, "unsigned");
	*event = (struct event){
		.event_id = json_text_of(json, "event_id"),
		.type = json_text_of(json, "type"),
		.sender = json_text_of(json, "sender"),
		.state_key = json_text_of(json, "state_key"),
		.txn_id = json_text_of(unsigned_data, "transaction_id"),
		.redacts = json_text_of(json, "redacts"),
		.content = json_get(json, "content"),
		.age = -1,
		.redacted = json_get(unsigned_data, "redacted_because"),
	};
	json_int_of(json, "origin_server_ts", &event->at);
	json_int_of(unsigned_data, "age", &event->age);
	return is_id(event->type) && is_id(event->sender) &&
	       json_is_object(event->content) &&
	       (!event->event_id || is_id(event->event_id)) &&
	       (!event->state_key || strlen(event->state_key) <= ID_MOST);
}

bool event_is_state(const struct event *event, const char *type)
{
	return g_str_equal(event->type, type) && event->state_key &&
	       !*event->state_key;
}

bool event_is_old(const struct event *event, int64_t date, int64_t most)
{
	int64_t age = event->age;
	if (age < 0)
		age = date && event->at ? date - event->at : 0;
	return most > 0 && age > most;
}

const char *event_server_of(const char *id)
{
	const char *colon = strchr(id, ':');
	return colon ? colon + 1 : "";
}
