#include "bot/net/loop.h"

#include <stdbool.h>

struct loop {
	GSource source;
	CURLM *multi;
	GHashTable *tags; /* descriptor -> its tag in the source */
	void (*turned)(void *data);
	void *data;
};

static gboolean prepare(GSource *source, gint *timeout)
{
	(void)source;
	*timeout = -1; /* the ready time says when */
	return FALSE;
}

static gboolean check(GSource *source)
{
	struct loop *loop = (struct loop *)source;
	GHashTableIter all;
	gpointer tag;
	gint64 ready = g_source_get_ready_time(source);
	if (ready >= 0 && g_source_get_time(source) >= ready)
		return TRUE;
	g_hash_table_iter_init(&all, loop->tags);
	while (g_hash_table_iter_next(&all, NULL, &tag))
		if (g_source_query_unix_fd(source, tag))
			return TRUE;
	return FALSE;
}

static int curl_bits(GIOCondition condition)
{
	return (condition & (G_IO_IN | G_IO_HUP) ? CURL_CSELECT_IN : 0) |
	       (condition & G_IO_OUT ? CURL_CSELECT_OUT : 0) |
	       (condition & (G_IO_ERR | G_IO_NVAL) ? CURL_CSELECT_ERR : 0);
}

static gboolean dispatch(GSource *source, GSourceFunc callback, gpointer data)
{
	(void)callback;
	(void)data;
	struct loop *loop = (struct loop *)source;
	int running;
	gint64 ready = g_source_get_ready_time(source);
	if (ready >= 0 && g_source_get_time(source) >= ready) {
		g_source_set_ready_time(source, -1);
		curl_multi_socket_action(loop->multi, CURL_SOCKET_TIMEOUT, 0,
					 &running);
	}
	/* Handling one descriptor may take others away: look at a copy. */
	g_autoptr(GList) descriptors = g_hash_table_get_keys(loop->tags);
	for (GList *d = descriptors; d; d = d->next) {
		gpointer tag = g_hash_table_lookup(loop->tags, d->data);
		int bits = tag ? curl_bits(g_source_query_unix_fd(source, tag))
			       : 0;
		if (bits)
			curl_multi_socket_action(loop->multi,
						 GPOINTER_TO_INT(d->data), bits,
						 &running);
	}
	loop->turned(loop->data);
	return G_SOURCE_CONTINUE;
}

static void finalize(GSource *source)
{
	struct loop *loop = (struct loop *)source;
	g_hash_table_unref(loop->tags);
}

static int socket_changes(CURL *easy, curl_socket_t fd, int what, void *data,
			  void *own)
{
	static const GIOCondition wanted[] = {
		[CURL_POLL_NONE] = 0,
		[CURL_POLL_IN] = G_IO_IN | G_IO_HUP | G_IO_ERR,
		[CURL_POLL_OUT] = G_IO_OUT | G_IO_HUP | G_IO_ERR,
		[CURL_POLL_INOUT] = G_IO_IN | G_IO_OUT | G_IO_HUP | G_IO_ERR,
	};
	(void)easy;
	(void)own;
	struct loop *loop = data;
	gpointer key = GINT_TO_POINTER(fd);
	gpointer tag = g_hash_table_lookup(loop->tags, key);
	if (what == CURL_POLL_REMOVE) {
		if (tag)
			g_source_remove_unix_fd(&loop->source, tag);
		g_hash_table_remove(loop->tags, key);
	} else if (tag) {
		g_source_modify_unix_fd(&loop->source, tag, wanted[what]);
	} else {
		tag = g_source_add_unix_fd(&loop->source, fd, wanted[what]);
		g_hash_table_insert(loop->tags, key, tag);
	}
	return 0;
}

static int timer_changes(CURLM *multi, long ms, void *data)
{
	(void)multi;
	struct loop *loop = data;
	g_source_set_ready_time(
		&loop->source,
		ms < 0 ? -1 : g_get_monotonic_time() + ms * (gint64)1000);
	return 0;
}

GSource *loop_attach(CURLM *multi, void (*turned)(void *data), void *data)
{
	static GSourceFuncs functions = { .prepare = prepare,
					  .check = check,
					  .dispatch = dispatch,
					  .finalize = finalize };
	GSource *source = g_source_new(&functions, sizeof(struct loop));
	struct loop *loop = (struct loop *)source;
	loop->multi = multi;
	loop->turned = turned;
	loop->data = data;
	loop->tags = g_hash_table_new(NULL, NULL);
	curl_multi_setopt(multi, CURLMOPT_SOCKETFUNCTION, socket_changes);
	curl_multi_setopt(multi, CURLMOPT_SOCKETDATA, loop);
	curl_multi_setopt(multi, CURLMOPT_TIMERFUNCTION, timer_changes);
	curl_multi_setopt(multi, CURLMOPT_TIMERDATA, loop);
	g_source_set_name(source, "libcurl");
	g_source_attach(source, NULL);
	return source;
}

void loop_detach(GSource *source)
{
	struct loop *loop = (struct loop *)source;
	curl_multi_setopt(loop->multi, CURLMOPT_SOCKETFUNCTION, NULL);
	curl_multi_setopt(loop->multi, CURLMOPT_TIMERFUNCTION, NULL);
	g_source_destroy(source);
	g_source_unref(source);
}
