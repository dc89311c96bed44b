#!/usr/bin/env python3
"""The bot on a real Synapse, beside a bare sync-and-reply loop (bare.c) and,
where build/nio has it, a bot on matrix-nio (nio_bot.py): each answers in a room of
its own, in turn. Synapse keeps its data on the same disk as the bot.

Latency is what the asker sees: from the server's taking of the question to
the answer in the asker's /sync. CPU is the process's own, an answer.
"""

import json
import os
import pathlib
import shutil
import subprocess
import sys
import time

sys.path[:0] = [str(pathlib.Path(__file__).resolve().parents[1] / room) for room in ("peers", "lib")]
from bot import Bot  # noqa: E402
from peers import Synapse, in_reply_to  # noqa: E402
import process  # noqa: E402

TIMES = int(os.environ.get("TIMES", "200"))
FOLDER = pathlib.Path(os.environ.get("BENCH", process.BUILD / "bench")).resolve()
NIO = process.ROOT / "build/nio/bin/python"
FILTER = json.dumps({"presence": {"not_types": ["*"]}, "account_data": {"not_types": ["*"]},
                     "room": {"ephemeral": {"not_types": ["*"]}, "state": {"not_types": ["*"]},
                              "account_data": {"not_types": ["*"]}}})


def report(what, value, limit="", good=True):
    print(f"{what:42} {value:>12}   {limit:38} {'ok' if good else 'MISSED'}", flush=True)


def cpu(pid):
    tasks = pathlib.Path(f"/proc/{pid}/task").iterdir()
    return sum(int((t / "schedstat").read_text().split()[0]) for t in tasks) / 1e9


def median(values):
    return sorted(values)[len(values) // 2]


class Rival:
    """A program that answers as `name`, with the bytes that the bot answers."""

    def __init__(self, server, name, words, content):
        self.person = server.register(name)
        self.room = None
        self.words = [*words, server.url, self.person.id]
        self.content = content
        self.process = None

    def start(self, *more):
        self.process = process.start([*self.words, *more, self.person.token, self.content],
                                     stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        assert self.process.stdout.readline().strip() == "ready"


class Asker:
    def __init__(self, server):
        self.person = server.register("alice")
        self.since = None
        self.sync()

    def sync(self, timeout=0):
        query = {"filter": FILTER, "timeout": timeout}
        if self.since:
            query["since"] = self.since
        answer = self.person.call("GET", "/v3/sync", **query)
        self.since = answer["next_batch"]
        return [e for room in answer.get("rooms", {}).get("join", {}).values()
                for e in room["timeline"]["events"]]

    def ask(self, room):
        """ms until the answer is here, and the answer."""
        asked = self.person.send(room, "!q gil")
        start = time.monotonic()
        while True:
            for event in self.sync(30000):
                if in_reply_to(event) == asked and event["sender"] != self.person.id:
                    return (time.monotonic() - start) * 1000, event


def main():
    shutil.rmtree(FOLDER / "synapse", ignore_errors=True)
    FOLDER.mkdir(parents=True, exist_ok=True)
    with Synapse(data=FOLDER / "synapse") as server:
        server.register("znatok")
        alice = Asker(server)
        with Bot(server.url, "znatok", "password of znatok", where=FOLDER, begin=True,
                 notes={"folders": process.ROOT / "kb/notes", "watch": "false"}) as bot:
            rooms = {"znatok": alice.person.create_room(invite=["@znatok:localhost"])}
            while alice.person.membership(rooms["znatok"], "@znatok:localhost") != "join":
                time.sleep(0.1)
            time.sleep(1)
            alice.sync()
            content = alice.ask(rooms["znatok"])[1]["content"]
            content = json.dumps({k: v for k, v in content.items()
                                  if k not in ("m.relates_to", "org.znatok.id")})
            rivals = {"bare loop": Rival(server, "bare", [process.BUILD / "tests/bench/bare"],
                                         content)}
            if NIO.exists():
                rivals["matrix-nio"] = Rival(
                    server, "nio", [NIO, process.ROOT / "tests/bench/nio_bot.py"], content)
            for name, rival in rivals.items():
                rooms[name] = alice.person.create_room(invite=[rival.person.id])
                rival.person.join(rooms[name])
                rival.start(*([rival.person.device] if name == "matrix-nio" else []))
            pids = {"znatok": bot.process.pid,
                    **{name: rival.process.pid for name, rival in rivals.items()}}
            figures(alice, rooms, pids)
            for rival in rivals.values():
                process.end(rival.process)
            bot.stop()
    shutil.rmtree(FOLDER / "synapse", ignore_errors=True)


def figures(alice, rooms, pids):
    taken = {name: [] for name in rooms}
    for _ in range(10):
        for room in rooms.values():
            alice.ask(room)
    before = {name: cpu(pid) for name, pid in pids.items()}
    names = list(rooms)
    for i in range(TIMES):
        for name in names[i % len(names):] + names[:i % len(names)]:
            taken[name].append(alice.ask(rooms[name])[0])
            time.sleep(0.05)  # what comes after the answer
    used = {name: (cpu(pid) - before[name]) / TIMES * 1000 for name, pid in pids.items()}
    own, bare = median(taken["znatok"]), median(taken["bare loop"])
    report(f"own CPU an answer ({TIMES} answers)", f"{used['znatok']:.3f} ms", "at most 0.5 ms",
           used["znatok"] <= 0.5)
    for name in names[1:]:
        report(f"  {name}", f"{used[name]:.3f} ms")
    if "matrix-nio" not in names:
        print("  matrix-nio: not in build/nio, not measured")
    report("latency on Synapse, p50", f"{own:.1f} ms", f"at most {1.05 * bare:.1f} ms (1.05 x)",
           own <= 1.05 * bare)
    for name in names[1:]:
        report(f"  {name}", f"{median(taken[name]):.1f} ms",
               f"znatok takes {own / median(taken[name]):.3f} x")


if __name__ == "__main__":
    main()
