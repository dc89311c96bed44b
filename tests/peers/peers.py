"""A real Synapse, and people on it.

    with Synapse() as server:
        alice = server.register("alice", admin=True)
        room = alice.create_room(name="tea", invite=["@znatok:localhost"])
        asked = alice.send(room, "!q gil")
        answer = alice.wait_answer(room, asked)

Person speaks plain HTTP. SdkPerson is matrix-js-sdk, the library of Element
Web: what it makes of an event is what people see (peer-cli.mjs).
"""

import hashlib
import hmac
import http.client
import itertools
import json
import os
import pathlib
import queue
import shutil
import subprocess
import threading
import time
import urllib.parse

import process
from tap import Failed

HERE = pathlib.Path(__file__).resolve().parent
SERVER_NAME = "localhost"
PATIENCE = 30  # seconds, then a wait is given up


def quote(text):
    return urllib.parse.quote(text, safe="")


class Refused(Exception):
    """The server answered with an error."""

    def __init__(self, status, body, what):
        self.status = status
        self.code = body.get("errcode") if isinstance(body, dict) else None
        self.body = body
        super().__init__(f"{what}: {status} {body}")


class Client:
    """JSON over HTTP on one kept connection; not for two threads at once."""

    def __init__(self, url, token=None):
        self.url = urllib.parse.urlsplit(url)
        self.token = token
        self.connection = None

    def once(self, method, target, body):
        if not self.connection:
            self.connection = http.client.HTTPConnection(
                self.url.hostname, self.url.port, timeout=PATIENCE)
        headers = {"Content-Type": "application/json"}
        if self.token:
            headers["Authorization"] = "Bearer " + self.token
        self.connection.request(
            method, target, None if body is None else json.dumps(body).encode(), headers)
        response = self.connection.getresponse()
        return response.status, json.loads(response.read())

    def call(self, method, path, body=None, **query):
        """What the server answers; waits where it says so (429)."""
        target = "/_matrix/client" + path if path.startswith("/v") else path
        if query:
            target += "?" + urllib.parse.urlencode(query)
        while True:
            try:
                status, answer = self.once(method, target, body)
            except (http.client.RemoteDisconnected, ConnectionError):
                # A kept connection that the server has closed meanwhile.
                self.connection.close()
                self.connection = None
                status, answer = self.once(method, target, body)
            if status == 429:
                time.sleep(answer.get("retry_after_ms", 500) / 1000)
                continue
            if status != 200:
                raise Refused(status, answer, f"{method} {target}")
            return answer


class Synapse:
    """limits="default" keeps Synapse's own; extra is configuration to add."""

    def __init__(self, limits="raised", extra=None, data=None):
        self.limits = limits
        self.temporary = None if data else process.folder()
        self.data = pathlib.Path(data or self.temporary.name)
        self.data.mkdir(parents=True, exist_ok=True)
        self.process = None
        self.port = None
        if extra:
            self.configure(extra)

    def __enter__(self):
        return self.start()

    def __exit__(self, *reason):
        self.stop()
        if self.temporary:
            self.temporary.cleanup()

    def configure(self, extra):
        """For the next start. JSON is YAML too."""
        (self.data / "extra.yaml").write_text(json.dumps(extra))

    @property
    def url(self):
        return f"http://127.0.0.1:{self.port}"

    def start(self):
        # A free port may be taken until Synapse gets there: once more then.
        for _ in range(5):
            port = self.port or process.free_port()
            with open(self.data / "stdout.log", "ab") as log:
                self.process = process.start(
                    [HERE / "synapse.sh", "run", self.data, port], cwd=process.ROOT,
                    env={**os.environ, "LIMITS": self.limits}, stdin=subprocess.DEVNULL,
                    stdout=log, stderr=log, start_new_session=True)
            if self.answers(port):
                self.port = port
                return self
        raise Failed("Synapse does not start:\n" + self.last_words())

    def answers(self, port):
        end = time.monotonic() + PATIENCE
        while self.process.poll() is None and time.monotonic() < end:
            try:
                Client(f"http://127.0.0.1:{port}").call("GET", "/versions")
                # Not another program, which had the port first.
                return self.process.poll() is None
            except (OSError, http.client.HTTPException, ValueError, Refused):
                time.sleep(0.05)
        return False

    def last_words(self):
        return (self.data / "stdout.log").read_text(errors="replace")[-2000:]

    def stop(self):
        if self.process:
            process.end(self.process)

    def restart(self):
        self.stop()
        return self.start()

    def register(self, name, password=None, admin=False):
        """A new account, logged in."""
        password = password or "password of " + name
        client = Client(self.url)
        path = "/_synapse/admin/v1/register"
        nonce = client.call("GET", path)["nonce"]
        mac = hmac.new(b"local", digestmod=hashlib.sha1, msg=b"\0".join(
            (nonce.encode(), name.encode(), password.encode(), b"admin" if admin else b"notadmin")))
        answer = client.call("POST", path, {
            "nonce": nonce, "username": name, "password": password, "admin": admin,
            "mac": mac.hexdigest()})
        return Person(self.url, answer, password)

    def login(self, name, password=None):
        return log_in(self.url, name, password or "password of " + name)


class Person(Client):
    """Somebody with an account, over plain HTTP."""

    def __init__(self, url, login, password):
        super().__init__(url, login["access_token"])
        self.id = login["user_id"]
        self.name = self.id[1:].split(":")[0]
        self.device = login["device_id"]
        self.password = password
        self.since = None
        self.seen = []  # events, as they came; each has "room_id"
        self.synced = {}  # the last /sync response
        self.transactions = itertools.count(1)

    # ---- rooms ----

    def create_room(self, **more):
        """more: as in the specification; public=True is a preset."""
        preset = "public_chat" if more.pop("public", False) else "private_chat"
        return self.call("POST", "/v3/createRoom", {"preset": preset, **more})["room_id"]

    def join(self, room):
        return self.call("POST", f"/v3/join/{quote(room)}", {})["room_id"]

    def leave(self, room):
        self.call("POST", f"/v3/rooms/{quote(room)}/leave", {})

    def invite(self, room, user):
        self.call("POST", f"/v3/rooms/{quote(room)}/invite", {"user_id": user})

    def kick(self, room, user, reason=""):
        self.call("POST", f"/v3/rooms/{quote(room)}/kick", {"user_id": user, "reason": reason})

    def upgrade(self, room, version):
        return self.call("POST", f"/v3/rooms/{quote(room)}/upgrade",
                         {"new_version": version})["replacement_room"]

    def state(self, room, kind, key=""):
        """The content of a state event, or None."""
        try:
            return self.call("GET", f"/v3/rooms/{quote(room)}/state/{kind}/{quote(key)}")
        except Refused as error:
            if error.status == 404:
                return None
            raise

    def set_state(self, room, kind, content, key=""):
        return self.call("PUT", f"/v3/rooms/{quote(room)}/state/{kind}/{quote(key)}",
                         content)["event_id"]

    def account_data(self, kind):
        """Of the account itself; None where there is none."""
        try:
            return self.call("GET", f"/v3/user/{quote(self.id)}/account_data/{kind}")
        except Refused as error:
            if error.status == 404:
                return None
            raise

    def membership(self, room, user):
        return (self.state(room, "m.room.member", user) or {}).get("membership")

    # ---- saying ----

    def event(self, room, kind, content):
        path = f"/v3/rooms/{quote(room)}/send/{kind}/t{next(self.transactions)}"
        return self.call("PUT", path, content)["event_id"]

    def send(self, room, body, reply=None, thread=None, msgtype="m.text", **more):
        """reply and thread: the events answered and at the thread's root."""
        content = {"msgtype": msgtype, "body": body, **more}
        if thread:
            content["m.relates_to"] = {
                "rel_type": "m.thread", "event_id": thread, "is_falling_back": not reply,
                "m.in_reply_to": {"event_id": reply or thread}}
        elif reply:
            content["m.relates_to"] = {"m.in_reply_to": {"event_id": reply}}
        return self.event(room, "m.room.message", content)

    def edit(self, room, event, body):
        return self.event(room, "m.room.message", {
            "msgtype": "m.text", "body": "* " + body,
            "m.new_content": {"msgtype": "m.text", "body": body},
            "m.relates_to": {"rel_type": "m.replace", "event_id": event}})

    def react(self, room, event, key):
        return self.event(room, "m.reaction", {
            "m.relates_to": {"rel_type": "m.annotation", "event_id": event, "key": key}})

    def redact(self, room, event, reason=""):
        path = f"/v3/rooms/{quote(room)}/redact/{quote(event)}/t{next(self.transactions)}"
        return self.call("PUT", path, {"reason": reason})["event_id"]

    # ---- hearing ----

    def sync(self, timeout=0):
        query = {"timeout": int(timeout * 1000),
                 "filter": json.dumps({"room": {"timeline": {"limit": 100}}})}
        if self.since:
            query["since"] = self.since
        self.synced = self.call("GET", "/v3/sync", **query)
        self.since = self.synced["next_batch"]
        for room, part in self.synced.get("rooms", {}).get("join", {}).items():
            for event in part["timeline"]["events"]:
                self.seen.append({**event, "room_id": room})
        return self.synced

    def wait(self, test, what, timeout=PATIENCE):
        """The first event of all that this person sees for which test is true."""
        end = time.monotonic() + timeout
        looked = 0
        while True:
            for event in self.seen[looked:]:
                if test(event):
                    return event
            looked = len(self.seen)
            left = end - time.monotonic()
            if left <= 0:
                raise Failed(f"{self.name} gave up waiting after {timeout} s: {what}")
            self.sync(min(left, 10))

    def wait_answer(self, room, asked, timeout=PATIENCE):
        """The first answer of another to the event asked."""
        return self.wait(lambda event: event["room_id"] == room and event["sender"] != self.id
                         and in_reply_to(event) == asked, f"an answer to {asked}", timeout)

    def ask(self, room, body, **more):
        """The answer to a message."""
        return self.wait_answer(room, self.send(room, body, **more))

    def timeline(self, room):
        """All events of a room that this person may see, the oldest first."""
        events, query = [], {}
        while True:
            page = self.call("GET", f"/v3/rooms/{quote(room)}/messages",
                             dir="f", limit=1000, **query)
            events += page["chunk"]
            if "end" not in page:
                return events
            query["from"] = page["end"]

    def answers(self, room, user):
        """What user said in reply: event answered -> answers, in order."""
        found = {}
        for event in self.timeline(room):
            if event["sender"] == user and in_reply_to(event):
                found.setdefault(in_reply_to(event), []).append(event)
        return found

    # ---- administrators of the server ----

    def delete_devices(self, user):
        """Logs user out everywhere."""
        path = f"/_synapse/admin/v2/users/{quote(user)}"
        devices = [d["device_id"] for d in self.call("GET", path + "/devices")["devices"]]
        self.call("POST", path + "/delete_devices", {"devices": devices})


def log_in(url, name, password):
    return Person(url, Client(url).call("POST", "/v3/login", {
        "type": "m.login.password", "password": password,
        "identifier": {"type": "m.id.user", "user": name}}), password)


def in_reply_to(event):
    """The event that a message answers; None where it only stands in a thread."""
    relates = event.get("content", {}).get("m.relates_to") or {}
    return (relates.get("m.in_reply_to") or {}).get("event_id")


class SdkPerson:
    """Somebody with matrix-js-sdk; a method for each command of peer-cli.mjs."""

    def __init__(self, server, name, crypto=False):
        node = shutil.which("node") or shutil.which("nodejs")
        if not node:
            raise Failed("there is no node on the path")
        password = "password of " + name
        self.id = server.register(name, password).id
        self.process = process.start(
            [node, HERE / "peer-cli.mjs"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
            env={**os.environ, "HS": server.url,
                 "PEER_NODE": os.environ.get("PEER_NODE", str(process.ROOT / "build/node"))})
        self.lines = queue.Queue()
        threading.Thread(target=self.read, daemon=True).start()
        self.call("start", user=name, password=password, crypto=crypto)

    def read(self):
        for line in self.process.stdout:
            self.lines.put(line)
        self.lines.put("")

    def call(self, command, **more):
        self.process.stdin.write(json.dumps({"cmd": command, **more}) + "\n")
        self.process.stdin.flush()
        line = self.lines.get(timeout=2 * PATIENCE)
        answer = json.loads(line or '{"ok": false, "error": "it has ended"}')
        if not answer.pop("ok"):
            raise Failed(f"{self.id}: {command} {more}: {answer['error']}")
        return answer

    def __getattr__(self, command):
        return lambda **more: self.call(command, **more)

    def stop(self):
        self.process.stdin.close()
        process.end(self.process)
