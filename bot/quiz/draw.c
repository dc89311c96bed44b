#include "bot/quiz/draw.h"

#include <string.h>

#include "bot/quiz/memory.h"
#include "bot/quiz/topic.h"
#include "bot/store/bag.h"
#include "bot/store/entry.h"
#include "kb/words.h"

/* The rows of the topic, in an order drawn by the seed. */
static GPtrArray *rows_of(const struct draw *draw, GError **error)
{
	GPtrArray *rows = index_rows(library_index(draw->library),
				     library_generation(draw->library), error);
	if (!rows || !*draw->topic)
		return rows;
	g_auto(topic) topic;
	topic_init(&topic, draw->topic);
	for (guint i = rows->len; i > 0; i--) {
		const struct index_row *row = rows->pdata[i - 1];
		if (!topic_is_in(&topic, row->path))
			g_ptr_array_remove_index(rows, i - 1);
	}
	return rows;
}

bool draw_has_topic(const struct draw *draw, bool *has, GError **error)
{
	g_autoptr(GPtrArray) rows = rows_of(draw, error);
	*has = rows && rows->len > 0;
	return rows != NULL;
}

/* One walk through the rows: what is in the bag and can be asked. */
struct walk {
	const struct draw *draw;
	const char *bag;
	int64_t avoid; /* what was drawn last of all; 0: nothing */
	uint64_t seed;
};

static bool may_be_asked(const struct walk *walk, int64_t entry_no, bool *may,
			 GError **error)
{
	const struct draw *draw = walk->draw;
	bool drawn = false, out = false;
	*may = false;
	if (!entry_no || entry_no == walk->avoid)
		return true;
	if (!bag_is_drawn(draw->db, draw->room, walk->bag, entry_no, &drawn,
			  error) ||
	    !bag_is_out(draw->db, draw->room, entry_no, &out, error))
		return false;
	*may = !drawn && !out;
	return true;
}

/* The lot that what a room knows well may lose. */
static bool is_due(struct walk *walk, int64_t entry_no, bool *due,
		   GError **error)
{
	int forgotten;
	if (!memory_forgotten(walk->draw->db, walk->draw->room, entry_no,
			      walk->draw->now, &forgotten, error))
		return false;
	*due = (int)(question_lot(&walk->seed) % 1000) < forgotten;
	return true;
}

static bool make(struct walk *walk, const struct index_row *row,
		 struct quiz_question *q, bool *made, GError **error)
{
	const struct draw *draw = walk->draw;
	struct index *index = library_index(draw->library);
	int64_t generation = library_generation(draw->library), in_language;
	g_autoptr(entry) entry = NULL;
	if (!index_find(index, generation, row->id,
			say_language_name(draw->language), &in_language,
			error) ||
	    !index_entry(index, in_language ? in_language : row->row, &entry,
			 error))
		return false;
	if (!entry)
		return true;
	const struct question_source source = {
		.entry = entry,
		.index = index,
		.generation = generation,
		.language = draw->language,
		.seed = question_lot(&walk->seed),
	};
	return question_make(&source, draw->type, q, made, error);
}

static bool try_row(struct walk *walk, const struct index_row *row, bool all,
		    struct quiz_question *q, bool *made, GError **error)
{
	int64_t entry_no;
	bool may, due = true;
	if (!entry_number(walk->draw->db, row->id, &entry_no, NULL, error) ||
	    !may_be_asked(walk, entry_no, &may, error))
		return false;
	if (!may)
		return true;
	if (!all && !is_due(walk, entry_no, &due, error))
		return false;
	if (!due)
		return true;
	if (!make(walk, row, q, made, error))
		return false;
	if (!*made)
		return true;
	q->entry_no = entry_no;
	return bag_draw(walk->draw->db, walk->draw->room, walk->bag, entry_no,
			walk->draw->now, error);
}

/* all: also what the lot was against. */
static bool walk_rows(struct walk *walk, GPtrArray *rows, bool all,
		      struct quiz_question *q, bool *made, GError **error)
{
	for (guint i = 0; i < rows->len && !*made; i++)
		if (!try_row(walk, rows->pdata[i], all, q, made, error))
			return false;
	return true;
}

bool draw_question(const struct draw *draw, struct quiz_question *q, bool *made,
		   GError **error)
{
	*q = (struct quiz_question){ 0 };
	*made = false;
	g_autoptr(GPtrArray) rows = rows_of(draw, error);
	if (!rows)
		return false;
	g_autofree char *bag = words_squash(draw->topic);
	struct walk walk = { draw, bag, 0, draw->seed };
	question_shuffle(rows->pdata, rows->len, question_lot(&walk.seed));
	/* Those that are due, the others, then a full bag; what came last only
	 * where there is nothing else. */
	if (!walk_rows(&walk, rows, false, q, made, error) ||
	    (!*made && !walk_rows(&walk, rows, true, q, made, error)))
		return false;
	if (*made)
		return true;
	if (!bag_fill(draw->db, draw->room, bag, &walk.avoid, error) ||
	    !walk_rows(&walk, rows, true, q, made, error))
		return false;
	walk.avoid = 0;
	return *made || walk_rows(&walk, rows, true, q, made, error);
}
