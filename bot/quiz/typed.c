#include "bot/quiz/typed.h"

#include <stdbool.h>
#include <string.h>
#include <glib.h>

enum { ANSWER_MOST = 4000 };

/* The text without the lines "> …" that it begins with, if there are others. */
static const char *skip_quote(const char *text)
{
	const char *p = text;
	while (*p == '>') {
		p += strcspn(p, "\n");
		p += strspn(p, " \t\r\n");
	}
	return *p ? p : text;
}

static const char *skip_command(const char *text)
{
	static const char *const names[] = { "!answer", "!a",	  "!фтыцук",
					     "!ф",	"!ответ", "!а" };
	for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
		size_t len = strlen(names[i]);
		if (strncmp(text, names[i], len) == 0 &&
		    (!text[len] || strchr(" \t\r\n", text[len])))
			return text + len;
	}
	return text;
}

char *typed_answer(const char *text)
{
	size_t len = strnlen(text, ANSWER_MOST + 1);
	g_autofree char *valid =
		g_utf8_make_valid(text, (gssize)MIN(len, ANSWER_MOST));
	const char *from = valid + strspn(valid, " \t\r\n");
	from = skip_command(skip_quote(from));
	char *answer = g_strstrip(g_strdup(from));
	size_t left = strlen(answer);
	if (left > 4 && g_str_has_prefix(answer, "||") &&
	    g_str_has_suffix(answer, "||")) {
		answer[left - 2] = '\0';
		memmove(answer, answer + 2, left - 3);
		g_strstrip(answer);
	}
	return answer;
}
