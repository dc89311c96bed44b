/* The rows of options.def as arrays. */

#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum option_type {
	OPTION_STRING,
	OPTION_PATH,
	OPTION_SECRET,
	OPTION_CHOICE,
	OPTION_LIST,
	OPTION_PATHS,
	OPTION_BOOL,
	OPTION_INTEGER,
	OPTION_DURATION,
	OPTION_TYPES
};

/* A row of options.def; all strings static. */
struct config_option {
	const char *section;
	const char *key;
	enum option_type type;
	const char *preset; /* the default, as one would write it */
	size_t offset;	    /* of its field in struct config */
	const char *help;
	/* The limits, as the type asks for them. */
	int64_t least, most;		  /* INTEGER, DURATION (in ms) */
	const char *unit;		  /* INTEGER; for people only */
	const char *choices;		  /* CHOICE, a;b;c */
	bool (*check)(const char *value); /* STRING; may be NULL */
	const char *allowed;		  /* what check allows */
};

struct config_section {
	const char *name;
	const char *help;
};

enum {
#define SECTION(name, help) +1
#define OPTION(...)
	CONFIG_SECTIONS = 0
#include "config/options.def"
#undef OPTION
#undef SECTION
};

enum {
#define SECTION(name, help)
#define OPTION(...) +1
	CONFIG_OPTIONS = 0
#include "config/options.def"
#undef OPTION
#undef SECTION
};

/* Both in the order of options.def. */
extern const struct config_section config_sections[CONFIG_SECTIONS];
extern const struct config_option config_options[CONFIG_OPTIONS];

/* The row of an option; there must be one. */
const struct config_option *config_option(const char *section, const char *key);
