#!/usr/bin/env python3
"""FA01 Kills the bot at every point of an evening in its Matrix rooms, in turn.

The evening (40 steps, below) is played once without a kill. Then, for each n,
it is played until the n-th database statement has ended, the n-th request was
given to the network, or the n-th call has ended: there the process is ended
as by `kill -9`, and started again on the same state, while the people go on
as if nothing had happened. Afterwards each room must read as it did without a
kill: each command answered once, in order, with the same words. So must the
store, row by row, but for random ids and times; and what was sent more than
once was sent in the same bytes under the same id.

SWEEP_STEP=1 tries every point, which takes minutes; else it is every third.
"""

import collections
import multiprocessing
import os
import pathlib
import re
import signal
import sqlite3
import sys
import threading
import time

sys.path[:0] = [str(pathlib.Path(__file__).resolve().parents[1] / room) for room in ("mock", "lib")]
from bot import Bot  # noqa: E402
from mock import CLIENT, Mock, reaction, text  # noqa: E402
from process import BUILD  # noqa: E402
from scene import replied  # noqa: E402
from tap import Failed, check, same, until  # noqa: E402

KINDS = ("statement", "request", "answer")
# Sanitizers make a process slow to start; what they look for needs no sweep.
STEP = int(os.environ.get("SWEEP_STEP") or (97 if os.environ.get("SAN") else 3))
NOTES = pathlib.Path(__file__).resolve().parent / "notes"
BOT = "@znatok:localhost"
SENDS = "/send/|/redact/"


class Player:
    """One evening: a homeserver, and a bot that is started again when killed."""

    def __init__(self, at=None, n=0):
        self.mock = Mock()
        self.bot = Bot(self.mock, bot={"language": "auto"}, notes={"folders": NOTES})
        self.count = self.bot.folder / "count"
        self.preload = {
            "LD_PRELOAD": str(BUILD / "tests/kill/killer.so"), "KILL_COUNT": str(self.count),
            "KILL_AFTER": str(n), "KILL_AT": at or "statement"}
        self.killed = self.ending = self.closed = False
        self.lock = threading.Lock()
        self.trouble = None

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.closed = self.ending = True
        self.bot.close()
        self.mock.stop()

    def start(self):
        self.bot.environment = self.preload
        self.bot.start(sync=False)
        self.watcher = threading.Thread(target=self.watch, daemon=True)
        self.watcher.start()
        self.until(lambda: "in sync" in self.bot.log(True), "in sync")

    def watch(self):
        """Starts it again, once; but not while the evening ends."""
        status = self.bot.process.wait()
        with self.lock:
            self.killed = status == -signal.SIGKILL and not self.closed
            if self.killed and not self.ending:
                self.bot.environment = {}
                self.bot.start(sync=False)
        if self.killed and not self.ending:
            status = self.bot.process.wait()
        if not self.ending:
            self.trouble = f"exit status {status}: {self.bot.log(True)[-2000:]}"

    # -- what people do

    def until(self, condition, what):
        """As until(); but where the bot is gone nothing is waited for."""
        try:
            found = until(lambda: self.trouble or condition(), what)
        except Failed as failed:
            raise Failed(f"{failed}\n{self.bot.log(True)[-2000:]}") from None
        check(not self.trouble, self.trouble)
        return found

    def answered(self, *events):
        """Waits for the answers; room and event of each."""
        for room, event in events:
            try:
                self.mock.answer_to(room, event)
            except Failed as failed:
                raise Failed(f"{failed}\n{self.bot.log(True)[-2000:]}") from None

    def asleep(self):
        """The bot hears nothing until the rule is dropped."""
        rule = self.mock.rule(CLIENT + "/sync", action="hold")
        self.mock.wake()
        until(lambda: self.mock.held(rule), "a /sync is held")
        return rule

    # -- its end

    def unfinished(self):
        with sqlite3.connect(self.bot.state / "znatok.db", timeout=30) as db:
            found = db.execute(
                "SELECT 'inbox', body FROM inbox WHERE state NOT IN ('done', 'failed') UNION ALL "
                "SELECT 'wire', txn_id FROM wire WHERE state = 'new' UNION ALL "
                "SELECT 'task', kind FROM matrix_task UNION ALL "
                "SELECT 'gap', cursor FROM matrix_gap WHERE NOT closed").fetchall()
        db.close()
        return found

    def rest(self):
        """Nothing is left to do, and a /sync has shown that."""
        self.until(lambda: not self.unfinished(), "work is left")

    def end(self):
        """Ends it by SIGTERM; where it is killed meanwhile, once more."""
        self.rest()
        with self.lock:
            self.ending = True
        status = self.terminate()
        if status == -signal.SIGKILL:
            self.bot.environment = {}
            self.bot.start(sync=False)
            status = self.terminate()
        same(status, 0, f"exit status; {self.bot.log(True)[-2000:]}")

    def terminate(self):
        if self.bot.running():
            self.until(lambda: "in sync" in self.bot.log() or not self.bot.running(), "in sync")
            self.rest()
            self.bot.process.send_signal(signal.SIGTERM)
        status = self.bot.process.wait()
        self.watcher.join()
        return status


def evening(p):
    """The 40 steps. A batch is one /sync, so that its order is always the same."""
    mock = p.mock
    lobby = mock.room("alice", members=["znatok", "bob", "carol"], room_id="!lobby:localhost")
    python = mock.room("bob", members=["znatok", "alice"], room_id="!python:localhost")
    mock.say(lobby, "alice", "!q gil")  # 1: before the first start, never answered
    p.start()
    # A first handful, in two rooms at once.
    e = mock.events([
        text(lobby, "alice", "!q gil"),  # 2
        text(lobby, "bob", "!й пшд"),
        text(python, "bob", "!q кэш"),
        text(lobby, "alice", "просто разговор"),  # 5
        text(python, "alice", "!topics"),
        text(lobby, "bob", "!q kubernetes"),
        text(lobby, "carol", "!q gil", msgtype="m.notice"),
        text(lobby, "bob", "!topcs"),
        text(python, "alice", "znatok: page fault", mentions=[BOT])])  # 10
    choice = mock.answer_to(python, e[2])["event_id"]
    p.answered((lobby, e[0]), (lobby, e[1]), (python, e[4]), (lobby, e[5]), (lobby, e[7]),
               (python, e[8]))
    # A choice by a reaction, another by number, and an edit that is not run.
    mock.events([reaction(python, "bob", "2️⃣", choice)])  # 11
    p.until(lambda: len(mock.answers(python)) == 4, "what was chosen")
    mock.rule(method="PUT", regex="/send/", times=1, status=429,
              body={"errcode": "M_LIMIT_EXCEEDED", "error": "slow", "retry_after_ms": 20})  # 12
    f = mock.events([
        text(lobby, "alice", "!q gil", edits=e[0]),
        text(lobby, "carol", "!set budget 200"),
        text(lobby, "alice", "!q кэш"),  # 15
        text(lobby, "alice", "!q 1"),
        text(python, "bob", "!lang en"),
        text(python, "bob", "!q what is a page fault?")])
    p.answered((lobby, f[2]), (lobby, f[3]), (python, f[4]), (python, f[5]))
    # While it hears nothing: a gap, a redaction, and an invite.
    hold = p.asleep()
    g = mock.events(
        [text(lobby, "alice", f"!q word-{i}") for i in range(3)]  # 21
        + [text(lobby, "bob", f"talk {i}", msgtype="m.notice") for i in range(60)]
        + [text(lobby, "alice", "!q журнал транзакций"), text(lobby, "alice", "!more"),
           text(lobby, "bob", "!q gil"), text(python, "bob", "!q rust"),
           text(python, "bob", "!gaps")])  # 26
    mock.redact(lobby, "bob", g[65])
    mock.redact(python, "bob", g[66])  # 28
    team = mock.room("carol", invite=["znatok"], room_id="!team:localhost")
    mock.drop_rule(hold)
    p.answered(*((lobby, g[i]) for i in (0, 1, 2, 63, 64)), (python, g[67]))
    p.until(lambda: mock.answers(team), "a welcome")  # 29
    # The token is over; then the session is, softly.
    mock.expire()  # 30
    mock.wake()
    h = mock.events([text(team, "carol", "!q gil"), text(team, "carol", "!q terraform"),
                     text(team, "carol", "!gaps")])
    p.answered(*((team, event) for event in h))
    mock.logout(soft=True)  # 34
    mock.wake()
    thread = mock.events([text(team, "carol", "!q kubernetes", thread=h[0], reply_to=h[0])])[0]
    p.answered((team, thread))
    # An encrypted room: who invited us is told in a direct chat.
    mock.room("carol", invite=["znatok"], room_id="!sealed:localhost", encryption=True)  # 36
    chat = p.until(lambda: [
        room for room in mock.get_user()["rooms"]
        if mock.state_of(room)["m.room.create", ""]["sender"] == BOT], "a direct chat")
    p.until(lambda: mock.answers(chat[0]), "carol is told")
    mock.member(chat[0], "carol", "join")
    p.answered((chat[0], mock.say(chat[0], "carol", "gil")))  # 37
    # An upgrade, where settings go along; and out of a room again.
    new = mock.room("alice", preset="public_chat", room_id="!new:localhost", creation_content={
        "predecessor": {"room_id": lobby, "event_id": "$last"}})
    mock.state(lobby, "alice", "m.room.tombstone",
               {"body": "moved", "replacement_room": new})  # 38
    p.until(lambda: mock.get_user()["rooms"].get(new) == "join", "it moves")
    p.answered((new, mock.say(new, "alice", "!q журнал транзакций")))  # 39
    mock.member(python, "znatok", "leave", sender="bob")  # 40
    p.answered((new, mock.say(new, "alice", "!set")))
    p.end()


# -- what has come of it

class Names:
    """Random ids, as what they stand for."""

    def __init__(self, mock):
        self.rooms, self.events = {}, {}
        for room in [*mock.get_user()["rooms"], "!python:localhost"]:
            creator = mock.state_of(room)["m.room.create", ""]["sender"]
            name = "!chat" if creator == BOT else room.split(":")[0]
            self.rooms[room] = name
            seen = collections.Counter()
            for event in mock.timeline(room):
                kind = f"{name} {event['sender']} {event['type']}"
                seen[kind] += 1
                self.events[event["event_id"]] = f"{kind} {seen[kind]}"

    def of(self, value):
        if not isinstance(value, str):
            return value
        value = re.sub(r"![A-Za-z0-9_-]+(:localhost)?",
                       lambda m: self.rooms.get(m.group(), m.group()), value)
        return re.sub(r"\$[A-Za-z0-9_-]+", lambda m: self.events.get(m.group(), m.group()), value)


def spoken(mock, names):
    """What the bot has said: in each room what answers what, in order."""
    return {name: [(names.of(replied(e)), e["content"].get("m.relates_to", {}).get("rel_type"),
                    names.of(e["content"]["body"])) for e in mock.answers(room)]
            for room, name in names.rooms.items()}


# Times, tokens, random ids, numbers that grow.
RANDOM = {"id", "at", "received", "next_try", "tries", "txn_id", "device_id", "bytes", "seen",
          "gone", "due", "access_token", "refresh_token", "expires", "base_url", "task_id",
          "seq", "until"}


def labels(db, names):
    """Numbers that stand in other tables, as what they stand for: by column."""
    rooms = {number: names.of(address) for address, number in db.execute(
        "SELECT address, room_no FROM room_address ORDER BY until IS NULL, address")}
    people = dict(db.execute("SELECT person_no, address FROM person_address"))
    inbox = {number: names.of(event) for number, event in db.execute("SELECT id, event FROM inbox")}
    outbox, ranks = {}, collections.Counter()
    for number, room in db.execute("SELECT id, room_no FROM outbox ORDER BY id"):
        ranks[room] += 1
        outbox[number] = f"{rooms.get(room)} #{ranks[room]}"
    return {"room_no": rooms, "person_no": people, "cause": inbox, "outbox_id": outbox,
            "target_outbox": outbox}


def store(path, names):
    """The rows of each table."""
    db = sqlite3.connect(path)
    check(db.execute("PRAGMA integrity_check").fetchone() == ("ok",), "the database is broken")
    numbers, found = labels(db, names), {}
    for table, in db.execute("SELECT name FROM sqlite_master WHERE type = 'table' "
                             "AND name NOT LIKE 'sqlite_%'").fetchall():
        columns = [c[1] for c in db.execute(f"PRAGMA table_info({table})") if c[1] not in RANDOM
                   and (table, c[1]) != ("position", "token")]
        rows = db.execute(f"SELECT {', '.join(columns)} FROM {table}").fetchall()
        if table == "outbox":
            # In the order in which each room hears them.
            rows = db.execute(f"SELECT {', '.join(columns)} FROM outbox ORDER BY id").fetchall()
        told = [tuple(numbers[c].get(v, v) if c in numbers else names.of(v)
                      for c, v in zip(columns, row)) for row in rows]
        found[table] = sorted(told, key=repr) if table != "outbox" else \
            sorted(told, key=lambda row: repr(row[columns.index("room_no")]))
    db.close()
    return found


def difference(wanted, found):
    for table in wanted:
        if wanted[table] != found.get(table):
            missing = [r for r in wanted[table] if r not in found[table]][:3]
            extra = [r for r in found[table] if r not in wanted[table]][:3]
            return f"{table}: missing {missing}, extra {extra}"
    return None


def sends(mock):
    """Whatever went out twice went out in the same bytes; none was refused."""
    bytes_of = {}
    for put in mock.log(method="PUT", regex=SENDS, received=1):
        body = bytes_of.setdefault(put["path"], put["body"])
        same(put["body"], body, f"bytes of {put['path']}")
        check(put["status"] in (0, 200, 401, 429), f"{put['path']}: {put['status']}")
    return len(bytes_of)


class Outcome:
    def __init__(self, p):
        names = Names(p.mock)
        self.spoken = spoken(p.mock, names)
        self.store = store(p.bot.state / "znatok.db", names)
        self.sends = sends(p.mock)
        self.logins = len(p.mock.log(path=CLIENT + "/login", status=200))


def one(point):
    """None: there is no such point; '': the same end; else what differs."""
    try:
        with Player(*point) as p:
            evening(p)
            check(not p.trouble, p.trouble)
            if not p.killed:
                return None
            found = Outcome(p)
            return (difference(wanted.spoken, found.spoken)
                    or difference(wanted.store, found.store)
                    or ("" if found.sends == wanted.sends else f"{found.sends} sends"))
    except Failed as failed:
        return str(failed)
    except Exception as error:  # the sweep goes on
        return repr(error)


wanted = None  # of the evening without a kill


def main():
    global wanted
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    start = time.monotonic()
    with Player() as p:
        evening(p)
        check(not p.trouble, p.trouble)
        counts = dict(zip(KINDS, map(int, p.count.read_text().split())))
        wanted = Outcome(p)
    answers = sum(len(said) for said in wanted.spoken.values())
    print(f"# {answers} answers in {len(wanted.spoken)} rooms; "
          + ", ".join(f"{n} {kind}s" for kind, n in counts.items()))
    plain = answers == 28 and wanted.sends == answers
    print(("ok" if plain else "not ok") + " 1 - FA01 the evening without a kill")
    points = [(kind, n) for kind in KINDS for n in range(1, counts[kind] + 1, STEP)]
    failures, kills = [], collections.Counter()
    # Workers end at once when told to: what we do then is not for them.
    with multiprocessing.get_context("fork").Pool(
            2 * os.cpu_count(), signal.signal, (signal.SIGTERM, signal.SIG_DFL)) as pool:
        for (kind, n), result in zip(points, pool.imap(one, points, 8)):
            kills[kind] += result is not None
            if result:
                failures.append(f"killed after {kind} {n}: {result}")
    for failure in failures[:10]:
        print("\n".join("# " + line for line in failure.splitlines()))
    print(f"# {sum(kills.values())} kills at {len(points)} of {sum(counts.values())} points ("
          + ", ".join(f"{n} after a {kind}" for kind, n in kills.items())
          + f"), {len(failures)} with another end, {time.monotonic() - start:.0f} s")
    # Where the last points lie is not the same each time.
    good = sum(kills.values()) >= 0.9 * len(points) and not failures
    print(("ok" if good else "not ok") + " 2 - FA01 the same end after a kill at every point")
    print("1..2")
    return 0 if plain and good else 1


if __name__ == "__main__":
    sys.exit(main())
