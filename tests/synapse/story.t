#!/usr/bin/env python3
"""A day of a team on a real Synapse, told in order: each case goes on where the
last one ended. alice is admin of the bot; bob and she speak plain HTTP; carol
has matrix-js-sdk, the library of Element Web, and what is asserted of replies,
threads and edits is what her client makes of them."""

import contextlib
import pathlib
import shutil
import sys

sys.path[:0] = [str(pathlib.Path(__file__).resolve().parents[1] / room) for room in ("peers", "lib")]

from scene import Scene, check, settled, until, welcomed, words_of  # noqa: E402
from bot import NOTES  # noqa: E402
from peers import SdkPerson, in_reply_to  # noqa: E402
from tap import case, run  # noqa: E402

NONE_EN = "The notes say nothing"
NONE_RU = "В заметках ничего нет"


class Story:
    def __init__(self, scene):
        self.scene, self.alice = scene, scene.alice
        self.bob = scene.server.register("bob")
        self.carol = SdkPerson(scene.server, "carol")
        self.bot = scene.bot(bot={"language": "auto"}, matrix={
            "invites": f"{self.alice.id};{self.bob.id};{self.carol.id}"})
        self.notes = self.bot.folder / "notes"
        shutil.copytree(NOTES, self.notes)
        self.bot.configure(notes={"folders": self.notes})
        self.bot.start()
        self.tea = self.lab = self.direct = None


def body(event):
    return event["content"]["body"]


@case("!q gil by three people, in two rooms and a direct chat")
def three_people(story):
    alice, bob, carol, bot = story.alice, story.bob, story.carol, story.bot
    story.tea = alice.create_room(name="tea", public=True, invite=[bot.id])
    story.lab = bob.create_room(name="lab", invite=[bot.id])
    welcomed(alice, story.tea, bot)
    welcomed(bob, story.lab, bot)
    bob.join(story.tea)
    carol.join(room=story.tea)
    check("GIL" in body(alice.ask(story.tea, "!q gil")))
    check("GIL" in body(bob.ask(story.tea, "!q gil")))
    check("GIL" in body(bob.ask(story.lab, "!q gil")))
    asked = carol.send(room=story.tea, body="!й пшд")["id"]
    answer = carol.answer(room=story.tea, to=asked)
    check(answer["replyTo"] == asked and answer["sender"] == bot.id, answer)
    check(answer["content"]["msgtype"] == "m.notice" and answer["thread"] is None
           and "GIL" in body(answer) and "<" in answer["content"]["formatted_body"], answer)
    story.asked, story.answer = asked, answer["id"]

    story.direct = carol.room(invite=[bot.id], direct=True,
                              preset="trusted_private_chat")["room"]
    carol.joined(room=story.direct, user=bot.id)
    asked = carol.send(room=story.direct, body="gil")["id"]
    answer = carol.answer(room=story.direct, to=asked)
    check(answer["replyTo"] == asked and "GIL" in body(answer), answer)
    until(lambda: bot.account.account_data("m.direct") == {carol.id: [story.direct]},
               "the bot files it as a direct chat")


@case("by name the bot is asked without a prefix; talk, replies to it and notices get no answer")
def talk(story):
    alice, bob, carol, bot = story.alice, story.bob, story.carol, story.bot
    room = story.tea
    named = alice.send(room, f"{bot.account.name}: gil",
                       **{"m.mentions": {"user_ids": [bot.id]}})
    alice.wait_answer(room, named)
    quiet = [alice.send(room, "what a gil"), bob.send(room, "!q gil", msgtype="m.notice"),
             carol.reply(room=room, to=story.answer, body="thanks, gil")["id"]]
    last = settled(alice, room, bot)
    answered = alice.answers(room, bot.id)
    check(not set(quiet) & set(answered) and last in answered, answered)


@case("a thread: carol's client shows the answer in it, and not in the room")
def thread(story):
    carol, room = story.carol, story.tea
    root = carol.send(room=room, body="a question about locks")["id"]
    asked = carol.inThread(room=room, root=root, body="!q gil")["id"]
    answer = carol.answer(room=room, to=asked)
    check(answer["thread"] == root and answer["sender"] == story.bot.id, answer)
    whole = [root, asked, answer["id"]]
    seen = carol.thread(room=room, root=root, has=whole)
    check(seen["events"] == whole, seen)
    check(answer["id"] not in seen["main"] and root in seen["main"], seen)
    # A thread below the bot's own answer.
    asked = carol.inThread(room=room, root=story.answer, body="!q vary header")["id"]
    answer = carol.answer(room=room, to=asked)
    whole = [story.answer, asked, answer["id"]]
    check(carol.thread(room=room, root=story.answer, has=whole)["events"] == whole)


@case("an edited command is shown edited, and not run again")
def edit(story):
    carol, room = story.carol, story.tea
    asked = carol.send(room=room, body="!q gil")["id"]
    answer = carol.answer(room=room, to=asked)
    carol.edit(room=room, id=asked, body="!q vary header")
    seen = carol.edited(room=room, id=asked)
    check(body(seen) == "!q vary header" and seen["original"]["body"] == "!q gil", seen)
    settled(story.alice, room, story.bot)
    answers = story.alice.answers(room, story.bot.id)
    check([e["event_id"] for e in answers[asked]] == [answer["id"]], answers[asked])
    check(not any(in_reply_to(e) == seen["edited"] for e in story.alice.timeline(room)), seen)
    check(carol.see(room=room, id=answer["id"])["edited"] is None, "the bot edited its answer")


@case("choices: a number, and a reaction on them, take one")
def choices(story):
    carol, alice, room = story.carol, story.alice, story.tea
    asked = carol.send(room=room, body="!q кэш")["id"]
    offered = carol.answer(room=room, to=asked)
    check("1." in body(offered) and "2." in body(offered), offered)
    first = carol.send(room=room, body="!q 1")["id"]
    taken = carol.answer(room=room, to=first)
    check("1." not in body(taken), taken)
    carol.react(room=room, id=offered["id"], key="1️⃣")
    by_reaction = alice.wait(
        lambda e: e["sender"] == story.bot.id and in_reply_to(e) == offered["id"],
        "an answer to a reaction")
    check(body(by_reaction) == body(taken), by_reaction, taken)


@case("a redacted command: its answer stays, the bot says nothing, and goes on")
def redaction(story):
    carol, room = story.carol, story.tea
    asked = carol.send(room=room, body="!q gil")["id"]
    answer = carol.answer(room=room, to=asked)
    before = len(words_of(story.alice, room, story.bot.id))
    carol.redact(room=room, id=asked)
    carol.redacted(room=room, id=asked)
    settled(story.alice, room, story.bot)
    check(len(words_of(story.alice, room, story.bot.id)) == before + 1)
    check(not carol.see(room=room, id=answer["id"])["redacted"], "the answer went too")


@case("an admin reloads the notes after one was changed; others may not")
def reload(story):
    alice, bob, room = story.alice, story.bob, story.tea
    check(NONE_EN in body(alice.ask(room, "!q semaphore")))
    note = story.notes / "python/basics.md"
    note.write_text(note.read_text() + "\n## Semaphore\n\n**Brief:** Lets N threads in at a time.\n")
    check("admins" in body(bob.ask(room, "!reload")))
    check(NONE_EN in body(bob.ask(room, "!q semaphore")))
    told = alice.ask(room, "!reload")
    check("Added: 1 entry" in body(told), told)
    check("N threads" in body(bob.ask(room, "!q semaphore")))


@case("an upgraded public room: the bot follows by itself, and the settings come along")
def upgrade(story):
    alice, bob, bot = story.alice, story.bob, story.bot
    old = story.tea
    check(NONE_RU in body(alice.ask(old, "!q кубернетес")))
    check("English" in body(alice.ask(old, "!lang en")))
    check(NONE_EN in body(alice.ask(old, "!q кубернетес")))
    new = alice.upgrade(old, "11")
    until(lambda: alice.membership(new, bot.id) == "join", "the bot follows")
    bob.join(new)
    answer = bob.ask(new, "!q кубернетес")
    check(NONE_EN in body(answer), answer)
    # The choices and gaps of the old room are those of the new one.
    late = alice.send(old, "!q gil")
    settled(alice, new, bot)
    check(late not in alice.answers(old, bot.id), "it answers in the old room")
    story.tea = new


@case("an upgraded private room: invited into the new one, the bot brings the settings")
def upgrade_private(story):
    bob, bot = story.bob, story.bot
    check("English" in body(bob.ask(story.lab, "!lang en")))
    new = bob.upgrade(story.lab, "12")
    bob.invite(new, bot.id)
    until(lambda: bob.membership(new, bot.id) == "join", "the bot follows")
    answer = bob.ask(new, "!q кубернетес")
    check(NONE_EN in body(answer), answer)
    story.lab = new


@case("a room of version 12: its creator is a moderator there, others are not")
def creator(story):
    bob, bot = story.bob, story.bot
    dave = story.scene.server.register("dave")
    room = story.scene.room(bot, bob, room_version="12", public=True)
    dave.join(room)
    check("moderators" in body(dave.ask(room, "!gaps")))
    check("кубернетес" in body(bob.ask(room, "!gaps")), "no gaps for the creator")
    # A moderator by power level, in the same room.
    levels = bob.state(room, "m.room.power_levels")
    levels["users"] = {dave.id: 50}
    bob.set_state(room, "m.room.power_levels", levels)
    check("кубернетес" in body(dave.ask(room, "!gaps")), "no gaps for a moderator")


@case("a kick: the bot does not come back by itself, but by an invite")
def kick(story):
    alice, bot = story.alice, story.bot
    room = story.scene.room(bot, alice)
    settled(alice, room, bot)
    alice.kick(room, bot.id, "quiet, please")
    asked = alice.send(room, "!q gil")
    settled(alice, story.tea, bot)
    check(alice.membership(room, bot.id) == "leave", "it came back")
    said = len(words_of(alice, room, bot.id))
    alice.invite(room, bot.id)
    until(lambda: alice.membership(room, bot.id) == "join", "the bot comes back")
    settled(alice, room, bot)
    check(asked not in alice.answers(room, bot.id), "it answered what was said without it")
    check(len(words_of(alice, room, bot.id)) <= said + 2, words_of(alice, room, bot.id))


@case("an invite of somebody who may not is refused")
def refused(story):
    bot, mallory = story.bot, story.scene.server.register("mallory")
    room = mallory.create_room(invite=[bot.id])
    until(lambda: mallory.membership(room, bot.id) == "leave", "the bot declines")
    check(not words_of(mallory, room, bot.id))


@case("the bot ends with 0 and goes on where it was")
def ends(story):
    bot, alice, bob, carol = story.bot, story.alice, story.bob, story.carol
    check(bot.stop() == 0, bot.log())
    begun = [alice.send(story.tea, "!q gil"), bob.send(story.lab, "!q gil")]
    direct = carol.send(room=story.direct, body="gil")["id"]
    bot.start()
    alice.wait_answer(story.tea, begun[0])
    bob.wait_answer(story.lab, begun[1])
    check("GIL" in body(carol.answer(room=story.direct, to=direct)))
    check(bot.stop() == 0, bot.log())


if __name__ == "__main__":
    with Scene() as scene:
        story = Story(scene)
        with contextlib.closing(story.bot):
            status = run(story)
            story.bot.kill()
        story.carol.stop()
    sys.exit(status)
