#!/usr/bin/env python3
"""The bot on a real Synapse: what it sends, in order and once.

Arguments choose cases by the beginning of their sentence."""

import json
import pathlib
import sys

sys.path[:0] = [str(pathlib.Path(__file__).resolve().parents[1] / room) for room in ("peers", "lib")]

from scene import (Scene, ask_many, database, each_once, check, in_reply_to,  # noqa: E402
                   quote, settled, until, welcomed, words_of)
from proxy import Proxy  # noqa: E402
from tap import case, run  # noqa: E402


@case("SE01 an answer whose 200 is lost is sent again, the same bytes; one event")
def lost_answer(scene):
    with Proxy(scene.server.url) as proxy, scene.bot(url=proxy.url) as bot:
        room = scene.room(bot)
        before = len(proxy.requests("PUT", "/send/"))
        proxy.rule("PUT", "/send/", "cut", times=2)
        asked = settled(scene.alice, room, bot)
        until(lambda: any(r.status == 200 for r in proxy.requests("PUT", "/send/")[before:]),
                   "the third try")
        puts = proxy.requests("PUT", "/send/")[before:]
        check([r.status for r in puts] == ["cut", "cut", 200], [r.status for r in puts])
        check(len({(r.path, r.body) for r in puts}) == 1, [(r.path, r.body) for r in puts])
        check(len({json.loads(r.answer)["event_id"] for r in puts}) == 1, "two events")
        each_once(scene.alice, room, bot, [asked, settled(scene.alice, room, bot)])


@case("SE01 the bot is killed between the server's 200 and its own record of it; one event")
def killed_after_put(scene):
    with Proxy(scene.server.url) as proxy, scene.bot(url=proxy.url) as bot:
        room = scene.room(bot)
        before = len(proxy.requests("PUT", "/send/"))
        proxy.rule("PUT", "/send/", "cut", times=1)
        held = proxy.rule("PUT", "/send/", "hold", times=1)
        asked = scene.alice.send(room, "!q gil")
        scene.alice.wait_answer(room, asked)
        check(held.reached.wait(60), "no second try")
        bot.kill()
        held.release()
        bot.start()
        each_once(scene.alice, room, bot, [asked, settled(scene.alice, room, bot)])
        puts = proxy.requests("PUT", "/send/")[before:]
        check(puts[0].path == puts[1].path and puts[0].body == puts[1].body, puts)


@case("SE03 order is kept: 20 answers in one room, the third gets 502 twice")
def order(scene):
    with Proxy(scene.server.url) as proxy, scene.bot(url=proxy.url) as bot:
        room = scene.room(bot)
        rule = proxy.rule("PUT", "/send/", 502, skip=2, times=2, body=b"<html>")
        asked = ask_many(scene.alice, room, 20)
        asked.append(settled(scene.alice, room, bot))
        each_once(scene.alice, room, bot, asked)
        check(rule.times == 0, "nothing was refused")


@case("SE04 Synapse's own limits: a burst of answers is slowed down, none is lost, in order")
def own_limits(_):
    with Scene(limits="default") as scene, Proxy(scene.server.url) as proxy, \
            scene.bot(url=proxy.url) as bot:
        people = [scene.alice, scene.server.register("bob")]
        room = scene.alice.create_room(invite=[bot.id], public=True)
        people[1].join(room)
        welcomed(scene.alice, room, bot)
        asked = [people[n % 2].send(room, f"!q gil {n}") for n in range(13)]
        for event in asked:
            scene.alice.wait(lambda e: in_reply_to(e) == event, f"an answer to {event}")
        each_once(scene.alice, room, bot, asked)
        refused = [r for r in proxy.requests("PUT", "/send/") if r.status == 429]
        check(refused, "the limit was never met")
        check(len(refused) < 10, f"{len(refused)} tries too early")


@case("SE07 an answer too long for one event is sent in parts, none of it lost")
def parts(scene):
    with scene.bot() as bot:
        notes = bot.folder / "notes"
        notes.mkdir()
        lines = [f"Строка номер {n} о том, как долго бывает ответ на простой вопрос." for n in range(400)]
        (notes / "long.md").write_text("# Длинное\n\n## Длиннота\n\n" + "\n\n".join(lines) + "\n")
        bot.stop()
        bot.configure(notes={"folders": notes})
        bot.start()
        room = scene.room(bot)
        scene.alice.ask(room, "!set budget 30000")
        first = scene.alice.ask(room, "!q длиннота")
        settled(scene.alice, room, bot)
        said = words_of(scene.alice, room, bot.id)
        part = said[[e["event_id"] for e in said].index(first["event_id"]):-1]
        check(len(part) > 1, "it fitted into one event")
        text = "".join(e["content"]["body"] for e in part)
        check(all(line in text for line in lines), [line for line in lines if line not in text])
        check(all("m.in_reply_to" not in json.dumps(e["content"]) for e in part[1:]), part[1:])
        check(all(e["content"]["m.mentions"] == {} for e in part[1:]), "a later part mentions")


@case("SE11 a message to nobody mentions nobody, an answer the one who asked")
def mentions(scene):
    alice, bob = scene.alice, scene.server.register("bob")
    with scene.bot() as bot:
        room = alice.create_room(public=True, invite=[bot.id])
        bob.join(room)
        hello = welcomed(alice, room, bot)
        check(hello["content"]["m.mentions"] == {}
               and hello["content"]["msgtype"] == "m.notice", hello)
        answer = alice.ask(room, "!q gil")
        check(answer["content"]["m.mentions"] == {"user_ids": [alice.id]}
               and answer["content"]["msgtype"] == "m.notice", answer)
        bob.wait(lambda e: e["event_id"] == answer["event_id"], "bob sees it")
        counts = {p.name: p.call("GET", "/v3/sync", filter='{"room":{"timeline":{"limit":1}}}')
                  ["rooms"]["join"][room]["unread_notifications"]["highlight_count"]
                  for p in (alice, bob)}
        # A notice rings no bell, whomever it mentions.
        check(counts == {"alice": 0, "bob": 0}, counts)


@case("SE12 a command in a thread is answered in that thread")
def thread(scene):
    alice = scene.alice
    with scene.bot() as bot:
        room = scene.room(bot)
        root = alice.send(room, "let us talk about threads")
        asked = alice.send(room, "!q gil", thread=root)
        answer = alice.wait_answer(room, asked)
        check(answer["content"]["m.relates_to"] == {
            "rel_type": "m.thread", "event_id": root, "is_falling_back": True,
            "m.in_reply_to": {"event_id": asked}}, answer)
        outside = alice.ask(room, "!q gil")
        check(set(outside["content"]["m.relates_to"]) == {"m.in_reply_to"}, outside)
        in_thread = alice.call(
            "GET", f"/v1/rooms/{quote(room)}/relations/{quote(root)}/m.thread")["chunk"]
        check([e["event_id"] for e in in_thread] == [answer["event_id"], asked], in_thread)


@case("SE14 a reaction that stands there already counts as set, and holds nothing up")
def reaction(scene):
    alice = scene.alice
    with scene.bot() as bot:
        room = scene.room(bot)
        answer = alice.ask(room, "!q gil")["event_id"]
        check(bot.stop() == 0, bot.log())
        bot.account.react(room, answer, "👍")
        with database(bot) as db:
            for key in ("👍", "👋", "👋"):
                db.execute(
                    "INSERT INTO outbox (network, room_no, kind, target_outbox, form, markdown, at)"
                    " SELECT network, room_no, 2, id, 'text', $1, at FROM outbox WHERE id ="
                    " (SELECT outbox_id FROM wire WHERE event_id = $2)", (key, answer))
        bot.start()
        settled(alice, room, bot)
        check(bot.stop() == 0, bot.log())
        keys = [e["content"]["m.relates_to"]["key"] for e in alice.timeline(room)
                if e["type"] == "m.reaction"]
        check(sorted(keys) == sorted(["👍", "👋"]), keys)
        with database(bot) as db:
            states = [row[0] for row in db.execute("SELECT state FROM outbox WHERE kind = 2")]
        check(states == ["done"] * 3, states)


if __name__ == "__main__":
    with Scene() as everything:
        status = run(everything)
    sys.exit(status)
