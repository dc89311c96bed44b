#!/usr/bin/env python3
"""What the bot makes of /sync: positions, old messages, state, echoes."""

import json
import pathlib
import sys
import time

sys.path[:0] = [str(pathlib.Path(__file__).resolve().parents[1] / room) for room in ("mock", "lib")]
from mock import CLIENT, message, text  # noqa: E402
from scene import scene  # noqa: E402
from tap import case, check, main, same, until  # noqa: E402

SYNC = CLIENT + "/sync"


def joined(room, timeline=(), next_batch="@NEXT@", **more):
    """The body of a /sync with that in one room."""
    inside = {"timeline": {"events": list(timeline), "limited": False, "prev_batch": "t1"}}
    return json.dumps({"next_batch": next_batch, "rooms": {"join": {room: {**inside, **more}}}})


def plain(event, event_id="$made-up", ts=None):
    """An event as /sync gives it."""
    found = {"event_id": event_id, "origin_server_ts": ts or int(time.time() * 1000),
             "unsigned": {"age": 10}, **event}
    del found["room_id"]
    return found


def query_of(request):
    return dict(pair.split("=", 1) for pair in request["query"].split("&"))


@case("SY01 first start is mute: 20 old commands get no answer, the position is kept")
def first_start():
    with scene(start=False) as s:
        for i in range(20):
            s.mock.say(s.room, "alice", f"!q old-{i}")
        s.bot.start()
        s.silent()
        s.bot.stop()
        check(s.bot.query("SELECT token FROM position WHERE network = 'matrix'"))


@case("SY03 a command that came while the bot was down is answered once after the restart")
def down():
    with scene() as s:
        s.silent()
        same(s.bot.stop(), 0, "exit status")
        event = s.mock.say(s.room, "bob", "!q gil")
        s.bot.restart()
        s.mock.answer_to(s.room, event)
        s.bot.stop()
        s.bot.restart()
        same(len(s.mock.answers(s.room, reply_to=event)), 1)
        s.fence()
        same(len(s.mock.answers(s.room, reply_to=event)), 1)


@case("SY04 a kill between the command and its answer: one answer, with one transaction id")
def killed():
    with scene() as s:
        hold = s.mock.rule(method="PUT", regex="/send/", action="black-hole")
        event = s.mock.say(s.room, "alice", "!q gil")
        first = s.mock.wait_for(1, method="PUT", regex="/send/", received=1)[0]
        s.bot.kill()
        s.mock.drop_rule(hold)
        s.bot.restart()
        s.mock.answer_to(s.room, event)
        again = s.mock.wait_for(1, method="PUT", regex="/send/", status=200)[0]
        same((again["target"], again["body"]), (first["target"], first["body"]))
        s.answered(event)


@case("the requests: one that does not wait, then 30 s, presence offline, state_after, a stored filter")
def requests():
    with scene() as s:
        first, second = s.mock.wait_for(2, path=SYNC, received=1)[:2]
        one, two = query_of(first), query_of(second)
        # Without a position it is any small number: see bot/matrix/sync.c.
        check(1 <= int(one["timeout"]) <= 30000, one)
        same(two["timeout"], "30000")
        check("since" not in one and two["since"].startswith("s"), two)
        for query in (one, two):
            same((query["set_presence"], query["use_state_after"],
                  query["org.matrix.msc4222.use_state_after"]), ("offline", "true", "true"))
            same(query["filter"], "0")
        posted = s.mock.log(method="POST", regex="/filter$")
        same(len(posted), 1)
        filter_ = json.loads(posted[0]["body"])
        check(filter_["room"]["timeline"]["limit"] <= 100)
        check("not_senders" not in filter_["room"]["timeline"])
        check("types" not in filter_["room"]["timeline"])
        s.bot.stop()
        s.bot.restart()
        third = s.mock.log(path=SYNC, received=1)[-1]
        check(query_of(third)["since"].startswith("s"))
        for request in s.mock.log(received=1):
            check("access_token" not in request["query"], "a token in a URL")


@case("SY12 + FA12 a long poll that hears nothing ends at 40 s, and is asked again by the same URL")
def black_hole():
    with scene(start=False) as s:
        s.mock.rule(SYNC, regex="timeout=30000", times=1, action="black-hole")
        s.bot.start()
        lost = s.mock.wait_for(1, path=SYNC, regex="timeout=30000", received=1)[0]
        # What is sent meanwhile does not wait for it.
        found = s.mock.wait_for(2, timeout=90, path=SYNC, regex="timeout=30000", received=1)
        same(found[1]["target"], lost["target"])
        check(found[1]["connection"] != lost["connection"], "on a connection of its own")
        wait = (found[1]["first_byte"] - lost["first_byte"]) / 1e6
        check(wait >= 38, f"{wait} s")
        s.silent()


@case("SY08 an event that comes twice is answered once")
def twice():
    with scene() as s:
        event = plain(text(s.room, "alice", "!q gil"), "$twice")
        s.mock.events([text(s.room, "alice", "!q gil", event_id="$twice", _hidden=True)])
        s.mock.sync_body(joined(s.room, [event, event]))
        s.mock.sync_body(joined(s.room, [event]))
        s.answered("$twice")
        s.bot.stop()
        s.bot.restart()
        s.mock.sync_body(joined(s.room, [event]))
        s.mock.wake()
        same(len(s.fence()), 2)


@case("SY10 state_after: the state is what it says, not what stands in the timeline")
def state_after():
    with scene() as s:
        for key in ("state_after", "org.matrix.msc4222.state_after"):
            given = plain(message(s.room, "alice", "m.room.power_levels", {
                "users": {"@alice:localhost": 100, "@bob:localhost": 50}}, state_key=""), "$p" + key)
            kept = plain(message(s.room, "alice", "m.room.power_levels", {
                "users": {"@alice:localhost": 100}}, state_key=""), "$k" + key)
            s.mock.sync_body(joined(s.room, [given], **{key: {"events": [kept]}}))
            answer = s.ask("!gaps", "bob")
            check("moderators" in answer["content"]["body"], key + answer["content"]["body"])
            s.mock.sync_body(joined(s.room, [kept], **{key: {"events": [given]}}))
            answer = s.ask("!gaps", "bob")
            check("moderators" not in answer["content"]["body"], key + answer["content"]["body"])
        s.mock.sync_body(joined(s.room, [plain(message(
            s.room, "alice", "m.room.power_levels", {}, state_key=""), "$x")],
            state_after={"events": []}))
        check("moderators" not in s.ask("!gaps", "bob")["content"]["body"], "an empty one")


@case("SY20 state_after without the encryption that the timeline tells of: sealed all the same")
def sealed_by_timeline():
    with scene() as s:
        s.ask()
        s.mock.sync_body(joined(s.room, [plain(message(
            s.room, "alice", "m.room.encryption", {"algorithm": "m.megolm.v1.aes-sha2"},
            state_key=""), "$e")], state_after={"events": []}))
        s.mock.wake()
        s.bot.wait_log("is encrypted .* stays silent there")
        s.mock.say(s.room, "alice", "!q gil")
        s.mock.settled()
        same(len(s.mock.answers(s.room)), 1)


# Each is an event that some server lets through, as it stands in a body.
ODD = ('{"body":"x\\u0000"}', '{"\\u0000":1}', '{"body":"\\ud83d"}', '{"body":"1","body":"2"}',
       '{"x":' + "[" * 5000 + "]" * 5000 + "}", '{"x":' + '{"a":' * 2000 + "1" + "}" * 2001)


@case("odd events (zeros, half a pair, twins, deep nests) cost nothing of what comes with them")
def odd_events():
    for odd in ODD:
        with scene() as s:
            other = s.mock.room("bob", members=["znatok"])
            event = {"event_id": "$odd", "origin_server_ts": 1, "sender": "@bob:localhost",
                     "type": "m.room.message", "content": "ODD", "unsigned": {"age": 1}}
            asked = plain(text(s.room, "alice", "!q gil"), "$asked")
            s.mock.events([text(s.room, "alice", "!q gil", event_id="$asked", _hidden=True)])
            body = json.loads(joined(s.room, [event, asked]))
            body["rooms"]["join"][other] = {"timeline": {"events": [plain(message(
                other, "bob", "m.room.encryption", {"algorithm": "m.megolm.v1.aes-sha2"},
                state_key=""), "$sealed"), event]}}
            s.mock.sync_body(json.dumps(body).replace('"ODD"', odd))
            s.answered("$asked")
            s.mock.say(other, "bob", "!q gil")
            s.fence()
            same(s.mock.answers(other), [], "in the open")


@case("an odd event in a page of /messages, and in an invitation: the gap is filled, the room entered")
def odd_pages():
    for odd in ODD:
        with scene() as s:
            event = s.mock.rule("/_matrix/client/v3/rooms", regex="/messages", times=1, body=(
                '{"chunk":[{"event_id":"$o","origin_server_ts":1,"sender":"@bob:localhost",'
                '"type":"m.room.message","content":' + odd + '}],"start":"x"}'), status=200)
            s.mock.sync_body(json.dumps({"next_batch": "@NEXT@", "rooms": {"join": {s.room: {
                "timeline": {"events": [plain(text(s.room, "bob", "talk"))], "limited": True,
                             "prev_batch": "x"}}}}}))
            s.mock.wake()
            until(lambda: s.mock.hits(event), "the page")
            s.fence()
            until(lambda: not s.bot.query("SELECT 1 FROM matrix_gap WHERE NOT closed"), "it is filled")
            room = s.mock.room("alice", invite=["znatok"])
            s.mock.answers(room, 1)
            s.mock.sync_body('{"next_batch":"@NEXT@","rooms":{"invite":{"!odd:localhost":'
                             '{"invite_state":{"events":[{"type":"m.room.create","state_key":"",'
                             '"sender":"@bob:localhost","content":' + odd + '}]}}}}}')
            s.fence()


@case("SY11 no state_after: first the state, then the timeline, in order")
def state_then_timeline():
    with scene() as s:
        def powers(bob, event_id):
            return plain(message(s.room, "alice", "m.room.power_levels", {
                "users": {"@alice:localhost": 100, "@bob:localhost": bob}}, state_key=""), event_id)
        s.mock.sync_body(joined(s.room, [], state={"events": [powers(50, "$1")]}))
        check("moderators" not in s.ask("!gaps", "bob")["content"]["body"])
        s.mock.sync_body(joined(s.room, [powers(0, "$2")], state={"events": [powers(50, "$3")]}))
        check("moderators" in s.ask("!gaps", "bob")["content"]["body"])
        s.mock.sync_body(joined(s.room, [powers(0, "$4"), powers(50, "$5")],
                                state={"events": [powers(0, "$6")]}))
        check("moderators" not in s.ask("!gaps", "bob")["content"]["body"])


@case("SY14 the echo of an own event: no reaction, and it counts as sent without an answer")
def echo():
    with scene() as s:
        s.mock.rule(method="PUT", regex="/send/", times=1, action="swallow")
        event = s.mock.say(s.room, "alice", "!q gil")
        s.mock.answer_to(s.room, event)
        until(lambda: s.bot.query("SELECT 1 FROM wire WHERE state = 'done'"), "the row is done")
        s.bot.kill()
        s.bot.restart()
        s.answered(event)
        same(len(s.mock.log(method="PUT", regex="/send/", received=1)), 2)


@case("SY14 an own event without a transaction id is known by its org.znatok.id")
def echo_by_id():
    with scene() as s:
        lost = s.mock.rule(method="PUT", regex="/send/", times=1, action="black-hole")
        event = s.mock.say(s.room, "alice", "!q gil")
        put = s.mock.wait_for(1, method="PUT", regex="/send/", received=1)[0]
        content = json.loads(put["body"])
        same(content["org.znatok.id"], put["path"].rsplit("/", 1)[1])
        s.mock.events([message(s.room, "znatok", "m.room.message", content)])
        until(lambda: s.bot.query("SELECT 1 FROM wire WHERE state = 'done'"), "the row is done")
        s.bot.kill()
        s.mock.drop_rule(lost)
        s.bot.restart()
        s.answered(event)


@case("SY14 own commands are not heard, from whatever device")
def own():
    with scene() as s:
        s.mock.say(s.room, "znatok", "!q gil")
        s.mock.say(s.room, "@ZNATOK:localhost", "talk")
        mine = s.mock.answers(s.room)[0]["event_id"]
        same([e["event_id"] for e in s.fence()], [mine])


@case("m.notice, other msgtypes, ignored users and configured bots are not heard")
def ignored():
    with scene(bot={"bots": "@robot:localhost"}) as s:
        s.mock.set_data("znatok", "m.ignored_user_list",
                        {"ignored_users": {"@eve:localhost": {}}})
        for user in ("eve", "robot"):
            s.mock.member(s.room, user, "join")
            s.mock.say(s.room, user, "!q gil")
        for msgtype in ("m.notice", "m.image", "m.file", "m.location", "x", 7):
            s.mock.event(s.room, "alice", "m.room.message", {"msgtype": msgtype, "body": "!q gil"})
        s.mock.event(s.room, "alice", "m.room.encrypted", {"body": "!q gil"})
        s.mock.event(s.room, "alice", "org.example", {"msgtype": "m.text", "body": "!q gil"})
        s.mock.event(s.room, "alice", "m.room.message", {})
        s.mock.event(s.room, "alice", "m.room.message", {"msgtype": "m.text", "body": ["!q gil"]})
        s.silent()
        s.mock.set_data("znatok", "m.ignored_user_list", {"ignored_users": {}})
        s.ask(who="eve")


@case("a command older than answer_age is not answered: by age, else by the server's Date")
def old():
    with scene() as s:
        now = int(time.time() * 1000)
        fresh = s.mock.events([
            text(s.room, "alice", "!q gil", _age=11 * 60000),
            text(s.room, "alice", "!q gil", _age=11 * 60000, origin_server_ts=now + 10**10),
            text(s.room, "alice", "!q gil", _no_age=True, origin_server_ts=now - 11 * 60000),
            text(s.room, "alice", "!q gil", _age=9 * 60000, origin_server_ts=5),
            text(s.room, "alice", "!q gil", _no_age=True, origin_server_ts=now - 9 * 60000),
            text(s.room, "alice", "!q gil", _age=0, origin_server_ts=1),
        ])[3:]
        s.answered(*fresh)
        s.mock.server(date_offset=86400)
        s.mock.events([text(s.room, "alice", "!q gil", _no_age=True, origin_server_ts=now)])
        later = s.mock.events([text(s.room, "alice", "!q gil", _no_age=True,
                                    origin_server_ts=now + 86400000)])
        s.mock.answer_to(s.room, later[0])
        same(len(s.fence()), 5)
    with scene(matrix={"answer_age": "0 s"}) as s:
        event = s.mock.events([text(s.room, "alice", "!q gil", _age=10**9)])[0]
        s.answered(event)


@case("SY28 a position that the server does not know: a fresh sync without answers, then on")
def wrong_position():
    for token in ("t5-wrong", "s99999", "nonsense"):
        with scene() as s:
            s.fence()
            s.bot.stop()
            s.bot.query("UPDATE position SET token = replace(token, token, ?) "
                        "WHERE network = 'matrix'", token)
            before = s.mock.log_end()
            s.mock.say(s.room, "alice", "!q while-down")
            s.bot.restart()
            same(len(s.fence()), 1, "answers")
            syncs = s.mock.log(path=SYNC, since=before)
            same(syncs[0]["status"], 400)
            check("since" not in query_of(syncs[1]), syncs[1]["query"])


@case("a 400 of /sync that says nothing about the position: it is kept")
def kept_position():
    for fault in ({"body": {"errcode": "M_MISSING_PARAM", "error": "x"}}, {"body": "{}"},
                  {"body": "<html>400 Bad Request</html>"}):
        with scene() as s:
            s.ask()
            rule = s.mock.rule(SYNC, times=1, status=400, **fault)
            s.mock.wake()
            s.mock.answer_to(s.room, s.mock.say(s.room, "alice", "!q gil"))
            same(s.mock.hits(rule), 1)
            same(len([r for r in s.mock.log(path=SYNC) if "since=" not in r["query"]]), 1)


@case("the state of a room that no /sync has told of: asked for until there is one")
def unknown_room():
    with scene(start=False) as s:
        s.mock.rule(CLIENT + "/joined_rooms", status=200,
                    body={"joined_rooms": [s.room, "!lost:localhost"]})
        state = "/rooms/%21lost%3Alocalhost/state$"
        rule = s.mock.rule(regex=state, times=1, status=200, body="{}")
        s.mock.rule(regex=state, status=200, body=json.dumps([
            {"type": "m.room.encryption", "state_key": "", "sender": "@alice:localhost",
             "event_id": "$e", "content": {"algorithm": "m.megolm.v1.aes-sha2"}}]))
        s.bot.start()
        s.ask()
        until(lambda: s.bot.query("SELECT 1 FROM matrix_room WHERE room_id = '!lost:localhost' "
                                  "AND encryption IS NOT NULL"), "it is known")
        same(s.mock.hits(rule), 1)


@case("joined rooms that /sync does not tell of are asked for at the start")
def reconcile():
    with scene() as s:
        asked = s.mock.log(path=CLIENT + "/joined_rooms")
        same(len(asked), 1)
        s.fence()
        s.bot.stop()
        s.mock.member(s.room, "znatok", "leave", sender="alice")
        s.bot.restart()
        until(lambda: s.bot.query("SELECT 1 FROM matrix_room WHERE membership <> 'join'"),
              "it knows that it is out")


main()
