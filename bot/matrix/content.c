#include "bot/matrix/content.h"

#include <string.h>

#include "bot/base/json.h"
#include "bot/store/wire.h"
#include "kb/render.h"

enum { LEAST_BUDGET = 200, LEAST_HALVED = 500 };

/* ---- bytes ---- */

static char *room_path(const char *room, const char *rest)
{
	g_autofree char *escaped = g_uri_escape_string(room, NULL, false);
	return g_strdup_printf("/rooms/%s/%s/", escaped, rest);
}

static GBytes *put_together(const char *path, size_t path_len,
			    const struct json *content)
{
	g_autofree char *text = json_print(content);
	GString *all = g_string_sized_new(path_len + strlen(text) + 1);
	g_string_append_len(all, path, (gssize)path_len);
	g_string_append_c(all, '\n');
	g_string_append(all, text);
	return g_string_free_to_bytes(all);
}

bool content_cut(GBytes *bytes, const char **path, size_t *path_len,
		 const char **body, size_t *body_len)
{
	size_t len;
	const char *all = g_bytes_get_data(bytes, &len);
	const char *end = len ? memchr(all, '\n', len) : NULL;
	if (!end)
		return false;
	*path = all;
	*path_len = (size_t)(end - all);
	*body = end + 1;
	*body_len = len - *path_len - 1;
	return true;
}

/* ---- messages ---- */

static struct json *mentions(const char *user_id)
{
	struct json *object = json_object();
	if (user_id) {
		struct json *ids = json_array();
		json_append_text(ids, user_id);
		json_set(object, "user_ids", ids);
	}
	return object;
}

static struct json *in_reply_to(const char *event)
{
	struct json *object = json_object();
	json_set_text(object, "event_id", event);
	return object;
}

/* Client-Server API, "Rich replies" and "Threading"; NULL: no relation. */
static struct json *relation(const struct chat_reply *reply, bool first)
{
	g_autoptr(json) relation = json_object();
	const char *answered = first ? reply->reply_to : NULL;
	if (reply->thread) {
		json_set_text(relation, "rel_type", "m.thread");
		json_set_text(relation, "event_id", reply->thread);
		json_set_bool(relation, "is_falling_back", true);
		answered = answered ? answered : reply->thread;
	}
	if (!answered)
		return NULL;
	json_set(relation, "m.in_reply_to", in_reply_to(answered));
	return g_steal_pointer(&relation);
}

static void set_texts(struct json *content, const struct chat_reply *reply,
		      const char *plain, const char *html)
{
	json_set_text(content, "msgtype",
		      reply->notice ? "m.notice" : "m.text");
	json_set_text(content, "body", plain);
	json_set_text(content, "format", "org.matrix.custom.html");
	json_set_text(content, "formatted_body", html);
}

/*
 * One paragraph alone goes without its tags, as people's clients send it: some
 * put space around a <p>, and the time below it.
 *
 *	<p>Hello, <em>you</em>.</p>  ->  Hello, <em>you</em>.
 */
static void strip_paragraph(char *html)
{
	static const char open[] = "<p>", close[] = "</p>";
	size_t len = strlen(html);
	if (!g_str_has_prefix(html, open) ||
	    strstr(html, close) != html + len - strlen(close))
		return;
	html[len - strlen(close)] = '\0';
	memmove(html, html + strlen(open),
		len - strlen(open) - strlen(close) + 1);
}

/* The Markdown's two forms, where instead (may be NULL) is the plain one. */
static void render_forms(const char *markdown, const char *instead, char **html,
			 char **plain)
{
	if (instead) {
		*html = render_html(markdown);
		*plain = g_strdup(instead);
	} else {
		render_html_and_plain(markdown, html, plain);
	}
	strip_paragraph(*html);
}

static struct json *say_content(const struct chat_reply *reply,
				const char *markdown, bool first)
{
	g_autofree char *html = NULL, *plain = NULL;
	render_forms(markdown, first ? reply->plain : NULL, &html, &plain);
	struct json *content = json_object();
	set_texts(content, reply, plain, html);
	json_set(content, "m.mentions",
		 mentions(first ? reply->mention : NULL));
	struct json *related = relation(reply, first);
	if (related)
		json_set(content, "m.relates_to", related);
	return content;
}

/* The star of an edit, for clients that know none; before a <p> it would stand
 * on a line of its own. */
static char *star(const char *html)
{
	const char *rest = html;
	if (g_str_has_prefix(html, "<p>"))
		rest += strlen("<p>");
	return g_strdup_printf("%.*s* %s", (int)(rest - html), html, rest);
}

/* Client-Server API, "Event replacements". */
static struct json *edit_content(const struct chat_reply *reply,
				 const char *markdown)
{
	g_autofree char *html = NULL, *plain = NULL;
	render_forms(markdown, reply->plain, &html, &plain);
	g_autofree char *starred = g_strconcat("* ", plain, NULL);
	g_autofree char *starred_html = star(html);
	struct json *inner = json_object();
	set_texts(inner, reply, plain, html);
	json_set(inner, "m.mentions", mentions(NULL));
	struct json *content = json_object();
	set_texts(content, reply, starred, starred_html);
	json_set(content, "m.mentions", mentions(NULL));
	json_set(content, "m.new_content", inner);
	struct json *related = json_object();
	json_set_text(related, "rel_type", "m.replace");
	json_set_text(related, "event_id", reply->target);
	json_set(content, "m.relates_to", related);
	return content;
}

static GBytes *message_bytes(const struct chat_reply *reply,
			     const char *markdown, int part)
{
	char txn[WIRE_TXN];
	bool edit = reply->kind == CHAT_SAY_EDIT && part == 0;
	g_autofree char *path = room_path(reply->room, "send/m.room.message");
	g_autoptr(json) content =
		edit ? edit_content(reply, markdown)
		     : say_content(reply, markdown, part == 0);
	wire_part_txn(reply->txn_id, part, txn);
	json_set_text(content, CONTENT_ID, txn);
	return put_together(path, strlen(path), content);
}

/* Cuts the Markdown until every part fits. */
static void render_parts(const struct chat_reply *reply, size_t most,
			 size_t budget, GPtrArray *parts)
{
	size_t from = 0, next = 0;
	do {
		g_autofree char *part =
			render_part(reply->markdown, from, budget, &next);
		if (!part)
			return;
		g_autoptr(GBytes) bytes =
			message_bytes(reply, part, (int)parts->len);
		if (g_bytes_get_size(bytes) > most && budget > LEAST_BUDGET) {
			budget = MAX(budget / 2, LEAST_BUDGET);
			next = from;
			continue;
		}
		g_ptr_array_add(parts, g_steal_pointer(&bytes));
		from = next;
	} while (next != 0 || parts->len == 0);
}

static GBytes *reaction_bytes(const struct chat_reply *reply)
{
	g_autofree char *path = room_path(reply->room, "send/m.reaction");
	g_autoptr(json) content = json_object();
	struct json *related = json_object();
	json_set_text(related, "rel_type", "m.annotation");
	json_set_text(related, "event_id", reply->target);
	json_set_text(related, "key", reply->markdown);
	json_set(content, "m.relates_to", related);
	json_set_text(content, CONTENT_ID, reply->txn_id);
	return put_together(path, strlen(path), content);
}

static GBytes *redaction_bytes(const struct chat_reply *reply)
{
	g_autofree char *event =
		g_uri_escape_string(reply->target, NULL, false);
	g_autofree char *rest = g_strconcat("redact/", event, NULL);
	g_autofree char *path = room_path(reply->room, rest);
	g_autoptr(json) content = json_object();
	return put_together(path, strlen(path), content);
}

GPtrArray *content_render(const struct chat_reply *reply, size_t most)
{
	GPtrArray *parts =
		g_ptr_array_new_with_free_func((GDestroyNotify)g_bytes_unref);
	if (reply->kind == CHAT_SAY_REACT) {
		g_ptr_array_add(parts, reaction_bytes(reply));
	} else if (reply->kind == CHAT_SAY_UNREACT ||
		   reply->kind == CHAT_SAY_REDACT) {
		g_ptr_array_add(parts, redaction_bytes(reply));
	} else {
		g_autoptr(GBytes) whole =
			message_bytes(reply, reply->markdown, 0);
		if (g_bytes_get_size(whole) <= most)
			g_ptr_array_add(parts, g_steal_pointer(&whole));
		else
			render_parts(reply, most, most / 4, parts);
	}
	return parts;
}

/* ---- again, otherwise ---- */

static struct json *parse(GBytes *bytes, const char **path, size_t *path_len)
{
	const char *body;
	size_t len;
	if (!content_cut(bytes, path, path_len, &body, &len))
		return NULL;
	return json_parse(body, len, NULL);
}

char *content_room(GBytes *bytes)
{
	const char *path, *body;
	size_t path_len, body_len;
	if (!content_cut(bytes, &path, &path_len, &body, &body_len) ||
	    !g_str_has_prefix(path, "/rooms/"))
		return NULL;
	const char *start = path + strlen("/rooms/");
	size_t len = strcspn(start, "/\n");
	return g_uri_unescape_segment(start, start + len, NULL);
}

GBytes *content_moved(GBytes *bytes, const char *room, const char *txn_id)
{
	const char *old_path;
	size_t len;
	g_autoptr(json) content = parse(bytes, &old_path, &len);
	const struct json *inner = json_get(content, "m.new_content");
	if (!json_get(content, "msgtype"))
		return NULL;
	g_autoptr(json) moved = json_copy(inner ? inner : content);
	g_autofree char *path = room_path(room, "send/m.room.message");
	json_drop(moved, "m.relates_to");
	json_set_text(moved, CONTENT_ID, txn_id);
	return put_together(path, strlen(path), moved);
}

char *content_mention(GBytes *bytes)
{
	const char *path;
	size_t path_len;
	g_autoptr(json) content = parse(bytes, &path, &path_len);
	const struct json *ids =
		json_get(json_get(content, "m.mentions"), "user_ids");
	return g_strdup(json_as_text(json_first(ids)));
}

GBytes *content_with_id(GBytes *bytes, const char *txn_id)
{
	const char *path;
	size_t path_len;
	g_autoptr(json) content = parse(bytes, &path, &path_len);
	if (json_get(content, CONTENT_ID)) /* a redaction has none */
		json_set_text(content, CONTENT_ID, txn_id);
	return put_together(path, path_len, content);
}

/* Where to cut a text in two: behind the last line end or else space of its
 * first half, else in the middle of it, between characters. */
static size_t middle(const char *text, size_t len)
{
	size_t half = len / 2;
	static const char ends[] = { '\n', ' ' };
	for (size_t i = 0; i < G_N_ELEMENTS(ends); i++) {
		const char *end = memrchr(text, ends[i], half);
		if (end && (size_t)(end - text) > len / 8)
			return (size_t)(end - text) + 1;
	}
	while (half > 0 && ((unsigned char)text[half] & 0xc0) == 0x80)
		half--;
	return half;
}

static GBytes *half_of(const struct json *content, const char *path,
		       size_t path_len, const char *text, size_t len,
		       const char *txn, bool first)
{
	g_autoptr(json) half = json_object();
	g_autofree char *body = g_strndup(text, len);
	const struct json *related = json_get(content, "m.relates_to");
	bool threaded =
		g_strcmp0(json_text_of(related, "rel_type"), "m.thread") == 0;
	json_set_text(half, "msgtype", json_text_of(content, "msgtype"));
	json_set_text(half, "body", body);
	json_set(half, "m.mentions",
		 first && json_get(content, "m.mentions")
			 ? json_copy(json_get(content, "m.mentions"))
			 : json_object());
	if (related && (first || threaded))
		json_set(half, "m.relates_to", json_copy(related));
	json_set_text(half, CONTENT_ID, txn);
	return put_together(path, path_len, half);
}

bool content_halve(GBytes *bytes, const char *first_txn, const char *second_txn,
		   GBytes **first, GBytes **second)
{
	const char *path;
	size_t path_len;
	g_autoptr(json) content = parse(bytes, &path, &path_len);
	const char *text = json_text_of(content, "body");
	size_t len = text ? strlen(text) : 0;
	if (len < LEAST_HALVED || json_get(content, "m.new_content"))
		return false;
	size_t cut = middle(text, len);
	*first = half_of(content, path, path_len, text, cut, first_txn, true);
	*second = half_of(content, path, path_len, text + cut, len - cut,
			  second_txn, false);
	return true;
}
