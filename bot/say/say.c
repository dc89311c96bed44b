#include "bot/say/say.h"

#include <assert.h>
#include <string.h>

#include "kb/render.h"

struct language {
	const char *name;
	unsigned (*plural)(uint64_t n);
	unsigned forms;
	const char *words[SAY_SENTENCES];
};

/* clang-format off */
#define LANGUAGE(code, count, rule)                           \
	static unsigned plural_##code(uint64_t n)             \
	{                                                     \
		return rule;                                  \
	}                                                     \
	static const struct language language_##code = {      \
		.name = #code, .plural = plural_##code,       \
		.forms = count, .words = {
#define WORDS(name, text) [SAY_##name] = text,
#define LANGUAGE_END } };
#include "bot/say/languages.def"
#undef LANGUAGE
#undef WORDS
#undef LANGUAGE_END

static const struct language *const languages[] = {
#define LANGUAGE(code, count, rule) &language_##code,
#define WORDS(name, text)
#define LANGUAGE_END
#include "bot/say/languages.def"
#undef LANGUAGE
#undef WORDS
#undef LANGUAGE_END
	NULL,
};
/* clang-format on */

static const char *const kinds_of[] = {
#define SENTENCE(name, kinds) kinds,
#include "bot/say/say.def"
#undef SENTENCE
};

static const char *const names[] = {
#define SENTENCE(name, kinds) #name,
#include "bot/say/say.def"
#undef SENTENCE
};

static_assert(G_N_ELEMENTS(kinds_of) == SAY_SENTENCES, "a row a sentence");

const struct language *const *say_languages(void)
{
	return languages;
}

const struct language *say_language(const char *name)
{
	for (const struct language *const *l = languages; *l; l++)
		if (g_strcmp0((*l)->name, name) == 0)
			return *l;
	return NULL;
}

const char *say_language_name(const struct language *language)
{
	return language->name;
}

unsigned say_plural_forms(const struct language *language)
{
	return language->forms;
}

const char *say_kinds(enum sentence sentence)
{
	return kinds_of[sentence];
}

const char *say_name(enum sentence sentence)
{
	return names[sentence];
}

const char *say_words(const struct language *language, enum sentence sentence)
{
	return language->words[sentence];
}

static bool kinds_agree(const char *kinds, const struct say_arg *args)
{
	static const char letters[] = {
		[SAY_KIND_NUMBER] = 'n',
		[SAY_KIND_TEXT] = 't',
		[SAY_KIND_MARKDOWN] = 'm',
	};
	for (; *kinds; kinds++, args++)
		if (args->kind == SAY_KIND_END || letters[args->kind] != *kinds)
			return false;
	return args->kind == SAY_KIND_END;
}

/* {1|балл|балла|баллов}: forms is what stands after the first bar. */
static void put_plural(GString *out, const struct language *language,
		       const struct say_arg *arg, const char *forms,
		       const char *end)
{
	uint64_t n = (uint64_t)(arg->as.number < 0 ? -arg->as.number
						   : arg->as.number);
	for (unsigned skip = language->plural(n); skip > 0; skip--) {
		const char *bar = memchr(forms, '|', (size_t)(end - forms));
		if (!bar)
			break;
		forms = bar + 1;
	}
	const char *bar = memchr(forms, '|', (size_t)(end - forms));
	g_string_append_len(out, forms, (bar ? bar : end) - forms);
}

/* What people typed is not said back at any length. Caller frees. */
static char *shortened(const char *text)
{
	if (g_utf8_strlen(text, -1) <= SAY_TEXT_MOST)
		return g_strdup(text);
	g_autofree char *start = g_utf8_substring(text, 0, SAY_TEXT_MOST);
	return g_strconcat(start, "…", NULL);
}

static void put(GString *out, const struct say_arg *arg, bool code)
{
	if (arg->kind == SAY_KIND_NUMBER) {
		g_string_append_printf(out, "%" G_GINT64_FORMAT,
				       arg->as.number);
	} else if (arg->kind == SAY_KIND_MARKDOWN) {
		g_string_append(out, arg->as.text);
	} else {
		g_autofree char *text = shortened(arg->as.text);
		g_autofree char *escaped = code ? NULL : render_escape(text);
		g_string_append(out, code ? text : escaped);
	}
}

/* The words up to end with their arguments; code: they are inline code, in
 * which nothing is escaped. */
static void put_words(GString *out, const struct language *language,
		      const char *text, const char *end,
		      const struct say_arg *args, bool code)
{
	while (text < end) {
		const char *open = memchr(text, '{', (size_t)(end - text));
		const char *close =
			open ? memchr(open, '}', (size_t)(end - open)) : NULL;
		if (!close) {
			g_string_append_len(out, text, end - text);
			return;
		}
		g_string_append_len(out, text, open - text);
		const struct say_arg *arg = &args[open[1] - '1'];
		if (open[2] == '|')
			put_plural(out, language, arg, open + 3, close);
		else
			put(out, arg, code);
		text = close + 1;
	}
}

static void put_code(GString *out, const struct language *language,
		     const char *text, const char *end,
		     const struct say_arg *args)
{
	g_autoptr(GString) inside = g_string_new(NULL);
	put_words(inside, language, text, end, args, true);
	g_autofree char *code = render_code(inside->str);
	g_string_append(out, code);
}

char *say_args(const struct language *language, enum sentence sentence,
	       const struct say_arg *args)
{
	const char *text = language->words[sentence];
	if (!kinds_agree(kinds_of[sentence], args)) {
		/* A test would have stopped here; people get the raw text. */
		g_critical("%s: the arguments are not those of say.def",
			   names[sentence]);
		return g_strdup(text);
	}
	GString *out = g_string_new(NULL);
	for (;;) {
		const char *tick = strchrnul(text, '`');
		put_words(out, language, text, tick, args, false);
		const char *end = *tick ? strchr(tick + 1, '`') : NULL;
		if (!end)
			return g_string_free(out, false);
		put_code(out, language, tick + 1, end, args);
		text = end + 1;
	}
}
