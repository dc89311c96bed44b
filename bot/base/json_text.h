/*
 * JSON as text, without a tree: whether it is JSON at all (RFC 8259, strictly:
 * cJSON alone accepts 01, trailing garbage and invalid UTF-8), and where the
 * members of an object and the items of an array stand in it. A body of 50 MB
 * is cut into its rooms by this, and only one room at a time becomes a tree.
 *
 *	{"a":[1,2],"b":3}   ->   key a, value [1,2];   key b, value 3
 */

#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <glib.h>

/* True if the whole text is one JSON value in valid UTF-8, white space around
 * it allowed, nested as deep as may be. Never recurses. */
bool json_text_check(const char *text, size_t len, GError **error);

/* A value inside a text that json_text_check() has passed; borrowed. */
struct json_text {
	const char *text; /* no NUL behind it; NULL: there is none */
	size_t len;
};

/* Over the members of an object, or the items of an array. */
struct json_cut {
	const char *at, *end;
};

/* Any other value is taken as an empty one. */
struct json_cut json_cut_object(struct json_text object);
struct json_cut json_cut_array(struct json_text array);

/* The next member; key is without its quotes and still escaped. */
bool json_cut_member(struct json_cut *cut, struct json_text *key,
		     struct json_text *value);
bool json_cut_item(struct json_cut *cut, struct json_text *item);

/* The values of the first members of these names, in one pass; text NULL: there
 * is none. A key that is written with escapes is not found. */
void json_text_find(struct json_text object, const char *const *keys,
		    struct json_text *values, size_t len);
struct json_text json_text_get(struct json_text object, const char *key);

/*
 * The same value as something that every parser takes: an escaped zero or half
 * of a surrogate pair is U+FFFD, and what is nested deeper than that is null.
 */
GString *json_text_tame(struct json_text value, size_t depth_most);
