#!/usr/bin/env python3
"""Events without end, from the mock homeserver: memory and descriptors of the
bot stay flat. SOAK is their number, 200,000 if it is not set."""

import os

from bench import FOLDER, QUERIES, ROOT, descriptors, status
from bot import Bot
from mock import Mock
from tap import case, check, main

EVENTS = int(os.environ.get("SOAK") or (20000 if os.environ.get("SAN") else 200000))
STEPS = 20
# Pages of the heap come and go; a leak of 8 bytes an event is more than that.
SLACK = max(512, EVENTS * 8 // 1024 // 2)  # KiB


def step(mock, rooms, people, total):
    mock.feed(rooms, QUERIES, people, total=total, batch=200, window=64, every=20, no_log=True)
    while True:
        state = mock.feed_state(timeout=60)
        if state["over"]:
            return state["answered"]


@case(f"{EVENTS} events, each 20th a command: memory and descriptors are flat")
def soak():
    with Mock() as mock, Bot(mock, where=FOLDER if os.environ.get("BENCH") else None,
                             notes={"folders": ROOT / "kb/notes"}) as bot:
        rooms = [mock.room("alice", members=["znatok", "bob"]) for _ in range(20)]
        people = [f"p{i}" for i in range(50)]
        bot.start()
        anonymous, open_files = [], []
        for n in range(STEPS):
            answered = step(mock, rooms, people, EVENTS // STEPS)
            check(answered == EVENTS // STEPS // 20, f"{answered} answers")
            anonymous.append(status(bot.process.pid, "RssAnon"))
            open_files.append(descriptors(bot.process.pid))
            print(f"# {EVENTS // STEPS * (n + 1)} events: RssAnon {anonymous[-1]} KiB, "
                  f"{open_files[-1]} descriptors", flush=True)
        check(bot.running(), bot.log())
        # The first quarter fills caches; a sanitizer keeps what is freed.
        early, late = max(anonymous[:STEPS // 4]), max(anonymous[-STEPS // 4:])
        check(bool(os.environ.get("SAN")) or late <= early + SLACK,
              f"RssAnon went from {early} to {late} KiB")
        check(max(open_files[-STEPS // 4:]) <= max(open_files[:STEPS // 4]) + 2,
              f"descriptors: {open_files}")


if __name__ == "__main__":
    main()
