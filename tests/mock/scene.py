"""A homeserver, a bot, a room with alice and bob: what most cases begin with."""

import contextlib

from bot import Bot
from mock import Mock
from tap import check, same


class Scene:
    def __init__(self, mock, bot):
        self.mock, self.bot = mock, bot
        self.room = mock.room("alice", members=["znatok", "bob"])

    def ask(self, body="!q gil", who="alice", room=None, **more):
        """Somebody says it: the bot's answer, as an event."""
        room = room or self.room
        return self.mock.answer_to(room, self.mock.say(room, who, body, **more))

    def fence(self, room=None, who="alice", welcome=False):
        """What the bot has said in the room, up to a last answer that proves
        that it has seen all that was said there. That one is left out, and
        the welcome, unless that is what it is about."""
        room = room or self.room
        last = self.ask("!q gil", who, room)
        check("GIL" in last["content"]["body"], last["content"]["body"])
        return [e for e in self.mock.answers(room) if e["event_id"] != last["event_id"]
                and (welcome or not e["content"]["body"].startswith("Hello! I answer from"))]

    def answered(self, *events, room=None):
        """Each of these has its answer, one; in that order; nothing else has."""
        same([replied(e) for e in self.fence(room)], list(events), "answers")

    def silent(self, room=None):
        self.answered(room=room)


def replied(event):
    """Which event a message answers; None: none."""
    return event["content"].get("m.relates_to", {}).get("m.in_reply_to", {}).get("event_id")


@contextlib.contextmanager
def scene(*, start=True, server=None, **options):
    with Mock() as mock, Bot(mock, **options) as bot:
        if server:
            mock.server(**server)
        found = Scene(mock, bot)
        if start:
            bot.start()
        yield found
