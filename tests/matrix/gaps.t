#!/usr/bin/env python3
"""What a /sync leaves out is fetched by /messages, bounded, once, in order."""

import json
import pathlib
import sys
import time

sys.path[:0] = [str(pathlib.Path(__file__).resolve().parents[1] / room) for room in ("mock", "lib")]
from mock import CLIENT, message, quote, text  # noqa: E402
from scene import replied, scene  # noqa: E402
from tap import case, check, main, same, until  # noqa: E402

SYNC = CLIENT + "/sync"
MESSAGES = r"/messages\?"


def query_of(request):
    return dict(pair.split("=", 1) for pair in request["query"].split("&"))


def talk(s, n, commands, who="alice"):
    """n messages at once, with commands {place: text} among them: their ids."""
    events = [text(s.room, who, commands.get(i, f"talk {i}")) for i in range(n)]
    ids = s.mock.events(events)
    return [ids[i] for i in sorted(commands)]


@case("SY05 gap filled: 130 events missing, fetched from prev_batch back to the last position; once")
def filled():
    with scene() as s:
        s.fence()
        s.mock.settled()
        s.mock.forget_log()
        before = len(s.mock.answers(s.room))
        wanted = talk(s, 181, {3: "!q first", 77: "!q gil", 129: "!q third", 180: "!q live"})
        for event in wanted:
            s.mock.answer_to(s.room, event)
        same([replied(e) for e in s.fence()[before:]], wanted, "answers in order")
        asked = s.mock.log(regex=MESSAGES)
        first = query_of(asked[0])
        syncs = [query_of(r) for r in s.mock.log(path=SYNC)]
        same(first["dir"], "b")
        check(first["to"] in [q.get("since") for q in syncs], first)
        check(first["from"].startswith("t"), first)
        same(first["limit"], "100")
        check(2 <= len(asked) <= 3, f"{len(asked)} pages")
        for one, two in zip(asked, asked[1:]):
            check(query_of(one)["to"] == query_of(two)["to"])
        check(asked[0]["path"].startswith(f"{CLIENT}/rooms/"), asked[0]["path"])


@case("SY05 gap filled after a restart: what came while the bot was down, 130 events of it")
def filled_after_restart():
    with scene() as s:
        s.fence()
        s.bot.stop()
        wanted = talk(s, 200, {0: "!q a", 10: "!q gil", 120: "!q b", 199: "!q c"})
        s.bot.restart()
        for event in wanted:
            s.mock.answer_to(s.room, event)
        same([replied(e) for e in s.fence()[1:]], wanted)


@case("SY06 an empty chunk is not the end: on with its `end`")
def empty_chunk():
    with scene() as s:
        s.mock.settled()
        since = query_of(s.mock.log(path=SYNC, received=1)[-1])["since"]
        other = f"t{int(since[1:]) + 60}"
        rule = s.mock.rule(regex=MESSAGES, times=1,
                           body={"chunk": [], "start": since, "end": other})
        wanted = talk(s, 100, {2: "!q gil"})
        s.mock.answer_to(s.room, wanted[0])
        same(s.mock.hits(rule), 1)
        same(query_of(s.mock.log(regex=MESSAGES)[1])["from"], other)
        s.answered(*wanted)


@case("SY07 the same `end` twice is the end: no loop, a line in the log, the talk goes on")
def same_end():
    with scene() as s:
        rule = s.mock.rule(regex=MESSAGES, body={"chunk": [], "start": "t1", "end": "t1"})
        wanted = talk(s, 100, {2: "!q lost", 99: "!q gil"})
        s.mock.answer_to(s.room, wanted[1])
        s.answered(wanted[1])
        check(s.mock.hits(rule) <= 3, f"{s.mock.hits(rule)} requests")


@case("SY07 a gap has at most 20 pages; what is older is dropped with a line in the log")
def bounded():
    with scene() as s:
        s.fence()
        s.bot.stop()
        wanted = talk(s, 2600, {5: "!q old", 560: "!q far", 2540: "!q gil", 2599: "!q live"})
        s.bot.restart()
        s.mock.answer_to(s.room, wanted[3])
        found = [replied(e) for e in s.fence()[1:]]
        same(found, wanted[1:])
        same(len(s.mock.log(regex=MESSAGES)), 20)
        check(s.bot.logged(r"gap|dropped|missed|left out"), s.bot.log())


@case("SY08 an event in /messages and in /sync is answered once")
def overlap():
    with scene() as s:
        s.mock.settled()
        wanted = talk(s, 3, {0: "!q a", 1: "!q gil", 2: "!q b"})
        page = [{**e, "room_id": s.room} for e in s.mock.timeline(s.room) if e["event_id"] in wanted]
        s.mock.rule(regex=MESSAGES, times=1, body={"chunk": page[::-1], "start": "s1"})
        s.mock.sync_body(json.dumps({"next_batch": "@NEXT@", "rooms": {"join": {s.room: {
            "timeline": {"limited": True, "prev_batch": "t3", "events": page[1:]}}}}}))
        s.mock.wake()
        for event in wanted:
            s.mock.answer_to(s.room, event)
        s.answered(*wanted)


@case("SY09 the own join stands in a limited timeline: what was said before it is not answered")
def joined_now():
    with scene() as s:
        room = s.mock.room("alice", members=["bob"])
        join = message(room, "znatok", "m.room.member", {"membership": "join"},
                       state_key="@znatok:localhost")
        ids = s.mock.events([text(room, "alice", "!q before"), join, text(room, "bob", "!q gil")])
        s.answered(ids[2], room=room)


@case("SY09 the own join stands before a limited timeline: what came after it is answered")
def joined_long_ago():
    with scene() as s:
        room = s.mock.room("alice", members=["bob"])
        join = message(room, "znatok", "m.room.member", {"membership": "join"},
                       state_key="@znatok:localhost")
        events = [text(room, "alice", "!q before"), join, text(room, "bob", "!q gil")]
        events += [text(room, "bob", f"talk {i}") for i in range(150)]
        ids = s.mock.events(events)
        s.answered(ids[2], room=room)


@case("SY09 the own join is so far back that the gap has lost it: what is left came after it")
def joined_too_long_ago():
    with scene() as s:
        room = s.mock.room("alice", members=["bob"])
        join = message(room, "znatok", "m.room.member", {"membership": "join"},
                       state_key="@znatok:localhost")
        events = [text(room, "bob", f"talk {i}") for i in range(2200)]
        events[2000] = text(room, "bob", "!q gil")
        ids = s.mock.events([join, *events])
        s.answered(ids[2001], room=room)


@case("a gap whose pages fail is filled in the end")
def failing():
    with scene() as s:
        s.mock.rule(regex=MESSAGES, times=1, status=502, body="<html>bad gateway</html>")
        s.mock.rule(regex=MESSAGES, times=1, action="truncate")
        s.mock.rule(regex=MESSAGES, times=1, action="close-before")
        wanted = talk(s, 120, {2: "!q gil", 119: "!q live"})
        for event in wanted:
            s.mock.answer_to(s.room, event)
        s.fence()
        same(sorted(replied(e) for e in s.fence()
                    if replied(e) in wanted), sorted(wanted))


@case("what came after a gap waits for it, so that all is answered in order")
def later_waits():
    with scene() as s:
        hold = s.mock.rule(regex=MESSAGES, action="hold")
        wanted = talk(s, 120, {2: "!q gil", 3: "!help", 119: "!q live"})
        until(lambda: s.mock.held(hold), "a page is asked for")
        same(s.mock.answers(s.room), [], "answers before the page is there")
        s.mock.drop_rule(hold)
        s.answered(*wanted)


@case("a gap that does not close in 5 s holds the later messages up no longer")
def slow():
    with scene() as s:
        hold = s.mock.rule(regex=MESSAGES, action="hold")
        wanted = talk(s, 120, {2: "!q gil", 119: "!q live"})
        s.mock.answer_to(s.room, wanted[1])
        same(s.mock.answers(s.room, reply_to=wanted[0]), [])
        s.mock.drop_rule(hold)
        s.mock.answer_to(s.room, wanted[0])
        s.answered(wanted[1], wanted[0])


@case("a restart in the middle of a gap: it goes on where it was")
def restarted():
    with scene() as s:
        hold = s.mock.rule(regex=MESSAGES, skip=1, action="hold")
        wanted = talk(s, 350, {2: "!q gil", 250: "!q b", 349: "!q live"})
        s.mock.wait_for(2, regex=MESSAGES, received=1)
        s.bot.kill()
        s.mock.drop_rule(hold)
        s.bot.restart()
        for event in wanted:
            s.mock.answer_to(s.room, event)
        same(sorted(replied(e) for e in s.fence()), sorted(wanted))


@case("gaps in several rooms, and commands older than answer_age in them")
def several():
    with scene() as s:
        rooms = [s.mock.room("alice", members=["znatok"]) for _ in range(4)]
        for room in rooms:
            s.fence(room)
        s.bot.stop()
        wanted = {}
        for room in rooms:
            events = [text(room, "alice", "!q gil" if i in (1, 2) else "x",
                           _age=20 * 60000 if i == 1 else 0) for i in range(90)]
            wanted[room] = s.mock.events(events)[2]
        s.bot.restart()
        for room in rooms:
            s.mock.answer_to(room, wanted[room])
            same([replied(e) for e in s.fence(room)[1:]], [wanted[room]])
            check(s.mock.log(path=f"{CLIENT}/rooms/{quote(room)}/messages"), "asked in " + room)


main()
