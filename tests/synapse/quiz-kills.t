#!/usr/bin/env python3
"""The bot on a real Synapse is killed 50 times, at random, while three people
play: choices and clozes, with replies, in the thread, by reactions, by !a, with
second attempts, edits, and answers taken back, sent while it runs, while it
starts and while it is down. At the end every question was asked once, every
result was said once, and what everybody has is what the model (game.py) makes
of the room's history.

KILLS_SEED repeats a run (as far as the machine does), KILLS makes it shorter."""

import os
import pathlib
import random
import sys
import threading
import time

sys.path[:0] = [str(pathlib.Path(__file__).resolve().parents[1] / room) for room in ("peers", "lib")]

from game import WAYS, Plain, Room, answer, check_history, name_of, write_notes  # noqa: E402
from scene import Scene, check  # noqa: E402
from tap import case, comment, run  # noqa: E402

SEED = int(os.environ.get("KILLS_SEED") or random.SystemRandom().randrange(1 << 32))
KILLS = int(os.environ.get("KILLS", 50))
PATIENCE = 120
QUESTIONS = 10


class Game:
    """Three people who play one run after another until `over` is set. Nobody
    says anything whose meaning hangs on when the bot reads it: who answers,
    answers while the question is surely open."""

    def __init__(self, scene, room, people):
        self.scene, self.room, self.people = scene, room, people
        self.lots = random.Random(SEED + 1)
        self.over = threading.Event()
        self.trouble = None
        self.runs = 0
        self.thread = threading.Thread(target=self.play, daemon=True)

    def play(self):
        try:
            while not self.over.is_set():
                self.one_run(self.lots.choice(("choice", "cloze")))
        except Exception as error:
            self.trouble = error

    def one_run(self, kind):
        self.runs += 1
        after = self.room.asked()
        starter = self.lots.choice(self.people)
        # Every other run has questions that close by their alarm.
        timed = self.runs % 2 == 0
        starter.say(self.room.id, "!set window " + ("10s" if timed else "1h"))
        starter.say(self.room.id, f"!quiz {QUESTIONS} {kind}")
        for n in range(1, QUESTIONS + 1):
            question = self.room.question(n, after, PATIENCE)
            silent = timed and n > 1 and self.lots.random() < 0.5
            said = self.answer(question, len(self.people) - silent)
            if n == 1:
                # The bot reads in order, so they have answered by then.
                starter.say(self.room.id, "!skip")
            self.room.result(question, PATIENCE)
            if said and self.lots.random() < 0.2:
                self.take_back(question, *self.lots.choice(said))

    def answer(self, question, count):
        """So many of them, the last one once: that may be the end of it. What
        can be taken back later: [(player, event, text)]."""
        lots, said = self.lots, []
        for left, player in zip(range(count, 0, -1), lots.sample(self.people, count)):
            time.sleep(lots.random() * 0.3)
            text = question.key if lots.random() < 0.6 else question.wrong
            way = lots.choice(WAYS)
            event = answer(player, self.room.id, question, text, way)
            if left > 1 and lots.random() < 0.3:
                # Not by a reaction: the same one twice is refused.
                again = lots.choice([w for w in WAYS if w != "react"])
                answer(player, self.room.id, question, question.key, again)
            if way == "reply":
                said.append((player, event, text))
                if lots.random() < 0.2:
                    player.edit(self.room.id, event, question.key)
        return said

    def take_back(self, question, player, event, text):
        self.room.remember(event, text, question.id)
        player.redact(self.room.id, event)


def kill_often(bot, game):
    lots = random.Random(SEED)
    for n in range(KILLS):
        # From the first moments of a start to well after it has been read.
        time.sleep(lots.choice((0.05, 0.3, 1, 2)) * lots.random())
        check(not game.trouble, f"after {n} kills:", game.trouble, bot.log())
        check(bot.process.poll() is None, "it had ended by itself", bot.log())
        bot.kill()
        if lots.random() < 0.2:
            time.sleep(lots.random() * 2)
        bot.start(sync=False)


@case(f"{KILLS} kills while three people play: every question is asked once, every result said"
      " once, and the scores are those of the room's history")
def kills(scene):
    comment(f"KILLS_SEED={SEED}")
    people = [Plain(scene.alice)] + [Plain(scene.server.register(name)) for name in ("bob", "dora")]
    with scene.bot(quiz={"most_scored": 100000}) as bot:
        write_notes(bot.folder / "notes")
        bot.configure(notes={"folders": bot.folder / "notes"})
        bot.stop()
        bot.start()
        place = scene.room(bot, public=True)
        for player in people[1:]:
            player.join(place)
        room = Room(scene.server.login("alice"), place, bot)
        game = Game(scene, room, people)
        game.thread.start()
        kill_often(bot, game)
        game.over.set()
        game.thread.join()
        check(not game.trouble, game.trouble, bot.log())
        shown = room.board()
        history = room.history()
        check_history(history, name_of)
        due = history.board(name_of)
        check(shown == due, "!top:", shown, "the history:", due)
        check(len(history.questions) == QUESTIONS * game.runs, len(history.questions), game.runs)
        comment(f"{len(history.questions)} questions in {game.runs} runs: {due}")
        check(bot.stop() == 0, bot.log())


if __name__ == "__main__":
    with Scene() as everything:
        status = run(everything)
    sys.exit(status)
