/* A store in memory for the tests of this folder. */

#pragma once

#include "bot/store/db.h"

static inline struct sqlite *open_store(void)
{
	g_autoptr(GError) error = NULL;
	struct sqlite *db = db_open(NULL, &error);
	g_assert_no_error(error);
	return db;
}

/* For calls that must do well; error is the one handed to them. */
#define WELL(call)                            \
	do {                                  \
		g_autoptr(GError) error = NULL; \
		bool well = (call);           \
		g_assert_no_error(error);     \
		g_assert_true(well);          \
	} while (0)
