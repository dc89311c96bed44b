#!/usr/bin/env python3
"""What a bad day brings: a full disk, a read-only folder, a second instance,
notes deleted or broken while the bot runs, an index cut in half. Each time: a
clear sentence, nothing lost, the rest works.

The disk that fills up is a small tmpfs in a mount namespace of its own.
"""

import ctypes
import os
import pathlib
import queue
import re
import subprocess
import sys
import tempfile
import threading
import time

BUILD = pathlib.Path(os.environ.get("BUILD", "build")).resolve()
NOTE = """---
permalink: /team/python/basics/
---

## GIL

**Кратко:** Один поток за раз.

**Вопрос:** Что такое GIL?

**Ответ:** Блокировка интерпретатора.

---

## Декораторы

**Кратко:** Обёртка вокруг функции.
"""
PATIENCE = 60  # seconds for an answer: a hang is a failure, slowness is not

number = 0
failed = 0


def result(good, text, more=""):
    global number, failed
    number += 1
    failed += not good
    print(("ok" if good else "not ok") + f" {number} - {text}", flush=True)
    if not good and more:
        print("\n".join("# " + line for line in str(more).splitlines()))


class Bot:
    """A console that is talked to line by line."""

    def __init__(self, folder, *options, state=None):
        environment = {"PATH": os.environ["PATH"], "LANG": "C.UTF-8",
                       "HOME": str(folder), "XDG_CACHE_HOME": str(folder / "cache"),
                       "G_MESSAGES_DEBUG": ""}
        command = [BUILD / "znatok", "console", "--kb", folder / "notes",
                   "--as", "root", "--state", state or folder / "state", *options]
        self.process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, env=environment, text=True, bufsize=1)
        self.out, self.err = queue.Queue(), []
        threading.Thread(target=self.read_out, daemon=True).start()
        threading.Thread(target=self.read_err, daemon=True).start()

    def read_out(self):
        for line in self.process.stdout:
            self.out.put(line.rstrip("\n"))
        self.out.put(None)

    def read_err(self):
        for line in self.process.stderr:
            self.err.append(line.rstrip("\n"))

    def say(self, text):
        self.process.stdin.write(text + "\n")
        self.process.stdin.flush()

    def hear(self, pattern, patience=PATIENCE):
        """The first line that matches, or None."""
        end = time.monotonic() + patience
        while True:
            try:
                line = self.out.get(timeout=max(0.01, end - time.monotonic()))
            except queue.Empty:
                return None
            if line is None:
                return None
            if re.search(pattern, line):
                return line

    def warned(self, pattern, patience=PATIENCE):
        end = time.monotonic() + patience
        while time.monotonic() < end:
            for line in list(self.err):
                if re.search(pattern, line):
                    return line
            time.sleep(0.02)
        return None

    def end(self):
        """Ends the input; the exit status and what was still said."""
        self.process.stdin.close()
        status = self.process.wait(PATIENCE)
        rest = []
        while (line := self.out.get()) is not None:
            rest.append(line)
        return status, "\n".join(rest)

    def kill(self):
        self.process.kill()
        self.process.wait()


def fresh(base):
    folder = pathlib.Path(tempfile.mkdtemp(dir=base))
    (folder / "notes").mkdir()
    (folder / "notes/python.md").write_text(NOTE)
    return folder


def fill(path):
    """Takes all the room that is left on the disk."""
    with open(path, "wb", buffering=0) as out:
        for size in (65536, 4096, 1):
            try:
                while True:
                    out.write(b"x" * size)
            except OSError:
                pass


def mount(folder, options):
    subprocess.run(["mount", "-t", "tmpfs", "-o", options, "tmpfs", folder], check=True)


def full_disk(base):
    folder = fresh(base)
    disk = folder / "disk"
    disk.mkdir()
    mount(disk, "size=4m")
    bot = Bot(folder, state=disk / "state")
    bot.say("alice: !q gil")
    result(bot.hear("GIL"), "with room on the disk there are answers", bot.err)
    fill(disk / "ballast")
    said = 0
    while said < 2000 and not bot.warned("cannot be written", 0.01):
        said += 1
        bot.say(f"alice: !q нет-такого-{said}")
    result(bot.warned("cannot be written.*full"), "a full disk is told in the log", bot.err)
    bot.say("alice: !q декораторы")
    result(bot.hear("Обёртка", 2) is None, "what cannot be kept is not answered")
    conf = folder / "bot.conf"
    conf.write_text(f"[bot]\nstate = {disk / 'state'}\n")
    doctor = subprocess.run([BUILD / "znatok", "doctor", "--config", conf], text=True,
                            capture_output=True, env={"HOME": str(folder)})
    result(doctor.returncode == 1 and re.search("BAD +rights .*No space left.*make room",
                                                doctor.stdout),
           "znatok doctor says that the disk is full", doctor.stdout + doctor.stderr)
    (disk / "ballast").unlink()
    result(bot.hear("Обёртка"), "with room again the waiting lines are answered", bot.err)
    bot.say("alice: !status")
    result(bot.hear("не записыва|not be written"), "!status tells of the trouble")
    bot.say("carol: !q gil")
    status, rest = bot.end()
    result(status == 0 and rest.count("Блокировка") == 1, "and all goes on", rest)
    told = sum("cannot be written" in line for line in bot.err)
    result(1 <= told <= 3, f"the log says so about once a minute ({told} lines)", bot.err)
    # Killed on a full disk: nothing that was answered is answered again.
    bot = Bot(folder, state=disk / "state")
    bot.say("bob: !q gil")
    bot.hear("Блокировка")
    fill(disk / "ballast")
    for i in range(2000):
        bot.say(f"bob: !q kubernetes-{i}")
        if bot.warned("cannot be written", 0.01):
            break
    bot.kill()
    answered = set()
    while (line := bot.out.get()) is not None:
        answered.update(re.findall(r"kubernetes-(\d+)", line))
    (disk / "ballast").unlink()
    bot = Bot(folder, state=disk / "state")
    bot.say("bob: !q gil")
    status, rest = bot.end()
    again = answered & set(re.findall(r"kubernetes-(\d+)", rest))
    result(status == 0 and "Блокировка" in rest, "a kill on a full disk leaves a sound store", rest)
    # The one line that was printed and not yet committed may come twice.
    result(len(again) <= 1, "and what was said is not said again", again)


def read_only(base):
    folder = fresh(base)
    state = folder / "state"
    state.mkdir()
    mount(state, "ro")
    bot = Bot(folder)
    status = bot.process.wait(PATIENCE)
    time.sleep(0.1)
    result(status == 1 and len(bot.err) == 1 and "Read-only" in bot.err[0] and str(state) in bot.err[0],
           "a read-only state folder is one sentence", bot.err)
    notes = folder / "cache"
    notes.mkdir()
    mount(notes, "ro")
    out = subprocess.run([BUILD / "znatok", "ask", "--kb", folder / "notes", "gil"],
                         env={"XDG_CACHE_HOME": str(notes), "LANG": "C.UTF-8", "HOME": str(folder)},
                         capture_output=True, text=True)
    result(out.returncode == 0 and "Блокировка" in out.stdout,
           "a cache that cannot be written does not matter", out.stderr)


def second_instance(base):
    folder = fresh(base)
    first = Bot(folder)
    first.say("alice: !q gil")
    first.hear("GIL")
    second = Bot(folder)
    status = second.process.wait(PATIENCE)
    time.sleep(0.1)
    result(status == 1 and len(second.err) == 1 and str(first.process.pid) in second.err[0],
           "a second instance is refused, and told which process is the first", second.err)
    first.say("alice: !q декораторы")
    result(first.hear("Обёртка"), "the first goes on")
    first.end()


def notes_change(base):
    folder = fresh(base)
    note = folder / "notes/python.md"
    bot = Bot(folder)
    bot.say("/join root admin")
    bot.say("alice: !q gil")
    bot.hear("Блокировка")
    note.write_text(NOTE.replace("permalink: /", "permalink: [/"))
    bot.say("root: !reload")
    result(bot.hear(r"python\.md:\d+: error"), "a note that got broken is told with file and line", bot.err)
    bot.say("alice: !q gil")
    result(bot.hear("Блокировка"), "and its last good version stays")
    note.write_text(NOTE + "\n## Слоты\n\n**Кратко:** Память экономят слоты.\n")
    bot.say("root: !reload")
    result(bot.hear("Добавлена 1 запись|Added: 1 entry"), "mended, it is read again")
    bot.say("alice: !q слоты")
    result(bot.hear("экономят"), "with what is new in it")
    note.unlink()
    bot.say("root: !reload")
    result(bot.hear("Удалены 3|Removed: 3"), "a deleted note goes")
    bot.say("alice: !q слоты")
    result(bot.hear("ничего нет"), "and is not found any more")
    # Folder watching: no !reload is needed, and a folder below counts.
    (folder / "notes/deep").mkdir()
    (folder / "notes/deep/new.md").write_text("# Замыкание\n\nФункция помнит переменные.\n")
    found = None
    end = time.monotonic() + PATIENCE
    while not found and time.monotonic() < end:
        bot.say("alice: !q замыкание")
        found = bot.hear("помнит", 0.3)
    result(found, "a new note in a folder below is read by itself")
    bot.say("root: !reload")
    result(bot.hear("Замыкание"), "and !reload tells of it afterwards")
    os.rename(folder / "notes", folder / "away")
    bot.say("root: !reload")
    result(bot.hear("не удалось|could not be read"), "a notes folder that vanished is told")
    bot.say("alice: !q замыкание")
    result(bot.hear("помнит"), "and what was read stays in use")
    status, _ = bot.end()
    result(status == 0, "the end is a good one")


def broken_index(base):
    folder = fresh(base)
    bot = Bot(folder)
    bot.say("alice: !q gil")
    bot.hear("Блокировка")
    bot.end()
    index = next((folder / "cache/znatok").glob("*.db"))
    for name, damage in (("cut in half", lambda b: b[:len(b) // 2]),
                         ("full of noise", lambda b: b[:100] + os.urandom(len(b) - 100)),
                         ("emptied", lambda b: b"")):
        for tail in ("-wal", "-shm"):
            pathlib.Path(str(index) + tail).unlink(missing_ok=True)
        index.write_bytes(damage(index.read_bytes()))
        bot = Bot(folder)
        bot.say("alice: !q gil")
        good = bot.hear("Блокировка")
        bot.end()
        told = any("anew" in line for line in bot.err)
        result(good and (told or name == "emptied"), f"an index {name} is made anew, and told", bot.err)
    index.write_bytes(b"somebody's letter")
    bot = Bot(folder)
    bot.say("alice: !q gil")
    result(bot.hear("Блокировка"), "an index that is none does not matter either", bot.err)
    # Under a running bot: the next look-up finds it damaged and mends it.
    for tail in ("-wal", "-shm"):
        pathlib.Path(str(index) + tail).unlink(missing_ok=True)
    os.truncate(index, index.stat().st_size // 2)
    answers = []
    for query in ("gil", "декораторы", "обёртка функции", "gil"):
        bot.say(f"alice: !q {query}")
        answers.append(bot.hear("Блокировка|Обёртка", 20))
    result(all(answers), "an index cut under a running bot is mended", (answers, bot.err))
    bot.end()


def broken_store(base):
    folder = fresh(base)
    (folder / "state").mkdir()
    (folder / "state/znatok.db").write_bytes(b"not a database, but somebody's file" * 200)
    bot = Bot(folder)
    status = bot.process.wait(PATIENCE)
    time.sleep(0.1)
    result(status == 1 and len(bot.err) == 1 and "znatok.db" in bot.err[0],
           "a store that is none is refused in one sentence", bot.err)
    result((folder / "state/znatok.db").read_bytes().startswith(b"not a database"),
           "and left as it is")


def full_output(base):
    folder = fresh(base)
    with open("/dev/full", "w") as full:
        done = subprocess.run(
            [BUILD / "znatok", "console", "--kb", folder / "notes"], stdout=full,
            stderr=subprocess.PIPE, input="alice: !q gil\n", text=True, timeout=PATIENCE,
            env={"XDG_CACHE_HOME": str(folder / "cache"), "LANG": "C.UTF-8", "HOME": str(folder)})
    result(done.returncode == 1 and "output" in done.stderr, "an output that is full ends with 1", done.stderr)


def own_mounts():
    """A mount namespace of this process alone, as root or as nobody."""
    if os.environ.get("OWN_MOUNTS"):
        return
    flags = ["-m"] if os.geteuid() == 0 else ["-r", "-m"]
    probe = subprocess.run(["unshare", *flags, "true"], capture_output=True)
    if probe.returncode != 0:
        print("1..0 # SKIP no mount namespaces here, so no disk can be filled up")
        sys.exit(0)
    os.environ["OWN_MOUNTS"] = "1"
    os.execvp("unshare", ["unshare", *flags, sys.executable, *sys.argv])


def main():
    own_mounts()
    ctypes.CDLL(None).mount(None, b"/", None, 0x4000 | 0x40000, None)  # private
    with tempfile.TemporaryDirectory() as base:
        try:
            for scene in (full_disk, read_only, second_instance, notes_change,
                          broken_index, broken_store, full_output):
                scene(base)
        finally:
            # Lazily: nothing of the tmpfs outlives the namespace anyway.
            subprocess.run(f"umount -l {base}/*/* 2>/dev/null", shell=True)
    print(f"1..{number}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
