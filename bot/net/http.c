#include "bot/net/http.h"

#include <curl/curl.h>
#include <string.h>

#include "bot/net/body.h"
#include "bot/net/loop.h"

enum {
	BODY_USUAL = 1 << 20,
	CONNECTIONS = 10, /* to one host: the long poll, sends, small things */
	CONNECT_TIMEOUT = 15,
	BRIEF = 60,	 /* seconds: nothing else need end such a call */
	SLOW_BYTES = 10, /* a second … */
	SLOW_SECONDS = 30,
	REDIRECTS = 3,
};

struct http {
	CURLM *multi;
	GSource *source;
	char *ca_file;
	GPtrArray *idle;   /* easy handles to be used again */
	GHashTable *calls; /* that are under way */
	void (*after)(void *data);
	void *data;
};

struct http_call {
	struct http *http;
	CURL *easy;
	struct curl_slist *headers;
	GBytes *sent;
	struct body body;
	enum http_failure failure; /* why the write callback gave up */
	char error[CURL_ERROR_SIZE];
	unsigned body_timeout;
	guint deadline; /* timer of the whole, or of the body; 0: none */
	bool late;	/* it has passed */
	int64_t retry_after, date;
	char *location;
	http_done *done;
	void *data;
};

bool http_may_go(const char *url)
{
	g_autoptr(GUri) uri = g_uri_parse(url, G_URI_FLAGS_NONE, NULL);
	const char *host = uri ? g_uri_get_host(uri) : NULL;
	if (!host || !*host)
		return false;
	if (g_str_equal(g_uri_get_scheme(uri), "https"))
		return true;
	return g_str_equal(g_uri_get_scheme(uri), "http") &&
	       (g_str_equal(host, "localhost") || g_str_equal(host, "::1") ||
		(g_str_has_prefix(host, "127.") &&
		 g_hostname_is_ip_address(host)));
}

/* ---- a call ---- */

static void call_free(void *data)
{
	struct http_call *call = data;
	if (call->deadline)
		g_source_remove(call->deadline);
	curl_multi_remove_handle(call->http->multi, call->easy);
	/* It must forget the token before it lies about. */
	curl_easy_reset(call->easy);
	g_ptr_array_add(call->http->idle, call->easy);
	for (struct curl_slist *h = call->headers; h; h = h->next)
		explicit_bzero(h->data, strlen(h->data));
	curl_slist_free_all(call->headers);
	g_clear_pointer(&call->sent, g_bytes_unref);
	body_clear(&call->body);
	g_free(call->location);
	g_free(call);
}

static void end(struct http_call *call, CURLcode code)
{
	static const struct {
		CURLcode code;
		enum http_failure failure;
	} kinds[] = {
		{ CURLE_OPERATION_TIMEDOUT, HTTP_TIMED_OUT },
		{ CURLE_PEER_FAILED_VERIFICATION, HTTP_TLS },
		{ CURLE_SSL_CONNECT_ERROR, HTTP_TLS },
		{ CURLE_SSL_CACERT_BADFILE, HTTP_TLS },
		{ CURLE_SSL_CERTPROBLEM, HTTP_TLS },
		{ CURLE_SSL_CIPHER, HTTP_TLS },
		{ CURLE_SSL_ISSUER_ERROR, HTTP_TLS },
		{ CURLE_UNSUPPORTED_PROTOCOL, HTTP_REFUSED },
		{ CURLE_URL_MALFORMAT, HTTP_REFUSED },
	};
	long status = 0;
	struct http_answer answer = {
		.failure = code == CURLE_OK ? HTTP_ANSWERED : HTTP_UNREACHABLE,
		.body = call->body.bytes ? call->body.bytes : "",
		.len = call->body.len,
		.retry_after = call->retry_after,
		.date = call->date,
		.location = call->location,
		.error = *call->error ? call->error : curl_easy_strerror(code),
	};
	curl_easy_getinfo(call->easy, CURLINFO_RESPONSE_CODE, &status);
	answer.status = (unsigned)status;
	for (size_t i = 0; i < G_N_ELEMENTS(kinds); i++)
		if (kinds[i].code == code)
			answer.failure = kinds[i].failure;
	if (call->late)
		answer.failure = HTTP_TIMED_OUT;
	if (call->failure != HTTP_ANSWERED)
		answer.failure = call->failure;
	if (answer.failure == HTTP_TOO_BIG)
		answer.error = "the answer is larger than allowed";
	if (answer.failure == HTTP_NO_MEMORY)
		answer.error = "not enough memory for the answer";
	/* It is not under way any more, so that done may do anything. */
	g_hash_table_steal(call->http->calls, call);
	call->done(&answer, call->data);
	call_free(call);
}

/* Calls that have ended. A callback may start others, or cancel some. */
static void turned(void *data)
{
	struct http *http = data;
	CURLMsg *message;
	int left;
	bool any = false;
	while ((message = curl_multi_info_read(http->multi, &left))) {
		struct http_call *call = NULL;
		CURLcode code = message->data.result;
		curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE,
				  (char **)&call);
		if (message->msg != CURLMSG_DONE ||
		    !g_hash_table_contains(http->calls, call))
			continue;
		end(call, code);
		any = true;
	}
	if (any && http->after)
		http->after(http->data);
}

static gboolean is_late(gpointer data)
{
	struct http_call *call = data;
	call->deadline = 0;
	call->late = true;
	g_strlcpy(call->error, "no answer in time", CURL_ERROR_SIZE);
	struct http *http = call->http;
	end(call, CURLE_OPERATION_TIMEDOUT);
	if (http->after)
		http->after(http->data);
	return G_SOURCE_REMOVE;
}

static void set_deadline(struct http_call *call, unsigned seconds)
{
	if (call->deadline)
		g_source_remove(call->deadline);
	call->deadline = g_timeout_add_seconds(seconds, is_late, call);
}

/* A body begins: its deadline, and room for all of it where its length is
 * told, so that it is never copied. */
static void body_begins(struct http_call *call)
{
	curl_off_t told = -1;
	if (call->body_timeout)
		set_deadline(call, call->body_timeout);
	curl_easy_getinfo(call->easy, CURLINFO_CONTENT_LENGTH_DOWNLOAD_T,
			  &told);
	if (told > 0)
		body_reserve(&call->body, MIN((size_t)told, call->body.most));
}

static size_t take_body(char *bytes, size_t size, size_t count, void *data)
{
	static const enum http_failure failures[] = {
		[BODY_WELL] = HTTP_ANSWERED,
		[BODY_TOO_BIG] = HTTP_TOO_BIG,
		[BODY_NO_MEMORY] = HTTP_NO_MEMORY,
	};
	struct http_call *call = data;
	size_t len = size * count; /* libcurl: size is always 1 */
	if (call->body.len == 0)
		body_begins(call);
	call->failure = failures[body_append(&call->body, bytes, len)];
	return call->failure == HTTP_ANSWERED ? len : 0;
}

/* The value of a header line, if it is that one; caller frees. */
static char *header_value(const char *line, size_t len, const char *name)
{
	size_t name_len = strlen(name);
	if (len <= name_len || line[name_len] != ':' ||
	    g_ascii_strncasecmp(line, name, name_len) != 0)
		return NULL;
	return g_strstrip(g_strndup(line + name_len + 1, len - name_len - 1));
}

/* RFC 9110: seconds, or a date, which is counted from the server's own. */
static int64_t read_retry_after(const char *value, int64_t date)
{
	gint64 seconds;
	if (g_ascii_string_to_signed(value, 10, 0, G_MAXINT32, &seconds, NULL))
		return seconds * 1000;
	time_t at = curl_getdate(value, NULL);
	if (at < 0)
		return -1;
	int64_t now = date ? date : g_get_real_time() / 1000;
	return MAX(0, (int64_t)at * 1000 - now);
}

static size_t take_header(char *line, size_t size, size_t count, void *data)
{
	struct http_call *call = data;
	size_t len = size * count;
	g_autofree char *date = header_value(line, len, "date");
	g_autofree char *wait = header_value(line, len, "retry-after");
	char *location = header_value(line, len, "location");
	time_t at = date ? curl_getdate(date, NULL) : -1;
	if (at >= 0)
		call->date = (int64_t)at * 1000;
	if (wait)
		call->retry_after = read_retry_after(wait, call->date);
	if (location) {
		g_free(call->location);
		call->location = location;
	}
	return len;
}

static void set_headers(struct http_call *call,
			const struct http_request *request)
{
	if (request->bearer) {
		g_autofree char *line = g_strconcat("Authorization: Bearer ",
						    request->bearer, NULL);
		call->headers = curl_slist_append(call->headers, line);
		explicit_bzero(line, strlen(line));
	}
	if (request->body)
		call->headers = curl_slist_append(
			call->headers, "Content-Type: application/json");
	/* A 100 Continue would cost a round trip. */
	call->headers = curl_slist_append(call->headers, "Expect:");
	curl_easy_setopt(call->easy, CURLOPT_HTTPHEADER, call->headers);
}

static void set_method(struct http_call *call,
		       const struct http_request *request)
{
	const char *method = request->method ? request->method : "GET";
	if (request->body) {
		size_t len;
		call->sent = g_bytes_ref(request->body);
		const void *bytes = g_bytes_get_data(call->sent, &len);
		curl_easy_setopt(call->easy, CURLOPT_POSTFIELDSIZE_LARGE,
				 (curl_off_t)len);
		curl_easy_setopt(call->easy, CURLOPT_POSTFIELDS,
				 len ? bytes : "");
	}
	if (!g_str_equal(method, request->body ? "POST" : "GET"))
		curl_easy_setopt(call->easy, CURLOPT_CUSTOMREQUEST, method);
}

static void set_times(struct http_call *call,
		      const struct http_request *request)
{
	CURL *easy = call->easy;
	call->body_timeout = request->body_timeout;
	curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
	/* This timer of libcurl goes on when the connection is there: it would
	 * wake a silent long poll, which has a deadline of its own. */
	bool brief = request->timeout && request->timeout <= BRIEF;
	curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT,
			 brief ? (long)request->timeout
			       : (long)CONNECT_TIMEOUT);
	curl_easy_setopt(easy, CURLOPT_TCP_KEEPALIVE, 1L);
	curl_easy_setopt(easy, CURLOPT_TCP_KEEPIDLE, 30L);
	curl_easy_setopt(easy, CURLOPT_TCP_KEEPINTVL, 10L);
	if (request->timeout) {
		set_deadline(call, request->timeout);
		return;
	}
	curl_easy_setopt(easy, CURLOPT_LOW_SPEED_LIMIT, (long)SLOW_BYTES);
	curl_easy_setopt(easy, CURLOPT_LOW_SPEED_TIME, (long)SLOW_SECONDS);
}

static void set_address(struct http_call *call,
			const struct http_request *request)
{
	CURL *easy = call->easy;
	bool may = http_may_go(request->url);
	bool secure = g_str_has_prefix(request->url, "https:");
	curl_easy_setopt(easy, CURLOPT_URL, request->url);
	/* No protocol at all is what refuses the call. */
	curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR,
			 !may	  ? "file"
			 : secure ? "https"
				  : "http");
	curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION,
			 request->follow && !request->bearer ? 1L : 0L);
	curl_easy_setopt(easy, CURLOPT_MAXREDIRS, (long)REDIRECTS);
	curl_easy_setopt(easy, CURLOPT_REDIR_PROTOCOLS_STR,
			 secure ? "https" : "http,https");
	curl_easy_setopt(easy, CURLOPT_SSLVERSION,
			 (long)CURL_SSLVERSION_TLSv1_2);
	curl_easy_setopt(easy, CURLOPT_HTTP_VERSION,
			 (long)CURL_HTTP_VERSION_2TLS);
	curl_easy_setopt(easy, CURLOPT_FRESH_CONNECT, request->once ? 1L : 0L);
	/* Nothing of the environment: a proxy would see the token. */
	if (!secure)
		curl_easy_setopt(easy, CURLOPT_NOPROXY, "*");
	if (call->http->ca_file) {
		curl_easy_setopt(easy, CURLOPT_CAINFO, call->http->ca_file);
		curl_easy_setopt(easy, CURLOPT_CAPATH, NULL);
	}
}

static CURL *easy_handle(struct http *http)
{
	CURL *easy = http->idle->len ? g_ptr_array_steal_index_fast(
					       http->idle, http->idle->len - 1)
				     : curl_easy_init();
	if (!easy)
		g_error("no memory left for libcurl");
	return easy;
}

struct http_call *http_start(struct http *http,
			     const struct http_request *request)
{
	struct http_call *call = g_new0(struct http_call, 1);
	call->http = http;
	call->easy = easy_handle(http);
	call->body.most = request->most ? request->most : BODY_USUAL;
	call->retry_after = -1;
	call->done = request->done;
	call->data = request->data;
	curl_easy_setopt(call->easy, CURLOPT_PRIVATE, call);
	curl_easy_setopt(call->easy, CURLOPT_ERRORBUFFER, call->error);
	curl_easy_setopt(call->easy, CURLOPT_USERAGENT,
			 "znatok/" ZNATOK_VERSION);
	curl_easy_setopt(call->easy, CURLOPT_ACCEPT_ENCODING, "gzip");
	curl_easy_setopt(call->easy, CURLOPT_WRITEFUNCTION, take_body);
	curl_easy_setopt(call->easy, CURLOPT_WRITEDATA, call);
	curl_easy_setopt(call->easy, CURLOPT_HEADERFUNCTION, take_header);
	curl_easy_setopt(call->easy, CURLOPT_HEADERDATA, call);
	set_address(call, request);
	set_headers(call, request);
	set_method(call, request);
	set_times(call, request);
	g_hash_table_add(http->calls, call);
	CURLMcode code = curl_multi_add_handle(http->multi, call->easy);
	if (code != CURLM_OK)
		g_error("libcurl: %s", curl_multi_strerror(code));
	return call;
}

void http_cancel(struct http_call *call)
{
	g_hash_table_steal(call->http->calls, call);
	call_free(call);
}

char *http_take_body(struct http_call *call)
{
	char *bytes = call->body.bytes ? call->body.bytes : g_strdup("");
	call->body = (struct body){ .most = call->body.most };
	return bytes;
}

/* ---- all calls ---- */

void http_set_after(struct http *http, void (*after)(void *data), void *data)
{
	http->after = after;
	http->data = data;
}

struct http *http_new(const char *ca_file)
{
	static gsize done;
	if (g_once_init_enter(&done)) {
		if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
			g_error("libcurl cannot be initialised");
		g_once_init_leave(&done, 1);
	}
	struct http *http = g_new0(struct http, 1);
	http->multi = curl_multi_init();
	if (!http->multi)
		g_error("no memory left for libcurl");
	curl_multi_setopt(http->multi, CURLMOPT_PIPELINING,
			  (long)CURLPIPE_MULTIPLEX);
	curl_multi_setopt(http->multi, CURLMOPT_MAX_HOST_CONNECTIONS,
			  (long)CONNECTIONS);
	http->ca_file = g_strdup(ca_file);
	http->idle = g_ptr_array_new_with_free_func(curl_easy_cleanup);
	http->calls = g_hash_table_new_full(NULL, NULL, call_free, NULL);
	http->source = loop_attach(http->multi, turned, http);
	return http;
}

void http_free(struct http *http)
{
	if (!http)
		return;
	g_hash_table_unref(http->calls);
	loop_detach(http->source);
	g_ptr_array_unref(http->idle);
	curl_multi_cleanup(http->multi);
	g_free(http->ca_file);
	g_free(http);
}
