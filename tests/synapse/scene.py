"""What the tests here begin with: a Synapse, alice who is admin of it and of
the bot, and bots with accounts of their own."""

import contextlib
import itertools
import sqlite3
import urllib.parse

from bot import Bot
from peers import Synapse, in_reply_to, quote
from tap import check, until

# Synapse answers the same /sync as it did up to two minutes ago; not so.
FRESH = {"caches": {"sync_response_cache_duration": "0s"}}


class Scene:
    def __init__(self, **options):
        """options: of Synapse."""
        self.server = Synapse(**options)
        self.numbers = itertools.count(1)

    def __enter__(self):
        self.server.start()
        self.alice = self.server.register("alice", admin=True)
        return self

    def __exit__(self, *reason):
        self.server.__exit__(*reason)

    def account(self):
        """A new account for a bot, as a person: its other device, so to say."""
        return self.server.register(f"bot{next(self.numbers)}")

    def bot(self, account=None, url=None, bot=None, notes=None, **options):
        """A bot that knows alice as its admin; start it, or use it in `with`."""
        account = account or self.account()
        made = Bot(url or self.server.url, account.name, account.password,
                   bot={"admins": self.alice.id, **(bot or {})},
                   notes={"watch": "false", **(notes or {})}, begin=True, **options)
        made.id, made.account = account.id, account
        return made

    def room(self, bot, person=None, **more):
        """A room of that person's with the bot in it, its welcome said."""
        person = person or self.alice
        room = person.create_room(invite=[bot.id], **more)
        welcomed(person, room, bot)
        return room


def welcomed(person, room, bot):
    """The bot's first words in a room that it was invited to."""
    return person.wait(lambda e: e["room_id"] == room and e["sender"] == bot.id
                       and e["type"] == "m.room.message", f"{bot.id} says hello in {room}")


def words_of(person, room, user):
    """The messages of user in a room, in order."""
    return [e for e in person.timeline(room)
            if e["sender"] == user and e["type"] == "m.room.message"]


def each_once(person, room, bot, asked):
    """Every one of these commands was answered once, in order; no other was."""
    answers = person.answers(room, bot.id)
    twice = {event: len(found) for event, found in answers.items() if len(found) != 1}
    check(not twice, "answered more than once:", twice)
    missing = [n for n, event in enumerate(asked) if event not in answers]
    check(not missing, f"of {len(asked)} not answered:", missing)
    check(list(answers) == list(asked), "another order, or too many:",
           [asked.index(a) if a in asked else a for a in answers])
    return [answers[event][0] for event in asked]


def settled(person, room, bot, timeout=60):
    """Whatever the bot has to say to what was said so far, it has said: it
    works a room in order, and answers this last."""
    asked = person.send(room, "!q gil")
    person.wait_answer(room, asked, timeout)
    return asked


def database(bot):
    """The store of a bot that is stopped, for a `with`."""
    return contextlib.closing(sqlite3.connect(bot.state / "znatok.db", isolation_level=None))


def ask_many(person, room, count):
    return [person.send(room, f"!q gil {n}") for n in range(count)]


def query(request):
    """The query of a request that a proxy has seen."""
    return dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(request.path).query))


__all__ = ["FRESH", "Scene", "ask_many", "database", "each_once", "check", "in_reply_to", "query",
           "quote", "settled", "until", "welcomed", "words_of"]
