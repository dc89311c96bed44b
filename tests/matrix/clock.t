#!/usr/bin/env python3
"""FA13: a clock on the wall that is wrong, or jumps while the bot runs."""

import json
import pathlib
import sys
import time

sys.path[:0] = [str(pathlib.Path(__file__).resolve().parents[1] / room) for room in ("mock", "lib")]
from bot import Clock  # noqa: E402
from mock import CLIENT, text  # noqa: E402
from scene import scene  # noqa: E402
from tap import case, check, main, same, until  # noqa: E402

YEAR = 366 * 86400 * 1000
REFRESH = CLIENT + "/refresh"


@case("FA13 ten years wrong from the start: commands are answered, old ones are not")
def wrong():
    for offset in (10 * YEAR, -10 * YEAR):
        with scene(start=False, clock=Clock(offset)) as s:
            s.mock.say(s.room, "alice", "!q before")
            s.bot.start()
            now = int(time.time() * 1000)
            events = s.mock.events([
                text(s.room, "alice", "!q gil"),
                text(s.room, "alice", "!q old", _age=3600000),
                text(s.room, "alice", "!q gil", _no_age=True, origin_server_ts=now),
                text(s.room, "alice", "!q old", _no_age=True, origin_server_ts=now - 3600000)])
            s.answered(events[0], events[2])
            s.bot.stop()
            event = s.mock.say(s.room, "alice", "!q gil")
            s.bot.restart()
            s.mock.answer_to(s.room, event)


@case("FA13 it jumps ten years to and fro: answers, offers and the session go on")
def jumps():
    clock = Clock()
    with scene(clock=clock) as s:
        for offset in (0, 10 * YEAR, 0, -10 * YEAR, 0, 86400000, -86400000):
            clock.set(offset)
            s.ask()
            offer = s.ask("!q кэш")["content"]["body"]
            check("1." in offer, offer)
            check("1." not in s.ask("!q 1")["content"]["body"][:3])
        same(len(s.mock.log(path=CLIENT + "/login")), 1)
        same(s.mock.log(status=401), [])
        s.bot.stop()
        clock.set(-5 * YEAR)
        s.bot.restart()
        s.ask()
        same(len(s.mock.log(path=CLIENT + "/login")), 1)


@case("FA13 a pause of a 429 is as long as it was told, whatever the clock does")
def pause():
    for offset in (10 * YEAR, -10 * YEAR):
        clock = Clock()
        with scene(clock=clock) as s:
            s.ask()
            s.mock.rule(method="PUT", regex="/send/", times=1, status=429,
                        headers={"Retry-After": "2"}, body={"errcode": "M_LIMIT_EXCEEDED"})
            event = s.mock.say(s.room, "alice", "!q gil")
            s.mock.wait_for(1, method="PUT", regex="/send/", status=429)
            clock.set(offset)
            s.mock.answer_to(s.room, event)
            one, two = s.mock.log(method="PUT", regex="/send/")[1:3]
            wait = (two["first_byte"] - one["first_byte"]) / 1e6
            check(1.99 <= wait, f"{wait} s")


@case("FA13 tokens that expire: refreshed, neither never nor in a loop")
def refresh():
    for offset in (10 * YEAR, -10 * YEAR):
        clock = Clock()
        with scene(clock=clock, server={"token_lifetime_ms": 3000}) as s:
            s.mock.wait_for(1, path=REFRESH)
            clock.set(offset)
            for _ in range(2):
                known = len(s.mock.log(path=REFRESH))
                s.mock.wait_for(known + 1, path=REFRESH)
                s.ask()
            begin = s.mock.log(path=REFRESH)[0]["first_byte"]
            rate = [r for r in s.mock.log(path=REFRESH) if r["first_byte"] - begin < 4000000]
            check(len(rate) <= 8, f"{len(rate)} refreshes in 4 s")
            same(len(s.mock.log(path=CLIENT + "/login")), 1)


@case("FA13 a jump between a send and a restart: at most one answer, never two")
def between():
    for offset in (10 * YEAR, -10 * YEAR):
        for action in ("swallow", "black-hole"):
            clock = Clock()
            with scene(clock=clock) as s:
                s.fence()
                s.mock.settled()
                s.mock.rule(method="PUT", regex="/send/", times=1, action=action)
                deaf = s.mock.rule(CLIENT + "/sync", action="black-hole")
                event = s.mock.say(s.room, "alice", "!q gil")
                s.mock.wait_for(2, method="PUT", regex="/send/", received=1)
                s.bot.kill()
                s.mock.drop_rule(deaf)
                clock.set(offset)
                s.bot.restart()
                until(lambda: not s.bot.query("SELECT 1 FROM wire WHERE state = 'new'"), "settled")
                s.fence()
                answers = s.mock.answers(s.room, reply_to=event)
                if action == "swallow":
                    same(len(answers), 1)
                check(len(answers) <= 1, json.dumps(answers))


@case("FA13 back-off after faults goes by the steady clock")
def back_off():
    clock = Clock()
    with scene(clock=clock) as s:
        rule = s.mock.rule(CLIENT + "/sync", times=3, status=503)
        s.mock.wake()
        until(lambda: s.mock.hits(rule) >= 1, "a fault")
        clock.set(-10 * YEAR)
        s.ask()
        rule = s.mock.rule(CLIENT + "/sync", times=3, status=503)
        s.mock.wake()
        until(lambda: s.mock.hits(rule) >= 1, "a fault")
        clock.set(10 * YEAR)
        s.ask()


main()
