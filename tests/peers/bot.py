"""The bot under test, as its operator runs it.

    with Bot(server.url, "znatok", "password") as bot:
        ...
        bot.kill(); bot.start()
        expect(bot.stop() == 0)
"""

import pathlib
import os
import re
import signal
import subprocess
import threading
import time

import process
from tap import Failed, comment

NOTES = process.ROOT / "tests/transcripts/notes"
PATIENCE = 30


class Bot:
    """Options of bot.conf: bot={…}, notes={…}, matrix={…} add to what stands below."""

    def __init__(self, homeserver, user, password, where=None, **options):
        self.temporary = process.folder(where)
        self.folder = pathlib.Path(self.temporary.name)
        self.state = self.folder / "state"
        self.user = user
        self.process = None
        self.lines = []
        self.changed = threading.Condition()
        (self.folder / "password").touch(mode=0o600)
        (self.folder / "password").write_text(password + "\n")
        self.options = {
            "bot": {"state": self.state, "language": "en", "flood": 0},
            "notes": {"folders": NOTES, "watch": "false"},
            "matrix": {"homeserver": homeserver, "user": user, "invites": "everyone",
                       "password_file": self.folder / "password"},
        }
        self.configure(**options)

    def __enter__(self):
        return self.start()

    def __exit__(self, *reason):
        if reason[0]:
            comment("the bot's last words:\n" + self.log())
        if self.process and self.process.poll() is None:
            self.kill()
        self.temporary.cleanup()

    def configure(self, **sections):
        """For the next start, or after SIGHUP."""
        for name, options in sections.items():
            self.options.setdefault(name, {}).update(options)
        text = "".join(
            f"[{name}]\n" + "".join(f"{key} = {value}\n" for key, value in options.items())
            for name, options in self.options.items())
        (self.folder / "bot.conf").write_text(text)

    # ---- running ----

    def start(self, synced=True):
        """synced: waits until the first /sync has been taken in."""
        environment = {
            **os.environ, "LANG": "C.UTF-8", "HOME": str(self.folder),
            "XDG_CACHE_HOME": str(self.folder / "cache"),
            "XDG_STATE_HOME": str(self.folder / "home-state")}
        first = len(self.lines)
        self.process = process.start(
            [process.BUILD / "znatok", "run", "--config", self.folder / "bot.conf"],
            env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE, text=True, errors="replace")
        threading.Thread(target=self.read, args=[self.process], daemon=True).start()
        if synced:
            self.wait_log(r"in sync", first)
        return self

    def read(self, child):
        for line in child.stderr:
            with self.changed:
                self.lines.append(line.rstrip("\n"))
                self.changed.notify_all()
        child.wait()
        with self.changed:
            self.changed.notify_all()

    def stop(self, how=signal.SIGTERM):
        """Its exit status."""
        return process.end(self.process, how)

    def kill(self):
        process.end(self.process, signal.SIGKILL)

    def wait_exit(self, timeout=PATIENCE):
        try:
            return self.process.wait(timeout)
        except subprocess.TimeoutExpired:
            raise Failed(f"the bot goes on after {timeout} s:\n{self.log()}") from None

    # ---- what it says about itself ----

    def log(self):
        return "\n".join(self.lines[-40:])

    def wait_log(self, pattern, first=0, timeout=PATIENCE):
        """The first line of the log, from that one on, in which pattern is found."""
        end = time.monotonic() + timeout
        with self.changed:
            while True:
                for line in self.lines[first:]:
                    if re.search(pattern, line):
                        return line
                left = end - time.monotonic()
                if left <= 0 or (self.process.poll() is not None and not self.changed.wait(0.5)):
                    raise Failed(f"no {pattern!r} in the log"
                                 f" (exit status {self.process.poll()}):\n{self.log()}")
                self.changed.wait(min(left, 0.5))
