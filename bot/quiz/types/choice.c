/*
 * choice: one of three or four options is right. The options are what entries
 * say in brief, or their titles, where the question is a brief with its term
 * hidden; a note's own wrong answers come first.
 */

#include <stdlib.h>
#include <string.h>

#include "bot/quiz/distractors.h"
#include "bot/quiz/passage.h"
#include "bot/quiz/question.h"
#include "kb/words.h"

enum { OPTION_LEN = 220, CANDIDATES_MOST = 60 };

static int64_t window(const struct config *config)
{
	return config->quiz_choice;
}

/* What an entry says in brief, without its own name; NULL: nothing short. */
static char *brief_of(const struct entry *entry, unsigned *hidden)
{
	g_autofree char *line = passage_line(entry->brief);
	if (!line || g_utf8_strlen(line, -1) > OPTION_LEN)
		return NULL;
	g_auto(GStrv) names = passage_names(entry);
	return passage_hide(line, names, hidden);
}

static char *brief_option(const struct entry *entry)
{
	unsigned hidden;
	return brief_of(entry, &hidden);
}

static char *title_option(const struct entry *entry)
{
	g_autofree char *plain = passage_plain(entry->title);
	bool short_enough = g_utf8_strlen(plain, -1) <= OPTION_LEN / 3;
	return *plain && short_enough && !strchr(plain, '?')
		       ? g_strdelimit(g_strdup(entry->title), "\r\n", ' ')
		       : NULL;
}

/* ---- candidates ---- */

/* A possible option: Markdown as shown, plain as compared. */
struct option {
	char *markdown, *plain;
	unsigned distance;
};

static void option_free(void *data)
{
	struct option *option = data;
	g_free(option->markdown);
	g_free(option->plain);
	g_free(option);
}

static void add_option(GPtrArray *options, char *markdown, unsigned distance)
{
	struct option *option = g_new(struct option, 1);
	*option =
		(struct option){ markdown, passage_plain(markdown), distance };
	g_ptr_array_add(options, option);
}

static bool share_a_name(const struct entry *a, const struct entry *b)
{
	g_auto(GStrv) of_a = passage_names(a);
	g_auto(GStrv) of_b = passage_names(b);
	for (char **x = of_a; *x; x++)
		for (char **y = of_b; *y; y++) {
			g_autofree char *one = words_squash(*x);
			g_autofree char *other = words_squash(*y);
			if (g_str_equal(one, other))
				return true;
		}
	return false;
}

/* 1: from the same file; 2: of the same topic; 0: neither. */
static unsigned distance_of(const struct entry *entry,
			    const struct index_row *row)
{
	guint depth = g_strv_length(entry->path);
	if (g_str_equal(row->file, entry->file))
		return 1;
	return depth && g_str_equal(row->topic, entry->path[depth - 1]) ? 2 : 0;
}

typedef char *maker(const struct entry *entry);

static bool add_neighbour(const struct question_source *source, maker *make,
			  const struct index_row *row, unsigned distance,
			  GPtrArray *options, GError **error)
{
	g_autoptr(entry) other = NULL;
	if (!index_entry(source->index, row->row, &other, error))
		return false;
	if (!other || share_a_name(source->entry, other))
		return true;
	char *markdown = make(other);
	if (markdown)
		add_option(options, markdown, distance);
	return true;
}

static GPtrArray *candidates_of(const struct question_source *source,
				maker *make, GError **error)
{
	const struct entry *entry = source->entry;
	g_autoptr(GPtrArray) options =
		g_ptr_array_new_with_free_func(option_free);
	g_autoptr(GPtrArray) rows =
		index_rows(source->index, source->generation, error);
	if (!rows)
		return NULL;
	for (guint i = 0; i < rows->len && options->len < CANDIDATES_MOST;
	     i++) {
		const struct index_row *row = rows->pdata[i];
		unsigned distance = distance_of(entry, row);
		if (!distance || g_str_equal(row->id, entry->id) ||
		    g_strcmp0(row->language, entry->language) != 0)
			continue;
		if (!add_neighbour(source, make, row, distance, options, error))
			return NULL;
	}
	return g_steal_pointer(&options);
}

static void add_own_wrong(const struct entry *entry, GPtrArray *options)
{
	for (char **wrong = entry->wrong; *wrong; wrong++) {
		char *line = passage_line(*wrong);
		if (line)
			add_option(options, line, 0);
	}
}

/* ---- the question ---- */

/* Which options are wrong, to be told one after another. */
static char **hints_of(const struct language *language, guint options,
		       guint key, uint64_t seed)
{
	g_autoptr(GStrvBuilder) hints = g_strv_builder_new();
	void *wrong[DISTRACTORS_MOST];
	guint len = 0;
	for (guint i = 1; i <= options; i++)
		if (i != key)
			wrong[len++] = GUINT_TO_POINTER(i);
	question_shuffle(wrong, len, seed);
	/* Two must be left to choose from. */
	for (guint i = 0; i + 1 < len; i++) {
		g_autofree char *hint = say(language, SAY_HINT_NOT,
					    ARG(GPOINTER_TO_UINT(wrong[i])));
		g_strv_builder_add(hints, hint);
	}
	return g_strv_builder_end(hints);
}

static void put_options(const struct question_source *source,
			struct quiz_question *q, const char *key,
			const struct distractor **chosen, size_t len)
{
	void *order[DISTRACTORS_MOST + 1];
	uint64_t seed = source->seed;
	for (size_t i = 0; i < len; i++)
		order[i] = ((const struct option *)chosen[i]->data)->markdown;
	order[len] = (void *)key;
	question_shuffle(order, len + 1, question_lot(&seed));
	g_autoptr(GStrvBuilder) options = g_strv_builder_new();
	guint right = 0;
	for (size_t i = 0; i <= len; i++) {
		g_strv_builder_add(options, order[i]);
		if (order[i] == key)
			right = (guint)i + 1;
	}
	q->options = g_strv_builder_end(options);
	q->expected = g_new0(char *, 2);
	q->expected[0] = g_strdup_printf("%u", right);
	q->hints = hints_of(source->language, (guint)len + 1, right,
			    question_lot(&seed));
}

/* Fills in the options around the key; false: too few are good. */
static bool choose(const struct question_source *source,
		   struct quiz_question *q, const char *key, GPtrArray *all)
{
	g_autofree struct distractor *candidates =
		g_new(struct distractor, all->len + 1);
	const struct distractor *chosen[DISTRACTORS_MOST];
	g_autofree char *plain = passage_plain(key);
	for (guint i = 0; i < all->len; i++) {
		const struct option *option = all->pdata[i];
		candidates[i] = (struct distractor){
			.text = option->plain,
			.distance = option->distance,
			.data = all->pdata[i],
		};
	}
	size_t len = distractors_choose(plain, candidates, all->len, chosen);
	if (len < DISTRACTORS_LEAST)
		return false;
	put_options(source, q, key, chosen, len);
	return true;
}

/* The note's question; options are what entries say in brief. */
static bool make_of_briefs(const struct question_source *source,
			   struct quiz_question *q, bool *made, GError **error)
{
	const struct entry *entry = source->entry;
	guint wordings = g_strv_length(entry->questions);
	g_autofree char *key = brief_option(entry);
	if (!wordings || !key)
		return true;
	g_autoptr(GPtrArray) all = candidates_of(source, brief_option, error);
	if (!all)
		return false;
	add_own_wrong(entry, all);
	*made = choose(source, q, key, all);
	if (*made)
		q->prompt = g_strdup(entry->questions[source->seed % wordings]);
	return true;
}

/* A brief with its term hidden; options are titles. */
static bool make_of_titles(const struct question_source *source,
			   struct quiz_question *q, bool *made, GError **error)
{
	unsigned hidden = 0;
	g_autofree char *key = title_option(source->entry);
	g_autofree char *prompt = brief_of(source->entry, &hidden);
	if (!key || !prompt)
		return true;
	g_autoptr(GPtrArray) all = candidates_of(source, title_option, error);
	if (!all)
		return false;
	*made = choose(source, q, key, all);
	if (*made)
		q->prompt = g_steal_pointer(&prompt);
	return true;
}

static bool make(const struct question_source *source, struct quiz_question *q,
		 bool *made, GError **error)
{
	uint64_t seed = source->seed;
	bool briefs = question_lot(&seed) % 2 == 0 || *source->entry->wrong;
	*made = false;
	if (!(briefs ? make_of_briefs : make_of_titles)(source, q, made, error))
		return false;
	if (!*made &&
	    !(briefs ? make_of_titles : make_of_briefs)(source, q, made, error))
		return false;
	if (*made) {
		const char *right = q->options[atoi(q->expected[0]) - 1];
		q->answer = g_strdup_printf("%s. %s", q->expected[0], right);
	}
	return true;
}

/* "2", "2.", "2)", "b", "2️⃣"; 0: no option. */
static guint option_of(const char *text, guint options)
{
	g_autofree char *folded = words_fold(text);
	g_autofree char *word = words_squash_folded(folded);
	guint n = 0;
	if (g_ascii_isdigit(*word))
		n = (guint)g_ascii_digit_value(*word);
	else if (*word >= 'a' && *word <= 'd')
		n = (guint)(*word - 'a') + 1;
	else
		return 0;
	const char *rest = word + 1;
	if (g_str_has_prefix(rest, "\xEF\xB8\x8F")) /* U+FE0F */
		rest += 3;
	if (g_str_has_prefix(rest, "\xE2\x83\xA3")) /* the keycap */
		rest += 3;
	return *rest || n > options ? 0 : n;
}

static bool take(const struct quiz_question *q, const char *text,
		 struct index *index, struct verdict *out, GError **error)
{
	(void)index;
	(void)error;
	guint n = option_of(text, g_strv_length(q->options));
	if (!n)
		return true;
	bool right = (int)n == atoi(q->expected[0]);
	out->is_answer = true;
	out->g = right ? 1000 : 0;
	out->verdict = right ? 'a' : 'x';
	out->said = g_strdup_printf("%u", n);
	return true;
}

const struct question_type question_choice = {
	.name = "choice",
	.other_name = "выбор",
	.attempts = 1,
	.window = window,
	.make = make,
	.grade = take,
};
