#include <string.h>

#include "bot/base/error.h"
#include "bot/base/json.h"
#include "bot/base/json_text.h"

static bool is_json(const char *text)
{
	return json_text_check(text, strlen(text), NULL);
}

/* RFC 8259, and nothing that only cJSON would take. */
static void what_is_json(void)
{
	static const char *const well[] = {
		"{}",
		"[]",
		"0",
		"-0",
		"12.5e-3",
		"1E+2",
		"true",
		"null",
		"\"\"",
		" [1 , {\"a\" : [ ] } ] ",
		"\"\\u00e9\\n\\/\"",
		"\"\xd0\xb3\xd0\xb8\xd0\xbb\"",
		"{\"a\":1,\"a\":2}",
	};
	static const char *const not [] = {
		"",
		" ",
		"{",
		"[",
		"[1",
		"[1,]",
		"{,}",
		"{\"a\"}",
		"{\"a\":}",
		"{a:1}",
		"01",
		"1.",
		".5",
		"+1",
		"1e",
		"truer",
		"nul",
		"'a'",
		"\"",
		"\"\\x\"",
		"\"\\u12g4\"",
		"\"\x01\"",
		"\"\n\"",
		"[1] 2",
		"[1]]",
		"{]",
		"\"\xff\"",
		"\"\xc0\x80\"",
		"\"\xed\xa0\x80\"",
		"1 ,",
		"[1 2]",
		"{\"a\":1 \"b\":2}",
		"-",
		"\"\xd0\"",
	};
	for (size_t i = 0; i < G_N_ELEMENTS(well); i++)
		if (!is_json(well[i]))
			g_error("refused: %s", well[i]);
	for (size_t i = 0; i < G_N_ELEMENTS(not ); i++)
		if (is_json(not [i]))
			g_error("taken: %s", not [i]);
	g_assert_false(json_text_check("1\0", 2, NULL));
}

/* Whatever a server lets through is JSON; what a tree holds is bounded. */
static void depth_is_bounded(void)
{
	enum { DEEP = 100000 };
	g_autofree char *open = g_strnfill(DEEP, '[');
	g_autofree char *close = g_strnfill(DEEP, ']');
	g_autofree char *text = g_strconcat("{\"a\":{\"k\":", open, "1", close,
					    "},\"b\":\"[[\"}", NULL);
	g_autoptr(json) json = json_parse(text, strlen(text), NULL);
	g_assert_cmpstr(json_text_of(json, "b"), ==, "[[");
	g_assert_true(json_is_array(json_get(json_get(json, "a"), "k")));
	g_assert_false(is_json(open));
}

static void members_are_cut(void)
{
	static const char text[] =
		" { \"a\" : [1,{\"b\":\"}\"}] , \"c\\\"\":\"x,]\",\"d\":-1 }";
	static const char *const wanted[][2] = {
		{ "a", "[1,{\"b\":\"}\"}]" },
		{ "c\\\"", "\"x,]\"" },
		{ "d", "-1" },
	};
	struct json_text key, value, all = { text, strlen(text) };
	struct json_cut cut = json_cut_object(all);
	for (size_t i = 0; i < G_N_ELEMENTS(wanted); i++) {
		g_assert_true(json_cut_member(&cut, &key, &value));
		g_assert_cmpmem(key.text, key.len, wanted[i][0],
				strlen(wanted[i][0]));
		g_assert_cmpmem(value.text, value.len, wanted[i][1],
				strlen(wanted[i][1]));
	}
	g_assert_false(json_cut_member(&cut, &key, &value));
	value = json_text_get(all, "a");
	cut = json_cut_array(value);
	g_assert_true(json_cut_item(&cut, &value));
	g_assert_cmpmem(value.text, value.len, "1", 1);
	g_assert_true(json_cut_item(&cut, &value));
	g_assert_false(json_cut_item(&cut, &value));
	/* What is of another kind is empty. */
	cut = json_cut_array(all);
	g_assert_false(json_cut_item(&cut, &value));
	g_assert_null(json_text_get(all, "zz").text);
}

static struct json *parse(const char *text)
{
	return json_parse(text, strlen(text), NULL);
}

static void trees_are_read(void)
{
	g_autoptr(json) json = parse("{\"t\":\"x\",\"n\":5,\"f\":1.5,\"b\":"
				     "true,\"o\":{\"k\":null},\"l\":[\"a\",2],"
				     "\"big\":9007199254740993,\"T\":\"y\"}");
	int64_t number = 7;
	g_assert_cmpstr(json_text_of(json, "t"), ==, "x");
	g_assert_cmpstr(json_text_of(json, "T"), ==, "y");
	g_assert_null(json_text_of(json, "n"));
	g_assert_true(json_int_of(json, "n", &number));
	g_assert_cmpint(number, ==, 5);
	g_assert_false(json_int_of(json, "f", &number));
	g_assert_false(json_int_of(json, "big", &number));
	g_assert_false(json_int_of(json, "t", &number));
	g_assert_cmpint(number, ==, 5);
	g_assert_true(json_true_of(json, "b"));
	g_assert_false(json_true_of(json, "t"));
	g_assert_true(json_is_object(json_get(json, "o")));
	g_assert_true(json_has_text(json_get(json, "l"), "a"));
	g_assert_false(json_has_text(json_get(json, "l"), "b"));
	/* NULL and wrong kinds are simply without members. */
	g_assert_null(json_text_of(NULL, "t"));
	g_assert_null(json_text_of(json_get(json, "t"), "t"));
	g_assert_false(json_int_of(json_get(json, "l"), "t", &number));
}

/* One odd event must not cost its room. */
static void tricks_are_tamed(void)
{
	static const char *const tricks[][2] = {
		{ "{\"a\":1,\"a\":2}", "{\"a\":2}" },
		{ "{\"a\":1,\"\\u0061\":2,\"b\":3}", "{\"a\":2,\"b\":3}" },
		{ "[{\"x\":[{\"b\":0,\"b\":1}]}]", "[{\"x\":[{\"b\":1}]}]" },
		{ "\"a\\u0000b\"", "\"a\xef\xbf\xbd"
				   "b\"" },
		{ "{\"\\u0000\":1}", "{\"\xef\xbf\xbd\":1}" },
		{ "\"\\ud800\"", "\"\xef\xbf\xbd\"" },
		{ "\"\\udc00x\"", "\"\xef\xbf\xbdx\"" },
		{ "\"\\ud83d\\ude00\\ud83d\\\"\\u0000\"",
		  "\"\xf0\x9f\x98\x80\xef\xbf\xbd\\\"\xef\xbf\xbd\"" },
		{ "\"\\\\u0000\"", "\"\\\\u0000\"" },
	};
	for (size_t i = 0; i < G_N_ELEMENTS(tricks); i++) {
		g_autoptr(json) json = parse(tricks[i][0]);
		g_assert_nonnull(json);
		g_autofree char *text = json_print(json);
		g_assert_cmpstr(text, ==, tricks[i][1]);
	}
	/* Many members are compared in another way. */
	g_autoptr(GString) many = g_string_new("{\"m7\":1,\"m39\":1");
	for (int i = 0; i < 40; i++)
		g_string_append_printf(many, ",\"m%d\":2", i);
	g_string_append(many, ",\"m0\":3}");
	g_autoptr(json) json = parse(many->str);
	int64_t value = 0;
	int members = 0;
	for (const struct json *c = json_first(json); c; c = json_next(c))
		members++;
	g_assert_cmpint(members, ==, 40);
	g_assert_true(json_int_of(json, "m7", &value));
	g_assert_cmpint(value, ==, 2);
	g_assert_true(json_int_of(json, "m0", &value));
	g_assert_cmpint(value, ==, 3);
}

static void what_is_written_is_read(void)
{
	g_autoptr(json) json = json_object();
	json_set_text(json, "a", "1");
	json_set_text(json, "a", "\xd0\xb3 \"\\ \n");
	json_set_bool(json, "b", false);
	g_autofree char *text = json_print(json);
	g_autoptr(json) again = parse(text);
	g_assert_cmpstr(json_text_of(again, "a"), ==, "\xd0\xb3 \"\\ \n");
	g_assert_nonnull(json_get(again, "b"));
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/json/what is JSON", what_is_json);
	g_test_add_func("/json/depth is bounded", depth_is_bounded);
	g_test_add_func("/json/members are cut", members_are_cut);
	g_test_add_func("/json/trees are read", trees_are_read);
	g_test_add_func("/json/tricks are tamed", tricks_are_tamed);
	g_test_add_func("/json/what is written is read",
			what_is_written_is_read);
	return g_test_run();
}
