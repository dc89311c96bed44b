#include "bot/matrix/discovery.h"

#include <string.h>

#include "bot/matrix/api.h"

struct discovery_search {
	struct http *http;
	char *homeserver;
	char *base_url;		/* that is being looked at */
	struct http_call *call; /* NULL: it is known, and `idle` will tell */
	guint idle;
	discovery_done *done;
	void *data;
};

static void search_free(struct discovery_search *search)
{
	g_free(search->homeserver);
	g_free(search->base_url);
	g_free(search);
}

static void end(struct discovery_search *search, const char *base_url,
		const char *error, bool later)
{
	struct discovery found = {
		.base_url = (char *)base_url,
		.error = (char *)error,
		.later = later,
	};
	search->done(&found, search->data);
	search_free(search);
}

char *discovery_trim(const char *url)
{
	char *trimmed = g_strdup(url);
	for (size_t len = strlen(trimmed); len > 0 && trimmed[len - 1] == '/';
	     len--)
		trimmed[len - 1] = '\0';
	return trimmed;
}

char *discovery_base_url(const char *body, size_t len)
{
	g_autoptr(json) json = json_parse(body, len, NULL);
	const char *url =
		json_text_of(json_get(json, "m.homeserver"), "base_url");
	return url && http_may_go(url) ? discovery_trim(url) : NULL;
}

static void versions_answered(const struct http_answer *http, void *data)
{
	struct discovery_search *search = data;
	g_auto(api_answer) answer = { 0 };
	api_answer_read(http, &answer);
	const struct json *versions = json_get(answer.json, "versions");
	if (answer.class == RETRY_NOT && json_is_array(versions) &&
	    json_as_text(json_first(versions))) {
		end(search, search->base_url, NULL, false);
		return;
	}
	g_autofree char *why = g_strdup_printf(
		"%s does not answer as the homeserver of %s should: %s",
		search->base_url, search->homeserver,
		answer.trouble ? answer.trouble
			       : "/_matrix/client/versions names no versions");
	end(search, NULL, why, http->failure != HTTP_TLS);
}

static void look_at(struct discovery_search *search, const char *base_url)
{
	g_autofree char *url = api_url_of(base_url, "/_matrix/client/versions");
	search->base_url = g_strdup(base_url);
	search->call = http_start(
		search->http, &(struct http_request){ .url = url,
						      .done = versions_answered,
						      .data = search });
}

static void answered(const struct http_answer *answer, void *data)
{
	struct discovery_search *search = data;
	if (answer->failure != HTTP_ANSWERED) {
		g_autofree char *why =
			g_strdup_printf("%s cannot be asked where its "
					"homeserver is: %s",
					search->homeserver, answer->error);
		end(search, NULL, why, answer->failure != HTTP_TLS);
		return;
	}
	if (answer->status == 404) { /* "IGNORE": the name itself is all */
		g_autofree char *url =
			g_strconcat("https://", search->homeserver, NULL);
		look_at(search, url);
		return;
	}
	g_autofree char *url =
		answer->status == 200
			? discovery_base_url(answer->body, answer->len)
			: NULL;
	if (url) {
		look_at(search, url);
		return;
	}
	g_autofree char *why = g_strdup_printf(
		"https://%s/.well-known/matrix/client names no homeserver "
		"(status %u); write the address itself, https://…, as "
		"[matrix] homeserver",
		search->homeserver, answer->status);
	end(search, NULL, why, answer->status >= 500);
}

static gboolean known(gpointer data)
{
	struct discovery_search *search = data;
	g_autofree char *url = discovery_trim(search->homeserver);
	end(search, url, NULL, false);
	return G_SOURCE_REMOVE;
}

void discovery_cancel(struct discovery_search *search)
{
	if (search->call)
		http_cancel(search->call);
	else
		g_source_remove(search->idle);
	search_free(search);
}

struct discovery_search *discovery_start(struct http *http,
					 const char *homeserver,
					 discovery_done *done, void *data)
{
	struct discovery_search *search = g_new0(struct discovery_search, 1);
	search->http = http;
	search->homeserver = g_strdup(homeserver);
	search->done = done;
	search->data = data;
	if (strstr(homeserver, "://")) {
		search->idle = g_idle_add(known, search);
		return search;
	}
	g_autofree char *url = g_strconcat("https://", homeserver,
					   "/.well-known/matrix/client", NULL);
	search->call =
		http_start(http, &(struct http_request){ .url = url,
							 .follow = true,
							 .done = answered,
							 .data = search });
	return search;
}
