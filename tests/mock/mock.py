"""What tests of the Matrix side stand on: the mock homeserver, the bot, TAP.

    from mock import Bot, Mock, case, check, main

    @case("SY14 own message echo: nothing is answered")
    def echo():
        with Mock() as mock, Bot(mock) as bot:
            room = mock.room("alice", members=["znatok"])
            bot.start()
            ...

    main()

Every case has a homeserver and a state folder of its own, so cases run side by
side. Whatever was started is killed by its process id at the end.
"""

import atexit
import concurrent.futures
import contextlib
import ctypes
import http.client
import json
import os
import pathlib
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
import traceback
import urllib.parse

BUILD = pathlib.Path(os.environ.get("BUILD", "build")).resolve()
ROOT = pathlib.Path(__file__).resolve().parents[2]
NOTES = ROOT / "tests/transcripts/notes"
PATIENCE = 90 if os.environ.get("SAN") else 30  # seconds: a hang is a failure
PASSWORD = "correct-horse-battery"
CLIENT = "/_matrix/client/v3"

processes = set()


def quote(text):
    return urllib.parse.quote(text, safe="")


def end_with_parent():
    ctypes.CDLL(None).prctl(1, signal.SIGKILL)  # PR_SET_PDEATHSIG


def spawn(*args, **more):
    process = subprocess.Popen(*args, preexec_fn=end_with_parent, **more)
    processes.add(process)
    return process


def end_process(process):
    if process.poll() is None:
        process.kill()
    process.wait()
    processes.discard(process)


@atexit.register
def end_all():
    for process in list(processes):
        end_process(process)


class Failed(AssertionError):
    pass


def check(good, text="that is not so"):
    if not good:
        raise Failed(text)


def same(found, wanted, text=""):
    check(found == wanted, f"{text}: found {found!r}, wanted {wanted!r}")


def until(condition, text, patience=PATIENCE):
    """Waits for what nothing else can tell; what it returned then."""
    end = time.monotonic() + patience
    while True:
        value = condition()
        if value:
            return value
        check(time.monotonic() < end, f"gave up waiting: {text}")
        time.sleep(0.02)


class Mock:
    """The homeserver, and its control API."""

    def __init__(self, port=0):
        self.process = spawn(
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
        end_process(self.process)

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
        """The bot's messages in the room."""
        return self.timeline(room, wait, timeout, sender=self.bot, type="m.room.message", **only)

    def answer_to(self, room, event, timeout=None):
        """The bot's answer to an event: waits for it."""
        found = self.answers(room, 1, timeout, reply_to=event)
        check(found, f"no answer to {event}")
        return found[0]

    def log(self, wait=0, timeout=None, **only):
        """Requests: only method, path (prefix), regex (of path?query), body
        (regex), status, since (an id); received=1: also those without an
        answer. wait: until so many match. Each has id, method, target, path,
        query, headers, body, status, and in µs first_byte, complete, last_byte."""
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
        and it asks anew."""
        since = self.log_end()
        self.wake()
        self.wait_for(1, path=CLIENT + "/sync", since=since, received=1)

    # -- trouble

    def rule(self, path=None, **rule):
        """What is to happen to requests that match method, path (prefix of it),
        regex (of path?query), body_regex: the first `skip` are let through,
        the next `times` (always where it is missing) get action: answer (with
        status, headers, body), pass, close-before, close-after, reset-before,
        reset-after, truncate, drip (drip_bytes each drip_ms), black-hole, empty,
        hold (until release()); each after delay_ms. A rule with a status or
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
        """The user's next /sync gets that; @NEXT@ is the position of now."""
        self.ask("POST", "sync", {"user": user, "body": body})

    def wake(self):
        self.ask("POST", "wake")

    def server(self, **options):
        """token_lifetime_ms, date_offset (s), state_after (stable, unstable,
        off), no_refresh, forget_txns"""
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


class Bot:
    """znatok run, on a state folder of its own.

    Sections of bot.conf are dicts: Bot(mock, bot={"flood": 10}); an option
    that is None is left out.
    """

    logs = []  # (what was logged, secrets) of every run, for main()

    def __init__(self, mock, *, url=None, token=None, start=False, environment=None,
                 **sections):
        self.mock = mock
        self.folder = pathlib.Path(tempfile.mkdtemp(
            dir="/dev/shm" if os.access("/dev/shm", os.W_OK) else None))
        self.state = self.folder / "state"
        self.conf = self.folder / "bot.conf"
        self.environment = environment or {}
        self.process, self.lines = None, []
        self.changed = threading.Condition()
        secret = "token" if token else "password"
        self.secret_file(secret, token or PASSWORD)
        self.sections = {
            "bot": {"state": self.state, "admins": "@root:localhost", "language": "en",
                    "flood": 0},
            "notes": {"folders": NOTES},
            "matrix": {"homeserver": url or mock.url, "user": "znatok",
                       secret + "_file": self.folder / secret,
                       "invites": "everyone"},
        }
        self.configure(**sections)
        if start:
            self.start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def secret_file(self, name, secret):
        path = self.folder / name
        path.write_text(secret + "\n")
        path.chmod(0o600)

    def configure(self, **sections):
        """Changes bot.conf, which the bot reads at its start or at a SIGHUP."""
        lines = []
        for name, options in sections.items():
            self.sections.setdefault(name, {}).update(options)
        for name, options in self.sections.items():
            lines.append(f"[{name}]")
            lines += [f"{key} = {value}" for key, value in options.items() if value is not None]
        new = self.conf.with_suffix(".new")
        new.write_text("\n".join(lines) + "\n")
        new.rename(self.conf)

    def environ(self):
        return {"PATH": os.environ["PATH"], "LANG": "C.UTF-8", "HOME": str(self.folder),
                "XDG_CACHE_HOME": str(self.folder / "cache"),
                "ASAN_OPTIONS": "verify_asan_link_order=0",
                "no_proxy": "*", **self.environment}

    def start(self, sync=True, before=()):
        """Starts it; sync: and waits until it is in sync."""
        check(not self.running(), "the bot runs already")
        self.mark = len(self.lines)
        self.process = spawn([*before, BUILD / "znatok", "run", "--config", self.conf],
                             stderr=subprocess.PIPE, stdin=subprocess.DEVNULL,
                             stdout=subprocess.DEVNULL, env=self.environ())
        self.reader = threading.Thread(target=self.read, args=(self.process,), daemon=True)
        self.reader.start()
        if sync:
            self.wait_log("in sync")
        return self

    def read(self, process):
        for line in process.stderr:
            with self.changed:
                self.lines.append(line.decode(errors="replace").rstrip("\n"))
                self.changed.notify_all()
        with self.changed:
            self.changed.notify_all()

    def running(self):
        return self.process is not None and self.process.poll() is None

    def log(self, all_runs=False):
        return "\n".join(self.lines[0 if all_runs else self.mark:])

    def logged(self, pattern):
        """The lines of this run that match."""
        return [line for line in self.lines[self.mark:] if re.search(pattern, line)]

    def wait_log(self, pattern, n=1, patience=PATIENCE):
        """Waits until this run has logged n such lines: the n-th."""
        end = time.monotonic() + patience
        with self.changed:
            while True:
                found = self.logged(pattern)
                if len(found) >= n:
                    return found[n - 1]
                check(self.reader.is_alive(),
                      f"the bot ended, without /{pattern}/ in its log:\n" + self.log())
                check(time.monotonic() < end, f"no /{pattern}/ in the log:\n" + self.log())
                self.changed.wait(0.2)

    def ended(self, patience=PATIENCE):
        """Waits for its end: the exit status, or minus the signal."""
        try:
            status = self.process.wait(patience)
        except subprocess.TimeoutExpired:
            raise Failed("the bot does not end:\n" + self.log()) from None
        self.reader.join()
        processes.discard(self.process)
        return status

    def stop(self, number=signal.SIGTERM):
        """Ends it as told; the exit status."""
        self.process.send_signal(number)
        return self.ended()

    def kill(self):
        end_process(self.process)
        self.reader.join()

    def restart(self, sync=True):
        return self.start(sync)

    def reload(self):
        self.process.send_signal(signal.SIGHUP)

    def close(self):
        if self.process:
            self.kill()
        if self.lines:
            Bot.logs.append(("\n".join(self.lines), self.secrets()))
        shutil.rmtree(self.folder, ignore_errors=True)

    def secrets(self):
        """What may stand in no log: the password, every token, what was said."""
        found = {PASSWORD, *(t for t in self.mock.said if len(t) >= 8)}
        with contextlib.suppress(Exception):
            for request in self.mock.log(received=1):
                found.update(request["headers"].get("authorization", "").split()[1:])
                if request["path"].endswith(("/login", "/refresh")):
                    found.update(re.findall(r'_token":"(sy[^"]+)', request["body"]))
        return found


# -- test anything protocol

cases = []


def case(name):
    """One case: its function raises where something is not as it should be."""
    def add(function):
        cases.append((name, function))
        return function
    return add


def run(function):
    try:
        function()
        return None
    except Failed as error:
        at = traceback.extract_tb(error.__traceback__)
        where = [f"{f.filename.rsplit('/', 1)[-1]}:{f.lineno} {f.line}" for f in at
                 if not f.filename.endswith("mock.py")]
        return "\n".join([str(error), *where])
    except Exception:  # a case that breaks must not take the others along
        return traceback.format_exc()


def leaks():
    """Secrets that stand in a log of any run of this file."""
    found = []
    for log, secrets in Bot.logs:
        found += [f"{secret!r} in: {line}" for secret in secrets for line in log.splitlines()
                  if secret in line]
    return found


def main(jobs=6):
    """Runs the cases, or those whose names hold one of the arguments."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    wanted = [(name, function) for name, function in cases
              if not sys.argv[1:] or any(a.lower() in name.lower() for a in sys.argv[1:])]
    failed = 0

    def result(number, name, trouble):
        print(("not ok" if trouble else "ok") + f" {number} - {name}", flush=True)
        if trouble:
            print("\n".join("# " + line for line in trouble.splitlines()), flush=True)
        return bool(trouble)

    print(f"1..{len(wanted) + 1}", flush=True)
    with concurrent.futures.ThreadPoolExecutor(jobs) as pool:
        futures = [pool.submit(run, function) for _, function in wanted]
        for number, ((name, _), future) in enumerate(zip(wanted, futures), 1):
            failed += result(number, name, future.result())
    found = leaks()
    failed += result(len(wanted) + 1, f"FA19 no token, password or message in {len(Bot.logs)} logs",
                     "\n".join(found[:10]))
    sys.exit(1 if failed else 0)
