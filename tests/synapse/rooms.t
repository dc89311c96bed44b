#!/usr/bin/env python3
"""The bot on a real Synapse: invites, joins, room versions, tombstones.

Arguments choose cases by the beginning of their sentence."""

import pathlib
import sys

sys.path[:0] = [str(pathlib.Path(__file__).resolve().parents[1] / room) for room in ("peers", "lib")]

from scene import (Scene, database, each_once, check, query, quote,  # noqa: E402
                   settled, until, welcomed, words_of)
from proxy import Proxy  # noqa: E402
from tap import case, run  # noqa: E402


@case("SY16 an admin's invite is accepted, a stranger's is refused and forgotten")
def invites(scene):
    alice, mallory = scene.alice, scene.server.register("mallory")
    with Proxy(scene.server.url) as proxy, \
            scene.bot(url=proxy.url, matrix={"invites": "admins"}) as bot:
        refused = mallory.create_room(invite=[bot.id])
        until(lambda: mallory.membership(refused, bot.id) == "leave", "the bot declines")
        until(lambda: [r for r in proxy.requests("POST", "/forget")
                            if quote(refused) in r.path and r.status == 200], "it forgets")
        room = alice.create_room(invite=[bot.id])
        hello = welcomed(alice, room, bot)
        settled(alice, room, bot)
        check([e["event_id"] for e in words_of(alice, room, bot.id)][0] == hello["event_id"]
               and len(words_of(alice, room, bot.id)) == 2, words_of(alice, room, bot.id))
        check(not [r for r in proxy.requests("POST", "/join") if quote(refused) in r.path],
               "it had joined")


@case("SY16 invites = a list of users and servers, and none")
def invite_list(scene):
    names = [scene.server.register(name) for name in ("ivan", "john")]
    for policy, welcome in (("@ivan:localhost;example.org", [True, False]),
                            ("localhost", [True, True]), ("none", [False, False])):
        with scene.bot(matrix={"invites": policy}) as bot:
            for person, wanted in zip(names, welcome):
                room = person.create_room(invite=[bot.id])
                until(lambda: person.membership(room, bot.id) != "invite", "a decision")
                check(person.membership(room, bot.id) == ("join" if wanted else "leave"),
                       policy, person.id, person.membership(room, bot.id))


@case("SY16 an invite that stood there before the first start is accepted, with one welcome")
def invited_before(scene):
    alice = scene.alice
    bot = scene.bot()
    room = alice.create_room(invite=[bot.id])
    with bot:
        welcomed(alice, room, bot)
        settled(alice, room, bot)
        check(bot.stop() == 0, bot.log())
        # And one that came while it was down.
        later = alice.create_room(invite=[bot.id])
        bot.start()
        welcomed(alice, later, bot)
        for where in (room, later):
            settled(alice, where, bot)
        check(len(words_of(alice, room, bot.id)) == 3, words_of(alice, room, bot.id))
        check(len(words_of(alice, later, bot.id)) == 2, words_of(alice, later, bot.id))


@case("SY17 a join that fails with 404 and 502 is tried again; one welcome")
def join_again(scene):
    alice = scene.alice
    with Proxy(scene.server.url) as proxy:
        proxy.rule("POST", "/join", 404, body=b'{"errcode":"M_NOT_FOUND","error":"not yet"}')
        proxy.rule("POST", "/join", 502, body=b"<html>Bad Gateway</html>")
        with scene.bot(url=proxy.url) as bot:
            room = alice.create_room(invite=[bot.id])
            welcomed(alice, room, bot)
            settled(alice, room, bot)
            joins = proxy.requests("POST", "/join")
            check([r.status for r in joins] == [404, 502, 200], [r.status for r in joins])
            check(joins[1].at - joins[0].at > 0.9 and joins[2].at - joins[1].at > 0.9,
                   "it did not wait in between")
            check(len(words_of(alice, room, bot.id)) == 2, words_of(alice, room, bot.id))


@case("SY18 a room of version 12, whose id names no server, is joined by way of the inviter's")
def version_12(scene):
    with Proxy(scene.server.url) as proxy, scene.bot(url=proxy.url) as bot:
        room = scene.room(bot, room_version="12")
        check(":" not in room, room)
        joins = proxy.requests("POST", "/join")
        check(joins and query(joins[0]).get("via") == "localhost"
               and query(joins[0]).get("server_name") == "localhost", [j.path for j in joins])
        each_once(scene.alice, room, bot, [settled(scene.alice, room, bot)])


@case("SY19 a forged tombstone moves nothing: the new room does not name the old one")
def forged_tombstone(scene):
    alice, mallory = scene.alice, scene.server.register("mallory2")
    with scene.bot() as bot:
        room = alice.create_room(
            public=True, invite=[bot.id],
            power_level_content_override={"events": {"m.room.tombstone": 0}})
        welcomed(alice, room, bot)
        alice.ask(room, "!set prefix ?")
        mallory.join(room)
        trap = mallory.create_room(public=True)
        mallory.set_state(room, "m.room.tombstone", {"body": "moved", "replacement_room": trap})
        # It may look at the room; it must not stay in it.
        settled(alice, scene.room(bot), bot)
        until(lambda: mallory.membership(trap, bot.id) in (None, "leave"), "the bot leaves")
        alice.join(trap)
        mallory.invite(trap, bot.id)
        welcomed(mallory, trap, bot)
        # The prefix of the old room is not that of the new one.
        asked = [alice.send(trap, "?q gil"), alice.send(trap, "!q gil")]
        alice.wait_answer(trap, asked[1])
        each_once(alice, trap, bot, asked[1:])


@case("SY20 an encrypted room: nothing is sent in it; the inviter is told once, in a direct chat")
def encrypted(scene):
    alice = scene.server.register("alma")
    with scene.bot() as bot:
        secret = {"type": "m.room.encryption", "state_key": "",
                  "content": {"algorithm": "m.megolm.v1.aes-sha2"}}
        room = alice.create_room(invite=[bot.id], initial_state=[secret])
        until(lambda: alice.sync(1).get("rooms", {}).get("invite"), "the bot's invite")
        chats = list(alice.synced["rooms"]["invite"])
        check(len(chats) == 1, chats)
        alice.join(chats[0])
        told = alice.wait(lambda e: e["room_id"] == chats[0] and e["sender"] == bot.id
                          and e["type"] == "m.room.message", "why it is silent")
        check("ncrypt" in told["content"]["body"], told)
        # Plain words in that room are as those of any other: not answered there.
        alice.send(room, "!q gil")
        settled(alice, chats[0], bot)
        bot.kill()
        bot.start()
        alice.send(room, "!q gil")
        settled(alice, chats[0], bot)
        sent = [e for e in alice.timeline(room) if e["sender"] == bot.id and "state_key" not in e]
        check(not sent, sent)
        check(len(words_of(alice, chats[0], bot.id)) == 3, words_of(alice, chats[0], bot.id))


@case("the bot's own way out: what it had to say in a room that it was kicked from is dropped")
def kicked_while_sending(scene):
    alice = scene.alice
    with Proxy(scene.server.url) as proxy, scene.bot(url=proxy.url) as bot:
        room, other = scene.room(bot), scene.room(bot)
        rule = proxy.rule("PUT", quote(room) + "/send/", 502, times=-1)
        alice.send(room, "!q gil")
        until(lambda: any(r.status == 502 for r in proxy.requests("PUT", "/send/")), "a try")
        alice.kick(room, bot.id)
        rule.times = 0
        settled(alice, other, bot)
        check(bot.stop() == 0, bot.log())
        with database(bot) as db:
            states = dict(db.execute("SELECT state, count(*) FROM outbox GROUP BY state"))
        check(set(states) <= {"done", "failed"} and states.get("failed"), states)


if __name__ == "__main__":
    with Scene() as everything:
        status = run(everything)
    sys.exit(status)
