#!/usr/bin/env python3
"""Rooms: encrypted ones, upgrades, kicks, who is a moderator."""

import json
import pathlib
import sys

sys.path[:0] = [str(pathlib.Path(__file__).resolve().parents[1] / room) for room in ("mock", "lib")]
from mock import CLIENT, message, quote, reaction, text  # noqa: E402
from scene import replied, scene  # noqa: E402
from tap import case, check, main, same, until  # noqa: E402

BOT = "@znatok:localhost"
ENCRYPTION = "/state/m.room.encryption"


def puts(s, room, **only):
    """Sends into the room, answered or not."""
    return [r for r in s.mock.log(method="PUT", regex="/send/|/redact/|/state/", received=1, **only)
            if quote(room) in r["path"] or room in r["path"]]


def made(s, n=1):
    """The rooms that the bot has created, once there are n."""
    s.mock.wait_for(n, method="POST", path=CLIENT + "/createRoom")
    return [room for room in s.mock.get_user()["rooms"]
            if s.mock.state_of(room)["m.room.create", ""]["sender"] == BOT]


# -- encryption

@case("SY20 + SY31 an encrypted room: whatever is said there, nothing is sent into it")
def encrypted():
    with scene() as s:
        room = s.mock.room("alice", members=["znatok", "bob"], encryption=True)
        old = s.ask("!q кэш")["event_id"]
        s.mock.events([text(room, "alice", body) for body in (
            "!q gil", "!q nothing-there", "!help", "!topcs", "!set budget x", "!gaps", "!reload",
            "znatok: gil", "!more", "!status")])
        s.mock.events([reaction(room, "alice", "1️⃣", old),
                       text(room, "alice", "!q gil", thread="$root")])
        dm = made(s)
        same(len(dm), 1)
        told = s.mock.answers(dm[0], 1)
        s.fence()
        same(puts(s, room), [])
        same(len(s.mock.answers(dm[0])), 1, "told once")
        check("encrypted" in told[0]["content"]["body"], told[0]["content"]["body"])


@case("who is told of an encrypted room: its inviter, in a new direct chat, once; also after restarts")
def inviter_told():
    with scene() as s:
        room = s.mock.room("bob", invite=["znatok"], encryption=True)
        s.mock.member(room, "alice", "join")
        dm, = made(s)
        request = s.mock.log(method="POST", path=CLIENT + "/createRoom")[0]
        body = json.loads(request["body"])
        same((body["preset"], body["is_direct"], body["invite"]),
             ("trusted_private_chat", True, ["@bob:localhost"]))
        check(body["creation_content"]["org.znatok.id"])
        told = s.mock.answers(dm, 1)[0]
        check(room in told["content"]["body"] or "room" in told["content"]["body"])
        until(lambda: s.mock.get_user()["account_data"].get("m.direct") == {"@bob:localhost": [dm]},
              "m.direct")
        s.mock.say(room, "alice", "!q gil")
        s.fence()
        s.bot.stop()
        s.bot.restart()
        s.mock.say(room, "bob", "!q gil")
        s.fence()
        same(len(s.mock.answers(dm)), 1)
        same(len(made(s)), 1)
        same(puts(s, room), [])
        # In the direct chat the bot answers.
        s.mock.member(dm, "bob", "join")
        check("GIL" in s.ask("gil", "bob", dm)["content"]["body"])


@case("told in the direct chat that m.direct knows, if that one is not encrypted")
def known_direct_chat():
    with scene() as s:
        dm = s.mock.room("alice", invite=["znatok"], is_direct=True)
        s.mock.answers(dm, 1)
        s.fence(dm)
        s.mock.state(s.room, "alice", "m.room.encryption", {"algorithm": "m.megolm.v1.aes-sha2"})
        s.mock.say(s.room, "alice", "!q gil")
        told = until(lambda: [e for e in s.mock.answers(dm) if "encrypted" in e["content"]["body"]],
                     "she is told")
        s.fence(dm)
        same(len(told), 1)
        same(s.mock.log(path=CLIENT + "/createRoom"), [])
        same(puts(s, s.room), [])


@case("the one to be told has left the direct chat, or others have come in: a new one is made")
def deserted_direct_chat():
    for who, membership in (("alice", "leave"), ("bob", "join")):
        with scene() as s:
            old = s.mock.room("alice", invite=["znatok"], is_direct=True)
            s.mock.answers(old, 1)
            s.fence(old)
            s.mock.member(old, who, membership)
            s.fence()
            s.mock.settled()
            s.mock.room("alice", invite=["znatok"], encryption=True)
            new, = made(s)
            check("encrypted" in s.mock.answers(new, 1)[0]["content"]["body"])
            s.fence()
            check("encrypted" not in json.dumps(s.mock.answers(old)))
            until(lambda: s.mock.get_user()["account_data"].get("m.direct") == {
                "@alice:localhost": [old, new]}, "m.direct")


@case("m.direct: chats that come at once are all in it, and what another client has put there stays")
def direct_chats_at_once():
    with scene() as s:
        s.mock.set_data("znatok", "m.direct", {"@dave:localhost": ["!old:localhost"], "odd": 5})
        hold = s.mock.rule(method="PUT", regex="/account_data/m.direct", times=1, action="hold")
        chats = {f"@{who}:localhost": [s.mock.room(who, invite=["znatok"], is_direct=True)]
                 for who in ("alice", "bob", "carol")}
        until(lambda: s.mock.held(hold), "the first change")
        s.fence()
        s.mock.drop_rule(hold)
        until(lambda: s.mock.get_user()["account_data"]["m.direct"] == {
            "@dave:localhost": ["!old:localhost"], "odd": 5, **chats}, "m.direct")


@case("the direct chat of m.direct is encrypted itself: a new one is made; not one for each command")
def encrypted_direct_chat():
    with scene() as s:
        dm = s.mock.room("alice", invite=["znatok"], is_direct=True, encryption=True)
        new, = made(s)
        s.mock.answers(new, 1)
        for _ in range(3):
            s.mock.say(dm, "alice", "gil")
        s.fence()
        same(len(made(s)), 1)
        same(len(s.mock.answers(new)), 1)
        until(lambda: s.mock.get_user()["account_data"].get("m.direct") == {
            "@alice:localhost": [dm, new]}, "m.direct")
        s.fence()
        s.mock.room("alice", invite=["znatok"], encryption=True)
        same(len(s.mock.answers(new, 2)), 2, "told in the open one")
        same(len(made(s)), 1)
        same(puts(s, dm), [])


@case("the answer to createRoom is lost: still one direct chat, and one message in it")
def lost_create():
    with scene() as s:
        s.mock.rule(CLIENT + "/createRoom", times=1, action="close-after")
        s.mock.room("alice", invite=["znatok"], encryption=True)
        dms = made(s)
        until(lambda: [e for dm in made(s) for e in s.mock.answers(dm)], "she is told")
        s.fence()
        s.mock.settled()
        same(len(made(s)), len(dms))
        same(len(dms), 1)
        same(sum(len(s.mock.answers(dm)) for dm in made(s)), 1)


def stale_list(s, *rooms):
    """The next /joined_rooms names these, and comes late."""
    return s.mock.rule(CLIENT + "/joined_rooms", times=1, status=200, delay_ms=400,
                       body={"joined_rooms": list(rooms)})


@case("a chat that is made while /joined_rooms is asked, which does not name it, stays")
def made_meanwhile():
    with scene() as s:
        create = s.mock.rule(CLIENT + "/createRoom", action="black-hole")
        sealed = s.mock.room("alice", invite=["znatok"], encryption=True)
        until(lambda: s.mock.hits(create), "a chat is asked for")
        s.bot.kill()
        s.mock.drop_rule(create)
        stale = stale_list(s, s.room, sealed)
        s.mock.rule(regex=ENCRYPTION, times=1, action="pass", delay_ms=800)
        s.bot.start()
        same(s.mock.hits(stale), 1)
        s.mock.answers(made(s)[0], 1)
        s.fence()
        same([len(s.mock.answers(room)) for room in made(s)], [1])


@case("a kick while /joined_rooms is asked, which still names the room, is a kick")
def kicked_meanwhile():
    with scene() as s:
        other = s.mock.room("alice", members=["znatok"])
        s.fence(other)
        s.bot.stop()
        stale = stale_list(s, s.room, other)
        s.bot.start(sync=False)
        s.mock.wait_for(2, path=CLIENT + "/joined_rooms", received=1)
        s.mock.member(other, "znatok", "leave", sender="alice")
        s.fence()
        same(s.mock.hits(stale), 1)
        same(s.bot.query("SELECT membership FROM matrix_room WHERE room_id = ?", other),
             [("leave",)])


@case("SY20 latch: encrypted once, then emptied, another algorithm, or gone from the state: never plain")
def latch():
    with scene() as s:
        s.ask()
        s.mock.state(s.room, "alice", "m.room.encryption", {"algorithm": "m.megolm.v1.aes-sha2"})
        fence = s.mock.room("alice", members=["znatok"])
        s.fence(fence)
        sent = len(puts(s, s.room))
        # The server denies it as well: what was once seen is all that is left.
        s.mock.rule(regex=ENCRYPTION, status=404, body={"errcode": "M_NOT_FOUND", "error": "none"})
        for content in ({}, {"algorithm": "org.example.rot13"}, {"algorithm": None}):
            s.mock.state(s.room, "alice", "m.room.encryption", content)
            s.mock.say(s.room, "alice", "!q gil")
            s.fence(fence)
        s.bot.stop()
        s.bot.restart()
        s.mock.say(s.room, "alice", "!q gil")
        s.fence(fence)
        same(len(puts(s, s.room)), sent)


@case("SY20 encryption switched on between a command and its answer: the answer is not sent")
def switched_on():
    with scene() as s:
        other = s.mock.room("alice", members=["znatok"])
        s.fence(other)
        s.ask()
        sent = len(puts(s, s.room))
        s.mock.events([
            text(s.room, "alice", "!q gil"),
            message(s.room, "alice", "m.room.encryption", {"algorithm": "m.megolm.v1.aes-sha2"},
                    state_key=""),
            text(s.room, "alice", "!q gil")])
        s.fence(other)
        same(len(puts(s, s.room)), sent)


@case("SY21 the state cannot be read: nothing is sent until it says 404 M_NOT_FOUND; then once")
def state_fails():
    for rule in ({"status": 500}, {"status": 502, "body": "<html>"}, {"action": "truncate"},
                 {"action": "empty"}, {"action": "close-before"},
                 {"status": 404, "body": "<html>not found</html>"},
                 {"status": 404, "body": {"errcode": "M_UNRECOGNIZED", "error": "?"}},
                 {"status": 404, "body": {"error": "no code"}},
                 {"status": 403, "body": {"errcode": "M_FORBIDDEN", "error": "no"}},
                 {"status": 429, "body": {"errcode": "M_LIMIT_EXCEEDED", "retry_after_ms": 100}}):
        with scene() as s:
            number = s.mock.rule(regex=ENCRYPTION, times=2, **rule)
            event = s.mock.say(s.room, "alice", "!q gil")
            s.mock.answer_to(s.room, event, timeout=60)
            same(s.mock.hits(number), 2, str(rule))
            good = s.mock.log(regex=ENCRYPTION)[2]
            same(good["status"], 404)
            check(puts(s, s.room)[0]["first_byte"] > good["complete"], f"sent before, with {rule}")
            s.answered(event)


@case("SY29 plain half: the state says 200, although /sync never told of encryption: latched")
def told_by_state_only():
    for body in ({"algorithm": "m.megolm.v1.aes-sha2"}, {"algorithm": "x"}, {}):
        with scene() as s:
            s.mock.rule(regex=ENCRYPTION, times=1, status=200, body=body)
            s.mock.say(s.room, "alice", "!q gil")
            s.mock.wait_for(1, regex=ENCRYPTION)
            made(s)
            s.mock.say(s.room, "alice", "!q gil")
            s.fence(s.mock.room("alice", members=["znatok"]))
            same(puts(s, s.room), [], str(body))
            same(len(s.mock.log(regex=quote(s.room) + ENCRYPTION)), 1, "asked")


@case("the state is asked for once, not before every send, and anew after nothing but doubt")
def asked_once():
    with scene() as s:
        for _ in range(4):
            s.ask()
        same(len(s.mock.log(regex=ENCRYPTION)), 1)


# -- membership

@case("SY22 kicked with answers that wait: they are dropped, and never come, also after a new invite")
def kicked():
    with scene() as s:
        s.fence()
        rule = s.mock.rule(method="PUT", regex="/send/", action="hold")
        events = s.mock.events([text(s.room, "alice", f"!q lost-{i}") for i in range(3)])
        until(lambda: s.mock.held(rule), "a try")
        s.mock.member(s.room, "znatok", "leave", sender="alice")
        s.mock.settled()
        until(lambda: not s.bot.query("SELECT 1 FROM wire WHERE state = 'new'"), "rows are dropped")
        s.mock.drop_rule(rule)
        before = len(s.mock.answers(s.room))
        s.mock.member(s.room, "znatok", "invite", sender="alice")
        s.mock.answers(s.room, before + 1)  # the welcome
        s.fence()
        s.bot.stop()
        s.bot.restart()
        s.fence()
        for event in events:
            same(s.mock.answers(s.room, reply_to=event), [])


@case("SY22 banned: the same, and what is said there afterwards is not heard")
def banned():
    with scene() as s:
        other = s.mock.room("alice", members=["znatok"])
        s.fence()
        s.mock.member(s.room, "znatok", "ban", sender="alice")
        s.mock.say(s.room, "alice", "!q gil")
        s.fence(other)
        same(len(s.mock.answers(s.room)), 1)


@case("a command and the kick in one /sync: no answer, no error")
def command_and_kick():
    with scene() as s:
        other = s.mock.room("alice", members=["znatok"])
        s.mock.events([text(s.room, "alice", "!q gil"),
                       message(s.room, "alice", "m.room.member", {"membership": "leave"},
                               state_key=BOT)])
        s.fence(other)
        same(s.mock.answers(s.room), [])
        check(s.bot.running())


# -- upgrades

def upgrade(s, room, *, predecessor=True, creator="alice", sender="alice", **more):
    """A new room, and the tombstone in the old one that points to it."""
    content = {"predecessor": {"room_id": room, "event_id": "$last"}} if predecessor is True \
        else {"predecessor": predecessor} if predecessor else {}
    new = s.mock.room(creator, preset="public_chat", creation_content=content, **more)
    s.mock.state(room, sender, "m.room.tombstone", {"body": "moved", "replacement_room": new})
    return new


def membership(s, room):
    return s.mock.get_user()["rooms"].get(room)


@case("SY19 an upgrade: the bot goes along, with the room's settings, by the sender's server")
def upgraded():
    for version in ("10", "11", "12"):
        with scene() as s:
            s.ask("!lang ru")
            s.ask("!set prefix ?")
            new = upgrade(s, s.room, room_version=version)
            until(lambda: membership(s, new) == "join", "it joins the new room")
            request = s.mock.log(method="POST", regex="/join")[0]
            check("via=localhost" in request["query"], request["query"])
            answer = s.ask("?q nothing-there", room=new)
            check("ничего нет" in answer["content"]["body"], answer["content"]["body"])
            said = len(s.mock.answers(s.room))
            s.mock.say(s.room, "alice", "?q gil")
            s.ask("?q gil", room=new)
            same(len(s.mock.answers(s.room)), said, "in the old room it keeps still")


@case("SY19 a forged tombstone: the new room does not name the old one; nothing moves, the bot leaves")
def forged():
    for predecessor in (None, {"room_id": "!other:localhost"}, {"room_id": 5}, {}):
        with scene() as s:
            s.ask("!lang ru")
            new = upgrade(s, s.room, predecessor=predecessor, creator="mallory", sender="bob")
            until(lambda: s.mock.log(method="POST", regex="/join"), "it looks at the new room")
            until(lambda: membership(s, new) in (None, "leave"), "it leaves the new room")
            same(s.mock.timeline(new, sender=BOT, type="m.room.message"), [])
            same(s.bot.query("SELECT count(*) FROM room_address WHERE address = ? AND room_no = "
                             "(SELECT room_no FROM room_address WHERE address = ?)", new, s.room),
                 [(0,)])
            s.ask("!q gil")


@case("SY19 a forged tombstone, and an invitation that policy refuses: the bot leaves, unheard")
def forged_and_invited():
    for policy in ("admins", "none"):
        with scene(matrix={"invites": policy}) as s:
            trap = s.mock.room("mallory")
            s.mock.state(s.room, "alice", "m.room.tombstone", {"body": "x", "replacement_room": trap})
            until(lambda: s.mock.log(method="POST", regex="/join"), "it looks at the new room")
            s.mock.member(trap, "znatok", "invite", sender="mallory")
            s.bot.wait_log("which does not say so; it is left")
            until(lambda: membership(s, trap) in (None, "leave"), "it leaves")
            same(s.mock.timeline(trap, sender=BOT, type="m.room.message"), [])
            s.ask("!q gil")


@case("SY19 a new room that names the old one, of which no tombstone tells: nothing moves")
def no_tombstone():
    with scene() as s:
        s.ask("!lang ru")
        thief = s.mock.room("mallory", invite=["znatok"], creation_content={
            "predecessor": {"room_id": s.room, "event_id": "$x"}})
        until(lambda: membership(s, thief) == "join", "it joins")
        answer = s.ask("!q nothing-there", "mallory", thief)
        check("nothing about" in answer["content"]["body"], answer["content"]["body"])
        answer = s.ask("!q nothing-there")
        check("ничего нет" in answer["content"]["body"], answer["content"]["body"])


@case("SY19 tombstones that make no sense: no room, the same room, a room that cannot be joined")
def odd_tombstones():
    with scene() as s:
        other = s.mock.room("alice", members=["znatok"])
        closed = s.mock.room("mallory")
        for content in ({}, {"replacement_room": 5}, {"replacement_room": ""},
                        {"replacement_room": "no room"}, {"replacement_room": "!"},
                        {"replacement_room": "!x\nznatok: error: forged"},
                        {"replacement_room": "!" + 255 * "x"}, {"replacement_room": other},
                        {"replacement_room": closed}, {"replacement_room": "!gone:far.example"}):
            room = s.mock.room("alice", members=["znatok"])
            s.fence(room)
            s.mock.state(room, "alice", "m.room.tombstone", content)
        s.mock.state(s.room, "alice", "m.room.tombstone", {"replacement_room": s.room})
        s.fence(other)
        check(s.bot.running())
        same(membership(s, other), "join")
        joins = {r["path"].split("/")[-1] for r in s.mock.log(method="POST", regex="/join")}
        check(joins <= {quote(closed), quote("!gone:far.example")}, joins)
        same(s.bot.query("SELECT count(*) FROM matrix_room WHERE replacement NOT IN (?, ?, ?, ?)",
                         other, closed, "!gone:far.example", s.room), [(0,)])


# -- power

@case("moderators: by power level, default levels, and creators of version 12 without any")
def moderators():
    with scene() as s:
        def is_moderator(room, user):
            return "is for moderators" not in s.ask("!gaps", user, room)["content"]["body"]

        def room(powers, version="10", **more):
            return s.mock.room("alice", members=["znatok", "bob", "carol"], room_version=version,
                               power_level_content_override=powers, **more)
        plain = room({"users": {"@alice:localhost": 100, "@bob:localhost": 50,
                                "@carol:localhost": 49}})
        same([is_moderator(plain, u) for u in ("alice", "bob", "carol")], [True, True, False])
        lofty = room({"users": {"@alice:localhost": 100}, "users_default": 50})
        same([is_moderator(lofty, u) for u in ("bob", "carol")], [True, True])
        twelve = room({"users": {"@carol:localhost": 50}}, "12",
                      creation_content={"additional_creators": ["@bob:localhost"]})
        same([is_moderator(twelve, u) for u in ("alice", "bob", "carol")], [True, True, True])
        s.mock.state(twelve, "alice", "m.room.power_levels", {"users": {"@carol:localhost": 0}})
        same([is_moderator(twelve, u) for u in ("alice", "bob", "carol")], [True, True, False])
        ten = room({"users": {"@alice:localhost": 0}}, "10",
                   creation_content={"additional_creators": ["@bob:localhost"]})
        same([is_moderator(ten, u) for u in ("alice", "bob")], [False, False])


@case("power levels that make no sense make nobody a moderator, and end nothing")
def odd_powers():
    with scene() as s:
        for content in ({"users": 5}, {"users": {"@bob:localhost": "100"}},
                        {"users": {"@bob:localhost": 1e300}}, {"users_default": "50"},
                        {"users": {"@bob:localhost": None}}, {"users": []},
                        {"users": {"@bob:localhost": -9007199254740991}}):
            s.mock.state(s.room, "alice", "m.room.power_levels", content)
            s.ask("!gaps", "bob")
        s.mock.state(s.room, "alice", "m.room.power_levels", {"users": {"@alice:localhost": 100}})
        answer = s.ask("!gaps", "bob")
        check("moderators" in answer["content"]["body"])


@case("a level in the state that came at the first sync counts, and after a restart too")
def kept_powers():
    with scene(start=False) as s:
        room = s.mock.room("alice", members=["znatok", "bob"], power_level_content_override={
            "users": {"@alice:localhost": 100, "@bob:localhost": 50}})
        s.bot.start()
        check("moderators" not in s.ask("!gaps", "bob", room)["content"]["body"])
        s.bot.stop()
        s.bot.restart()
        check("moderators" not in s.ask("!gaps", "bob", room)["content"]["body"])


main()
