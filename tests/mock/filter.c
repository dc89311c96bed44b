#include "tests/mock/filter.h"

#include <string.h>

enum { TIMELINE_LIMIT = 50, LIMIT_MOST = 100 };

static char **texts(const cJSON *json, const char *key)
{
	const cJSON *list = member_of(json, key), *one;
	if (!cJSON_IsArray(list))
		return NULL;
	g_autoptr(GPtrArray) all = g_ptr_array_new();
	cJSON_ArrayForEach(one, list) if (cJSON_IsString(one))
		g_ptr_array_add(all, g_strdup(one->valuestring));
	g_ptr_array_add(all, NULL);
	return (char **)g_ptr_array_steal(all, NULL);
}

void event_filter_read(struct event_filter *filter, const cJSON *json,
		       guint limit)
{
	filter->types = texts(json, "types");
	filter->not_types = texts(json, "not_types");
	filter->senders = texts(json, "senders");
	filter->not_senders = texts(json, "not_senders");
	filter->lazy = truth_of(json, "lazy_load_members");
	filter->limit = (guint)number_of(json, "limit", limit);
	filter->limit = CLAMP(filter->limit, 1, LIMIT_MOST);
}

void event_filter_clear(struct event_filter *filter)
{
	g_strfreev(filter->types);
	g_strfreev(filter->not_types);
	g_strfreev(filter->senders);
	g_strfreev(filter->not_senders);
}

struct sync_filter *sync_filter_new(const cJSON *json)
{
	struct sync_filter *filter = g_new0(struct sync_filter, 1);
	const cJSON *room = member_of(json, "room");
	event_filter_read(&filter->timeline, member_of(room, "timeline"),
			  TIMELINE_LIMIT);
	event_filter_read(&filter->state, member_of(room, "state"), 0);
	event_filter_read(&filter->data, member_of(json, "account_data"), 0);
	return filter;
}

void sync_filter_free(struct sync_filter *filter)
{
	if (!filter)
		return;
	event_filter_clear(&filter->timeline);
	event_filter_clear(&filter->state);
	event_filter_clear(&filter->data);
	g_free(filter);
}

/* A pattern may end in an asterisk. */
static bool listed(char *const *list, const char *text)
{
	for (; *list; list++) {
		size_t len = strlen(*list);
		bool open = len && (*list)[len - 1] == '*';
		if (open ? strncmp(*list, text, len - 1) == 0
			 : g_str_equal(*list, text))
			return true;
	}
	return false;
}

bool event_filter_takes(const struct event_filter *filter, const char *type,
			const char *sender)
{
	return (!filter->types || listed(filter->types, type)) &&
	       (!filter->not_types || !listed(filter->not_types, type)) &&
	       (!filter->senders || !sender ||
		listed(filter->senders, sender)) &&
	       (!filter->not_senders || !sender ||
		!listed(filter->not_senders, sender));
}
