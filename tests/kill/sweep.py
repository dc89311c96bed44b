"""Kills the bot after every database statement of a scenario, in turn.

A scenario (sweep.txt, quiz.txt) is played once without a kill. Then, for each n, it
is played until the n-th statement that SQLite finishes, where the process is
ended as by `kill -9`; a second process on the same state plays the lines that
had not been taken. Afterwards the store must be the same, row by row, as if
nothing had happened: the same answers, each once, the same gaps, choices
and settings. Only transaction ids are random. And what the two processes have
printed must be all that was to be said, under the same numbers: what was
printed and not yet recorded may come again under its number, once.

SWEEP_STEP=7 tries every 7th statement only.
"""

import concurrent.futures
import os
import pathlib
import re
import shutil
import sqlite3
import subprocess
import sys
import tempfile

BUILD = pathlib.Path(os.environ.get("BUILD", "build"))
HERE = pathlib.Path(__file__).parent
# Sanitizers make a process slow to start; what they look for needs no sweep.
STEP = int(os.environ.get("SWEEP_STEP") or (23 if os.environ.get("SAN") else 1))


def play(folder, notes, lines, kill_after=None):
    """Returns the exit status of the console on folder/state."""
    environment = {
        "PATH": os.environ["PATH"],
        "LANG": "C.UTF-8",
        "HOME": str(folder),
        "XDG_CACHE_HOME": str(folder / "cache"),
    }
    if kill_after:
        environment["LD_PRELOAD"] = str((BUILD / "tests/kill/killer.so").resolve())
        environment["KILL_AFTER"] = str(kill_after)
        environment["ASAN_OPTIONS"] = "verify_asan_link_order=0"
    return subprocess.run(
        [BUILD / "znatok", "console", "--script", "--state", folder / "state",
         "--kb", notes],
        input="".join(line + "\n" for line in lines).encode(),
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment)


def said(output):
    """What was printed as the bot's word: (number, whether an edit) -> the texts, in order."""
    messages = {}
    for message in re.split(r"^(?=\[\d+\*?\] )", output.decode(errors="replace"), flags=re.M):
        found = re.match(r"\[(\d+)(\*?)\] (?:#\S+|\S+>): ", message)
        if found:
            messages.setdefault((int(found.group(1)), bool(found.group(2))), []).append(message)
    return messages


def joins(wanted, before, after):
    """Whether the first process printed a beginning and the second one the rest. What was printed and
    not yet recorded comes again; a killed process may break off in a line."""
    for again in range(len(before) + 1):
        kept = len(before) - again
        if before[:kept] + after == wanted and all(
                whole == cut or (i + 1 == len(before) and whole.startswith(cut))
                for i, (whole, cut) in enumerate(zip(wanted, before))):
            return True
    return False


def misheard(wanted, first, rest):
    """What was printed wrongly, or None."""
    before, after = said(first), said(rest)
    for key in {**wanted, **before, **after}:
        if not joins(wanted.get(key, []), before.get(key, []), after.get(key, [])):
            return f"message {key}: {before.get(key)}, then {after.get(key)}"
        if not key[1] and len(before.get(key, [])) > 1:
            return f"message {key} was printed twice by one process"
    return None


def taken(folder):
    """How many lines the store has taken."""
    path = folder / "state/znatok.db"
    if not path.exists():
        return 0
    db = sqlite3.connect(path)
    try:
        row = db.execute("SELECT token FROM position WHERE network = 'console'").fetchone()
    except sqlite3.OperationalError as error:
        if "no such table" not in str(error):
            raise
        row = None
    finally:
        db.close()
    if not row:
        return 0
    return int(dict(pair.split("=") for pair in row[0].split())["lines"])


def store(folder):
    """Every row of every table, without the random transaction ids."""
    db = sqlite3.connect(folder / "state/znatok.db")
    tables = [row[0] for row in db.execute(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name")]
    rows = {}
    for table in tables:
        columns = [c[1] for c in db.execute(f"PRAGMA table_info({table})") if c[1] != "txn_id"]
        rows[table] = db.execute(
            f"SELECT {', '.join(columns)} FROM {table} ORDER BY {', '.join(columns)}").fetchall()
    assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    db.close()
    return rows


def difference(wanted, found):
    for table in wanted:
        if wanted[table] != found.get(table):
            missing = [r for r in wanted[table] if r not in found[table]][:3]
            extra = [r for r in found[table] if r not in wanted[table]][:3]
            return f"table {table}: missing {missing}, extra {extra}"
    return None


def one(n, scenario, wanted, heard, base):
    """None: never killed, the scenario is over; '' : the same; else what differs."""
    with tempfile.TemporaryDirectory(dir=base) as name:
        folder = pathlib.Path(name)
        notes, lines = scenario
        first = play(folder, notes, lines, kill_after=n)
        if first.returncode == 0:
            return None
        if first.returncode != -9:
            return f"exit status {first.returncode} before the kill: {first.stderr.decode()[-300:]}"
        rest = play(folder, notes, lines[taken(folder):])
        if rest.returncode != 0:
            return f"exit status {rest.returncode} after it: {rest.stderr.decode()[-300:]}"
        return (difference(wanted, store(folder))
                or misheard(heard, first.stdout, rest.stdout) or "")


def board_of(folder):
    """The boards as the ledger says they must be, and as they are."""
    import datetime
    db = sqlite3.connect(folder / "state/znatok.db")
    sums = {}
    rows = db.execute("""SELECT l.room_no, l.person_no, l.topic, l.points, l.local_date FROM ledger l
        LEFT JOIN run r ON r.id = l.run WHERE l.run IS NULL OR r.people >= 2""").fetchall()
    for room, person, topic, points, date in rows:
        year, week, _ = datetime.date.fromisoformat(date).isocalendar()
        for span, period in (("day", date), ("week", f"{year}-W{week:02}"), ("month", date[:7]), ("all", "")):
            for path in {"", topic}:
                key = (room, span, period, path, person)
                sums[key] = sums.get(key, 0) + points
    board = {row[:5]: row[5] for row in db.execute(
        "SELECT room_no, span, period, topic, person_no, points FROM board")}
    db.close()
    return sums, board


def sweep(name, notes, least_answers):
    """Plays HERE/name, then kills it everywhere; prints TAP, returns the exit status."""
    lines = (HERE / name).read_text().splitlines()
    scenario = (notes, lines)
    # Memory loses nothing to a kill -9, and a sweep of commits is long on a disk.
    base = tempfile.mkdtemp(dir="/dev/shm" if os.access("/dev/shm", os.W_OK) else None)
    try:
        folder = pathlib.Path(base) / "reference"
        folder.mkdir()
        reference = play(folder, notes, lines)
        wanted = store(folder)
        heard = said(reference.stdout)
        answers = len(wanted["outbox"])
        sent = sum(row[wanted_column("state", folder)] == "done" for row in wanted["outbox"])
        print(f"# {len(lines)} lines, {len(wanted['room'])} rooms, {answers} answers")
        plain = reference.returncode == 0 and answers >= least_answers and sent == answers
        sums, board = board_of(folder)
        plain = plain and sums == board and reference.stderr == b""
        print(("ok" if plain else "not ok") + " 1 - the scenario without a kill")
        failures, kills, ended = [], 0, False
        n = 1
        with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
            while not ended:
                batch = range(n, n + 64 * STEP, STEP)
                for k, result in zip(batch, pool.map(
                        lambda k: one(k, scenario, wanted, heard, base), batch)):
                    if result is None:
                        ended = True
                    elif result:
                        failures.append((k, result))
                    kills += result is not None
                n = batch[-1] + STEP
        for k, text in failures[:10]:
            print(f"# killed after statement {k}: {text}")
        print(f"# {kills} kills, {len(failures)} with another end")
        good = kills > 500 // STEP and not failures
        print(("ok" if good else "not ok") + " 2 - the same store after a kill at every statement")
        print("1..2")
        return 0 if plain and good else 1
    finally:
        shutil.rmtree(base)


def wanted_column(name, folder):
    db = sqlite3.connect(folder / "state/znatok.db")
    columns = [c[1] for c in db.execute("PRAGMA table_info(outbox)")]
    db.close()
    return columns.index(name)
