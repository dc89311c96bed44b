#include "bot/store/bag.h"

#include "bot/store/db.h"

bool bag_is_drawn(struct sqlite *db, int64_t room, const char *topic,
		  int64_t entry_no, bool *drawn, GError **error)
{
	int64_t ignored;
	return sqlite_ask_int(db, DRAWN_IS, &ignored, drawn, error, V(room),
			      V(topic), V(entry_no));
}

bool bag_draw(struct sqlite *db, int64_t room, const char *topic,
	      int64_t entry_no, int64_t now, GError **error)
{
	return sqlite_do(db, DRAWN_PUT, error, V(room), V(topic), V(entry_no),
			 V(now));
}

bool bag_fill(struct sqlite *db, int64_t room, const char *topic, int64_t *last,
	      GError **error)
{
	*last = 0;
	return sqlite_ask_int(db, DRAWN_LAST, last, NULL, error, V(room),
			      V(topic)) &&
	       sqlite_do(db, DRAWN_CLEAR, error, V(room), V(topic));
}

bool bag_report(struct sqlite *db, const struct bag_report *report,
		GError **error)
{
	return sqlite_do(db, BAD_PUT, error, V(report->room), V(report->person),
			 V(report->entry_no), V(report->question),
			 V(report->why), V(report->out), V(report->at));
}

bool bag_is_out(struct sqlite *db, int64_t room, int64_t entry_no, bool *out,
		GError **error)
{
	int64_t ignored;
	return sqlite_ask_int(db, BAD_IS_OUT, &ignored, out, error, V(room),
			      V(entry_no));
}
