#include "kb/folders.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "kb/error.h"

struct folders {
	char **given;
	dev_t *disks; /* of each one given, when it last held notes; or 0 */
};

/* One walk over one of the folders given. */
struct walk {
	const char *given;
	const char *root; /* its real path */
	GHashTable *seen; /* real paths, so that each counts once */
	GPtrArray *files;
	GPtrArray *folders;
	GQueue *pending; /* char *: paths below root, still to be listed */
};

struct folders *folders_new(const char *const *given)
{
	struct folders *self = g_new0(struct folders, 1);
	self->given = g_strdupv((char **)given);
	self->disks = g_new0(dev_t, g_strv_length(self->given) + 1);
	return self;
}

void folders_free(struct folders *self)
{
	if (!self)
		return;
	g_strfreev(self->given);
	g_free(self->disks);
	g_free(self);
}

static void file_free(void *data)
{
	struct folders_file *file = data;
	g_free(file->path);
	g_free(file->file);
	g_free(file->below);
	g_free(file->refused);
	g_free(file);
}

void folders_found_free(struct folders_found *found)
{
	if (!found)
		return;
	g_ptr_array_unref(found->files);
	g_ptr_array_unref(found->folders);
	g_free(found);
}

bool folders_is_note(const char *name)
{
	size_t len = strlen(name);
	return name[0] != '.' &&
	       ((len > 3 && !g_ascii_strcasecmp(name + len - 3, ".md")) ||
		(len > 9 && !g_ascii_strcasecmp(name + len - 9, ".markdown")));
}

static bool is_passed_over(const char *folder)
{
	return folder[0] == '.' || !g_ascii_strcasecmp(folder, "templates") ||
	       !g_ascii_strcasecmp(folder, "_templates");
}

/* "a\xff.md" with the byte 0xff -> the same spelled in ASCII. */
static char *shown(const char *name)
{
	GString *text = g_string_new(NULL);
	for (const char *p = name; *p;) {
		gunichar c = g_utf8_get_char_validated(p, -1);
		if (c >= (gunichar)-2 || g_unichar_iscntrl(c)) {
			g_string_append_printf(text, "\\x%02x",
					       (unsigned char)*p);
			p++;
			continue;
		}
		const char *next = g_utf8_next_char(p);
		g_string_append_len(text, p, next - p);
		p = next;
	}
	return g_string_free(text, FALSE);
}

static char *join(const char *folder, const char *below)
{
	return *below ? g_build_filename(folder, below, NULL)
		      : g_strdup(folder);
}

/* Adds what stands at below; NULL where it is there already. */
static struct folders_file *add(struct walk *walk, const char *below,
				const struct stat *stat)
{
	g_autofree char *path = join(walk->root, below);
	if (!g_hash_table_add(walk->seen, g_strdup(path)))
		return NULL;
	g_autofree char *as_given = join(walk->given, below);
	struct folders_file *file = g_new0(struct folders_file, 1);
	file->path = g_steal_pointer(&path);
	file->file = shown(as_given);
	file->below = shown(below);
	file->size = stat->st_size;
	file->mtime = (int64_t)stat->st_mtim.tv_sec * 1000000000 +
		      stat->st_mtim.tv_nsec;
	g_ptr_array_add(walk->files, file);
	return file;
}

static void refuse(struct walk *walk, const char *below,
		   const struct stat *stat, enum remark_level level,
		   const char *why)
{
	struct folders_file *file = add(walk, below, stat);
	if (!file)
		return;
	file->level = level;
	file->refused = g_strdup(why);
}

static void refuse_folder(struct walk *walk, const char *below, int code)
{
	/* The folder itself is in `seen` already, hence the name of its own. */
	const struct stat none = { 0 };
	g_autofree char *name = g_strconcat(below, "/", NULL);
	struct folders_file *file = add(walk, name, &none);
	file->file[strlen(file->file) - 1] = '\0';
	file->folder = true;
	file->level = REMARK_ERROR;
	file->refused = g_strdup_printf("the folder cannot be read: %s; what "
					"is known from it stays in use",
					g_strerror(code));
}

static void look_at(struct walk *walk, const char *below, int dir,
		    const char *name)
{
	struct stat found, target;
	if (name[0] == '.' ||
	    fstatat(dir, name, &found, AT_SYMLINK_NOFOLLOW) != 0)
		return;

	g_autofree char *here = *below ? join(below, name) : g_strdup(name);
	if (S_ISDIR(found.st_mode)) {
		if (!is_passed_over(name))
			g_queue_push_tail(walk->pending,
					  g_steal_pointer(&here));
	} else if (S_ISLNK(found.st_mode)) {
		if (folders_is_note(name) ||
		    (fstatat(dir, name, &target, 0) == 0 &&
		     S_ISDIR(target.st_mode) && !is_passed_over(name)))
			refuse(walk, here, &found, REMARK_WARNING,
			       "a symbolic link: it is not followed");
	} else if (!folders_is_note(name)) {
		return;
	} else if (S_ISREG(found.st_mode)) {
		add(walk, here, &found);
	} else {
		refuse(walk, here, &found, REMARK_WARNING,
		       "neither a file nor a folder");
	}
}

/* Lists one folder; errno's value on trouble, else 0. */
static int list(struct walk *walk, const char *below)
{
	g_autofree char *path = join(walk->root, below);
	if (!g_hash_table_add(walk->seen, g_strdup(path)))
		return 0;
	int fd = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	DIR *dir = fd < 0 ? NULL : fdopendir(fd);
	if (!dir) {
		int code = errno;
		if (fd >= 0)
			close(fd);
		return code;
	}
	/* Listed at least in part, so worth watching whatever follows. */
	g_ptr_array_add(walk->folders, g_steal_pointer(&path));
	const struct dirent *found;
	while (errno = 0, (found = readdir(dir)) != NULL)
		look_at(walk, below, fd, found->d_name);
	int code = errno;
	closedir(dir);
	return code;
}

static bool is_gone(int code)
{
	/* ELOOP, ENOTDIR: replaced by something else under our feet. */
	return code == ENOENT || code == ENOTDIR || code == ELOOP;
}

/* Everything below walk->root; errno's value if that cannot be listed. */
static int walk_all(struct walk *walk)
{
	int code = list(walk, "");
	if (code)
		return code;
	char *next;
	while ((next = g_queue_pop_head(walk->pending)) != NULL) {
		g_autofree char *below = next;
		code = list(walk, below);
		if (code && !is_gone(code))
			refuse_folder(walk, below, code);
	}
	return 0;
}

static int by_path(const void *a, const void *b)
{
	const struct folders_file *const *one = a, *const *other = b;
	return strcmp((*one)->path, (*other)->path);
}

static bool fail(const char *given, const char *why, GError **error)
{
	g_autofree char *name = shown(given);
	g_set_error(error, KB_ERROR, KB_ERROR_FILE, "%s: %s", name, why);
	return false;
}

static void add_file(struct walk *walk, const struct stat *stat)
{
	struct folders_file *file = add(walk, "", stat);
	if (!file)
		return;
	g_autofree char *name = g_path_get_basename(walk->given);
	g_free(file->below);
	file->below = shown(name);
}

static bool scan_one(struct walk *walk, dev_t *disk, GError **error)
{
	g_autofree char *root = NULL;
	char *real = realpath(walk->given, NULL);
	struct stat found;
	if (real)
		root = g_strdup(real);
	free(real);
	if (!root || stat(root, &found) != 0)
		return fail(walk->given, g_strerror(errno), error);

	walk->root = root;
	if (S_ISREG(found.st_mode)) {
		add_file(walk, &found);
		return true;
	}
	if (!S_ISDIR(found.st_mode))
		return fail(walk->given, "neither a file nor a folder", error);
	int code = walk_all(walk);
	if (code)
		return fail(walk->given, g_strerror(code), error);

	/* A mount point without its disk is an empty folder of another one. */
	if (walk->files->len == 0 && *disk && *disk != found.st_dev)
		return fail(walk->given,
			    "empty, and on another disk than before: is it "
			    "still mounted?",
			    error);
	if (walk->files->len > 0)
		*disk = found.st_dev;
	g_ptr_array_sort(walk->files, by_path);
	return true;
}

struct folders_found *folders_scan(struct folders *self, GError **error)
{
	g_autoptr(GHashTable) seen =
		g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	g_autoptr(folders_found) found = g_new0(struct folders_found, 1);
	found->files = g_ptr_array_new_with_free_func(file_free);
	found->folders = g_ptr_array_new_with_free_func(g_free);
	for (size_t i = 0; self->given[i]; i++) {
		GQueue pending = G_QUEUE_INIT;
		struct walk walk = {
			.given = self->given[i],
			.seen = seen,
			.files = g_ptr_array_new_with_free_func(file_free),
			.folders = found->folders,
			.pending = &pending,
		};
		bool well = scan_one(&walk, &self->disks[i], error);
		g_queue_clear_full(&pending, g_free);
		g_ptr_array_extend_and_steal(found->files, walk.files);
		if (!well)
			return NULL;
	}
	return g_steal_pointer(&found);
}

/* Fills text[0..most) from fd; -1 on trouble. */
static ssize_t read_all(int fd, char *text, size_t most)
{
	size_t len = 0;
	while (len < most) {
		ssize_t got =
			TEMP_FAILURE_RETRY(read(fd, text + len, most - len));
		if (got < 0)
			return -1;
		if (got == 0)
			break;
		len += (size_t)got;
	}
	return (ssize_t)len;
}

static bool read_open(int fd, char **text, size_t *len)
{
	struct stat found;
	if (fstat(fd, &found) != 0)
		return false;
	if (!S_ISREG(found.st_mode)) {
		errno = EINVAL;
		return false;
	}
	/* One more than its size, for a file that is growing. */
	size_t most = (size_t)MIN(found.st_size, FOLDERS_READ_MOST - 1) + 1;
	g_autofree char *bytes = g_try_malloc(most + 1);
	if (!bytes) {
		errno = ENOMEM;
		return false;
	}
	ssize_t got = read_all(fd, bytes, most);
	if (got < 0)
		return false;
	bytes[got] = '\0';
	*len = (size_t)got;
	*text = g_steal_pointer(&bytes);
	return true;
}

bool folders_read(const struct folders_file *file, char **text, size_t *len,
		  GError **error)
{
	*text = NULL;
	*len = 0;
	/* NONBLOCK: it may have become a pipe since it was found. */
	int fd = TEMP_FAILURE_RETRY(open(
		file->path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
	if (fd < 0 && is_gone(errno))
		return true;
	bool well = fd >= 0 && read_open(fd, text, len);
	int code = errno;
	if (fd >= 0)
		close(fd);
	if (!well)
		g_set_error(error, KB_ERROR, KB_ERROR_FILE,
			    "cannot be read: %s", g_strerror(code));
	return well;
}
