/* What a person may ask for: to be forgotten, and what is kept. */

#include <string.h>

#include "bot/chat.h"
#include "bot/store/db.h"
#include "bot/store/ledger.h"
#include "bot/store/person.h"
#include "kb/render.h"

/* ---- what names somebody ---- */

/* Name and addresses, as they are and as Markdown has them, case folded. */
static void add_forms(GPtrArray *forms, const char *text)
{
	g_autofree char *escaped = render_escape(text);
	if (!*text)
		return;
	g_ptr_array_add(forms, g_utf8_casefold(text, -1));
	if (!g_str_equal(escaped, text))
		g_ptr_array_add(forms, g_utf8_casefold(escaped, -1));
}

static GPtrArray *forms_of(struct sqlite *db, int64_t person, GError **error)
{
	g_autoptr(GPtrArray) forms = g_ptr_array_new_with_free_func(g_free);
	g_auto(GStrv) addresses = NULL;
	if (!person_addresses(db, person, &addresses, error))
		return NULL;
	for (char **address = addresses; *address; address++)
		add_forms(forms, *address);
	g_auto(sqlite_rows) rows = sqlite_ask(db, PERSON_NAME, V(person));
	if (sqlite_next(&rows))
		add_forms(forms, sqlite_text(&rows, 0));
	return sqlite_end(&rows, error) ? g_steal_pointer(&forms) : NULL;
}

static bool is_word(const char *text, const char *at, size_t len)
{
	gunichar before =
		at > text ? g_utf8_get_char(g_utf8_prev_char(at)) : ' ';
	return !g_unichar_isalnum(before) &&
	       !g_unichar_isalnum(g_utf8_get_char(at + len));
}

/* words: not inside of other words, Al in algorithm. */
static bool names(const char *text, GPtrArray *forms, bool words)
{
	g_autofree char *valid = g_utf8_make_valid(text, -1);
	g_autofree char *folded = g_utf8_casefold(valid, -1);
	for (guint i = 0; i < forms->len; i++) {
		const char *form = forms->pdata[i], *at = folded;
		for (; (at = strstr(at, form)); at = g_utf8_next_char(at))
			if (!words || is_word(folded, at, strlen(form)))
				return true;
	}
	return false;
}

/* The lines that name nobody of that name. Caller frees. */
static char *without(const char *text, GPtrArray *forms)
{
	g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
	g_autoptr(GString) rest = g_string_new(NULL);
	for (char **line = lines; *line; line++)
		if (!names(*line, forms, true))
			g_string_append_printf(rest, "%s%s",
					       rest->len ? "\n" : "", *line);
	return g_strdup(rest->len ? rest->str : "…");
}

/* ---- what was said ---- */

/* A row of the outbox that goes. */
struct trace {
	int64_t id;
	char *rest; /* what is said instead; NULL: it has been sent */
};

static void trace_clear(void *data)
{
	struct trace *trace = data;
	g_free(trace->rest);
}

static GHashTable *concerned(struct sqlite *db, int64_t person, GError **error)
{
	g_autoptr(GHashTable) ids = g_hash_table_new_full(
		g_int64_hash, g_int64_equal, g_free, NULL);
	g_auto(sqlite_rows) rows = sqlite_ask(db, FORGET_CONCERNED, V(person));
	while (sqlite_next(&rows)) {
		int64_t id = sqlite_int(&rows, 0);
		g_hash_table_add(ids, g_memdup2(&id, sizeof(id)));
	}
	return sqlite_end(&rows, error) ? g_steal_pointer(&ids) : NULL;
}

/* Reads every text that is kept, which takes a while, and is seldom done. */
static GArray *find_said(struct sqlite *db, GHashTable *own, GPtrArray *forms,
			 GError **error)
{
	g_autoptr(GArray) found =
		g_array_new(false, false, sizeof(struct trace));
	g_array_set_clear_func(found, trace_clear);
	g_auto(sqlite_rows) rows = sqlite_ask(db, FORGET_TEXTS);
	while (sqlite_next(&rows)) {
		struct trace trace = { .id = sqlite_int(&rows, 0) };
		bool waits = sqlite_int(&rows, 1);
		int64_t kind = sqlite_int(&rows, 2);
		const char *text = sqlite_text(&rows, 3);
		/* A question names nobody, whatever words it has. */
		bool asks = sqlite_int(&rows, 4);
		bool is_own = g_hash_table_contains(own, &trace.id);
		if ((waits && kind != CHAT_SAY && kind != CHAT_SAY_EDIT) ||
		    (!is_own && (asks || !names(text, forms, waits))))
			continue;
		if (waits)
			trace.rest =
				asks ? g_strdup(text) : without(text, forms);
		g_array_append_val(found, trace);
	}
	return sqlite_end(&rows, error) ? g_steal_pointer(&found) : NULL;
}

/* What waits is rendered anew, without the address that it was to mention. */
static bool forget_said(struct sqlite *db, int64_t person, GPtrArray *forms,
			GError **error)
{
	g_autoptr(GHashTable) own = concerned(db, person, error);
	if (!own)
		return false;
	g_autoptr(GArray) found = find_said(db, own, forms, error);
	if (!found)
		return false;
	for (guint i = 0; i < found->len; i++) {
		const struct trace *t = &g_array_index(found, struct trace, i);
		if (!sqlite_do(db, FORGET_BYTES, error, V(t->id)))
			return false;
		if (t->rest ? !sqlite_do(db, FORGET_WAITING, error,
					 V((const char *)t->rest), V(t->id))
			    : !sqlite_do(db, FORGET_SAID, error, V(t->id)))
			return false;
	}
	return true;
}

/* ---- what was heard ---- */

/* What others said of the person: !score NAME. */
static bool forget_heard(struct sqlite *db, GPtrArray *forms, GError **error)
{
	g_autoptr(GArray) ids = g_array_new(false, false, sizeof(int64_t));
	g_auto(sqlite_rows) rows = sqlite_ask(db, FORGET_HEARD);
	while (sqlite_next(&rows)) {
		int64_t id = sqlite_int(&rows, 0);
		const char *body = sqlite_text(&rows, 1);
		if (names(body, forms, false))
			g_array_append_val(ids, id);
	}
	if (!sqlite_end(&rows, error))
		return false;
	for (guint i = 0; i < ids->len; i++)
		if (!sqlite_do(db, FORGET_BODY, error,
			       V(g_array_index(ids, int64_t, i))))
			return false;
	return true;
}

bool ledger_forget(struct sqlite *db, int64_t person, int64_t inbox,
		   GError **error)
{
	static const enum db_statement statements[] = {
		FORGET_LEDGER, FORGET_BOARD,   FORGET_ANSWERS, FORGET_OPEN,
		FORGET_RUNS,   FORGET_STARTED, FORGET_BAD,     FORGET_GAPS,
		FORGET_OFFERS, FORGET_RESTS,   FORGET_BODIES,  FORGET_NAME,
	};
	/* Answers and the name go after what is found by them. */
	g_autoptr(GPtrArray) forms = forms_of(db, person, error);
	if (!forms || !forget_said(db, person, forms, error) ||
	    !forget_heard(db, forms, error))
		return false;
	for (size_t i = 0; i < G_N_ELEMENTS(statements); i++)
		if (!sqlite_do(db, statements[i], error, V(person)))
			return false;
	return sqlite_do(db, FORGET_BODY, error, V(inbox));
}

bool ledger_answers(struct sqlite *db, int64_t person,
		    void (*use)(const struct ledger_answer *answer, void *data),
		    void *data, GError **error)
{
	g_auto(sqlite_rows) rows = sqlite_ask(db, EXPORT_ANSWERS, V(person));
	while (sqlite_next(&rows)) {
		const struct ledger_answer answer = {
			.title = sqlite_text(&rows, 0),
			.prompt = sqlite_text(&rows, 1),
			.answer = sqlite_text(&rows, 2),
			.said = sqlite_text(&rows, 3),
			.at = sqlite_int(&rows, 4),
			.question = sqlite_int(&rows, 5),
			.attempt = (int)sqlite_int(&rows, 6),
			.hints = (int)sqlite_int(&rows, 7),
			.g = (int)sqlite_int(&rows, 8),
			.verdict = sqlite_text(&rows, 9),
			.matched = sqlite_text(&rows, 10),
			.missing = sqlite_text(&rows, 11),
			.flags = (unsigned)sqlite_int(&rows, 12),
			.edited = sqlite_int(&rows, 13),
			.redacted = sqlite_int(&rows, 14),
		};
		use(&answer, data);
	}
	return sqlite_end(&rows, error);
}
