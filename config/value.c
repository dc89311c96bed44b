#include "config/value.h"

#include <assert.h>
#include <string.h>

#include "config/config.h"

struct value_type {
	bool (*same)(const void *a, const void *b); /* NULL: by bytes */
	bool (*parse)(const struct config_option *option, const char *text,
		      const char *folder, void *field, GError **error);
	void (*clear)(void *field); /* NULL: nothing to free */
	char *(*allowed)(const struct config_option *option);
	size_t size;
	bool list; /* parse gets the raw value and cuts it itself */
};

static const struct {
	const char *name;
	int64_t ms;
} units[] = {
	{ "ms", 1 },
	{ "s", 1000 },
	{ "min", 60000 },
	{ "h", INT64_C(3600000) },
	{ "d", INT64_C(86400000) },
};

static bool wrong(GError **error, const char *what)
{
	g_set_error_literal(error, CONFIG_ERROR, CONFIG_ERROR_OPTION, what);
	return false;
}

/* "x" is wrong; allowed: …; the mistake that is made most often is named. */
static bool not_allowed(const struct config_option *option, const char *text,
			GError **error)
{
	g_autofree char *allowed = value_allowed(option);
	g_autofree char *shown = g_utf8_strlen(text, -1) > 60
					 ? g_utf8_substring(text, 0, 60)
					 : g_strdup(text);
	g_set_error(error, CONFIG_ERROR, CONFIG_ERROR_OPTION,
		    "\"%s\" is not allowed; allowed: %s%s", shown, allowed,
		    strstr(text, " #")
			    ? " (a # comment needs a line of its own)"
			    : "");
	return false;
}

static void clear_string(void *field)
{
	g_clear_pointer((char **)field, g_free);
}

static void clear_list(void *field)
{
	g_clear_pointer((char ***)field, g_strfreev);
}

static bool same_string(const void *a, const void *b)
{
	return g_strcmp0(*(char *const *)a, *(char *const *)b) == 0;
}

static bool same_list(const void *a, const void *b)
{
	return g_strv_equal(*(const char *const *const *)a,
			    *(const char *const *const *)b);
}

static bool parse_string(const struct config_option *option, const char *text,
			 const char *folder, void *field, GError **error)
{
	(void)folder;
	if (option->check && !option->check(text))
		return not_allowed(option, text, error);
	*(char **)field = g_strdup(text);
	return true;
}

static char *allowed_string(const struct config_option *option)
{
	return g_strdup(option->allowed ? option->allowed : "any text");
}

/*
 * A path may begin with a variable: the XDG folders, which have defaults,
 * and what a service manager sets ($CREDENTIALS_DIRECTORY/password).
 */
static const char *variable(const char *name)
{
	static const struct {
		const char *name;
		const char *(*get)(void);
	} xdg[] = {
		{ "HOME", g_get_home_dir },
		{ "XDG_STATE_HOME", g_get_user_state_dir },
		{ "XDG_CONFIG_HOME", g_get_user_config_dir },
		{ "XDG_DATA_HOME", g_get_user_data_dir },
		{ "XDG_CACHE_HOME", g_get_user_cache_dir },
	};
	for (size_t i = 0; i < G_N_ELEMENTS(xdg); i++)
		if (g_str_equal(name, xdg[i].name))
			return xdg[i].get();
	return g_getenv(name);
}

static char *resolve(const char *text, const char *folder, GError **error)
{
	const char *rest = text + strcspn(text, "/");
	g_autofree char *first = g_strndup(text, (size_t)(rest - text));
	if (*text == '\0') {
		wrong(error, "no path is given");
		return NULL;
	}
	if (g_str_equal(first, "~"))
		return g_strconcat(g_get_home_dir(), rest, NULL);
	if (*first == '~') {
		wrong(error, "~ can only be followed by /; write the path of "
			     "another person's folder in full");
		return NULL;
	}
	if (*first == '$') {
		const char *value = variable(first + 1);
		if (value && *value)
			return g_strconcat(value, rest, NULL);
		g_set_error(error, CONFIG_ERROR, CONFIG_ERROR_OPTION,
			    "%s is not set in the environment", first);
		return NULL;
	}
	if (g_path_is_absolute(text))
		return g_strdup(text);
	if (g_str_equal(first, ".") && *rest)
		text = rest + strspn(rest, "/");
	return g_build_filename(folder, text, NULL);
}

static bool parse_path(const struct config_option *option, const char *text,
		       const char *folder, void *field, GError **error)
{
	*(char **)field = NULL;
	if (!*text && !*option->preset)
		return true; /* nothing, as by default */
	*(char **)field = resolve(text, folder, error);
	return *(char **)field != NULL;
}

static char *allowed_path(const struct config_option *option)
{
	return g_strdup(option->type == OPTION_SECRET
				? "a path of a file that only you can read"
				: "a path");
}

/* The items, stripped, without empty ones; NULL if an escape is wrong. */
static char **split(const char *raw)
{
	g_autoptr(GKeyFile) file = g_key_file_new();
	g_autoptr(GError) error = NULL; /* set beside a value, too */
	g_key_file_set_value(file, "x", "x", raw);
	g_auto(GStrv) all =
		g_key_file_get_string_list(file, "x", "x", NULL, &error);
	if (error)
		return NULL;
	g_autoptr(GPtrArray) kept = g_ptr_array_new_with_free_func(g_free);
	for (size_t i = 0; all && all[i]; i++)
		if (*g_strstrip(all[i]))
			g_ptr_array_add(kept, g_strdup(all[i]));
	g_ptr_array_add(kept, NULL);
	return (char **)g_ptr_array_steal(kept, NULL);
}

static bool bad_escape(GError **error)
{
	return wrong(error, "a backslash is written \\\\ (and \\s \\n \\t \\r "
			    "\\; are what it may begin)");
}

/* A line break that was written \n must not reach a log or a path. */
static bool has_control(const char *text)
{
	for (; *text; text = g_utf8_next_char(text))
		if (g_unichar_iscntrl(g_utf8_get_char(text)))
			return true;
	return false;
}

static bool parse_list(const struct config_option *option, const char *raw,
		       const char *folder, void *field, GError **error)
{
	g_auto(GStrv) items = split(raw);
	if (!items)
		return bad_escape(error);
	for (char **item = items; *item; item++) {
		if (has_control(*item))
			return wrong(error, "a control character");
		if (option->check && !option->check(*item))
			return not_allowed(option, *item, error);
		if (option->type != OPTION_PATHS)
			continue;
		char *path = resolve(*item, folder, error);
		if (!path)
			return false;
		g_free(*item);
		*item = path;
	}
	*(char ***)field = g_steal_pointer(&items);
	return true;
}

static char *allowed_list(const struct config_option *option)
{
	if (option->allowed)
		return g_strdup(option->allowed);
	return g_strdup(option->type == OPTION_PATHS
				? "paths, a ; between them"
				: "a list, a ; between its items");
}

static bool parse_bool(const struct config_option *option, const char *text,
		       const char *folder, void *field, GError **error)
{
	(void)folder;
	*(bool *)field = g_str_equal(text, "true");
	return *(bool *)field || g_str_equal(text, "false") ||
	       not_allowed(option, text, error);
}

static char *allowed_bool(const struct config_option *option)
{
	(void)option;
	return g_strdup("true or false");
}

static bool parse_integer(const struct config_option *option, const char *text,
			  const char *folder, void *field, GError **error)
{
	(void)folder;
	gint64 number = 0; /* GLib takes its address */
	if (!g_ascii_string_to_signed(text, 10, option->least, option->most,
				      &number, NULL))
		return not_allowed(option, text, error);
	*(int64_t *)field = number;
	return true;
}

static char *allowed_integer(const struct config_option *option)
{
	return g_strdup_printf("%" G_GINT64_FORMAT " to %" G_GINT64_FORMAT
			       "%s%s",
			       option->least, option->most,
			       *option->unit ? " " : "", option->unit);
}

static bool parse_duration(const struct config_option *option, const char *text,
			   const char *folder, void *field, GError **error)
{
	(void)folder;
	size_t digits = strspn(text, "0123456789");
	g_autofree char *number = g_strndup(text, digits);
	const char *unit = text + digits;
	unit += strspn(unit, " \t");
	for (size_t i = 0; i < G_N_ELEMENTS(units); i++) {
		gint64 count = 0; /* GLib takes its address */
		if (!g_str_equal(unit, units[i].name))
			continue;
		/* Bounded by the limit first, so that it cannot overflow. */
		if (!g_ascii_string_to_signed(number, 10, 0,
					      option->most / units[i].ms,
					      &count, NULL) ||
		    count * units[i].ms < option->least)
			break;
		*(int64_t *)field = count * units[i].ms;
		return true;
	}
	return not_allowed(option, text, error);
}

/* In the largest unit that needs no fraction: 600000 -> "10 min". */
static char *format_duration(int64_t ms)
{
	size_t i = G_N_ELEMENTS(units) - 1;
	while (ms % units[i].ms != 0 || (ms == 0 && i > 1))
		i--;
	return g_strdup_printf("%" G_GINT64_FORMAT " %s", ms / units[i].ms,
			       units[i].name);
}

static char *allowed_duration(const struct config_option *option)
{
	g_autofree char *least = format_duration(option->least);
	g_autofree char *most = format_duration(option->most);
	return g_strdup_printf("%s to %s; units: ms, s, min, h, d", least,
			       most);
}

static bool parse_choice(const struct config_option *option, const char *text,
			 const char *folder, void *field, GError **error)
{
	(void)folder;
	g_auto(GStrv) choices = g_strsplit(option->choices, ";", 0);
	if (!g_strv_contains((const char *const *)choices, text))
		return not_allowed(option, text, error);
	*(char **)field = g_strdup(text);
	return true;
}

static char *allowed_choice(const struct config_option *option)
{
	g_auto(GStrv) choices = g_strsplit(option->choices, ";", 0);
	return g_strjoinv(", ", choices);
}

/* clang-format off */
static const struct value_type types[] = {
	[OPTION_STRING] = { same_string, parse_string, clear_string, allowed_string,
			    sizeof(CONFIG_STRING), false },
	[OPTION_PATH] = { same_string, parse_path, clear_string, allowed_path,
			  sizeof(CONFIG_PATH), false },
	[OPTION_SECRET] = { same_string, parse_path, clear_string, allowed_path,
			    sizeof(CONFIG_SECRET), false },
	[OPTION_CHOICE] = { same_string, parse_choice, clear_string, allowed_choice,
			    sizeof(CONFIG_CHOICE), false },
	[OPTION_LIST] = { same_list, parse_list, clear_list, allowed_list,
			  sizeof(CONFIG_LIST), true },
	[OPTION_PATHS] = { same_list, parse_list, clear_list, allowed_list,
			   sizeof(CONFIG_PATHS), true },
	[OPTION_BOOL] = { NULL, parse_bool, NULL, allowed_bool,
			  sizeof(CONFIG_BOOL), false },
	[OPTION_INTEGER] = { NULL, parse_integer, NULL, allowed_integer,
			     sizeof(CONFIG_INTEGER), false },
	[OPTION_DURATION] = { NULL, parse_duration, NULL, allowed_duration,
			      sizeof(CONFIG_DURATION), false },
};
/* clang-format on */
static_assert(G_N_ELEMENTS(types) == OPTION_TYPES, "a row for each type");

bool value_parse(const struct config_option *option, const char *raw,
		 const char *folder, void *field, GError **error)
{
	const struct value_type *type = &types[option->type];
	if (type->list)
		return type->parse(option, raw, folder, field, error);
	g_autoptr(GKeyFile) file = g_key_file_new();
	g_autoptr(GError) escape = NULL; /* set beside a value, too */
	g_key_file_set_value(file, "x", "x", raw);
	g_autofree char *text = g_key_file_get_string(file, "x", "x", &escape);
	if (escape)
		return bad_escape(error);
	if (has_control(text))
		return wrong(error, "a control character");
	return type->parse(option, text, folder, field, error);
}

void value_clear(const struct config_option *option, void *field)
{
	const struct value_type *type = &types[option->type];
	if (type->clear)
		type->clear(field);
	else
		memset(field, 0, type->size);
}

bool value_is_same(const struct config_option *option, const void *a,
		   const void *b)
{
	const struct value_type *type = &types[option->type];
	return type->same ? type->same(a, b) : memcmp(a, b, type->size) == 0;
}

size_t value_size(const struct config_option *option)
{
	return types[option->type].size;
}

char *value_allowed(const struct config_option *option)
{
	return types[option->type].allowed(option);
}

bool value_is_prefix(const char *value)
{
	long len = g_utf8_strlen(value, -1);
	for (; *value; value = g_utf8_next_char(value)) {
		gunichar c = g_utf8_get_char(value);
		if (!g_unichar_isgraph(c) || g_unichar_isalnum(c) ||
		    g_unichar_iszerowidth(c))
			return false;
	}
	return len >= 1 && len <= 4;
}

bool value_is_url(const char *value)
{
	if (*value == '\0')
		return true;
	g_autoptr(GUri) uri = g_uri_parse(value, G_URI_FLAGS_NONE, NULL);
	if (!uri || !g_uri_get_host(uri) || !*g_uri_get_host(uri))
		return false;
	return g_str_equal(g_uri_get_scheme(uri), "http") ||
	       g_str_equal(g_uri_get_scheme(uri), "https");
}

/* A server's name, with or without a port. */
static bool is_server(const char *text)
{
	g_autofree char *url = g_strconcat("https://", text, NULL);
	return *text && !strpbrk(text, "/?#@ \t") && value_is_url(url);
}

/* "@znatok:example.org", or "znatok". */
bool value_is_matrix_user(const char *value)
{
	const char *colon = strchr(value, ':');
	if (strlen(value) > 255 || strpbrk(value, " \t/"))
		return false;
	if (*value != '@')
		return !colon;
	return colon && colon > value + 1 && is_server(colon + 1);
}

bool value_is_homeserver(const char *value)
{
	if (*value == '\0')
		return true;
	if (!strstr(value, "://"))
		return is_server(value);
	g_autoptr(GUri) uri = g_uri_parse(value, G_URI_FLAGS_NONE, NULL);
	const char *host = uri ? g_uri_get_host(uri) : NULL;
	if (!host || !value_is_url(value) || g_uri_get_userinfo(uri) ||
	    g_uri_get_query(uri) || g_uri_get_fragment(uri))
		return false;
	return g_str_equal(g_uri_get_scheme(uri), "https") ||
	       g_str_equal(host, "localhost") || g_str_equal(host, "::1") ||
	       (g_str_has_prefix(host, "127.") &&
		g_hostname_is_ip_address(host));
}

/* A server has a dot or a port in its name, so that a misspelt word is none. */
bool value_is_inviter(const char *value)
{
	static const char *const words[] = { "everyone", "admins", "none",
					     "localhost", NULL };
	if (g_strv_contains(words, value))
		return true;
	if (*value == '@')
		return value_is_matrix_user(value);
	return is_server(value) && strpbrk(value, ".:");
}
