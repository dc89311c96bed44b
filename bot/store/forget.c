/* What a person may ask for: to be forgotten, and what is kept. */

#include "bot/store/db.h"
#include "bot/store/ledger.h"

bool ledger_forget(struct sqlite *db, int64_t person, int64_t inbox,
		   GError **error)
{
	/* Answers go after what is found by them. */
	static const enum db_statement statements[] = {
		FORGET_SAID_BYTES, FORGET_SAID,	  FORGET_RESULTS_BYTES,
		FORGET_RESULTS,	   FORGET_LEDGER, FORGET_BOARD,
		FORGET_ANSWERS,	   FORGET_RUNS,	  FORGET_STARTED,
		FORGET_BAD,	   FORGET_GAPS,	  FORGET_OFFERS,
		FORGET_RESTS,	   FORGET_BODIES, FORGET_NAME,
	};
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
