#include "kb/watch.h"

#include <errno.h>
#include <sys/inotify.h>
#include <unistd.h>
#include <gio/gio.h>

#include "kb/error.h"

enum {
	QUIET_MS = 500,	  /* how long nothing may happen before we tell */
	LATEST_MS = 5000, /* how long we wait for that at most */
	RETRY_MS = 5000,  /* between looks for a folder that is missing */
	EVENT_LIMIT_MS = 100,
};

struct watch {
	struct folders *folders;
	void (*changed)(void *data);
	void *data;
	GHashTable *monitors; /* real path of a folder -> GFileMonitor */
	GHashTable *files;    /* real paths of the files given as such */
	guint timer;
	int64_t since; /* of the first change not yet told, or 0 */
	bool missing;  /* a folder given cannot be listed now */
	bool complained;
};

/*
 * GIO keeps silent when inotify refuses, and polls; so we ask for ourselves
 * whether one more watch can be had.
 */
static bool can_watch(const char *path, GError **error)
{
	int fd = inotify_init1(IN_CLOEXEC);
	int code = 0;
	if (fd < 0 || inotify_add_watch(fd, path, IN_DELETE_SELF) < 0)
		code = errno;
	if (fd >= 0)
		close(fd);
	/* What has gone meanwhile is no longer there to be watched. */
	if (!code || code == ENOENT || code == ENOTDIR)
		return true;
	g_autofree char *name = g_filename_display_name(path);
	g_set_error(error, KB_ERROR, KB_ERROR_FILE, "cannot watch %s: %s%s",
		    name, g_strerror(code),
		    code == ENOSPC || code == EMFILE
			    ? " (see fs.inotify in sysctl)"
			    : "");
	return false;
}

static gboolean on_timer(void *data);

static void wait_for_quiet(struct watch *self, unsigned ms)
{
	int64_t now = g_get_monotonic_time();
	if (!self->since)
		self->since = now;
	int64_t left = LATEST_MS - (now - self->since) / 1000;
	if (self->timer)
		g_source_remove(self->timer);
	self->timer = g_timeout_add((guint)CLAMP(left, 0, (int64_t)ms),
				    on_timer, self);
}

/* Editors' and our own files beside the notes are nobody's business. */
static bool matters(const struct watch *self, GFile *file)
{
	if (!file)
		return false;
	g_autofree char *path = g_file_get_path(file);
	g_autofree char *name = g_file_get_basename(file);
	return path &&
	       (g_hash_table_contains(self->monitors, path) ||
		g_hash_table_contains(self->files, path) ||
		folders_is_note(name) ||
		(name[0] != '.' && g_file_test(path, G_FILE_TEST_IS_DIR)));
}

static void on_event(GFileMonitor *monitor, GFile *file, GFile *other,
		     GFileMonitorEvent event, void *data)
{
	(void)monitor;
	(void)event;
	struct watch *self = data;
	if (matters(self, file) || matters(self, other))
		wait_for_quiet(self, QUIET_MS);
}

static void monitor_free(void *data)
{
	GFileMonitor *monitor = data;
	g_file_monitor_cancel(monitor); /* from here on it emits nothing */
	g_object_unref(monitor);
}

/* *added tells whether it was not watched before. */
static bool watch_folder(struct watch *self, const char *path, bool *added,
			 GError **error)
{
	if (g_hash_table_contains(self->monitors, path))
		return true;
	if (!can_watch(path, error))
		return false;
	g_autoptr(GFile) folder = g_file_new_for_path(path);
	GFileMonitor *monitor = g_file_monitor_directory(
		folder, G_FILE_MONITOR_WATCH_MOVES, NULL, error);
	if (!monitor)
		return false;
	g_file_monitor_set_rate_limit(monitor, EVENT_LIMIT_MS);
	g_signal_connect(monitor, "changed", G_CALLBACK(on_event), self);
	g_hash_table_insert(self->monitors, g_strdup(path), monitor);
	*added = true;
	return true;
}

/* The folders to watch: those listed, and those of the files given. */
static GHashTable *wanted(struct watch *self, const struct folders_found *found)
{
	GHashTable *set =
		g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	for (guint i = 0; i < found->folders->len; i++)
		g_hash_table_add(set, g_strdup(found->folders->pdata[i]));
	g_hash_table_remove_all(self->files);
	for (guint i = 0; i < found->files->len; i++) {
		const struct folders_file *file = found->files->pdata[i];
		g_autofree char *folder = g_path_get_dirname(file->path);
		if (file->folder || g_hash_table_contains(set, folder))
			continue;
		g_hash_table_add(self->files, g_strdup(file->path));
		g_hash_table_add(set, g_steal_pointer(&folder));
	}
	return set;
}

static gboolean is_unwanted(void *path, void *monitor, void *set)
{
	(void)monitor;
	return !g_hash_table_contains(set, path);
}

/* One look at the folders; *added: some were not watched before. */
static bool follow_once(struct watch *self, bool *added, GError **error)
{
	g_autoptr(folders_found) found = folders_scan(self->folders, error);
	self->missing = !found;
	if (!found)
		return false;
	g_autoptr(GHashTable) set = wanted(self, found);
	g_hash_table_foreach_remove(self->monitors, is_unwanted, set);
	GHashTableIter iter;
	void *path;
	g_hash_table_iter_init(&iter, set);
	while (g_hash_table_iter_next(&iter, &path, NULL))
		if (!watch_folder(self, path, added, error))
			return false;
	return true;
}

/*
 * Looks again as long as that shows something new: a folder may be made
 * after its parent was listed and before the parent was watched.
 */
static bool follow(struct watch *self, GError **error)
{
	bool added = true;
	while (added) {
		added = false;
		if (!follow_once(self, &added, error))
			return false;
	}
	return true;
}

static gboolean on_timer(void *data)
{
	struct watch *self = data;
	g_autoptr(GError) error = NULL;
	bool was_missing = self->missing;
	self->timer = 0;
	self->since = 0;
	if (follow(self, &error)) {
		self->complained = false;
		self->changed(self->data); /* may free self */
		return G_SOURCE_REMOVE;
	}

	if (!self->complained)
		g_warning("%s", error->message);
	self->complained = true;
	self->timer = g_timeout_add(RETRY_MS, on_timer, self);
	/* A folder that comes back is another one, with no eye on it yet. */
	if (self->missing)
		g_hash_table_remove_all(self->monitors);
	/* Told once that it is missing; told always where we cannot watch. */
	if (!self->missing || !was_missing)
		self->changed(self->data);
	return G_SOURCE_REMOVE;
}

struct watch *watch_new(struct folders *given, void (*changed)(void *data),
			void *data, GError **error)
{
	g_autoptr(watch) self = g_new0(struct watch, 1);
	self->folders = given;
	self->changed = changed;
	self->data = data;
	self->monitors = g_hash_table_new_full(g_str_hash, g_str_equal, g_free,
					       monitor_free);
	self->files =
		g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	if (!follow(self, error))
		return NULL;
	return g_steal_pointer(&self);
}

void watch_free(struct watch *self)
{
	if (!self)
		return;
	if (self->timer)
		g_source_remove(self->timer);
	g_hash_table_unref(self->monitors);
	g_hash_table_unref(self->files);
	g_free(self);
}
