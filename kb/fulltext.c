#include "kb/fulltext.h"

#include <string.h>

#include "kb/document.h"
#include "kb/error.h"

static int tokenizer_new(void *context, const char **arguments, int len,
			 Fts5Tokenizer **tokenizer)
{
	(void)arguments;
	(void)len;
	/* It has no state; FTS5 only wants an address. */
	*tokenizer = context;
	return SQLITE_OK;
}

static void tokenizer_free(Fts5Tokenizer *tokenizer)
{
	(void)tokenizer;
}

static int tokenize(Fts5Tokenizer *tokenizer, void *context, int flags,
		    const char *text, int len,
		    int (*token)(void *, int, const char *, int, int, int))
{
	(void)tokenizer;
	(void)flags;
	for (int i = 0; i < len;) {
		const char *space = memchr(text + i, ' ', (size_t)(len - i));
		int end = space ? (int)(space - text) : len;
		int code =
			end > i ? token(context, 0, text + i, end - i, i, end)
				: SQLITE_OK;
		if (code != SQLITE_OK)
			return code;
		i = end + 1;
	}
	return SQLITE_OK;
}

static int weigh_phrase(const Fts5ExtensionApi *api, Fts5Context *context,
			int phrase, struct phrase_weight *into)
{
	Fts5PhraseIter iter;
	int column, offset;
	int code = api->xPhraseFirst(context, phrase, &iter, &column, &offset);
	while (code == SQLITE_OK && column >= 0) {
		if (column < FIELDS) {
			into->weight += field_weight[column];
			into->fields |= 1u << column;
		}
		api->xPhraseNext(context, &iter, &column, &offset);
	}
	return code;
}

static void weights(const Fts5ExtensionApi *api, Fts5Context *context,
		    sqlite3_context *result, int len, sqlite3_value **arguments)
{
	(void)len;
	(void)arguments;
	struct phrase_weight found[64] = { 0 };
	int phrases = api->xPhraseCount(context);
	int code =
		phrases > (int)G_N_ELEMENTS(found) ? SQLITE_TOOBIG : SQLITE_OK;
	for (int i = 0; i < phrases && code == SQLITE_OK; i++)
		code = weigh_phrase(api, context, i, &found[i]);
	if (code != SQLITE_OK) {
		sqlite3_result_error_code(result, code);
		return;
	}
	sqlite3_result_blob(result, found, phrases * (int)sizeof(found[0]),
			    SQLITE_TRANSIENT);
}

static fts5_api *fts5(sqlite3 *db)
{
	fts5_api *api = NULL;
	sqlite3_stmt *statement = NULL;
	if (sqlite3_prepare_v2(db, "SELECT fts5(?1)", -1, &statement, NULL) ==
	    SQLITE_OK) {
		sqlite3_bind_pointer(statement, 1, &api, "fts5_api_ptr", NULL);
		sqlite3_step(statement);
	}
	sqlite3_finalize(statement);
	return api;
}

bool fulltext_register(sqlite3 *db, GError **error)
{
	static char state;
	static fts5_tokenizer stems = { tokenizer_new, tokenizer_free,
					tokenize };
	fts5_api *api = fts5(db);
	if (api &&
	    api->xCreateTokenizer(api, "stems", &state, &stems, NULL) ==
		    SQLITE_OK &&
	    api->xCreateFunction(api, "weights", NULL, weights, NULL) ==
		    SQLITE_OK)
		return true;
	g_set_error(error, KB_ERROR, KB_ERROR_STORE,
		    "this SQLite (%s) has no full-text search (FTS5)",
		    sqlite3_libversion());
	return false;
}
