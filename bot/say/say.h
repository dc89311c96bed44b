/*
 * What the bot says, in each language.
 *
 * A row of say.def names a sentence and the kinds of its arguments; each
 * language gives its words in a file of its own, XX.def, with {1} for the
 * first argument and {2|балл|балла|баллов} for the plural that the second
 * one wants. Words are Markdown; an argument of kind TEXT is escaped, and cut
 * where it is long; one of kind MARKDOWN is neither. `{1}q` is inline code
 * whatever the argument holds: so is written what people are to type.
 *
 * To add a language: XX.def, with its plural rule and a row for each row of
 * say.def, and its line in languages.def. A test holds it to say.def.
 */

#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <glib.h>

enum say_kind {
	SAY_KIND_END,
	SAY_KIND_NUMBER,
	SAY_KIND_TEXT,
	SAY_KIND_MARKDOWN
};

enum { SAY_TEXT_MOST = 200 }; /* characters of a TEXT */

/* The sentences; and SAY_X_COUNT, how many arguments SAY_X takes. */
enum sentence {
#define SENTENCE(name, kinds) SAY_##name,
#include "bot/say/say.def"
#undef SENTENCE
	SAY_SENTENCES
};

enum {
#define SENTENCE(name, kinds) SAY_##name##_COUNT = sizeof(kinds) - 1,
#include "bot/say/say.def"
#undef SENTENCE
};

struct language;

/* "ru", "en"; NULL where there is no such language. */
const struct language *say_language(const char *name);
const char *say_language_name(const struct language *language);

/* How many forms a plural of the language has. */
unsigned say_plural_forms(const struct language *language);

/* All of them, NULL at the end. */
const struct language *const *say_languages(void);

/* An argument and what it is. Texts are borrowed for the call. */
struct say_arg {
	enum say_kind kind;
	union {
		int64_t number;
		const char *text;
	} as;
};

static inline struct say_arg say_number(int64_t number)
{
	return (struct say_arg){ SAY_KIND_NUMBER, { .number = number } };
}

static inline struct say_arg say_text(const char *text)
{
	return (struct say_arg){ SAY_KIND_TEXT, { .text = text } };
}

static inline struct say_arg say_markdown(const char *markdown)
{
	return (struct say_arg){ SAY_KIND_MARKDOWN, { .text = markdown } };
}

/* Basic types and no default: a double must not be cut in silence. */
#define ARG(x)                                                                 \
	_Generic((x),                       \
		int: say_number,            \
		unsigned: say_number,       \
		long: say_number,           \
		unsigned long: say_number,  \
		long long: say_number,      \
		char *: say_text,           \
		const char *: say_text)(x)

/* A text that is Markdown already. */
#define ARG_MARKDOWN(x) say_markdown(x)

/* The arguments with their end, for a function that takes struct say_arg *. */
#define SAY_ARGS(...)                                                          \
	((const struct say_arg[]){                                             \
		__VA_ARGS__ __VA_OPT__(, ){ SAY_KIND_END, { 0 } } })

/* 0; an array of negative size, which does not compile, where the number of
 * arguments is not the sentence's in say.def. */
#define SAY_CHECK(sentence, ...)                                               \
	(0 *                                                                   \
	 sizeof(char[sizeof(SAY_ARGS(__VA_ARGS__)) / sizeof(struct say_arg) == \
				     sentence##_COUNT + 1                      \
			     ? 1                                               \
			     : -1]))

/* The sentence as Markdown; caller frees. */
#define say(language, sentence, ...)                                           \
	say_args(language, sentence + SAY_CHECK(sentence, __VA_ARGS__),        \
		 SAY_ARGS(__VA_ARGS__))
char *say_args(const struct language *language, enum sentence sentence,
	       const struct say_arg *args);

/* A sentence's row, for the test that holds every language to say.def. */
const char *say_kinds(enum sentence sentence);
const char *say_name(enum sentence sentence);
const char *say_words(const struct language *language, enum sentence sentence);
