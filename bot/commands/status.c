/* !status: notes, remarks, what waits to be sent, trouble with the disk. */

#include "bot/command.h"
#include "bot/base/clock.h"
#include "bot/store/mail.h"

static char *moment(int64_t ms)
{
	g_autoptr(GDateTime) at = g_date_time_new_from_unix_utc(ms / 1000);
	return g_date_time_format(at, "%Y-%m-%d %H:%M UTC");
}

static void say_trouble(struct command_call *call)
{
	const struct command_health *health = call->health;
	if (!health->trouble)
		return;
	g_autofree char *since = moment(health->trouble_since);
	g_autofree char *until = moment(health->trouble_until);
	if (health->trouble_until)
		command_say(call, SAY_STATUS_TROUBLE_OVER, ARG(since),
			    ARG(until), ARG(health->trouble));
	else
		command_say(call, SAY_STATUS_TROUBLE, ARG(since),
			    ARG(health->trouble));
}

static bool status(struct command_call *call, GError **error)
{
	struct index_counts counts;
	int64_t unsent, oldest;
	if (!index_count(library_index(call->library), &counts, error) ||
	    !mail_unsent(call->db, &unsent, &oldest, error))
		return false;
	command_say(call, SAY_STATUS, ARG(ZNATOK_VERSION));
	command_line(call, SAY_STATUS_NOTES, ARG(counts.entries),
		     ARG(counts.notes), ARG(counts.questions));
	command_line(call, SAY_STATUS_REMARKS, ARG(counts.errors),
		     ARG(counts.warnings));
	if (unsent)
		command_line(call, SAY_STATUS_UNSENT, ARG(unsent),
			     ARG((call->now - oldest) / CLOCK_SECOND));
	else
		command_line(call, SAY_STATUS_ALL_SENT);
	say_trouble(call);
	return true;
}

const struct command command_status = {
	.name = "status",
	.usage = "",
	.summary = SAY_STATUS_SUMMARY,
	.run = status,
};
