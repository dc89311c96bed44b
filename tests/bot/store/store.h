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

/* For calls that must do well; trouble is the error handed to them. */
#define WELL(call)                                                             \
	do {                                                                   \
		g_autoptr(GError) trouble = NULL;                              \
		bool well = (call);                                            \
		g_assert_no_error(trouble);                                    \
		g_assert_true(well);                                           \
	} while (0)
