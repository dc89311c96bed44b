/* A Matrix network without a server, for fuzzers of what a server says: its
 * store is in memory, and whoever takes something rolls it back. */

#pragma once

#include "bot/base/clock.h"
#include "bot/matrix/matrix_private.h"
#include "bot/store/account.h"
#include "bot/store/db.h"

static inline bool fuzz_drain(void *data)
{
	(void)data;
	return true;
}

static inline void fuzz_trouble(void *data, const GError *error)
{
	(void)data;
	g_error("%s", error->message);
}

static inline void fuzz_number(void *data, int status)
{
	(void)data;
	(void)status;
}

static inline void fuzz_quiet(const char *domain, GLogLevelFlags level,
			      const char *message, void *data)
{
	(void)domain;
	(void)level;
	(void)message;
	(void)data;
}

/* One for the life of the process: @znatok:x, in room !a:x. */
static inline struct matrix *fuzz_matrix(void)
{
	static struct matrix matrix;
	static struct clock clock = { .is_virtual = true, .now = 1000000 };
	static uint64_t seed = 1;
	if (matrix.client)
		return &matrix;
	g_log_set_handler(NULL, G_LOG_LEVEL_MASK, fuzz_quiet, NULL);
	struct config *config = config_default();
	struct sqlite *db = db_open(NULL, NULL);
	const struct account account = {
		.base_url = (char *)"http://127.0.0.1:1",
		.user_id = (char *)"@znatok:x",
		.device_id = (char *)"D",
		.access_token = (char *)"t",
	};
	g_assert_true(sqlite_begin(db, NULL) &&
		      account_write(db, MATRIX_NETWORK, &account, NULL) &&
		      sqlite_commit(db, NULL));
	matrix.host = (struct chat_host){
		.config = config,
		.db = db,
		.clock = &clock,
		.seed = &seed,
		.drain = fuzz_drain,
		.trouble = fuzz_trouble,
		.ended = fuzz_number,
	};
	const struct client_options options = {
		.config = config,
		.db = db,
		.clock = &clock,
		.trouble = fuzz_trouble,
	};
	matrix.client = client_new(&options, NULL);
	matrix.gaps = gaps_new(&matrix);
	matrix.send = send_new(&matrix, NULL);
	g_assert_true(people_load(&matrix, NULL));
	return &matrix;
}
