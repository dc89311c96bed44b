/* What is found, in order, as hits; and whether it is an answer. */

#include <string.h>

#include "kb/lookup_private.h"
#include "kb/names.h"

static const double ANSWERED = 0.5; /* of the query; less is no answer */
static const double OFFERED = 0.25; /* less is not even a choice */
static const double LEAD = 1.5;	    /* of the best score over the second */

static gint compare(gconstpointer left, gconstpointer right)
{
	const struct candidate *a = left, *b = right;
	if (a->rank != b->rank)
		return a->rank < b->rank ? -1 : 1;
	if (a->score != b->score)
		return a->score > b->score ? -1 : 1;
	return a->row < b->row ? -1 : a->row > b->row;
}

/*
 * Several are equally good: then BM25 decides. The names and title words that
 * were found are not lost by it.
 */
bool lookup_break_tie(struct search *search, GError **error)
{
	GArray *list = search->candidates;
	if (list->len < 2)
		return true;
	g_array_sort(list, compare);
	const struct candidate *first =
		&g_array_index(list, struct candidate, 0);
	const struct candidate *second =
		&g_array_index(list, struct candidate, 1);
	if (first->rank != second->rank || first->score > 0)
		return true;
	g_hash_table_remove_all(search->places);
	for (size_t i = 0; i < list->len; i++) {
		gsize row = (gsize)g_array_index(list, struct candidate, i).row;
		g_hash_table_insert(search->places, GSIZE_TO_POINTER(row),
				    GSIZE_TO_POINTER(i + 1));
	}
	struct reading *reading =
		&search->readings[first->reading - search->readings];
	return lookup_texts(search, reading, error);
}

static bool read_hit(struct search *search, int64_t row, struct lookup_hit *hit,
		     bool *found, GError **error)
{
	g_auto(sqlite_rows) rows = sqlite_ask(search->index->db, HIT, V(row));
	*found = sqlite_next(&rows);
	if (*found) {
		const char *id = sqlite_text(&rows, 0);
		*hit = (struct lookup_hit){
			.row = row,
			.title = g_strdup(sqlite_text(&rows, 1)),
			.file = g_strdup(sqlite_text(&rows, 2)),
			.line = (int)sqlite_int(&rows, 3),
			.language = g_strdup(sqlite_text(&rows, 4)),
		};
		g_strlcpy(hit->id, id ? id : "", sizeof(hit->id));
	}
	return sqlite_end(&rows, error);
}

void lookup_hit_clear(struct lookup_hit *hit)
{
	g_free(hit->title);
	g_free(hit->file);
	g_free(hit->language);
	*hit = (struct lookup_hit){ 0 };
}

/* The same entry in the reader's language, if there is one. */
static bool translate(struct search *search, struct lookup_hit *hit,
		      GError **error)
{
	int64_t row;
	bool found = true;
	if (!search->language ||
	    g_strcmp0(search->language, hit->language) == 0)
		return true;
	if (!index_find(search->index, search->generation, hit->id,
			search->language, &row, error))
		return false;
	if (!row || row == hit->row)
		return true;
	struct lookup_hit other = { 0 };
	if (!read_hit(search, row, &other, &found, error))
		return false;
	/* index_find() falls back to any language; what was found is nearer. */
	if (g_strcmp0(other.language, search->language) == 0) {
		struct lookup_hit old = *hit;
		*hit = other;
		other = old;
	}
	lookup_hit_clear(&other);
	return true;
}

static bool is_known(const struct lookup *result, const char *id)
{
	for (size_t i = 0; i < result->len; i++)
		if (g_str_equal(result->hits[i].id, id))
			return true;
	return false;
}

static bool add_hit(struct search *search, const struct candidate *candidate,
		    int bucket, struct lookup *result, GError **error)
{
	struct lookup_hit hit = { 0 };
	bool found;
	if (!read_hit(search, candidate->row, &hit, &found, error))
		return false;
	if (!found || is_known(result, hit.id)) {
		lookup_hit_clear(&hit);
		return true;
	}
	if (!translate(search, &hit, error)) {
		lookup_hit_clear(&hit);
		return false;
	}
	hit.bucket = bucket;
	/* A name is found or it is not: BM25 only orders several of them. */
	bool exact = lookup_place(candidate->rank) < PLACE_TITLE_WORDS;
	hit.score = exact ? 0 : candidate->score;
	result->hits[result->len++] = hit;
	return true;
}

/* The best candidates as hits; those that cover too little only by leave. */
static bool collect(struct search *search, double least, struct lookup *result,
		    GError **error)
{
	int bucket = -1;
	uint64_t rank = 0;
	for (size_t i = 0;
	     i < search->candidates->len && result->len < LOOKUP_MOST; i++) {
		const struct candidate *own =
			&g_array_index(search->candidates, struct candidate, i);
		if (own->coverage < least)
			continue;
		if (bucket < 0 || own->rank != rank)
			bucket++;
		rank = own->rank;
		if (!add_hit(search, own, bucket, result, error))
			return false;
	}
	return true;
}

static enum lookup_status decide(const struct candidate *best,
				 const struct lookup *result)
{
	if (best->coverage < ANSWERED)
		return LOOKUP_CHOICES;
	if (result->len < 2 || result->hits[1].bucket > 0)
		return LOOKUP_ANSWER;
	/* Who names a tag or a page wants to see what is there. */
	enum place place = lookup_place(best->rank);
	if (place == PLACE_NAME + NAME_TAG || place == PLACE_NAME + NAME_SLUG)
		return LOOKUP_CHOICES;
	double first = result->hits[0].score, second = result->hits[1].score;
	return first > 0 && first >= LEAD * second ? LOOKUP_ANSWER
						   : LOOKUP_CHOICES;
}

/* "gil?" as people say it back: gil. */
static char *without_marks(const char *folded)
{
	static const char marks[] = " ?!.,;:\"'()[]{}<>/\\|`";
	folded += strspn(folded, marks);
	size_t len = strlen(folded);
	while (len && strchr(marks, folded[len - 1]))
		len--;
	return g_strndup(folded, len);
}

bool lookup_conclude(struct search *search, struct lookup *result,
		     GError **error)
{
	g_array_sort(search->candidates, compare);
	if (!collect(search, OFFERED, result, error))
		return false;
	if (!result->len) /* the nearest that there are */
		return collect(search, 0, result, error);
	const struct candidate *best = NULL;
	for (size_t i = 0; !best; i++) {
		const struct candidate *own =
			&g_array_index(search->candidates, struct candidate, i);
		if (own->coverage >= OFFERED)
			best = own;
	}
	result->status = decide(best, result);
	if (best->reading->penalty)
		result->understood = without_marks(best->reading->folded);
	return true;
}
