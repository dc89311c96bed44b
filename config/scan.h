/*
 * Text in key-file syntax -> numbered lines. GKeyFile itself stops at the
 * first mistake, tells no line and merges what stands twice in silence; so
 * the lines are ours, and only values (escapes, lists) are GKeyFile's.
 *
 *	[bot]			SCAN_SECTION "bot"
 *	# a comment		(left out, as are blank lines)
 *	flood = 60		SCAN_PAIR "flood" "60"
 *	flood			SCAN_WRONG, value says what is wrong
 */

#pragma once

#include <stddef.h>
#include <glib.h>

enum scan_kind { SCAN_SECTION, SCAN_PAIR, SCAN_WRONG };

struct scan_line {
	int line; /* from 1 */
	enum scan_kind kind;
	char *name;  /* of the section or key; NULL for SCAN_WRONG */
	char *value; /* as written; what is wrong; NULL for SCAN_SECTION */
};

/*
 * Any bytes at all. A byte-order mark at the start and CR at line ends are
 * passed over. Names and values are UTF-8 without control characters but tab.
 * GPtrArray of struct scan_line in order, caller unrefs.
 */
GPtrArray *scan_text(const char *text, size_t len);
