#include "kb/library.h"

#include <glib/gstdio.h>

#include "kb/error.h"
#include "kb/folders.h"
#include "kb/reload.h"
#include "kb/watch.h"

struct library {
	struct folders *folders;
	struct index *index;
	char *path; /* of the index's file; NULL: in memory */
	char *rebuilt;
	struct watch *watch;
	void (*progress)(size_t done, size_t all, void *data);
	void *data;
};

static bool is(const GError *error, enum kb_error kind)
{
	return g_error_matches(error, KB_ERROR, (int)kind);
}

/* Puts an empty index in the place of the one in use, if any. */
static bool open_index(struct library *self, GError **error)
{
	g_autofree char *rebuilt = NULL;
	g_clear_pointer(&self->index, index_free);
	self->index = index_open(self->path, &rebuilt, error);
	if (rebuilt) {
		g_free(self->rebuilt);
		self->rebuilt = g_steal_pointer(&rebuilt);
	}
	return self->index != NULL;
}

/* Nobody needs the file: it saves time, and this run can do without. */
static bool go_to_memory(struct library *self, GError **error)
{
	g_clear_pointer(&self->path, g_free);
	return open_index(self, error);
}

static void throw_away(const struct library *self)
{
	static const char *const tails[] = { "", "-journal", "-wal", "-shm" };
	for (size_t i = 0; i < G_N_ELEMENTS(tails); i++) {
		g_autofree char *file = g_strconcat(self->path, tails[i], NULL);
		g_unlink(file);
	}
}

static bool reload(struct library *self, bool *changed, GError **error)
{
	const struct reload_options options = {
		.index = self->index,
		.folders = self->folders,
		.progress = self->progress,
		.data = self->data,
	};
	return reload_run(&options, changed, error);
}

static bool rebuild(struct library *self, const char *why, GError **error)
{
	g_autofree char *sentence = g_strdup_printf(
		"the index was damaged and has been made anew: %s", why);
	g_clear_pointer(&self->index, index_free);
	if (self->path)
		throw_away(self);
	g_autoptr(GError) failure = NULL;
	if (!open_index(self, &failure) && !go_to_memory(self, error))
		return false;
	g_free(self->rebuilt);
	self->rebuilt = g_steal_pointer(&sentence);
	return true;
}

bool library_rebuild(struct library *self, const char *why, GError **error)
{
	bool changed;
	/* A copy: why may well be library_rebuilt()'s. */
	g_autofree char *kept = g_strdup(why);
	return rebuild(self, kept, error) && reload(self, &changed, error);
}

bool library_reload(struct library *self, bool *changed, GError **error)
{
	bool ignored;
	g_autoptr(GError) failure = NULL;
	if (!changed)
		changed = &ignored;
	if (reload(self, changed, &failure))
		return true;
	if (!is(failure, KB_ERROR_CORRUPT)) {
		g_propagate_error(error, g_steal_pointer(&failure));
		return false;
	}
	*changed = true;
	return library_rebuild(self, failure->message, error);
}

bool library_move(struct library *self, const char *const *folders,
		  bool *changed, GError **error)
{
	struct folders *before = self->folders;
	g_clear_pointer(&self->watch, watch_free);
	self->folders = folders_new(folders);
	bool well = library_reload(self, changed, error);
	if (!well) {
		struct folders *refused = self->folders;
		self->folders = before;
		before = refused;
	}
	folders_free(before);
	return well;
}

/* The index in its file, or where that cannot be had, in memory. */
static bool open_somewhere(struct library *self, GError **error)
{
	g_autoptr(GError) failure = NULL;
	if (self->path) {
		g_autofree char *folder = g_path_get_dirname(self->path);
		g_mkdir_with_parents(folder, 0700);
	}
	if (open_index(self, &failure))
		return true;
	if (is(failure, KB_ERROR_CORRUPT))
		return rebuild(self, failure->message, error);
	return go_to_memory(self, error);
}

struct library *library_open(const struct library_options *options,
			     GError **error)
{
	g_autoptr(library) self = g_new0(struct library, 1);
	self->folders = folders_new(options->folders);
	self->path = g_strdup(options->index);
	self->progress = options->progress;
	self->data = options->data;
	if (!open_somewhere(self, error))
		return NULL;

	g_autoptr(GError) failure = NULL;
	if (library_reload(self, NULL, &failure))
		return g_steal_pointer(&self);
	/* A full disk, say: what is not up to date is of no use to us. */
	if (self->path && is(failure, KB_ERROR_STORE)) {
		if (go_to_memory(self, error) &&
		    library_reload(self, NULL, error))
			return g_steal_pointer(&self);
		return NULL;
	}
	g_propagate_error(error, g_steal_pointer(&failure));
	return NULL;
}

void library_free(struct library *self)
{
	if (!self)
		return;
	watch_free(self->watch);
	index_free(self->index);
	folders_free(self->folders);
	g_free(self->path);
	g_free(self->rebuilt);
	g_free(self);
}

struct index *library_index(struct library *self)
{
	return self->index;
}

int64_t library_generation(struct library *self)
{
	return index_generation(self->index);
}

bool library_in_memory(const struct library *self)
{
	return self->path == NULL;
}

const char *library_rebuilt(const struct library *self)
{
	return self->rebuilt;
}

bool library_watch(struct library *self, void (*changed)(void *data),
		   void *data, GError **error)
{
	g_clear_pointer(&self->watch, watch_free);
	self->watch = watch_new(self->folders, changed, data, error);
	return self->watch != NULL;
}
