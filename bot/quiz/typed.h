/* What somebody typed as an answer -> the answer itself. */

#pragma once

/*
 * Without a quoted message that it replies to, a leading "!a" or "!answer"
 * (in the other keyboard layout too), spoiler marks around it, white space at
 * the ends. Any bytes in, valid UTF-8 of at most 4,000 bytes out. Caller
 * frees.
 */
char *typed_answer(const char *text);
