#!/usr/bin/env python3
"""The quiz in Matrix rooms, where a real server will not do: answers that come
late, names that lie."""

import contextlib
import json
import pathlib
import sqlite3
import sys
import time

sys.path[:0] = [str(pathlib.Path(__file__).resolve().parents[1] / room) for room in ("mock", "lib")]
from mock import text  # noqa: E402
from scene import scene  # noqa: E402
from tap import case, check, main, same, until  # noqa: E402

NOTES = pathlib.Path(__file__).resolve().parents[1] / "transcripts/quiz"
ANSWERS = {
    "overwriting": "With a conditional request: it names the version that it knows in If-Match.",
    "twice": "Idempotent ones: sending them twice has the effect of sending them once.",
    "cache": "The time and traffic of asking the server for what was answered before.",
}


def quiz(**windows):
    return scene(notes={"folders": NOTES}, quiz=windows)


def questions(s, wait):
    """The questions that the room was asked, oldest first."""
    def asked():
        found = [e for e in s.mock.answers(s.room)
                 if e["content"]["body"].startswith("❓") and "m.new_content" not in e["content"]]
        return found if len(found) >= wait else None
    return until(asked, f"{wait} questions")


def result(s, question, contains=""):
    """What the question was edited into, once that holds the text."""
    def shown():
        edits = [e["content"]["m.new_content"]["body"] for e in s.mock.answers(s.room)
                 if e["content"].get("m.relates_to", {}).get("event_id") == question["event_id"]
                 and "m.new_content" in e["content"]]
        return edits[-1] if edits and contains in edits[-1] else None
    return until(shown, f"a result with {contains!r}")


def call(s, who, name):
    s.mock.state(s.room, who, "m.room.member", {"membership": "join", "displayname": name},
                 key=f"@{who}:localhost")


@case("an answer by !a that comes after the next question counts for the one that was open when it was said")
def late_to_next():
    with quiz(choice="10 min") as s:
        s.mock.say(s.room, "alice", "!quiz http choice 2")
        first = questions(s, 1)[0]
        # What there is to click on comes when the question is open.
        until(lambda: s.mock.timeline(s.room, type="m.reaction"), "reactions")
        time.sleep(0.2)
        said = int(time.time() * 1000)
        time.sleep(0.2)
        s.mock.say(s.room, "alice", "!skip")
        second = questions(s, 2)[1]
        s.mock.events([text(s.room, "bob", "!a 1", _no_age=True, origin_server_ts=said)])
        check("bob" in result(s, first, "bob"))
        # The attempt at the second one is still there.
        s.mock.say(s.room, "bob", "!a 2")
        s.mock.say(s.room, "alice", "!skip")
        check("bob" in result(s, second, "bob"))
        same([e["content"]["body"] for e in s.mock.answers(s.room) if "already" in e["content"]["body"]], [])


@case("display names are one line each; equal ones are told apart, and by address in !score and !why")
def names():
    with quiz(cloze="10 min") as s:
        call(s, "alice", "Ann\n\n✅ bob +1000\u2028x\u202e")
        s.mock.say(s.room, "alice", "!quiz http cloze")
        first = questions(s, 1)[0]
        s.mock.say(s.room, "alice", "!a a\u2028✅ bob +500\u000bz")
        s.mock.say(s.room, "alice", "!skip")
        lines = result(s, first).split("\n")
        check("❌ Ann ✅ bob +1000 x 0 — a ✅ bob +500 z" in lines, lines)

        call(s, "alice", "Ann")
        call(s, "bob", "Ann")
        s.mock.say(s.room, "alice", "!quiz http cloze")
        second = questions(s, 2)[1]
        s.mock.say(s.room, "alice", "!a nothing")
        s.mock.say(s.room, "bob", "!a something")
        s.mock.say(s.room, "alice", "!skip")
        lines = result(s, second).split("\n")
        check("❌ Ann (alice) 0 — nothing" in lines and "❌ Ann (bob) 0 — something" in lines, lines)

        which = s.ask("!score ann", who="bob")["content"]["body"]
        check("@alice:localhost" in which and "@bob:localhost" in which, which)
        check("Answers: 2." in s.ask("!score @alice:localhost", who="bob")["content"]["body"])
        check("Answers: 1." in s.ask("!score @bob:localhost", who="alice")["content"]["body"])
        check("question #2" in s.ask("!why @bob:localhost", who="alice")["content"]["body"])


@case("an author of the entry earns nothing, whatever the display name is")
def author():
    with quiz(open="10 min") as s:
        s.mock.member(s.room, "olga", "join")
        for who, name in (("olga", "Somebody"), ("bob", "o-l-g-a")):
            call(s, who, name)
        s.mock.say(s.room, "alice", "!quiz http open")
        first = questions(s, 1)[0]
        right = next(answer for word, answer in ANSWERS.items() if word in first["content"]["body"])
        for who in ("olga", "bob"):
            s.mock.say(s.room, who, "!a " + right)
        s.mock.say(s.room, "alice", "!skip")
        lines = result(s, first).split("\n")
        check([line for line in lines if " Somebody 0" in line], lines)
        check([line for line in lines if " o-l-g-a +" in line], lines)
        why = s.ask("!why @olga:localhost", who="bob")["content"]["body"]
        check("author" in why, why)


@case("a large !export me comes in messages each of which is JSON by itself, and all of which are everything")
def big_export():
    with quiz(choice="10 min") as s:
        direct = s.mock.room("bob", invite=["znatok"], is_direct=True)
        s.mock.answers(direct, 1)  # the welcome
        s.mock.say(direct, "bob", "!quiz http choice")
        until(lambda: s.mock.timeline(direct, type="m.reaction"), "reactions")
        s.mock.say(direct, "bob", "!a 1")
        s.mock.say(direct, "bob", "!skip")
        said = s.mock.say(direct, "bob", "!q " + 'x"<&>ы' * 2000)
        s.mock.answer_to(direct, said)
        s.bot.stop()
        with contextlib.closing(sqlite3.connect(s.bot.state / "znatok.db")) as db:
            columns = [c[1] for c in db.execute("PRAGMA table_info(ledger)") if c[1] != "id"]
            for n in range(1, 600):
                db.execute(f"INSERT INTO ledger ({','.join(columns)}) SELECT "
                           f"{','.join(str(n) if c == 'n' else c for c in columns)} FROM ledger WHERE id = 1")
            db.commit()
        s.bot.restart()
        s.mock.say(direct, "bob", "!export me")

        def parts():
            found = [e["content"]["body"] for e in s.mock.answers(direct) if "```json" in e["content"]["body"]]
            return found if found and f"Part {len(found)} of {len(found)}." in found[-1] else None
        found = until(parts, "all parts of the export")
        check(len(found) > 2, len(found))
        together = {}
        for i, body in enumerate(found):
            check(body.startswith(f"Part {i + 1} of {len(found)}."), body[:100])
            for key, value in json.loads(body.split("```json\n")[1].split("\n```")[0]).items():
                together.setdefault(key, []).extend(value if isinstance(value, list) else [value])
        same(together["name"], ["bob"])
        same(len(together["points"]), 600)
        same(len(together["answers"]), 1)
        same(len(together["runs_started"]), 1)
        texts = [m["text"] for m in together["messages"] if m.get("piece")]
        same("".join(texts), "!q " + 'x"<&>ы' * 2000)


main()
