#!/usr/bin/env python3
"""znatok backup and export beside a bot that runs; what is left of who asked to be forgotten."""

import csv
import io
import json
import os
import pathlib
import sqlite3
import stat
import subprocess
import tempfile

BUILD = pathlib.Path(os.environ.get("BUILD", "build"))
NOTES = "tests/transcripts/quiz"
number = 0
failed = False


def ok(passed, text, why=""):
    global number, failed
    number += 1
    failed |= not passed
    print(f"{'ok' if passed else 'not ok'} {number} - {text}", flush=True)
    if not passed:
        print(f"# {why}")


def znatok(folder, *words):
    return subprocess.run([BUILD / "znatok", *words], capture_output=True, text=True,
                          env={**os.environ, "XDG_CACHE_HOME": str(folder), "XDG_CONFIG_HOME": str(folder)})


def rows(path):
    db = sqlite3.connect(path)
    tables = [r[0] for r in db.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")]
    found = {t: db.execute(f"SELECT * FROM {t}").fetchall() for t in tables}
    check = db.execute("PRAGMA integrity_check").fetchone()
    db.close()
    return found, check


def wait_for(console, text):
    """Reads what the console prints up to a line that holds the text."""
    for line in console.stdout:
        if text in line:
            return
    raise SystemExit(f"the console ended before it said {text!r}")


with tempfile.TemporaryDirectory() as name:
    folder = pathlib.Path(name)
    state = folder / "state"
    console = subprocess.Popen(
        [BUILD / "znatok", "console", "--script", "--state", state, "--kb", NOTES],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        env={**os.environ, "XDG_CACHE_HOME": str(folder), "XDG_CONFIG_HOME": str(folder), "LANG": "C.UTF-8"})
    for line in ("alice: !quiz network choice", "bob: !a 3", "carol: !a 3", "bob: !q quasiperiodic", "/wait 30s",
                 "alice: !quiz network open", "bob: !a peculiarity", "=: !a x", "/wait 3m", "bob: !quiz network open",
                 "alice: !top", "carol: !score Bob", "carol: !why bob", "alice: !status"):
        console.stdin.write(line + "\n")
    console.stdin.flush()
    wait_for(console, "znatok")
    wait_for(console, "Unsent")

    copy = folder / "copy.db"
    copy.write_text("an older one")
    done = znatok(folder, "backup", "--state", str(state), str(copy))
    found, check = rows(copy)
    ok(done.returncode == 0 and check == ("ok",), "a copy is made while the bot runs", done.stderr)
    ok(found == rows(state / "znatok.db")[0] and len(found["ledger"]) == 3, "it holds the same rows", found["ledger"])
    ok(copy.stat().st_mode & 0o777 == 0o600, "only its owner may read it")
    ok(sorted(p.name for p in folder.glob("copy.db*")) == ["copy.db"], "it is one file")
    done = znatok(folder, "backup", "--state", str(state), str(folder / "no/such/copy.db"))
    ok(done.returncode == 1 and done.stderr.count("\n") == 1, "a place that is not there is an error in one line", done)
    done = znatok(folder, "backup", "--state", str(folder / "nowhere"), str(folder / "x.db"))
    ok(done.returncode == 1 and not (folder / "x.db").exists(), "so is a state that is not there", done)
    ok(znatok(folder, "backup").returncode == 2, "without a FILE it is used wrongly")

    ended, paths = [], {}
    paths |= {file: str(state / file) for file in (
        "znatok.db", "znatok.db-wal", "znatok.db-shm", "znatok.db-journal", "lock", "index.db", "index.db-wal")}
    paths["another path"] = str(folder / "state/../state/znatok.db")
    paths["by a folder's link"] = str(folder / "linked/znatok.db-wal")
    paths["a hard link"], paths["a link"] = str(folder / "hard.db"), str(folder / "soft.db")
    (folder / "linked").symlink_to(state)
    (folder / "hard.db").hardlink_to(state / "znatok.db")
    (folder / "soft.db").symlink_to(state / "znatok.db")
    before = sorted((p.name, p.stat().st_ino) for p in state.iterdir())
    for what, path in paths.items():
        done = znatok(folder, "backup", "--state", str(state), path)
        ended += [what] if done.returncode != 1 or "another place" not in done.stderr else []
    ok(ended == [], "what the bot keeps itself is no place for a copy, by whatever name", ended)
    ok(sorted((p.name, p.stat().st_ino) for p in state.iterdir()) == before, "and stays as it is", before)

    (folder / "elsewhere.db").write_text("of somebody else")
    (folder / "to-elsewhere.db").symlink_to(folder / "elsewhere.db")
    (folder / "nowhere.db").symlink_to(folder / "nothing")
    os.mkfifo(folder / "pipe")
    (folder / "folder").mkdir()
    odd = ["to-elsewhere.db", "nowhere.db", "pipe", "folder"]
    try:
        os.mknod(folder / "device", 0o600 | stat.S_IFCHR, os.makedev(1, 7))
        odd.append("device")
    except PermissionError:
        print("# only root makes devices: one kind of file less")
    before = {name: (folder / name).lstat() for name in odd}
    ended = [(name, done) for name in odd
             if (done := znatok(folder, "backup", "--state", str(state), str(folder / name))).returncode != 1
             or "no plain file" not in done.stderr]
    ok(ended == [], "links, pipes, folders and devices are no place either", ended)
    ok({name: (folder / name).lstat()[:3] for name in odd} == {name: was[:3] for name, was in before.items()}
       and (folder / "elsewhere.db").read_text() == "of somebody else" and not (folder / "nothing").exists(),
       "and are not replaced")
    (folder / "copy.db.part").write_text("of somebody else")
    done = znatok(folder, "backup", "--state", str(state), str(copy))
    ok(done.returncode == 0 and (folder / "copy.db.part").read_text() == "of somebody else"
       and sorted(p.name for p in folder.glob("copy.db*")) == ["copy.db", "copy.db.part"],
       "what lies beside the copy stays, and nothing of its making does", done.stderr)

    lines = [json.loads(line) for line in znatok(folder, "export", "--state", str(state)).stdout.splitlines()]
    ok([line["name"] for line in lines] == ["bob", "carol", "bob"] and all(line["kind"] == "answer" for line in lines),
       "export prints the ledger as JSON", lines)
    table = znatok(folder, "export", "--csv", "--state", str(state)).stdout
    parsed = list(csv.DictReader(io.StringIO(table)))
    ok([(int(p["id"]), p["name"], int(p["points"])) for p in parsed]
       == [(line["id"], line["name"], line["points"]) for line in lines], "and as CSV", table)
    ok(znatok(folder, "export", "--csv", "--json", "--state", str(state)).returncode == 2, "not as both")

    console.stdin.write("bob: !forget me\ncarol: !top\ncarol: !status\n")
    console.stdin.flush()
    wait_for(console, "Unsent")
    left = [(t, r) for t, all_rows in rows(state / "znatok.db")[0].items() for r in all_rows
            if any(isinstance(v, (str, bytes)) and word in (v if isinstance(v, str) else v.decode(errors="ignore"))
                   for v in r for word in ("peculiarity", "quasiperiodic", "bob", "Bob")) and t != "person_address"]
    ok(left == [], "what somebody said is nowhere in the store after !forget me, nor is the name", left)
    kept = rows(state / "znatok.db")[0]
    bob = [r[0] for r in kept["person"] if r[1] == ""]
    ok(len(bob) == 1 and not any(r[2] == bob[0] for r in kept["ledger"]) and not any(
        r[4] == bob[0] for r in kept["board"]), "nor are their points", kept["board"])
    console.stdin.close()
    ok(console.wait() == 0, "the bot has gone on", console.stderr.read())

print(f"1..{number}")
raise SystemExit(failed)
