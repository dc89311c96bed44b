#!/usr/bin/env python3
"""The bot on a real Synapse: what comes in, once and only once.

Arguments choose cases by the beginning of their sentence."""

import json
import pathlib
import sys

sys.path[:0] = [str(pathlib.Path(__file__).resolve().parents[1] / room) for room in ("peers", "lib")]

from scene import (FRESH, Scene, ask_many, database, each_once, check, query, quote,  # noqa: E402
                   settled, until, words_of)
from proxy import Proxy  # noqa: E402
from tap import case, run  # noqa: E402


@case("SY01 first start is mute: 20 old commands get no answer, and the position is kept")
def first_start(scene):
    alice, account = scene.alice, scene.account()
    room = alice.create_room(public=True)
    account.join(room)
    ask_many(alice, room, 20)
    with Proxy(scene.server.url) as proxy, scene.bot(account, proxy.url) as bot:
        asked = settled(alice, room, bot)
        check(len(words_of(alice, room, bot.id)) == 1, words_of(alice, room, bot.id))
        each_once(alice, room, bot, [asked])
        check(bot.stop() == 0, bot.log())
        before = len(proxy.requests("GET", "/sync"))
        bot.start()
        first = proxy.requests("GET", "/sync")[before]
        check("since" in query(first), first.path)


@case("SY03 a command that came while the bot was down is answered once")
def while_down(scene):
    with scene.bot() as bot:
        room = scene.room(bot)
        asked = [settled(scene.alice, room, bot)]
        check(bot.stop() == 0, bot.log())
        asked.append(scene.alice.send(room, "!q gil"))
        bot.start()
        scene.alice.wait_answer(room, asked[-1])
        bot.kill()
        asked.append(scene.alice.send(room, "!q gil"))
        bot.start()
        scene.alice.wait_answer(room, asked[-1])
        asked.append(settled(scene.alice, room, bot))
        each_once(scene.alice, room, bot, asked)


def gap(scene, bot, proxy):
    """130 events in one room while the bot is down, every tenth a command and
    some at the seams; 3 events in another, where nothing is missing."""
    alice = scene.alice
    room, other = scene.room(bot), scene.room(bot)
    begun = [settled(alice, room, bot)]
    check(bot.stop() == 0, bot.log())
    commands = {n for n in range(130) if n % 10 == 0} | {1, 78, 79, 81, 82, 124, 125, 126, 129}
    asked, asked_other = [], []
    for n in range(130):
        event = alice.send(room, f"!q gil {n}" if n in commands else f"talk {n}")
        if n in commands:
            asked.append(event)
        if n % 50 == 0:
            asked_other.append(alice.send(other, f"!q gil {n}"))
    pages = len(proxy.requests("GET", "/messages"))
    bot.start()
    alice.wait_answer(room, asked[-1])
    last = settled(alice, room, bot)
    for where, events in ((room, begun + asked + [last]),
                          (other, asked_other + [settled(alice, other, bot)])):
        each_once(alice, where, bot, events)
    return room, proxy.requests("GET", "/messages")[pages:]


def timeline_of(room, sync):
    """What a /sync response says of a room, or None."""
    if sync.status != 200:
        return None
    joined = json.loads(sync.answer).get("rooms", {}).get("join", {})
    return joined.get(room, {}).get("timeline")


def pages_fit(room, pages, proxy):
    """The gap was walked from where the timeline begins to the position before it."""
    mine = [query(page) for page in pages if quote(room) in page.path]
    check(mine, "no /messages was asked for", [p.path for p in pages])
    # The answers may make a gap too, where a timeline is short.
    mine = [page for page in mine if page["to"] == mine[0]["to"]]
    gaps = [timeline_of(room, sync) for sync in proxy.requests("GET", "/sync")
            if query(sync).get("since") == mine[0]["to"]]
    check(any(gap and gap["limited"] and gap["prev_batch"] == mine[0]["from"] for gap in gaps)
           and mine[0]["dir"] == "b", gaps, mine[0])
    check(len({page["from"] for page in mine}) == len(mine), "the same page twice:", mine)


@case("SY05 gap filled: 130 events missing, each command in them is run once, in order")
def gap_filled(scene):
    with Proxy(scene.server.url) as proxy, scene.bot(url=proxy.url) as bot:
        room, pages = gap(scene, bot, proxy)
        pages_fit(room, pages, proxy)


@case("SY05 gap filled, on a server that gives 5 events of a timeline at most")
def gap_filled_small(_):
    with Scene(extra={"filter_timeline_limit": 5}) as scene, \
            Proxy(scene.server.url) as proxy, scene.bot(url=proxy.url) as bot:
        room, pages = gap(scene, bot, proxy)
        pages_fit(room, pages, proxy)


@case("SY08 an event that comes again, by /sync and by /messages, is worked once")
def again(_):
    with Scene(extra=FRESH) as scene, Proxy(scene.server.url) as proxy, \
            scene.bot(url=proxy.url) as bot:
        alice, room = scene.alice, scene.room(bot)
        asked = [settled(alice, room, bot)]
        check(bot.stop() == 0, bot.log())
        with database(bot) as db:
            old = db.execute("SELECT token FROM position WHERE network = 'matrix'").fetchone()
        bot.start()
        for _ in range(4):
            asked += ask_many(alice, room, 10)
            alice.wait_answer(room, asked[-1])
        check(bot.stop() == 0, bot.log())
        # As if the position had never moved: all of it comes again.
        with database(bot) as db:
            db.execute("UPDATE position SET token = ? WHERE network = 'matrix'", old)
        pages = len(proxy.requests("GET", "/messages"))
        bot.start()
        asked.append(settled(alice, room, bot))
        each_once(alice, room, bot, asked)
        check(len(proxy.requests("GET", "/messages")) > pages, "the gap was not seen")


@case("a server that is restarted in the middle costs nothing but time")
def server_restarts(_):
    with Scene() as scene, scene.bot() as bot:
        room = scene.room(bot)
        asked = ask_many(scene.alice, room, 5)
        scene.server.restart()
        asked += ask_many(scene.alice, room, 5)
        asked.append(settled(scene.alice, room, bot))
        each_once(scene.alice, room, bot, asked)


@case("SY26 a token that runs out every 3 seconds is refreshed, and nothing is said twice")
def refresh(_):
    limits = {"refreshable_access_token_lifetime": "3s", "session_lifetime": "24h"}
    with Scene(extra=limits) as scene, Proxy(scene.server.url) as proxy, \
            scene.bot(url=proxy.url) as bot:
        room = scene.room(bot)
        asked = []
        until(lambda: asked.append(settled(scene.alice, room, bot))
                   or len(proxy.requests("POST", "/refresh")) >= 3, "three refreshes")
        check(bot.stop() == 0, bot.log())
        asked.append(scene.alice.send(room, "!q gil"))
        bot.start()
        asked.append(settled(scene.alice, room, bot))
        each_once(scene.alice, room, bot, asked)
        check(len(proxy.requests("POST", "/login")) == 1, "it logged in more than once")


# ---- redactions ----

def redacted(scene, version):
    alice = scene.alice
    with scene.bot() as bot:
        room = scene.room(bot, room_version=version)
        before = alice.send(room, "!q gil 1")
        alice.wait_answer(room, before)
        check(bot.stop() == 0, bot.log())
        gone = alice.send(room, "!q gil 2")
        stays = alice.send(room, "!q gil 3")
        alice.redact(room, gone)
        alice.redact(room, before)
        bot.start()
        alice.wait_answer(room, stays)
        last = settled(alice, room, bot)
        each_once(alice, room, bot, [before, stays, last])
        check(bot.stop() == 0, bot.log())
        # What was redacted after its answer is gone from the store as well.
        with database(bot) as db:
            bodies = dict(db.execute("SELECT event, body FROM inbox"))
        check(bodies.get(before) is None and bodies.get(stays), bodies)


@case("SY23 a redacted command gets no answer (room version 10: redacts at the top)")
def redacted_10(scene):
    redacted(scene, "10")


@case("SY23 a redacted command gets no answer (room version 11: redacts in the content)")
def redacted_11(scene):
    redacted(scene, "11")


if __name__ == "__main__":
    with Scene() as everything:
        status = run(everything)
    sys.exit(status)
