#include "bot/matrix/message.h"

#include <string.h>

enum { VERSION_REDACTS_IN_CONTENT = 11 };

/* ---- mentions ---- */

static const char *skip_spaces(const char *text)
{
	return text + strspn(text, " \t\n\r");
}

/*
 * What stands behind the name at the start of the text: "znatok: gil",
 * "@znatok:localhost gil". NULL: it does not start with the name. A name
 * without @ or a sign behind it may be any word.
 */
static const char *behind_name(const char *text, const char *name, bool sure)
{
	const char *rest = text;
	bool at = *rest == '@' && *name != '@';
	rest += at;
	g_autofree char *folded = g_utf8_casefold(name, -1);
	size_t len = strlen(name);
	if (!len || strlen(rest) < len)
		return NULL;
	g_autofree char *start = g_utf8_casefold(rest, (gssize)len);
	if (!g_str_equal(start, folded))
		return NULL;
	rest += len;
	if (*rest && strchr(":,;", *rest))
		return skip_spaces(rest + 1);
	bool ends = !*rest || strchr(" \t\n\r", *rest);
	return ends && (sure || at || *name == '@') ? skip_spaces(rest) : NULL;
}

/* The text without the name somewhere inside it; NULL: it is not there. */
static char *without_name(const char *text, const char *name)
{
	const char *found = *name ? strstr(text, name) : NULL;
	if (!found)
		return NULL;
	const char *rest = found + strlen(name);
	rest += *rest && strchr(":,;", *rest);
	if (found > text && found[-1] == '@')
		found--;
	g_autofree char *joined = g_strdup_printf("%.*s%s", (int)(found - text),
						  text, skip_spaces(rest));
	return g_strdup(g_strstrip(joined));
}

/* The [ of "[label](url)", whose ] is at end; NULL: there is none. */
static const char *label_start(const char *text, const char *end)
{
	int inside = 0;
	while (end > text) {
		end--;
		if (*end == '[' && inside-- == 0)
			return end;
		inside += *end == ']';
	}
	return NULL;
}

/* Behind the url and its ), if it leads to that user; else NULL. */
static const char *behind_user_link(const char *url, const char *user_id)
{
	static const char matrix_to[] = "https://matrix.to/#/";
	url += *url == '<';
	if (!g_str_has_prefix(url, matrix_to))
		return NULL;
	url += strlen(matrix_to);
	size_t len = strcspn(url, "?>() \n");
	const char *end = url + len + strcspn(url + len, "() \n");
	g_autofree char *id = g_uri_unescape_segment(url, url + len, NULL);
	return *end == ')' && g_strcmp0(id, user_id) == 0 ? end + 1 : NULL;
}

/*
 * Some clients put a mention's Markdown into the body; each that is ours
 * becomes our id. Caller frees.
 *
 *	[Znatok](https://matrix.to/#/%40znatok%3Aa.b) gil -> @znatok:a.b gil
 */
static char *without_links(const char *text, const char *own_id)
{
	GString *out = g_string_new(NULL);
	const char *rest = text, *at;
	for (const char *from = text; (at = strstr(from, "](")); from = at) {
		const char *start = label_start(from, at);
		at += strlen("](");
		const char *end = behind_user_link(at, own_id);
		if (!start || !end)
			continue;
		g_string_append_len(out, rest, start - rest);
		g_string_append(out, own_id);
		rest = at = end;
	}
	g_string_append(out, rest);
	return g_string_free(out, FALSE);
}

/* Cuts our name out of the text, and says whether it stood there. */
static bool cut_name(const struct message_reader *reader,
		     struct message *message)
{
	/* "@znatok:localhost" is "znatok" to who types it. */
	g_autofree char *local =
		g_strndup(reader->own_id + 1, strcspn(reader->own_id + 1, ":"));
	const char *const names[] = { reader->own_id,
				      reader->own_name ? reader->own_name : "",
				      local };
	for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
		const char *rest = behind_name(skip_spaces(message->text),
					       names[i], message->listed);
		if (!rest)
			continue;
		char *text = g_strdup(rest);
		g_free(message->text);
		message->text = text;
		return true;
	}
	for (size_t i = 0; message->listed && i < G_N_ELEMENTS(names); i++) {
		char *text = without_name(message->text, names[i]);
		if (!text)
			continue;
		g_free(message->text);
		message->text = text;
		return true;
	}
	return false;
}

/* ---- messages ---- */

/* Before v1.13 a reply quoted what it answers: "> <@a:b> text", then a blank
 * line. */
static const char *behind_quotation(const char *body)
{
	const char *rest = body;
	if (!g_str_has_prefix(body, "> <@") && !g_str_has_prefix(body, "> * "))
		return body;
	while (*rest == '>') {
		rest += strcspn(rest, "\n");
		rest += *rest == '\n';
	}
	return *rest == '\n' ? rest + 1 : rest;
}

static bool is_speech(const struct json *content)
{
	const char *type = json_text_of(content, "msgtype");
	return g_strcmp0(type, "m.text") == 0 ||
	       g_strcmp0(type, "m.emote") == 0;
}

static bool read_edit(const struct event *event, const struct json *relation,
		      struct message *message)
{
	const struct json *content = json_get(event->content, "m.new_content");
	message->kind = CHAT_EDIT;
	message->target = json_text_of(relation, "event_id");
	message->text = g_strdup(json_text_of(content, "body"));
	return is_speech(content) && message->target && message->text;
}

/* In a thread the reply is only for clients that know none, unless it says
 * that it is a real one (Client-Server API, "Fallback for unthreaded
 * clients"). */
static void read_relation(const struct json *relation, struct message *message)
{
	bool threaded =
		g_strcmp0(json_text_of(relation, "rel_type"), "m.thread") == 0;
	if (threaded)
		message->thread = json_text_of(relation, "event_id");
	if (!threaded || !json_true_of(relation, "is_falling_back"))
		message->target = json_text_of(
			json_get(relation, "m.in_reply_to"), "event_id");
}

static bool read_text(const struct message_reader *reader,
		      const struct event *event, struct message *message)
{
	const struct json *content = event->content;
	const struct json *relation = json_get(content, "m.relates_to");
	if (!is_speech(content))
		return false;
	if (g_strcmp0(json_text_of(relation, "rel_type"), "m.replace") == 0)
		return read_edit(event, relation, message);
	const char *body = json_text_of(content, "body");
	if (!body)
		return false;
	read_relation(relation, message);
	message->kind = CHAT_MESSAGE;
	message->text =
		without_links(message->target ? behind_quotation(body) : body,
			      reader->own_id);
	message->listed = json_has_text(
		json_get(json_get(content, "m.mentions"), "user_ids"),
		reader->own_id);
	message->named = cut_name(reader, message);
	return true;
}

static bool read_reaction(const struct message_reader *reader,
			  const struct event *event, struct message *message)
{
	(void)reader;
	const struct json *relation = json_get(event->content, "m.relates_to");
	if (g_strcmp0(json_text_of(relation, "rel_type"), "m.annotation") != 0)
		return false;
	message->kind = CHAT_REACT;
	message->target = json_text_of(relation, "event_id");
	message->text = g_strdup(json_text_of(relation, "key"));
	return message->target && message->text;
}

/* Room version 11 moved it into the content; what an older room has there is
 * nobody's business. */
static bool read_redaction(const struct message_reader *reader,
			   const struct event *event, struct message *message)
{
	message->kind = CHAT_REDACT;
	message->target = reader->room_version >= VERSION_REDACTS_IN_CONTENT
				  ? json_text_of(event->content, "redacts")
				  : event->redacts;
	return message->target != NULL;
}

bool message_read(const struct message_reader *reader,
		  const struct event *event, struct message *message)
{
	static const struct {
		const char *type;
		bool (*read)(const struct message_reader *reader,
			     const struct event *event,
			     struct message *message);
	} types[] = {
		{ "m.room.message", read_text },
		{ "m.reaction", read_reaction },
		{ "m.room.redaction", read_redaction },
	};
	*message = (struct message){ 0 };
	if (!event->event_id || event->state_key || event->redacted)
		return false;
	for (size_t i = 0; i < G_N_ELEMENTS(types); i++)
		if (g_str_equal(event->type, types[i].type))
			return types[i].read(reader, event, message);
	return false;
}

void message_clear(struct message *message)
{
	g_free(message->text);
	*message = (struct message){ 0 };
}
