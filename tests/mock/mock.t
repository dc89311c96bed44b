#!/usr/bin/env python3
"""The mock homeserver itself: what tests stand on must hold."""

import http.client
import json
import os
import pathlib
import socket
import sys
import threading
import time

sys.path[:0] = [str(pathlib.Path(__file__).resolve().parents[1] / room) for room in ("mock", "lib")]
from mock import CLIENT, PASSWORD, Mock, quote, reaction, text  # noqa: E402
from tap import case, check, main, same  # noqa: E402


class Person:
    """Somebody with a client."""

    def __init__(self, mock, name):
        self.mock = mock
        found = mock.user(name, login=True)
        self.id, self.token = found["user_id"], found["access_token"]
        self.device = found["device_id"]

    def ask(self, method, path, body=None, **more):
        return self.mock.client(method, CLIENT + path, body, self.token, **more)

    def sync(self, since=None, timeout=0, filter_=None, **more):
        path = f"/sync?timeout={timeout}"
        if since:
            path += f"&since={since}"
        if filter_:
            path += "&filter=" + quote(json.dumps(filter_))
        for key, value in more.items():
            path += f"&{key}={value}"
        status, answer = self.ask("GET", path)
        same(status, 200, str(answer))
        return answer

    def send(self, room, txn, content, type_="m.room.message"):
        return self.ask("PUT", f"/rooms/{quote(room)}/send/{type_}/{txn}", content)


def bodies(events):
    return [e["content"].get("body") for e in events if e["type"] == "m.room.message"]


@case("login: password, device id, refresh; the old pair is good until the new one is used")
def login():
    with Mock() as mock:
        body = {"type": "m.login.password", "password": PASSWORD, "refresh_token": True,
                "identifier": {"type": "m.id.user", "user": "znatok"},
                "device_id": "DEV", "initial_device_display_name": "znatok"}
        wrong = {**body, "password": "no"}
        same(mock.client("POST", CLIENT + "/login", wrong)[0], 403)
        status, first = mock.client("POST", CLIENT + "/login", body)
        same((status, first["user_id"], first["device_id"]), (200, "@znatok:localhost", "DEV"))
        same(mock.get_user()["devices"], {"DEV": "znatok"})

        def whoami(token):
            return mock.client("GET", CLIENT + "/account/whoami", token=token)

        def refresh(token):
            return mock.client("POST", CLIENT + "/refresh", {"refresh_token": token})
        same(whoami(first["access_token"])[1]["device_id"], "DEV")
        same(refresh(first["access_token"])[0], 403)
        lost = refresh(first["refresh_token"])[1]
        second = refresh(first["refresh_token"])[1]
        same(whoami(first["access_token"])[0], 200, "the old one is still good")
        same(whoami(lost["access_token"])[0], 401, "a lost answer's token")
        same(whoami(second["access_token"])[0], 200)
        same(whoami(first["access_token"])[1]["soft_logout"], False)
        same(refresh(first["refresh_token"])[0], 401)
        third = refresh(second["refresh_token"])[1]
        mock.expire()
        same(whoami(third["access_token"])[1], {
            "errcode": "M_UNKNOWN_TOKEN", "error": "Access token has expired or is unknown",
            "soft_logout": True})
        same(refresh(third["refresh_token"])[0], 200)
        again = mock.client("POST", CLIENT + "/login", body)[1]
        same(refresh(third["refresh_token"])[0], 401, "a login ends the device's tokens")
        mock.logout(soft=True)
        same(whoami(again["access_token"])[1]["soft_logout"], True)
        same(refresh(again["refresh_token"])[0], 401)
        same(mock.get_user()["devices"], {"DEV": "znatok"})
        again = mock.client("POST", CLIENT + "/login", body)[1]
        mock.set_user("znatok", locked=True)
        same(whoami(again["access_token"])[1]["errcode"], "M_USER_LOCKED")
        mock.set_user("znatok", locked=False)
        mock.logout()
        same(whoami(again["access_token"])[1]["soft_logout"], False)
        same(mock.get_user()["devices"], {})
        mock.server(token_lifetime_ms=30)
        short = mock.client("POST", CLIENT + "/login", body)[1]
        same(short["expires_in_ms"], 30)
        time.sleep(0.05)
        same(whoami(short["access_token"])[1]["soft_logout"], True)
        same(mock.client("GET", CLIENT + "/account/whoami")[0], 401)
        same(mock.client("GET", CLIENT + "/nothing")[1]["errcode"], "M_UNRECOGNIZED")


@case("sync: what is new, once, in order; a limit, prev_batch, and /messages both ways")
def sync():
    with Mock() as mock:
        bob = Person(mock, "bob")
        room = mock.room("alice", members=["bob"])
        first = bob.sync()
        joined = first["rooms"]["join"][room]
        check(joined["timeline"]["limited"])
        check("m.room.create" in [e["type"] for e in joined["timeline"]["events"]])
        same(bob.sync(first["next_batch"])["rooms"]["join"], {})
        mock.events([text(room, "alice", str(i)) for i in range(130)])
        second = bob.sync(first["next_batch"], filter_={"room": {"timeline": {"limit": 20}}})
        line = second["rooms"]["join"][room]["timeline"]
        same(bodies(line["events"]), [str(i) for i in range(110, 130)])
        check(line["limited"])
        seen, at, pages = [], first["next_batch"], 0
        while True:
            page = bob.ask("GET", f"/rooms/{quote(room)}/messages?dir=f&from={at}"
                           f"&to={line['prev_batch']}&limit=50")[1]
            pages += 1
            seen += bodies(page["chunk"])
            if "end" not in page:
                break
            at = page["end"]
        same(seen, [str(i) for i in range(110)])
        same(pages, 4)
        back = bob.ask("GET", f"/rooms/{quote(room)}/messages?dir=b&limit=5"
                       f"&from={line['prev_batch']}&to={first['next_batch']}")[1]
        same(bodies(back["chunk"]), ["109", "108", "107", "106", "105"])
        check("room_id" in back["chunk"][0] and "age" in back["chunk"][0]["unsigned"])
        third = bob.sync(first["next_batch"], filter_={"room": {"timeline": {"limit": 100}}})
        same(len(third["rooms"]["join"][room]["timeline"]["events"]), 100)
        same(bob.ask("GET", "/sync?since=t1")[0], 400)
        same(bob.ask("GET", "/sync?since=s99999")[0], 400)
        only = bob.sync(first["next_batch"], filter_={"room": {"timeline": {
            "not_types": ["m.room.*"]}}})
        same(only["rooms"]["join"][room]["timeline"]["events"], [])


@case("sync: a long poll is woken by what concerns it, and by nothing else")
def long_poll():
    with Mock() as mock:
        bob = Person(mock, "bob")
        room = mock.room("alice", members=["bob"])
        other = mock.room("alice")
        at = bob.sync()["next_batch"]
        found = []
        thread = threading.Thread(target=lambda: found.append(bob.sync(at, 30000)))
        thread.start()
        mock.wait_for(1, regex="since=", received=1)
        mock.say(other, "alice", "not for bob")
        same(mock.log(regex="since=", status=200), [])
        mock.say(room, "alice", "for bob")
        thread.join()
        same(bodies(found[0]["rooms"]["join"][room]["timeline"]["events"]), ["for bob"])
        begin = time.monotonic()
        empty = bob.sync(found[0]["next_batch"], 200)
        check(0.2 <= time.monotonic() - begin and not empty["rooms"]["join"])
        thread = threading.Thread(target=lambda: found.append(
            bob.sync(empty["next_batch"], 30000)))
        thread.start()
        mock.wait_for(3, regex="since=", received=1)
        mock.sync_body('{"next_batch":"@NEXT@","odd":1}', user="bob")
        thread.join()
        same(found[1]["odd"], 1)


@case("sync: invites with stripped state, joins, kicks, rooms left and forgotten")
def membership():
    with Mock() as mock:
        bob = Person(mock, "bob")
        room = mock.room("alice", invite=["bob"], room_version="12", is_direct=True, name="R")
        check(":" not in room)
        answer = bob.sync()
        stripped = answer["rooms"]["invite"][room]["invite_state"]["events"]
        same([e["type"] for e in stripped],
             ["m.room.create", "m.room.join_rules", "m.room.name", "m.room.member",
              "m.room.member"])
        same(stripped[-1]["content"]["is_direct"], True)
        same(bob.ask("GET", f"/rooms/{quote(room)}/state/m.room.create")[0], 403)
        same(bob.ask("POST", f"/join/{quote(room)}", {})[0], 200)
        answer = bob.sync(answer["next_batch"])
        same(answer["rooms"]["invite"], {})
        joined = answer["rooms"]["join"][room]
        same(joined["summary"]["m.joined_member_count"], 2)
        create = mock.state_of(room)["m.room.create", ""]
        same(create["event_id"][1:], room[1:])
        check("@alice:localhost" not in
              mock.state_of(room)["m.room.power_levels", ""]["content"]["users"])
        mock.member(room, "bob", "leave", sender="alice")
        mock.say(room, "alice", "behind his back")
        answer = bob.sync(answer["next_batch"])
        left = answer["rooms"]["leave"][room]["timeline"]["events"]
        same([e["type"] for e in left], ["m.room.member"])
        same(bob.sync(answer["next_batch"])["rooms"]["leave"], {})
        same(bob.send(room, "1", {"body": "x"})[0], 403)
        same(bob.ask("POST", f"/rooms/{quote(room)}/forget", {})[0], 200)
        check(room not in mock.get_user("bob")["rooms"])
        far = mock.room("alice", invite=["bob"], remote=True)
        same(bob.ask("POST", f"/join/{quote(far)}", {})[0], 404)
        same(bob.ask("POST", f"/join/{quote(far)}?via=localhost", {})[0], 200)
        same(bob.ask("GET", "/joined_rooms")[1]["joined_rooms"], [far])
        closed = mock.room("alice")
        same(bob.ask("POST", f"/rooms/{quote(closed)}/join", {})[0], 403)


@case("sync: state in front of the timeline, or state_after behind it; lazy members")
def state():
    with Mock() as mock:
        bob = Person(mock, "bob")
        room = mock.room("alice", members=["bob", "carol"])
        at = bob.sync()["next_batch"]
        lazy = {"room": {"timeline": {"limit": 2}, "state": {"lazy_load_members": True}}}
        mock.state(room, "alice", "m.room.topic", {"topic": "1"})
        mock.state(room, "alice", "m.room.topic", {"topic": "2"})
        mock.say(room, "carol", "a")
        mock.state(room, "alice", "m.room.topic", {"topic": "3"})
        def states(answer, key="state"):
            return [(e["type"], e["state_key"], e["content"].get("topic"))
                    for e in answer["rooms"]["join"][room][key]["events"]]
        members = [("m.room.member", f"@{n}:localhost", None) for n in ("alice", "carol")]
        same(states(bob.sync(at, filter_=lazy)), members + [("m.room.topic", "", "2")])
        same(states(bob.sync(at, filter_=lazy, use_state_after="true")),
             members + [("m.room.topic", "", "2")])
        mock.server(state_after="stable")
        same(states(bob.sync(at, filter_=lazy, use_state_after="true"), "state_after"),
             members + [("m.room.topic", "", "3")])
        full = bob.sync(filter_={"room": {"state": {"types": ["m.room.topic"]}}},
                        use_state_after="true")
        same(states(full, "state_after"), [("m.room.topic", "", "3")])
        mock.server(state_after="unstable")
        flag = {"org.matrix.msc4222.use_state_after": "true"}
        same(states(bob.sync(at, filter_=lazy, **flag), "org.matrix.msc4222.state_after"),
             members + [("m.room.topic", "", "3")])


@case("send: once for a transaction id, its echo to the device, power, size, reactions")
def send():
    with Mock() as mock:
        bob, other = Person(mock, "bob"), Person(mock, "bob")
        room = mock.room("alice", members=["bob"])
        at = bob.sync()["next_batch"]
        status, first = bob.send(room, "t1", {"msgtype": "m.text", "body": "hi"})
        same((status, bob.send(room, "t1", {"body": "hi"})[1]), (200, first))
        check(other.send(room, "t1", {"body": "hi"})[1] != first, "another device")
        mine = bob.sync(at)["rooms"]["join"][room]["timeline"]["events"]
        same([e["unsigned"].get("transaction_id") for e in mine], ["t1", None])
        same(bob.send(room, "t2", "{")[1]["errcode"], "M_NOT_JSON")
        same(bob.send(room, "t2", "[]")[1]["errcode"], "M_BAD_JSON")
        same(bob.send(room, "t3", {"body": "x" * 65000})[0], 200)
        same(bob.send(room, "t4", {"body": "x" * 66000})[1]["errcode"], "M_TOO_LARGE")
        like = reaction(room, "bob", "👍", first["event_id"])["content"]
        same(bob.send(room, "t5", like, "m.reaction")[0], 200)
        same(bob.send(room, "t5", like, "m.reaction")[0], 200)
        same(bob.send(room, "t6", like, "m.reaction")[1]["errcode"], "M_DUPLICATE_ANNOTATION")
        same(bob.ask("PUT", f"/rooms/{quote(room)}/state/m.room.topic", {"topic": "x"})[0], 403)
        mock.state(room, "alice", "m.room.power_levels", {"events_default": 50})
        same(bob.send(room, "t7", {"body": "x"})[1]["errcode"], "M_FORBIDDEN")
        mock.server(forget_txns=True)
        mock.state(room, "alice", "m.room.power_levels", {})
        check(bob.send(room, "t1", {"body": "hi"})[1] != first)


@case("redaction: top level in version 10, content in 11; the target is emptied")
def redaction():
    with Mock() as mock:
        bob = Person(mock, "bob")
        for version, inside in (("10", False), ("11", True)):
            room = mock.room("alice", members=["bob"], room_version=version)
            event = bob.send(room, "t", {"msgtype": "m.text", "body": "hi"})[1]["event_id"]
            at = bob.sync()["next_batch"]
            status, _ = bob.ask("PUT", f"/rooms/{quote(room)}/redact/{quote(event)}/r", {})
            same(status, 200)
            found = bob.sync(at)["rooms"]["join"][room]["timeline"]["events"][0]
            same((found.get("redacts"), found["content"].get("redacts")),
                 (None, event) if inside else (event, None))
            gone = bob.ask("GET", f"/rooms/{quote(room)}/event/{quote(event)}")[1]
            same(gone["content"], {})
            same(gone["unsigned"]["redacted_because"]["type"], "m.room.redaction")


@case("account data, filters, profile, members, state")
def account():
    with Mock() as mock:
        bob = Person(mock, "bob")
        room = mock.room("alice", members=["bob"])
        user = quote(bob.id)
        same(bob.ask("GET", f"/user/{user}/account_data/m.direct")[0], 404)
        same(bob.ask("PUT", f"/user/{user}/account_data/m.direct", {"@a:b": [room]})[0], 200)
        same(bob.ask("GET", f"/user/{user}/account_data/m.direct")[1], {"@a:b": [room]})
        same(bob.ask("PUT", f"/user/{quote('@alice:localhost')}/account_data/x", {})[0], 403)
        at = bob.sync()
        same(at["account_data"]["events"], [{"type": "m.direct", "content": {"@a:b": [room]}}])
        mock.set_data("bob", "m.ignored_user_list", {"ignored_users": {}})
        new = bob.sync(at["next_batch"])["account_data"]["events"]
        same([e["type"] for e in new], ["m.ignored_user_list"])
        filter_id = bob.ask("POST", f"/user/{user}/filter", {"account_data": {"types": []}})[1]
        path = f"/user/{user}/filter/{filter_id['filter_id']}"
        same(bob.ask("GET", path)[1], {"account_data": {"types": []}})
        same(bob.ask("GET", f"/sync?filter={filter_id['filter_id']}")[1]["account_data"]["events"],
             [])
        same(bob.ask("GET", "/sync?filter=9")[0], 404)
        same(bob.ask("GET", f"/profile/{user}/displayname")[1], {"displayname": "bob"})
        members = bob.ask("GET", f"/rooms/{quote(room)}/members?not_membership=leave")[1]
        same(sorted(e["state_key"] for e in members["chunk"]), ["@alice:localhost", bob.id])
        same(bob.ask("GET", f"/rooms/{quote(room)}/state/m.room.encryption")[1]["errcode"],
             "M_NOT_FOUND")
        same(bob.ask("GET", f"/rooms/{quote(room)}/state/m.room.join_rules/")[1],
             {"join_rule": "invite"})
        made = bob.ask("POST", "/createRoom", {
            "preset": "trusted_private_chat", "is_direct": True, "invite": ["@alice:localhost"],
            "creation_content": {"org.znatok.id": "7"}})[1]["room_id"]
        state_ = mock.state_of(made)
        same(state_["m.room.create", ""]["content"]["org.znatok.id"], "7")
        same(state_["m.room.member", "@alice:localhost"]["content"]["membership"], "invite")
        same(state_["m.room.power_levels", ""]["content"]["users"],
             {bob.id: 100, "@alice:localhost": 100})


@case("events as they are told: ids, ages, extra members, hidden from /sync")
def raw_events():
    with Mock() as mock:
        bob = Person(mock, "bob")
        room = mock.room("alice", members=["bob"])
        at = bob.sync()["next_batch"]
        mock.events([
            text(room, "alice", "old", event_id="$old", _age=500000, odd=[1], unsigned={"x": 1}),
            text(room, "alice", "ageless", _no_age=True, origin_server_ts=5),
            text(room, "alice", "hidden", _hidden=True),
            text(room, "bob", "mine", _txn="t9", _device=bob.device)])
        found = bob.sync(at)["rooms"]["join"][room]["timeline"]["events"]
        same(bodies(found), ["old", "ageless", "mine"])
        check(500000 <= found[0]["unsigned"]["age"] < 560000)
        same((found[0]["odd"], found[0]["event_id"], found[0]["unsigned"]["x"]), ([1], "$old", 1))
        check(abs(found[0]["origin_server_ts"] / 1000 + 500 - time.time()) < 60)
        same((found[1]["unsigned"], found[1]["origin_server_ts"]), ({}, 5))
        same(found[2]["unsigned"]["transaction_id"], "t9")
        page = bob.ask("GET", f"/rooms/{quote(room)}/messages?dir=f&from={at}&limit=9")[1]
        same(bodies(page["chunk"]), ["old", "ageless", "hidden", "mine"])


def refused(function):
    try:
        function()
    except (OSError, http.client.HTTPException) as error:
        return type(error).__name__
    return None


@case("rules: skip, times, bodies, cuts, delays, holding back")
def rules():
    with Mock() as mock:
        bob = Person(mock, "bob")
        versions = "/_matrix/client/versions"

        def ask(method="GET", path=versions):
            return mock.client(method, path, raw=True)
        rule = mock.rule(versions, skip=1, times=2, status=429,
                         headers={"Retry-After": "3"}, body={"errcode": "M_LIMIT_EXCEEDED"})
        same([ask()[0] for _ in range(4)], [200, 429, 429, 200])
        same(mock.hits(rule), 2)
        room = mock.room("alice", members=["bob"])
        for action, put in (("close-before", 0), ("close-after", 1), ("reset-before", 1),
                            ("reset-after", 2)):
            mock.rule(method="PUT", regex="/send/", times=1, action=action)
            check(refused(lambda: bob.send(room, action, {"body": "x"})), action)
            same(len(mock.timeline(room, sender=bob.id, type="m.room.message")), put, action)
        mock.rule(versions, times=1, action="truncate")
        same(refused(ask), "IncompleteRead")
        mock.rule(versions, times=1, action="empty")
        same(ask(), (200, b""))
        mock.rule(versions, times=1, action="answer", status=502, body="<html>")
        same(ask(), (502, b"<html>"))
        mock.rule(versions, times=1, delay_ms=120)
        begin = time.monotonic()
        same(ask()[0], 200)
        check(time.monotonic() - begin >= 0.12)
        mock.rule(versions, times=1, action="drip", drip_ms=1, drip_bytes=50)
        same(ask()[0], 200)
        hole = mock.rule(versions, action="black-hole")
        with socket.create_connection(("127.0.0.1", mock.port)) as lost:
            lost.sendall(f"GET {versions} HTTP/1.1\r\n\r\n".encode())
            mock.wait_for(1, path=versions, received=1, status=0)
            lost.settimeout(0.1)
            same(refused(lambda: lost.recv(1)), "TimeoutError")
        mock.drop_rule(hole)
        hold = mock.rule(method="PUT", regex="/send/", action="hold")
        found = []
        thread = threading.Thread(target=lambda: found.append(bob.send(room, "h", {"body": "h"})))
        thread.start()
        mock.wait_for(1, regex="/send/.*/h$", received=1)
        same(mock.held(hold), 1)
        mock.drop_rule(hold)
        thread.join()
        same(found[0][0], 200)


@case("the port closes and opens again, as if the server was killed and started")
def offline():
    with Mock() as mock:
        bob = Person(mock, "bob")
        at = bob.sync()["next_batch"]
        found = []
        thread = threading.Thread(target=lambda: found.append(
            refused(lambda: bob.sync(at, 30000))))
        thread.start()
        mock.wait_for(1, regex="since=", received=1)
        mock.offline()
        thread.join()
        check(found[0])
        same(refused(bob.sync), "ConnectionRefusedError")
        mock.online()
        same(bob.sync(at)["next_batch"], at)


@case("HTTP: keep-alive, chunked bodies, 100-continue, one connection after the other")
def plain_http():
    with Mock() as mock:
        bob = Person(mock, "bob")
        room = mock.room("alice", members=["bob"])
        path = f"{CLIENT}/rooms/{quote(room)}/send/m.room.message/"
        connection = http.client.HTTPConnection("127.0.0.1", mock.port)
        headers = {"Authorization": "Bearer " + bob.token}
        for i in range(3):
            connection.request("PUT", path + f"c{i}", iter([b'{"body":', b'"chunked"}']), headers,
                               encode_chunked=True)
            answer = connection.getresponse()
            same((answer.status, "event_id" in json.loads(answer.read())), (200, True))
        connection.close()
        same(bodies(mock.timeline(room)), ["chunked"] * 3)
        with socket.create_connection(("127.0.0.1", mock.port)) as slow:
            slow.sendall(f"PUT {path}e HTTP/1.1\r\nAuthorization: Bearer {bob.token}\r\n"
                         "Content-Length: 10\r\nExpect: 100-continue\r\n\r\n".encode())
            check(slow.recv(100).startswith(b"HTTP/1.1 100"))
            slow.sendall(b'{"body"')
            slow.sendall(b":1}")
            check(slow.recv(1000).startswith(b"HTTP/1.1 200"))
        log = mock.log(method="PUT", path=path)
        same([r["status"] for r in log], [200] * 4)
        same(log[0]["headers"]["authorization"], "Bearer " + bob.token)
        same(log[3]["body"], '{"body":1}')
        for one in log:
            check(one["first_byte"] <= one["complete"] <= one["last_byte"])
        mock.forget_log()
        same(mock.log(), [])
        same(mock.log_end(), log[-1]["id"] + 1)


@case("a crowd of rooms: the first sync is large, and fast enough")
def crowd():
    with Mock() as mock:
        bob = Person(mock, "bob")
        rooms = mock.crowd(400, ["bob", "alice", "carol"], messages=12, body="x" * 150)
        same(len(set(rooms)), 400)
        answer = bob.sync()
        same(len(answer["rooms"]["join"]), 400)
        at = answer["next_batch"]
        mock.say(rooms[77], "alice", "one")
        same(list(bob.sync(at)["rooms"]["join"]), [rooms[77]])


main()
