-- Version 1: the spine. Times are milliseconds UTC.

CREATE TABLE schema_version (version INTEGER NOT NULL);

-- Where each network goes on: a /sync token, the console's numbers.
CREATE TABLE position (
	network TEXT PRIMARY KEY,
	token TEXT NOT NULL
);

CREATE TABLE room (
	room_no INTEGER PRIMARY KEY,
	direct INTEGER NOT NULL DEFAULT 0,
	language TEXT, -- NULL: as configured; auto: as people write
	prefix TEXT,   -- NULL: as configured
	zone TEXT      -- IANA name; NULL: UTC
);

-- An upgraded room adds an address; `until` says when an old one ended.
CREATE TABLE room_address (
	network TEXT NOT NULL,
	address TEXT NOT NULL,
	room_no INTEGER NOT NULL REFERENCES room(room_no),
	until INTEGER,
	PRIMARY KEY (network, address)
);
CREATE INDEX room_address_room ON room_address (room_no);

CREATE TABLE person (
	person_no INTEGER PRIMARY KEY,
	name TEXT NOT NULL
);

CREATE TABLE person_address (
	network TEXT NOT NULL,
	address TEXT NOT NULL,
	person_no INTEGER NOT NULL REFERENCES person(person_no),
	until INTEGER,
	PRIMARY KEY (network, address)
);
CREATE INDEX person_address_person ON person_address (person_no);

-- The power that a person has in a room; room_no 0: everywhere.
CREATE TABLE member (
	room_no INTEGER NOT NULL,
	person_no INTEGER NOT NULL,
	role INTEGER NOT NULL,
	PRIMARY KEY (room_no, person_no)
);

CREATE TABLE inbox (
	id INTEGER PRIMARY KEY AUTOINCREMENT,
	network TEXT NOT NULL,
	event TEXT NOT NULL,
	kind INTEGER NOT NULL,	-- enum chat_kind
	room_no INTEGER NOT NULL,
	person_no INTEGER,	-- NULL: an alarm
	role INTEGER NOT NULL,	-- when it was said
	direct INTEGER NOT NULL,
	mentioned INTEGER NOT NULL,
	body TEXT,		-- gone after 7 days, or when redacted
	target TEXT,
	thread TEXT,
	at INTEGER NOT NULL,	-- by the network's clock
	received INTEGER NOT NULL,
	state TEXT NOT NULL DEFAULT 'new', -- new, done, failed
	tries INTEGER NOT NULL DEFAULT 0,
	reason TEXT,		-- why it failed
	UNIQUE (network, event)
);
CREATE INDEX inbox_new ON inbox (id) WHERE state = 'new';
CREATE INDEX inbox_received ON inbox (received);

CREATE TABLE outbox (
	id INTEGER PRIMARY KEY AUTOINCREMENT,
	network TEXT NOT NULL,
	room_no INTEGER NOT NULL,
	kind INTEGER NOT NULL,	-- enum chat_say
	target_outbox INTEGER,	-- what it edits, reacts to, redacts
	target_event TEXT,
	reply_event TEXT,
	thread_event TEXT,
	form TEXT NOT NULL,	-- notice, text
	markdown TEXT NOT NULL,
	plain TEXT,		-- for notifications, where it must differ
	until INTEGER,		-- not to be sent after
	cause INTEGER,		-- the inbox row
	at INTEGER NOT NULL,
	state TEXT NOT NULL DEFAULT 'new' -- new (to render), ready, done, failed
);
CREATE INDEX outbox_unsent ON outbox (state, id)
	WHERE state IN ('new', 'ready');
CREATE INDEX outbox_at ON outbox (at);

CREATE TABLE wire (
	id INTEGER PRIMARY KEY AUTOINCREMENT,
	outbox_id INTEGER NOT NULL REFERENCES outbox(id),
	part INTEGER NOT NULL,
	txn_id TEXT NOT NULL UNIQUE,
	bytes BLOB NOT NULL,
	device_id TEXT,
	state TEXT NOT NULL DEFAULT 'new', -- new, done, failed, unknown
	tries INTEGER NOT NULL DEFAULT 0,
	next_try INTEGER NOT NULL DEFAULT 0,
	reason TEXT,
	event_id TEXT,
	UNIQUE (outbox_id, part)
);
CREATE INDEX wire_new ON wire (id) WHERE state = 'new';
CREATE INDEX wire_event ON wire (event_id) WHERE event_id IS NOT NULL;

-- Entries by number, through every edit of the notes.
CREATE TABLE entry (
	entry_no INTEGER PRIMARY KEY,
	id TEXT NOT NULL UNIQUE, -- of all languages of the entry
	content_hash TEXT NOT NULL,
	title TEXT NOT NULL,
	file TEXT NOT NULL,
	seen INTEGER NOT NULL,	-- first
	gone INTEGER		-- when it vanished from the notes
);

-- What reloads did and !reload has not told yet.
CREATE TABLE difference (
	id INTEGER PRIMARY KEY AUTOINCREMENT,
	kind TEXT NOT NULL,	-- added, changed, removed
	entry_no INTEGER NOT NULL,
	title TEXT NOT NULL,
	file TEXT NOT NULL,
	at INTEGER NOT NULL
);

-- The choices that stand in one message of ours.
CREATE TABLE offer (
	outbox_id INTEGER NOT NULL,
	n INTEGER NOT NULL,	-- from 1
	room_no INTEGER NOT NULL,
	person_no INTEGER NOT NULL,
	entry_no INTEGER NOT NULL,
	at INTEGER NOT NULL,
	PRIMARY KEY (outbox_id, n)
);
CREATE INDEX offer_room ON offer (room_no, outbox_id);

-- Where !more goes on.
CREATE TABLE rest (
	room_no INTEGER NOT NULL,
	person_no INTEGER NOT NULL,
	entry_no INTEGER NOT NULL,
	content_hash TEXT NOT NULL,
	block INTEGER NOT NULL,	-- as render_part() counts
	PRIMARY KEY (room_no, person_no)
);

-- What people looked for and nobody had written.
CREATE TABLE gap (
	id INTEGER PRIMARY KEY AUTOINCREMENT,
	room_no INTEGER NOT NULL,
	person_no INTEGER NOT NULL,
	query TEXT NOT NULL,
	folded TEXT NOT NULL,
	at INTEGER NOT NULL
);
CREATE INDEX gap_folded ON gap (folded);

CREATE TABLE setting (
	room_no INTEGER NOT NULL,
	key TEXT NOT NULL,
	value TEXT NOT NULL,
	PRIMARY KEY (room_no, key)
);

CREATE TABLE alarm (
	id INTEGER PRIMARY KEY AUTOINCREMENT,
	room_no INTEGER NOT NULL,
	kind TEXT NOT NULL,
	due INTEGER NOT NULL,
	subject TEXT NOT NULL DEFAULT ''
);
CREATE INDEX alarm_due ON alarm (due, id);
