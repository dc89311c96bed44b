#include "config/file.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "config/config.h"

enum { FILE_MOST = 1 << 20 };

static bool wrong(const char *path, const char *what, GError **error)
{
	g_set_error(error, CONFIG_ERROR, CONFIG_ERROR_FILE, "%s: %s", path,
		    what);
	return false;
}

/* Bounded, so that /dev/zero ends too. */
static bool read_all(FILE *file, const char *path, GString *text,
		     GError **error)
{
	char chunk[4096];
	size_t got;
	while (text->len <= FILE_MOST &&
	       (got = fread(chunk, 1, sizeof(chunk), file)) > 0)
		g_string_append_len(text, chunk, (gssize)got);
	explicit_bzero(chunk, sizeof(chunk));
	if (ferror(file))
		return wrong(path,
			     errno == EISDIR ? "it is a folder"
					     : g_strerror(errno),
			     error);
	return text->len <= FILE_MOST ||
	       wrong(path, "it is larger than 1 MB", error);
}

static bool check_secret(int fd, const char *path, GError **error)
{
	struct stat status;
	if (fstat(fd, &status) != 0)
		return wrong(path, g_strerror(errno), error);
	mode_t mode = S_IROTH | S_IWOTH;
	if (status.st_uid == geteuid())
		mode |= S_IRGRP | S_IWGRP;
	if (!S_ISREG(status.st_mode) || !(status.st_mode & mode))
		return true;
	g_autofree char *quoted = g_shell_quote(path);
	g_set_error(error, CONFIG_ERROR, CONFIG_ERROR_FILE,
		    "%s: others can read this secret; mend it by: "
		    "chmod 600 %s",
		    path, quoted);
	return false;
}

static GString *read_file(const char *path, bool secret, GError **error)
{
	GString *text = g_string_sized_new(4096);
	FILE *file = fopen(path, "re");
	bool done =
		file ? (!secret || check_secret(fileno(file), path, error)) &&
				read_all(file, path, text, error)
		     : wrong(path, g_strerror(errno), error);
	if (file)
		fclose(file);
	if (done)
		return text;
	g_string_free(text, TRUE);
	return NULL;
}

GString *file_read(const char *path, GError **error)
{
	return read_file(path, false, error);
}

GString *file_read_secret(const char *path, GError **error)
{
	g_autoptr(GString) text = read_file(path, true, error);
	if (!text)
		return NULL;
	while (text->len > 0 && g_ascii_isspace(text->str[text->len - 1]))
		g_string_truncate(text, text->len - 1);
	/* Some editors begin a file of UTF-8 with a byte order mark. */
	size_t start = g_str_has_prefix(text->str, "\xef\xbb\xbf") ? 3 : 0;
	while (g_ascii_isspace(text->str[start]))
		start++;
	g_string_erase(text, 0, (gssize)start);
	if (text->len == 0)
		wrong(path, "the secret is empty", error);
	else if (memchr(text->str, '\0', text->len))
		wrong(path, "the secret holds a zero byte", error);
	else
		return g_steal_pointer(&text);
	return NULL;
}
