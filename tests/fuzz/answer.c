/*
 * What a homeserver answers to anything but /sync. The first byte says what
 * was asked, the rest is the body.
 */

#include <stdint.h>
#include <string.h>

#include "bot/matrix/api.h"
#include "bot/matrix/content.h"
#include "bot/matrix/discovery.h"
#include "bot/matrix/room.h"
#include "bot/matrix/take.h"
#include "tests/fuzz/matrix.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void any_answer(const char *body, size_t len)
{
	static const unsigned statuses[] = {
		200, 302, 400, 401, 413, 429, 503
	};
	for (size_t i = 0; i < G_N_ELEMENTS(statuses); i++) {
		const struct http_answer http = { .status = statuses[i],
						  .body = body,
						  .len = len,
						  .retry_after = -1 };
		g_auto(api_answer) answer = { 0 };
		api_answer_read(&http, &answer);
		g_assert_true((answer.class == RETRY_NOT) == !answer.trouble);
		g_assert_true(answer.class != RETRY_NOT || answer.json);
		g_assert_cmpint(answer.retry_after, >=, -1);
		g_assert_true(!answer.trouble ||
			      g_utf8_validate(answer.trouble, -1, NULL));
		/* What is read of a login, a refresh, whoami, a PUT. */
		int64_t life;
		json_text_of(answer.json, "access_token");
		json_text_of(answer.json, "event_id");
		json_int_of(answer.json, "expires_in_ms", &life);
	}
}

static void well_known(const char *body, size_t len)
{
	g_autofree char *url = discovery_base_url(body, len);
	g_assert_true(!url || http_may_go(url));
}

static void page(const char *body, size_t len)
{
	struct matrix *matrix = fuzz_matrix();
	g_autoptr(json) json = json_parse(body, len, NULL);
	struct matrix_room room = { .room_id = (char *)"!a:x",
				    .membership = (char *)"join" };
	struct take_page taking = { .room = &room,
				    .events = json_get(json, "chunk"),
				    .members = json_get(json, "state"),
				    .date = 2000000 };
	g_autoptr(GError) error = NULL;
	g_auto(taken) taken = { 0 };
	taken_init(&taken);
	g_assert_true(sqlite_begin(matrix->host.db, NULL));
	if (!take_page(matrix, &taking, &taken, &error))
		g_error("%s", error->message);
	sqlite_rollback(matrix->host.db);
}

static void state(const char *body, size_t len)
{
	struct event event;
	bool changed = false;
	g_autoptr(json) json = json_parse(body, len, NULL);
	g_auto(matrix_room) room = { .room_id = g_strdup("!a:x"),
				     .membership = g_strdup("") };
	bool sealed = false;
	for (const struct json *e = json_first(json); e; e = json_next(e)) {
		if (event_read(e, &event))
			room_apply(&room, &event, "@znatok:x", &changed);
		g_assert_true(!sealed || room.encryption);
		sealed = room.encryption != NULL;
	}
	room_role(&room, "@a:x");
	room_title(&room);
	event_server_of(room.room_id);
}

/* Not a server's, but the store's: bytes that a hand may have changed. */
static void wire_bytes(const char *body, size_t len)
{
	g_autoptr(GBytes) bytes = g_bytes_new(body, len);
	g_autoptr(GBytes) first = NULL, second = NULL;
	g_autofree char *mention = content_mention(bytes);
	if (content_halve(bytes, "a", "b", &first, &second)) {
		g_assert_cmpuint(g_bytes_get_size(first), >, 0);
		g_assert_cmpuint(g_bytes_get_size(second), >, 0);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static void (*const kinds[])(const char *body, size_t len) = {
		any_answer, well_known, page, state, wire_bytes,
	};
	if (size == 0)
		return 0;
	kinds[data[0] % G_N_ELEMENTS(kinds)]((const char *)data + 1, size - 1);
	return 0;
}
