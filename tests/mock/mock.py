"""The mock homeserver: starting it, and its control API.

    with Mock() as mock:
        room = mock.room("alice", members=["znatok"])
        event = mock.say(room, "alice", "!q gil")
        mock.answer_to(room, event)
"""

import http.client
import json
import subprocess
import threading
import urllib.parse

import process
from process import BUILD, PATIENCE
from tap import check, until

PASSWORD = "correct-horse-battery"
CLIENT = "/_matrix/client/v3"


def quote(text):
    return urllib.parse.quote(text, safe="")


class Mock:
    """The homeserver, and its control API."""

    password = PASSWORD  # of the bot

    def __init__(self, port=0):
        self.process = process.start(
            [BUILD / "tests/mock/homeserver", "--until-eof", "--port", str(port)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.url = self.process.stdout.readline().split()[-1]
        self.control_url = self.process.stdout.readline().split()[-1]
        self.port = int(self.url.rsplit(":", 1)[1])
        self.local = threading.local()
        self.bot = "@znatok:localhost"
        self.said = []  # what people wrote: none of it may stand in a log
        self.user("znatok", password=PASSWORD)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()

    def stop(self):
        process.kill(self.process)

    # -- requests

    def ask(self, method, path, body=None, patience=PATIENCE):
        """A request of the control API; its answer."""
        connection = getattr(self.local, "connection", None)
        if not connection:
            host = self.control_url.split("//")[1]
            connection = http.client.HTTPConnection(host, timeout=patience + 30)
            self.local.connection = connection
        data = None if body is None else json.dumps(body)
        connection.request(method, "/_mock/" + path, data)
        answer = connection.getresponse()
        text = answer.read()
        check(answer.status == 200, f"{method} /_mock/{path}: {answer.status} {text[:300]}")
        return json.loads(text)

    def client(self, method, path, body=None, token=None, headers=None, raw=False):
        """A request as any client makes it: status and JSON."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE + 30)
        headers = dict(headers or {})
        if token:
            headers["Authorization"] = "Bearer " + token
        data = body if body is None or isinstance(body, (str, bytes)) else json.dumps(body)
        try:
            connection.request(method, path, data, headers)
            answer = connection.getresponse()
            text = answer.read()
        finally:
            connection.close()
        return answer.status, text if raw else json.loads(text)

    # -- users

    def user(self, user, **more):
        """password, name, login=True, device_id: what there is of the user."""
        return self.ask("POST", "users", {"user": user, **more})

    def set_user(self, user, **flags):
        """locked, deactivated, suspended"""
        self.ask("POST", "user", {"user": user, **flags})

    def get_user(self, user="znatok"):
        """devices {id: name}, account_data {type: content}, rooms {id: membership}"""
        return self.ask("GET", "user?user=" + quote(user))

    def logout(self, user="znatok", device=None, soft=False):
        """Of all devices, or one. Soft: tokens are refused with soft_logout, and
        the device stays."""
        body = {"user": user, "soft": soft}
        if device:
            body["device"] = device
        self.ask("POST", "logout", body)

    def expire(self, user="znatok"):
        """Access tokens have expired: a refresh helps."""
        self.ask("POST", "logout", {"user": user, "expire": True})

    def set_data(self, user, type_, content):
        self.ask("POST", "data", {"user": user, "type": type_, "content": content})

    # -- rooms

    def room(self, creator="alice", members=(), invite=(), encryption=None, **more):
        """A room; more is as in POST /createRoom, with room_id and remote."""
        body = {"creator": creator, "members": [full(m) for m in members],
                "invite": [full(m) for m in invite], **more}
        if encryption:
            algorithm = encryption if isinstance(encryption, str) else "m.megolm.v1.aes-sha2"
            body.setdefault("initial_state", []).append(
                {"type": "m.room.encryption", "content": {"algorithm": algorithm}})
        return self.ask("POST", "rooms", body)["room_id"]

    def crowd(self, count, members, messages=12, body="x"):
        """Many rooms at once, with the same people and so many messages."""
        return self.ask("POST", "crowd", {
            "count": count, "members": [full(m) for m in members],
            "messages": messages, "body": body})["room_ids"]

    def events(self, events):
        """Puts events as they are; _age, _no_age, _hidden, _txn, _device."""
        for event in events:
            text = event["content"].get("body")
            if isinstance(text, str):
                self.said.append(text)
        return self.ask("POST", "events", {"events": events})["event_ids"]

    def event(self, room, sender, type_, content, **more):
        return self.events([message(room, sender, type_, content, **more)])[0]

    def state(self, room, sender, type_, content, key="", **more):
        return self.event(room, sender, type_, content, state_key=key, **more)

    def say(self, room, sender, body, **more):
        """A text message; keys with an m. or _ are of the event or content."""
        return self.events([text(room, sender, body, **more)])[0]

    def member(self, room, user, membership, sender=None, **content):
        return self.ask("POST", "member", {
            "room_id": room, "user": full(user), "sender": full(sender or user),
            "membership": membership, "content": content})["event_id"]

    def redact(self, room, sender, event, reason=None):
        body = {"room_id": room, "sender": full(sender), "event_id": event}
        if reason:
            body["reason"] = reason
        return self.ask("POST", "redact", body)["event_id"]

    def state_of(self, room):
        """{(type, key): event}"""
        found = self.ask("GET", "state?room=" + quote(room))
        return {(e["type"], e["state_key"]): e for e in found}

    # -- what the bot did

    def timeline(self, room, wait=0, timeout=None, **only):
        """Events of the room; only: sender, type, reply_to, since. wait: until
        there are so many, or the patience has an end."""
        query = {"room": room, **only}
        if wait:
            query.update(wait=wait, timeout=int((timeout or PATIENCE) * 1000))
        return self.ask("GET", "timeline?" + urllib.parse.urlencode(query))["events"]

    def answers(self, room, wait=0, timeout=None, **only):
        """The bot's messages in the room; fails where there are not `wait`."""
        found = self.timeline(room, wait, timeout, sender=self.bot, type="m.room.message", **only)
        check(len(found) >= wait, f"only {len(found)} of {wait} messages in {room} {only or ''}")
        return found

    def answer_to(self, room, event, timeout=None):
        """The bot's answer to an event: waits for it."""
        return self.answers(room, 1, timeout, reply_to=event)[0]

    def log(self, wait=0, timeout=None, **only):
        """Requests: only method, path (prefix), regex (of path?query), body
        (regex), status, since (an id); received=1: also those without an
        answer. wait: until so many match. Each has id, method, target, path,
        query, headers, body, status, connection (a number), and in µs first_byte, complete, last_byte."""
        query = dict(only)
        if wait:
            query.update(wait=wait, timeout=int((timeout or PATIENCE) * 1000))
        return self.ask("GET", "log?" + urllib.parse.urlencode(query))["requests"]

    def wait_for(self, n=1, timeout=None, **only):
        """The requests that match, once there are n of them; fails else."""
        found = self.log(n, timeout, **only)
        check(len(found) >= n, f"only {len(found)} of {n} requests {only}")
        return found

    def log_end(self):
        """The id that the next request will have."""
        return self.ask("GET", "log?path=/none")["next"]

    def forget_log(self):
        self.ask("DELETE", "log")

    def syncs(self, n, timeout=None):
        """Waits until n more /sync have been answered."""
        since = self.log_end()
        return self.wait_for(n, timeout, path=CLIENT + "/sync", since=since)

    def settled(self):
        """Ends the long poll: all that was there has been seen by the bot,
        and it asks anew, and waits."""
        self.wait_for(1, path=CLIENT + "/sync", since=self.wake(), received=1)

        def is_asked():
            return not self.log(path=CLIENT + "/sync", received=1)[-1]["status"]
        until(is_asked, "a long poll")

    # -- trouble

    def rule(self, path=None, **rule):
        """What is to happen to requests that match method, path (prefix of it),
        regex (of path?query), body_regex: the first `skip` are let through,
        the next `times` (always where it is missing) get action: answer (with
        status, headers, body), pass, close-before, close-after, reset-before,
        reset-after, truncate, drip (drip_bytes each drip_ms), black-hole, swallow
        (does it, and never answers), empty, hold (until release()); each after
        delay_ms. A rule with a status or
        body answers, unless its action says else."""
        if path:
            rule["path"] = path
        return self.ask("POST", "rules", rule)["id"]

    def hits(self, rule):
        """How many requests the rule has had, and how many it holds."""
        found = [r for r in self.ask("GET", "rules")["rules"] if r["id"] == rule]
        return found[0]["hits"]

    def held(self, rule):
        found = [r for r in self.ask("GET", "rules")["rules"] if r["id"] == rule]
        return found[0]["held"]

    def release(self, rule):
        self.ask("POST", f"release?id={rule}")

    def drop_rule(self, rule=0):
        """Ends a rule, or all; what it held goes on."""
        self.ask("DELETE", f"rules?id={rule}")

    def sync_body(self, body, user="znatok"):
        """The user's next /sync gets that; @NEXT@ is a position from which nothing
        is left out: the one that was asked from."""
        self.ask("POST", "sync", {"user": user, "body": body})

    def feed(self, rooms, bodies, senders=("alice", "bob"), **more):
        """Streams events into the bot's /sync that are kept nowhere: total of
        them, batch in an answer, each `every`-th a command out of bodies, a
        batch only while at most `window` commands wait for their answers.
        no_log: no request from now on is logged. See feed_state()."""
        self.ask("POST", "feed", {
            "user": self.bot, "room_ids": list(rooms), "bodies": list(bodies),
            "senders": [full(s) for s in senders], **more})

    def feed_state(self, timeout=0):
        """over (waits so many s for that), given, asked, answered; µs: first, last."""
        return self.ask("GET", f"feed?timeout={int(timeout * 1000)}", patience=timeout + PATIENCE)

    def wake(self):
        """Ends the long polls: the id of the request that comes next."""
        return self.ask("POST", "wake")["next"]

    def server(self, **options):
        """token_lifetime_ms, date_offset (s), state_after (stable, unstable,
        off), no_refresh, forget_txns, speed: divides the time of long polls"""
        self.ask("POST", "server", options)

    def offline(self):
        """As killed: connections are reset, the port is closed."""
        self.ask("POST", "offline")

    def online(self):
        self.ask("POST", "online")


def full(user):
    return user if user.startswith("@") else f"@{user}:localhost"


def message(room, sender, type_, content, **more):
    return {"room_id": room, "sender": full(sender), "type": type_, "content": content, **more}


def text(room, sender, body, *, reply_to=None, thread=None, mentions=None, edits=None,
         msgtype="m.text", **more):
    """A message event for Mock.events(); thread: its root; edits: an event."""
    content = {"msgtype": msgtype, "body": body}
    relation = {}
    if reply_to:
        relation["m.in_reply_to"] = {"event_id": reply_to}
    if thread:
        relation.update({"rel_type": "m.thread", "event_id": thread})
    if edits:
        relation.update({"rel_type": "m.replace", "event_id": edits})
        content["m.new_content"] = {"msgtype": msgtype, "body": body}
        content["body"] = "* " + body
    if relation:
        content["m.relates_to"] = relation
    if mentions is not None:
        content["m.mentions"] = {"user_ids": [full(m) for m in mentions]}
    return message(room, sender, "m.room.message", content, **more)


def reaction(room, sender, key, target, **more):
    return message(room, sender, "m.reaction", {"m.relates_to": {
        "rel_type": "m.annotation", "event_id": target, "key": key}}, **more)
