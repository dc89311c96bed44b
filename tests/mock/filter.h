/* Which events a client wants: the filters of /sync and /messages. */

#pragma once

#include "tests/mock/home.h"

struct event_filter {
	char **types, **not_types, **senders, **not_senders; /* NULL: any */
	guint limit;
	bool lazy;
};

struct sync_filter {
	struct event_filter timeline, state, data;
};
typedef struct sync_filter sync_filter;

/* NULL: what there is without a filter. */
void event_filter_read(struct event_filter *filter, const cJSON *json,
		       guint limit);
void event_filter_clear(struct event_filter *filter);
struct sync_filter *sync_filter_new(const cJSON *json);
void sync_filter_free(struct sync_filter *filter);

/* sender NULL: it has none. */
bool event_filter_takes(const struct event_filter *filter, const char *type,
			const char *sender);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(sync_filter, sync_filter_free)
