#include "bot/quiz/terms_private.h"

#include <string.h>

#include "kb/fence.h"
#include "kb/names.h"
#include "kb/words.h"

struct role_row {
	const char *word;
	enum term_role role;
};

static const struct role_row role_rows[] = {
#define FUNCTION(word) { word, TERM_FUNCTION },
#include "bot/quiz/function.def"
#undef FUNCTION
#define KEPT(word) { word, TERM_KEPT },
#define MODAL(word) { word, TERM_MODAL },
#define NEGATION(word) { word, TERM_NOT },
#define NEGATION_WIDE(word) { word, TERM_NOT_WIDE },
#include "bot/quiz/kept.def"
#undef KEPT
#undef MODAL
#undef NEGATION
#undef NEGATION_WIDE
};

static enum term_role role_of(const char *word)
{
	for (size_t i = 0; i < G_N_ELEMENTS(role_rows); i++)
		if (strcmp(role_rows[i].word, word) == 0)
			return role_rows[i].role;
	return words_is_stop(word) ? TERM_FUNCTION : TERM_PLAIN;
}

/* What a line is being cut into. */
struct cutter {
	struct terms *terms;
	unsigned clause, side, sentence, point;
	bool code, bold; /* marks that are open */
	bool quiet;	 /* nothing but function words: "т.к.", "e.g." */
};

void terms_init(struct terms *terms)
{
	*terms = (struct terms){
		.list = g_array_new(FALSE, TRUE, sizeof(struct term)),
	};
}

void terms_clear(struct terms *terms)
{
	for (size_t i = 0; terms->list && i < terms->list->len; i++) {
		struct term *term = terms_at(terms, i);
		g_free(term->shown);
		g_free(term->word);
		g_free(term->stem);
		g_free(term->opposite);
		g_free(term->sound);
	}
	g_clear_pointer(&terms->list, g_array_unref);
}

/* неизменяемый -> изменяем, uncommitted -> commit; NULL: no such word. */
static char *without_prefix(const char *word)
{
	static const char *const prefixes[] = { "не", "non", "un", "im", "in" };
	for (size_t i = 0; i < G_N_ELEMENTS(prefixes); i++) {
		if (!g_str_has_prefix(word, prefixes[i]))
			continue;
		const char *rest = word + strlen(prefixes[i]);
		if (g_utf8_strlen(rest, -1) >= 4)
			return words_stem(rest);
	}
	return NULL;
}

static void add_term(struct cutter *cutter, char *word, const char *shown,
		     bool strong)
{
	bool cyrillic = words_has_cyrillic(word);
	size_t letters = (size_t)g_utf8_strlen(word, -1);
	enum term_role role = role_of(word);
	if (role == TERM_PLAIN && (cutter->quiet || (letters == 1 && cyrillic)))
		role = TERM_FUNCTION;
	struct term term = {
		.shown = g_strdup(shown),
		.word = word,
		.stem = words_stem(word),
		.opposite = without_prefix(word),
		.letters = letters,
		.cyrillic = cyrillic,
		.strong = strong,
		.role = role,
		.clause = cutter->clause,
		.side = cutter->side,
		.sentence = cutter->sentence,
		.point = cutter->point,
	};
	size_t len = cutter->terms->list->len;
	const char *before =
		len > 0 ? terms_at(cutter->terms, len - 1)->word : NULL;
	term.meanings_len = lexicon_find(word, before, term.meanings);
	term.sound = words_skeleton(cyrillic ? term.stem : word);
	g_array_append_val(cutter->terms->list, term);
}

static bool in_word(gunichar c)
{
	return g_unichar_isalnum(c) || g_unichar_ismark(c);
}

/* Follows `code` and **bold**; true if a letter of the chunk stands in one. */
static bool follow_marks(struct cutter *cutter, const char *chunk)
{
	bool strong = false;
	for (const char *p = chunk; *p; p = g_utf8_next_char(p)) {
		if (*p == '`') {
			cutter->code = !cutter->code;
			p += strspn(p, "`") - 1;
		} else if (p[0] == '*' && p[1] == '*' && !cutter->code) {
			cutter->bold = !cutter->bold;
			p++;
		} else if (in_word(g_utf8_get_char(p))) {
			strong = strong || cutter->code || cutter->bold;
		}
	}
	return strong;
}

/* The chunk from its first letter (or _) to its last. Caller frees. */
static char *trimmed(const char *chunk)
{
	const char *from = NULL, *to = chunk;
	for (const char *p = chunk; *p; p = g_utf8_next_char(p)) {
		if (!in_word(g_utf8_get_char(p)) && *p != '_')
			continue;
		from = from ? from : p;
		to = g_utf8_next_char(p);
	}
	return from ? g_strndup(from, (size_t)(to - from)) : g_strdup("");
}

/* "т.к.", "e.g.": single letters, each with its dot. */
static bool is_abbreviation(const char *chunk)
{
	size_t dots = 0;
	for (const char *p = chunk; *p; p = g_utf8_next_char(p)) {
		if (!g_unichar_isalpha(g_utf8_get_char(p)))
			return false;
		p = g_utf8_next_char(p);
		if (*p != '.')
			return dots > 1 && strspn(p, ",;:)") == strlen(p);
		dots++;
	}
	return dots > 1;
}

enum border { BORDER_NONE, BORDER_CLAUSE, BORDER_SIDE, BORDER_SENTENCE };

/* What the punctuation behind the chunk's last letter ends. */
static enum border border_behind(const char *chunk)
{
	enum border border = BORDER_NONE;
	for (const char *p = chunk; *p; p = g_utf8_next_char(p)) {
		gunichar c = g_utf8_get_char(p);
		if (in_word(c))
			border = BORDER_NONE;
		else if (c < 0x80 && strchr(".;!?", (int)c))
			border = BORDER_SENTENCE;
		else if (c < 0x80 && strchr(",:)", (int)c))
			border = MAX(border, BORDER_CLAUSE);
		else if (c == 0x2026) /* … */
			border = BORDER_SENTENCE;
	}
	return border;
}

static void cross(struct cutter *cutter, enum border border)
{
	cutter->clause += border >= BORDER_CLAUSE;
	cutter->side += border >= BORDER_SIDE;
	cutter->sentence += border >= BORDER_SENTENCE;
}

/* "except*" is another name than "except"; "*words*" are in italics. */
static bool is_starred(const char *chunk)
{
	const char *from = chunk + strspn(chunk, "`\"'(");
	size_t len = strlen(from);
	while (len > 0 && strchr("`\"').,;:!?", from[len - 1]))
		len--;
	return len > 2 && from[len - 1] == '*' && from[len - 2] != '*' &&
	       *from != '*';
}

static void add_star(struct term *term)
{
	char **const texts[] = { &term->shown, &term->word, &term->stem };
	for (size_t i = 0; i < G_N_ELEMENTS(texts); i++) {
		char *starred = g_strconcat(*texts[i], "*", NULL);
		g_free(*texts[i]);
		*texts[i] = starred;
	}
	g_free(term->sound);
	term->sound = g_strdup("");
	term->meanings_len = 0;
}

/* An operator, as === or :=, is a word too: the chunk without what is around
 * it; in code also a single sign. NULL: there is none. Caller frees. */
static char *operator_of(const char *chunk, bool code)
{
	const char *from = chunk + strspn(chunk, "`\"'(");
	size_t len = strspn(from, "=<>!+-*/%&|^~:");
	while (len > 0 && from[len - 1] == ':')
		len--;
	const char *rest = from + len + strspn(from + len, "`\"').,;:!?");
	bool marks = strspn(from, "-") == len || strspn(from, "*") == len ||
		     strspn(from, "|") == len || strspn(from, ">") == len ||
		     strspn(from, "!") == len || strspn(from, "~") == len;
	if (*rest || !len || len > 3 || (!code && (len < 2 || marks)))
		return NULL;
	return g_strndup(from, len);
}

/* A piece of a line without white space. */
static void cut_chunk(struct cutter *cutter, const char *chunk)
{
	bool in_code = cutter->code || *chunk == '`';
	bool strong = follow_marks(cutter, chunk) || in_code;
	if (*chunk == '(')
		cross(cutter, BORDER_CLAUSE);
	g_autofree char *folded = words_fold(chunk);
	g_autofree char *bare = trimmed(chunk);
	cutter->quiet = is_abbreviation(chunk);
	size_t before = cutter->terms->list->len;
	struct word word;
	for (const char *rest = folded; word_next(&rest, &word);) {
		if (cutter->terms->list->len >= TERMS_MOST)
			return;
		char *text = g_strndup(word.text, word.len);
		add_term(cutter, text, text, strong);
	}
	char *sign = cutter->terms->list->len == before
			     ? operator_of(chunk, in_code)
			     : NULL;
	if (sign)
		add_term(cutter, sign, sign, strong);
	/* One word: shown as its author wrote it. */
	if (cutter->terms->list->len == before + 1 && *bare) {
		struct term *own = terms_at(cutter->terms, before);
		g_free(own->shown);
		own->shown = g_steal_pointer(&bare);
		if (is_starred(chunk))
			add_star(own);
	}
	if (!cutter->code && !cutter->quiet)
		cross(cutter, border_behind(chunk));
}

static void cut_line(struct cutter *cutter, const char *line)
{
	g_autofree char *plain = names_plain(line);
	g_auto(GStrv) chunks = g_strsplit_set(plain, " \t\r\n", -1);
	for (char **chunk = chunks; *chunk; chunk++)
		if (**chunk)
			cut_chunk(cutter, *chunk);
	cutter->code = cutter->bold = false;
}

/* "1." and "-" begin a point of their own; so does what is no continuation. */
static bool is_continuation(const char *before, const char *line)
{
	const char *p = line + strspn(line, " \t>");
	if (*p == '-' || *p == '*' || *p == '+' || g_ascii_isdigit(*p))
		return false;
	gunichar c = g_utf8_get_char(p + strspn(p, "`_*("));
	if (!g_unichar_islower(c))
		return false;
	size_t len = strlen(before);
	while (len > 0 && strchr(" \t*`_)", before[len - 1]))
		len--;
	return len > 0 && !strchr(".:;!?", before[len - 1]);
}

static bool is_list_line(const char *line)
{
	const char *p = line + strspn(line, " \t>");
	if ((*p == '-' || *p == '*' || *p == '+') && p[1] == ' ')
		return true;
	size_t digits = strspn(p, "0123456789");
	return digits && (p[digits] == '.' || p[digits] == ')') &&
	       p[digits + 1] == ' ';
}

/* Where the first paragraph ends: at a blank line, or before a list that no
 * colon announces. */
struct core {
	bool closed, list, announces;
	bool any; /* it has begun */
};

static void follow_core(struct core *core, const char *line, bool blank)
{
	if (core->closed || (blank && !core->any))
		return;
	if (blank) {
		core->closed = !core->announces;
		return;
	}
	bool list = is_list_line(line);
	if (core->any && list && !core->list && !core->announces)
		core->closed = true;
	if (core->any && !list && core->list && core->announces)
		core->closed = *line != ' ' && *line != '\t';
	core->list = core->any ? core->list || list : list;
	g_autofree char *stripped = g_strdup(line);
	g_strstrip(stripped);
	core->announces =
		g_str_has_suffix(stripped, ":") || (core->announces && list);
	core->any = true;
}

static bool is_fence(const char *line)
{
	return strspn(line + strspn(line, " \t>"), "`~") >= 3;
}

static void cut_lines(struct terms *terms, const char *markdown, bool fences)
{
	g_auto(GStrv) lines = g_strsplit(markdown, "\n", -1);
	struct fence_reader fence = { 0 };
	struct core core = { 0 };
	struct cutter cutter = { .terms = terms, .point = terms->points };
	if (terms->list->len > 0) {
		const struct term *last = terms_at(terms, terms->list->len - 1);
		cutter.clause = last->clause + 1;
		cutter.side = last->side + 1;
		cutter.sentence = last->sentence + 1;
	}
	const char *before = "";
	for (char **line = lines; *line; line++) {
		bool code = fence_reader_is_code(&fence, *line);
		if (code && (!fences || is_fence(*line))) {
			before = "";
			continue;
		}
		bool blank = !(*line)[strspn(*line, " \t\r")];
		follow_core(&core, *line, blank);
		if (!is_continuation(before, *line)) {
			cross(&cutter, BORDER_SENTENCE);
			cutter.point = terms->points;
		}
		size_t len = terms->list->len;
		cut_line(&cutter, *line);
		if (terms->list->len > len)
			terms->points = cutter.point + 1;
		if (!core.closed)
			terms->core = terms->points;
		before = *line;
	}
}

void terms_add(struct terms *terms, const char *markdown)
{
	size_t from = terms->list->len;
	g_autofree char *valid = g_utf8_make_valid(markdown, -1);
	cut_lines(terms, valid, false);
	if (terms->list->len == from)
		cut_lines(terms, valid, true);
	terms_mark_sides(terms, from);
	terms_mark_negations(terms, from);
}

bool terms_hold(const struct terms *terms, const struct term *word)
{
	for (size_t i = 0; i < terms->list->len; i++)
		if (term_is(terms_at(terms, i), word))
			return true;
	return false;
}

double terms_find(const struct terms *terms, const struct term *word)
{
	double best = 0;
	for (size_t i = 0; i < terms->list->len && best < 1; i++)
		best = MAX(best, term_match(terms_at(terms, i), word));
	return best;
}
