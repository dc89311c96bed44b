#!/usr/bin/env python3
"""znatok doctor: where the bot cannot run it says so, what to do, and exits
with 1; where it can, all is ok."""

import pathlib
import re
import subprocess
import sys

sys.path[:0] = [str(pathlib.Path(__file__).resolve().parents[1] / room) for room in ("mock", "lib")]
from process import BUILD, PATIENCE  # noqa: E402
from scene import scene  # noqa: E402
from tap import case, check, main, same  # noqa: E402


def doctor(s):
    """Its exit status, and what it says of each thing."""
    done = subprocess.run([BUILD / "znatok", "doctor", "--config", s.bot.conf], text=True,
                          env=s.bot.environ(), capture_output=True, timeout=2 * PATIENCE)
    same(done.stderr, "")
    found = dict(re.match(r"(?:ok  |BAD ) (\w+) +(.*)", line).groups()
                 for line in done.stdout.splitlines())
    bad = {line.split()[1] for line in done.stdout.splitlines() if line.startswith("BAD")}
    same(done.returncode, 1 if bad else 0, done.stdout)
    return bad, found


def is_bad(s, what, *words, only=True):
    bad, found = doctor(s)
    check({what} == bad if only else what in bad, bad, found)
    for word in words:
        check(word in found[what], found[what])


def is_well(s, **words):
    bad, found = doctor(s)
    check(not bad, found)
    for what, word in words.items():
        check(word in found[what], found[what])


@case("before the first start, while it runs, and after it: all is ok")
def well():
    with scene(start=False) as s:
        is_well(s, rights="yours alone", store="none yet", token="logs in")
        s.bot.start()
        is_well(s, rights="yours alone", store="sound", token="@znatok:localhost")
        s.bot.stop()
        is_well(s)
        same(sorted(p.name for p in s.bot.folder.glob("**/.*")), [])
        s.bot.start()
        s.ask()


@case("the store holds a session of another account")
def another_session():
    with scene() as s:
        s.bot.stop()
        s.bot.configure(matrix={"user": "@other:localhost"})
        is_bad(s, "store", "@znatok:localhost", "@other:localhost", only=False)
        s.bot.start(sync=False)
        same(s.bot.ended(), 1)


@case("token_file holds a token of another account")
def another_token():
    with scene(start=False) as s:
        s.bot.secret_file("token", s.mock.user("mallory", login=True)["access_token"])
        s.bot.configure(matrix={"token_file": s.bot.folder / "token", "password_file": None})
        is_bad(s, "token", "@mallory:localhost", "token_file")
        s.bot.start(sync=False)
        same(s.bot.ended(), 1)


@case("logged out for good is no token that has run out, which a start refreshes")
def logged_out():
    with scene() as s:
        s.bot.stop()
        s.mock.expire()
        is_well(s, token="the next start refreshes it")
        s.bot.start()
        s.bot.stop()
        s.bot.configure(matrix={"password_file": None})
        s.mock.logout()
        is_bad(s, "token", "is refused", "znatok login")
        s.bot.start(sync=False)
        same(s.bot.ended(), 3)
        is_bad(s, "token", "no session and no password")


@case("a soft logout without a refresh token: with the password all is well, without it not")
def soft():
    with scene(server={"no_refresh": True}) as s:
        s.bot.stop()
        s.mock.logout(soft=True)
        is_well(s, token="logs in with the password")
        s.bot.configure(matrix={"password_file": None})
        is_bad(s, "token", "password_file")


@case("a locked account; a server that has trouble of its own")
def locked():
    with scene() as s:
        s.bot.stop()
        s.mock.set_user("znatok", locked=True)
        is_bad(s, "token", "locked")
        s.mock.set_user("znatok", locked=False)
        s.mock.rule(regex="/whoami", status=502, body="<html>", times=1)
        is_bad(s, "token", "502", "try again later")
        is_well(s)


@case("ca_file is missing, also where the server needs none")
def no_ca_file():
    with scene(start=False) as s:
        s.bot.configure(matrix={"ca_file": s.bot.folder / "none.pem"})
        is_bad(s, "server", "ca_file", "none.pem", "No such file")
        s.bot.start(sync=False)
        same(s.bot.ended(), 1)


@case("a state folder that cannot be made, is a file, or is below one")
def no_state():
    with scene(start=False) as s:
        (s.bot.folder / "file").write_text("x")
        for state, words in (("/proc/nope/znatok", "cannot be made"),
                             (s.bot.folder / "file/state", "cannot be looked at: Not a directory"),
                             (s.bot.folder / "file/a/b", "cannot be looked at: Not a directory"),
                             (s.bot.folder / "file", "is no folder")):
            s.bot.configure(bot={"state": state})
            is_bad(s, "rights", words, "choose another [bot] state")
            s.bot.start(sync=False)
            same(s.bot.ended(), 1)


@case("a newer store wants a newer znatok, a damaged one a backup")
def store():
    with scene() as s:
        s.bot.stop()
        version, = s.bot.query("SELECT version FROM schema_version")[0]
        s.bot.query("UPDATE schema_version SET version = 999")
        bad, found = doctor(s)
        check("store" in bad and found["store"].endswith("use a newer znatok"), found)
        s.bot.query("UPDATE schema_version SET version = ?", version)
        (s.bot.state / "znatok.db").write_bytes(b"no database" * 1000)
        is_bad(s, "store", "put back a backup")


main()
