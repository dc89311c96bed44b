#!/usr/bin/env python3
"""Notes that change while a question is open: it is graded by what was asked, and scores follow the entry."""

import os
import pathlib
import subprocess
import tempfile

BUILD = pathlib.Path(os.environ.get("BUILD", "build"))
number = 0
failed = False

BEFORE = """---
lang: en
---

## Turnstile

**Brief:** A gate that lets one person through at a time, and counts how many.

**Question:** What does a turnstile do?

**Answer:** It lets people through one at a time and counts them.
"""
AFTER = BEFORE.replace("It lets people through one at a time and counts them.", "Something else entirely.")
OTHER = """---
lang: en
---

## Barrier

**Brief:** A bar across a road that is lifted for whoever may pass.

**Question:** What does a barrier do?

**Answer:** It blocks the road until it is lifted.
"""


def ok(passed, text, why=""):
    global number, failed
    number += 1
    failed |= not passed
    print(f"{'ok' if passed else 'not ok'} {number} - {text}", flush=True)
    if not passed:
        print("\n".join(f"# {line}" for line in str(why).splitlines()))


class Console:
    def __init__(self, folder, notes):
        self.process = subprocess.Popen(
            [BUILD / "znatok", "console", "--script", "--state", folder / "state", "--kb", notes],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
            env={**os.environ, "XDG_CACHE_HOME": str(folder), "XDG_CONFIG_HOME": str(folder), "LANG": "C.UTF-8"})

    def say(self, *lines):
        """What is printed for these lines, up to the answer to a command that comes last."""
        for line in lines:
            self.process.stdin.write(line + "\n")
        self.process.stdin.write("root: !q nothing-of-the-kind\n")
        self.process.stdin.flush()
        heard = ""
        while "The notes say nothing" not in heard:
            line = self.process.stdout.readline()
            if not line:
                raise SystemExit(f"the console has ended: {self.process.stderr.read()}")
            heard += line
        return heard

    def end(self):
        self.process.stdin.close()
        self.process.wait()


with tempfile.TemporaryDirectory() as name:
    folder = pathlib.Path(name)
    notes = folder / "notes"
    notes.mkdir()
    note = notes / "gates.md"
    note.write_text(BEFORE)
    console = Console(folder, notes)
    heard = console.say("/join root admin", "alice: !quiz open")
    ok("What does a turnstile do?" in heard, "a question is asked", heard)

    note.write_text(AFTER)
    heard = console.say("root: !reload", "bob: !a it lets people through one at a time and counts them",
                        "carol: !a it lets people through one at a time and counts them", "/wait 3m")
    ok("Changed: 1 entry" in heard, "its note changes", heard)
    ok("It lets people through one at a time" in heard and "Something else" not in heard,
       "the result is that of the question as it was asked", heard)

    console.say("bob: !quiz open")
    note.unlink()
    (notes / "bars.md").write_text(OTHER)
    heard = console.say("root: !reload", "bob: !a it counts", "/wait 3m", "bob: !quiz open")
    ok("Something else entirely" in heard, "a question outlives its entry", heard)
    ok("What does a barrier do?" in heard, "the next one is from the notes as they are", heard)

    note.write_text(AFTER.replace("## Turnstile", "## Turnstile gate"))
    heard = console.say("root: !reload", "bob: !a no idea", "/wait 3m", "bob: !why", "bob: !quiz stop")
    ok(heard.count("question #") == 3, "what was earned keeps its reasons", heard)
    console.end()

    # A question that was open when the process ended goes on in the next one.
    console = Console(folder, notes)
    console.say("bob: !quiz open")
    console.end()
    console = Console(folder, notes)
    heard = console.say("bob: !a it blocks the road until it is lifted", "/wait 3m")
    ok("It blocks the road until it is lifted" in heard or "Something else" in heard,
       "a question that was open goes on after a restart", heard)

    tolls = notes / "tolls"
    tolls.mkdir()
    (tolls / "toll.md").write_text(BEFORE.replace("urnstile", "ollbooth"))
    heard = console.say("root: !reload", "bob: !quiz tolls open 2")
    ok("1/2" in heard, "a run of two", heard)
    (tolls / "toll.md").unlink()
    heard = console.say("root: !reload", "bob: !a no idea", "/wait 3m", "bob: !top tolls")
    ok("There is nothing left to ask: that is all." in heard, "that the notes cut short says so at its end", heard)
    ok("There is no topic “tolls”" in heard, "and a board of no topic is none", heard)
    console.end()

print(f"1..{number}")
raise SystemExit(failed)
