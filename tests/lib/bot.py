"""znatok run, as its operator runs it, against any homeserver."""

import contextlib
import os
import pathlib
import re
import signal
import sqlite3
import struct
import subprocess
import tempfile
import threading
import time

import process
from process import BUILD, PATIENCE, ROOT
from tap import Failed, check, comment, logs

NOTES = ROOT / "tests/transcripts/notes"
SYNC = "/_matrix/client/v3/sync"


class Clock:
    """The time that a bot lives in: so many ms wrong, so many times as fast."""

    def __init__(self, offset=0, rate=1):
        self.rate = rate
        self.file = tempfile.NamedTemporaryFile()
        self.set(offset)

    def set(self, offset):
        self.file.seek(0)
        self.file.write(struct.pack("qq", offset, self.rate))
        self.file.flush()

    def environment(self):
        return {"LD_PRELOAD": str(BUILD / "tests/mock/clock.so"),
                "CLOCK_FILE": self.file.name}


class Bot:
    """znatok run, on a state folder of its own.

    server: a Mock, or the address of another homeserver, where the user has a
    password or a token. Sections of bot.conf are dicts: Bot(mock, bot={"flood":
    10}); an option that is None is left out. where: in which folder that folder
    is made; runner: is put before the program, as valgrind; begin: `with`
    starts it.
    """

    def __init__(self, server, user="znatok", password=None, *, url=None, token=None, clock=None,
                 environment=None, runner=(), where=None, begin=False, **sections):
        self.mock = None if isinstance(server, str) else server
        self.user, self.password = user, password or getattr(server, "password", None)
        self.runner, self.begin = list(runner), begin
        self.temporary = process.folder(where)
        self.folder = pathlib.Path(self.temporary.name)
        self.state = self.folder / "state"
        self.conf = self.folder / "bot.conf"
        self.environment = {**(clock.environment() if clock else {}), **(environment or {})}
        self.process, self.lines, self.mark = None, [], 0
        self.changed = threading.Condition()
        secret = "token" if token else "password"
        self.secret_file(secret, token or self.password)
        self.sections = {
            "bot": {"state": self.state, "admins": "@root:localhost", "language": "en",
                    "flood": 0},
            "notes": {"folders": NOTES},
            "matrix": {"homeserver": url or getattr(server, "url", server), "user": user,
                       secret + "_file": self.folder / secret, "invites": "everyone"},
        }
        self.configure(**sections)

    def __enter__(self):
        return self.start() if self.begin else self

    def __exit__(self, *reason):
        if reason[0] and not self.mock:
            comment("the bot's last words:\n" + self.log())
        self.close()

    def secret_file(self, name, secret):
        path = self.folder / name
        path.write_text(secret + "\n")
        path.chmod(0o600)

    def configure(self, **sections):
        """Changes bot.conf, which the bot reads at its start or at a SIGHUP."""
        lines = []
        for name, options in sections.items():
            self.sections.setdefault(name, {}).update(options)
        for name, options in self.sections.items():
            lines.append(f"[{name}]")
            lines += [f"{key} = {value}" for key, value in options.items() if value is not None]
        new = self.conf.with_suffix(".new")
        new.write_text("\n".join(lines) + "\n")
        new.rename(self.conf)

    def environ(self):
        return {"PATH": os.environ["PATH"], "LANG": "C.UTF-8", "HOME": str(self.folder),
                "XDG_CACHE_HOME": str(self.folder / "cache"),
                "XDG_STATE_HOME": str(self.folder / "home-state"),
                "ASAN_OPTIONS": "verify_asan_link_order=0",
                "no_proxy": "*", **self.environment}

    def start(self, sync=True, patience=PATIENCE, named=True):
        """Starts it; sync: and waits until it is in sync, of the mock also until it
        is in a long poll. Not named: it finds its bot.conf in its folder."""
        check(not self.running(), "the bot runs already")
        self.mark = len(self.lines)
        since = self.mock.log_end() if self.mock else None
        self.process = process.start(
            [*self.runner, BUILD / "znatok", "run", *(["--config", self.conf] if named else [])],
            stderr=subprocess.PIPE, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            env=self.environ(), cwd=self.folder)
        self.reader = threading.Thread(target=self.read, args=(self.process,), daemon=True)
        self.reader.start()
        if sync:
            self.wait_log("in sync", patience=patience)
        if sync and self.mock:
            self.mock.wait_for(1, patience, path=SYNC, regex="timeout=30000", since=since,
                               received=1)
        return self

    def read(self, child):
        for line in child.stderr:
            with self.changed:
                self.lines.append(line.decode(errors="replace").rstrip("\n"))
                self.changed.notify_all()
        with self.changed:
            self.changed.notify_all()

    def running(self):
        return self.process is not None and self.process.poll() is None

    def log(self, all_runs=False):
        return "\n".join(self.lines[0 if all_runs else self.mark:])

    def logged(self, pattern, first=None):
        """The lines of this run, or from the first-th of all, that match."""
        lines = self.lines[self.mark if first is None else first:]
        return [line for line in lines if re.search(pattern, line)]

    def wait_log(self, pattern, n=1, patience=PATIENCE, first=None):
        """Waits until this run has logged n such lines: the n-th."""
        end = time.monotonic() + patience
        with self.changed:
            while True:
                found = self.logged(pattern, first)
                if len(found) >= n:
                    return found[n - 1]
                check(self.reader.is_alive(),
                      f"the bot ended, without /{pattern}/ in its log:\n" + self.log())
                check(time.monotonic() < end, f"no /{pattern}/ in the log:\n" + self.log())
                self.changed.wait(0.2)

    def ended(self, patience=PATIENCE):
        """Waits for its end: the exit status, or minus the signal."""
        try:
            status = self.process.wait(patience)
        except subprocess.TimeoutExpired:
            raise Failed("the bot does not end:\n" + self.log()) from None
        self.reader.join()
        process.running.discard(self.process)
        return status

    def stop(self, number=signal.SIGTERM):
        """Ends it as told; the exit status."""
        self.process.send_signal(number)
        return self.ended(2 * PATIENCE)

    def kill(self):
        process.kill(self.process)
        self.reader.join()

    def restart(self, sync=True):
        return self.start(sync)

    def reload(self):
        self.process.send_signal(signal.SIGHUP)

    def query(self, sql, *values):
        """Rows of its database; a change, where the bot is not running."""
        with contextlib.closing(sqlite3.connect(self.state / "znatok.db", timeout=PATIENCE)) as db:
            rows = db.execute(sql, values).fetchall()
            db.commit()
            return rows

    def close(self):
        if self.process:
            self.kill()
        if self.lines:
            logs.append(("\n".join(self.lines), self.secrets()))
        self.temporary.cleanup()

    def secrets(self):
        """What may stand in no log: the password, every token, what was said."""
        if not self.mock:
            return {self.password}
        found = {self.password, *(t for t in self.mock.said if len(t) >= 8)}
        with contextlib.suppress(Exception):
            for request in self.mock.log(received=1):
                found.update(request["headers"].get("authorization", "").split()[1:])
                if request["path"].endswith(("/login", "/refresh")):
                    found.update(re.findall(r'_token":"(sy[^"]+)', request["body"]))
        return found
