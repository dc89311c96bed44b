#!/usr/bin/env python3
"""What is a command and what is talk: mentions, replies, threads, direct chats,
edits, redactions, reactions, loops of two bots."""

import json
import pathlib
import sys
import time

sys.path[:0] = [str(pathlib.Path(__file__).resolve().parents[1] / room) for room in ("mock", "lib")]
from mock import message, quote, reaction, text  # noqa: E402
from scene import replied, scene  # noqa: E402
from tap import case, check, main, same, until  # noqa: E402

BOT = "@znatok:localhost"


@case("a mention by m.mentions, or by the name in front: the prefix may be left out")
def mentions():
    with scene() as s:
        events = s.mock.events([
            text(s.room, "alice", "gil", mentions=[BOT]),
            text(s.room, "alice", "znatok: gil", mentions=[BOT]),
            text(s.room, "alice", "znatok: gil"),
            text(s.room, "alice", "znatok, gil"),
            text(s.room, "alice", "Znatok:   gil"),
            text(s.room, "alice", BOT + ": gil"),
            text(s.room, "alice", "!q gil", mentions=[BOT]),
            text(s.room, "alice", "znatok: !q gil", mentions=[]),
            text(s.room, "alice", f"[{BOT}](https://matrix.to/#/{BOT}) gil", mentions=[BOT]),
            text(s.room, "alice", f"[Znatok](https://matrix.to/#/{quote(BOT)}): !q gil",
                 mentions=[BOT]),
        ])
        for event in events:
            body = s.mock.answer_to(s.room, event)["content"]["body"]
            check(body.startswith("GIL"), body)
        s.answered(*events)


@case("a display name that is changed while the bot runs is its name from then on")
def renamed():
    with scene() as s:
        for name in ("Oracle", "Die Knowerin"):
            s.mock.state(s.room, "znatok", "m.room.member",
                         {"membership": "join", "displayname": name}, BOT)
            event = s.mock.say(s.room, "alice", f"{name}: gil", mentions=[BOT])
            body = s.mock.answer_to(s.room, event)["content"]["body"]
            check(body.startswith("GIL"), body)
        # Others may call themselves as they like.
        s.mock.state(s.room, "bob", "m.room.member",
                     {"membership": "join", "displayname": "Mime"}, "@bob:localhost")
        s.mock.say(s.room, "alice", "Mime: gil")
        same(len(s.fence()), 2)


@case("what is no mention: the name within a sentence, others' names, bare words, a room mention")
def no_mentions():
    with scene() as s:
        s.mock.events([
            text(s.room, "alice", "gil"),
            text(s.room, "alice", "I asked znatok about gil"),
            text(s.room, "alice", "znatokov: gil"),
            text(s.room, "alice", "people: gil"),  # as long as the name
            text(s.room, "alice", "bob: gil", mentions=["bob"]),
            message(s.room, "alice", "m.room.message", {
                "msgtype": "m.text", "body": "gil", "m.mentions": {"room": True}}),
            message(s.room, "alice", "m.room.message", {
                "msgtype": "m.text", "body": "gil", "m.mentions": {"user_ids": [7, None]}}),
            message(s.room, "alice", "m.room.message", {
                "msgtype": "m.text", "body": "gil", "m.mentions": [BOT]}),
        ])
        s.silent()


@case("a reply to the bot is talk, although clients mention it; with its name it is a question")
def replies():
    with scene() as s:
        answer = s.ask("!q gil")["event_id"]
        asked = s.mock.answers(s.room)
        s.mock.events([
            text(s.room, "alice", "thank you", reply_to=answer, mentions=[BOT]),
            text(s.room, "bob", "декораторы", reply_to=answer, mentions=[BOT])])
        event = s.mock.say(s.room, "bob", "znatok: декораторы", reply_to=answer, mentions=[BOT])
        command = s.mock.say(s.room, "bob", "!q декораторы", reply_to=answer, mentions=[BOT])
        s.mock.answer_to(s.room, command)
        same([replied(e) for e in s.fence()], [replied(asked[0]), event, command])


@case("an old client's reply with a quotation in front: the command behind it is found")
def fallback():
    with scene() as s:
        answer = s.ask("!q gil")
        event = s.mock.say(s.room, "bob", f"> <{BOT}> GIL (Global Interpreter Lock)\n> more\n\n!q gil",
                           reply_to=answer["event_id"])
        s.mock.answer_to(s.room, event)
        same(len(s.fence()), 2)


@case("a direct chat needs no prefix and no mention; a room of three does")
def direct():
    with scene() as s:
        room = s.mock.room("alice", invite=["znatok"], is_direct=True)
        s.mock.timeline(room, 1, sender=BOT, type="m.room.member")
        s.mock.answers(room, 1)  # the welcome
        until(lambda: s.mock.get_user()["account_data"].get("m.direct") ==
              {"@alice:localhost": [room]}, "m.direct")
        s.mock.settled()
        check("GIL" in s.ask("gil", room=room)["content"]["body"])
        s.mock.member(room, "bob", "join")
        said = s.mock.say(room, "alice", "gil")
        s.fence(room)
        same(s.mock.answers(room, reply_to=said), [])


@case("SE12 a command in a thread is answered in it, with is_falling_back; another part too")
def thread():
    with scene() as s:
        root = s.mock.say(s.room, "alice", "let us talk about python")
        event = s.mock.say(s.room, "alice", "!q gil", thread=root, reply_to=root)
        answer = s.mock.answer_to(s.room, event)
        same(answer["content"]["m.relates_to"], {
            "rel_type": "m.thread", "event_id": root, "is_falling_back": True,
            "m.in_reply_to": {"event_id": event}})
        plain = s.ask("!q gil")
        same(list(plain["content"]["m.relates_to"]), ["m.in_reply_to"])


@case("an edit is not run again, and an edit into a command is not run either")
def edits():
    with scene() as s:
        event = s.mock.say(s.room, "alice", "!q gil")
        s.mock.answer_to(s.room, event)
        talk = s.mock.say(s.room, "alice", "just talk")
        s.mock.events([
            text(s.room, "alice", "!q декораторы", edits=event),
            text(s.room, "alice", "!q декораторы", edits=talk),
            text(s.room, "bob", "!q декораторы", edits=event),
            text(s.room, "alice", "!q декораторы", edits="$unknown")])
        s.answered(event)


@case("SY23 a redaction before the worker: no answer; version 10 top level, version 11 in content")
def redacted():
    with scene() as s:
        for version, inside in (("10", False), ("11", True), ("12", True)):
            room = s.mock.room("alice", members=["znatok"], room_version=version)
            s.fence(room)
            now = int(time.time() * 1000)
            command = {"type": "m.room.message", "sender": "@alice:localhost",
                       "event_id": "$c" + version, "origin_server_ts": now, "unsigned": {"age": 5},
                       "content": {"msgtype": "m.text", "body": "!q gone"}}
            redaction = {"type": "m.room.redaction", "sender": "@alice:localhost",
                         "event_id": "$r" + version, "origin_server_ts": now,
                         "unsigned": {"age": 4}, "content": {}}
            (redaction["content"] if inside else redaction)["redacts"] = "$c" + version
            s.mock.sync_body(json.dumps({"next_batch": "@NEXT@", "rooms": {"join": {room: {
                "timeline": {"events": [command, redaction]}}}}}))
            same(len(s.fence(room)), 1, f"answers in version {version}")


@case("SY23 an event that comes redacted is not answered, whatever its content says")
def redacted_because():
    with scene() as s:
        s.mock.event(s.room, "alice", "m.room.message", {"msgtype": "m.text", "body": "!q gil"},
                     unsigned={"redacted_because": {"type": "m.room.redaction", "content": {}}})
        s.silent()


@case("SY23 a command redacted while its answer waits: the answer is not sent")
def redacted_in_time():
    with scene() as s:
        hold = s.mock.rule(regex="/state/m.room.encryption", action="hold")
        event = s.mock.say(s.room, "alice", "!q gil")
        s.mock.wait_for(1, regex="/state/m.room.encryption", received=1)
        s.mock.redact(s.room, "alice", event)
        s.mock.settled()
        s.mock.drop_rule(hold)
        s.silent()


@case("a redaction by whom it does not concern, of what was answered, of what nobody knows")
def other_redactions():
    with scene() as s:
        event = s.mock.say(s.room, "alice", "!q gil")
        s.mock.answer_to(s.room, event)
        s.mock.redact(s.room, "alice", event)
        s.mock.redact(s.room, "alice", "$unknown")
        s.mock.event(s.room, "alice", "m.room.redaction", {})
        s.mock.event(s.room, "alice", "m.room.redaction", {"redacts": 7}, redacts={"x": 1})
        s.answered(event)


@case("an answer to a question is edited by its writer only, and redacted in its room only")
def changes_of_others():
    with scene() as s:
        other = s.mock.room("mallory", members=["znatok", "alice"], room_version="11")
        s.fence(other, "mallory")
        s.mock.say(s.room, "alice", "!quiz 1 open")
        question = until(lambda: [e for e in s.mock.answers(s.room)
                                  if "❓" in e["content"]["body"]], "a question")[0]
        answer = s.mock.say(s.room, "alice", "nobody knows", reply_to=question["event_id"])

        def mark():
            s.fence()
            s.fence(other, "mallory")
            return s.bot.query("SELECT edited, redacted FROM answer a JOIN inbox i "
                               "ON i.id = a.cause WHERE i.event = ?", answer)
        s.mock.events([
            text(s.room, "bob", "nonsense", edits=answer),
            text(other, "alice", "nonsense", edits=answer),
            message(other, "mallory", "m.room.redaction", {"redacts": answer})])
        same(mark(), [(0, 0)])
        same(s.bot.query("SELECT body FROM inbox WHERE event = ?", answer), [("nobody knows",)])
        s.mock.events([text(s.room, "alice", "something else", edits=answer)])
        same(mark(), [(1, 0)])
        s.mock.redact(s.room, "bob", answer)
        same(mark(), [(1, 1)])
        same(s.bot.query("SELECT body FROM inbox WHERE event = ?", answer), [(None,)])


@case("a redaction in another room takes no waiting answer away")
def redacted_elsewhere():
    with scene() as s:
        other = s.mock.room("mallory", members=["znatok"], room_version="11")
        s.fence(other, "mallory")
        hold = s.mock.rule(regex="/state/m.room.encryption", action="hold")
        event = s.mock.say(s.room, "alice", "!q gil")
        s.mock.wait_for(1, regex="/state/m.room.encryption", received=1)
        s.mock.event(other, "mallory", "m.room.redaction", {"redacts": event})
        s.mock.settled()
        s.mock.drop_rule(hold)
        s.answered(event)


@case("a reaction takes a choice from the message that it stands on, as !q N does")
def reactions():
    with scene() as s:
        offer = s.ask("!q кэш")
        check("1." in offer["content"]["body"], offer["content"]["body"])
        by_number = s.ask("!q 2")["content"]["body"]
        event = s.mock.events([reaction(s.room, "bob", "2️⃣", offer["event_id"])])[0]
        answer = until(lambda: s.mock.answers(s.room)[2:], "an answer to the reaction")[0]
        same(answer["content"]["body"].split("\n")[0], by_number.split("\n")[0])
        same(replied(answer), offer["event_id"])
        s.mock.events([
            reaction(s.room, "bob", "👍", offer["event_id"]),
            reaction(s.room, "bob", "1️⃣", event),
            reaction(s.room, "bob", "1️⃣", "$unknown"),
            message(s.room, "bob", "m.reaction", {"m.relates_to": {"rel_type": "m.annotation"}}),
            message(s.room, "bob", "m.reaction", {"m.relates_to": 5}),
            message(s.room, "bob", "m.reaction", {})])
        same(len(s.fence()), 3)


@case("SY15 another bot: its notices are never heard; with text, the loop breaker trips")
def loop():
    with scene() as s:
        other = s.mock.room("alice", members=["znatok", "robot"])
        s.mock.member(s.room, "robot", "join")
        s.mock.events([text(s.room, "robot", "znatok: gil", msgtype="m.notice", mentions=[BOT])
                       for _ in range(50)])
        s.silent()
        at = s.mock.answers(s.room)[-1]["event_id"]
        s.mock.events([text(s.room, "robot", "znatok: gil", reply_to=at, mentions=[BOT])
                       for _ in range(50)])
        answered = len(s.fence()) - 1
        check(1 <= answered <= 11, f"{answered} answers")
        s.bot.wait_log("@robot:localhost|robot.*not heard|loop")
        s.mock.say(s.room, "robot", "znatok: gil", mentions=[BOT])
        same(len(s.fence()), answered + 2)
        check("GIL" in s.ask("znatok: gil", "robot", other, mentions=[BOT])["content"]["body"],
              "in another room it is heard")


@case("SY15 people who say many commands with a prefix trip nothing")
def no_loop():
    with scene() as s:
        events = s.mock.events([text(s.room, "bob", "!q gil") for _ in range(30)])
        s.answered(*events)


@case("what was asked is said back cut to a sensible length: one message, and not a long one")
def echo():
    with scene() as s:
        for query in ("zz" + "я" * 20000, " ".join(f"zz{i}я" for i in range(3000))):
            before = len(s.mock.answers(s.room))
            body = s.ask("!q " + query)["content"]["body"]
            check("zz" in body and "…" in body and len(body) < 1000, body)
            same(len(s.fence()) - before, 1)


@case("odd bodies: very long, empty, with NUL, bidi marks, lone surrogates, deep HTML")
def odd_bodies():
    with scene() as s:
        s.mock.events([text(s.room, "alice", body) for body in (
            "", " ", "!", "!q", "\x00!q gil", "!q " + "ж" * 20000, "!q \u202egil",
            "!" * 5000, "!q " + "\n" * 1000, "<b>" * 3000)])
        s.mock.events([message(s.room, "alice", "m.room.message", {
            "msgtype": "m.text", "body": "!q gil", "m.relates_to": odd}) for odd in (
                5, [], {"rel_type": 7}, {"m.in_reply_to": 3}, {"m.in_reply_to": {"event_id": {}}},
                {"rel_type": "m.thread"}, {"rel_type": "m.thread", "event_id": 9})])
        for odd in ("!q \\ud83d", "!q \\udc00\\ud800", "!q \\u0000 gil", "!q \\x", "\ufffe"):
            s.mock.sync_body('{"next_batch":"@NEXT@","rooms":{"join":{"' + s.room + '":{"timeline":'
                             '{"events":[{"type":"m.room.message","sender":"@alice:localhost",'
                             '"event_id":"$odd","origin_server_ts":1,"unsigned":{"age":1},'
                             '"content":{"msgtype":"m.text","body":"' + odd + '"}}]}}}}}')
        s.mock.wake()
        s.ask("!q gil")
        check(s.bot.running())


main()
