/*
 * Latin and Cyrillic: which script a letter is of, and letters of one that
 * look like the other's (С++ typed with a Cyrillic С).
 */

#pragma once

#include <stddef.h>
#include <glib.h>

enum script { SCRIPT_OTHER, SCRIPT_LATIN, SCRIPT_CYRILLIC };

static inline enum script script_of(gunichar c)
{
	if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'))
		return SCRIPT_LATIN;
	if (c < 0xaa)
		return SCRIPT_OTHER;
	if (c >= 0x400 && c < 0x530)
		return c >= 0x482 && c < 0x48a ? SCRIPT_OTHER : SCRIPT_CYRILLIC;
	if (c < 0x250)
		return c == 0xd7 || c == 0xf7 || c < 0xc0 ? SCRIPT_OTHER
							  : SCRIPT_LATIN;
	return SCRIPT_OTHER;
}

/*
 * Brings words that mix both scripts to the script of most of their letters,
 * where all the others are look-alikes, and a lone С before ++ or # to Latin;
 * other words stay as they are. text[len] is 0. Case still matters here: В
 * looks like B, в like nothing.
 */
void script_repair(gunichar *text, size_t len);

/* The Latin letter that a Cyrillic one looks like; any other character as it
 * is. */
gunichar script_latin_look(gunichar c);
