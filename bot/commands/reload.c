/*
 * !reload: reads the notes that changed, and tells what is new since the last
 * time it told. Differences that folder watching has found are kept by the
 * store until they are told here, so none is lost by a crash between.
 */

#include "bot/command.h"
#include "bot/store/entry.h"

enum { TITLES_MOST = 10, REMARKS_MOST = 10 };

static void say_kind(struct command_call *call, GPtrArray *differences,
		     const char *kind, enum sentence heading)
{
	size_t found = 0;
	for (size_t i = 0; i < differences->len; i++) {
		const struct entry_difference *d = differences->pdata[i];
		found += g_str_equal(d->kind, kind);
	}
	if (found == 0)
		return;
	command_say_args(call, heading, SAY_ARGS(ARG(found)));
	size_t shown = 0;
	for (size_t i = 0; i < differences->len && shown < TITLES_MOST; i++) {
		const struct entry_difference *d = differences->pdata[i];
		if (!g_str_equal(d->kind, kind))
			continue;
		command_line(call, SAY_BULLET, ARG_MARKDOWN(d->title));
		shown++;
	}
	if (found > shown)
		command_line(call, SAY_AND_MORE, ARG(found - shown));
}

static bool say_differences(struct command_call *call, GError **error)
{
	g_autoptr(GPtrArray) differences = entry_differences(call->db, error);
	struct index_counts counts;
	if (!differences ||
	    !index_count(library_index(call->library), &counts, error))
		return false;
	if (differences->len == 0)
		command_say(call, SAY_RELOAD_SAME);
	say_kind(call, differences, "added", SAY_RELOAD_ADDED);
	say_kind(call, differences, "changed", SAY_RELOAD_CHANGED);
	say_kind(call, differences, "removed", SAY_RELOAD_REMOVED);
	command_say(call, SAY_RELOAD_NOW, ARG(counts.entries),
		    ARG(counts.notes));
	return entry_differences_told(call->db, error);
}

/* What a writer of notes should mend: infos are for `znatok check`. */
static bool say_remarks(struct command_call *call, GError **error)
{
	g_autoptr(GPtrArray) remarks =
		index_remarks(library_index(call->library), error);
	if (!remarks)
		return false;
	size_t found = 0;
	for (size_t i = 0; i < remarks->len; i++) {
		const struct remark *remark = remarks->pdata[i];
		if (remark->level == REMARK_INFO)
			continue;
		if (found++ == 0)
			command_say(call, SAY_REMARKS);
		if (found > REMARKS_MOST)
			continue;
		g_autofree char *text = remark_format(remark);
		command_line(call, SAY_REMARK, ARG(text));
	}
	if (found > REMARKS_MOST)
		command_line(call, SAY_AND_MORE, ARG(found - REMARKS_MOST));
	return true;
}

static bool reload(struct command_call *call, GError **error)
{
	g_autoptr(GError) trouble = NULL;
	if (!library_reload(call->library, NULL, &trouble)) {
		/* The old generation stays in use, so there is more to tell. */
		g_warning("reload: %s", trouble->message);
		command_say(call, SAY_RELOAD_FAILED, ARG(trouble->message));
	}
	g_autoptr(GPtrArray) rows =
		index_rows(library_index(call->library),
			   library_generation(call->library), error);
	return rows && entry_follow(call->db, rows, call->now, error) &&
	       say_differences(call, error) && say_remarks(call, error);
}

const struct command command_reload = {
	.name = "reload",
	.usage = "",
	.summary = SAY_RELOAD_SUMMARY,
	.role = CHAT_ADMIN,
	.run = reload,
};
