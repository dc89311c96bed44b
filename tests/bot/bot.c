#include <string.h>

#include "bot/base/clock.h"
#include "bot/base/error.h"
#include "bot/bot.h"
#include "bot/store/db.h"
#include "bot/store/mail.h"

/*
 * The worker, with commands that fail and a network that takes everything:
 * what happens to the message, to the others, to their order.
 */

/* ---- commands ---- */

static int failures_left; /* of !shaky */

static bool fail(GError **error)
{
	g_set_error(error, ZNATOK_ERROR, ZNATOK_ERROR_FAILED, "on purpose");
	return false;
}

static bool shaky(struct command_call *call, GError **error)
{
	/* What it has done before it fails must not stay. */
	command_say(call, SAY_STATUS, ARG("shaky"));
	if (!sqlite_do(call->db, GAP_PUT, error, V(call->room), V(call->person),
		       V("shaky"), V("shaky"), V(call->now)))
		return false;
	return failures_left-- > 0 ? fail(error) : true;
}

static bool echo(struct command_call *call, GError **error)
{
	(void)error;
	command_say(call, SAY_STATUS, ARG(call->text));
	return true;
}

static const struct command command_shaky = {
	.name = "shaky",
	.usage = "",
	.summary = SAY_STATUS_SUMMARY,
	.run = shaky,
};
static const struct command command_echo = {
	.name = "echo",
	.usage = "TEXT",
	.summary = SAY_STATUS_SUMMARY,
	.words_most = COMMAND_ANY_WORDS,
	.run = echo,
};
static const struct command *const commands[] = { &command_shaky, &command_echo,
						  NULL };

/* ---- a network that takes everything ---- */

static GString *heard;

struct ear {
	struct sqlite *db;
	int events;
};

static void *ear_open(const struct chat_host *host, const void *options,
		      GError **error)
{
	(void)options;
	(void)error;
	struct ear *ear = g_new0(struct ear, 1);
	ear->db = host->db;
	return ear;
}

static GPtrArray *ear_render(void *self, const struct chat_reply *reply)
{
	(void)self;
	g_autofree char *text =
		g_strdup_printf("%s %s\n", reply->room, reply->markdown);
	GPtrArray *parts =
		g_ptr_array_new_with_free_func((GDestroyNotify)g_bytes_unref);
	g_ptr_array_add(parts, g_bytes_new(text, strlen(text)));
	return parts;
}

static bool ear_step(void *self, GError **error)
{
	struct ear *ear = self;
	/* Nothing is handed to a network inside a transaction. */
	g_assert_false(sqlite_in_transaction(ear->db));
	g_autoptr(GPtrArray) wires = mail_to_send(ear->db, "ear", 64, error);
	if (!wires || !sqlite_begin(ear->db, error))
		return false;
	for (guint i = 0; i < wires->len; i++) {
		const struct mail_wire *wire = wires->pdata[i];
		size_t len;
		const char *text = g_bytes_get_data(wire->bytes, &len);
		char event[24];
		g_snprintf(event, sizeof(event), "$%d", ear->events++);
		g_string_append_len(heard, text, (gssize)len);
		if (!mail_sent(ear->db, wire, event, error))
			return false;
	}
	return sqlite_commit(ear->db, error);
}

static const struct chat_network ear_network = {
	.name = "ear",
	.open = ear_open,
	.render = ear_render,
	.step = ear_step,
	.close = g_free,
};

/* ---- the stage ---- */

struct stage {
	struct sqlite *db;
	struct library *library;
	struct config *config;
	struct clock clock;
	uint64_t seed;
	struct bot *bot;
	int events;
};

static void set_up(struct stage *stage)
{
	static const struct chat_choice networks[] = { { &ear_network, NULL },
						       { 0 } };
	static const char *const folders[] = { "tests/transcripts/notes",
					       NULL };
	const struct library_options notes = { .folders = folders };
	GError *error = NULL;
	*stage = (struct stage){ .clock = { .is_virtual = true, .now = 1000 },
				 .seed = 1 };
	heard = g_string_new(NULL);
	stage->db = db_open(NULL, &error);
	g_assert_no_error(error);
	stage->library = library_open(&notes, &error);
	g_assert_no_error(error);
	stage->config = config_default();
	stage->config->notes_watch = false;
	const struct bot_options options = {
		stage->config, stage->library, stage->db,
		&stage->clock, &stage->seed,   commands,
		networks,      NULL,	       NULL,
	};
	stage->bot = bot_new(&options, &error);
	g_assert_no_error(error);
}

static void tear_down(struct stage *stage)
{
	bot_free(stage->bot);
	config_free(stage->config);
	library_free(stage->library);
	sqlite_close(stage->db);
	g_string_free(heard, true);
}

static void receive(struct stage *stage, const char *room, const char *text)
{
	char event[24];
	GError *error = NULL;
	g_snprintf(event, sizeof(event), "e%d", stage->events++);
	const struct chat_message message = {
		.event = event,
		.room = room,
		.person = "p",
		.name = "p",
		.text = text,
		.at = 1000,
	};
	g_assert_true(
		mail_receive(stage->db, "ear", &message, 1000, NULL, &error));
	g_assert_no_error(error);
}

static int64_t count(struct stage *stage, const char *sql)
{
	sqlite3_stmt *statement = NULL;
	sqlite3_prepare_v2(sqlite_handle(stage->db), sql, -1, &statement, NULL);
	g_assert_cmpint(sqlite3_step(statement), ==, SQLITE_ROW);
	int64_t value = sqlite3_column_int64(statement, 0);
	sqlite3_finalize(statement);
	return value;
}

static void a_message_that_fails_gets_a_second_try(void)
{
	struct stage stage;
	set_up(&stage);
	failures_left = 1;
	receive(&stage, "#a", "!shaky");
	receive(&stage, "#b", "!echo other room");
	receive(&stage, "#a", "!echo same room");
	g_assert_true(bot_drain(stage.bot));
	/* The other room goes on; the same room waits for its turn. */
	g_assert_cmpstr(heard->str, ==,
			"#b znatok other room\n"
			"#a znatok shaky\n"
			"#a znatok same room\n");
	g_assert_cmpint(count(&stage, "SELECT count(*) FROM gap"), ==, 1);
	g_assert_cmpint(count(&stage, "SELECT count(*) FROM inbox "
				      "WHERE state = 'done'"),
			==, 3);
	tear_down(&stage);
}

static void a_message_that_fails_twice_is_told_once(void)
{
	struct stage stage;
	set_up(&stage);
	failures_left = 2;
	receive(&stage, "#a", "!shaky");
	receive(&stage, "#a", "!echo next");
	g_test_expect_message(G_LOG_DOMAIN, G_LOG_LEVEL_MESSAGE,
			      "*second try: on purpose*");
	g_test_expect_message(G_LOG_DOMAIN, G_LOG_LEVEL_WARNING,
			      "*failed twice: on purpose*");
	g_assert_true(bot_drain(stage.bot));
	g_test_assert_expected_messages();
	g_autofree char *sorry = say(say_language("en"), SAY_FAILED);
	g_autofree char *wanted =
		g_strdup_printf("#a %s\n#a znatok next\n", sorry);
	g_assert_cmpstr(heard->str, ==, wanted);
	g_assert_cmpint(count(&stage, "SELECT count(*) FROM gap"), ==, 0);
	g_assert_cmpint(count(&stage, "SELECT count(*) FROM inbox WHERE "
				      "state = 'failed' AND reason = "
				      "'on purpose'"),
			==, 1);
	tear_down(&stage);
}

static void a_hundred_messages_keep_their_order(void)
{
	struct stage stage;
	set_up(&stage);
	g_autoptr(GString) wanted = g_string_new(NULL);
	for (int i = 0; i < 100; i++) {
		g_autofree char *text = g_strdup_printf("!echo %d", i);
		receive(&stage, "#a", text);
		g_string_append_printf(wanted, "#a znatok %d\n", i);
	}
	g_assert_true(bot_drain(stage.bot));
	g_assert_cmpstr(heard->str, ==, wanted->str);
	tear_down(&stage);
}

static void other_bots_are_not_answered(void)
{
	struct stage stage;
	set_up(&stage);
	g_strfreev(stage.config->bot_bots);
	stage.config->bot_bots = g_strsplit("x;p", ";", -1);
	receive(&stage, "#a", "!echo hello");
	g_assert_true(bot_drain(stage.bot));
	g_assert_cmpstr(heard->str, ==, "");
	tear_down(&stage);
}

static void an_unknown_alarm_does_no_harm(void)
{
	struct stage stage;
	set_up(&stage);
	GError *error = NULL;
	receive(&stage, "#a", "talk makes the room known");
	g_assert_true(sqlite_script(stage.db,
				    "INSERT INTO alarm (room_no, kind, due) "
				    "VALUES (1, 'unknown', 500)",
				    &error));
	g_test_expect_message(G_LOG_DOMAIN, G_LOG_LEVEL_WARNING,
			      "*unknown kind*");
	g_assert_true(bot_drain(stage.bot));
	g_test_assert_expected_messages();
	g_assert_cmpint(count(&stage, "SELECT count(*) FROM inbox WHERE "
				      "state = 'new'"),
			==, 0);
	tear_down(&stage);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/bot/a message that fails gets a second try",
			a_message_that_fails_gets_a_second_try);
	g_test_add_func("/bot/a message that fails twice is told once",
			a_message_that_fails_twice_is_told_once);
	g_test_add_func("/bot/a hundred messages keep their order",
			a_hundred_messages_keep_their_order);
	g_test_add_func("/bot/other bots are not answered",
			other_bots_are_not_answered);
	g_test_add_func("/bot/an unknown alarm does no harm",
			an_unknown_alarm_does_no_harm);
	return g_test_run();
}
