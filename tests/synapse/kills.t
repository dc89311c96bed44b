#!/usr/bin/env python3
"""The bot on a real Synapse is killed 50 times under load, at random.

Three rooms, 200 commands, sent while it runs, while it starts and while it is
down. Once it stays down for a minute; twice its device is deleted on the
server, the second time while it runs: then it ends with 3, and is started
again. At the end every command has been answered, once, in the order of its
room, with the answer that is its own.

KILLS_SEED repeats a run (as far as the machine does), KILLS and COMMANDS make
it shorter or longer, DOWN is how many seconds that minute has."""

import os
import pathlib
import random
import sys
import threading
import time

sys.path[:0] = [str(pathlib.Path(__file__).resolve().parents[1] / room) for room in ("peers", "lib")]

from scene import Scene, each_once, check, settled  # noqa: E402
from tap import case, comment, run  # noqa: E402

SEED = int(os.environ.get("KILLS_SEED") or random.SystemRandom().randrange(1 << 32))
KILLS = int(os.environ.get("KILLS", 50))
COMMANDS = int(os.environ.get("COMMANDS", 200))
# What sanitizers look for needs no waiting.
DOWN = float(os.environ.get("DOWN") or (5 if os.environ.get("SAN") else 60))
ROOMS = 3
LOGGED_OUT = 3  # exit status


class Load:
    """Somebody who asks in all rooms, a little before each kill and after it."""

    def __init__(self, scene, bot, lots):
        self.lots = lots
        self.people = [scene.server.register(name) for name in ("anna", "boris", "clara")]
        self.rooms = [scene.room(bot, person) for person in self.people]
        self.asked = {room: [] for room in self.rooms}
        self.words = {}
        self.left = list(range(COMMANDS))
        self.thread = None

    def say(self, count):
        for _ in range(min(count, len(self.left))):
            n = self.left.pop(0)
            place = self.lots.randrange(ROOMS)
            words = f"zq{n}x" if n % 4 else "gil"
            event = self.people[place].send(self.rooms[place], "!q " + words)
            self.asked[self.rooms[place]].append(event)
            self.words[event] = words if n % 4 else "GIL"

    def begin(self, count):
        self.thread = threading.Thread(target=self.say, args=[count])
        self.thread.start()

    def finish(self):
        self.thread.join()


def logged_out(bot):
    """A bot whose device is gone ends by itself; its next start logs in anew."""
    status = bot.ended()
    check(status == LOGGED_OUT, f"exit status {status}", bot.log())
    bot.start(sync=False)


def one_kill(scene, bot, load, n, plan):
    """Load, a kill at any moment of it, a start; what the plan says in between."""
    share = COMMANDS // (KILLS + 2) + 1
    load.begin(load.lots.randrange(2 * share + 1))
    # From the first moments of its start to well after it has nothing to do.
    time.sleep(load.lots.choice((0.02, 0.1, 0.3, 0.8)) * load.lots.random())
    if n in (plan["deleted alive"], plan["deleted dead"]):
        # Now it has a session to lose.
        bot.wait_log("in sync", first=plan["log"])
    if n == plan["deleted alive"]:
        scene.alice.delete_devices(bot.id)
        logged_out(bot)
    check(bot.process.poll() is None, "it had ended by itself", bot.log())
    bot.kill()
    load.finish()
    if n == plan["down"]:
        load.say(5)
        time.sleep(DOWN)
    plan["log"] = len(bot.lines)
    if n == plan["deleted dead"]:
        load.say(5)
        scene.alice.delete_devices(bot.id)
    bot.start(sync=False)
    if n == plan["deleted dead"]:
        logged_out(bot)


@case(f"{KILLS} kills under load, a minute down, two deleted devices:"
      f" {COMMANDS} commands, each answered once, in order")
def kills(scene):
    comment(f"KILLS_SEED={SEED}")
    lots = random.Random(SEED)
    with scene.bot() as bot:
        load = Load(scene, bot, lots)
        special = lots.sample(range(1, KILLS), 3)
        plan = dict(zip(("down", "deleted alive", "deleted dead"), special), log=0)
        for n in range(KILLS):
            one_kill(scene, bot, load, n, plan)
        load.say(COMMANDS)
        for person, room in zip(load.people, load.rooms):
            load.asked[room].append(settled(person, room, bot, 300))
            load.words[load.asked[room][-1]] = "GIL"
        compare(load, bot)
        check(bot.stop() == 0, bot.log())


def compare(load, bot):
    total = 0
    for person, room in zip(load.people, load.rooms):
        answers = each_once(person, room, bot, load.asked[room])
        wrong = [a for a, event in zip(answers, load.asked[room])
                 if load.words[event] not in a["content"]["body"]]
        check(not wrong, "not the answer to what was asked:", wrong)
        total += len(answers)
    check(total == COMMANDS + ROOMS, total)
    comment(f"{total} answers in rooms of {[len(load.asked[room]) for room in load.rooms]}")


if __name__ == "__main__":
    with Scene() as everything:
        status = run(everything)
    sys.exit(status)
