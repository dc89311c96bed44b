/* !q WORDS: looks an entry up. !q N, or a reaction: takes a choice offered. */

#include "bot/commands/answer.h"
#include "bot/store/entry.h"
#include "bot/store/talk.h"
#include "kb/lookup.h"
#include "kb/names.h"
#include "kb/words.h"

static bool offer(struct command_call *call, const struct lookup *found,
		  GError **error)
{
	if (found->len == 1)
		command_say(call, SAY_Q_ONE_CHOICE, ARG(call->prefix));
	else
		command_say(call, SAY_Q_CHOICES, ARG(call->prefix));
	for (size_t i = 0; i < found->len; i++) {
		int64_t *entry_no = &call->offers[call->offers_len];
		if (!entry_number(call->db, found->hits[i].id, entry_no, NULL,
				  error))
			return false;
		call->offers_len++;
		command_line(call, SAY_CHOICE, ARG(i + 1),
			     ARG_MARKDOWN(found->hits[i].title));
	}
	return true;
}

/* What two askings for the same have in common: the stems of their words that
 * mean something, else all that is left of them. Caller frees. */
static char *gap_key(const char *query)
{
	g_autofree char *folded = words_fold(query);
	g_autofree char *stems = names_loose(folded);
	return stems && *stems ? g_steal_pointer(&stems)
			       : words_squash_folded(folded);
}

static bool not_found(struct command_call *call, const struct lookup *found,
		      GError **error)
{
	struct talk talk = answer_talk(call);
	g_autofree char *folded = gap_key(call->text);
	if (*folded && !talk_gap(call->db, &talk, call->text, folded, error))
		return false;
	command_say(call, SAY_Q_NONE, ARG(call->text));
	if (found->len > 0)
		command_say(call, SAY_Q_NEAREST);
	for (size_t i = 0; i < found->len; i++)
		command_line(call, SAY_BULLET,
			     ARG_MARKDOWN(found->hits[i].title));
	return true;
}

static bool look_up(struct command_call *call, GError **error)
{
	g_auto(lookup) found = { 0 };
	if (!lookup_find(library_index(call->library),
			 library_generation(call->library), call->text,
			 say_language_name(call->language), &found, error))
		return false;
	if (found.status == LOOKUP_NONE)
		return not_found(call, &found, error);
	if (found.understood)
		command_say(call, SAY_Q_UNDERSTOOD, ARG(call->text),
			    ARG(found.understood));
	if (found.status == LOOKUP_CHOICES)
		return offer(call, &found, error);
	return answer_entry(call, found.hits[0].row, error);
}

static bool q(struct command_call *call, GError **error)
{
	guint64 n;
	if (call->words_len == 1 &&
	    g_ascii_string_to_unsigned(call->words[0], 10, 1, COMMAND_OFFERS,
				       &n, NULL)) {
		struct talk talk = answer_talk(call);
		int64_t entry_no;
		if (!talk_take(call->db, &talk, (int)n, &entry_no, error))
			return false;
		if (entry_no)
			return answer_number(call, entry_no, error);
	}
	return look_up(call, error);
}

/* "2", "2️⃣": the keycap is the digit, maybe U+FE0F, and U+20E3. */
static int reaction_number(const char *reaction)
{
	if (!g_ascii_isdigit(*reaction))
		return 0;
	const char *rest = reaction + 1;
	if (g_str_has_prefix(rest, "\xEF\xB8\x8F"))
		rest += 3;
	if (g_str_has_prefix(rest, "\xE2\x83\xA3"))
		rest += 3;
	return *rest ? 0 : *reaction - '0';
}

static bool q_react(struct command_call *call, const char *reaction,
		    bool *taken, GError **error)
{
	int64_t entry_no = 0;
	int n = reaction_number(reaction);
	if (n && !talk_take_from(call->db, call->outbox, n, &entry_no, error))
		return false;
	*taken = entry_no != 0;
	return !*taken || answer_number(call, entry_no, error);
}

const struct command command_q = {
	.name = "q",
	.usage = "WORDS | N",
	.summary = SAY_Q_SUMMARY,
	.words = 1,
	.words_most = COMMAND_ANY_WORDS,
	.run = q,
	.react = q_react,
};
