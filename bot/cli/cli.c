#include "bot/cli/cli.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bot/cli/log.h"
#include "kb/words.h"

#define CLI_COMMAND(name) extern const struct cli_command cli_##name;
#include "bot/cli/list.def"
#undef CLI_COMMAND

const struct cli_command *const cli_commands[] = {
#define CLI_COMMAND(name) &cli_##name,
#include "bot/cli/list.def"
#undef CLI_COMMAND
	NULL,
};

void cli_options_clear(struct cli_options *options)
{
	g_free(options->config);
	g_strfreev(options->kb);
	*options = (struct cli_options){ 0 };
}

bool cli_parse(const struct cli_command *self, struct cli_options *options,
	       int which, const GOptionEntry *own, int *argc, char ***argv,
	       int *status)
{
	const GOptionEntry config[] = {
		{ "config", 0, 0, G_OPTION_ARG_FILENAME, &options->config,
		  "Read this bot.conf", "FILE" },
		{ 0 },
	};
	const GOptionEntry kb[] = {
		{ "kb", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &options->kb,
		  "Notes to use; may be given again", "DIR" },
		{ 0 },
	};
	const GOptionEntry json[] = {
		{ "json", 0, 0, G_OPTION_ARG_NONE, &options->json,
		  "Print JSON, an object a line", NULL },
		{ 0 },
	};
	g_autoptr(GOptionContext) context = g_option_context_new(self->usage);
	g_autofree char *name = g_strdup_printf("znatok %s", self->name);
	g_autofree char *summary = g_strdup_printf("%s.", self->summary);
	g_autoptr(GError) error = NULL;
	g_set_prgname(name);
	g_option_context_set_summary(context, summary);
	g_option_context_set_description(context, self->details);
	g_option_context_set_strict_posix(context, TRUE);
	g_option_context_add_main_entries(context, config, NULL);
	if (which & CLI_KB)
		g_option_context_add_main_entries(context, kb, NULL);
	if (which & CLI_JSON)
		g_option_context_add_main_entries(context, json, NULL);
	if (own)
		g_option_context_add_main_entries(context, own, NULL);
	if (!g_option_context_parse(context, argc, argv, &error)) {
		*status = cli_fail(self, CLI_USAGE, "%s; see %s --help",
				   error->message, name);
		return false;
	}
	/* "--" ends the options; GLib leaves it in front of the words. */
	if (*argc > 1 && g_str_equal((*argv)[1], "--")) {
		(*argv)[1] = (*argv)[0];
		(*argv)++;
		(*argc)--;
	}
	return true;
}

void cli_print(FILE *out, const char *text)
{
	g_autofree char *visible = log_visible(text);
	fprintf(out, "%s\n", visible);
}

int cli_fail(const struct cli_command *self, int status, const char *format,
	     ...)
{
	va_list args;
	va_start(args, format);
	g_autofree char *text = g_strdup_vprintf(format, args);
	va_end(args);
	/* bot.conf may hold several mistakes: a line for each. */
	g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
	for (char **line = lines; *line; line++) {
		fprintf(stderr, "znatok %s: ", self->name);
		cli_print(stderr, *line);
	}
	return status;
}

struct config *cli_config(const struct cli_options *options, GError **error)
{
	g_autofree char *found =
		options->config ? g_strdup(options->config) : config_find(NULL);
	return found ? config_load(found, error) : config_default();
}

/* Where the notes that ship are, counted from the program's folder: in an
 * installation, in a checkout, in a checkout built in another way (build/san).
 * Caller frees. */
static char *shipped_notes(void)
{
	static const char *const places[] = { "../share/znatok/notes",
					      "../kb/notes", "../../kb/notes" };
	g_autofree char *self = g_file_read_link("/proc/self/exe", NULL);
	g_autofree char *folder = g_path_get_dirname(self ? self : ".");
	for (size_t i = 0; i < G_N_ELEMENTS(places); i++) {
		g_autofree char *notes =
			g_canonicalize_filename(places[i], folder);
		if (g_file_test(notes, G_FILE_TEST_IS_DIR))
			return g_steal_pointer(&notes);
	}
	return g_canonicalize_filename(places[0], folder);
}

/* CACHE/znatok/<16 hex of the folders' real paths>.db; caller frees. */
static char *cache_path(const char *const *folders)
{
	g_autoptr(GChecksum) sum = g_checksum_new(G_CHECKSUM_SHA256);
	for (; *folders; folders++) {
		char *real = realpath(*folders, NULL);
		const char *path = real ? real : *folders;
		g_checksum_update(sum, (const guchar *)path,
				  (gssize)strlen(path) + 1);
		free(real);
	}
	g_autofree char *name =
		g_strdup_printf("%.16s.db", g_checksum_get_string(sum));
	g_autofree char *folder =
		g_build_filename(g_get_user_cache_dir(), "znatok", NULL);
	/* Where this fails the library falls back to memory. */
	g_mkdir_with_parents(folder, 0700);
	return g_build_filename(folder, name, NULL);
}

/* How far the reading of many notes is, where a person looks on. */
static void show_progress(size_t done, size_t all, void *data)
{
	(void)data;
	if (all < 100 || (done % 100 != 0 && done != all))
		return;
	fprintf(stderr, "\rreading notes: %zu of %zu%s", done, all,
		done == all ? "\n" : "");
}

static struct library *open_library(const char *const *folders,
				    const char *index, GError **error)
{
	const struct library_options options = {
		.folders = folders,
		.index = index,
		.progress = isatty(STDERR_FILENO) ? show_progress : NULL,
	};
	struct library *library = library_open(&options, error);
	if (library && library_rebuilt(library))
		g_message("%s", library_rebuilt(library));
	return library;
}

/* Of --kb, else of bot.conf, else those that ship; shipped has room for the
 * last, and owns nothing. */
static const char *const *choose_folders(const struct cli_options *options,
					 const struct config *config,
					 const char *const *shipped)
{
	if (options->kb)
		return (const char *const *)options->kb;
	if (*config->notes_folders)
		return (const char *const *)config->notes_folders;
	return shipped;
}

struct library *cli_library(const struct cli_options *options,
			    const struct config *config, GError **error)
{
	g_autofree char *shipped = shipped_notes();
	const char *const only_shipped[] = { shipped, NULL };
	const char *const *folders =
		choose_folders(options, config, only_shipped);
	if (options->kb || !config->file) {
		g_autofree char *index = cache_path(folders);
		return open_library(folders, index, error);
	}
	/* Where this fails the library falls back to memory. */
	g_mkdir_with_parents(config->bot_state, 0700);
	g_autofree char *index =
		g_build_filename(config->bot_state, "index.db", NULL);
	return open_library(folders, index, error);
}

bool cli_move_library(const struct cli_options *options,
		      const struct config *config, struct library *library,
		      GError **error)
{
	g_autofree char *shipped = shipped_notes();
	const char *const only_shipped[] = { shipped, NULL };
	return library_move(library,
			    choose_folders(options, config, only_shipped), NULL,
			    error);
}

struct library *cli_library_of(const char *const *paths, GError **error)
{
	return open_library(paths, NULL, error);
}

const struct language *cli_language(const char *words)
{
	if (words && words_has_cyrillic(words))
		return say_language("ru");
	for (const char *const *l = g_get_language_names(); *l; l++)
		if (say_language(*l))
			return say_language(*l);
	return say_language("en");
}
