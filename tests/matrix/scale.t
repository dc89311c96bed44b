#!/usr/bin/env python3
"""Many rooms, many messages at once, much that was missed."""

import pathlib
import sys

sys.path[:0] = [str(pathlib.Path(__file__).resolve().parents[1] / room) for room in ("mock", "lib")]
from mock import CLIENT, text  # noqa: E402
from scene import replied, scene  # noqa: E402
from tap import case, check, main, same, until  # noqa: E402

PUT = {"method": "PUT", "regex": "/send/"}


@case("SC02 10,000 rooms, and a restart: the first command is answered, by an ordinary /sync")
def many_rooms():
    with scene(start=False) as s:
        rooms = s.mock.crowd(10000, ["alice", "bob", "znatok"], 2)
        s.bot.start()
        s.bot.stop()
        event = s.mock.say(rooms[7000], "alice", "!q gil")
        since = s.mock.log_end()
        s.bot.restart()
        s.mock.answer_to(rooms[7000], event)
        first = s.mock.log(path=CLIENT + "/sync", since=since)[0]
        check("since=" in first["target"], first["target"])
        check(first["size"] < 100000, f"{first['size']} bytes")


@case("SC10 500 commands in 100 rooms at once, a server that limits, and a kill: each is answered once")
def burst():
    with scene() as s:
        rooms = [s.mock.room("alice", members=["znatok", "bob"]) for _ in range(100)]
        s.mock.rule(**PUT, skip=100, times=3, status=429,
                    body={"errcode": "M_LIMIT_EXCEEDED", "error": "slow", "retry_after_ms": 300})
        events = s.mock.events([text(rooms[i % 100], ("alice", "bob")[i % 2], "!q gil")
                                for i in range(500)])
        s.bot.wait_log("sending pauses")
        waiting, = s.bot.query("SELECT count(*) FROM wire WHERE state = 'new'")
        check(waiting[0] >= 300, f"{waiting[0]} wait")
        s.bot.kill()
        s.bot.restart()
        until(lambda: not s.bot.query("SELECT 1 FROM wire WHERE state = 'new'"), "all are sent", 120)
        for i, room in enumerate(rooms):
            same([replied(e) for e in s.mock.answers(room)], events[i::100], room)


@case("SC12 100,000 events are missed: 20 pages at most, and the newest commands are answered")
def large_gap():
    with scene() as s:
        s.bot.stop()
        for _ in range(20):
            s.mock.events([text(s.room, "bob", "talk", msgtype="m.notice")] * 5000)
        events = s.mock.events([text(s.room, "alice", "!q gil")
                                for _ in range(3)]
                               + [text(s.room, "bob", "talk", msgtype="m.notice")] * 60)[:3]
        since = s.mock.log_end()
        s.bot.restart()
        for event in events:
            s.mock.answer_to(s.room, event)
        pages = s.mock.log(regex="/messages", since=since, received=1)
        check(0 < len(pages) <= 21, f"{len(pages)} pages")
        s.answered(*events)


main()
