#!/usr/bin/env python3
"""Servers that fail, die, dribble or flood; a locked database, no memory left.

After every fault the bot is in sync, answers once, and has the same session.
"""

import json
import os
import pathlib
import re
import resource
import signal
import sqlite3
import sys
import time

sys.path[:0] = [str(pathlib.Path(__file__).resolve().parents[1] / room) for room in ("mock", "lib")]
from bot import Clock  # noqa: E402
from mock import CLIENT, reaction, text  # noqa: E402
from scene import replied, scene  # noqa: E402
from tap import case, check, main, same, until  # noqa: E402

# What FA09 names, in turn: each is to be met once.
FAULTS = ({"status": 500, "body": {"errcode": "M_UNKNOWN", "error": "Internal server error"}},
          {"status": 502, "body": "<html><body>502 Bad Gateway</body></html>",
           "headers": {"Content-Type": "text/html"}},
          {"action": "truncate"}, {"action": "empty"},
          {"action": "close-before"}, {"action": "reset-before"},
          {"status": 200, "body": "[1,2"}, {"status": 200, "body": "<html>captive portal</html>"},
          {"status": 504, "body": ""},
          {"status": 404, "body": "404 page not found"},
          {"status": 400, "body": "<html>400 Request Header Or Cookie Too Large</html>"},
          {"status": 401, "body": "<html>Who are you?</html>"})
# For all but what answers {} indeed.
NOTHING = {"status": 200, "body": "{}"}
# A fault after the server has done it: the answer is lost.
LOST = ({"action": "close-after"}, {"action": "reset-after"})


def fast(rate=30):
    """The time runs faster, so that back-off does; long polls as well."""
    return {"clock": Clock(rate=rate), "server": {"speed": rate}}


def faults(s, faults, **only):
    return [s.mock.rule(**only, times=1, **fault) for fault in faults]


def one_session(s):
    logins = s.mock.log(path=CLIENT + "/login", status=200)
    tokens = {r["headers"]["authorization"] for r in s.mock.log(received=1)
              if "authorization" in r["headers"]}
    same(len(tokens), 1, "tokens")
    return logins


def met(s, rules):
    for rule in rules:
        same(s.mock.hits(rule), 1, f"fault {rule} was met")


# -- the log

@case("a line of the log is the bot's own: ends of lines, escapes, bidi marks of others are shown")
def forged_lines():
    evil = "x\nznatok: error: forged\r\x1b[31m\x85\u2028\u202e<0>forged\n<0>forged"
    for environment, start in (({}, ""), ({"JOURNAL_STREAM": "8:1"}, "<[2-7]>")):
        with scene(matrix={"invites": "admins"}, environment=environment) as s:
            other = s.mock.room("alice", members=["znatok"])
            s.fence(other)
            s.mock.sync_body(json.dumps({"next_batch": "@NEXT@", "rooms": {"invite": {"!x:evil": {
                "invite_state": {"events": [{
                    "type": "m.room.member", "state_key": s.mock.bot, "sender": f"@{evil}:evil",
                    "content": {"membership": "invite"}}]}}}}}))
            s.mock.state(other, "alice", "m.room.encryption", {"algorithm": evil})
            s.mock.rule(method="PUT", regex="/send/", times=1, status=403,
                        body={"errcode": "M_" + evil, "error": evil})
            s.mock.say(s.room, "alice", "!q gil")
            s.ask()
            for what in ("@x", "is encrypted", "M_x"):
                line = s.bot.wait_log(re.escape(what))
                check("\\x0aznatok: error: forged\\x0d\\x1b[31m\\x85\\u2028\\u202e<0>" in line, line)
            for line in s.bot.lines:
                check(re.match(start + r"znatok: \w+: (?!forged)", line), line)


# -- FA09: each endpoint

@case("FA09 login: errors, HTML, cut and empty answers")
def login():
    with scene(start=False, **fast()) as s:
        rules = faults(s, (*FAULTS, NOTHING), path=CLIENT + "/login")
        s.bot.start()
        s.fence()
        met(s, rules)


@case("FA09 versions, joined_rooms, the profile: the bot does without them")
def courtesies():
    for fault in (*FAULTS, NOTHING):
        with scene(start=False, **fast()) as s:
            for path in ("/_matrix/client/versions", CLIENT + "/joined_rooms", CLIENT + "/profile"):
                s.mock.rule(path, **fault)
            s.bot.start()
            s.fence()
            one_session(s)


@case("FA09 filter")
def filter_():
    with scene(start=False, **fast()) as s:
        rules = faults(s, (*FAULTS, NOTHING), method="POST", regex="/filter$")
        s.bot.start()
        s.fence()
        met(s, rules)
        one_session(s)


@case("a filter that the server has forgotten is stored anew")
def forgotten_filter():
    with scene(**fast()) as s:
        rule = s.mock.rule(CLIENT + "/sync", times=1, status=404, body={
            "errcode": "M_NOT_FOUND", "error": "No such filter"})
        s.mock.wake()
        until(lambda: s.mock.hits(rule), "it is met")
        s.fence()
        same(len(s.mock.log(method="POST", regex="/filter$")), 2)


@case("FA09 the first sync: still mute in the end")
def first_sync():
    with scene(start=False, **fast()) as s:
        s.mock.say(s.room, "alice", "!q old")
        rules = faults(s, (*FAULTS, NOTHING), path=CLIENT + "/sync")
        s.bot.start()
        s.silent()
        met(s, rules)
        one_session(s)


@case("FA09 later syncs: the position stays as it was, and commands are answered once")
def later_sync():
    with scene(**fast()) as s:
        # All of them stand before the first is met.
        hold = s.mock.rule(CLIENT + "/sync", action="hold")
        s.mock.wake()
        until(lambda: s.mock.held(hold), "a /sync is held")
        rules = faults(s, (*FAULTS, NOTHING), path=CLIENT + "/sync", regex="timeout=")
        s.mock.drop_rule(hold)
        until(lambda: s.mock.hits(rules[0]), "the first fault")
        event = s.mock.say(s.room, "alice", "!q gil")
        s.answered(event)
        met(s, rules)
        one_session(s)
        since = [r["target"].split("since=")[1].split("&")[0]
                 for r in s.mock.log(path=CLIENT + "/sync", received=1) if "since=" in r["target"]]
        same(since, sorted(since, key=lambda t: int(t[1:])), "positions")


@case("FA09 a sync whose body is cut, or is not JSON: nothing of it is kept, all of it comes again")
def cut_sync():
    with scene(**fast()) as s:
        s.mock.rule(CLIENT + "/sync", times=1, action="truncate")
        s.mock.wake()
        events = s.mock.events([text(s.room, "alice", "!q gil") for _ in range(10)])
        s.answered(*events)
        for body in ("{", '{"next_batch":', '{"next_batch":5}', '{"rooms":{}}', "null", "[]",
                     '{"next_batch":"@NEXT@","rooms":5}', '{"next_batch":"","rooms":{}}',
                     '{"next_batch":"@NEXT@","rooms":{"join":[]}}',
                     '{"next_batch":"@NEXT@","rooms":{"join":{"!r:localhost":{"timeline":7}}}}',
                     '{"next_batch":"@NEXT@","account_data":{"events":{}}}'):
            s.mock.sync_body(body)
        s.mock.wake()
        s.fence()
        check(s.bot.running())
        one_session(s)


@case("FA09 reading the encryption of a room")
def encryption():
    with scene(**fast()) as s:
        rules = faults(s, FAULTS, regex="/state/m.room.encryption")
        # An empty or odd 200 may be taken for "encrypted": never for "plain".
        for rule in (rules[3], rules[6], rules[7]):
            s.mock.drop_rule(rule)
        event = s.mock.say(s.room, "alice", "!q gil")
        s.answered(event)
        met(s, [r for i, r in enumerate(rules) if i not in (3, 6, 7)])


@case("answers that are cut short, one after the other: the next call is still made")
def cut_short():
    for _ in range(4):
        with scene() as s:
            rule = s.mock.rule(regex="/state/m.room.encryption", times=3, action="truncate")
            s.ask()
            same(s.mock.hits(rule), 3)


@case("FA09 sending, and answers that are lost: one event")
def sending():
    with scene(**fast()) as s:
        rules = faults(s, (*FAULTS, NOTHING, *LOST), method="PUT", regex="/send/")
        event = s.mock.say(s.room, "alice", "!q gil")
        s.mock.answer_to(s.room, event)
        s.answered(event)
        puts = s.mock.log(method="PUT", regex="/send/")
        first = [p for p in puts if p["target"] == puts[0]["target"]]
        same(len({p["body"] for p in first}), 1)
        one_session(s)
        met(s, rules)


@case("a proxy that never lets a text through: given up, and the room goes on")
def never_through():
    for rule in ({"status": 403, "body": "<html>Request rejected</html>"}, NOTHING):
        with scene(clock=Clock(rate=300), server={"speed": 300}) as s:
            s.ask()
            rule = s.mock.rule(method="PUT", regex="/send/", body_regex="etc-passwd", **rule)
            event = s.mock.say(s.room, "alice", "!q etc-passwd")
            s.ask("!q gil", "bob")
            same(s.mock.answers(s.room, reply_to=event), [])
            same(s.mock.hits(rule), 20, "tries")


@case("a proxy in the place of the homeserver for an hour: what was to be sent is sent then")
def only_proxy():
    page = {"status": 404, "body": "404 page not found"}
    with scene(clock=Clock(rate=300), server={"speed": 300}) as s:
        s.ask()
        puts = s.mock.rule(method="PUT", regex="/send/", **page)
        event = s.mock.say(s.room, "alice", "!q gil")
        until(lambda: s.mock.hits(puts), "a first try")
        other = s.mock.rule("/_matrix", **page)
        until(lambda: s.mock.hits(puts) > 40, "many tries")
        s.mock.drop_rule(other)
        s.mock.drop_rule(puts)
        s.mock.answer_to(s.room, event)
        check(s.bot.running())


@case("FA09 messages: the gap is filled")
def messages():
    with scene(**fast()) as s:
        rules = faults(s, (*FAULTS, NOTHING), regex=r"/messages\?")
        events = s.mock.events([text(s.room, "alice", "!q gil" if i == 3 else "x")
                                for i in range(100)])
        s.mock.answer_to(s.room, events[3])
        s.answered(events[3])
        met(s, rules)


@case("FA09 joining, and answers that are lost: one welcome")
def joining():
    # A join is given up after so many tries.
    for some in (FAULTS[:6], FAULTS[6:], (NOTHING, *LOST)):
        with scene(**fast()) as s:
            faults(s, some, method="POST", regex="/join/")
            room = s.mock.room("alice", invite=["znatok"])
            s.mock.answers(room, 1)
            same(len(s.fence(room, welcome=True)), 1)
            one_session(s)


@case("FA09 leaving and forgetting")
def leaving():
    for some in (FAULTS[:6], (*FAULTS[6:], *LOST)):
        with scene(matrix={"invites": "none"}, **fast()) as s:
            one = faults(s, some, method="POST", regex="/leave$")
            faults(s, some, method="POST", regex="/forget$")
            room = s.mock.room("alice", invite=["znatok"])
            until(lambda: s.mock.get_user()["rooms"].get(room) != "invite", "it leaves")
            check(s.mock.hits(one[0]))
            s.fence()


@case("FA09 m.direct and createRoom: one direct chat, which is known in the end")
def direct():
    with scene(**fast()) as s:
        rules = faults(s, (NOTHING, FAULTS[-1], *FAULTS), path=CLIENT + "/createRoom")
        faults(s, FAULTS, method="PUT", regex="/account_data/m.direct")
        s.mock.room("alice", invite=["znatok"], encryption=True)
        until(lambda: "m.direct" in s.mock.get_user()["account_data"], "m.direct")
        made = [r for r in s.mock.log(path=CLIENT + "/createRoom", status=200)]
        until(lambda: any(s.mock.answers(r) for r in s.mock.get_user()["rooms"]), "she is told")
        check(made)
        met(s, rules[:2])
        s.fence()


@case("FA09 receipts and typing: tried once, and forgotten")
def receipts():
    with scene(**fast()) as s:
        rule = s.mock.rule(regex="/receipt/", status=500)
        s.mock.rule(regex="/typing/", status=500)
        for _ in range(3):
            s.ask()
        s.fence()
        check(s.mock.hits(rule) <= 4, f"{s.mock.hits(rule)} receipts")


@case("FA09 refresh: the old token and session are kept until there is a new one")
def refresh():
    with scene(**fast()) as s:
        rules = faults(s, (*FAULTS, NOTHING), path=CLIENT + "/refresh")
        s.mock.expire()
        s.mock.wake()
        event = s.mock.say(s.room, "alice", "!q gil")
        s.mock.answer_to(s.room, event)
        met(s, rules)
        same(len(s.mock.log(path=CLIENT + "/login")), 1)
        s.answered(event)


@case("FA09 whoami, with a token that was configured")
def whoami():
    with scene(start=False, **fast()) as s:
        token = s.mock.user("znatok", login=True)["access_token"]
        s.bot.secret_file("token", token)
        s.bot.configure(matrix={"token_file": s.bot.folder / "token", "password_file": None})
        rules = faults(s, (*FAULTS, NOTHING), path=CLIENT + "/account/whoami")
        s.bot.start()
        s.fence()
        met(s, rules)


# -- a server that dies

def dies(s):
    s.mock.offline()
    time.sleep(0.2)  # the port is closed for a while, as at a restart
    s.mock.online()


@case("the server dies in every phase of a start, and is started again on its port")
def dies_at_start():
    for path in (CLIENT + "/login", "/_matrix/client/versions", CLIENT + "/joined_rooms",
                 CLIENT + "/profile", CLIENT + "/user", CLIENT + "/sync"):
        with scene(start=False, **fast()) as s:
            hold = s.mock.rule(path, times=1, action="hold")
            s.bot.start(sync=False)
            until(lambda: s.mock.held(hold), "it is asked for " + path)
            dies(s)
            s.bot.wait_log("in sync")
            s.fence()


@case("the server dies before and in the body of a sync, in a long poll, and while it is away")
def dies_in_sync():
    with scene(**fast()) as s:
        s.mock.wait_for(1, path=CLIENT + "/sync", regex="timeout=30000", received=1)
        dies(s)
        events = [s.mock.say(s.room, "alice", "!q gil")]
        s.mock.answer_to(s.room, events[0])
        drip = s.mock.rule(CLIENT + "/sync", times=1, action="drip", drip_ms=30, drip_bytes=20)
        s.mock.wake()
        events.append(s.mock.say(s.room, "alice", "!q gil"))
        until(lambda: s.mock.hits(drip), "it drips")
        dies(s)
        s.mock.answer_to(s.room, events[1])
        s.mock.offline()
        events.append(s.mock.say(s.room, "alice", "!q gil"))
        time.sleep(0.3)
        s.mock.online()
        s.answered(*events)
        one_session(s)


@case("the server dies at a state read, before a send, and after it: one answer each")
def dies_at_send():
    with scene(**fast()) as s:
        events = []
        for regex, action in (("/state/m.room.encryption", "hold"), ("/send/", "hold"),
                              ("/send/", "swallow"), ("/send/", "black-hole")):
            rule = s.mock.rule(regex=regex, times=1, action=action)
            events.append(s.mock.say(s.room, "alice", "!q gil"))
            until(lambda: s.mock.hits(rule), regex + " " + action)
            dies(s)
            s.mock.answer_to(s.room, events[-1])
        s.answered(*events)
        one_session(s)


@case("the server dies at a join and at /messages")
def dies_elsewhere():
    with scene(**fast()) as s:
        for action in ("hold", "swallow"):
            rule = s.mock.rule(method="POST", regex="/join/", times=1, action=action)
            room = s.mock.room("alice", invite=["znatok"])
            until(lambda: s.mock.hits(rule), "a join")
            dies(s)
            s.mock.answers(room, 1)
            same(len(s.fence(room, welcome=True)), 1)
        rule = s.mock.rule(regex=r"/messages\?", times=1, action="hold")
        events = s.mock.events([text(s.room, "alice", "!q gil" if i == 2 else "x")
                                for i in range(80)])
        until(lambda: s.mock.hits(rule), "messages")
        dies(s)
        s.mock.answer_to(s.room, events[2])
        s.answered(events[2])


@case("the server is away when the bot starts: it waits for it")
def away():
    with scene(start=False, **fast()) as s:
        s.mock.offline()
        s.bot.start(sync=False)
        s.bot.wait_log(".")
        time.sleep(0.5)
        check(s.bot.running(), s.bot.log())
        s.mock.online()
        s.bot.wait_log("in sync")
        s.fence()
        # A server that is away for an hour does not fill the log.
        s.mock.offline()
        lines = len(s.bot.lines)
        time.sleep(6)  # three minutes of the bot's
        check(len(s.bot.lines) - lines <= 20, s.bot.log()[-3000:])
        s.mock.online()
        s.fence()


# -- floods and dribbles

@case("FA10 429 from everything: it waits as told, and gets there in the end")
def storm():
    with scene(start=False) as s:
        s.mock.rule("/_matrix", times=12, status=429, headers={"Retry-After": "1"},
                    body={"errcode": "M_LIMIT_EXCEEDED", "retry_after_ms": 1000})
        s.bot.start()
        s.mock.rule("/_matrix", times=10, status=429, headers={"Retry-After": "1"},
                    body={"errcode": "M_LIMIT_EXCEEDED", "retry_after_ms": 1000})
        s.mock.wake()
        event = s.mock.say(s.room, "alice", "!q gil")
        s.mock.answer_to(s.room, event, timeout=60)
        last = {}
        for request in s.mock.log(status=429):
            same_one = last.get(request["path"])
            if same_one:
                wait = (request["first_byte"] - same_one["first_byte"]) / 1e6
                check(wait >= 0.99, f"{request['path']} after {wait} s")
            last[request["path"]] = request
        s.answered(event)


@case("FA18 a server of 1 byte/s: every call but the long poll is ended and tried again")
def dribble():
    for only in ({"path": "/_matrix/client/versions"}, {"regex": "/state/m.room.encryption"},
                 {"method": "PUT", "regex": "/send/"}, {"path": CLIENT + "/sync"}):
        with scene(start=False, **fast(20)) as s:
            rule = s.mock.rule(**only, times=1, action="drip", drip_ms=1000)
            s.bot.start(patience=90)
            event = s.mock.say(s.room, "alice", "!q gil")
            s.mock.answer_to(s.room, event, timeout=90)
            s.answered(event)
            same(s.mock.hits(rule), 1)


@case("EA48 an answer without an end, and one that is too large: refused, and life goes on")
def endless():
    with scene(**fast()) as s:
        s.mock.rule(method="PUT", regex="/send/", times=1, status=200,
                    body='{"event_id":"' + "x" * 3000000 + '"}')
        event = s.mock.say(s.room, "alice", "!q gil")
        s.mock.answer_to(s.room, event)
        s.mock.rule(CLIENT + "/sync", times=1, status=200, headers={
            "Transfer-Encoding": "identity"}, body='{"next_batch":"s1","x":"' + "y" * 70000000 + '"}')
        s.mock.wake()
        s.answered(event)
        check(s.bot.running())


@case("a sync of over 64 MB: taken at the second try, and nothing of it is lost; then the limit is back")
def large():
    with scene() as s:
        s.ask()
        syncs = s.mock.log(path=CLIENT + "/sync", received=1)
        since = syncs[-1]["target"].split("since=")[1].split("&")[0]
        body = json.dumps({"next_batch": since, "x": "y" * 70000000, "rooms": {"join": {s.room: {
            "timeline": {"events": [{"type": "m.room.message", "sender": "@bob:localhost",
                                     "event_id": "$large", "origin_server_ts": int(time.time() * 1000),
                                     "content": {"msgtype": "m.text", "body": "!q gil"}}]}}}}})
        rule = s.mock.rule(CLIENT + "/sync", times=3, status=200, body=body)
        s.mock.wake()
        s.mock.answer_to(s.room, "$large")
        s.bot.wait_log("over 64 MB", n=2)
        s.fence()
        same(s.mock.hits(rule), 3)
        check(s.bot.running())


@case("EA48 a redirect to elsewhere: the token does not go along")
def redirect():
    with scene() as s, scene(start=False) as other:
        for status in (301, 302, 307, 308):
            for path in (CLIENT + "/sync", CLIENT + "/rooms"):
                s.mock.rule(path, times=1, status=status, body="",
                            headers={"Location": other.mock.url + "/_matrix/client/v3/sync"})
        s.mock.wake()
        s.ask()
        for request in other.mock.log(received=1):
            check("authorization" not in request["headers"], "a token went to another server")


# -- the machine

@case("FA04 somebody holds the database for 30 s: it waits, wide awake, and loses nothing")
def database_locked():
    with scene() as s:
        s.ask()
        s.mock.settled()
        until(lambda: not s.bot.query("SELECT 1 FROM wire WHERE state = 'new'"), "it is recorded")
        other = sqlite3.connect(s.bot.state / "znatok.db", isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        event = s.mock.say(s.room, "alice", "!q gil")
        s.bot.wait_log("cannot be written")
        asked = len(s.mock.log(path=CLIENT + "/sync", received=1))
        end = time.monotonic() + 30
        reloads = 0
        while time.monotonic() < end:
            s.bot.reload()
            reloads += 1
            s.bot.wait_log("configuration was read again", n=reloads)
            time.sleep(1)
        same(s.mock.answers(s.room, reply_to=event), [])
        same(len(s.mock.log(path=CLIENT + "/sync", received=1)), asked, "syncs while it cannot write")
        check(reloads > 10, f"it was awake {reloads} times in 30 s")
        other.execute("ROLLBACK")
        other.close()
        s.mock.answer_to(s.room, event)
        same(len(s.fence()), 2)
        s.bot.wait_log("can be written again")


@case("somebody holds the database when the bot starts after a kill: it waits, and says so")
def held_at_start():
    with scene() as s:
        s.ask()
        s.bot.kill()
        event = s.mock.say(s.room, "alice", "!q gil")
        other = sqlite3.connect(s.bot.state / "znatok.db")
        other.execute("PRAGMA locking_mode = EXCLUSIVE")
        other.execute("BEGIN EXCLUSIVE")
        s.bot.start(sync=False)
        s.bot.wait_log("held by another program")
        other.execute("ROLLBACK")
        other.close()
        s.mock.answer_to(s.room, event)


@case("FA04 the database is held when a sent answer is to be noted: it is not said twice")
def locked_after_send():
    with scene() as s:
        s.fence()
        hold = s.mock.rule(method="PUT", regex="/send/", action="hold")
        event = s.mock.say(s.room, "alice", "!q gil")
        until(lambda: s.mock.held(hold), "the send")
        other = sqlite3.connect(s.bot.state / "znatok.db", isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        s.mock.drop_rule(hold)
        s.mock.answer_to(s.room, event)
        time.sleep(1.5)
        other.execute("ROLLBACK")
        other.close()
        same(len(s.fence()), 2)
        s.bot.stop()
        s.bot.restart()
        same(len(s.fence()), 3)


def memory(bot):
    """Bytes of address space in use."""
    with open(f"/proc/{bot.process.pid}/statm") as file:
        return int(file.read().split()[0]) * resource.getpagesize()


def limit(bot, size):
    resource.prlimit(bot.process.pid, resource.RLIMIT_AS, (size, resource.RLIM_INFINITY))


@case("FA14 a sync that does not fit into memory is refused, not fatal; then it fits")
def no_memory_for_body():
    if os.environ.get("SAN"):
        return  # sanitizers take all the addresses that there are
    with scene() as s:
        s.ask()
        limit(s.bot, memory(s.bot) + 12 * 1024 * 1024)
        s.mock.sync_body('{"next_batch":"@NEXT@","x":"' + "y" * 40000000 + '"}')
        s.bot.wait_log("memory|large|fit")
        event = s.mock.say(s.room, "alice", "!q gil")
        s.mock.answer_to(s.room, event)
        check(s.bot.running())
        limit(s.bot, resource.RLIM_INFINITY)
        same(len(s.fence()), 2)


@case("FA14 no memory in the middle of work: it ends; nothing is lost, nothing said twice")
def no_memory():
    if os.environ.get("SAN"):
        return
    with scene() as s:
        events = []
        for more in (8, 6, 4):
            # Less than 1 MB, and a tree of 20 MB.
            s.mock.rule(CLIENT + "/sync", times=1, status=200, body=json.dumps({
                "next_batch": "s9", "rooms": {"join": {s.room: {"timeline": {
                    "events": [{} for _ in range(200000)]}}}}}, separators=(",", ":")))
            limit(s.bot, memory(s.bot) + more * 1024 * 1024)
            events += s.mock.events([text(s.room, "alice", "!q " + "слово " * 400 + str(i))
                                     for i in range(40)])
            check(s.bot.ended() in (-signal.SIGABRT, -signal.SIGTRAP), s.bot.log())
            s.bot.restart()
        for event in events:
            s.mock.answer_to(s.room, event)
        s.answered(*events)


@case("reactions, edits and redactions in a storm of 500 events, with faults all over")
def all_over():
    with scene(**fast(10)) as s:
        s.mock.rule("/_matrix", skip=3, times=2, status=502)
        s.mock.rule(method="PUT", regex="/send/", skip=4, times=3, action="close-after")
        s.mock.rule(CLIENT + "/sync", skip=2, times=2, action="truncate")
        s.mock.rule(regex=r"/messages\?", skip=1, times=2, action="reset-before")
        wanted = []
        for batch in range(5):
            events = []
            for i in range(100):
                events.append(text(s.room, "alice", f"!q word-{batch}-{i}") if i % 10 == 0 else
                              reaction(s.room, "bob", "👍", "$x") if i % 10 == 1 else
                              text(s.room, "bob", "!q gil", edits="$x") if i % 10 == 2 else
                              text(s.room, "bob", "talk"))
            ids = s.mock.events(events)
            wanted += [ids[i] for i in range(0, 100, 10)]
        for event in wanted:
            s.mock.answer_to(s.room, event, timeout=60)
        found = [replied(e) for e in s.fence()]
        same(sorted(found), sorted(wanted))


main()
