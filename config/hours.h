/* Hours of the day, as an option holds them: "22:00-08:00". */

#pragma once

#include <stdbool.h>

/*
 * The hours as minutes of the day; false where the text is nothing of the
 * kind. The end may be before the beginning: then they are over midnight.
 */
bool hours_parse(const char *text, int *from, int *until);

/* What options.def allows: such hours, or nothing. */
bool hours_are(const char *text);
