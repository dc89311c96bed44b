#include "bot/console/line.h"

#include <string.h>

#include "bot/base/clock.h"
#include "bot/console/console.h"

#define MAIN_ROOM "#main"

/* The length of a NAME, [A-Za-z][A-Za-z0-9_-]*, at the start; 0: none. */
static size_t name_len(const char *text)
{
	if (!g_ascii_isalpha(*text))
		return 0;
	size_t len = 1;
	while (g_ascii_isalnum(text[len]) || text[len] == '_' ||
	       text[len] == '-')
		len++;
	return len;
}

bool console_name_is_valid(const char *name)
{
	size_t len = name_len(name);
	return len > 0 && !name[len];
}

static const char *skip_spaces(const char *text)
{
	return text + strspn(text, " \t");
}

/* After a name's colon stands a space or nothing: "http://…" is text. */
static bool ends_speaker(const char *text)
{
	return *text == ':' && strchr(" \t", text[1]);
}

/* "alice: …", "#python bob: …", "bob>: …", or something else. */
static void parse_speech(const char *text, struct console_line *line)
{
	const char *rest = text;
	g_autofree char *room = NULL;
	line->what = CONSOLE_SAY;
	if (*rest == '#') {
		size_t len = strcspn(rest, " \t");
		if (len > 1 && rest[len]) {
			room = g_strndup(rest, len);
			rest = skip_spaces(rest + len);
		}
	}
	size_t len = name_len(rest);
	bool direct = len > 0 && !room && rest[len] == '>';
	if (len > 0 && ends_speaker(rest + len + direct)) {
		line->name = g_strndup(rest, len);
		line->room = direct ? g_strndup(rest, len + 1)
			     : room ? g_steal_pointer(&room)
				    : g_strdup(MAIN_ROOM);
		text = skip_spaces(rest + len + direct + 1);
	} else {
		line->room = g_strdup(MAIN_ROOM);
	}
	line->text = g_strchomp(g_strdup(text));
}

/* The next word of *rest, which moves on behind it; "" at the end. */
static char *next_word(const char **rest)
{
	const char *start = skip_spaces(*rest);
	size_t len = strcspn(start, " \t");
	*rest = skip_spaces(start + len);
	return g_strndup(start, len);
}

static bool parse_name(const char **rest, struct console_line *line)
{
	g_autofree char *word = next_word(rest);
	size_t len = name_len(word);
	if (len == 0 || word[len])
		return false;
	line->name = g_steal_pointer(&word);
	return true;
}

/* NAME NUMBER */
static bool parse_message(const char *rest, struct console_line *line)
{
	guint64 number;
	if (!parse_name(&rest, line))
		return false;
	g_autofree char *word = next_word(&rest);
	if (!g_ascii_string_to_unsigned(word, 10, 1, G_MAXINT64, &number, NULL))
		return false;
	line->number = (int64_t)number;
	line->text = g_strchomp(g_strdup(rest));
	return true;
}

static bool parse_message_text(const char *rest, struct console_line *line)
{
	return parse_message(rest, line) && *line->text;
}

static bool parse_redact(const char *rest, struct console_line *line)
{
	return parse_message(rest, line) && !*line->text;
}

static bool parse_join(const char *rest, struct console_line *line)
{
	static const char *const roles[] = {
		[CHAT_USER] = "user",
		[CHAT_MODERATOR] = "moderator",
		[CHAT_ADMIN] = "admin",
	};
	if (!parse_name(&rest, line))
		return false;
	g_autofree char *word = next_word(&rest);
	size_t role = *word && *word != '#' ? 0 : CHAT_USER;
	if (*word && *word != '#') {
		while (role < G_N_ELEMENTS(roles) &&
		       !g_str_equal(word, roles[role]))
			role++;
		if (role == G_N_ELEMENTS(roles))
			return false;
		g_free(word);
		word = next_word(&rest);
	}
	line->role = (enum chat_role)role;
	line->room = g_strdup(*word ? word : MAIN_ROOM);
	return line->room[0] == '#' && line->room[1] && !*rest;
}

/* 500ms, 30s, 5m or 5min, 2h, 1d */
static bool parse_wait(const char *rest, struct console_line *line)
{
	static const struct {
		const char *name;
		int64_t ms;
	} units[] = {
		{ "ms", 1 },
		{ "s", CLOCK_SECOND },
		{ "m", CLOCK_MINUTE },
		{ "min", CLOCK_MINUTE },
		{ "h", 60 * CLOCK_MINUTE },
		{ "d", 24 * 60 * (int64_t)CLOCK_MINUTE },
	};
	enum { YEARS_MOST = 100 };
	char *unit;
	if (!g_ascii_isdigit(*rest))
		return false;
	guint64 n = g_ascii_strtoull(rest, &unit, 10);
	unit = (char *)skip_spaces(unit);
	for (size_t i = 0; i < G_N_ELEMENTS(units); i++) {
		if (!g_str_equal(unit, units[i].name))
			continue;
		if (n > (guint64)YEARS_MOST * 366 * 24 * 60 * CLOCK_MINUTE /
				(guint64)units[i].ms)
			return false;
		line->number = (int64_t)n * units[i].ms;
		return true;
	}
	return false;
}

/* 2025-03-30T09:30Z, with seconds or without, Z or another offset */
static bool parse_at(const char *rest, struct console_line *line)
{
	const char *zone = strpbrk(rest, "Zz+");
	const char *time = strchr(rest, 'T');
	if (!time)
		return false;
	if (!zone)
		zone = strchr(time, '-');
	if (!zone)
		return false;
	bool no_seconds = zone - time == (ptrdiff_t)strlen("Thh:mm");
	g_autofree char *whole =
		g_strdup_printf("%.*s%s%s", (int)(zone - rest), rest,
				no_seconds ? ":00" : "", zone);
	g_autoptr(GDateTime) at = g_date_time_new_from_iso8601(whole, NULL);
	if (!at)
		return false;
	line->number = g_date_time_to_unix(at) * CLOCK_SECOND;
	return true;
}

static bool parse_seed(const char *rest, struct console_line *line)
{
	guint64 seed;
	if (!g_ascii_string_to_unsigned(rest, 10, 0, G_MAXINT64, &seed, NULL))
		return false;
	line->number = (int64_t)seed;
	return true;
}

static const struct {
	const char *word;
	enum console_what what;
	bool (*parse)(const char *rest, struct console_line *line);
	const char *usage;
} directives[] = {
	{ "/reply", CONSOLE_REPLY, parse_message_text, "NAME NUMBER TEXT" },
	{ "/thread", CONSOLE_THREAD, parse_message_text, "NAME NUMBER TEXT" },
	{ "/edit", CONSOLE_EDIT, parse_message_text, "NAME NUMBER TEXT" },
	{ "/redact", CONSOLE_REDACT, parse_redact, "NAME NUMBER" },
	{ "/react", CONSOLE_REACT, parse_message_text, "NAME NUMBER REACTION" },
	{ "/join", CONSOLE_JOIN, parse_join,
	  "NAME [user|moderator|admin] [#ROOM]" },
	{ "/wait", CONSOLE_WAIT, parse_wait, "30s (ms, s, m, h, d)" },
	{ "/at", CONSOLE_AT, parse_at, "2025-03-30T09:30Z" },
	{ "/seed", CONSOLE_SEED, parse_seed, "NUMBER" },
};

static bool parse_directive(const char *text, struct console_line *line,
			    GError **error)
{
	const char *rest = text;
	g_autofree char *word = next_word(&rest);
	g_autofree char *trimmed = g_strchomp(g_strdup(rest));
	g_autoptr(GString) known = g_string_new(NULL);
	for (size_t i = 0; i < G_N_ELEMENTS(directives); i++) {
		g_string_append_printf(known, "%s%s", i ? " " : "",
				       directives[i].word);
		if (!g_str_equal(directives[i].word, word))
			continue;
		line->what = directives[i].what;
		if (directives[i].parse(trimmed, line))
			return true;
		console_line_clear(line);
		g_set_error(error, CONSOLE_LINE_ERROR, 0, "usage: %s %s", word,
			    directives[i].usage);
		return false;
	}
	g_set_error(error, CONSOLE_LINE_ERROR, 0,
		    "there is no %s; there are: %s", word, known->str);
	return false;
}

bool console_line_parse(const char *text, struct console_line *line,
			GError **error)
{
	*line = (struct console_line){ 0 };
	if (!*skip_spaces(text) || g_str_has_prefix(text, "# "))
		return true;
	if (*text == '/')
		return parse_directive(text, line, error);
	parse_speech(text, line);
	return true;
}

void console_line_clear(struct console_line *line)
{
	g_free(line->name);
	g_free(line->room);
	g_free(line->text);
	*line = (struct console_line){ 0 };
}
