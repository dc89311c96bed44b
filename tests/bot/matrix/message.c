#include "bot/matrix/message.h"

#include <string.h>

/* An m.room.message with that content -> "kind text target thread flags". */
static char *read_as(const char *type, const char *content, const char *more)
{
	static const struct message_reader reader = {
		.own_id = "@znatok:example.org",
		.own_name = "Знаток",
		.room_version = 11,
	};
	g_autofree char *text = g_strdup_printf(
		"{\"event_id\":\"$e\",\"sender\":\"@a:b\",\"type\":\"%s\","
		"\"content\":%s%s}",
		type, content, more);
	g_autoptr(json) tree = json_parse(text, strlen(text), NULL);
	struct event event;
	g_auto(message) message = { 0 };
	if (!tree)
		g_error("%s", text);
	if (!event_read(tree, &event) ||
	    !message_read(&reader, &event, &message))
		return g_strdup("nothing");
	return g_strdup_printf("%d [%s] %s %s%s%s", (int)message.kind,
			       message.text ? message.text : "",
			       message.target ? message.target : "-",
			       message.thread ? message.thread : "-",
			       message.listed ? " listed" : "",
			       message.named ? " named" : "");
}

struct sample {
	const char *type, *content, *more, *wanted;
};

static void check(const struct sample *samples, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		g_autofree char *found = read_as(
			samples[i].type, samples[i].content, samples[i].more);
		g_test_message("%s", samples[i].content);
		g_assert_cmpstr(found, ==, samples[i].wanted);
	}
}

#define M "m.room.message"
#define TEXT(body) "{\"msgtype\":\"m.text\",\"body\":\"" body "\"}"
#define LISTED(body)                                                           \
	"{\"msgtype\":\"m.text\",\"body\":\"" body                             \
	"\",\"m.mentions\":{\"user_ids\":[\"@x:y\","                           \
	"\"@znatok:example.org\"]}}"

static void kinds(void)
{
	static const struct sample samples[] = {
		{ M, TEXT("!q gil"), "", "0 [!q gil] - -" },
		{ M, "{\"msgtype\":\"m.emote\",\"body\":\"x\"}", "",
		  "0 [x] - -" },
		{ M, "{\"msgtype\":\"m.notice\",\"body\":\"!q gil\"}", "",
		  "nothing" },
		{ M, "{\"msgtype\":\"m.image\",\"body\":\"!q gil\"}", "",
		  "nothing" },
		{ M, "{\"msgtype\":\"m.text\",\"body\":5}", "", "nothing" },
		{ M, "{}", "", "nothing" },
		{ M, TEXT("!q gil"), ",\"state_key\":\"\"", "nothing" },
		{ M, TEXT("!q gil"), ",\"unsigned\":{\"redacted_because\":{}}",
		  "nothing" },
		{ "m.room.encrypted", TEXT("!q gil"), "", "nothing" },
		{ "m.reaction",
		  "{\"m.relates_to\":{\"rel_type\":\"m.annotation\","
		  "\"event_id\":\"$t\",\"key\":\"1\"}}",
		  "", "3 [1] $t -" },
		{ "m.reaction", "{\"m.relates_to\":{\"event_id\":\"$t\"}}", "",
		  "nothing" },
		{ "m.room.redaction", "{\"redacts\":\"$t\"}",
		  ",\"redacts\":\"$other\"", "2 [] $t -" },
		{ "m.room.redaction", "{}", ",\"redacts\":\"$t\"", "nothing" },
	};
	check(samples, G_N_ELEMENTS(samples));
}

static void relations(void)
{
	static const struct sample samples[] = {
		{ M,
		  "{\"msgtype\":\"m.text\",\"body\":\"x\",\"m.relates_to\":{"
		  "\"m.in_reply_to\":{\"event_id\":\"$t\"}}}",
		  "", "0 [x] $t -" },
		/* What older clients put in front of an answer. */
		{ M,
		  "{\"msgtype\":\"m.text\",\"body\":\"> <@c:d> one\\n> "
		  "two\\n\\n"
		  "!q x\",\"m.relates_to\":{\"m.in_reply_to\":{\"event_id\":"
		  "\"$t\"}}}",
		  "", "0 [!q x] $t -" },
		{ M, TEXT("> <@c:d> quoted\\n\\nx"), "",
		  "0 [> <@c:d> quoted\n\nx] - -" },
		{ M,
		  "{\"msgtype\":\"m.text\",\"body\":\"x\",\"m.relates_to\":{"
		  "\"rel_type\":\"m.thread\",\"event_id\":\"$r\","
		  "\"is_falling_back\":true,\"m.in_reply_to\":{\"event_id\":"
		  "\"$t\"}}}",
		  "", "0 [x] - $r" },
		{ M,
		  "{\"msgtype\":\"m.text\",\"body\":\"x\",\"m.relates_to\":{"
		  "\"rel_type\":\"m.thread\",\"event_id\":\"$r\","
		  "\"m.in_reply_to\":{\"event_id\":\"$t\"}}}",
		  "", "0 [x] $t $r" },
		{ M,
		  "{\"msgtype\":\"m.text\",\"body\":\"* y\",\"m.new_content\":{"
		  "\"msgtype\":\"m.text\",\"body\":\"y\"},\"m.relates_to\":{"
		  "\"rel_type\":\"m.replace\",\"event_id\":\"$t\"}}",
		  "", "1 [y] $t -" },
		{ M,
		  "{\"msgtype\":\"m.text\",\"body\":\"* y\",\"m.relates_to\":{"
		  "\"rel_type\":\"m.replace\",\"event_id\":\"$t\"}}",
		  "", "nothing" },
	};
	check(samples, G_N_ELEMENTS(samples));
}

static void mentions(void)
{
	static const struct sample samples[] = {
		{ M, TEXT("znatok: gil"), "", "0 [gil] - - named" },
		{ M, TEXT("Znatok, gil"), "", "0 [gil] - - named" },
		{ M, TEXT("знаток: gil"), "", "0 [gil] - - named" },
		{ M, TEXT("@znatok:example.org gil"), "", "0 [gil] - - named" },
		{ M, TEXT("@znatok gil"), "", "0 [gil] - - named" },
		{ M, TEXT("@znatok:example.org: gil"), "",
		  "0 [gil] - - named" },
		/* A word that begins so, or stands in a sentence, is a word. */
		{ M, TEXT("znatok gil"), "", "0 [znatok gil] - -" },
		{ M, TEXT("znatoks: gil"), "", "0 [znatoks: gil] - -" },
		{ M, TEXT("ask znatok: gil"), "", "0 [ask znatok: gil] - -" },
		/* Who is on the list may be named in any way, or in none. */
		{ M, LISTED("gil"), "", "0 [gil] - - listed" },
		{ M, LISTED("znatok gil"), "", "0 [gil] - - listed named" },
		{ M, LISTED("what is gil, Знаток"), "",
		  "0 [what is gil,] - - listed named" },
		{ M, LISTED("znatok: !q gil"), "",
		  "0 [!q gil] - - listed named" },
	};
	check(samples, G_N_ELEMENTS(samples));
}

#define US "https://matrix.to/#/@znatok:example.org"
#define WRITTEN_US "https://matrix.to/#/%40znatok%3Aexample.org"

/* Clients that put the Markdown of a mention into the body. */
static void links(void)
{
	static const struct sample samples[] = {
		{ M, LISTED("[@znatok:example.org](" US ") gil"), "",
		  "0 [gil] - - listed named" },
		{ M, LISTED("[Знаток](" US "): !q gil"), "",
		  "0 [!q gil] - - listed named" },
		{ M, LISTED("[Знаток](" WRITTEN_US "), gil"), "",
		  "0 [gil] - - listed named" },
		{ M, LISTED("[a [b] c](<" US "?via=b.c>) gil"), "",
		  "0 [gil] - - listed named" },
		{ M, LISTED("what is gil, [Знаток](" US ")?"), "",
		  "0 [what is gil, ?] - - listed named" },
		{ M, TEXT("[Знаток](" US ") gil"), "", "0 [gil] - - named" },
		/* Links that are no mention of us. */
		{ M, TEXT("[b](https://matrix.to/#/@b:example.org) gil"), "",
		  "0 [[b](https://matrix.to/#/@b:example.org) gil] - -" },
		{ M, TEXT("[Знаток](https://example.org/) gil"), "",
		  "0 [[Знаток](https://example.org/) gil] - -" },
		{ M, TEXT("](" US ") gil"), "", "0 [](" US ") gil] - -" },
		{ M, TEXT("[x](" US " gil"), "", "0 [[x](" US " gil] - -" },
		{ M, TEXT("[x](" US "/$e) gil"), "",
		  "0 [[x](" US "/$e) gil] - -" },
	};
	check(samples, G_N_ELEMENTS(samples));
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/message/kinds", kinds);
	g_test_add_func("/message/relations", relations);
	g_test_add_func("/message/mentions", mentions);
	g_test_add_func("/message/links", links);
	return g_test_run();
}
