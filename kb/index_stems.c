/* In how many entries each stem occurs: gathered, then written at once. */

#include <math.h>

#include "kb/index_private.h"
#include "kb/words.h"

/* So many are gathered before they are written. */
enum { STEMS_GATHERED = 100000 };

void stem_count_free(void *data)
{
	struct stem_count *count = data;
	g_free(count->word);
	g_free(count);
}

/* An English ending is heard (profiler), a Russian one is grammar. */
static char *skeleton_of(const char *stem, const char *word)
{
	return words_skeleton(words_has_cyrillic(stem) ? stem : word);
}

static bool write_stem(struct index *index, const char *stem,
		       const struct stem_count *count, GError **error)
{
	if (count->more == 0)
		return true;
	g_autofree char *skeleton = skeleton_of(stem, count->word);
	return sqlite_do(index->db, STEM_COUNT, error, V(stem), V(count->more),
			 V(count->word), V(skeleton)) &&
	       (count->more > 0 ||
		sqlite_do(index->db, STEM_DROP, error, V(stem)));
}

bool index_flush_stems(struct index *index, GError **error)
{
	GHashTableIter iter;
	gpointer stem, count;
	g_hash_table_iter_init(&iter, index->stems);
	while (g_hash_table_iter_next(&iter, &stem, &count))
		if (!write_stem(index, stem, count, error))
			return false;
	g_hash_table_remove_all(index->stems);
	return true;
}

bool index_count_stems(struct index *index, GHashTable *stems, int more,
		       GError **error)
{
	GHashTableIter iter;
	gpointer stem, word;
	g_hash_table_iter_init(&iter, stems);
	while (g_hash_table_iter_next(&iter, &stem, &word)) {
		struct stem_count *count =
			g_hash_table_lookup(index->stems, stem);
		if (!count) {
			count = g_new0(struct stem_count, 1);
			count->word = g_strdup(word);
			g_hash_table_insert(index->stems, g_strdup(stem),
					    count);
		}
		count->more += more;
	}
	return g_hash_table_size(index->stems) < STEMS_GATHERED ||
	       index_flush_stems(index, error);
}

/* As Lucene has it, which is never negative. */
double index_idf_of(const struct index_state *state, int64_t entries)
{
	double all = (double)MAX(state->entries, entries);
	return log(1 + (all - (double)entries + 0.5) / ((double)entries + 0.5));
}

bool index_idf(struct index *index, const char *stem, double *idf,
	       GError **error)
{
	struct index_state state = { 0 };
	int64_t entries = 0;
	if (!index_state(index, &state, error) ||
	    !sqlite_ask_int(index->db, STEM_ENTRIES, &entries, NULL, error,
			    V(stem)))
		return false;
	*idf = index_idf_of(&state, entries);
	return true;
}
