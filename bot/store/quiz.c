#include "bot/store/quiz.h"

#include <assert.h>

#include "bot/store/db.h"
#include "bot/store/person.h"

static struct sqlite_value number_or_null(int64_t number)
{
	return number ? V(number) : V((const char *)NULL);
}

static char *own_text(struct sqlite_rows *rows, int column)
{
	return g_strdup(sqlite_text(rows, column));
}

/* ---- runs ---- */

void quiz_run_clear(struct quiz_run *run)
{
	g_free(run->kind);
	g_free(run->topic);
	g_free(run->type);
	g_free(run->language);
	g_free(run->thread);
	*run = (struct quiz_run){ 0 };
}

bool quiz_run_new(struct sqlite *db, struct quiz_run *run, GError **error)
{
	return sqlite_ask_int(db, RUN_NEW, &run->id, NULL, error, V(run->room),
			      number_or_null(run->person), V(run->kind),
			      V(run->topic), V(run->type), V(run->language),
			      V(run->race), V(run->window), V(run->asked),
			      V(run->thread), V(run->started));
}

bool quiz_run_read(struct sqlite *db, int64_t id, struct quiz_run *run,
		   GError **error)
{
	*run = (struct quiz_run){ 0 };
	g_auto(sqlite_rows) rows = sqlite_ask(db, RUN_READ, V(id));
	if (sqlite_next(&rows))
		*run = (struct quiz_run){
			.id = sqlite_int(&rows, 0),
			.room = sqlite_int(&rows, 1),
			.person = sqlite_int(&rows, 2),
			.kind = own_text(&rows, 3),
			.topic = own_text(&rows, 4),
			.type = own_text(&rows, 5),
			.language = own_text(&rows, 6),
			.race = sqlite_int(&rows, 7),
			.window = sqlite_int(&rows, 8),
			.asked = (int)sqlite_int(&rows, 9),
			.put = (int)sqlite_int(&rows, 10),
			.unanswered = (int)sqlite_int(&rows, 11),
			.people = (int)sqlite_int(&rows, 12),
			.thread = own_text(&rows, 13),
			.started = sqlite_int(&rows, 14),
			.ended = sqlite_int(&rows, 15),
		};
	return sqlite_end(&rows, error);
}

bool quiz_run_save(struct sqlite *db, const struct quiz_run *run,
		   GError **error)
{
	return sqlite_do(db, RUN_SAVE, error, V(run->put), V(run->unanswered),
			 V(run->people), number_or_null(run->ended),
			 V(run->id));
}

bool quiz_run_of_room(struct sqlite *db, int64_t room, const char *kind,
		      int64_t *run, GError **error)
{
	*run = 0;
	return sqlite_ask_int(db, RUN_OF_ROOM, run, NULL, error, V(room),
			      V(kind));
}

GArray *quiz_players(struct sqlite *db, int64_t run, GError **error)
{
	g_autoptr(GArray) players = g_array_new(false, false, sizeof(int64_t));
	g_auto(sqlite_rows) rows = sqlite_ask(db, PLAYERS, V(run));
	while (sqlite_next(&rows)) {
		int64_t person = sqlite_int(&rows, 0);
		g_array_append_val(players, person);
	}
	return sqlite_end(&rows, error) ? g_steal_pointer(&players) : NULL;
}

bool quiz_player_add(struct sqlite *db, int64_t run, int64_t person,
		     GError **error)
{
	return sqlite_do(db, PLAYER_ADD, error, V(run), V(person));
}

static void points_clear(void *data)
{
	struct quiz_points *points = data;
	g_free(points->name);
}

GArray *quiz_run_points(struct sqlite *db, int64_t run, GError **error)
{
	g_autoptr(GArray) all =
		g_array_new(false, false, sizeof(struct quiz_points));
	g_array_set_clear_func(all, points_clear);
	g_auto(sqlite_rows) rows = sqlite_ask(db, RUN_POINTS, V(run));
	while (sqlite_next(&rows)) {
		struct quiz_points points = { own_text(&rows, 0),
					      sqlite_int(&rows, 1),
					      sqlite_int(&rows, 2) };
		g_array_append_val(all, points);
	}
	if (!sqlite_end(&rows, error))
		return NULL;
	g_autoptr(GArray) named =
		g_array_new(false, false, sizeof(struct person_named));
	for (guint i = 0; i < all->len; i++) {
		struct quiz_points *p =
			&g_array_index(all, struct quiz_points, i);
		const struct person_named name = { p->person, &p->name };
		g_array_append_val(named, name);
	}
	return person_tell_apart(db, named, error) ? g_steal_pointer(&all)
						   : NULL;
}

/* ---- questions ---- */

static const char *const states[] = { "asked", "open", "closed" };
static_assert(G_N_ELEMENTS(states) == ROUND_CLOSED + 1, "a name a state");

void quiz_question_clear(struct quiz_question *q)
{
	g_free(q->type);
	g_free(q->title);
	g_free(q->topic);
	g_free(q->author);
	g_free(q->prompt);
	g_strfreev(q->options);
	g_strfreev(q->expected);
	g_strfreev(q->hints);
	g_strfreev(q->wordings);
	g_free(q->answer);
	g_free(q->brief);
	g_strfreev(q->wrong);
	*q = (struct quiz_question){ 0 };
}

/* A line an item; line breaks inside one become spaces. Caller frees. */
static char *join_lines(char *const *list)
{
	GString *text = g_string_new(NULL);
	for (; list && *list; list++) {
		g_autofree char *line =
			g_strdelimit(g_strdup(*list), "\r\n", ' ');
		g_string_append_printf(text, "%s\n", line);
	}
	return g_string_free(text, FALSE);
}

static char **cut_lines(struct sqlite_rows *rows, int column)
{
	g_auto(GStrv) all = g_strsplit(sqlite_text(rows, column), "\n", -1);
	g_autoptr(GStrvBuilder) lines = g_strv_builder_new();
	for (char **line = all; *line; line++)
		if (line[1]) /* behind the last line break stands nothing */
			g_strv_builder_add(lines, *line);
	return g_strv_builder_end(lines);
}

bool quiz_question_new(struct sqlite *db, struct quiz_question *q,
		       GError **error)
{
	g_autofree char *options = join_lines(q->options);
	g_autofree char *expected = join_lines(q->expected);
	g_autofree char *hints = join_lines(q->hints);
	g_autofree char *wordings = join_lines(q->wordings);
	g_autofree char *wrong = join_lines(q->wrong);
	return sqlite_ask_int(
		db, QUESTION_NEW, &q->id, NULL, error, V(q->run), V(q->room),
		V(q->n), V(q->entry_no), V(q->type), V(q->title), V(q->topic),
		V(q->author), V(q->prompt), V(options), V(expected), V(hints),
		V(wordings), V(q->answer), V(q->brief), V(wrong), V(q->window));
}

static enum round_state state_of(const char *name)
{
	int state = ROUND_ASKED;
	while (state < ROUND_CLOSED && !g_str_equal(name, states[state]))
		state++;
	return (enum round_state)state;
}

bool quiz_question_read(struct sqlite *db, int64_t id, struct quiz_question *q,
			GError **error)
{
	*q = (struct quiz_question){ 0 };
	g_auto(sqlite_rows) rows = sqlite_ask(db, QUESTION_READ, V(id));
	if (sqlite_next(&rows))
		*q = (struct quiz_question){
			.id = sqlite_int(&rows, 0),
			.run = sqlite_int(&rows, 1),
			.room = sqlite_int(&rows, 2),
			.n = (int)sqlite_int(&rows, 3),
			.entry_no = sqlite_int(&rows, 4),
			.type = own_text(&rows, 5),
			.title = own_text(&rows, 6),
			.topic = own_text(&rows, 7),
			.author = own_text(&rows, 8),
			.prompt = own_text(&rows, 9),
			.options = cut_lines(&rows, 10),
			.expected = cut_lines(&rows, 11),
			.hints = cut_lines(&rows, 12),
			.wordings = cut_lines(&rows, 13),
			.answer = own_text(&rows, 14),
			.brief = own_text(&rows, 15),
			.wrong = cut_lines(&rows, 16),
			.outbox = sqlite_int(&rows, 17),
			.window = sqlite_int(&rows, 18),
			.state = state_of(sqlite_text(&rows, 19)),
			.hinted = (int)sqlite_int(&rows, 20),
			.opened = sqlite_int(&rows, 21),
			.closes = sqlite_int(&rows, 22),
			.alarm = sqlite_int(&rows, 23),
			.closed = sqlite_int(&rows, 24),
			.result = sqlite_int(&rows, 25),
		};
	return sqlite_end(&rows, error);
}

bool quiz_question_save(struct sqlite *db, const struct quiz_question *q,
			GError **error)
{
	return sqlite_do(db, QUESTION_SAVE, error, number_or_null(q->outbox),
			 V(states[q->state]), V(q->hinted),
			 number_or_null(q->opened), number_or_null(q->closes),
			 number_or_null(q->alarm), number_or_null(q->closed),
			 number_or_null(q->result), V(q->id));
}

bool quiz_question_of(struct sqlite *db, int64_t outbox, int64_t *question,
		      GError **error)
{
	*question = 0;
	return !outbox || sqlite_ask_int(db, QUESTION_OF_OUTBOX, question, NULL,
					 error, V(outbox));
}

bool quiz_question_going(struct sqlite *db, int64_t room, const char *thread,
			 int64_t *question, GError **error)
{
	*question = 0;
	return thread ? sqlite_ask_int(db, QUESTION_IN_THREAD, question, NULL,
				       error, V(room), V(thread))
		      : sqlite_ask_int(db, QUESTION_GOING, question, NULL,
				       error, V(room));
}

bool quiz_question_open_at(struct sqlite *db, int64_t room, const char *thread,
			   int64_t at, int64_t *question, GError **error)
{
	*question = 0;
	return sqlite_ask_int(db, QUESTION_OPEN_AT, question, NULL, error,
			      V(room), V(thread), V(at));
}

bool quiz_question_of_run(struct sqlite *db, int64_t run, int64_t *question,
			  GError **error)
{
	*question = 0;
	return sqlite_ask_int(db, QUESTION_OF_RUN, question, NULL, error,
			      V(run));
}

bool quiz_question_last(struct sqlite *db, int64_t room, int64_t *question,
			GError **error)
{
	*question = 0;
	return sqlite_ask_int(db, QUESTION_LAST, question, NULL, error,
			      V(room));
}

GArray *quiz_sent(struct sqlite *db, GError **error)
{
	g_autoptr(GArray) all =
		g_array_new(false, false, sizeof(struct quiz_sent));
	g_auto(sqlite_rows) rows = sqlite_ask(db, QUESTION_SENT);
	while (sqlite_next(&rows)) {
		struct quiz_sent sent = { sqlite_int(&rows, 0),
					  sqlite_int(&rows, 1) };
		g_array_append_val(all, sent);
	}
	return sqlite_end(&rows, error) ? g_steal_pointer(&all) : NULL;
}

/* ---- answers ---- */

void quiz_answer_free(struct quiz_answer *answer)
{
	if (!answer)
		return;
	g_free(answer->name);
	g_free(answer->said);
	g_strfreev(answer->matched);
	g_strfreev(answer->missing);
	g_free(answer);
}

bool quiz_answer_new(struct sqlite *db, int64_t question,
		     const struct quiz_answer *answer, GError **error)
{
	const char verdict[] = { answer->verdict, '\0' };
	g_autofree char *matched = join_lines(answer->matched);
	g_autofree char *missing = join_lines(answer->missing);
	return sqlite_do(db, ANSWER_NEW, error, V(question), V(answer->person),
			 V(answer->attempt), V(answer->cause), V(answer->at),
			 V(answer->hints), V(answer->g),
			 V((const char *)verdict), V(answer->said), V(matched),
			 V(missing), V(answer->flags));
}

bool quiz_answers_drop_forgotten(struct sqlite *db, int64_t question,
				 GError **error)
{
	return sqlite_do(db, ANSWERS_DROP_FORGOTTEN, error, V(question));
}

GPtrArray *quiz_answers(struct sqlite *db, int64_t question, GError **error)
{
	g_autoptr(GPtrArray) all = g_ptr_array_new_with_free_func(
		(GDestroyNotify)quiz_answer_free);
	g_auto(sqlite_rows) rows = sqlite_ask(db, ANSWERS, V(question));
	while (sqlite_next(&rows)) {
		struct quiz_answer *answer = g_new0(struct quiz_answer, 1);
		*answer = (struct quiz_answer){
			.person = sqlite_int(&rows, 0),
			.name = own_text(&rows, 1),
			.attempt = (int)sqlite_int(&rows, 2),
			.cause = sqlite_int(&rows, 3),
			.at = sqlite_int(&rows, 4),
			.hints = (int)sqlite_int(&rows, 5),
			.g = (int)sqlite_int(&rows, 6),
			.verdict = *sqlite_text(&rows, 7),
			.said = own_text(&rows, 8),
			.matched = cut_lines(&rows, 9),
			.missing = cut_lines(&rows, 10),
			.flags = (unsigned)sqlite_int(&rows, 11),
			.edited = sqlite_int(&rows, 12),
			.redacted = sqlite_int(&rows, 13),
		};
		g_ptr_array_add(all, answer);
	}
	if (!sqlite_end(&rows, error))
		return NULL;
	g_autoptr(GArray) named =
		g_array_new(false, false, sizeof(struct person_named));
	for (guint i = 0; i < all->len; i++) {
		struct quiz_answer *answer = all->pdata[i];
		const struct person_named name = { answer->person,
						   &answer->name };
		g_array_append_val(named, name);
	}
	return person_tell_apart(db, named, error) ? g_steal_pointer(&all)
						   : NULL;
}

bool quiz_answer_of(struct sqlite *db, int64_t cause, int64_t *question,
		    GError **error)
{
	*question = 0;
	return sqlite_ask_int(db, ANSWER_OF_CAUSE, question, NULL, error,
			      V(cause));
}

bool quiz_answer_mark(struct sqlite *db, const struct quiz_answer *answer,
		      GError **error)
{
	return sqlite_do(db, ANSWER_MARK, error, V(answer->edited),
			 V(answer->redacted), V(answer->g), V(answer->said),
			 V(answer->cause));
}
