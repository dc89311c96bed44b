#include "bot/matrix/content.h"

#include <string.h>

#include "bot/base/json.h"
#include "bot/store/wire.h"

static const char room[] = "!a/b c:example.org";

static struct chat_reply reply_of(const char *markdown)
{
	return (struct chat_reply){
		.kind = CHAT_SAY,
		.room = room,
		.markdown = markdown,
		.txn_id = "0123456789abcdef0123456789abcdef",
		.notice = true,
	};
}

/* The content of one part; *path is a copy of where it goes. */
static struct json *content_of(GBytes *bytes, char **path)
{
	const char *start, *body;
	size_t start_len, len;
	g_assert_true(content_cut(bytes, &start, &start_len, &body, &len));
	if (path)
		*path = g_strndup(start, start_len);
	struct json *json = json_parse(body, len, NULL);
	g_assert_nonnull(json);
	return json;
}

static struct json *render_one(const struct chat_reply *reply, char **path)
{
	g_autoptr(GPtrArray) parts = content_render(reply, CONTENT_MOST);
	g_assert_cmpuint(parts->len, ==, 1);
	return content_of(parts->pdata[0], path);
}

static void an_answer(void)
{
	struct chat_reply reply = reply_of("**x** <img src=x> & `y`");
	reply.reply_to = "$q";
	reply.mention = "@alice:example.org";
	g_autofree char *path = NULL;
	g_autoptr(json) json = render_one(&reply, &path);
	g_assert_cmpstr(path, ==,
			"/rooms/%21a%2Fb%20c%3Aexample.org/send/"
			"m.room.message/");
	g_assert_cmpstr(json_text_of(json, "msgtype"), ==, "m.notice");
	g_assert_cmpstr(json_text_of(json, CONTENT_ID), ==, reply.txn_id);
	g_assert_cmpstr(json_text_of(json, "format"), ==,
			"org.matrix.custom.html");
	g_assert_null(strstr(json_text_of(json, "formatted_body"), "<img"));
	g_assert_nonnull(json_text_of(json, "body"));
	const struct json *related = json_get(json, "m.relates_to");
	g_assert_null(json_get(related, "rel_type"));
	g_assert_cmpstr(
		json_text_of(json_get(related, "m.in_reply_to"), "event_id"),
		==, "$q");
	g_assert_true(json_has_text(
		json_get(json_get(json, "m.mentions"), "user_ids"),
		reply.mention));
}

static void what_answers_nobody(void)
{
	struct chat_reply reply = reply_of("x");
	reply.notice = false;
	reply.plain = "hidden";
	g_autoptr(json) json = render_one(&reply, NULL);
	g_assert_cmpstr(json_text_of(json, "msgtype"), ==, "m.text");
	g_assert_cmpstr(json_text_of(json, "body"), ==, "hidden");
	g_assert_null(json_get(json, "m.relates_to"));
	/* {}: it switches the legacy rules off. */
	g_assert_true(json_is_object(json_get(json, "m.mentions")));
	g_assert_null(json_first(json_get(json, "m.mentions")));
}

static void an_answer_in_a_thread(void)
{
	struct chat_reply reply = reply_of("x");
	reply.reply_to = "$q";
	reply.thread = "$root";
	g_autoptr(json) json = render_one(&reply, NULL);
	const struct json *related = json_get(json, "m.relates_to");
	g_assert_cmpstr(json_text_of(related, "rel_type"), ==, "m.thread");
	g_assert_cmpstr(json_text_of(related, "event_id"), ==, "$root");
	g_assert_true(json_true_of(related, "is_falling_back"));
	g_assert_cmpstr(
		json_text_of(json_get(related, "m.in_reply_to"), "event_id"),
		==, "$q");
}

static void an_edit(void)
{
	struct chat_reply reply = reply_of("new");
	reply.kind = CHAT_SAY_EDIT;
	reply.target = "$old";
	g_autoptr(json) json = render_one(&reply, NULL);
	const struct json *related = json_get(json, "m.relates_to");
	g_assert_cmpstr(json_text_of(json, "body"), ==, "* new");
	g_assert_cmpstr(json_text_of(json_get(json, "m.new_content"), "body"),
			==, "new");
	g_assert_cmpstr(json_text_of(related, "rel_type"), ==, "m.replace");
	g_assert_cmpstr(json_text_of(related, "event_id"), ==, "$old");
	g_assert_cmpstr(json_text_of(json, "formatted_body"), ==, "* new");
	reply.markdown = "a\n\nb";
	g_autoptr(json) longer = render_one(&reply, NULL);
	g_assert_cmpstr(json_text_of(longer, "formatted_body"), ==,
			"<p>* a</p><p>b</p>");
	g_assert_cmpstr(json_text_of(json_get(longer, "m.new_content"),
				     "formatted_body"),
			==, "<p>a</p><p>b</p>");
}

static void reactions_and_redactions(void)
{
	struct chat_reply reply = reply_of("\xF0\x9F\x91\x8D");
	g_autofree char *path = NULL, *redact = NULL;
	reply.kind = CHAT_SAY_REACT;
	reply.target = "$t/x";
	g_autoptr(json) json = render_one(&reply, &path);
	const struct json *related = json_get(json, "m.relates_to");
	g_assert_true(g_str_has_suffix(path, "/send/m.reaction/"));
	g_assert_cmpstr(json_text_of(related, "rel_type"), ==, "m.annotation");
	g_assert_cmpstr(json_text_of(related, "key"), ==, reply.markdown);
	g_assert_cmpstr(json_text_of(json, CONTENT_ID), ==, reply.txn_id);
	reply.kind = CHAT_SAY_REDACT;
	g_autoptr(json) empty = render_one(&reply, &redact);
	g_assert_true(g_str_has_suffix(redact, "/redact/%24t%2Fx/"));
}

/* Every word stands in some part, and no part is over the limit. */
static void long_answers_are_cut(void)
{
	enum { MOST = 5000, WORDS = 3000 };
	g_autoptr(GString) markdown = g_string_new(NULL);
	for (int i = 0; i < WORDS; i++)
		g_string_append_printf(markdown, "слово%d%s", i,
				       i % 40 == 39 ? "\n\n" : " ");
	struct chat_reply reply = reply_of(markdown->str);
	reply.reply_to = "$q";
	reply.mention = "@alice:example.org";
	g_autoptr(GPtrArray) parts = content_render(&reply, MOST);
	g_autoptr(GString) all = g_string_new(" ");
	g_autoptr(GHashTable) ids =
		g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	g_assert_cmpuint(parts->len, >, 10);
	for (guint i = 0; i < parts->len; i++) {
		g_assert_cmpuint(g_bytes_get_size(parts->pdata[i]), <=, MOST);
		g_autoptr(json) json = content_of(parts->pdata[i], NULL);
		g_string_append_printf(all, "%s ", json_text_of(json, "body"));
		g_assert_true(g_hash_table_add(
			ids, g_strdup(json_text_of(json, CONTENT_ID))));
		/* Only the first answers and mentions. */
		g_assert_true((json_get(json, "m.relates_to") != NULL) ==
			      (i == 0));
		g_assert_true((json_first(json_get(json, "m.mentions")) !=
			       NULL) == (i == 0));
	}
	g_strdelimit(all->str, "\n", ' ');
	for (int i = 0; i < WORDS; i++) {
		g_autofree char *word = g_strdup_printf(" слово%d ", i);
		if (!strstr(all->str, word))
			g_error("lost: %s", word);
	}
}

static void what_is_too_large_is_halved(void)
{
	g_autoptr(GString) text = g_string_new(NULL);
	for (int i = 0; i < 300; i++)
		g_string_append_printf(text, "word%d ", i);
	struct chat_reply reply = reply_of(text->str);
	reply.reply_to = "$q";
	g_autoptr(GPtrArray) parts = content_render(&reply, CONTENT_MOST);
	g_autoptr(GBytes) a = NULL, b = NULL;
	g_assert_true(content_halve(parts->pdata[0], "one", "two", &a, &b));
	g_autoptr(json) first = content_of(a, NULL);
	g_autoptr(json) second = content_of(b, NULL);
	g_autoptr(json) whole = content_of(parts->pdata[0], NULL);
	g_autofree char *joined =
		g_strconcat(json_text_of(first, "body"),
			    json_text_of(second, "body"), NULL);
	g_assert_cmpstr(joined, ==, json_text_of(whole, "body"));
	g_assert_cmpstr(json_text_of(first, CONTENT_ID), ==, "one");
	g_assert_cmpstr(json_text_of(second, CONTENT_ID), ==, "two");
	g_assert_nonnull(json_get(first, "m.relates_to"));
	g_assert_null(json_get(second, "m.relates_to"));

	struct chat_reply small = reply_of("short");
	g_autoptr(GPtrArray) one = content_render(&small, CONTENT_MOST);
	g_autoptr(GBytes) c = NULL, d = NULL;
	g_assert_false(content_halve(one->pdata[0], "one", "two", &c, &d));
}

static void what_moves_to_another_room(void)
{
	struct chat_reply reply = reply_of("**so** it is");
	reply.kind = CHAT_SAY_EDIT;
	reply.target = "$q";
	g_autoptr(GPtrArray) parts = content_render(&reply, CONTENT_MOST);
	g_autoptr(GBytes) edit =
		content_moved(parts->pdata[0], "!new:b", "other");
	g_autofree char *room = content_room(edit);
	g_autoptr(json) said = content_of(edit, NULL);
	g_assert_cmpstr(room, ==, "!new:b");
	g_assert_cmpstr(json_text_of(said, "body"), ==, "so it is");
	g_assert_cmpstr(json_text_of(said, CONTENT_ID), ==, "other");
	g_assert_null(json_get(said, "m.new_content"));
	g_assert_null(json_get(said, "m.relates_to"));

	struct chat_reply answer = reply_of("no");
	answer.reply_to = "$q";
	answer.thread = "$root";
	g_autoptr(GPtrArray) one = content_render(&answer, CONTENT_MOST);
	g_autoptr(GBytes) moved = content_moved(one->pdata[0], "!new:b", "x");
	g_autoptr(json) plain = content_of(moved, NULL);
	g_assert_cmpstr(json_text_of(plain, "body"), ==, "no");
	g_assert_null(json_get(plain, "m.relates_to"));

	reply.kind = CHAT_SAY_REACT;
	g_autoptr(GPtrArray) reaction = content_render(&reply, CONTENT_MOST);
	g_assert_null(content_moved(reaction->pdata[0], "!new:b", "x"));
}

static void bytes_that_are_none(void)
{
	static const char *const junk[] = { "", "no newline", "\n", "x\n{" };
	for (size_t i = 0; i < G_N_ELEMENTS(junk); i++) {
		g_autoptr(GBytes) bytes =
			g_bytes_new_static(junk[i], strlen(junk[i]));
		g_autoptr(GBytes) a = NULL, b = NULL;
		g_assert_false(content_halve(bytes, "a", "b", &a, &b));
		g_assert_null(content_mention(bytes));
	}
}

static void one_paragraph_has_no_tags_of_its_own(void)
{
	static const char *const texts[][2] = {
		{ "a *b* `</p>`", "a <em>b</em> <code>&lt;/p&gt;</code>" },
		{ "a\n\nb", "<p>a</p><p>b</p>" },
		{ "a\n\n- b", "<p>a</p><ul><li>b</li></ul>" },
		{ "> a", "<blockquote><p>a</p></blockquote>" },
		{ "- a", "<ul><li>a</li></ul>" },
		{ "", "" },
	};
	for (size_t i = 0; i < G_N_ELEMENTS(texts); i++) {
		struct chat_reply reply = reply_of(texts[i][0]);
		g_autoptr(json) json = render_one(&reply, NULL);
		g_assert_cmpstr(json_text_of(json, "formatted_body"), ==,
				texts[i][1]);
	}
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/content/an answer", an_answer);
	g_test_add_func("/content/what answers nobody", what_answers_nobody);
	g_test_add_func("/content/an answer in a thread",
			an_answer_in_a_thread);
	g_test_add_func("/content/one paragraph has no tags of its own",
			one_paragraph_has_no_tags_of_its_own);
	g_test_add_func("/content/an edit", an_edit);
	g_test_add_func("/content/reactions and redactions",
			reactions_and_redactions);
	g_test_add_func("/content/long answers are cut", long_answers_are_cut);
	g_test_add_func("/content/what is too large is halved",
			what_is_too_large_is_halved);
	g_test_add_func("/content/what moves to another room",
			what_moves_to_another_room);
	g_test_add_func("/content/bytes that are none", bytes_that_are_none);
	return g_test_run();
}
