/* Points for the answers to a question, as rows of the ledger. */

#include "bot/quiz/memory.h"
#include "bot/quiz/play_private.h"
#include "bot/quiz/points.h"
#include "bot/store/daily.h"
#include "bot/store/ledger.h"
#include "bot/store/person.h"
#include "bot/store/room.h"

/* Whether the person is one of those whom the note names as its authors. */
static bool is_author(struct sqlite *db, int64_t person, const char *authors,
		      bool *is, GError **error)
{
	*is = false;
	if (!authors)
		return true;
	g_auto(GStrv) each = g_strsplit(authors, ",", -1);
	for (char **author = each; *author && !*is; author++) {
		g_strstrip(*author);
		if (**author && !person_is(db, person, *author, is, error))
			return false;
	}
	return true;
}

/* What one attempt is worth, before the rules. */
static struct points points_of(const struct play *play,
			       const struct quiz_answer *answer, int fresh)
{
	const struct quiz_question *q = &play->question;
	return (struct points){
		.g = answer->g,
		.hints = answer->hints,
		.speed = points_speed(play->run.race, answer->at - q->opened,
				      q->window),
		.fresh = fresh,
		.attempt = answer->attempt,
		.verdict = answer->verdict,
		.rule = answer->redacted ? POINTS_REDACTED : POINTS_COUNT,
	};
}

/* The person's best attempt and what it is worth; the first of equals. */
static const struct quiz_answer *best_of(const struct play *play,
					 int64_t person, int fresh,
					 struct points *points)
{
	const struct quiz_answer *best = NULL;
	for (guint i = 0; i < play->answers->len; i++) {
		const struct quiz_answer *a = play->answers->pdata[i];
		if (a->person != person || a->attempt == 0)
			continue;
		struct points p = points_of(play, a, fresh);
		if (best && points_earned(&p) <= points_earned(points))
			continue;
		best = a;
		*points = p;
	}
	return best;
}

static bool apply_rules(struct command_call *call, const struct play *play,
			const struct quiz_answer *answer, const char *date,
			struct points *points, GError **error)
{
	int64_t scored;
	bool author;
	if (points->rule != POINTS_COUNT)
		return true;
	if (!is_author(call->db, answer->person, play->question.author, &author,
		       error) ||
	    !ledger_scored(call->db, call->room, answer->person, date, &scored,
			   error))
		return false;
	if (author)
		points->rule = POINTS_AUTHOR;
	else if (scored >= call->config->quiz_most_scored)
		points->rule = POINTS_LIMIT;
	return true;
}

static bool pay_one(struct command_call *call, const struct play *play,
		    int64_t person, const char *date, GError **error)
{
	int fresh;
	struct points points = { 0 };
	char reason[POINTS_REASON_LEN];
	const struct quiz_question *q = &play->question;
	if (!memory_fresh(call->db, person, q->entry_no, call->now, &fresh,
			  error))
		return false;
	const struct quiz_answer *answer =
		best_of(play, person, fresh, &points);
	if (!apply_rules(call, play, answer, date, &points, error))
		return false;
	points_write(&points, reason);
	const struct ledger_row row = {
		.room = call->room,
		.person = person,
		.run = play->run.id,
		.question = q->id,
		.entry_no = q->entry_no,
		.topic = q->topic,
		.cause = answer->cause,
		.kind = "answer",
		.points = points_earned(&points),
		.reason = reason,
		.at = call->now,
		.local_date = date,
	};
	return ledger_write(call->db, &row, play->run.people >= 2, error);
}

/* Who answers plays; with the second one, what the run has paid before goes
 * onto the board. */
static bool add_players(struct command_call *call, struct play *play,
			GArray *people, GError **error)
{
	for (guint i = 0; i < people->len; i++)
		if (!quiz_player_add(call->db, play->run.id,
				     g_array_index(people, int64_t, i), error))
			return false;
	g_autoptr(GArray) players = quiz_players(call->db, play->run.id, error);
	if (!players)
		return false;
	int before = play->run.people;
	play->run.people = MAX(before, (int)players->len);
	if (before >= 2 || play->run.people < 2)
		return quiz_run_save(call->db, &play->run, error);
	return ledger_count_run(call->db, play->run.id, error) &&
	       quiz_run_save(call->db, &play->run, error);
}

static GArray *people_of(const struct play *play, int64_t person)
{
	GArray *people = g_array_new(false, false, sizeof(int64_t));
	int64_t last = 0;
	for (guint i = 0; i < play->answers->len; i++) {
		const struct quiz_answer *a = play->answers->pdata[i];
		if (a->attempt == 0 || a->person == last ||
		    (person && a->person != person))
			continue;
		last = a->person;
		g_array_append_val(people, last);
	}
	return people;
}

bool play_date(struct command_call *call, const struct play *play,
	       char date[CALENDAR_DATE_LEN], GError **error)
{
	g_autofree char *zone = NULL, *day = NULL;
	if (!room_zone(call->db, call->room, &zone, error) ||
	    !daily_date_of(call->db, call->room, play->question.id, &day,
			   error))
		return false;
	if (day)
		g_strlcpy(date, day, CALENDAR_DATE_LEN);
	else
		calendar_date(zone, call->now, date);
	return true;
}

bool pay(struct command_call *call, struct play *play, int64_t person,
	 GError **error)
{
	char date[CALENDAR_DATE_LEN];
	g_autoptr(GArray) people = people_of(play, person);
	if (!play_date(call, play, date, error) ||
	    !add_players(call, play, people, error))
		return false;
	for (guint i = 0; i < people->len; i++)
		if (!pay_one(call, play, g_array_index(people, int64_t, i),
			     date, error))
			return false;
	return true;
}

GArray *paid(struct sqlite *db, const struct play *play, GError **error)
{
	g_autoptr(GArray) all =
		g_array_new(false, false, sizeof(struct show_paid));
	g_autoptr(GPtrArray) lines = ledger_lines(
		db, play->question.room, 0, play->question.id, G_MAXINT, error);
	if (!lines)
		return NULL;
	for (guint i = 0; i < lines->len; i++) {
		const struct ledger_line *line = lines->pdata[i];
		struct show_paid *known = NULL;
		for (guint k = 0; k < all->len && !known; k++) {
			struct show_paid *p =
				&g_array_index(all, struct show_paid, k);
			known = p->person == line->person ? p : NULL;
		}
		if (known) {
			known->points += line->points;
			continue;
		}
		struct points points;
		struct show_paid new = { line->person, line->points,
					 POINTS_COUNT };
		if (points_read(line->reason, &points))
			new.rule = points.rule;
		g_array_append_val(all, new);
	}
	return g_steal_pointer(&all);
}
