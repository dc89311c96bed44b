#include "config/hours.h"

#include <glib.h>

/* "08:30", and nothing else, at *text, which moves behind it. */
static bool read_time(const char **text, int *minutes)
{
	const char *t = *text;
	if (!g_ascii_isdigit(t[0]) || !g_ascii_isdigit(t[1]) || t[2] != ':' ||
	    !g_ascii_isdigit(t[3]) || !g_ascii_isdigit(t[4]))
		return false;
	int hour = (t[0] - '0') * 10 + t[1] - '0';
	int minute = (t[3] - '0') * 10 + t[4] - '0';
	*minutes = hour * 60 + minute;
	*text = t + 5;
	return hour < 24 && minute < 60;
}

bool hours_parse(const char *value, int *from, int *until)
{
	return read_time(&value, from) && *value++ == '-' &&
	       read_time(&value, until) && !*value && *from != *until;
}

bool hours_are(const char *value)
{
	int from, until;
	return !*value || hours_parse(value, &from, &until);
}
