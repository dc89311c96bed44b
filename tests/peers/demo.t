#!/usr/bin/env python3
"""make demo, as a newcomer meets it: what it prints is taken at its word."""

import os
import pathlib
import re
import signal
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "lib"))
import process  # noqa: E402
from peers import Client, SERVER_NAME, log_in  # noqa: E402
from tap import case, check, run  # noqa: E402

HERE = pathlib.Path(__file__).resolve().parent


class Demo:
    def __init__(self, folder):
        self.folder = folder

    def __enter__(self):
        self.process = process.start(
            [sys.executable, HERE / "demo.py"], cwd=process.ROOT, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, text=True, env={**os.environ, "DEMO": self.folder})
        self.text = ""
        for line in self.process.stdout:
            self.text += line
            if "Ctrl-C" in line:
                break
        check("Ctrl-C" in self.text, "it did not start:", self.text)
        self.url = self.said(r"homeserver +(http://\S+)")
        return self

    def __exit__(self, *reason):
        process.end(self.process)

    def said(self, pattern):
        found = re.search(pattern, self.text)
        check(found, f"no {pattern} in", self.text)
        return found.group(1)

    def person(self, name):
        return log_in(self.url, name, self.said(rf"user +{name} +password +(\S+)"))

    def room(self):
        return self.said(r"room +(#\S+)")

    def stop(self, how):
        status = process.end(self.process, how)
        rest = self.process.stdout.read()
        check("make demo" in rest, rest)
        try:
            Client(self.url).call("GET", "/versions")
            check(False, "the homeserver goes on")
        except OSError:
            pass
        return status


@case("it starts; alice gets an answer, and is admin; Ctrl-C ends it with 0")
def first(folder):
    with Demo(folder) as demo:
        alice = demo.person("alice")
        room = alice.join(demo.room())
        answer = alice.ask(room, "!q gil")
        check(answer["sender"] == f"@znatok:{SERVER_NAME}" and "GIL" in answer["content"]["body"],
               answer)
        check("admins" not in alice.ask(room, "!reload")["content"]["body"])
        check(alice.membership(room, f"@bob:{SERVER_NAME}") == "join")
        check(demo.stop(signal.SIGINT) == 0)


@case("again it goes on with the same data; the curl lines do as they say")
def second(folder):
    with Demo(folder) as demo:
        bob = demo.person("bob")
        room = bob.join(demo.room())
        before = [e for e in bob.timeline(room) if e["sender"].startswith("@znatok")]
        check(any("GIL" in e["content"].get("body", "") for e in before), before)
        lines = re.findall(r"^ +((?:HS=|TOKEN=|ROOM=|curl ).*)$", demo.text, re.M)
        check(len(lines) == 5, demo.text)
        done = subprocess.run(["bash", "-c", "\n".join([*lines[:4], "echo", lines[4]])],
                              capture_output=True, text=True, check=False)
        check(done.returncode == 0 and "$" in done.stdout.splitlines()[0], done)
        sent = re.search(r'"event_id":"([^"]+)"', done.stdout).group(1)
        bob.wait_answer(room, sent)
        check('"chunk"' in done.stdout, done.stdout)
        check(demo.stop(signal.SIGTERM) == 0)


@case("a second one beside it says so and ends with 1")
def beside(folder):
    with Demo(folder) as demo:
        other = subprocess.run([sys.executable, HERE / "demo.py"], capture_output=True, text=True,
                               env={**os.environ, "DEMO": folder}, check=False)
        check(other.returncode == 1 and "runs already" in other.stderr, other)
        check(demo.stop(signal.SIGINT) == 0)


if __name__ == "__main__":
    with process.folder() as temporary:
        status = run(temporary)
    sys.exit(status)
