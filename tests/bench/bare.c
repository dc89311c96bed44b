/*
 * The bare loop: asks for what is new and answers each command with a fixed
 * text, over libcurl, and does nothing else: no store, no look-up, no retry.
 * What a homeserver and libcurl take, the bot takes too.
 *
 * usage: bare HOMESERVER USER_ID TOKEN CONTENT
 *
 * CONTENT is the JSON of its answers. It prints "ready" after its first /sync,
 * and ends with its standard input.
 */

#include <cjson/cJSON.h>
#include <curl/curl.h>
#include <glib.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct bare {
	CURL *easy;
	const char *base, *user_id, *content;
	struct curl_slist *headers;
	GString *answer;
	long sent;
};

static size_t take(char *bytes, size_t size, size_t count, void *data)
{
	g_string_append_len(data, bytes, (gssize)(size * count));
	return size * count;
}

/* NULL: no JSON came. */
static cJSON *ask(struct bare *bare, const char *method, const char *url,
		  const char *body)
{
	CURL *easy = bare->easy;
	g_string_truncate(bare->answer, 0);
	curl_easy_reset(easy);
	curl_easy_setopt(easy, CURLOPT_URL, url);
	curl_easy_setopt(easy, CURLOPT_NOPROXY, "*");
	curl_easy_setopt(easy, CURLOPT_HTTPHEADER, bare->headers);
	curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, take);
	curl_easy_setopt(easy, CURLOPT_WRITEDATA, bare->answer);
	if (body)
		curl_easy_setopt(easy, CURLOPT_POSTFIELDS, body);
	curl_easy_setopt(easy, CURLOPT_CUSTOMREQUEST, method);
	if (curl_easy_perform(easy) != CURLE_OK)
		return NULL;
	return cJSON_ParseWithLength(bare->answer->str, bare->answer->len);
}

static const char *text(const cJSON *object, const char *key)
{
	const char *found = cJSON_GetStringValue(
		cJSON_GetObjectItemCaseSensitive(object, key));
	return found ? found : "";
}

static void reply(struct bare *bare, const char *room, const cJSON *event)
{
	cJSON *content = cJSON_Parse(bare->content);
	cJSON *relation = cJSON_AddObjectToObject(content, "m.relates_to");
	cJSON_AddStringToObject(
		cJSON_AddObjectToObject(relation, "m.in_reply_to"), "event_id",
		text(event, "event_id"));
	char *body = cJSON_PrintUnformatted(content);
	g_autofree char *escaped = g_uri_escape_string(room, NULL, FALSE);
	g_autofree char *url = g_strdup_printf(
		"%s/_matrix/client/v3/rooms/%s/send/m.room.message/bare%ld",
		bare->base, escaped, bare->sent++);
	cJSON_Delete(ask(bare, "PUT", url, body));
	cJSON_free(body);
	cJSON_Delete(content);
}

static void look(struct bare *bare, const cJSON *sync)
{
	const cJSON *rooms = cJSON_GetObjectItemCaseSensitive(sync, "rooms");
	const cJSON *room, *event;
	cJSON_ArrayForEach(room,
			   cJSON_GetObjectItemCaseSensitive(rooms, "join"))
	{
		const cJSON *timeline =
			cJSON_GetObjectItemCaseSensitive(room, "timeline");
		cJSON_ArrayForEach(event, cJSON_GetObjectItemCaseSensitive(
						  timeline, "events"))
		{
			const cJSON *content = cJSON_GetObjectItemCaseSensitive(
				event, "content");
			if (!g_str_equal(text(event, "sender"),
					 bare->user_id) &&
			    g_str_has_prefix(text(content, "body"), "!q "))
				reply(bare, room->string, event);
		}
	}
}

static bool input_has_ended(void)
{
	struct pollfd input = { .fd = STDIN_FILENO, .events = POLLIN };
	return poll(&input, 1, 0) > 0 && (input.revents & POLLHUP);
}

int main(int argc, char **argv)
{
	if (argc != 5)
		g_error("usage: bare HOMESERVER USER_ID TOKEN CONTENT");
	g_autofree char *bearer =
		g_strconcat("Authorization: Bearer ", argv[3], NULL);
	struct bare bare = {
		.easy = curl_easy_init(),
		.base = argv[1],
		.user_id = argv[2],
		.content = argv[4],
		.answer = g_string_new(NULL),
	};
	bare.headers = curl_slist_append(NULL, bearer);
	bare.headers = curl_slist_append(bare.headers,
					 "Content-Type: application/json");
	g_autofree char *since = NULL;
	while (!input_has_ended()) {
		g_autofree char *url = g_strdup_printf(
			"%s/_matrix/client/v3/sync?set_presence=offline"
			"&timeout=%d%s%s",
			bare.base, since ? 30000 : 0, since ? "&since=" : "",
			since ? since : "");
		cJSON *sync = ask(&bare, "GET", url, NULL);
		if (!sync)
			return 1;
		if (since)
			look(&bare, sync);
		else
			puts("ready");
		fflush(stdout);
		g_free(since);
		since = g_strdup(text(sync, "next_batch"));
		cJSON_Delete(sync);
	}
	return 0;
}
