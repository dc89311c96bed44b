#include "bot/matrix/client.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "bot/base/error.h"
#include "bot/matrix/client_private.h"
#include "bot/matrix/discovery.h"

/* ---- calls ---- */

static void call_free(void *data)
{
	struct client_call *call = data;
	if (call->http_call)
		http_cancel(call->http_call);
	g_free(call->url);
	g_clear_pointer(&call->request.body, g_bytes_unref);
	g_free(call);
}

static void answer_call(struct client_call *call, struct api_answer *answer,
			char *body, size_t len)
{
	if (call->request.raw_done)
		call->request.raw_done(answer, body, len, call->request.data);
	else
		call->request.done(answer, call->request.data);
	call_free(call);
}

static void call_ended(const struct http_answer *http, void *data)
{
	struct client_call *call = data;
	struct client *client = call->client;
	g_auto(api_answer) answer = { 0 };
	struct http_call *http_call = g_steal_pointer(&call->http_call);
	bool raw = call->request.raw_done && retry_class(http) == RETRY_NOT;
	if (raw)
		answer = (struct api_answer){ .class = RETRY_NOT,
					      .status = http->status,
					      .errcode = "",
					      .retry_after = -1,
					      .date = http->date };
	else
		api_answer_read(http, &answer);
	if (!raw && call->request.needs)
		api_answer_needs(&answer, call->request.needs);
	if (answer.class == RETRY_TOKEN &&
	    api_answer_is(&answer, "M_UNKNOWN_TOKEN")) {
		/* Somebody else may have renewed it in the meantime. */
		if (call->serial == client->serial)
			client_token_is_refused(client, &answer);
		if (client->state == CLIENT_LIVE)
			client_begin_call(call);
		return;
	}
	/* M_USER_LOCKED and the like: nothing is lost, but time. */
	if (answer.class == RETRY_TOKEN)
		answer.class = RETRY_LATER;
	g_hash_table_steal(client->calls, call);
	answer_call(call, &answer, raw ? http_take_body(http_call) : NULL,
		    raw ? http->len : 0);
}

void client_begin_call(struct client_call *call)
{
	struct client *client = call->client;
	struct http_request request = {
		.method = call->request.method,
		.url = call->url,
		.bearer = client->account.access_token,
		.body = call->request.body,
		.timeout = call->request.timeout,
		.body_timeout = call->request.body_timeout,
		.most = call->request.most,
		.once = call->request.once,
		.done = call_ended,
		.data = call,
	};
	call->serial = client->serial;
	call->http_call = http_start(client->http, &request);
}

struct client_call *client_start(struct client *client,
				 const struct client_request *request)
{
	struct client_call *call = g_new0(struct client_call, 1);
	call->client = client;
	call->request = *request;
	call->url = g_strdup(request->url);
	if (request->body)
		g_bytes_ref(request->body);
	g_hash_table_add(client->calls, call);
	if (client->state == CLIENT_LIVE)
		client_begin_call(call);
	return call;
}

void client_cancel(struct client_call *call)
{
	g_hash_table_steal(call->client->calls, call);
	call_free(call);
}

/* ---- the client ---- */

const char *client_user_id(const struct client *client)
{
	return client->account.user_id;
}

const char *client_device_id(const struct client *client)
{
	return client->account.device_id;
}

const char *client_base_url(const struct client *client)
{
	return client->account.base_url;
}

struct http *client_http(struct client *client)
{
	return client->http;
}

struct client *client_new(const struct client_options *options, GError **error)
{
	const char *ca_file = options->config->matrix_ca_file;
	if (ca_file && access(ca_file, R_OK) < 0) {
		g_set_error(error, ZNATOK_ERROR, ZNATOK_ERROR_FAILED,
			    "[matrix] ca_file: %s: %s", ca_file,
			    g_strerror(errno));
		return NULL;
	}
	g_autoptr(client) client = g_new0(struct client, 1);
	client->options = *options;
	client->retry = (struct retry){ .least = 1000, .most = 60000 };
	client->calls = g_hash_table_new_full(NULL, NULL, call_free, NULL);
	client->http = http_new(ca_file);
	if (!account_read(options->db, MATRIX_NETWORK, &client->account,
			  &client->known, error))
		return NULL;
	return g_steal_pointer(&client);
}

void client_free(struct client *client)
{
	if (!client)
		return;
	if (client->timer)
		g_source_remove(client->timer);
	if (client->renewal)
		g_source_remove(client->renewal);
	if (client->search)
		discovery_cancel(client->search);
	if (client->opening)
		http_cancel(client->opening);
	g_hash_table_unref(client->calls);
	http_free(client->http);
	account_clear(&client->account);
	g_free(client);
}
