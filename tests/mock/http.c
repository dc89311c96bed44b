#include "tests/mock/http.h"

#include "tests/mock/http_request.h"

#include <arpa/inet.h>
#include <errno.h>
#include <gio/gio.h>
#include <glib-unix.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

enum { HEAD_MOST = 256 * 1024, BODY_MOST = 256 * 1024 * 1024, READ = 65536 };

struct http_listener {
	const struct http_handler *handler;
	int fd;
	guint source;
	uint16_t port;
	unsigned accepted;
	GHashTable *connections;
};

struct connection {
	struct http_listener *listener;
	int fd;
	unsigned no;
	guint readable, writable, timer;
	GString *in;
	int64_t first_byte; /* of what is in `in` */
	struct http_request *request;
	bool asked;	/* the request is with the handler */
	bool expecting; /* 100 Continue was sent */
	GString *head, *body;
	size_t written;
	bool close; /* when the answer is written */
	int busy;   /* how many functions still use it */
	bool dead;
};

/* ---- connections ---- */

static void drop_source(guint *source)
{
	if (*source)
		g_source_remove(*source);
	*source = 0;
}

static void end_request(struct connection *c)
{
	struct http_request *request = c->request;
	if (!request)
		return;
	c->request = NULL;
	const struct http_handler *handler = c->listener->handler;
	request->connection = NULL;
	bool asked = c->asked;
	c->asked = false;
	if (asked)
		handler->ended(request, handler->data);
	else
		http_request_free(request);
}

static void free_if_dead(struct connection *c)
{
	if (!c->dead || c->busy)
		return;
	g_string_free(c->in, true);
	if (c->head)
		g_string_free(c->head, true);
	if (c->body)
		g_string_free(c->body, true);
	g_free(c);
}

static void connection_close(struct connection *c, bool reset)
{
	if (c->dead)
		return;
	c->dead = true;
	drop_source(&c->readable);
	drop_source(&c->writable);
	drop_source(&c->timer);
	if (reset) {
		struct linger now = { 1, 0 };
		setsockopt(c->fd, SOL_SOCKET, SO_LINGER, &now, sizeof(now));
	}
	close(c->fd);
	g_hash_table_remove(c->listener->connections, c);
	c->busy++;
	end_request(c);
	c->busy--;
	free_if_dead(c);
}

/* ---- answers ---- */

static gboolean can_write(int fd, GIOCondition condition, gpointer data);
static gboolean drip(gpointer data);
static void advance(struct connection *c);

static const char *reason(int status)
{
	static const struct {
		int status;
		const char *text;
	} reasons[] = {
		{ 200, "OK" },
		{ 400, "Bad Request" },
		{ 401, "Unauthorized" },
		{ 403, "Forbidden" },
		{ 404, "Not Found" },
		{ 413, "Payload Too Large" },
		{ 429, "Too Many Requests" },
		{ 500, "Internal Server Error" },
		{ 502, "Bad Gateway" },
		{ 503, "Service Unavailable" },
		{ 504, "Gateway Timeout" },
	};
	for (size_t i = 0; i < G_N_ELEMENTS(reasons); i++)
		if (reasons[i].status == status)
			return reasons[i].text;
	return "Other";
}

/* At most `most` bytes; false: the peer takes no more, or has gone. */
static bool write_some(struct connection *c, size_t most)
{
	size_t head = c->head->len, all = head + c->body->len;
	while (c->written < all && most) {
		struct iovec parts[2];
		int n = 0;
		if (c->written < head)
			parts[n++] = (struct iovec){
				c->head->str + c->written,
				MIN(head - c->written, most),
			};
		size_t skip = c->written < head ? 0 : c->written - head;
		if (most > head - MIN(head, c->written) && c->body->len > skip)
			parts[n++] = (struct iovec){
				c->body->str + skip,
				MIN(c->body->len - skip,
				    most - (head - MIN(head, c->written))),
			};
		struct msghdr message = { .msg_iov = parts,
					  .msg_iovlen = (size_t)n };
		ssize_t sent = sendmsg(c->fd, &message, MSG_NOSIGNAL);
		if (sent < 0 && errno == EINTR)
			continue;
		if (sent < 0)
			return false;
		c->written += (size_t)sent;
		most -= (size_t)sent;
	}
	return true;
}

static void answer_ends(struct connection *c)
{
	c->request->last_byte = g_get_monotonic_time();
	g_string_free(c->head, true);
	g_string_free(c->body, true);
	c->head = c->body = NULL;
	c->written = 0;
	drop_source(&c->writable);
	if (c->close) {
		shutdown(c->fd, SHUT_WR);
		connection_close(c, false);
		return;
	}
	end_request(c);
	advance(c);
}

static void flush(struct connection *c)
{
	if (write_some(c, SIZE_MAX)) {
		answer_ends(c);
		return;
	}
	if (errno != EAGAIN)
		connection_close(c, false);
	else if (!c->writable)
		c->writable = g_unix_fd_add(c->fd, G_IO_OUT, can_write, c);
}

static gboolean can_write(int fd, GIOCondition condition, gpointer data)
{
	(void)fd;
	(void)condition;
	struct connection *c = data;
	c->busy++;
	flush(c);
	bool more = !c->dead && c->writable;
	c->busy--;
	free_if_dead(c);
	return more ? G_SOURCE_CONTINUE : G_SOURCE_REMOVE;
}

static gboolean drip(gpointer data)
{
	struct connection *c = data;
	bool fine = write_some(c, c->request->drip_bytes) || errno == EAGAIN;
	if (fine && c->written < c->head->len + c->body->len)
		return G_SOURCE_CONTINUE;
	c->timer = 0;
	c->busy++;
	if (fine)
		answer_ends(c);
	else
		connection_close(c, false);
	c->busy--;
	free_if_dead(c);
	return G_SOURCE_REMOVE;
}

static void begin_answer(struct connection *c)
{
	struct http_request *request = c->request;
	switch (request->cut) {
	case HTTP_CLOSE:
	case HTTP_RESET:
		connection_close(c, request->cut == HTTP_RESET);
		return;
	case HTTP_DRIP:
		c->timer = g_timeout_add(request->drip_ms, drip, c);
		return;
	case HTTP_SWALLOW:
		return;
	case HTTP_TRUNCATE:
		g_string_truncate(c->body, c->body->len / 2);
		c->close = true;
		break;
	case HTTP_WHOLE:
		break;
	}
	flush(c);
}

void http_answer(struct http_request *request, int status, const char *headers,
		 GString *body)
{
	struct connection *c = request->connection;
	const struct http_handler *handler = c->listener->handler;
	g_assert(c->asked && !c->head);
	request->status = status;
	c->body = body ? body : g_string_new(NULL);
	request->size = c->body->len;
	c->head = g_string_sized_new(256);
	g_string_printf(c->head, "HTTP/1.1 %d %s\r\n", status, reason(status));
	if (!headers || !strstr(headers, "Content-Type:"))
		g_string_append(c->head, "Content-Type: application/json\r\n");
	g_string_append_printf(c->head, "Content-Length: %zu\r\n",
			       c->body->len);
	if (headers)
		g_string_append(c->head, headers);
	handler->headers(c->head, handler->data);
	g_string_append(c->head, "\r\n");
	const char *wish = http_header(request, "Connection");
	c->close = wish && g_ascii_strcasecmp(wish, "close") == 0;
	c->busy++;
	begin_answer(c);
	c->busy--;
	free_if_dead(c);
}

/* ---- what comes in ---- */

/* The body's bytes that the head announces; SIZE_MAX: it comes in chunks. */
static size_t announced(const struct http_request *request)
{
	const char *coding = http_header(request, "Transfer-Encoding");
	const char *length = http_header(request, "Content-Length");
	if (coding && strstr(coding, "chunked"))
		return SIZE_MAX;
	return length ? (size_t)g_ascii_strtoull(length, NULL, 10) : 0;
}

/* One chunk after the other is moved into the body. True: the last is in. */
static bool take_chunks(struct connection *c)
{
	GString *in = c->in;
	while (true) {
		char *line = memmem(in->str, in->len, "\r\n", 2);
		if (!line)
			return false;
		size_t head = (size_t)(line - in->str) + 2;
		size_t size = g_ascii_strtoull(in->str, NULL, 16);
		/* Trailers are not understood: the last chunk ends it all. */
		if (size > BODY_MOST || in->len < head + size + 2)
			return false;
		g_string_append_len(c->request->body, in->str + head,
				    (gssize)size);
		g_string_erase(in, 0, (gssize)(head + size + 2));
		if (size == 0)
			return true;
	}
}

static bool take_body(struct connection *c)
{
	size_t size = announced(c->request);
	const char *expect = http_header(c->request, "Expect");
	if (size && expect && !c->expecting) {
		static const char go[] = "HTTP/1.1 100 Continue\r\n\r\n";
		c->expecting = true;
		if (send(c->fd, go, sizeof(go) - 1, MSG_NOSIGNAL) < 0)
			return false;
	}
	if (size == SIZE_MAX)
		return take_chunks(c);
	if (size > BODY_MOST || c->in->len < size)
		return false;
	g_string_append_len(c->request->body, c->in->str, (gssize)size);
	g_string_erase(c->in, 0, (gssize)size);
	return true;
}

static bool take_head(struct connection *c)
{
	char *end = memmem(c->in->str, c->in->len, "\r\n\r\n", 4);
	if (!end) {
		if (c->in->len > HEAD_MOST)
			connection_close(c, false);
		return false;
	}
	size_t len = (size_t)(end - c->in->str);
	c->request = http_request_parse(c->in->str, len);
	if (!c->request) {
		connection_close(c, false);
		return false;
	}
	g_string_erase(c->in, 0, (gssize)len + 4);
	c->request->connection = c;
	c->request->connection_no = c->no;
	c->request->first_byte = c->first_byte;
	c->expecting = false;
	return true;
}

/* Hands the handler the next request, once it is there whole. */
static void advance(struct connection *c)
{
	const struct http_handler *handler = c->listener->handler;
	if (c->dead || c->asked || (!c->request && c->in->len == 0))
		return;
	c->busy++;
	if ((c->request || take_head(c)) && take_body(c)) {
		c->request->complete = g_get_monotonic_time();
		c->first_byte = c->request->complete;
		c->asked = true;
		handler->asked(c->request, handler->data);
	}
	c->busy--;
	free_if_dead(c);
}

static gboolean can_read(int fd, GIOCondition condition, gpointer data)
{
	(void)condition;
	struct connection *c = data;
	static char buffer[READ];
	ssize_t len = recv(fd, buffer, sizeof(buffer), 0);
	if (len < 0 && (errno == EAGAIN || errno == EINTR))
		return G_SOURCE_CONTINUE;
	c->busy++;
	if (len <= 0) {
		connection_close(c, false);
	} else {
		if (!c->request && c->in->len == 0)
			c->first_byte = g_get_monotonic_time();
		g_string_append_len(c->in, buffer, len);
		advance(c);
	}
	bool more = !c->dead;
	c->busy--;
	free_if_dead(c);
	return more ? G_SOURCE_CONTINUE : G_SOURCE_REMOVE;
}

/* ---- listeners ---- */

static gboolean can_accept(int fd, GIOCondition condition, gpointer data)
{
	(void)condition;
	struct http_listener *listener = data;
	int peer = accept4(fd, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
	if (peer < 0)
		return G_SOURCE_CONTINUE;
	int one = 1;
	setsockopt(peer, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
	struct connection *c = g_new0(struct connection, 1);
	c->listener = listener;
	c->fd = peer;
	c->no = ++listener->accepted;
	c->in = g_string_new(NULL);
	c->readable = g_unix_fd_add(peer, G_IO_IN | G_IO_HUP, can_read, c);
	g_hash_table_add(listener->connections, c);
	return G_SOURCE_CONTINUE;
}

static int bind_loopback(uint16_t port, uint16_t *bound)
{
	struct sockaddr_in address = {
		.sin_family = AF_INET,
		.sin_port = htons(port),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK),
	};
	socklen_t len = sizeof(address);
	int one = 1;
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return -1;
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one));
	if (bind(fd, (struct sockaddr *)&address, len) < 0 ||
	    listen(fd, 1024) < 0 ||
	    getsockname(fd, (struct sockaddr *)&address, &len) < 0) {
		int trouble = errno;
		close(fd);
		errno = trouble;
		return -1;
	}
	*bound = ntohs(address.sin_port);
	return fd;
}

struct http_listener *
http_listen(uint16_t port, const struct http_handler *handler, GError **error)
{
	uint16_t bound;
	int fd = bind_loopback(port, &bound);
	if (fd < 0) {
		g_set_error(error, G_IO_ERROR, g_io_error_from_errno(errno),
			    "cannot listen on port %u: %s", port,
			    g_strerror(errno));
		return NULL;
	}
	struct http_listener *listener = g_new0(struct http_listener, 1);
	listener->handler = handler;
	listener->fd = fd;
	listener->port = bound;
	listener->connections = g_hash_table_new(NULL, NULL);
	listener->source = g_unix_fd_add(fd, G_IO_IN, can_accept, listener);
	return listener;
}

uint16_t http_listener_port(const struct http_listener *listener)
{
	return listener->port;
}

void http_listener_free(struct http_listener *listener)
{
	if (!listener)
		return;
	drop_source(&listener->source);
	close(listener->fd);
	g_autoptr(GList) all = g_hash_table_get_keys(listener->connections);
	for (GList *one = all; one; one = one->next)
		connection_close(one->data, true);
	g_hash_table_unref(listener->connections);
	g_free(listener);
}
