#!/usr/bin/env python3
"""The quiz on a real Synapse: three people play, one of them with
matrix-js-sdk; what everybody has in the end is what a model makes of the
rooms' histories (game.py)."""

import datetime
import pathlib
import re
import sys
import time

sys.path[:0] = [str(pathlib.Path(__file__).resolve().parents[1] / room) for room in ("peers", "lib")]

from game import (WAYS, Plain, Room, Sdk, answer, body, check_history, is_question,  # noqa: E402
                  is_result, name_of, replaced, shown_points, write_notes)
from scene import Scene, check, settled, until, words_of  # noqa: E402
from peers import SdkPerson, quote  # noqa: E402
from proxy import Proxy  # noqa: E402
from tap import case, comment, run  # noqa: E402

KATHMANDU = datetime.timezone(datetime.timedelta(hours=5, minutes=45))


class Club:
    """alice, bob and carol, who come into every room."""

    def __init__(self, scene):
        self.scene, self.alice = scene, scene.alice
        self.bob = scene.server.register("bob")
        self.sdk = SdkPerson(scene.server, "carol")
        self.players = [Plain(self.alice), Plain(self.bob), Sdk(self.sdk)]

    def bot(self, **options):
        bot = self.scene.bot(daily={"open": "1 min"}, **options)
        write_notes(bot.folder / "notes")
        bot.configure(notes={"folders": bot.folder / "notes"})
        return bot

    def room(self, bot, **more):
        room = self.scene.room(bot, public=True, **more)
        for player in self.players[1:]:
            player.join(room)
        return Room(self.alice, room, bot)

    def all_answer(self, room, question, n):
        """Each in another way, two of three rightly; the events."""
        return [answer(player, room.rooms[-1], question,
                       question.key if (n + i) % 3 else question.wrong, WAYS[(n + i) % 4])
                for i, player in enumerate(self.players)]

    def play(self, room, count, kind, timeout=30):
        """A run in which all answer everything. The first question closes by
        !skip: nobody knows yet who plays."""
        after = room.asked()
        self.alice.send(room.rooms[-1], f"!quiz {count} {kind}")
        for n in range(1, count + 1):
            question = room.question(n, after, timeout)
            self.all_answer(room, question, n)
            if n == 1:
                settled_by_top(self.alice, room.rooms[-1])
                self.alice.send(room.rooms[-1], "!skip")
            room.result(question, timeout)


def settled_by_top(person, room):
    """All that was said before is worked."""
    person.wait_answer(room, person.send(room, "!top"), 120)


def check_all(room):
    history = room.history()
    check_history(history, name_of)
    due, shown = history.board(name_of), room.board()
    check(shown == due, "!top:", shown, "the history:", due)
    return history


@case("three people play ten choices and ten clozes: replies, thread, reactions, !a")
def ten(club):
    with club.bot() as bot:
        room = club.room(bot)
        for kind in ("choice", "cloze"):
            club.play(room, 10, kind)
        history = check_all(room)
        check(len(history.questions) == 20, len(history.questions))
        # carol's client shows the questions as their results.
        for question in history.questions:
            seen = club.sdk.edited(room=room.id, id=question.id)
            check(shown_points(seen) and seen["content"]["msgtype"] == "m.notice", seen)
        # Nothing but questions, results, the welcome, and answers to !top.
        words = [e for e in words_of(club.alice, room.id, bot.id)
                 if not is_result(e) and not is_question(e)]
        check(len(words) == 4, *map(body, words))


def free_of_limits(scene, *people):
    """People may say as much as they like; the bot may not."""
    for person in people:
        path = f"/_synapse/admin/v1/users/{quote(person)}/override_ratelimit"
        scene.alice.call("POST", path, {"messages_per_second": 0, "burst_count": 0})


def ornaments_gave_way(room):
    """Between what closes a question and its result at most that reaction of
    the bot's was taken which was under way."""
    events, bot = room.events(), room.bot.id
    for at, event in enumerate(events):
        if event["sender"] != bot or not replaced(event) or not is_result(event):
            continue
        cause = max(i for i in range(at) if events[i]["sender"] != bot)
        between = [e for e in events[cause:at]
                   if e["sender"] == bot and e["type"] == "m.reaction"]
        check(len(between) <= 1, "reactions before a result:", between, body(event))


@case("ten questions under Synapse's own default rate limits: nothing is lost, ornaments give way")
def limited(club):
    del club
    with Scene(limits="default") as scene:
        own = Club(scene)
        free_of_limits(scene, *(player.id for player in own.players))
        try:
            with own.bot() as bot:
                room = own.room(bot)
                begun = time.monotonic()
                own.play(room, 10, "choice", timeout=120)
                took = time.monotonic() - begun
                check_all(room)
                ornaments_gave_way(room)
                mine = [e for e in room.events() if e["sender"] == bot.id and "state_key" not in e]
                pauses = [line for line in bot.lines if "sending pauses" in line]
                comment(f"{len(mine)} events of the bot in {took:.0f} s, {len(pauses)} pauses")
                check(pauses, "no limit was met: this shows nothing")
        finally:
            own.sdk.stop()


@case("a limit that is met by a reaction: there are no more of them, and the result comes")
def limit_on_reaction(club):
    with Proxy(club.scene.server.url) as proxy:
        proxy.rule("PUT", "/send/m.reaction", 429,
                   body=b'{"errcode":"M_LIMIT_EXCEEDED","error":"slower","retry_after_ms":500}')
        with club.bot(url=proxy.url) as bot:
            room = club.room(bot)
            club.play(room, 3, "choice")
            check_all(room)
            reactions = [e for e in room.events()
                         if e["sender"] == bot.id and e["type"] == "m.reaction"]
            check(not reactions, reactions)
            tried = proxy.requests("PUT", "/send/m.reaction")
            check(len(tried) == 1, len(tried))


@case("edits of answers change nothing; one taken back scores nothing, before the end and after")
def changes(club):
    alice, bob, carol = club.players
    with club.bot() as bot:
        room = club.room(bot)
        club.alice.send(room.id, "!quiz 3 cloze")
        # Before the end: an edit, and a redaction, which has used up an attempt.
        question = room.question(1)
        edited = bob.reply(room.id, question.id, question.wrong)
        bob.edit(room.id, edited, question.key)
        taken = carol.reply(room.id, question.id, question.key)
        alice.say(room.id, "!a " + question.key)
        settled_by_top(club.alice, room.id)
        room.remember(taken, question.key, question.id)
        carol.redact(room.id, taken)
        carol.reply(room.id, question.id, question.key)
        settled_by_top(club.alice, room.id)
        alice.say(room.id, "!skip")
        result = body(room.result(question))
        check(re.search(r"❌ bob 0.*edited", result)
               and re.search(r"✅ carol \+50 .*attempt 2", result), result)
        # After the end: what it has earned goes, also from !top.
        question = room.question(2)
        answers = [player.reply(room.id, question.id, question.key) for player in club.players]
        room.result(question)
        before = room.board()
        room.remember(answers[1], question.key, question.id)
        bob.redact(room.id, answers[1])
        alice.edit(room.id, answers[0], question.wrong)
        settled_by_top(club.alice, room.id)
        after = room.board()
        check(after == {**before, "bob": before["bob"] - 100} if before["bob"] > 100 else
               {k: v for k, v in before.items() if k != "bob"}, before, after)
        # A wrong attempt, taken back, takes nothing from the right one.
        question = room.question(3)
        wrong = bob.reply(room.id, question.id, question.wrong)
        right = bob.reply(room.id, question.id, question.key)
        for player in (alice, carol):
            player.say(room.id, "!a " + question.key)
        settled_by_top(club.alice, room.id)
        history = room.history()
        check(history.questions[-1].results, "it has not closed")
        if len(history.questions[-1].answers[bob.id]) > 1:
            room.remember(wrong, question.wrong, question.id)
            bob.redact(room.id, wrong)
            settled_by_top(club.alice, room.id)
        check(right and shown_points(room.history().questions[-1].results[-1])["bob"] == 50,
               body(room.history().questions[-1].results[-1]))
        check_all(room)


@case("two runs in two rooms at once, each with its own questions and boards")
def two_rooms(club):
    with club.bot() as bot:
        rooms = [club.room(bot), club.room(bot)]
        for room, kind in zip(rooms, ("choice", "cloze")):
            club.alice.send(room.id, f"!quiz 5 {kind}")
        for n in range(1, 6):
            asked = [room.question(n) for room in rooms]
            for way in range(3):
                for room, question in zip(rooms, asked):
                    player = club.players[(way + n) % 3]
                    answer(player, room.id, question,
                           question.key if way else question.wrong, WAYS[(way + n) % 4])
            for room, question in zip(rooms, asked):
                if n == 1:
                    settled_by_top(club.alice, room.id)
                    club.alice.send(room.id, "!skip")
                room.result(question)
        for room in rooms:
            check(len(check_all(room).questions) == 5)


def the_next_minute():
    """HH:MM there, at least some seconds ahead."""
    now = datetime.datetime.now(KATHMANDU)
    return (now + datetime.timedelta(seconds=65)).strftime("%H:%M")


@case("the question of the day: on time by the room's zone, an m.text; its answer in its thread")
def daily(club):
    alice, bob, carol = club.players
    with club.bot() as bot:
        room, other = club.room(bot), club.room(bot)
        told = body(club.alice.ask(room.id, f"!daily {the_next_minute()} Asia/Kathmandu"))
        due = re.search(r"\d{4}-\d\d-\d\d \d\d:\d\d", told)[0]
        check("Asia/Kathmandu" in told, told)
        club.alice.send(other.id, "!daily now")
        now, later = other.question(1), None
        again = body(club.alice.ask(other.id, "!daily now"))
        check("already" in again, again)
        later = room.question(1, timeout=150)
        at = datetime.datetime.fromtimestamp(later.event["origin_server_ts"] / 1000, KATHMANDU)
        check(at.strftime("%Y-%m-%d %H:%M") == due, at, due)
        for where, question in ((other, now), (room, later)):
            check(question.event["content"]["msgtype"] == "m.text"
                   and question.event["content"]["m.mentions"] == {}, question.event)
        for player, way in ((alice, "reply"), (bob, "thread"), (carol, "reply")):
            text = later.key if player is not carol else later.wrong
            answer(player, room.id, later, text, way)
        told = [body(where.result_of_day(question)) for where, question in
                ((other, now), (room, later))]
        check("Nobody" in told[0], told[0])
        check("best of that day" in told[1] and "100 points" in told[1], told[1])
        whole = room.result_of_day(later)
        club.sdk.thread(room=room.id, root=later.id, has=[whole["event_id"]])
        history = room.history()
        check(len(history.questions) == 1)
        # What nonsense earns by its likeness to an open answer the model does not know.
        if later.type != "open":
            check(room.board() == history.board(name_of), history.board(name_of))


def wait_in(person, room, user):
    until(lambda: person.membership(room, user) == "join", f"{user} is in {room}")


@case("the room is upgraded in the middle: run, scores, schedule and settings go on in the new one")
def upgrade(club):
    alice, bob, carol = club.players
    with club.bot() as bot:
        room = club.room(bot, room_version="10")
        club.alice.ask(room.id, "!daily 09:30 Europe/Moscow hall1")
        club.alice.ask(room.id, "!set window 5m")
        club.play(room, 2, "cloze")
        after = room.asked()
        club.alice.send(room.id, "!quiz 4 choice")
        question = room.question(1, after)
        club.all_answer(room, question, 1)
        settled_by_top(club.alice, room.id)
        club.alice.send(room.id, "!skip")
        question = room.question(2, after)
        bob.react(room.id, question.id, question.key)
        settled(club.alice, room.id, bot)
        new = club.alice.upgrade(room.id, "11")
        room.rooms.append(new)
        wait_in(club.alice, new, bot.id)
        for player in (bob, carol):
            player.join(new)
        # The open question stands in the old room; here it is answered by !a.
        taken = alice.say(new, "!a " + question.key)
        carol.say(new, "!a " + question.wrong)
        result = room.result(question)
        check(result["room_id"] == new and not result["content"].get("m.relates_to"), result)
        check(shown_points(result) == {"alice": 100, "bob": 100, "carol": 0}, body(result))
        for n in (3, 4):
            asked = room.question(n, after)
            check(asked.room == new, asked.event)
            club.all_answer(room, asked, n)
            room.result(asked)
        # What is corrected is corrected there.
        room.remember(taken, "!a " + question.key, None)
        alice.redact(new, taken)
        settled(club.alice, new, bot)
        check_all(room)
        fixed = [e for e in words_of(club.alice, new, bot.id)
                 if replaced(e) == result["event_id"]]
        check(len(fixed) == 1 and "🗑 alice 0" in body(fixed[0]), fixed)
        plan, rules = (body(club.alice.ask(new, text)) for text in ("!daily", "!set"))
        check("09:30, Europe/Moscow" in plan and "hall1" in plan, plan)
        check("5 min" in rules and "Europe/Moscow" in rules, rules)
        club.play(room, 2, "cloze")
        check_all(room)
        last = [e for e in club.alice.timeline(room.id)
                if e["type"] == "m.room.tombstone" or e["sender"] == bot.id][-1]
        check(last["type"] == "m.room.tombstone", "it speaks in the old room:", last)


@case("a private room is upgraded, the bot is invited late: what was due meanwhile comes then, once")
def upgrade_late(club):
    with club.bot() as bot:
        first = club.scene.room(bot)
        for player in club.players[1:]:
            club.alice.invite(first, player.id)
            player.join(first)
        room = Room(club.alice, first, bot)
        club.alice.ask(first, "!set window 10s")
        club.alice.send(first, "!quiz 2 choice")
        question = room.question(1)
        club.all_answer(room, question, 1)
        settled(club.alice, first, bot)
        new = club.alice.upgrade(first, "11")
        room.rooms.append(new)
        # Its time is up, and the bot is not in the new room yet.
        bot.wait_log("the room was replaced")
        bot.kill()
        bot.start()
        for player in [*club.players[1:], bot]:
            club.alice.invite(new, player.id)
        for player in club.players[1:]:
            player.join(new)
        check(room.result(question)["room_id"] == new)
        asked = room.question(2)
        check(asked.room == new, asked.event)
        club.all_answer(room, asked, 2)
        room.result(asked)
        check_all(room)


if __name__ == "__main__":
    with Scene() as everything:
        people = Club(everything)
        status = run(people)
        people.sdk.stop()
    sys.exit(status)
