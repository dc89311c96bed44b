#include "bot/quiz/reading.h"

#include <string.h>

#include "kb/words.h"

void reading_clear(struct reading *reading)
{
	terms_clear(&reading->terms);
	measure_clear(&reading->measure);
}

static bool is_verbatim(const struct scale *scale, const struct terms *answer)
{
	const struct range ranges[] = { scale->key, scale->core };
	struct range whole = { 0, answer->list->len };
	g_autofree char *own = scale_letters(answer, whole);
	for (size_t i = 0; i < G_N_ELEMENTS(ranges); i++) {
		g_autofree char *notes =
			scale_letters(&scale->notes, ranges[i]);
		if (*notes && strcmp(own, notes) == 0)
			return true;
	}
	return false;
}

static bool read_text(struct reading *reading, struct scale *scale,
		      const char *text, GError **error)
{
	*reading = (struct reading){ 0 };
	struct terms *terms = &reading->terms;
	terms_init(terms);
	terms_add(terms, text);
	if (!scale_weigh(scale, terms, error))
		return false;
	struct measure *measure = &reading->measure;
	measure_init(measure, scale, terms);
	reading->core = measure_likeness(measure, scale, terms, scale->core);
	reading->whole = measure_likeness(measure, scale, terms, scale->key);
	reading->brief = measure_likeness(measure, scale, terms, scale->brief);
	reading->verbatim = is_verbatim(scale, terms);
	return true;
}

static double best_of(const struct reading *reading)
{
	return MAX(reading->core, reading->whole);
}

/* How many words that are no code are in which letters. */
struct scripts {
	size_t cyrillic, latin;
};

static struct scripts scripts_of(const struct terms *terms)
{
	struct scripts scripts = { 0 };
	for (size_t i = 0; i < terms->list->len; i++) {
		const struct term *term = terms_at(terms, i);
		scripts.cyrillic += term->cyrillic;
		scripts.latin += !term->cyrillic && !term->strong &&
				 words_has_latin(term->word);
	}
	return scripts;
}

static bool is_known(const struct scale *scale, const struct term *term)
{
	return terms_find(&scale->notes, term) >= 1 ||
	       terms_find(&scale->question, term) >= 1;
}

/* Words that stand in the notes as they are do not count: names of things. */
static bool has_strange_latin(const struct scale *scale,
			      const struct terms *terms)
{
	for (size_t i = 0; i < terms->list->len; i++) {
		const struct term *term = terms_at(terms, i);
		if (!term->cyrillic && words_has_latin(term->word) &&
		    !is_known(scale, term))
			return true;
	}
	return false;
}

/* True for an answer in another language, or in other letters, than the
 * notes: names of things, as code, are in none. */
static bool is_foreign(const struct scale *scale, const struct terms *answer)
{
	struct scripts notes = scripts_of(&scale->notes);
	struct scripts question = scripts_of(&scale->question);
	struct scripts own = scripts_of(answer);
	size_t cyrillic = notes.cyrillic + question.cyrillic;
	if (cyrillic >= notes.latin + question.latin)
		return cyrillic && !own.cyrillic &&
		       has_strange_latin(scale, answer);
	return own.cyrillic > 0;
}

/* "spisok hranitsya v __defaults__": the words that the notes have stay. */
static char *by_sound(const struct scale *scale, const char *text)
{
	g_auto(GStrv) chunks = g_strsplit_set(text, " \t\r\n", -1);
	for (char **chunk = chunks; *chunk; chunk++) {
		g_auto(terms) one;
		terms_init(&one);
		terms_add(&one, *chunk);
		bool known = one.list->len > 0;
		for (size_t i = 0; known && i < one.list->len; i++)
			known = is_known(scale, terms_at(&one, i));
		if (known)
			continue;
		char *sound = words_to_cyrillic(*chunk);
		g_free(*chunk);
		*chunk = sound;
	}
	return g_strjoinv(" ", chunks);
}

/* Takes a text as another reading if it is more like the notes. */
static bool try_reading(struct reading *best, struct scale *scale,
			const char *text, GError **error)
{
	g_auto(reading) other;
	if (!read_text(&other, scale, text, error))
		return false;
	if (best_of(&other) > best_of(best)) {
		struct reading worse = *best;
		*best = other;
		other = worse;
	}
	return true;
}

bool reading_init(struct reading *reading, struct scale *scale,
		  const char *answer, GError **error)
{
	if (!read_text(reading, scale, answer, error))
		return false;
	bool foreign = is_foreign(scale, &reading->terms);
	if (!foreign)
		return true;
	bool cyrillic = scripts_of(&reading->terms).cyrillic > 0;
	g_autofree char *keys = cyrillic ? words_to_latin_layout(answer)
					 : words_to_cyrillic_layout(answer);
	g_autofree char *sound =
		cyrillic ? words_to_latin(answer) : by_sound(scale, answer);
	bool well = try_reading(reading, scale, keys, error) &&
		    try_reading(reading, scale, sound, error);
	reading->foreign = foreign;
	return well;
}
