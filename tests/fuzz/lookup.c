/* Any bytes as words and as a query: nothing may break, nothing may fail. */

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kb/lookup.h"
#include "kb/words.h"
#include "tests/kb/given.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static const struct given note_given[] = {
#include "tests/kb/given.def"
#include "tests/kb/library.def"
};

static void must(bool holds)
{
	if (!holds)
		abort();
}

typedef char *(*change)(const char *text);

static void all_words(const char *text)
{
	static const change changes[] = { words_squash,
					  words_to_cyrillic_layout,
					  words_to_latin_layout,
					  words_to_cyrillic, words_to_latin };
	for (size_t i = 0; i < G_N_ELEMENTS(changes); i++) {
		g_autofree char *changed = changes[i](text);
		must(g_utf8_validate(changed, -1, NULL));
	}
	g_autofree char *folded = words_fold(text);
	must(g_utf8_validate(folded, -1, NULL));
	must(!g_str_has_prefix(folded, " ") && !g_str_has_suffix(folded, " "));
	must(!strstr(folded, "  "));
	g_auto(GStrv) words = words_split(folded);
	for (char **word = words; *word; word++) {
		must(**word);
		g_autofree char *stem = words_stem(*word);
		g_autofree char *skeleton = words_skeleton(*word);
		must(g_utf8_validate(stem, -1, NULL));
		words_is_stop(*word);
		must(words_distance(*word, *word, 2) == 0);
		must(words_distance(*word, words[0], 2) ==
		     words_distance(words[0], *word, 2));
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	static struct index *index;
	if (!index)
		index = given_index(note_given, G_N_ELEMENTS(note_given));
	g_autofree char *text = g_strndup((const char *)data, len);
	all_words(text);
	g_auto(lookup) got;
	g_autoptr(GError) error = NULL;
	if (!lookup_find(index, 1, text, len % 2 ? "ru" : NULL, &got, &error)) {
		fprintf(stderr, "%s\n", error->message);
		abort();
	}
	must(got.status != LOOKUP_ANSWER || got.len > 0);
	for (size_t i = 1; i < got.len; i++)
		must(got.hits[i].bucket >= got.hits[i - 1].bucket);
	return 0;
}
