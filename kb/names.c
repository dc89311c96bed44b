#include "kb/names.h"

#include <string.h>

#include "kb/identifiers.h"
#include "kb/words.h"

enum {
	ACRONYM_LEAST = 2,
	ACRONYM_MOST = 6,
	NAME_MOST = 200, /* bytes; nobody types a longer name */
};

struct names {
	GPtrArray *list;
	GHashTable *by_text; /* of the same struct name */
};

static void name_free(void *data)
{
	struct name *name = data;
	g_free(name->text);
	g_free(name);
}

/* Takes text. */
static void add(struct names *names, char *text, enum name_kind kind,
		bool loose)
{
	struct name *known = g_hash_table_lookup(names->by_text, text);
	if (known || !*text || strlen(text) > NAME_MOST) {
		if (known && kind < known->kind) {
			known->kind = kind;
			known->loose = loose;
		}
		g_free(text);
		return;
	}
	struct name *name = g_new(struct name, 1);
	*name = (struct name){ text, kind, loose };
	g_ptr_array_add(names->list, name);
	g_hash_table_insert(names->by_text, name->text, name);
}

char *names_loose(const char *folded)
{
	GString *to = g_string_new(NULL);
	struct word word;
	for (const char *rest = folded; word_next(&rest, &word);)
		if (!word_is_stop(&word))
			word_stem(&word, to);
	return g_string_free(to, FALSE);
}

static void add_both(struct names *names, const char *text, enum name_kind kind)
{
	g_autofree char *folded = words_fold(text);
	add(names, words_squash_folded(folded), kind, false);
	add(names, names_loose(folded), kind, true);
}

static void add_squashed(struct names *names, const char *text,
			 enum name_kind kind)
{
	add(names, words_squash(text), kind, false);
}

/* First letters of the words, with or without the stop words among them. */
static void add_initials(struct names *names, const char *folded, bool stops)
{
	g_autoptr(GString) to = g_string_new(NULL);
	size_t count = 0;
	struct word word;
	for (const char *rest = folded; word_next(&rest, &word);) {
		if (!stops && word_is_stop(&word))
			continue;
		gunichar c = g_utf8_get_char(word.text);
		if (!g_unichar_isalpha(c))
			return;
		g_string_append_unichar(to, c);
		count++;
	}
	/* Letters of two scripts are nobody's acronym. */
	if (count >= ACRONYM_LEAST && count <= ACRONYM_MOST &&
	    !(words_has_cyrillic(to->str) && words_has_latin(to->str)))
		add(names, g_strdup(to->str), NAME_ACRONYM, false);
}

static void add_acronyms(struct names *names, const char *text)
{
	if (strchr(text, '?'))
		return;
	g_autofree char *folded = words_fold(text);
	add_initials(names, folded, true);
	add_initials(names, folded, false);
}

/* GIL (Global Interpreter Lock): head, bracket, and the title without it. */
static void add_bracket(struct names *names, const char *title)
{
	const char *open = strchr(title, '(');
	const char *close = open ? strchr(open, ')') : NULL;
	if (!close)
		return;
	g_autofree char *head = g_strndup(title, (size_t)(open - title));
	g_autofree char *inner =
		g_strndup(open + 1, (size_t)(close - open - 1));
	g_autofree char *without = g_strconcat(head, " ", close + 1, NULL);
	add_both(names, head, NAME_HEAD);
	add_both(names, without, NAME_HEAD);
	add_both(names, inner, NAME_BRACKET);
	add_acronyms(names, head);
	add_acronyms(names, inner);
}

/* "asyncio: цикл событий", "GIL — Global Interpreter Lock": both sides. */
static void add_parts(struct names *names, const char *title)
{
	static const char *const marks[] = { " — ", " – ", " - ", ": " };
	for (size_t i = 0; i < G_N_ELEMENTS(marks); i++) {
		const char *mark = strstr(title, marks[i]);
		if (!mark)
			continue;
		g_autofree char *before =
			g_strndup(title, (size_t)(mark - title));
		const char *after = mark + strlen(marks[i]);
		add_squashed(names, before, NAME_PART);
		add_squashed(names, after, NAME_PART);
		add_acronyms(names, after);
		return;
	}
}

static void add_title(struct names *names, const char *markdown,
		      enum name_kind kind)
{
	g_autofree char *plain = names_plain(markdown);
	add_both(names, plain, kind);
	add_bracket(names, plain);
	add_parts(names, plain);
	add_acronyms(names, plain);
}

static void add_tag(struct names *names, const char *tag)
{
	add_squashed(names, tag, NAME_TAG);
	const char *last = strrchr(tag, '/');
	if (last)
		add_squashed(names, last + 1, NAME_TAG);
}

static void add_slug(struct names *names, const char *permalink)
{
	g_auto(GStrv) parts = g_strsplit(permalink, "/", -1);
	for (size_t i = g_strv_length(parts); i-- > 0;)
		if (*parts[i]) {
			add_squashed(names, parts[i], NAME_SLUG);
			return;
		}
}

static void add_identifiers(struct names *names, GPtrArray *identifiers,
			    enum name_kind kind)
{
	for (size_t i = 0; i < identifiers->len; i++)
		add_squashed(names, identifiers->pdata[i], kind);
	g_ptr_array_unref(identifiers);
}

GPtrArray *names_of(const struct entry *entry)
{
	g_autoptr(GHashTable) by_text =
		g_hash_table_new(g_str_hash, g_str_equal);
	struct names names = { g_ptr_array_new_with_free_func(name_free),
			       by_text };
	if (entry->title) {
		add_title(&names, entry->title, NAME_TITLE);
		add_identifiers(&names, identifiers_inline(entry->title),
				NAME_TITLE_CODE);
	}
	add_squashed(&names, entry->id, NAME_ID);
	if (entry->block_id)
		add_squashed(&names, entry->block_id, NAME_ID);
	for (char **alias = entry->aliases; *alias; alias++)
		add_title(&names, *alias, NAME_ALIAS);
	for (char **question = entry->questions; *question; question++) {
		g_autofree char *plain = names_plain(*question);
		add_both(&names, plain, NAME_QUESTION);
	}
	for (char **tag = entry->tags; *tag; tag++)
		add_tag(&names, *tag);
	if (entry->permalink)
		add_slug(&names, entry->permalink);
	add_identifiers(&names, identifiers_of(entry), NAME_CODE);
	return names.list;
}

static void title_word_free(void *data)
{
	struct title_word *word = data;
	g_free(word->word);
	g_free(word->stem);
	g_free(word);
}

static void add_words(GPtrArray *list, GHashTable *seen, const char *markdown)
{
	g_autofree char *plain = names_plain(markdown);
	g_autofree char *folded = words_fold(plain);
	size_t first = list->len;
	struct word word;
	for (const char *rest = folded; word_next(&rest, &word);) {
		g_autofree char *text = g_strndup(word.text, word.len);
		if (word_is_stop(&word) || g_hash_table_contains(seen, text))
			continue;
		struct title_word *own = g_new0(struct title_word, 1);
		own->word = g_steal_pointer(&text);
		own->stem = words_stem(own->word);
		g_ptr_array_add(list, own);
		g_hash_table_add(seen, own->word);
	}
	for (size_t i = first; i < list->len; i++) {
		struct title_word *own = list->pdata[i];
		own->of = (int)(list->len - first);
	}
}

GPtrArray *title_words_of(const struct entry *entry)
{
	GPtrArray *list = g_ptr_array_new_with_free_func(title_word_free);
	g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);
	if (entry->title)
		add_words(list, seen, entry->title);
	for (char **alias = entry->aliases; *alias; alias++)
		add_words(list, seen, *alias);
	return list;
}

/* "12. " and "3) " before a title are the list's, not the title's. */
static const char *skip_number(const char *text)
{
	const char *p = text + strspn(text, " \t");
	size_t digits = strspn(p, "0123456789");
	if (digits && (p[digits] == '.' || p[digits] == ')') &&
	    (p[digits + 1] == ' ' || p[digits + 1] == '\t'))
		return p + digits + 1;
	return text;
}

/* The bytes at p that are not for people: a link's target, an HTML tag. */
static size_t unseen(const char *p)
{
	const char *end = NULL;
	if (p[0] == ']' && p[1] == '(')
		end = p + 1 + strcspn(p + 1, ")\n");
	else if (*p == '<' && (g_ascii_isalpha(p[1]) || p[1] == '/'))
		end = p + strcspn(p, ">\n");
	if (end && *end && *end != '\n')
		return (size_t)(end + 1 - p);
	if (p[0] == '[' && p[1] == '[') { /* [[page|what is shown]] */
		size_t bar = strcspn(p, "|]\n");
		return p[bar] == '|' ? bar + 1 : 2;
	}
	return 0;
}

char *names_plain(const char *markdown)
{
	const char *p = skip_number(markdown);
	GString *to = g_string_sized_new(strlen(p));
	bool code = false;
	while (*p) {
		if (*p == '`')
			code = !code;
		size_t skip = code ? 0 : unseen(p);
		if (!skip)
			g_string_append_c(to, *p++);
		p += skip;
	}
	return g_string_free(to, FALSE);
}
