#!/usr/bin/env python3
"""Invites: whom the bot follows, how it gets in, the welcome, refusals."""

import json
import pathlib
import sys
import urllib.parse

sys.path[:0] = [str(pathlib.Path(__file__).resolve().parents[1] / room) for room in ("mock", "lib")]
from bot import Clock  # noqa: E402
from mock import CLIENT, message, quote  # noqa: E402
from scene import replied, scene  # noqa: E402
from tap import case, check, main, same, until  # noqa: E402

BOT = "@znatok:localhost"


def joined(s, room):
    return s.mock.state_of(room).get(("m.room.member", BOT), {}).get("content", {}).get("membership")


def joins(s, **only):
    return s.mock.log(method="POST", regex="/join[/?]|/join$", **only)


def params(request):
    return urllib.parse.parse_qs(request["query"])


def wait_in(s, room):
    until(lambda: joined(s, room) == "join", "it joins " + room)


def wait_out(s, room):
    until(lambda: room not in s.mock.get_user()["rooms"], "it leaves and forgets " + room)


@case("SY16 an invite that is allowed: join with the inviter's server, one welcome")
def allowed():
    with scene() as s:
        room = s.mock.room("alice", invite=["znatok"])
        wait_in(s, room)
        request, = joins(s, status=200)
        same(request["path"].split("/")[4], "join")
        same(params(request), {"via": ["localhost"], "server_name": ["localhost"]})
        welcome = s.mock.answers(room, 1)[0]
        check("!help" in welcome["content"]["body"], welcome["content"]["body"])
        same(replied(welcome), None)
        same(welcome["content"]["msgtype"], "m.notice")
        same(len(s.fence(room, welcome=True)), 1)
        s.bot.stop()
        s.bot.restart()
        same(len(s.fence(room, welcome=True)), 2)
        check("m.direct" not in s.mock.get_user()["account_data"])


@case("a room into which the bot was put without an invite: it answers, and says no welcome")
def put_in():
    with scene() as s:
        room = s.mock.room("alice")
        s.mock.member(room, "znatok", "join")
        same(s.fence(room, welcome=True), [])


@case("SY16 an invite that is refused: leave, then forget, and no word")
def refused():
    with scene(matrix={"invites": "admins"}) as s:
        room = s.mock.room("alice", invite=["znatok"])
        wait_out(s, room)
        same(joins(s), [])
        calls = [r["path"].rsplit("/", 1)[1] for r in
                 s.mock.log(method="POST", regex="/leave$|/forget$")]
        same(calls, ["leave", "forget"])
        same(s.mock.timeline(room, sender=BOT, type="m.room.message"), [])
        good = s.mock.room("root", invite=["znatok"])
        wait_in(s, good)


@case("the policies: nobody, admins (as it is without a word), users and servers of a list")
def policies():
    for policy, yes, no in (
            ("none", [], ["@alice:localhost", "@root:localhost"]),
            (None, ["@root:localhost"], ["@alice:localhost", "@root:evil.example"]),
            ("admins", ["@root:localhost"], ["@alice:localhost"]),
            ("everyone", ["@x:far.example", "@alice:localhost"], []),
            ("@bob:localhost;far.example", ["@bob:localhost", "@x:far.example"],
             ["@alice:localhost", "@x:evil-far.example", "@x:far.example.evil", "@x:sub.far.example"])):
        with scene(matrix={"invites": policy}) as s:
            good = [s.mock.room(user, invite=["znatok"]) for user in yes]
            bad = [s.mock.room(user, invite=["znatok"]) for user in no]
            for room in good:
                wait_in(s, room)
            for room in bad:
                wait_out(s, room)


@case("the policy is read again at a SIGHUP")
def policy_again():
    with scene(matrix={"invites": "none"}) as s:
        wait_out(s, s.mock.room("alice", invite=["znatok"]))
        s.bot.configure(matrix={"invites": "everyone"})
        s.bot.reload()
        s.bot.wait_log("read again|configuration|bot.conf")
        wait_in(s, s.mock.room("alice", invite=["znatok"]))


@case("an invite that came while the bot was down, and before its first start")
def down():
    with scene(start=False) as s:
        early = s.mock.room("alice", invite=["znatok"])
        s.bot.start()
        wait_in(s, early)
        s.fence(early)
        s.bot.stop()
        late = s.mock.room("alice", invite=["znatok"])
        s.bot.restart()
        wait_in(s, late)
        s.mock.answers(late, 1)
        same(len(s.fence(late, welcome=True)), 1)


@case("SY17 a join that fails (404, 502): tried again, then in; one welcome")
def again():
    with scene(clock=Clock(rate=10), server={"speed": 10}) as s:
        s.mock.rule(method="POST", regex="/join/", times=1, status=404,
                    body={"errcode": "M_UNKNOWN", "error": "No known servers"})
        s.mock.rule(method="POST", regex="/join/", times=1, status=502, body="<html>bad</html>")
        s.mock.rule(method="POST", regex="/join/", times=1, action="close-before")
        room = s.mock.room("alice", invite=["znatok"])
        wait_in(s, room)
        found = joins(s)
        same([r["status"] for r in found], [404, 502, 200, 200])
        same(len({r["target"] for r in found}), 1)
        s.mock.answers(room, 1)
        same(len(s.fence(room, welcome=True)), 1)


@case("SY17 a join whose answer is lost: one join, one welcome; a kill in between as well")
def lost_join():
    with scene() as s:
        s.mock.rule(method="POST", regex="/join/", times=1, action="close-after")
        room = s.mock.room("alice", invite=["znatok"])
        s.mock.answers(room, 1)
        same(len(s.fence(room, welcome=True)), 1)
        rule = s.mock.rule(method="POST", regex="/join/", times=1, action="swallow")
        room = s.mock.room("alice", invite=["znatok"])
        until(lambda: s.mock.hits(rule), "the join")
        s.bot.kill()
        s.bot.restart()
        s.mock.answers(room, 1)
        same(len(s.fence(room, welcome=True)), 1)


@case("SY17 a join that never works is given up after some 10 minutes, and the bot lives on")
def given_up():
    with scene(clock=Clock(rate=200), server={"speed": 200}) as s:
        rule = s.mock.rule(method="POST", regex="/join/", status=404,
                           body={"errcode": "M_UNKNOWN", "error": "No known servers"})
        s.mock.room("alice", invite=["znatok"])
        until(lambda: s.mock.hits(rule), "a first try")
        until(lambda: not s.bot.query("SELECT 1 FROM matrix_task"), "it is given up")
        check(3 <= s.mock.hits(rule) <= 30, f"{s.mock.hits(rule)} tries")
        s.fence()


@case("joins, leaves and moves that hang: four at a time; people are answered, the others get their turn")
def hanging():
    with scene() as s:
        hold = s.mock.rule(method="POST", regex="/join/", action="hold")
        rooms = [s.mock.room("alice", invite=["znatok"]) for _ in range(12)]
        for i in range(12):
            old = s.mock.room("mallory", members=["znatok"])
            s.mock.state(old, "mallory", "m.room.tombstone",
                         {"replacement_room": f"!gone{i}:slow.example"})
        until(lambda: s.mock.held(hold) == 4, "joins under way")
        s.ask("!q gil", "bob")
        same(s.mock.hits(hold), 4, "joins")
        s.mock.drop_rule(hold)
        for room in rooms:
            wait_in(s, room)
    with scene(matrix={"invites": "admins"}) as s:
        hold = s.mock.rule(method="POST", regex="/leave$", action="hold")
        rooms = [s.mock.room("mallory", invite=["znatok"]) for _ in range(20)]
        until(lambda: s.mock.held(hold) == 4, "leaves under way")
        s.ask("!q gil", "bob")
        same(s.mock.hits(hold), 4, "leaves")
        s.mock.drop_rule(hold)
        for room in rooms:
            wait_out(s, room)


@case("joins that hang and fail: a new invite comes before what was tried already")
def turns():
    with scene(clock=Clock(rate=30), server={"speed": 30}) as s:
        hang = s.mock.rule(method="POST", regex="/join/%21slow", action="black-hole")
        for i in range(8):
            s.mock.room("alice", invite=["znatok"], room_id=f"!slow{i}:localhost")
        until(lambda: s.mock.hits(hang) > 4, "the next of them have their turn")
        wait_in(s, s.mock.room("alice", invite=["znatok"]))


@case("SY17 a join that is forbidden (403): not tried again, and no welcome")
def forbidden():
    with scene(clock=Clock(rate=200), server={"speed": 200}) as s:
        rule = s.mock.rule(method="POST", regex="/join/", status=403,
                           body={"errcode": "M_FORBIDDEN", "error": "banned"})
        room = s.mock.room("alice", invite=["znatok"])
        until(lambda: s.mock.hits(rule), "a try")
        until(lambda: not s.bot.query("SELECT 1 FROM matrix_task"), "it is given up")
        same(s.mock.hits(rule), 1)
        same(s.mock.answers(room), [])
        s.fence()


@case("SY18 a room of version 12, whose id has no domain: the way is the inviter's server")
def version_12():
    with scene() as s:
        room = s.mock.room("@eve:far.example", invite=["znatok"], room_version="12", remote=True)
        check(":" not in room)
        wait_in(s, room)
        same(params(joins(s, status=200)[0]), {"via": ["far.example"], "server_name": ["far.example"]})
        s.ask("!q gil", "@eve:far.example", room)


@case("an inviter with a port or an IPv6 address in the name; an id of a room that must be quoted")
def odd_names():
    with scene() as s:
        for inviter, server in (("@a:[::1]:8448", "[::1]:8448"), ("@b:host:8448", "host:8448")):
            room = s.mock.room(inviter, invite=["znatok"], remote=True,
                               room_id=f"!a/b?c#d%{len(server)}:localhost")
            wait_in(s, room)
            same(params(joins(s, status=200)[-1])["via"], [server])
            s.ask("!q gil", inviter, room)


@case("a direct chat: m.direct is set, with what stood there before")
def direct():
    with scene(start=False) as s:
        s.mock.set_data("znatok", "m.direct", {"@old:localhost": ["!old:localhost"],
                                               "@alice:localhost": ["!older:localhost"]})
        s.bot.start()
        # What a proxy says is not that there is none.
        rule = s.mock.rule(method="GET", regex="/account_data/m.direct", times=1,
                           status=404, body="404 page not found")
        room = s.mock.room("alice", invite=["znatok"], is_direct=True)
        s.mock.answers(room, 1)
        until(lambda: room in json.dumps(s.mock.get_user()["account_data"]), "m.direct")
        found = s.mock.get_user()["account_data"]["m.direct"]
        same(found["@old:localhost"], ["!old:localhost"])
        same(sorted(found["@alice:localhost"]), sorted(["!older:localhost", room]))
        same(s.mock.hits(rule), 1)


@case("an invite that is taken back before the join; an invite to where the bot is already")
def taken_back():
    with scene(clock=Clock(rate=10), server={"speed": 10}) as s:
        hold = s.mock.rule(method="POST", regex="/join/", action="hold")
        room = s.mock.room("alice", invite=["znatok"])
        until(lambda: s.mock.held(hold), "the join")
        s.mock.member(room, "znatok", "leave", sender="alice")
        s.mock.drop_rule(hold)
        s.fence()
        until(lambda: not s.bot.query("SELECT 1 FROM matrix_task"), "it is given up")
        same(s.mock.answers(room), [])


@case("never in again by itself: after a kick and after a ban; a new invite is one")
def kicked():
    with scene() as s:
        room = s.mock.room("alice", invite=["znatok"])
        s.mock.answers(room, 1)
        s.mock.member(room, "znatok", "leave", sender="alice")
        s.fence()
        s.mock.member(room, "znatok", "ban", sender="alice")
        s.fence()
        same(len(joins(s)), 1)
        s.mock.member(room, "znatok", "leave", sender="alice")
        s.mock.member(room, "znatok", "invite", sender="alice")
        wait_in(s, room)
        same(len(s.fence(room, welcome=True)), 1, "one welcome in all")


@case("an invite that lies: no stripped state, no inviter in it, state of the wrong kind")
def lies():
    with scene() as s:
        for i, state in enumerate((
                [], [5], [{"type": "m.room.member"}], "x",
                [{"type": "m.room.member", "state_key": BOT, "sender": 5,
                  "content": {"membership": "invite"}}],
                [{"type": "m.room.member", "state_key": BOT, "sender": "no-id",
                  "content": {"membership": "invite"}}],
                [{"type": "m.room.encryption", "state_key": "", "sender": "@a:b", "content": {}}])):
            s.mock.sync_body(json.dumps({"next_batch": "@NEXT@", "rooms": {"invite": {
                f"!lie{i}:localhost": {"invite_state": {"events": state}}}}}))
        s.mock.sync_body(json.dumps({"next_batch": "@NEXT@", "rooms": {"invite": {
            "!none:localhost": {}, "!null:localhost": None}}}))
        s.fence()
        check(s.bot.running())


@case("stripped state that claims encryption is a hint, no more")
def claimed_encryption():
    with scene() as s:
        room = s.mock.room("alice", invite=["znatok"], invite_state=[
            {"type": "m.room.create", "state_key": "", "sender": "@alice:localhost", "content": {}},
            {"type": "m.room.encryption", "state_key": "", "sender": "@alice:localhost",
             "content": {"algorithm": "m.megolm.v1.aes-sha2"}}])
        wait_in(s, room)
        s.ask(room=room)


@case("many invites at once: fifty of one person in an hour, then others' go on, the rest waits")
def many():
    with scene() as s:
        rooms = [s.mock.room("alice", invite=["znatok"]) for _ in range(54)]
        until(lambda: sum(joined(s, room) == "join" for room in rooms) == 50, "fifty joins")
        s.bot.wait_log("too many")
        other = s.mock.room("bob", invite=["znatok"])
        wait_in(s, other)
        s.fence()
        same(sum(joined(s, room) == "join" for room in rooms), 50)
        same(len(joins(s)), 51)
        same(s.mock.log(method="POST", regex="/leave$"), [])


main()
