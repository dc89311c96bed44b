#include "bot/commands/answer.h"

#include <stdlib.h>
#include <string.h>

#include "bot/store/entry.h"
#include "bot/store/room.h"
#include "bot/store/talk.h"
#include "kb/render.h"

/* How many characters an answer may have in this room. */
static bool budget_of(struct command_call *call, size_t *budget, GError **error)
{
	g_autofree char *own = NULL;
	if (!room_setting(call->db, call->room, "budget", &own, error))
		return false;
	*budget = own ? strtoul(own, NULL, 10)
		      : (size_t)call->config->notes_answer_budget;
	return true;
}

struct talk answer_talk(const struct command_call *call)
{
	return (struct talk){ .room = call->room,
			      .person = call->person,
			      .now = call->now };
}

/* The page of the entry where the notes are published. */
static void say_source(struct command_call *call, const struct entry *entry)
{
	const char *site = call->config->notes_site_url;
	if (!site || !*site || !entry->permalink)
		return;
	size_t len = strlen(site);
	while (len > 0 && site[len - 1] == '/')
		len--;
	const char *path = entry->permalink;
	while (*path == '/')
		path++;
	g_autofree char *escaped = g_uri_escape_string(path, "/", true);
	g_autofree char *url =
		g_strdup_printf("<%.*s/%s>", (int)len, site, escaped);
	command_say(call, SAY_SOURCE, ARG_MARKDOWN(url));
}

/* Says the part of the entry that starts at block, and keeps where it ends. */
static bool say_part(struct command_call *call, const struct entry *entry,
		     int64_t entry_no, const char *content_hash, size_t block,
		     GError **error)
{
	size_t budget, next = 0;
	if (!budget_of(call, &budget, error))
		return false;
	g_autofree char *markdown = entry_markdown(entry);
	g_autofree char *part = render_part(markdown, block, budget, &next);
	if (part && *part)
		command_say_markdown(call, part);
	else if (block == 0)
		command_say(call, SAY_ENTRY_EMPTY);
	if (next)
		command_say(call, SAY_MORE, ARG(call->prefix));
	else
		say_source(call, entry);
	struct talk talk = answer_talk(call);
	struct talk_rest rest = {
		.entry_no = next ? entry_no : 0,
		.content_hash = (char *)content_hash,
		.block = (int64_t)next,
	};
	return talk_set_rest(call->db, &talk, &rest, error);
}

static void say_title(struct command_call *call, const struct entry *entry)
{
	g_autofree char *title = g_strdup_printf("**%s**", entry->title);
	command_say_markdown(call, title);
}

bool answer_entry(struct command_call *call, int64_t row, GError **error)
{
	g_autoptr(entry) entry = NULL;
	int64_t entry_no;
	g_autofree char *content_hash = NULL;
	if (!index_entry(library_index(call->library), row, &entry, error))
		return false;
	if (!entry) {
		command_say(call, SAY_ENTRY_GONE);
		return true;
	}
	if (!entry_number(call->db, entry->id, &entry_no, &content_hash, error))
		return false;
	say_title(call, entry);
	return say_part(call, entry, entry_no, content_hash, 0, error);
}

/* The row of the entry in the language of the answer; 0: not in the notes. */
static bool find_row(struct command_call *call, int64_t entry_no,
		     char **content_hash, int64_t *row, GError **error)
{
	g_autofree char *id = NULL;
	*row = 0;
	if (!entry_of_number(call->db, entry_no, &id, content_hash, error))
		return false;
	return !id || index_find(library_index(call->library),
				 library_generation(call->library), id,
				 say_language_name(call->language), row, error);
}

bool answer_number(struct command_call *call, int64_t entry_no, GError **error)
{
	int64_t row;
	g_autofree char *content_hash = NULL;
	if (!find_row(call, entry_no, &content_hash, &row, error))
		return false;
	if (row)
		return answer_entry(call, row, error);
	command_say(call, SAY_ENTRY_GONE);
	return true;
}

bool answer_rest(struct command_call *call, GError **error)
{
	struct talk talk = answer_talk(call);
	g_auto(talk_rest) rest = { 0 };
	if (!talk_get_rest(call->db, &talk, &rest, error))
		return false;
	if (!rest.entry_no) {
		command_say(call, SAY_MORE_NOTHING, ARG(call->prefix));
		return true;
	}
	int64_t row;
	g_autofree char *content_hash = NULL;
	if (!find_row(call, rest.entry_no, &content_hash, &row, error))
		return false;
	g_autoptr(entry) entry = NULL;
	if (row &&
	    !index_entry(library_index(call->library), row, &entry, error))
		return false;
	if (!entry) {
		command_say(call, SAY_ENTRY_GONE);
		return true;
	}
	/* Blocks of another text have other numbers: start it anew. */
	if (!g_str_equal(content_hash, rest.content_hash)) {
		command_say(call, SAY_MORE_CHANGED);
		say_title(call, entry);
		rest.block = 0;
	}
	return say_part(call, entry, rest.entry_no, content_hash,
			(size_t)rest.block, error);
}
