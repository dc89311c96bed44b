#include "bot/quiz/passage.h"

#include <string.h>

#include "kb/render.h"
#include "kb/words.h"

enum { TERM_WORDS = 4, TERM_LEN = 40 };

char *passage_plain(const char *markdown)
{
	char *plain = render_plain(markdown);
	g_strdelimit(plain, "\r\n\t", ' ');
	return g_strstrip(plain);
}

static bool begins_block(const char *line)
{
	return strchr("#>|-+*`~", *line) ||
	       (g_ascii_isdigit(*line) && strpbrk(line, ".)") &&
		strspn(line, "0123456789") ==
			(size_t)(strpbrk(line, ".)") - line));
}

/* "**GIL** — …" is no list: its star is not followed by a space. */
static bool is_block(const char *line)
{
	if (!*line || !begins_block(line))
		return false;
	if (*line == '*' || *line == '-' || *line == '+')
		return line[1] == ' ' || line[1] == '\t';
	if (*line == '`' || *line == '~')
		return line[1] == *line && line[2] == *line;
	return true;
}

char *passage_line(const char *markdown)
{
	if (!markdown)
		return NULL;
	g_autofree char *text = g_strstrip(g_strdup(markdown));
	if (!*text || strstr(text, "\n\n") || strstr(text, "```"))
		return NULL;
	g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
	for (char **line = lines; *line; line++)
		if (is_block(g_strstrip(*line)))
			return NULL;
	return g_strjoinv(" ", lines);
}

/* ---- sentences ---- */

/* True where a sentence ends before p: ". A", "! Б". */
static bool is_end(const char *start, const char *p)
{
	if (p - start < 2 || *p != ' ' || !strchr(".!?", p[-1]))
		return false;
	gunichar next = g_utf8_get_char(p + 1);
	if (!g_unichar_isupper(next) && (!p[1] || !strchr("`*\"", p[1])))
		return false;
	/* "т. е.", "e. g.": a letter and a stop end nothing. */
	const char *last = g_utf8_find_prev_char(start, p - 1);
	const char *before = last ? g_utf8_find_prev_char(start, last) : NULL;
	return before && *before != ' ';
}

static void cut_sentences(GPtrArray *sentences, const char *line)
{
	bool code = false;
	const char *start = line;
	for (const char *p = line; *p; p++) {
		code ^= *p == '`';
		if (code || !is_end(start, p))
			continue;
		g_ptr_array_add(sentences,
				g_strndup(start, (gsize)(p - start)));
		start = p + 1;
	}
	if (*start)
		g_ptr_array_add(sentences, g_strdup(start));
}

/* The line without what makes it an item of a list. */
static const char *without_bullet(const char *line)
{
	if (*line && strchr("-+*", *line) && line[1] == ' ')
		return line + 2;
	size_t digits = strspn(line, "0123456789");
	if (digits && (line[digits] == '.' || line[digits] == ')') &&
	    line[digits + 1] == ' ')
		return line + digits + 2;
	return line;
}

GPtrArray *passage_sentences(const char *markdown)
{
	GPtrArray *sentences = g_ptr_array_new_with_free_func(g_free);
	if (!markdown)
		return sentences;
	g_auto(GStrv) lines = g_strsplit(markdown, "\n", -1);
	g_autoptr(GString) paragraph = g_string_new(NULL);
	bool fence = false;
	for (char **l = lines; *l; l++) {
		char *line = g_strstrip(*l);
		bool rail = g_str_has_prefix(line, "```") ||
			    g_str_has_prefix(line, "~~~");
		fence ^= rail;
		bool silent = fence || rail || strchr("#|>", *line);
		const char *words = without_bullet(line);
		if ((silent || words != line) && paragraph->len) {
			cut_sentences(sentences, paragraph->str);
			g_string_truncate(paragraph, 0);
		}
		if (!silent)
			g_string_append_printf(paragraph, "%s%s",
					       paragraph->len ? " " : "",
					       words);
	}
	if (paragraph->len)
		cut_sentences(sentences, paragraph->str);
	return sentences;
}

/* ---- hiding ---- */

static bool is_word(gunichar c)
{
	return g_unichar_isalnum(c) || c == '_';
}

static bool is_plain_term(const char *term)
{
	for (const char *p = term; *p; p = g_utf8_next_char(p))
		if (!g_unichar_isalnum(g_utf8_get_char(p)) && !strchr(" -", *p))
			return false;
	return true;
}

/* A term to be hidden: by the stems of its words, or as it is written. */
struct target {
	char **stems; /* NULL: as written */
	const char *written;
	size_t len;
};

static void target_clear(void *data)
{
	struct target *target = data;
	g_strfreev(target->stems);
}

static GArray *targets_of(char *const *terms)
{
	GArray *targets = g_array_new(false, true, sizeof(struct target));
	g_array_set_clear_func(targets, target_clear);
	for (; *terms; terms++) {
		struct target target = { .written = *terms,
					 .len = strlen(*terms) };
		if (!target.len)
			continue;
		if (is_plain_term(*terms)) {
			g_autofree char *folded = words_fold(*terms);
			target.stems = words_split(folded);
			for (char **stem = target.stems; *stem; stem++) {
				char *word = *stem;
				*stem = words_stem(word);
				g_free(word);
			}
		}
		g_array_append_val(targets, target);
	}
	return targets;
}

/* The stem of the word at p; *end is behind it. */
static char *stem_at(const char *p, const char **end)
{
	while (is_word(g_utf8_get_char(*end)))
		*end = g_utf8_next_char(*end);
	g_autofree char *word = g_strndup(p, (gsize)(*end - p));
	g_autofree char *folded = words_fold(word);
	return words_stem(folded);
}

/* Where the words that begin at p end; NULL: it is not the term that begins
 * here. first is the stem of the word at p, which ends at first_end. */
static const char *match_stems(const char *first, const char *first_end,
			       const struct target *target)
{
	const char *at = first_end;
	if (!target->stems[0] || !g_str_equal(first, target->stems[0]))
		return NULL;
	for (char **stem = target->stems + 1; *stem; stem++) {
		if (*at != ' ' && *at != '-')
			return NULL;
		const char *end = ++at;
		g_autofree char *found = stem_at(at, &end);
		if (end == at || !g_str_equal(found, *stem))
			return NULL;
		at = end;
	}
	return at;
}

static const char *match_written(const char *p, const struct target *target)
{
	if (strncmp(p, target->written, target->len) != 0)
		return NULL;
	gunichar last = g_utf8_get_char(g_utf8_find_prev_char(
		target->written, target->written + target->len));
	bool ends =
		!is_word(last) || !is_word(g_utf8_get_char(p + target->len));
	return ends ? p + target->len : NULL;
}

/* The longest of the terms that begins at p: where it ends, or NULL. */
static const char *match(const char *p, const GArray *targets)
{
	const char *longest = NULL, *first_end = p;
	g_autofree char *first =
		is_word(g_utf8_get_char(p)) ? stem_at(p, &first_end) : NULL;
	for (guint i = 0; i < targets->len; i++) {
		const struct target *target =
			&g_array_index(targets, struct target, i);
		const char *end =
			!target->stems ? match_written(p, target)
			: first	       ? match_stems(first, first_end, target)
				       : NULL;
		if (end && (!longest || end > longest))
			longest = end;
	}
	return longest;
}

char *passage_hide(const char *text, char *const *terms, unsigned *count)
{
	GString *out = g_string_new(NULL);
	bool inside = false; /* a word that has begun before */
	g_autoptr(GArray) targets = targets_of(terms);
	*count = 0;
	for (const char *p = text; *p;) {
		const char *end = inside ? NULL : match(p, targets);
		if (end) {
			g_string_append(out, PASSAGE_GAP);
			(*count)++;
			p = end;
			inside = false;
			continue;
		}
		gunichar c = g_utf8_get_char(p);
		inside = is_word(c);
		g_string_append_unichar(out, c);
		p = g_utf8_next_char(p);
	}
	return g_string_free(out, FALSE);
}

/* ---- names ---- */

bool passage_is_term(const char *text)
{
	if (!*text || g_utf8_strlen(text, -1) > TERM_LEN || strchr(text, '\n'))
		return false;
	unsigned words = 1;
	bool letter = false;
	for (const char *p = text; *p; p = g_utf8_next_char(p)) {
		words += *p == ' ';
		letter |= g_unichar_isalpha(g_utf8_get_char(p));
	}
	return letter && words <= TERM_WORDS;
}

static void add_name(GPtrArray *names, char *name)
{
	g_strstrip(name);
	for (char *p = name; *p; p++) /* code is named without its ticks */
		while (*p == '`')
			memmove(p, p + 1, strlen(p));
	for (guint i = 0; i < names->len; i++)
		if (!*name || g_str_equal(names->pdata[i], name)) {
			g_free(name);
			return;
		}
	g_ptr_array_add(names, name);
}

static GPtrArray *titles_of(const struct entry *entry)
{
	GPtrArray *names = g_ptr_array_new_with_free_func(g_free);
	g_autofree char *title = passage_plain(entry->title);
	const char *open = strchr(title, '(');
	const char *close = open ? strchr(open, ')') : NULL;
	if (strchr(title, '?'))
		return names;
	/* "super()" has no bracket. */
	if (close && close > open + 1) {
		add_name(names, g_strndup(title, (gsize)(open - title)));
		add_name(names, g_strndup(open + 1, (gsize)(close - open - 1)));
	}
	add_name(names, g_strdup(title));
	return names;
}

static char **end_names(GPtrArray *names)
{
	g_ptr_array_add(names, NULL);
	return (char **)g_ptr_array_free(names, FALSE);
}

char **passage_titles(const struct entry *entry)
{
	return end_names(titles_of(entry));
}

char **passage_names(const struct entry *entry)
{
	GPtrArray *names = titles_of(entry);
	for (char **alias = entry->aliases; *alias; alias++)
		add_name(names, g_strdup(*alias));
	return end_names(names);
}
