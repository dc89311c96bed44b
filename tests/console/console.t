#!/usr/bin/env python3
"""The console as a process: long lines, closed files, a state that goes on in
another way than it began."""

import os
import pathlib
import sqlite3
import subprocess
import sys
import tempfile

BUILD = pathlib.Path(os.environ.get("BUILD", "build")).resolve()
NOTES = pathlib.Path("tests/transcripts/notes").resolve()
number = failed = 0


def result(good, text, more=""):
    global number, failed
    number += 1
    failed += not good
    print(("ok" if good else "not ok") + f" {number} - {text}", flush=True)
    if not good:
        print("\n".join("# " + line[:300] for line in str(more).splitlines()))


def console(home, text, *options, **more):
    environment = {"PATH": os.environ["PATH"], "LANG": "C.UTF-8", "HOME": str(home),
                   "XDG_CACHE_HOME": str(home / "cache"), "XDG_CONFIG_HOME": str(home)}
    return subprocess.run([BUILD / "znatok", "console", "--kb", NOTES, *options],
                          input=text.encode(), capture_output=True, env=environment,
                          timeout=120, **more)


def token(state):
    db = sqlite3.connect(state / "znatok.db")
    text = db.execute("SELECT token FROM position").fetchone()[0]
    db.close()
    return dict(pair.split("=") for pair in text.split())


def long_lines(home):
    for length in (65536, 65537, 70000, 140000, 1000000):
        line = "alice: " + "x" * (length - 7 - 8) + " !reload"
        done = console(home, line + "\nbob: !q gil\n", "--script")
        out = done.stdout.decode()
        result(done.returncode == 0 and out.count("\n[") + 1 == 3 and "bob: !q gil" in out
               and (length <= 65536) == (b"cut" not in done.stderr),
               f"a line of {length} bytes is one line", done.stderr.decode() + out[-300:])


def any_bytes(home):
    done = subprocess.run(
        [BUILD / "znatok", "console", "--kb", NOTES, "--script"],
        input=b"alice: !q \xff\xfe\0 gil\r\nbob: \x1b[31m!q gil\n\xd0", capture_output=True,
        env={"HOME": str(home), "XDG_CACHE_HOME": str(home / "cache")}, timeout=60)
    done.stdout.decode()
    result(done.returncode == 0 and b"\x1b" not in done.stdout.replace(b"bob: \x1b", b""),
           "any bytes are read, and are valid UTF-8 again", done.stderr)


def closed_files(home):
    for what, close, status in (("input", "<&-", 0), ("output", ">&- < /dev/null", 0),
                                ("errors", "2>&- < /dev/null", 0)):
        state = home / f"closed-{what}"
        done = subprocess.run(
            ["/bin/sh", "-c", f'exec "$0" console --script --kb "$1" --state "$2" {close}',
             BUILD / "znatok", NOTES, state], capture_output=True, timeout=60,
            env={"HOME": str(home), "XDG_CACHE_HOME": str(home / "cache")})
        rows = sqlite3.connect(state / "znatok.db").execute("SELECT count(*) FROM inbox").fetchone()
        result(done.returncode == status and rows == (0,),
               f"a closed {what} is not taken for a file of our own", done.stdout + done.stderr)


def clocks(home):
    state = home / "clock"
    console(home, "/at 2025-03-30T09:30Z\nalice: hi\n", "--script", "--state", state)
    at = token(state)["clock"]
    console(home, "alice: hi\n", "--state", state)
    result(token(state)["clock"] == at, "a plain console leaves a script's clock alone", token(state))
    # As a kill in the middle of /wait leaves it.
    db = sqlite3.connect(state / "znatok.db")
    with db:
        db.execute("UPDATE position SET token = replace(token, 'until=0', 'until=1743400000000')")
    db.close()
    done = console(home, "alice: !q gil\n", "--state", state)
    result(done.returncode == 0 and b"GIL" in done.stdout, "and its /wait", done.stderr)
    done = console(home, "alice: !q gil\n", "--script", "--state", state)
    result(token(state)["clock"] == "1743400000000", "which the next script ends", token(state))


def names(home):
    for name in ("bad name", "", "9x", "ночь"):
        done = console(home, "hi\n", "--as", name)
        result(done.returncode == 2 and done.stderr.count(b"\n") == 1,
               f"--as {name!r} is refused", done.stderr)


def main():
    with tempfile.TemporaryDirectory() as name:
        home = pathlib.Path(name)
        for scene in (long_lines, any_bytes, closed_files, clocks, names):
            scene(home)
    print(f"1..{number}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
