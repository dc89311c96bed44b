#!/usr/bin/env python3
"""The bot in Matrix rooms under valgrind: no error, no leak."""

import os
import pathlib
import sys

sys.path[:0] = [str(pathlib.Path(__file__).resolve().parents[1] / room) for room in ("mock", "lib")]
from mock import CLIENT, reaction, text  # noqa: E402
from scene import scene  # noqa: E402
from tap import case, check, main, same, until  # noqa: E402

BOT = "@znatok:localhost"
VALGRIND = ["valgrind", "-q", "--leak-check=full", "--show-leak-kinds=definite,indirect",
            "--errors-for-leak-kinds=definite,indirect", "--error-exitcode=9"]


def clean(s, status=0):
    """It ends with that, and valgrind has nothing to say of it."""
    same(s.bot.stop(), status, "exit status")
    found = [line for line in s.bot.lines if line.startswith("==")]
    check(not found, "\n".join(found))


@case("an evening in its rooms: talk, invites, an encrypted room, an upgrade, a gap, faults")
def evening():
    with scene(runner=VALGRIND) as s:
        root = s.mock.say(s.room, "alice", "!q gil")
        s.mock.answer_to(s.room, root)
        s.mock.events([
            text(s.room, "bob", "znatok: python", mentions=[BOT]),
            text(s.room, "bob", "!q gil", thread=root, reply_to=root),
            text(s.room, "bob", "!q gil", edits=root),
            reaction(s.room, "bob", "1️⃣", root),
            text(s.room, "bob", "!q " + "слово " * 2000)])
        s.mock.redact(s.room, "bob", s.mock.say(s.room, "bob", "!q gil"))
        s.fence()
        friend = s.mock.room("alice", invite=["znatok"], is_direct=True)
        s.mock.answers(friend, 1)
        s.mock.room("alice", invite=["znatok"], encryption=True)
        s.bot.wait_log("is encrypted")
        s.mock.rule(method="PUT", regex="/send/", times=1, status=429, headers={"Retry-After": "0"})
        s.mock.rule(method="PUT", regex="/send/", times=1, action="close-after")
        s.mock.rule(CLIENT + "/sync", times=1, action="truncate")
        s.mock.wake()
        s.mock.answer_to(s.room, s.mock.say(s.room, "alice", "!help"))
        s.bot.reload()
        s.bot.wait_log("read again")
        clean(s)
        events = s.mock.events([text(s.room, "alice", f"!q word-{i}") for i in range(130)])
        s.bot.restart()
        s.mock.answer_to(s.room, events[-1])
        clean(s)


@case("a session that is refreshed, softly ended, and ended for good")
def sessions():
    with scene(runner=VALGRIND) as s:
        s.mock.expire()
        s.mock.wake()
        s.mock.answer_to(s.room, s.mock.say(s.room, "alice", "!q gil"))
        s.mock.logout(soft=True)
        s.mock.wake()
        s.mock.answer_to(s.room, s.mock.say(s.room, "alice", "!q gil"))
        s.mock.logout(soft=False)
        s.mock.wake()
        until(lambda: not s.bot.running(), "it ends")
        same(s.bot.ended(), 3, "exit status")
        found = [line for line in s.bot.lines if line.startswith("==")]
        check(not found, "\n".join(found))


if os.environ.get("SAN"):
    print(f"1..0 # SKIP built with {os.environ['SAN']}, which valgrind cannot run")
else:
    main()
