#include "bot/matrix/take.h"

#include "bot/base/error.h"
#include "bot/matrix/invite.h"
#include "bot/matrix/room.h"
#include "bot/store/mail.h"
#include "bot/store/room.h"

/* ---- what was taken ---- */

static void take_read_free(void *data)
{
	struct take_read *read = data;
	g_free(read->room_id);
	g_free(read->event_id);
	g_free(read->thread);
	g_free(read);
}

void taken_init(struct taken *taken)
{
	*taken = (struct taken){
		.reads = g_ptr_array_new_with_free_func(take_read_free),
		.redacted = g_ptr_array_new_with_free_func(g_free),
	};
}

void taken_clear(struct taken *taken)
{
	g_clear_pointer(&taken->reads, g_ptr_array_unref);
	g_clear_pointer(&taken->redacted, g_ptr_array_unref);
}

/* ---- a room ---- */

struct entering {
	struct matrix *matrix;
	const struct delta_room *delta;
	struct matrix_room *room;
	const char *since;
	int64_t date;
	struct taken *taken;
	bool newly;		/* we were not in it before */
	bool changed;		/* the room is to be written */
	const char *join_event; /* our own, if it is in this timeline */
	const char *sealed_by;	/* who has turned encryption on */
};

/* only: events of that type; NULL: all. */
static void apply(struct entering *in, const struct json *events,
		  const char *only)
{
	struct event event;
	const char *own_id = client_user_id(in->matrix->client);
	for (const struct json *e = json_first(events); e; e = json_next(e)) {
		bool was_open = !in->room->encryption;
		if (event_read(e, &event) &&
		    (!only || g_str_equal(event.type, only)))
			room_apply(in->room, &event, own_id, &in->changed);
		if (was_open && in->room->encryption)
			in->sealed_by = event.sender;
	}
}

/* v1.16: where state_after is there, a timeline's state may have been refused
 * later, and does not count; but whoever was told once that a room is encrypted
 * says nothing there in the open again. */
static void apply_state(struct entering *in)
{
	struct event event;
	const struct json *timeline = in->delta->timeline;
	apply(in, in->delta->state, NULL);
	apply(in, timeline, in->delta->after ? "m.room.encryption" : NULL);
	for (const struct json *e = json_first(timeline); e; e = json_next(e))
		if (event_read(e, &event) && event.event_id &&
		    take_is_own_join(e, &event,
				     client_user_id(in->matrix->client)))
			in->join_event = event.event_id;
}

/* The room that we were in before, of which this one is the upgrade: both must
 * say so, since anybody can make a room that names another. *known: it is one,
 * or claims to be one, so that nobody is to be greeted. */
static bool follow_upgrade(struct entering *in, bool *known, GError **error)
{
	struct sqlite *db = in->matrix->host.db;
	g_autofree char *old_id = NULL;
	struct matrix_room *room = in->room;
	*known = false;
	if (!matrix_room_replaced_by(db, room->room_id, &old_id, error))
		return false;
	if (!old_id)
		return true;
	if (g_strcmp0(room->predecessor, old_id) == 0) {
		*known = true;
		g_message("matrix: room %s goes on as %s", old_id,
			  room->room_id);
		return matrix_room_upgrade(db, old_id, room->room_id,
					   clock_now(in->matrix->host.clock),
					   error);
	}
	/* Then it is a room like others, which has to be asked in as they are:
	 * we came in because it looked like ours (invite.c). */
	*known = !room->inviter ||
		 !invite_is_allowed(in->matrix->host.config, room->inviter);
	g_message("matrix: %s says that it was replaced by %s, which does not "
		  "say so; %s",
		  old_id, room->room_id,
		  *known ? "it is left" : "it is another room");
	return !*known ||
	       matrix_task_put(db, "decline", room->room_id, "", "", error);
}

/* Once in every room that somebody has invited us to: one event for one room,
 * as long as the inbox keeps it. */
static bool say_hello(struct entering *in, GError **error)
{
	struct matrix_room *room = in->room;
	struct matrix *matrix = in->matrix;
	if (!in->join_event || !room->inviter || room->encryption ||
	    room->task_token)
		return true;
	g_autofree char *event = g_strdup_printf("hello %s", room->room_id);
	const struct chat_message hello = {
		.event = event,
		.kind = CHAT_JOINED,
		.room = room->room_id,
		.person = room->inviter,
		.direct = take_is_direct(matrix, room),
		.text = "",
		.at = clock_now(matrix->host.clock),
	};
	return mail_receive(matrix->host.db, MATRIX_NETWORK, &hello, hello.at,
			    NULL, error);
}

static bool come_in(struct entering *in, GError **error)
{
	bool known;
	if (!in->since)
		return true; /* we were in it long before */
	g_message("matrix: joined %s", in->room->room_id);
	return follow_upgrade(in, &known, error) &&
	       (known || say_hello(in, error));
}

/* The room's number has gone to its upgrade: nobody is answered here. */
static bool is_abandoned(struct entering *in, bool *is, GError **error)
{
	struct matrix_room *room = in->room;
	g_auto(matrix_room) next = { 0 };
	*is = false;
	if (!room->replacement)
		return true;
	if (!matrix_room_read(in->matrix->host.db, room->replacement, &next,
			      error))
		return false;
	*is = room_is_joined(&next) &&
	      g_strcmp0(next.predecessor, room->room_id) == 0;
	return true;
}

/* The server of whoever has put up the tombstone. */
static const char *tombstone_server(const struct entering *in)
{
	struct event event;
	const char *server = "";
	const struct json *lists[] = { in->delta->state, in->delta->timeline };
	for (size_t i = 0; i < G_N_ELEMENTS(lists); i++)
		for (const struct json *e = json_first(lists[i]); e;
		     e = json_next(e))
			if (event_read(e, &event) &&
			    event_is_state(&event, "m.room.tombstone"))
				server = event_server_of(event.sender);
	return server;
}

/* The room has been replaced since `before`: we go where it went; we may even
 * be there already. */
static bool note_upgrade(struct entering *in, const char *before,
			 GError **error)
{
	struct matrix_room *room = in->room;
	struct sqlite *db = in->matrix->host.db;
	g_auto(matrix_room) next = { 0 };
	if (!room->replacement || g_strcmp0(before, room->replacement) == 0)
		return true;
	if (!matrix_room_read(db, room->replacement, &next, error))
		return false;
	if (!room_is_joined(&next))
		return matrix_task_put(db, "upgrade", room->replacement, "",
				       tombstone_server(in), error);
	return g_strcmp0(next.predecessor, room->room_id) != 0 ||
	       matrix_room_upgrade(db, room->room_id, next.room_id,
				   clock_now(in->matrix->host.clock), error);
}

/* A part of the timeline is missing before this one: it will be fetched. */
static bool note_gap(struct entering *in, GError **error)
{
	const struct delta_room *delta = in->delta;
	bool joining = in->newly && !in->join_event;
	if (!delta->limited || !delta->prev_batch || !in->since ||
	    (in->newly && !joining))
		return true;
	g_debug("matrix: %s has a gap", in->room->room_id);
	return matrix_gap_put(in->matrix->host.db, in->room->room_id, in->since,
			      delta->prev_batch, joining, error);
}

static void note_read(struct entering *in)
{
	struct event event, newest = { 0 };
	for (const struct json *e = json_first(in->delta->timeline); e;
	     e = json_next(e))
		if (event_read(e, &event) && event.event_id &&
		    !g_str_equal(event.sender,
				 client_user_id(in->matrix->client)))
			newest = event;
	if (!newest.event_id)
		return;
	const struct json *relation = json_get(newest.content, "m.relates_to");
	bool threaded =
		g_strcmp0(json_text_of(relation, "rel_type"), "m.thread") == 0;
	struct take_read *read = g_new0(struct take_read, 1);
	read->room_id = g_strdup(in->room->room_id);
	read->event_id = g_strdup(newest.event_id);
	read->thread =
		threaded ? g_strdup(json_text_of(relation, "event_id")) : NULL;
	g_ptr_array_add(in->taken->reads, read);
}

static bool take_timeline(struct entering *in, GError **error)
{
	bool abandoned, open;
	if (!is_abandoned(in, &abandoned, error) ||
	    !matrix_gap_is_open(in->matrix->host.db, in->room->room_id, &open,
				error))
		return false;
	struct take_page page = {
		.room = in->room,
		.events = in->delta->timeline,
		.members = in->delta->state,
		.date = in->date,
		.held = open && gaps_hold(in->matrix->gaps, in->room->room_id),
		.mute = !in->since || abandoned,
		.joining = in->join_event != NULL,
	};
	if (in->since && !abandoned)
		note_read(in);
	return take_page(in->matrix, &page, in->taken, error);
}

static bool enter_room(struct entering *in, GError **error)
{
	struct sqlite *db = in->matrix->host.db;
	struct matrix_room *room = in->room;
	g_autofree char *replacement = g_strdup(room->replacement);
	in->newly = !room_is_joined(room);
	apply_state(in);
	if (in->delta->members >= 0 && in->delta->members != room->members) {
		room->members = in->delta->members;
		in->changed = true;
	}
	if (!room_is_joined(room)) {
		g_free(room->membership);
		room->membership = g_strdup("join");
		in->changed = true;
	}
	/* The mute start is no news to anybody. */
	if (room->encryption && in->since && !room->told &&
	    (in->newly || in->sealed_by)) {
		in->changed = true;
		if (!matrix_tell_sealed(in->matrix, room, in->sealed_by, error))
			return false;
	}
	if (in->changed && !matrix_room_write(db, room, error))
		return false;
	return (!in->newly || come_in(in, error)) &&
	       note_upgrade(in, replacement, error) && note_gap(in, error) &&
	       take_timeline(in, error);
}

static bool take_join(struct matrix *matrix, const struct delta_room *delta,
		      const char *since, int64_t date, struct taken *taken,
		      GError **error)
{
	g_auto(matrix_room) room = { 0 };
	struct entering in = { .matrix = matrix,
			       .delta = delta,
			       .room = &room,
			       .since = since,
			       .date = date,
			       .taken = taken };
	return matrix_room_read(matrix->host.db, delta->room_id, &room,
				error) &&
	       enter_room(&in, error);
}

/* ---- leaving ---- */

bool take_leave(struct matrix *matrix, const char *room_id,
		const char *membership, GError **error)
{
	struct sqlite *db = matrix->host.db;
	int64_t room_no;
	g_autofree char *moved = NULL;
	g_auto(matrix_room) room = { 0 };
	if (!matrix_room_read(db, room_id, &room, error))
		return false;
	bool was_in = room_is_joined(&room);
	/* The algorithm stays: that a room was encrypted is never forgotten. */
	room.plain = false; /* that it was not, may change while we are out */
	g_clear_pointer(&room.power_levels, g_free);
	g_clear_pointer(&room.inviter, g_free);
	g_free(room.membership);
	room.membership = g_strdup(membership);
	if (!matrix_room_write(db, &room, error) ||
	    !matrix_gap_drop_room(db, room_id, error) ||
	    !matrix_task_drop_of(db, "join", room_id, error) ||
	    !matrix_task_drop_of(db, "join-direct", room_id, error))
		return false;
	if (!was_in)
		return true;
	g_message("matrix: no longer in %s (%s)", room_id, membership);
	if (!room_number(db, MATRIX_NETWORK, room_id, false, &room_no, error) ||
	    !matrix_moved_to(matrix, room_no, room_id, &moved, error))
		return false;
	/* An old room that is left behind takes nothing from the new one. */
	return moved ||
	       (wire_end_room(db, room_no,
			      "the bot is not in the room any more", error) &&
		mail_release(db, room_no, error));
}

static bool take_left(struct matrix *matrix, const struct delta_room *delta,
		      GError **error)
{
	struct matrix_room scratch = { .room_id = delta->room_id,
				       .membership = g_strdup("leave") };
	struct event event;
	bool changed = false;
	const struct json *lists[] = { delta->state, delta->timeline };
	for (size_t i = 0; i < G_N_ELEMENTS(lists); i++)
		for (const struct json *e = json_first(lists[i]); e;
		     e = json_next(e))
			if (event_read(e, &event) &&
			    g_str_equal(event.type, "m.room.member"))
				room_apply(&scratch, &event,
					   client_user_id(matrix->client),
					   &changed);
	g_autofree char *membership = scratch.membership;
	g_free(scratch.inviter);
	return take_leave(matrix, delta->room_id,
			  g_str_equal(membership, "ban") ? "ban" : "leave",
			  error);
}

/* ---- all of it ---- */

static bool take_account_data(struct matrix *matrix, const struct delta *delta,
			      struct taken *taken, GError **error)
{
	struct json_cut cut = json_cut_array(delta->account_data);
	struct json_text item;
	while (json_cut_item(&cut, &item)) {
		g_autoptr(json) tree = json_parse(item.text, item.len, NULL);
		const char *type = json_text_of(tree, "type");
		const struct json *content = json_get(tree, "content");
		if (!type || !json_is_object(content))
			continue;
		g_autofree char *text = json_print(content);
		if (!matrix_data_write(matrix->host.db, type, text, error))
			return false;
		taken->data = true;
	}
	return !taken->data || people_load(matrix, error);
}

bool take_delta(struct matrix *matrix, const struct delta *delta,
		const char *since, int64_t date, struct taken *taken,
		GError **error)
{
	if (!take_account_data(matrix, delta, taken, error))
		return false;
	enum { INVITE, LEAVE, JOIN, KINDS };
	const struct json_text objects[KINDS] = {
		[INVITE] = delta->invite,
		[LEAVE] = delta->leave,
		[JOIN] = delta->join,
	};
	for (int kind = 0; kind < KINDS; kind++) {
		struct json_cut cut = json_cut_object(objects[kind]);
		for (bool well = true; well;) {
			g_auto(delta_room) room = { 0 };
			if (!delta_next_room(&cut, &room))
				break;
			if (!room.tree) {
				g_set_error(error, ZNATOK_ERROR,
					    ZNATOK_ERROR_PROTOCOL,
					    "%s does not fit into memory",
					    room.room_id);
				return false;
			}
			well = kind == INVITE
				       ? invite_take(matrix, &room, error)
			       : kind == LEAVE ? take_left(matrix, &room, error)
					       : take_join(matrix, &room, since,
							   date, taken, error);
			if (!well)
				return false;
		}
	}
	return true;
}
