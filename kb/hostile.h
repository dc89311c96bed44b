/*
 * Markdown that would take cmark-gfm out of all proportion. Measured on
 * 0.29.0.gfm.6: 18 kB of a table with 3,000 columns and 3,000 one-cell rows
 * take 2 GB, one table row of 20,000 bars takes 0.7 s.
 */

#pragma once

#include <stdbool.h>
#include <stddef.h>

/*
 * True if text is not to be given to cmark but to be taken as plain
 * paragraphs; *why (may be NULL) then says why, for a remark ("a table of
 * more than 64 columns"), in static storage. Linear in len, any bytes. It
 * errs on the safe side: such lines inside code count as well.
 */
bool hostile_markdown(const char *text, size_t len, const char **why);
