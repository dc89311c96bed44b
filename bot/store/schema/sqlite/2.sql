-- Version 2: Matrix. Tokens lie here and nowhere else: the file is 0600.

-- The session of a network: who the bot is there, and by what right.
CREATE TABLE account (
	network TEXT PRIMARY KEY,
	base_url TEXT NOT NULL,
	user_id TEXT NOT NULL,
	device_id TEXT NOT NULL,
	access_token TEXT NOT NULL,
	refresh_token TEXT,	-- NULL: the server gave none
	expires INTEGER,	-- of the access token; NULL: not told
	state TEXT NOT NULL	-- live; soft: log in again as this device;
				-- dead: only as a new one
);

-- The newest account data of each type, as JSON.
CREATE TABLE matrix_account_data (
	type TEXT PRIMARY KEY,
	content TEXT NOT NULL
);

CREATE TABLE matrix_room (
	room_id TEXT PRIMARY KEY,
	membership TEXT NOT NULL,	-- our own: join, invite, leave, ban
	inviter TEXT,			-- who invited us, if somebody did
	name TEXT,
	encryption TEXT,		-- the algorithm; once seen, for ever
	plain INTEGER NOT NULL DEFAULT 0, -- the server said: not encrypted
	told INTEGER NOT NULL DEFAULT 0, -- somebody was told that it is
	members INTEGER NOT NULL DEFAULT 0, -- joined and invited; 0: not told
	version TEXT,			-- of the room, as its create event says
	creators TEXT,			-- a JSON array of user ids
	power_levels TEXT,		-- JSON
	predecessor TEXT,		-- room ids
	replacement TEXT,
	task_id TEXT			-- the task that made the room; NULL: none
);
CREATE INDEX matrix_room_task ON matrix_room (task_id)
	WHERE task_id IS NOT NULL;
CREATE INDEX matrix_room_replacement ON matrix_room (replacement)
	WHERE replacement IS NOT NULL;

-- Parts of a timeline that a /sync left out: to be fetched by /messages.
CREATE TABLE matrix_gap (
	id INTEGER PRIMARY KEY AUTOINCREMENT,
	room_id TEXT NOT NULL,
	cursor TEXT NOT NULL,	-- where to go on
	until TEXT NOT NULL,	-- the token before the part that was received
	pages INTEGER NOT NULL,	-- fetched so far
	joining INTEGER NOT NULL, -- what stands before our own join is not ours
	closed INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX matrix_gap_room ON matrix_gap (room_id);

-- What is to be done on the server beside sending, until it is done.
CREATE TABLE matrix_task (
	id INTEGER PRIMARY KEY AUTOINCREMENT,
	kind TEXT NOT NULL,	-- see bot/matrix/task.h
	room_id TEXT NOT NULL,
	user_id TEXT NOT NULL,	-- who is concerned: the inviter
	via TEXT NOT NULL,	-- a server that knows the room, or ''
	token TEXT NOT NULL,	-- random: marks a room that the task makes
	tries INTEGER NOT NULL DEFAULT 0,
	UNIQUE (kind, room_id, user_id)
);

-- Messages behind a gap are held until it is closed.
CREATE INDEX inbox_held ON inbox (room_no, id) WHERE state = 'held';
-- Where a network goes on with a room: what it has to send, in order.
CREATE INDEX wire_outbox_new ON wire (outbox_id, part) WHERE state = 'new';
CREATE INDEX outbox_cause ON outbox (cause) WHERE cause IS NOT NULL;
