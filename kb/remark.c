#include "kb/remark.h"

#include <assert.h>
#include <stdarg.h>

static const char *const level_names[] = {
	[REMARK_INFO] = "info",
	[REMARK_WARNING] = "warning",
	[REMARK_ERROR] = "error",
};

static_assert(G_N_ELEMENTS(level_names) == REMARK_ERROR + 1,
	      "a name for each level");

const char *remark_level_name(enum remark_level level)
{
	return level_names[level];
}

struct remark *remark_new(const char *file, int line, enum remark_level level,
			  const char *format, ...)
{
	struct remark *remark = g_new0(struct remark, 1);
	remark->file = g_strdup(file);
	remark->line = line;
	remark->level = level;
	va_list args;
	va_start(args, format);
	remark->text = g_strdup_vprintf(format, args);
	va_end(args);
	return remark;
}

char *remark_format(const struct remark *remark)
{
	return g_strdup_printf("%s:%d: %s: %s", remark->file, remark->line,
			       remark_level_name(remark->level), remark->text);
}

void remark_free(struct remark *remark)
{
	if (!remark)
		return;
	g_free(remark->file);
	g_free(remark->text);
	g_free(remark);
}
