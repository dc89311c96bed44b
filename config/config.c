#include "config/config.h"

#include <string.h>

#include "config/file.h"
#include "config/near.h"
#include "config/scan.h"
#include "config/table.h"
#include "config/value.h"

enum { WRONG_MOST = 20 };

/* One reading of one text. */
struct reading {
	struct config *config;
	const char *path;
	char *folder; /* absolute, of path */
	const struct config_section
		*section; /* that lines belong to now, or NULL */
	bool passing;	  /* over a section that is refused */
	int line;
	int section_lines[CONFIG_SECTIONS]; /* where seen; 0: not */
	int option_lines[CONFIG_OPTIONS];
	GString *wrong; /* a line for each mistake */
	unsigned wrongs;
};

static void *field_of(struct config *config, const struct config_option *option)
{
	return (char *)config + option->offset;
}

static void complain(struct reading *reading, const char *key, const char *what)
{
	if (reading->wrongs++ >= WRONG_MOST)
		return;
	g_string_append_printf(reading->wrong,
			       "%s%s:%d: ", reading->wrong->len ? "\n" : "",
			       reading->path, reading->line);
	if (reading->section)
		g_string_append_printf(reading->wrong, "[%s] ",
				       reading->section->name);
	if (key)
		g_string_append_printf(reading->wrong, "%s: ", key);
	g_string_append(reading->wrong, what);
}

/* A name from the file, short enough for a message. */
static char *shorten(const char *name)
{
	if (g_utf8_strlen(name, -1) <= 40)
		return g_strdup(name);
	g_autofree char *start = g_utf8_substring(name, 0, 40);
	return g_strconcat(start, "…", NULL);
}

static void unknown_section(struct reading *reading, const char *name)
{
	const char *names[CONFIG_SECTIONS + 1] = { NULL };
	g_autoptr(GString) what = g_string_new("unknown section");
	g_autofree char *shown = shorten(name);
	for (size_t i = 0; i < CONFIG_SECTIONS; i++)
		names[i] = config_sections[i].name;
	const char *near = near_name(name, names);
	if (near)
		g_string_append_printf(what, "; did you mean [%s]?", near);
	g_string_append(what, near ? " allowed:" : "; allowed:");
	for (size_t i = 0; i < CONFIG_SECTIONS; i++)
		g_string_append_printf(what, "%s [%s]", i ? "," : "", names[i]);
	g_autofree char *key = g_strdup_printf("[%s]", shown);
	complain(reading, key, what->str);
}

static void section_enter(struct reading *reading, const char *name)
{
	reading->section = NULL;
	reading->passing = true;
	for (size_t i = 0; i < CONFIG_SECTIONS; i++) {
		if (!g_str_equal(config_sections[i].name, name))
			continue;
		reading->passing = false;
		reading->section = &config_sections[i];
		if (reading->section_lines[i]) {
			g_autofree char *what = g_strdup_printf(
				"the section stands twice, first in line %d",
				reading->section_lines[i]);
			complain(reading, NULL, what);
		} else {
			reading->section_lines[i] = reading->line;
		}
		return;
	}
	unknown_section(reading, name);
}

static void unknown_key(struct reading *reading, const char *key)
{
	const char *names[CONFIG_OPTIONS + 1] = { NULL };
	size_t len = 0;
	const char *elsewhere = NULL;
	for (size_t i = 0; i < CONFIG_OPTIONS; i++) {
		if (g_str_equal(config_options[i].section,
				reading->section->name))
			names[len++] = config_options[i].key;
		else if (g_str_equal(config_options[i].key, key))
			elsewhere = config_options[i].section;
	}
	g_autoptr(GString) what = g_string_new("unknown key");
	g_autofree char *shown = shorten(key);
	const char *near = near_name(key, names);
	g_autofree char *all = g_strjoinv(", ", (char **)names);
	if (elsewhere)
		g_string_append_printf(what, "; it belongs to [%s]", elsewhere);
	else if (near)
		g_string_append_printf(what, "; did you mean %s?", near);
	if (len == 0)
		g_string_append(what, "; this section has none");
	else
		g_string_append_printf(what, "%s allowed: %s",
				       near && !elsewhere ? "" : ";", all);
	complain(reading, shown, what->str);
}

static void option_read(struct reading *reading, size_t i, const char *value)
{
	const struct config_option *option = &config_options[i];
	g_autoptr(GError) error = NULL;
	if (reading->option_lines[i]) {
		g_autofree char *what = g_strdup_printf(
			"the key stands twice, first in line %d",
			reading->option_lines[i]);
		complain(reading, option->key, what);
		return;
	}
	reading->option_lines[i] = reading->line;
	if (!value_parse(option, value, reading->folder,
			 field_of(reading->config, option), &error))
		complain(reading, option->key, error->message);
}

static void key_read(struct reading *reading, const struct scan_line *line)
{
	if (!reading->section) {
		g_autofree char *shown = shorten(line->name);
		complain(reading, shown,
			 "it stands before the first [section]");
		return;
	}
	for (size_t i = 0; i < CONFIG_OPTIONS; i++) {
		if (g_str_equal(config_options[i].section,
				reading->section->name) &&
		    g_str_equal(config_options[i].key, line->name)) {
			option_read(reading, i, line->value);
			return;
		}
	}
	unknown_key(reading, line->name);
}

static void line_read(struct reading *reading, const struct scan_line *line)
{
	reading->line = line->line;
	switch (line->kind) {
	case SCAN_SECTION:
		section_enter(reading, line->name);
		break;
	case SCAN_PAIR:
		/* The section was complained about; its keys are not. */
		if (!reading->passing)
			key_read(reading, line);
		break;
	case SCAN_WRONG:
		complain(reading, NULL, line->value);
		break;
	}
}

/* Sets what the text did not; a default that its own row refuses is ours to
 * mend. An empty path stays NULL. */
static void fill_defaults(struct reading *reading)
{
	for (size_t i = 0; i < CONFIG_OPTIONS; i++) {
		const struct config_option *option = &config_options[i];
		bool path = option->type == OPTION_PATH ||
			    option->type == OPTION_SECRET;
		g_autoptr(GError) error = NULL;
		if (reading->option_lines[i] || (path && !*option->preset))
			continue;
		if (!value_parse(option, option->preset, reading->folder,
				 field_of(reading->config, option), &error))
			g_error("default of [%s] %s: %s", option->section,
				option->key, error->message);
	}
}

/* Absolute, but with links in it as they are: a/link/.. is not a. */
static char *folder_of(const char *path)
{
	g_autofree char *folder = g_path_get_dirname(path);
	if (g_path_is_absolute(folder))
		return g_steal_pointer(&folder);
	g_autofree char *here = g_get_current_dir();
	if (g_str_equal(folder, "."))
		return g_steal_pointer(&here);
	return g_build_filename(here, folder, NULL);
}

struct config *config_parse(const char *text, size_t len, const char *path,
			    GError **error)
{
	g_autoptr(bot_config) config = g_new0(struct config, 1);
	g_autofree char *folder = folder_of(path);
	g_autoptr(GString) wrong = g_string_new(NULL);
	struct reading reading = {
		.config = config, .path = path, .folder = folder, .wrong = wrong
	};
	g_autoptr(GPtrArray) lines = scan_text(text, len);
	for (size_t i = 0; i < lines->len; i++)
		line_read(&reading, g_ptr_array_index(lines, i));
	if (reading.wrongs > 0) {
		if (reading.wrongs > WRONG_MOST)
			g_string_append_printf(wrong, "\n%s: %u more", path,
					       reading.wrongs - WRONG_MOST);
		g_set_error_literal(error, CONFIG_ERROR, CONFIG_ERROR_OPTION,
				    wrong->str);
		return NULL;
	}
	fill_defaults(&reading);
	config->file = g_strdup(path);
	return g_steal_pointer(&config);
}

struct config *config_default(void)
{
	struct config *config = config_parse("", 0, "bot.conf", NULL);
	g_clear_pointer(&config->file, g_free);
	return config;
}

void config_free(struct config *config)
{
	if (!config)
		return;
	for (size_t i = 0; i < CONFIG_OPTIONS; i++)
		value_clear(&config_options[i],
			    field_of(config, &config_options[i]));
	g_free(config->file);
	g_free(config);
}

struct config *config_load(const char *path, GError **error)
{
	g_autoptr(GString) text = file_read(path, error);
	return text ? config_parse(text->str, text->len, path, error) : NULL;
}

static void swap(void *a, void *b, size_t len)
{
	g_autofree void *kept = g_memdup2(a, len);
	memcpy(a, b, len);
	memcpy(b, kept, len);
}

char *config_update(struct config *config, struct config *fresh,
		    const char *const *fixed)
{
	GString *differ = g_string_new(NULL);
	swap(config, fresh, sizeof(*config));
	for (size_t i = 0; i < CONFIG_OPTIONS; i++) {
		const struct config_option *option = &config_options[i];
		g_autofree char *name =
			g_strconcat(option->section, ".", option->key, NULL);
		void *now = field_of(config, option);
		void *before = field_of(fresh, option);
		if (!g_strv_contains(fixed, name))
			continue;
		if (!value_is_same(option, now, before))
			g_string_append_printf(differ, "%s[%s] %s",
					       differ->len ? ", " : "",
					       option->section, option->key);
		swap(now, before, value_size(option));
	}
	return g_string_free(differ, FALSE);
}

char **config_places(void)
{
	g_autoptr(GPtrArray) places = g_ptr_array_new();
	g_ptr_array_add(places, g_strdup("bot.conf"));
	g_ptr_array_add(places, g_build_filename(g_get_user_config_dir(),
						 "znatok", "bot.conf", NULL));
	g_ptr_array_add(places, g_strdup("/etc/znatok/bot.conf"));
	g_ptr_array_add(places, NULL);
	return (char **)g_ptr_array_steal(places, NULL);
}

char *config_find(const char *const *places)
{
	g_auto(GStrv) usual = places ? NULL : config_places();
	if (!places)
		places = (const char *const *)usual;
	for (; *places; places++)
		if (g_file_test(*places, G_FILE_TEST_EXISTS))
			return g_strdup(*places);
	return NULL;
}

char *config_secret(const char *path, GError **error)
{
	g_autoptr(GString) text = file_read_secret(path, error);
	return text ? g_string_free(g_steal_pointer(&text), FALSE) : NULL;
}
