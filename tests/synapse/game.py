"""A quiz as the people in a room see it: notes whose answers the players know,
the players, and a model that reads the room's history and says what everybody
must have earned.

The model knows the rules of quiz.md, and nothing of the bot but its messages:
a question begins with ❓, its result is an edit of it (or, where the question
stands in a room that was left, a message), and begins alike."""

import re

from scene import check, in_reply_to, until

MARK = "❓ "
KEYCAP = "\ufe0f\u20e3"
ATTEMPTS = {"choice": 1, "cloze": 3, "open": 1}
TERMS = [a + b + c for a, b, c in zip(
    ("ba", "de", "gi", "ko", "lu", "ma", "ne", "pi", "ro", "su", "ta", "ve") * 5,
    ("lod", "mer", "nis", "pab", "rug", "sov", "tek", "wal", "xin", "zum", "fyl") * 6,
    ("ak", "elo", "ir", "on", "uma", "est", "ogi") * 9)]


def write_notes(folder):
    """60 entries; each gives a choice and a cloze, and the number in a
    question tells which."""
    for part in range(3):
        text = f"---\npermalink: /works/hall{part}/\nlang: en\n---\n"
        for n in range(20 * part, 20 * part + 20):
            term = TERMS[n].capitalize()
            text += f"""
## {term}

**Brief:** It keeps valve {n} of the long pipe dry.

**Question:** What is part {n} of the machine good for?

**Wrong:**
- It lets steam out of the boiler when the pipe is hot.
- It turns the wheel of the pump until the tank is full.
- It shows how much water there is behind the gate.

**Answer:** Whoever wants valve {n} to stay dry mounts a **{term}** on the pipe.

---
"""
        folder.mkdir(exist_ok=True)
        (folder / f"hall{part}.md").write_text(text)


class Plain:
    """A player who speaks plain HTTP."""

    def __init__(self, person):
        self.person, self.id, self.name = person, person.id, person.name

    def join(self, room):
        self.person.join(room)

    def say(self, room, text):
        return self.person.send(room, text)

    def reply(self, room, question, text):
        return self.person.send(room, text, reply=question)

    def thread(self, room, question, text):
        return self.person.send(room, text, thread=question)

    def react(self, room, question, n):
        return self.person.react(room, question, n + KEYCAP)

    def edit(self, room, event, text):
        return self.person.edit(room, event, text)

    def redact(self, room, event):
        return self.person.redact(room, event)


class Sdk:
    """The same with matrix-js-sdk."""

    def __init__(self, person):
        self.person, self.id = person, person.id
        self.name = person.id[1:].split(":")[0]

    def join(self, room):
        self.person.join(room=room)

    def say(self, room, text):
        return self.person.send(room=room, body=text)["id"]

    def reply(self, room, question, text):
        self.person.see(room=room, id=question)
        return self.person.reply(room=room, to=question, body=text)["id"]

    def thread(self, room, question, text):
        self.person.see(room=room, id=question)
        return self.person.inThread(room=room, root=question, body=text)["id"]

    def react(self, room, question, n):
        return self.person.react(room=room, id=question, key=n + KEYCAP)["id"]

    def edit(self, room, event, text):
        self.person.see(room=room, id=event)
        return self.person.edit(room=room, id=event, body=text)["id"]

    def redact(self, room, event):
        self.person.see(room=room, id=event)
        return self.person.redact(room=room, id=event)["id"]


# ---- what the bot says ----

def body(event):
    content = event["content"]
    return content.get("m.new_content", content).get("body", "")


def replaced(event):
    """The event that this one is an edit of, or None."""
    relates = event["content"].get("m.relates_to") or {}
    return relates.get("event_id") if relates.get("rel_type") == "m.replace" else None


def is_result(event):
    return body(event).startswith(MARK) and "\n\nAnswer: " in body(event)


def is_question(event):
    return body(event).startswith(MARK) and not is_result(event)


def head(event):
    """Line one, by which question and result are known to belong together."""
    return body(event).split("\n")[0]


class Question:
    def __init__(self, event):
        self.event, self.id, self.room = event, event["event_id"], event.get("room_id")
        self.head = head(event)
        self.options = dict(re.findall(r"^(\d)\. (.*)$", body(event), re.M))
        self.type = "choice" if self.options else "cloze" if "▁" in body(event) else "open"
        count = re.match(MARK + r"(\d+)/(\d+) · ", self.head)
        self.n, self.of = (int(count[1]), int(count[2])) if count else (1, 1)
        self.number = int(re.search(r"(?:part|valve) (\d+)", self.head)[1])
        self.results = []
        self.corrections = 0  # answers that were taken back after the result
        self.answers = {}  # person -> [Answer]
        self.hints = 0
        self.run = None

    @property
    def key(self):
        """What is to be said: the number of an option, or the term."""
        term = TERMS[self.number].capitalize()
        if self.type == "open":
            return f"Whoever wants valve {self.number} to stay dry mounts a {term} on the pipe."
        if self.type == "cloze":
            return term
        return next(n for n, text in self.options.items() if f"valve {self.number} " in text)

    @property
    def wrong(self):
        if self.type != "choice":
            return "quadrangle"
        return next(n for n in self.options if n != self.key)

    def is_right(self, text):
        return text.removesuffix(KEYCAP).strip().lower() == self.key.lower()

    def is_answer(self, text):
        return self.type != "choice" or text.removesuffix(KEYCAP).strip() in self.options


class Answer:
    def __init__(self, event, text, right, hints):
        self.id, self.text, self.right, self.hints = event, text, right, hints
        self.redacted = False


# ---- the model ----

class History:
    """What happened in a room, by all that its people can see. events: the
    timeline; texts: what was said in events that have been redacted since."""

    def __init__(self, events, bot, texts=None):
        self.bot, self.texts = bot, texts or {}
        self.questions = []
        self.by_id = {}
        for event in events:
            if event["sender"] == bot:
                self.take_own(event)
            else:
                self.take(event)

    def take_own(self, event):
        if event["type"] != "m.room.message":
            return
        if is_result(event):
            # The last one: an entry may come again when the bag is empty.
            question = self.by_id.get(replaced(event)) or next(
                q for q in reversed(self.questions) if q.head == head(event))
            question.results.append(event)
        elif is_question(event):
            question = Question(event)
            if question.n == 1:
                question.run = []
            else:
                question.run = self.questions[-1].run
            question.run.append(question)
            self.questions.append(question)
            self.by_id[question.id] = question
        elif body(event).startswith("💡"):
            self.open().hints += 1

    def open(self):
        return next((q for q in reversed(self.questions) if not q.results), None)

    def take(self, event):
        if event["type"] == "m.room.redaction":
            target = event.get("redacts") or event["content"].get("redacts")
            for question in self.questions:
                for answers in question.answers.values():
                    for answer in answers:
                        if answer.id == target:
                            # A result shows of each person what was paid.
                            if question.results and answer is self.paid(answers):
                                question.corrections += 1
                            answer.redacted = True
        elif event["type"] in ("m.room.message", "m.reaction") and not replaced(event):
            self.answer(event)

    def said(self, event):
        relates = event["content"].get("m.relates_to") or {}
        return self.texts.get(event["event_id"]) or (
            body(event) or relates.get("key", ""), in_reply_to(event) or relates.get("event_id"))

    def answer(self, event):
        text, target = self.said(event)
        question = self.by_id.get(target)
        if text.startswith("!a "):
            question, text = question or self.open(), text[3:]
        elif text.startswith("!"):
            return
        if not question or question.results or not question.is_answer(text):
            return
        if question.type != "choice" and event["type"] == "m.reaction":
            return
        mine = question.answers.setdefault(event["sender"], [])
        if len(mine) < ATTEMPTS[question.type] \
                and not any(a.right and not a.redacted for a in mine):
            mine.append(Answer(event["event_id"], text, question.is_right(text), question.hints))

    # ---- what must have come of it ----

    @staticmethod
    def worth(answer, before):
        """before: how many attempts there were."""
        if answer.redacted or not answer.right:
            return 0
        return int(100 * (1 - 0.25 * answer.hints) / 2 ** before + 0.5)

    def paid(self, answers):
        """The one that earns most, the first of equals."""
        return max(answers, key=lambda a: self.worth(a, answers.index(a)))

    def points(self, question, person):
        """None: no answer."""
        answers = question.answers.get(person)
        return answers and max(self.worth(a, n) for n, a in enumerate(answers))

    def board(self, name_of):
        """name -> points, of all that somebody has; a run that one person
        played alone is on no board."""
        sums = {}
        for question in self.questions:
            if len({p for q in question.run if q.results for p in q.answers}) < 2:
                continue
            for person in question.answers:
                name = name_of(person)
                sums[name] = sums.get(name, 0) + self.points(question, person)
        return {name: points for name, points in sums.items() if points > 0}


def shown_points(result):
    """name -> points, as a result shows them."""
    return {name: int(points) for name, points in
            re.findall(r"^(?:✅|🟡|❌|🗑) (\S+) \+?(-?\d+)", body(result), re.M)}


def top(answer):
    """name -> points, as !top shows them."""
    return {name: int(points) for name, points in
            re.findall(r"^\d+\. (\S+) — (\d+)", body(answer), re.M)}


def check_history(history, name_of):
    """Each question was asked once, each has one result (and one more for
    every answer that was taken back later), which pays what is due."""
    keys = [(q.head, id(q.run)) for q in history.questions]
    check(len(set(keys)) == len(keys), "asked twice:", keys)
    for question in history.questions:
        check(question.results, "no result:", question.head)
        due = {name_of(person): history.points(question, person)
               for person in question.answers}
        check(shown_points(question.results[-1]) == due, "not what is due:", due,
               body(question.results[-1]))
        check(len(question.results) == 1 + question.corrections, "said twice, or not again:",
               question.corrections, *map(body, question.results))


# ---- playing ----

class Room:
    """A room as its first player watches it; rooms: it and its upgrades."""

    def __init__(self, watcher, room, bot):
        self.watcher, self.id, self.bot = watcher, room, bot
        self.rooms = [room]
        self.texts = {}

    def events(self):
        return [event for room in self.rooms for event in self.watcher.timeline(room)]

    def history(self):
        return History(self.events(), self.bot.id, self.texts)

    def remember(self, event, text, target):
        """Before it is redacted."""
        self.texts[event] = (text, target)

    def board(self):
        return top(self.watcher.ask(self.rooms[-1], "!top 20"))

    def asked(self):
        """How many questions there were."""
        return len(self.history().questions)

    def question(self, n, after=0, timeout=30):
        """The question of that number, once it is asked; after: how many of
        the bot's questions are older."""
        def is_it(event):
            return event["room_id"] in self.rooms and event["sender"] == self.bot.id \
                and event["type"] == "m.room.message" and is_question(event)
        def found():
            self.watcher.sync(0.2)
            asked = [e for e in self.watcher.seen if is_it(e)]
            return asked[after + n - 1] if len(asked) >= after + n else None
        return Question(until(found, f"question {n}", timeout))

    def result(self, question, timeout=30):
        return self.watcher.wait(
            lambda e: e["room_id"] in self.rooms and e["sender"] == self.bot.id
            and is_result(e) and (replaced(e) == question.id or
                                  e["room_id"] != question.room and head(e) == question.head),
            f"the result of {question.head}", timeout)

    def result_of_day(self, question, timeout=150):
        """It comes in the thread of the question."""
        return self.watcher.wait(
            lambda e: e["room_id"] in self.rooms and e["sender"] == self.bot.id and is_result(e)
            and (e["content"].get("m.relates_to") or {}).get("event_id") == question.id,
            f"the answer to {question.head}", timeout)


WAYS = ("reply", "thread", "react", "say")


def answer(player, room, question, text, way):
    """The player's answer, in one of the ways; its event."""
    if way == "react" and question.type != "choice":
        way = "reply"
    if way == "say":
        return player.say(room, "!a " + text)
    return getattr(player, way)(room, question.id, text)


def name_of(person):
    return person[1:].split(":")[0]
