#!/usr/bin/env python3
"""What is left of who asked to be forgotten: nothing that names them, neither kept nor waiting to be sent."""

import pathlib
import sqlite3
import sys

sys.path[:0] = [str(pathlib.Path(__file__).resolve().parents[1] / room) for room in ("mock", "lib")]
from mock import text  # noqa: E402
from scene import replied, scene  # noqa: E402
from tap import case, check, main, same, until  # noqa: E402

NOTES = pathlib.Path(__file__).resolve().parents[1] / "transcripts/quiz"
ALICE = "@alice:localhost"
PUT = {"method": "PUT", "regex": "/send/m.room.message/"}


def quiz():
    return scene(notes={"folders": NOTES}, quiz={"reactions": "off"})


def call(s, name):
    s.mock.state(s.room, "alice", "m.room.member", {"membership": "join", "displayname": name}, key=ALICE)


def question(s, n):
    """The nth question that was asked in the room."""
    asked = []

    def seen():
        asked[:] = [e for e in s.mock.answers(s.room)
                    if e["content"]["body"].startswith("❓") and "m.new_content" not in e["content"]]
        return len(asked) >= n
    until(seen, f"question {n} is asked")
    return asked[n - 1]["event_id"]


def results(s):
    return [e["content"]["m.new_content"]["body"] for e in s.mock.answers(s.room) if "m.new_content" in e["content"]]


def left(s, *words):
    """Where a word stands in the store; the table of addresses is what tells who is who."""
    db = sqlite3.connect(s.bot.state / "znatok.db")
    tables = [t for (t,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
    found = [(t, word, row) for t in tables for row in db.execute(f"SELECT * FROM {t}").fetchall() for word in words
             if any(word.casefold() in (v.decode(errors="ignore") if isinstance(v, bytes) else str(v)).casefold()
                    for v in row)
             and t not in ("person_address", "matrix_room", "matrix_task", "matrix_account_data")]
    same(db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0], 0)
    db.close()
    return found


def bytes_left(s, word):
    return [f.name for f in s.bot.state.iterdir() if word.encode() in f.read_bytes()]


@case("no row names who was forgotten, by name or address; nor do the bytes of the files")
def rows():
    with quiz() as s:
        call(s, "Zork*name")
        s.mock.say(s.room, "alice", "!quiz http choice 2")
        first = question(s, 1)
        s.mock.events([text(s.room, "alice", "1", reply_to=first), text(s.room, "bob", "1", reply_to=first)])
        s.ask("!q gil")
        s.mock.say(s.room, "alice", "!skip")
        second = question(s, 2)
        s.mock.say(s.room, "bob", "2", reply_to=second)
        s.ask("!q gil")
        # The end of the run names her, although she did not answer this question.
        s.mock.say(s.room, "alice", "!skip")
        until(lambda: len(results(s)) == 2, "both results")
        check("Zork*name" in results(s)[1], results(s)[1])
        for command in ("!score zork*NAME", "!why Zork*name", "!score " + ALICE, "!top"):
            s.ask(command, who="bob")
        s.mock.say(s.room, "alice", "!quiz http choice 2")
        third = question(s, 3)
        s.mock.say(s.room, "alice", "3", reply_to=third)
        s.ask("!q gil")
        check(left(s, "Zork*name", ALICE) != [] and bytes_left(s, "Zork*name") != [])
        said = s.ask("!forget me")
        check(ALICE not in str(said["content"]), said)
        s.ask("!q gil", who="bob")
        same(left(s, "Zork*name", "Zork\\*name", ALICE), [])
        same(bytes_left(s, "Zork*name"), [])
        db = sqlite3.connect(s.bot.state / "znatok.db")
        same(db.execute("SELECT person_no FROM run").fetchall(), [(None,), (None,)])
        # That the open question has had an answer is known until it closes.
        same(db.execute("SELECT attempt, said, matched, missing FROM answer WHERE verdict = 'f'").fetchall(),
             [(1, "", "", "")])
        s.mock.say(s.room, "bob", "2", reply_to=third)
        late = s.mock.say(s.room, "alice", "2", reply_to=third)
        check("already" in s.mock.answer_to(s.room, late)["content"]["body"])
        db.close()


def waiting(kills):
    with quiz() as s:
        call(s, "Zorkname")
        s.mock.say(s.room, "bob", "!quiz http choice")
        first = question(s, 1)
        s.mock.events([text(s.room, "alice", "1", reply_to=first), text(s.room, "bob", "1", reply_to=first)])
        s.ask("!q gil")
        rule = s.mock.rule(**PUT, status=429, body={"errcode": "M_LIMIT_EXCEEDED", "error": "slow",
                                                    "retry_after_ms": 500})
        asked = s.mock.events([text(s.room, "bob", "!skip"), text(s.room, "bob", "!why #1"),
                               text(s.room, "alice", "!score"), text(s.room, "bob", "!q gil"),
                               text(s.room, "alice", "!forget me"), text(s.room, "alice", "!quiz http choice")])
        s.bot.wait_log("sending pauses")
        until(lambda: sqlite3.connect(s.bot.state / "znatok.db").execute(
            "SELECT count(*) FROM question").fetchone() == (2,), "all that was said is worked")
        if kills:
            s.bot.kill()
            s.bot.start()
        s.mock.drop_rule(rule)
        question(s, 2)
        same(len(results(s)), 1)
        check("bob" in results(s)[0] and "Zorkname" not in results(s)[0], results(s))
        answers = [e for e in s.mock.answers(s.room) if replied(e) in asked]
        same([replied(e) for e in answers], asked[1:])
        check("GIL" in answers[2]["content"]["body"], answers[2])
        check(not any("Zorkname" in str(e["content"]) for e in answers), answers)
        check("bob" in answers[0]["content"]["body"], answers[0])
        until(lambda: sqlite3.connect(s.bot.state / "znatok.db").execute(
            "SELECT count(*) FROM wire WHERE state = 'new'").fetchone() == (0,), "all is sent")
        same(left(s, "Zorkname"), [])
        # The question that she asked for afterwards mentions her.
        same([t for t, word, row in left(s, ALICE)], ["wire"])


@case("what waits to be sent is sent without the name, once, and not kept")
def waits():
    waiting(False)


@case("nor after the end of a process in which it was tried")
def waits_on():
    waiting(True)


main()
