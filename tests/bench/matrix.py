#!/usr/bin/env python3
"""The Matrix side against the mock homeserver: matrix.py [latency|load|initial|idle]…

latency  from the last byte of a /sync response to the first byte of the
         answer's PUT, beside a FULL commit on the same disk
load     answered commands a second with 64 ready at a time, in several rooms,
         beside SQLite with the same rows
initial  a first /sync with 10,000 rooms: CPU and peak memory; a restart with them
idle     memory, and what wakes the bot while nothing happens
"""

import contextlib
import os
import time

from bench import (FOLDER, QUERIES, ROOT, Rival, cpu, main, percentile, report, status,
                   wakeups)
from bot import Bot
from mock import CLIENT, Mock
from tap import until

SYNC = CLIENT + "/sync"


@contextlib.contextmanager
def pair(**notes):
    """A homeserver, and a bot with the notes we ship, its store on the disk."""
    with Mock() as mock, Bot(mock, where=FOLDER,
                             notes={"folders": ROOT / "kb/notes", **notes}) as bot:
        yield mock, bot


def settle(mock, bot):
    """Until the bot has heard its own echo and polls again."""
    def polling():
        last = [r for r in mock.log(path=SYNC, received=1)][-1:]
        return last and not last[0]["status"]
    until(polling, "the long poll")
    mock.forget_log()


# ---- latency ----

def latencies(mock, bot, room, rival, times):
    """µs from /sync to PUT, and of FULL commits, in turn."""
    ours, commits = [], []
    for i in range(times):
        mock.say(room, "alice", QUERIES[i % len(QUERIES)])
        put = mock.wait_for(1, method="PUT")[0]
        sync = [r for r in mock.log(path=SYNC) if r["last_byte"] <= put["first_byte"]][-1]
        ours.append(put["first_byte"] - sync["last_byte"])
        settle(mock, bot)
        commits += rival.full()
    return ours, commits


def latency():
    with pair() as (mock, bot):
        room = mock.room("alice", members=["znatok", "bob"])
        bot.start()
        rival = Rival(bot.folder)
        latencies(mock, bot, room, rival, 20)  # the first answers warm up
        ours, commits = latencies(mock, bot, room, rival,
                                  int(os.environ.get("TIMES", "400")))
        limit = 2 * percentile(commits, 50) + 500
        report("/sync to PUT, p50", f"{percentile(ours, 50)}", "us", f"at most {limit} us",
               percentile(ours, 50) <= limit, "(2 FULL commits + 500 us)")
        report("/sync to PUT, p99", f"{percentile(ours, 99)}", "us", "", True)
        report("FULL commit of one row, p50", f"{percentile(commits, 50)}", "us", "", True,
               f"p99 {percentile(commits, 99)} us, in turn with the above")


# ---- load ----

def load():
    rooms_count, rounds, turns = 16, 30, 8
    with pair() as (mock, bot):
        rooms = [mock.room("alice", members=["znatok", "bob"]) for _ in range(rooms_count)]
        people = [f"p{i}" for i in range(8)]
        bot.start()
        rival = Rival(bot.folder)

        def turn(rounds):
            before = cpu(bot.process.pid)
            mock.feed(rooms, QUERIES, people, total=64 * rounds, batch=64, window=64,
                      no_log=True)
            state = mock.feed_state(timeout=600)
            assert state["answered"] == state["asked"] == 64 * rounds, state
            seconds = (state["last"] - state["first"]) / 1e6
            return 64 * rounds / seconds, (cpu(bot.process.pid) - before) / (64 * rounds)

        turn(5)
        rival.load(bot)
        ours, theirs, own_cpu = [], [], []
        for _ in range(turns):
            rate, used = turn(rounds)
            ours.append(rate)
            own_cpu.append(used * 1e6)
            time.sleep(0.3)  # its last commits
            theirs += rival.group(rounds)
        own, other = percentile(ours, 50), 64e6 / percentile(theirs, 50)
        report(f"answered commands, {rooms_count} rooms", f"{own:.0f}", "/s",
               f"at least {0.6 * other:.0f} /s (60 %)", own >= 0.6 * other,
               f"{100 * own / other:.0f} % of SQLite with the same rows: {other:.0f} /s")
        report("own CPU a command, mock homeserver", f"{percentile(own_cpu, 50):.0f}", "us", "",
               True)


# ---- the first /sync ----

def initial():
    rooms, messages = 10000, 12
    with pair() as (mock, bot):
        ids = mock.crowd(rooms, ["alice", "bob", "znatok"], messages, "x" * 40)
        started = time.monotonic()
        bot.start(patience=600)
        used, peak = cpu(bot.process.pid), status(bot.process.pid, "VmHWM") * 1024
        wall = time.monotonic() - started
        body = mock.log(path=SYNC)[0]["size"]
        report(f"first /sync, {rooms} rooms: CPU", f"{used:.2f}", "s", "at most 1.5 s",
               used <= 1.5, f"from the start on; {wall:.1f} s in all")
        report(f"its body, {body / 1e6:.1f} MB: peak memory", f"{peak / 1e6:.1f}", "MB",
               f"at most {1.5 * body / 1e6:.1f} MB (1.5 x)", peak <= 1.5 * body)
        time.sleep(1)
        report("afterwards: RssAnon", f"{status(bot.process.pid, 'RssAnon')}", "KiB", "", True)
        bot.stop()
        event = mock.say(ids[-1], "alice", QUERIES[0])
        started = time.monotonic()
        bot.start(sync=False)
        mock.answer_to(ids[-1], event)
        wall = (time.monotonic() - started) * 1000
        report("restart, until a command is answered", f"{wall:.0f}", "ms", "at most 1000 ms",
               wall <= 1000)


# ---- idle ----

def idle():
    with pair() as (mock, bot):
        room = mock.room("alice", members=["znatok", "bob"])
        bot.start()
        for query in QUERIES:
            mock.answer_to(room, mock.say(room, "alice", query))
        settle(mock, bot)
        pid = bot.process.pid
        mock.wait_for(1, 60, path=SYNC)  # one that brought nothing; the next begins
        time.sleep(1)
        before = wakeups(pid)
        time.sleep(25)  # less than the poll
        silent = wakeups(pid) - before
        mock.wait_for(2, 60, path=SYNC)
        time.sleep(1)
        around = wakeups(pid) - before
        report("idle: RssAnon", f"{status(pid, 'RssAnon')}", "KiB", "at most 6144 KiB",
               status(pid, "RssAnon") <= 6144)
        report("wake-ups in 25 s of a silent long poll", f"{silent}", "", "none", silent == 0,
               f"with the end of the poll: {around}")


if __name__ == "__main__":
    main({"latency": latency, "load": load, "initial": initial, "idle": idle})
