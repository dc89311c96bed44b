#!/usr/bin/env python3
"""How the bot sends: the same bytes under the same id, in order, within limits."""

import json
import pathlib
import re
import sys
import time

sys.path[:0] = [str(pathlib.Path(__file__).resolve().parents[1] / room) for room in ("mock", "lib")]
from bot import Clock  # noqa: E402
from mock import CLIENT, quote, text  # noqa: E402
from scene import replied, scene  # noqa: E402
from tap import case, check, main, same, until  # noqa: E402

PUT = {"method": "PUT", "regex": "/send/m.room.message/"}


def after(request, other):
    """Seconds between two requests."""
    return (other["first_byte"] - request["first_byte"]) / 1e6


def limited(**more):
    return {"status": 429, "body": {"errcode": "M_LIMIT_EXCEEDED", "error": "slow", **more}}


@case("an answer: a notice in both forms, a reply, under an id of 128 random bits")
def form():
    with scene() as s:
        event = s.mock.say(s.room, "alice", "!q gil")
        content = s.mock.answer_to(s.room, event)["content"]
        same((content["msgtype"], content["format"]), ("m.notice", "org.matrix.custom.html"))
        check("GIL" in content["body"] and "GIL" in content["formatted_body"])
        check("mx-reply" not in content["formatted_body"])
        same(content["m.relates_to"], {"m.in_reply_to": {"event_id": event}})
        put, = s.mock.log(**PUT)
        txn = put["path"].rsplit("/", 1)[1]
        same(content["org.znatok.id"], txn)
        check(re.fullmatch(r"[0-9A-Za-z_-]{20,64}", txn), txn)
        s.ask("!q gil")
        check(s.mock.log(**PUT)[1]["path"].rsplit("/", 1)[1] != txn)


@case("SE10 the first part mentions who asked; SE11 what answers nobody mentions nobody")
def mentions():
    with scene() as s:
        same(s.ask()["content"]["m.mentions"], {"user_ids": ["@alice:localhost"]})
        same(s.ask(who="bob")["content"]["m.mentions"], {"user_ids": ["@bob:localhost"]})
        room = s.mock.room("alice", invite=["znatok"])
        welcome = s.mock.answers(room, 1)[0]
        same(welcome["content"]["m.mentions"], {})


@case("SE01 the answer 200 is lost: the same URL and bytes again, one event")
def lost_answer():
    for action in ("close-after", "reset-after", "truncate", "empty"):
        with scene() as s:
            s.mock.rule(**PUT, times=1, action=action)
            event = s.mock.say(s.room, "alice", "!q gil")
            s.mock.answer_to(s.room, event)
            s.answered(event)
            puts = s.mock.log(**PUT)
            # An echo may have told already that it is there.
            check(len(puts) in (2, 3), f"{len(puts)} PUTs after {action}")
            if len(puts) == 3:
                same((puts[0]["target"], puts[0]["body"]), (puts[1]["target"], puts[1]["body"]))


@case("SE03 twenty messages to one room keep their order, although the third fails twice")
def order():
    with scene() as s:
        s.mock.rule(**PUT, skip=2, times=2, status=502, body="<html>")
        events = s.mock.events([text(s.room, "alice", f"!q word-{i}") for i in range(20)])
        s.answered(*events)
        said = [e["content"]["body"] for e in s.mock.answers(s.room)[:20]]
        for i, body in enumerate(said):
            check(f"word-{i}”" in body, body)


@case("one send at a time in a room, several rooms at once, at most eight")
def parallel():
    with scene() as s:
        rooms = [s.mock.room("alice", members=["znatok"]) for _ in range(12)]
        for room in rooms:
            s.fence(room)
        s.mock.forget_log()
        hold = s.mock.rule(**PUT, action="hold")
        events = s.mock.events([text(room, "alice", "!q gil") for room in rooms for _ in range(3)])
        s.mock.wait_for(8, **PUT, received=1)
        s.mock.settled()
        held = [r["path"].split("/")[5] for r in s.mock.log(**PUT, received=1)]
        same((len(held), len(set(held))), (8, 8))
        s.mock.drop_rule(hold)
        for i, event in enumerate(events):
            s.mock.answer_to(rooms[i // 3], event)
        for i, room in enumerate(rooms):
            same([replied(e) for e in s.fence(room)[1:]], events[3 * i:3 * i + 3])


@case("SE04 429 with Retry-After: no send in any room for so long; what was refused goes first")
def retry_after():
    with scene() as s:
        other = s.mock.room("alice", members=["znatok"])
        s.fence(other)
        s.fence()
        s.mock.forget_log()
        s.mock.rule(**PUT, times=1, headers={"Retry-After": "3"}, **limited(retry_after_ms=1))
        first = s.mock.say(s.room, "alice", "!q gil")
        refused = s.mock.wait_for(1, **PUT, status=429)[0]
        # What the bot begins before it has read the refusal is not held back.
        s.bot.wait_log("sending pauses")
        events = s.mock.events([text(room, "alice", "!q gil") for room in (other, s.room)])
        s.mock.answer_to(other, events[0])
        s.mock.answer_to(s.room, events[1])
        for put in s.mock.log(**PUT)[1:]:
            check(after(refused, put) >= 2.99, f"{after(refused, put)} s")
        again = [p for p in s.mock.log(**PUT) if p["target"] == refused["target"]]
        same([p["status"] for p in again], [429, 200])
        same(again[0]["body"], again[1]["body"])
        same([replied(e) for e in s.mock.answers(s.room)][-2:], [first, events[1]])


@case("SE04 several 429 under way: the longest Retry-After is waited for")
def several_limits():
    with scene(clock=Clock(rate=10), server={"speed": 10}) as s:
        rooms = [s.room, *(s.mock.room("alice", members=["znatok"]) for _ in range(3))]
        for room in rooms:
            s.fence(room)
        s.mock.forget_log()
        # The answers come in this order.
        for wait, delay in (("10", 0), ("40", 200), ("20", 400), (None, 600)):
            s.mock.rule(**PUT, times=1, delay_ms=delay, **limited(),
                        headers={"Retry-After": wait} if wait else {})
        events = s.mock.events([text(room, "alice", "!q gil") for room in rooms])
        for room, event in zip(rooms, events):
            s.mock.answer_to(room, event)
        puts = s.mock.log(**PUT)
        long = sorted((p for p in puts if p["status"] == 429), key=lambda p: p["last_byte"])[1]
        wait = min(after(long, p) for p in puts if p["first_byte"] > long["last_byte"])
        check(wait >= 3.99, f"{wait} s")
        same(len(s.bot.logged("sending pauses")), 2)


@case("SE05 429 with retry_after_ms alone is waited for")
def retry_after_ms():
    with scene() as s:
        s.mock.rule(**PUT, times=1, **limited(retry_after_ms=1500))
        event = s.mock.say(s.room, "alice", "!q gil")
        s.mock.answer_to(s.room, event)
        one, two = s.mock.log(**PUT)[:2]
        check(after(one, two) >= 1.49, f"{after(one, two)} s")


@case("SE06 429 with no hint, or one that makes no sense: back-off, and then sent")
def odd_hints():
    for hint in (None, "-5", "0", "soon", "Wed, 21 Oct 2015 07:28:00 GMT", "1e9", "",
                 "99999999999999999999999"):
        with scene(clock=Clock(rate=100), server={"speed": 100}) as s:
            s.mock.rule(**PUT, times=4, headers={"Retry-After": hint} if hint is not None else {},
                        **limited())
            event = s.mock.say(s.room, "alice", "!q gil")
            s.mock.answer_to(s.room, event)
            same([p["status"] for p in s.mock.log(**PUT)][:5], [429] * 4 + [200])


@case("SE06 429 with an absurd hint: no more than 10 minutes are waited")
def capped():
    for hint in ({"headers": {"Retry-After": "99999999"}, **limited()},
                 limited(retry_after_ms=10**13)):
        with scene(clock=Clock(rate=60), server={"speed": 60}) as s:
            s.mock.rule(**PUT, times=1, **hint)
            event = s.mock.say(s.room, "alice", "!q gil")
            s.mock.answer_to(s.room, event, timeout=60)
            one, two = s.mock.log(**PUT)[:2]
            check(9.5 <= after(one, two), f"only {after(one, two) * 60} s")


LONG = "# Long\n\n" + "\n\n".join(
    " ".join(f"w{p * 40 + i}" for i in range(40)) for p in range(60)) + "\n"


@case("SE07 a long answer: 413 makes it smaller pieces, and none of it is lost")
def too_large():
    with scene(start=False, notes={"answer_budget": 30000}) as s:
        notes = s.bot.folder / "notes"
        notes.mkdir()
        (notes / "long.md").write_text(LONG)
        s.bot.configure(notes={"folders": notes})
        s.mock.rule(**PUT, body_regex="(?s)^.{6000}", status=413,
                    body={"errcode": "M_TOO_LARGE", "error": "event too large"})
        s.bot.start()
        event = s.mock.say(s.room, "alice", "!q long")
        until(lambda: "w2399" in json.dumps(s.mock.answers(s.room)), "the last word")
        s.mock.settled()
        parts = s.mock.answers(s.room)
        words = re.findall(r"w\d+", "\n".join(e["content"]["body"] for e in parts))
        same(words, [f"w{i}" for i in range(2400)])
        same([replied(e) for e in parts], [event] + [None] * (len(parts) - 1))
        same([e["content"]["m.mentions"] for e in parts[1:]], [{}] * (len(parts) - 1))
        same(len({e["content"]["org.znatok.id"] for e in parts}), len(parts))
        after_it = s.mock.say(s.room, "bob", "!q nothing-there")
        s.mock.answer_to(s.room, after_it)


@case("an answer of over 60,000 bytes: in parts, in order, and the first alone is a reply")
def parts():
    with scene(start=False, notes={"answer_budget": 30000}) as s:
        notes = s.bot.folder / "notes"
        notes.mkdir()
        (notes / "long.md").write_text(LONG.replace("w", "слово"))
        s.bot.configure(notes={"folders": notes})
        s.bot.start()
        event = s.mock.say(s.room, "alice", "!q long")
        until(lambda: "слово2399" in json.dumps(s.mock.answers(s.room), ensure_ascii=False),
              "the last word")
        found = s.mock.answers(s.room)
        words = re.findall(r"слово\d+", "\n".join(e["content"]["body"] for e in found))
        same(words, [f"слово{i}" for i in range(2400)])
        check(len(found) > 1, "one part")
        same([replied(e) for e in found], [event] + [None] * (len(found) - 1))
        same([e["content"]["m.mentions"] for e in found],
             [{"user_ids": ["@alice:localhost"]}] + [{}] * (len(found) - 1))
        same(len({e["content"]["org.znatok.id"] for e in found}), len(found))


@case("a send that is refused for good (403, 400): logged, and the room goes on")
def refused():
    with scene() as s:
        for status, code in ((403, "M_FORBIDDEN"), (400, "M_BAD_JSON"), (404, "M_UNRECOGNIZED")):
            s.mock.rule(**PUT, times=1, status=status, body={"errcode": code, "error": "no"})
            lost = s.mock.say(s.room, "alice", "!q lost")
            event = s.mock.say(s.room, "alice", "!q gil")
            s.mock.answer_to(s.room, event)
            same(s.mock.answers(s.room, reply_to=lost), [], code)
            s.bot.wait_log(code)


@case("an account that may not send for a while: all wait, and nothing is lost")
def suspended():
    for code in ("M_USER_SUSPENDED", "M_RESOURCE_LIMIT_EXCEEDED", "M_CONSENT_NOT_GIVEN"):
        with scene(clock=Clock(rate=100), server={"speed": 100}) as s:
            s.mock.rule(**PUT, times=2, status=403, body={"errcode": code, "error": "no"})
            events = s.mock.events([text(s.room, "alice", "!q gil") for _ in range(3)])
            s.answered(*events)


@case("SE09 what people write is escaped in HTML, and cannot ring the room")
def escaping():
    with scene() as s:
        evil = "<img src=x onerror=alert(1)> & \"quotes\" @room"
        content = s.ask("!q " + evil)["content"]
        html = content["formatted_body"]
        check("<img" not in html and "&lt;img src=x onerror=alert(1)&gt; &amp;" in html, html)
        check("@room" not in content["body"] and "@room" not in html, content)
        check("room" not in content["m.mentions"], content)
        s.mock.user("mallory", name="<b>Mallory</b> <img src=x>")
        s.mock.member(s.room, "mallory", "join")
        for body in ("!q x", "!gaps", "!set budget <u>", "!lang <i>"):
            html = s.ask(body, "mallory")["content"]["formatted_body"]
            check("<img" not in html and "<u>" not in html and "<i>" not in html, html)


@case("receipts: one POST a room and batch, behind the answers, never repeated; a thread is named")
def receipts():
    with scene() as s:
        regex = "/receipt/m.read/"
        s.mock.rule(regex=regex, times=1, status=500)
        events = s.mock.events([text(s.room, "alice", "!q gil") for _ in range(5)])

        def last_read():
            return [r for r in s.mock.log(method="POST", regex=regex)
                    if quote(events[4]) in r["path"]]
        until(last_read, "a receipt for the last")
        s.answered(*events)
        found = s.mock.log(method="POST", regex=regex)
        # The five may come in two answers to /sync; the fence's is one more.
        check(1 <= len(found) <= 3, f"{len(found)} receipts")
        same(json.loads(found[0]["body"]), {"thread_id": "main"})
        event = s.mock.say(s.room, "alice", "!q gil", thread=events[0])
        s.mock.answer_to(s.room, event)
        until(lambda: events[0] in [json.loads(r["body"])["thread_id"] for r in
                                    s.mock.log(method="POST", regex=regex)], "one of the thread")
        same(len(last_read()), 1, "receipts for the last")


@case("a receipt waits for the answers under way, but no longer than a second or so")
def receipt_waits():
    with scene() as s:
        s.ask()
        receipt = {"method": "POST", "regex": "/receipt/m.read/"}
        s.mock.wait_for(1, **receipt)
        since = s.mock.log_end()
        hold = s.mock.rule(**PUT, action="hold")
        s.mock.say(s.room, "alice", "!q gil")
        until(lambda: s.mock.held(hold), "the answer is on its way")
        put, = s.mock.log(**PUT, since=since, received=1)
        late, = s.mock.wait_for(1, **receipt, since=since)
        check(after(put, late) > 0.9, f"{after(put, late)} s after the PUT")
        s.mock.drop_rule(hold)


@case("typing is told only while an answer waits for over a second, and then taken back")
def typing():
    with scene() as s:
        s.ask()
        typing = {"method": "PUT", "regex": "/typing/"}
        same(s.mock.log(**typing, received=1), [])
        since = s.mock.log_end()
        hold = s.mock.rule(**PUT, action="hold")
        event = s.mock.say(s.room, "alice", "!q gil")
        on, = s.mock.wait_for(1, **typing)
        put, = s.mock.log(**PUT, since=since, received=1)
        check(after(put, on) > 0.9, f"{after(put, on)} s")
        same(on["path"].split("/")[-3:], [quote(s.room), "typing", quote(s.mock.bot)])
        check(json.loads(on["body"]) == {"typing": True, "timeout": 20000}, on["body"])
        s.mock.drop_rule(hold)
        s.mock.answer_to(s.room, event)
        off = s.mock.wait_for(2, **typing)[1]
        same(json.loads(off["body"]), {"typing": False})
        check(off["first_byte"] > put["last_byte"], "taken back before the answer stood there")
        s.fence()
        same(len(s.mock.log(**typing, received=1)), 2)


def crash_with_unknown_outcome(s, delivered):
    """A PUT whose answer is lost, and a kill: the command's event."""
    s.mock.settled()
    rule = s.mock.rule(**PUT, action="swallow" if delivered else "black-hole")
    # The echo must not tell before the kill: the next /sync hears nothing.
    deaf = s.mock.rule(CLIENT + "/sync", action="black-hole")
    since = s.mock.log_end()
    event = s.mock.say(s.room, "alice", "!q gil")
    s.mock.wait_for(1, **PUT, since=since, received=1)
    s.bot.kill()
    s.mock.drop_rule(rule)
    s.mock.drop_rule(deaf)
    return event


@case("SE17 unknown for over 24 h, and not to be found: never sent, `unknown`, a line in the log")
def unknown():
    with scene() as s:
        event = crash_with_unknown_outcome(s, False)
        s.bot.query("UPDATE outbox SET at = at - 25 * 3600000")
        s.bot.restart()
        until(lambda: s.bot.query("SELECT 1 FROM wire WHERE state = 'unknown'"), "it is unknown")
        s.silent()
        same(s.mock.answers(s.room, reply_to=event), [])
        check(s.mock.log(regex=r"/messages\?.*dir=b"), "it was not looked for")
        check(s.bot.logged("unknown|not.* sent again"), s.bot.log())


@case("SE17 unknown for over 24 h, and found by its id: it was sent")
def found():
    with scene() as s:
        event = crash_with_unknown_outcome(s, True)
        s.bot.query("UPDATE outbox SET at = at - 25 * 3600000")
        # /sync would tell as well: a first sync with a short timeline does not.
        s.mock.events([text(s.room, "bob", f"talk {i}") for i in range(300)])
        s.bot.restart()
        until(lambda: s.bot.query("SELECT 1 FROM wire WHERE state = 'done'"), "it is done")
        s.answered(event)
        same(len([p for p in s.mock.log(**PUT, received=1)]), 2)


@case("another device, younger than 24 h: found -> sent; proven absent -> sent, once")
def other_device():
    for delivered in (True, False):
        with scene() as s:
            event = crash_with_unknown_outcome(s, delivered)
            s.mock.logout()
            s.bot.start(sync=False)
            same(s.bot.ended(), 3, "exit status")
            s.bot.start()
            s.mock.answer_to(s.room, event)
            s.answered(event)


@case("another device, and an event of ours was redacted meanwhile: `unknown`, not said twice; "
      "one that was known as sent proves nothing")
def other_device_redacted():
    for delivered in (True, False):
        with scene() as s:
            old = s.ask()["event_id"]
            event = crash_with_unknown_outcome(s, delivered)
            took = s.mock.answer_to(s.room, event)["event_id"] if delivered else old
            s.mock.redact(s.room, "alice", took)
            s.mock.logout()
            s.bot.start(sync=False)
            same(s.bot.ended(), 3, "exit status")
            s.bot.start()
            state = until(lambda: s.bot.query("SELECT w.state FROM wire w JOIN outbox o ON "
                                              "o.id = w.outbox_id JOIN inbox i ON i.id = o.cause "
                                              "WHERE i.event = ? AND w.state <> 'new'", event),
                          "it is decided")
            same(state, [("unknown",) if delivered else ("done",)])
            s.ask()
            same(len(s.mock.answers(s.room, reply_to=event)), 0 if delivered else 1)


@case("another device, and the past cannot be read: nothing is sent until it can")
def other_device_later():
    with scene() as s:
        event = crash_with_unknown_outcome(s, True)
        s.mock.logout()
        s.bot.start(sync=False)
        s.bot.ended()
        rules = [s.mock.rule(regex=r"/messages\?.*dir=b", times=1, **fault) for fault in (
            {"status": 500}, {"status": 404, "body": "not found"}, {"status": 200, "body": "{}"})]
        deaf = s.mock.rule(CLIENT + "/sync", action="hold")  # it would tell as well
        s.bot.start(sync=False)
        until(lambda: s.bot.query("SELECT 1 FROM wire WHERE state = 'done'"), "it is found")
        same([s.mock.hits(rule) for rule in rules], [1, 1, 1])
        s.mock.drop_rule(deaf)
        s.bot.wait_log("in sync")
        s.answered(event)


TXN = "feed" * 8


@case("SE14 a reaction that stands there already is a success")
def duplicate_reaction():
    with scene() as s:
        answer = s.ask("!q gil")
        s.bot.stop()
        content = {"m.relates_to": {"rel_type": "m.annotation", "event_id": answer["event_id"],
                                    "key": "1️⃣"}, "org.znatok.id": TXN}
        outbox, = s.bot.query(
            "INSERT INTO outbox (network, room_no, kind, target_event, form, markdown, at, state) "
            "SELECT network, room_no, 2, ?, 'notice', '1️⃣', ?, 'ready' FROM outbox LIMIT 1 "
            "RETURNING id", answer["event_id"], int(time.time() * 1000))
        device, = s.bot.query("SELECT device_id FROM wire LIMIT 1")
        s.bot.query("INSERT INTO wire (outbox_id, part, txn_id, device_id, bytes) "
                    "VALUES (?, 0, ?, ?, ?)",
                    outbox[0], TXN, device[0],
                    f"/rooms/{quote(s.room)}/send/m.reaction/\n{json.dumps(content)}".encode())
        rule = s.mock.rule(method="PUT", regex="/send/m.reaction/", status=400,
                           body={"errcode": "M_DUPLICATE_ANNOTATION", "error": "twice"})
        s.bot.restart()
        until(lambda: s.mock.hits(rule), "the reaction is sent")
        s.fence()
        same(s.mock.hits(rule), 1)
        same(s.bot.query("SELECT state FROM outbox WHERE id = ?", outbox[0]), [("done",)])
        check(not s.bot.logged("DUPLICATE|twice"), s.bot.log())


main()
