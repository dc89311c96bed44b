#include "tests/mock/feed.h"

#include "tests/mock/handlers.h"
#include "tests/mock/log.h"

struct feed_room {
	char *id;
	GString *echoes;  /* events, each with a comma behind it */
	GString *events;  /* of the answer that is being written */
	uint64_t senders; /* of these, a bit each */
};

struct feed {
	struct user *user;
	GHashTable *by_id; /* id -> feed_room */
	GPtrArray *rooms;
	GPtrArray *senders;    /* user ids */
	GPtrArray *bodies;     /* of commands, in turn */
	uint64_t total, batch; /* events: of all, of one answer to /sync */
	uint64_t window;       /* commands that may wait for their answer */
	uint64_t every; /* which event is a command; the others are talk */
	uint64_t given, asked; /* events; commands among them */
	uint64_t answered;     /* messages that came back */
	bool echoing;	       /* there are echoes to give */
	int64_t first, last;   /* µs: first answer to /sync, last message */
};

/* ---- what the user is told ---- */

static void write_event(GString *out, const char *sender, const char *content,
			const char *id, const char *txn)
{
	g_string_append(out, "{\"type\":\"m.room.message\",");
	text_member(out, "sender", sender);
	g_string_append_printf(out,
			       "\"content\":%s,\"event_id\":\"%s\","
			       "\"origin_server_ts\":%" G_GINT64_FORMAT
			       ",\"unsigned\":{\"membership\":\"join\",",
			       content, id, g_get_real_time() / 1000);
	if (txn)
		text_member(out, "transaction_id", txn);
	g_string_append(out, "\"age\":7}},");
}

/* As long as a real id, and never the same twice. */
static void make_id(const struct feed *feed, char kind, uint64_t n, char id[48])
{
	g_snprintf(id, 48, "$%c%020" G_GINT64_FORMAT "x%021" G_GUINT64_FORMAT,
		   kind, feed->first, n);
}

static void give_one(struct feed *feed)
{
	uint64_t n = feed->given++;
	bool command = n % feed->every == 0;
	struct feed_room *room = feed->rooms->pdata[n % feed->rooms->len];
	guint sender = (guint)(n % feed->senders->len);
	const char *body =
		command ? feed->bodies->pdata[feed->asked % feed->bodies->len]
			: "and so the talk goes on, of this and that and more";
	g_autoptr(GString) content =
		g_string_new("{\"msgtype\":\"m.text\",\"m.mentions\":{},");
	char id[48];
	text_member(content, "body", body);
	text_end(content);
	g_string_append_c(content, '}');
	make_id(feed, 'e', n, id);
	write_event(room->events, feed->senders->pdata[sender], content->str,
		    id, NULL);
	room->senders |= UINT64_C(1) << sender % 64;
	feed->asked += command;
}

/* Lazily loaded: whoever speaks. */
static void write_members(GString *out, const struct feed *feed,
			  const struct feed_room *room)
{
	for (guint i = 0; i < feed->senders->len; i++) {
		const char *id = feed->senders->pdata[i];
		if (!(room->senders & UINT64_C(1) << i % 64))
			continue;
		g_string_append_printf(
			out,
			"{\"type\":\"m.room.member\",\"state_key\":\"%s\","
			"\"sender\":\"%s\",\"event_id\":\"$m%042u\","
			"\"origin_server_ts\":1700000000000,\"content\":"
			"{\"membership\":\"join\",\"displayname\":\"P%u\"},"
			"\"unsigned\":{\"age\":70000000}},",
			id, id, i, i);
	}
}

static void write_room(GString *out, const struct sync *sync,
		       const struct feed *feed, struct feed_room *room)
{
	if (!room->events->len && !room->echoes->len)
		return;
	text_quote(out, room->id);
	g_string_append(out, ":{\"timeline\":{\"events\":[");
	g_string_append_len(out, room->echoes->str, (gssize)room->echoes->len);
	g_string_append_len(out, room->events->str, (gssize)room->events->len);
	text_end(out);
	g_string_append_printf(out,
			       "],\"limited\":false,\"prev_batch\":\"s1\"},"
			       "\"%s\":{\"events\":[",
			       sync->state_key);
	write_members(out, feed, room);
	text_end(out);
	g_string_append(out, "]},\"summary\":{},\"ephemeral\":{\"events\":[]},"
			     "\"unread_notifications\":{}},");
	g_string_truncate(room->events, 0);
	g_string_truncate(room->echoes, 0);
	room->senders = 0;
}

static uint64_t next_batch(const struct feed *feed)
{
	uint64_t events = MIN(feed->batch, feed->total - feed->given);
	uint64_t commands = (events + feed->every - 1) / feed->every;
	uint64_t waiting = feed->asked - MIN(feed->asked, feed->answered);
	return waiting && waiting + commands > feed->window ? 0 : events;
}

GString *feed_sync(const struct sync *sync)
{
	struct feed *feed = sync->home->feed;
	if (!feed || feed->user != sync->user || sync->first)
		return NULL;
	uint64_t events = next_batch(feed);
	if (!events && !feed->echoing)
		return NULL;
	for (uint64_t i = 0; i < events; i++)
		give_one(feed);
	GString *out = g_string_sized_new(4096 + events * 400);
	g_string_printf(out,
			"{\"next_batch\":\"s%" G_GUINT64_FORMAT "\","
			"\"rooms\":{\"join\":{",
			sync->now);
	for (guint i = 0; i < feed->rooms->len; i++)
		write_room(out, sync, feed, feed->rooms->pdata[i]);
	text_end(out);
	g_string_append(out, "}}}");
	feed->echoing = false;
	return out;
}

/* ---- what the user says ---- */

bool feed_send(struct call *call)
{
	struct feed *feed = call->home->feed;
	struct feed_room *room =
		feed && feed->user == call->user
			? g_hash_table_lookup(feed->by_id, call->args[0])
			: NULL;
	if (!room)
		return false;
	char id[48];
	make_id(feed, 'a', feed->answered++, id);
	write_event(room->echoes, feed->user->id, call->http->body->str, id,
		    call->args[2]);
	feed->echoing = true;
	feed->last = call->http->first_byte;
	home_changed(call->home);
	call_text(call, "event_id", id);
	return true;
}

/* ---- control ---- */

static GPtrArray *texts(const cJSON *array)
{
	GPtrArray *found = g_ptr_array_new_with_free_func(g_free);
	const cJSON *one;
	cJSON_ArrayForEach(one, array)
		g_ptr_array_add(found, g_strdup(one->valuestring));
	return found;
}

static void room_free(void *data)
{
	struct feed_room *room = data;
	g_free(room->id);
	g_string_free(room->echoes, true);
	g_string_free(room->events, true);
	g_free(room);
}

static void feed_free(struct feed *feed)
{
	if (!feed)
		return;
	g_hash_table_unref(feed->by_id);
	g_ptr_array_unref(feed->rooms);
	g_ptr_array_unref(feed->senders);
	g_ptr_array_unref(feed->bodies);
	g_free(feed);
}

static void add_rooms(struct feed *feed, const cJSON *ids)
{
	const cJSON *one;
	cJSON_ArrayForEach(one, ids)
	{
		struct feed_room *room = g_new0(struct feed_room, 1);
		room->id = g_strdup(one->valuestring);
		room->echoes = g_string_new(NULL);
		room->events = g_string_new(NULL);
		g_ptr_array_add(feed->rooms, room);
		g_hash_table_insert(feed->by_id, room->id, room);
	}
}

/* {user, room_ids, senders, bodies, total, batch, window, every, no_log} */
void control_feed(struct call *call)
{
	const cJSON *json = call_json(call);
	if (!json)
		return;
	struct feed *feed = g_new0(struct feed, 1);
	feed->user = user_find(call->home, text_of(json, "user"), true);
	feed->by_id = g_hash_table_new(g_str_hash, g_str_equal);
	feed->rooms = g_ptr_array_new_with_free_func(room_free);
	add_rooms(feed, member_of(json, "room_ids"));
	feed->senders = texts(member_of(json, "senders"));
	feed->bodies = texts(member_of(json, "bodies"));
	feed->total = (uint64_t)number_of(json, "total", 1);
	feed->batch = (uint64_t)number_of(json, "batch", 1);
	feed->window = (uint64_t)number_of(json, "window", 1);
	feed->every = (uint64_t)number_of(json, "every", 1);
	feed->first = g_get_monotonic_time();
	feed_free(call->home->feed);
	call->home->feed = feed;
	call->home->log->off = truth_of(json, "no_log");
	home_changed(call->home);
	call_ok(call);
}

static bool feed_poll(struct call *call, bool now)
{
	const struct feed *feed = call->home->feed;
	bool over = !feed || (feed->given == feed->total &&
			      feed->answered >= feed->asked);
	if (!over && !now)
		return false;
	GString *out = g_string_new(NULL);
	g_string_printf(out,
			"{\"over\":%s,\"given\":%" G_GUINT64_FORMAT
			",\"asked\":%" G_GUINT64_FORMAT
			",\"answered\":%" G_GUINT64_FORMAT
			",\"first\":%" G_GINT64_FORMAT
			",\"last\":%" G_GINT64_FORMAT "}",
			over ? "true" : "false", feed ? feed->given : 0,
			feed ? feed->asked : 0, feed ? feed->answered : 0,
			feed ? feed->first : 0, feed ? feed->last : 0);
	call_answer(call, 200, out);
	return true;
}

/* ?timeout: waits so many ms for the end of the feed */
void feed_get(struct call *call)
{
	call_wait(call, call_number(call, "timeout", 0), feed_poll);
}
