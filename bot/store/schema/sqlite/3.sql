-- Version 3: the quiz. Times are milliseconds UTC, dates are YYYY-MM-DD.

-- Questions one after another in a room. A daily question is a run of one.
CREATE TABLE run (
	id INTEGER PRIMARY KEY AUTOINCREMENT,
	room_no INTEGER NOT NULL,
	person_no INTEGER,	-- who started it; NULL: nobody, it was due
	kind TEXT NOT NULL,	-- quiz, daily
	topic TEXT NOT NULL,	-- as asked for, squashed; '': any
	type TEXT NOT NULL,	-- of the questions; '': any
	language TEXT NOT NULL,	-- that the bot speaks in it
	race INTEGER NOT NULL,
	window_ms INTEGER NOT NULL, -- of each question; 0: by its type
	asked INTEGER NOT NULL,	-- how many questions it is to have
	put INTEGER NOT NULL DEFAULT 0, -- how many were put
	unanswered INTEGER NOT NULL DEFAULT 0, -- in a row, until now
	people INTEGER NOT NULL DEFAULT 0, -- who were paid; never less
	thread_event TEXT,	-- where it was started
	started INTEGER NOT NULL,
	ended INTEGER
);
CREATE INDEX run_going ON run (room_no) WHERE ended IS NULL;

-- Who has answered in a run.
CREATE TABLE run_person (
	run INTEGER NOT NULL,
	person_no INTEGER NOT NULL,
	PRIMARY KEY (run, person_no)
);
CREATE INDEX run_person_person ON run_person (person_no);

-- A question holds all that it takes to grade it: the notes may change while
-- it is open. Lists hold a line an item.
CREATE TABLE question (
	id INTEGER PRIMARY KEY AUTOINCREMENT,
	run INTEGER NOT NULL REFERENCES run(id),
	room_no INTEGER NOT NULL,
	n INTEGER NOT NULL,	-- in the run, from 1
	entry_no INTEGER NOT NULL,
	type TEXT NOT NULL,
	title TEXT NOT NULL,	-- of the entry, Markdown
	topic TEXT NOT NULL,	-- its path: python/basics
	author TEXT,
	prompt TEXT NOT NULL,	-- Markdown
	options TEXT NOT NULL,	-- of a choice
	expected TEXT NOT NULL,	-- the number of an option; or term and aliases
	hints TEXT NOT NULL,	-- in the order in which they are given
	wordings TEXT NOT NULL,
	answer TEXT NOT NULL,	-- Markdown, shown in the end
	brief TEXT,
	wrong TEXT NOT NULL,
	outbox_id INTEGER,	-- the message that asks it
	result_outbox INTEGER,	-- the one that tells what came of it
	window_ms INTEGER NOT NULL,
	state TEXT NOT NULL,	-- asked (not sent yet), open, closed
	hinted INTEGER NOT NULL DEFAULT 0,
	opened INTEGER,		-- when the network took it
	closes INTEGER,
	alarm INTEGER,		-- that closes it
	closed INTEGER
);
CREATE INDEX question_going ON question (room_no, id) WHERE state <> 'closed';
CREATE INDEX question_asked ON question (state, id) WHERE state <> 'closed';
CREATE INDEX question_outbox ON question (outbox_id);
CREATE INDEX question_run ON question (run);

-- What was taken as an answer. attempt 0: it was close, and did not count.
CREATE TABLE answer (
	question INTEGER NOT NULL,
	person_no INTEGER NOT NULL,
	attempt INTEGER NOT NULL,
	cause INTEGER NOT NULL,	-- the inbox row
	at INTEGER NOT NULL,	-- as it counts, see play.h
	hints INTEGER NOT NULL,	-- that had been given before
	g INTEGER NOT NULL,	-- thousandths
	verdict TEXT NOT NULL,	-- a accept, p peers, w likely wrong, x wrong
	said TEXT NOT NULL,
	matched TEXT NOT NULL,
	missing TEXT NOT NULL,
	flags INTEGER NOT NULL,
	edited INTEGER NOT NULL DEFAULT 0,
	redacted INTEGER NOT NULL DEFAULT 0,
	PRIMARY KEY (question, person_no, attempt)
) WITHOUT ROWID;
CREATE UNIQUE INDEX answer_cause ON answer (cause);
CREATE INDEX answer_person ON answer (person_no);

-- Append-only: what was earned, or taken back, and why. cause is an inbox
-- row; kind: answer, undo, reset.
CREATE TABLE ledger (
	id INTEGER PRIMARY KEY AUTOINCREMENT,
	room_no INTEGER NOT NULL,
	person_no INTEGER NOT NULL,
	run INTEGER,		-- NULL: of no run (a reset)
	question INTEGER,
	entry_no INTEGER,
	topic TEXT NOT NULL,	-- the entry's path then
	cause INTEGER NOT NULL,
	kind TEXT NOT NULL,
	n INTEGER NOT NULL,
	points INTEGER NOT NULL,
	reason TEXT NOT NULL,	-- points.h
	at INTEGER NOT NULL,
	local_date TEXT NOT NULL,
	UNIQUE (person_no, cause, kind, n)
);
CREATE INDEX ledger_person ON ledger (room_no, person_no, local_date);
CREATE INDEX ledger_question ON ledger (question) WHERE question IS NOT NULL;
CREATE INDEX ledger_run ON ledger (run) WHERE run IS NOT NULL;

-- The sums of the ledger's rows that count for a room (ledger.h), kept in the
-- same transaction. span: day, week, month, all; period: 2025-01-31, 2025-W05,
-- 2025-01, ''. topic '': of all topics.
CREATE TABLE board (
	room_no INTEGER NOT NULL,
	span TEXT NOT NULL,
	period TEXT NOT NULL,
	topic TEXT NOT NULL,
	person_no INTEGER NOT NULL,
	points INTEGER NOT NULL,
	PRIMARY KEY (room_no, span, period, topic, person_no)
) WITHOUT ROWID;
CREATE INDEX board_points ON board
	(room_no, span, period, topic, points DESC, person_no);
CREATE INDEX board_person ON board (person_no);

-- The shuffle bag of a room and a topic: what has been taken out of it.
CREATE TABLE drawn (
	room_no INTEGER NOT NULL,
	topic TEXT NOT NULL,
	entry_no INTEGER NOT NULL,
	at INTEGER NOT NULL,
	PRIMARY KEY (room_no, topic, entry_no)
) WITHOUT ROWID;

-- Questions that people find bad; taken_out: it is not asked in this room again.
CREATE TABLE bad (
	id INTEGER PRIMARY KEY AUTOINCREMENT,
	room_no INTEGER NOT NULL,
	person_no INTEGER NOT NULL,
	entry_no INTEGER NOT NULL,
	question INTEGER NOT NULL,
	why TEXT NOT NULL,
	taken_out INTEGER NOT NULL,
	at INTEGER NOT NULL
);
CREATE INDEX bad_entry ON bad (room_no, entry_no);

-- When a room gets its question of the day; in the room's zone.
CREATE TABLE daily (
	room_no INTEGER PRIMARY KEY,
	times TEXT NOT NULL,	-- five fields as of cron
	topic TEXT NOT NULL,	-- as typed; '': any
	language TEXT NOT NULL,
	paused INTEGER NOT NULL DEFAULT 0, -- until then
	alarm INTEGER		-- of the next one; NULL: never
);

-- One a room and day, whatever happens.
CREATE TABLE daily_day (
	room_no INTEGER NOT NULL,
	local_date TEXT NOT NULL,
	question INTEGER,	-- NULL: it was left out
	at INTEGER NOT NULL,
	PRIMARY KEY (room_no, local_date)
) WITHOUT ROWID;

-- What was said about a message of ours.
CREATE INDEX outbox_target ON outbox (target_outbox)
	WHERE target_outbox IS NOT NULL;
