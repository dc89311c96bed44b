#!/usr/bin/env python3
"""Logging in, tokens, refresh, logout; the start and the end of the program."""

import json
import os
import pathlib
import pty
import re
import signal
import subprocess
import sys
import termios
import time

sys.path[:0] = [str(pathlib.Path(__file__).resolve().parents[1] / room) for room in ("mock", "lib")]
from bot import Bot  # noqa: E402
from mock import CLIENT, PASSWORD, Mock, text  # noqa: E402
from process import BUILD, PATIENCE  # noqa: E402
from scene import replied, scene  # noqa: E402
from tap import case, check, main, same, until  # noqa: E402

LOGIN = CLIENT + "/login"
REFRESH = CLIENT + "/refresh"


def logins(mock, **only):
    return [json.loads(r["body"]) for r in mock.log(method="POST", path=LOGIN, **only)]


def tokens(mock, since=0):
    """The access tokens that were used, in order of first use."""
    found = []
    for request in mock.log(since=since, received=1):
        token = request["headers"].get("authorization")
        if token and token not in found:
            found.append(token)
    return found


@case("first start logs in with the password, by a new device; later starts go on with it")
def first_login():
    with scene() as s:
        login, = logins(s.mock)
        same((login["type"], login["password"], login["identifier"]),
             ("m.login.password", PASSWORD, {"type": "m.id.user", "user": login["identifier"]["user"]}))
        check(login["identifier"]["user"] in ("znatok", s.mock.bot))
        same((login["refresh_token"], login["initial_device_display_name"]), (True, "znatok"))
        check("device_id" not in login)
        devices = s.mock.get_user()["devices"]
        same(list(devices.values()), ["znatok"])
        for _ in range(3):
            same(s.bot.stop(), 0, "exit status")
            s.bot.restart()
        same(len(logins(s.mock)), 1, "logins")
        same(s.mock.get_user()["devices"], devices)
        mode = os.stat(s.bot.state / "znatok.db").st_mode & 0o777
        same(mode, 0o600, "the database with the token in it")


@case("the whole user id in bot.conf, and the password in the environment")
def environment():
    with Mock() as mock, Bot(mock, matrix={"user": mock.bot, "password_file": None},
                             environment={"ZNATOK_MATRIX_PASSWORD": PASSWORD}) as bot:
        bot.start()
        same(len(logins(mock)), 1)


@case("a configured token: whoami, no login; a token of somebody else is refused")
def configured_token():
    with Mock() as mock:
        token = mock.user("znatok", login=True, device_id="MADE")["access_token"]
        with Bot(mock, token=token) as bot:
            bot.start()
            same(logins(mock), [])
            check(mock.log(path=CLIENT + "/account/whoami", status=200))
            same(tokens(mock), ["Bearer " + token])
        other = mock.user("mallory", login=True)["access_token"]
        with Bot(mock, token=other) as bot:
            bot.start(sync=False)
            same(bot.ended(), 1, "exit status")
            same(len(bot.lines), 1, bot.log())
            check("@mallory:localhost" in bot.log(), bot.log())
        with Bot(mock, token="syt_wrong") as bot:
            bot.start(sync=False)
            check(bot.ended() in (1, 3))


@case("a wrong password, a user that is deactivated: one line, exit status 1, one try")
def wrong_password():
    with Mock() as mock, Bot(mock) as bot:
        bot.secret_file("password", "wrong-password")
        bot.start(sync=False)
        same(bot.ended(), 1, "exit status")
        same(len(bot.lines), 1, bot.log())
        same(len(logins(mock)), 1)
        bot.secret_file("password", PASSWORD)
        mock.set_user("znatok", deactivated=True)
        bot.start(sync=False)
        same(bot.ended(), 1, "exit status")
        same(len(bot.lines), 2, bot.log(all_runs=True))


@case("what cannot be in bot.conf: one line and exit status 1, and nothing is asked")
def configuration():
    with Mock() as mock:
        elsewhere = mock.url.replace("127.0.0.1", "192.0.2.1")
        for why, options in (
                ("homeserver", {"homeserver": elsewhere}),
                ("homeserver", {"homeserver": "ftp://127.0.0.1"}),
                ("homeserver", {"homeserver": "not a name"}),
                ("user", {"user": None}),
                ("password", {"password_file": None}),
                ("password", {"password_file": "/nonexistent/password"}),
                ("answer_age", {"answer_age": "soon"})):
            with Bot(mock, matrix=options) as bot:
                bot.start(sync=False)
                same(bot.ended(), 1, f"exit status with {options}")
                same(len(bot.lines), 1, bot.log())
                check(why in bot.log(), f"{options}: {bot.log()}")
        with Bot(mock) as bot:
            (bot.folder / "password").chmod(0o644)
            bot.start(sync=False)
            same(bot.ended(), 1, "exit status with a password that others may read")
            check("password" in bot.log(), bot.log())
        same(mock.log(received=1), [])


@case("znatok login: an address that no password may go to is refused before it is asked for")
def login_address():
    with Mock() as mock, Bot(mock, matrix={"homeserver": None}) as bot:
        for address in ("http://example.org", "ftp://example.org", "https://"):
            done = subprocess.run([BUILD / "znatok", "login", "--config", bot.conf], text=True,
                                  input=f"{address}\nznatok\n{PASSWORD}\n", capture_output=True,
                                  env=bot.environ(), timeout=PATIENCE)
            same(done.returncode, 1, "exit status")
            check("Password" not in done.stderr and "https://" in done.stderr, done.stderr)
            check("libcurl" not in done.stderr, done.stderr)


@case("znatok login: a Ctrl-C where the password is asked for leaves the terminal as it was")
def login_interrupted():
    with Mock() as mock, Bot(mock) as bot:
        for number in (signal.SIGINT, signal.SIGTERM):
            ours, its = pty.openpty()
            child = subprocess.Popen([BUILD / "znatok", "login", "--config", bot.conf], stdin=its,
                                     stderr=subprocess.DEVNULL, env=bot.environ())

            def echo():
                return termios.tcgetattr(its)[3] & termios.ECHO
            os.write(ours, f"{mock.url}\nznatok\n".encode())
            until(lambda: not echo(), "the password is asked for")
            child.send_signal(number)
            same(child.wait(PATIENCE), -number, "exit status")
            check(echo(), "what is typed is not shown any more")
            os.close(ours)
            os.close(its)


@case("SY24 soft logout: logs in again as the same device, and nothing is lost")
def soft_logout():
    with scene(server={"no_refresh": True}) as s:
        s.fence()
        device = list(s.mock.get_user()["devices"])
        s.mock.settled()
        s.mock.logout(soft=True)
        event = s.mock.say(s.room, "alice", "!q soft")
        s.mock.answer_to(s.room, event)
        again = logins(s.mock)
        same(len(again), 2)
        same([again[1]["device_id"]], device)
        same(list(s.mock.get_user()["devices"]), device)
        since = [r for r in s.mock.log(path=CLIENT + "/sync") if "since=" not in r["target"]]
        same(len(since), 1, "the position is kept")
        same(len(s.fence()), 2)
        check(s.bot.running())


@case("SY24 soft logout where the refresh token is refused too: the same")
def soft_logout_refresh():
    with scene() as s:
        device = list(s.mock.get_user()["devices"])
        s.mock.settled()
        s.mock.logout(soft=True)
        s.ask("!q gil")
        same([logins(s.mock)[1]["device_id"]], device)
        check(len(s.mock.log(path=REFRESH)) <= 1)


@case("SY24 a kill before the answer to a soft login is kept: no logout for good, one device")
def soft_logout_killed():
    with scene(server={"no_refresh": True}) as s:
        device = list(s.mock.get_user()["devices"])
        rule = s.mock.rule(CLIENT + "/login", times=1, action="swallow")
        s.mock.settled()
        s.mock.logout(soft=True)
        s.mock.wake()
        until(lambda: s.mock.hits(rule), "a login")
        s.bot.kill()
        event = s.mock.say(s.room, "alice", "!q soft")
        s.bot.restart()
        s.mock.answer_to(s.room, event)
        same(list(s.mock.get_user()["devices"]), device)


@case("SY25 hard logout: exit status 3, no login; the next start logs in as a new device, once")
def hard_logout():
    for server in ({}, {"no_refresh": True}):
        hard_logout_of(server)


def hard_logout_of(server):
    with scene(server=server) as s:
        s.fence()
        device = list(s.mock.get_user()["devices"])[0]
        event = s.mock.say(s.room, "alice", "!q one")
        s.mock.answer_to(s.room, event)
        s.mock.logout()
        same(s.bot.ended(), 3, "exit status")
        same(len(logins(s.mock)), 1, "logins")
        since = s.mock.log_end()
        event = s.mock.say(s.room, "alice", "!q while-out")
        s.bot.restart()
        s.mock.answer_to(s.room, event)
        again = logins(s.mock)[1:]
        same(len(again), 1)
        check(again[0].get("device_id") != device, again[0])
        check(device not in s.mock.get_user()["devices"])
        same(len(s.mock.answers(s.room, reply_to=event)), 1)
        check(len(tokens(s.mock, since)) == 1, "a dead token was used again")
        same(len(s.fence()), 3)


@case("SY25 hard logout in the middle of a send: the answer comes by the new device, once")
def hard_logout_sending():
    with scene() as s:
        hold = s.mock.rule(method="PUT", regex="/send/", action="hold")
        event = s.mock.say(s.room, "alice", "!q gil")
        s.mock.wait_for(1, method="PUT", regex="/send/", received=1)
        s.mock.logout()
        s.mock.drop_rule(hold)
        same(s.bot.ended(), 3, "exit status")
        s.bot.restart()
        s.answered(event)


@case("SY25 logged out, with a token that was configured: it ends, and never logs in")
def hard_logout_token():
    with Mock() as mock:
        token = mock.user("znatok", login=True)["access_token"]
        with Bot(mock, token=token) as bot:
            bot.start()
            mock.logout()
            same(bot.ended(), 3, "exit status")
            bot.start(sync=False)
            check(bot.ended() in (1, 3))
            same(logins(mock), [])


@case("SY26 a token that expires during a send: refreshed, the same transaction id, one event")
def refresh_while_sending():
    with scene() as s:
        s.fence()
        rule = s.mock.rule(method="PUT", regex="/send/", times=1, status=401, body={
            "errcode": "M_UNKNOWN_TOKEN", "error": "expired", "soft_logout": True})
        event = s.mock.say(s.room, "alice", "!q gil")
        s.mock.answer_to(s.room, event)
        same(s.mock.hits(rule), 1)
        puts = s.mock.log(method="PUT", regex="/send/")[1:3]
        same(puts[0]["target"], puts[1]["target"])
        same(puts[0]["body"], puts[1]["body"])
        same(len(s.mock.log(path=REFRESH)), 1)
        same(len(logins(s.mock)), 1)
        same(len(s.fence()), 2)


@case("SY27 many requests refused at once: one refresh for all of them")
def one_refresh():
    with scene() as s:
        rooms = [s.room, *(s.mock.room("alice", members=["znatok"]) for _ in range(5))]
        for room in rooms:
            s.fence(room)
        hold = s.mock.rule(method="PUT", regex="/send/", action="hold")
        events = s.mock.events([text(room, "alice", "!q gil") for room in rooms])
        s.mock.wait_for(12, method="PUT", regex="/send/", received=1)
        # One is refused long after the token has been renewed.
        late = s.mock.rule(method="PUT", regex="/typing/", times=1, status=401, delay_ms=2000,
                           body={"errcode": "M_UNKNOWN_TOKEN", "error": "expired"})
        until(lambda: s.mock.hits(late), "that it types, under the old token")
        s.mock.expire()
        s.mock.drop_rule(hold)
        for room, event in zip(rooms, events):
            s.mock.answer_to(room, event)
        until(lambda: [r for r in s.mock.log(regex="/typing/", status=401)], "the late refusal")
        check(len(s.mock.log(status=401)) >= 4, "requests refused")
        same(len(s.mock.log(path=REFRESH)), 1)
        same(len(logins(s.mock)), 1)
        for room, event in zip(rooms, events):
            same([replied(e) for e in s.fence(room)[1:]], [event])


@case("a refresh whose answer is lost: again with the old refresh token; a kill there as well")
def lost_refresh():
    with scene() as s:
        s.mock.rule(REFRESH, times=1, action="close-after")
        s.mock.expire()
        s.mock.wake()
        s.ask("!q gil")
        used = [json.loads(r["body"])["refresh_token"] for r in s.mock.log(path=REFRESH)]
        same((len(used), used[0]), (2, used[-1]))
        lost = s.mock.rule(REFRESH, times=1, action="swallow")
        s.mock.expire()
        s.mock.wake()
        s.mock.wait_for(3, path=REFRESH, received=1)
        s.bot.kill()
        s.mock.drop_rule(lost)
        s.bot.restart()
        s.ask("!q gil")
        same(len(logins(s.mock)), 1)


@case("a refresh that is refused for another reason than the token: it is kept, and tried again")
def refresh_refused():
    with scene() as s:
        for errcode in ("M_USER_LOCKED", "M_UNRECOGNIZED", "M_RESOURCE_LIMIT_EXCEEDED"):
            s.mock.rule(REFRESH, times=1, status=401 if errcode == "M_USER_LOCKED" else 404,
                        body={"errcode": errcode, "error": "x", "soft_logout": True})
        s.mock.expire()
        s.mock.wake()
        s.ask("!q gil")
        used = [json.loads(r["body"])["refresh_token"] for r in s.mock.log(path=REFRESH)]
        same((len(used), len(set(used))), (4, 1))
        same(len(logins(s.mock)), 1)


@case("a refresh token that is used up: a logout")
def refresh_used_up():
    with scene() as s:
        s.mock.rule(REFRESH, times=1, status=403,
                    body={"errcode": "M_FORBIDDEN", "error": "isn't valid anymore"})
        s.mock.rule(CLIENT + "/sync", times=1, status=401,
                    body={"errcode": "M_UNKNOWN_TOKEN", "error": "expired"})
        s.mock.wake()
        same(s.bot.ended(), 3, "exit status")


@case("a homeserver that has moved: the log says where to, and what to write into bot.conf")
def moved():
    with scene(start=False) as s:
        s.mock.rule(CLIENT, status=301, headers={"Location": "https://new.example/x"}, body="")
        s.bot.start(sync=False)
        s.bot.wait_log(r"log in: 301.* https://new\.example/x.*\[matrix\] homeserver in bot\.conf")
        same(s.bot.stop(), 0)


@case("a token that says when it expires is refreshed before it does")
def proactive():
    with scene(server={"token_lifetime_ms": 4000}) as s:
        s.mock.wait_for(2, path=REFRESH)
        s.fence()
        same(s.mock.log(status=401), [])
        same(len(logins(s.mock)), 1)


@case("a locked user: everything is kept, it asks again slowly, and goes on when it may")
def locked():
    with scene() as s:
        s.mock.set_user("znatok", locked=True)
        event = s.mock.say(s.room, "alice", "!q gil")
        s.mock.wake()
        s.mock.wait_for(2, timeout=60, path=CLIENT, status=401)
        check(s.bot.running(), "it has ended")
        same(len(logins(s.mock)), 1)
        check(len(s.mock.log(status=401)) < 20, "it does not ask slowly")
        s.mock.set_user("znatok", locked=False)
        s.mock.answer_to(s.room, event, timeout=120)
        same(len(logins(s.mock)), 1)
        same(s.mock.log(path=REFRESH), [])


@case("FA07 the database is deleted: a new device, and a first sync that is mute")
def deleted():
    with scene() as s:
        s.fence()
        device = list(s.mock.get_user()["devices"])
        s.bot.stop()
        for file in s.bot.state.glob("znatok.db*"):
            file.unlink()
        s.mock.say(s.room, "alice", "!q old")
        s.bot.restart()
        login = logins(s.mock)[1]
        check(login.get("device_id") not in device, login)
        same(len(s.fence()), 1)


@case("FA04 a second instance is refused, and told which process is the first")
def second():
    with scene() as s:
        done = subprocess.run([BUILD / "znatok", "run", "--config", s.bot.conf],
                              env=s.bot.environ(), capture_output=True, text=True, timeout=60)
        same(done.returncode, 1)
        lines = done.stderr.splitlines()
        same(len(lines), 1, done.stderr)
        check(str(s.bot.process.pid) in lines[0], lines)
        s.fence()
        same(len(logins(s.mock)), 1)


@case("SIGTERM and SIGINT: exit status 0, at once, also in a long poll")
def sigterm():
    with scene() as s:
        for number in (signal.SIGTERM, signal.SIGINT):
            s.mock.wait_for(1, path=CLIENT + "/sync", regex="timeout=30000", received=1, status=0)
            begin = time.monotonic()
            same(s.bot.stop(number), 0, "exit status")
            check(time.monotonic() - begin < 20, "it waited for its long poll")
            s.bot.restart()


@case("SIGTERM before it is in sync, and while it cannot log in: exit status 0")
def sigterm_early():
    for path in (LOGIN, "/_matrix/client/versions", CLIENT + "/sync"):
        for rule in ({"action": "hold"}, {"status": 503}):
            with scene(start=False) as s:
                s.mock.rule(path, **rule)
                s.bot.start(sync=False)
                s.mock.wait_for(1, path=path, received=1)
                same(s.bot.stop(), 0, f"exit status at {path} with {rule}")


@case("FA17 SIGTERM during a send: the answer is waited for and kept, exit status 0")
def sigterm_sending():
    with scene() as s:
        hold = s.mock.rule(method="PUT", regex="/send/", action="hold")
        event = s.mock.say(s.room, "alice", "!q gil")
        s.mock.wait_for(1, method="PUT", regex="/send/", received=1)
        s.bot.process.send_signal(signal.SIGTERM)
        time.sleep(0.5)
        check(s.bot.running(), "it did not wait")
        s.mock.drop_rule(hold)
        same(s.bot.ended(), 0, "exit status")
        same(s.bot.query("SELECT state FROM wire"), [("done",)])
        s.bot.restart()
        s.answered(event)
        same(len(s.mock.log(method="PUT", regex="/send/")), 2)


@case("FA17 SIGTERM with work that was taken: it is answered now or after the next start, once")
def sigterm_with_work():
    with scene() as s:
        events = s.mock.events([text(s.room, "alice", "!q gil") for _ in range(30)])
        s.mock.wait_for(1, method="PUT", regex="/send/", received=1)
        same(s.bot.stop(), 0, "exit status")
        s.bot.restart()
        s.answered(*events)


@case("SIGHUP: bot.conf and the notes are read again; a mistake in it is told, the old one stays")
def sighup():
    with scene(start=False, bot={"admins": "@nobody:localhost"}, notes={"watch": "false"}) as s:
        notes = s.bot.folder / "notes"
        notes.mkdir()
        (notes / "n.md").write_text("# Horse\n\nA plain animal.\n")
        s.bot.configure(notes={"folders": notes})
        s.bot.start()
        check("admins" in s.ask("!reload")["content"]["body"])
        (notes / "z.md").write_text("# Zebra\n\nA striped animal.\n")
        s.bot.configure(bot={"admins": "@alice:localhost"})
        s.bot.reload()
        until(lambda: "striped" in s.ask("!q zebra")["content"]["body"], "the new notes are read")
        until(lambda: "admins" not in s.ask("!reload")["content"]["body"], "alice is an admin")
        s.bot.configure(bot={"flood": "many"})
        s.bot.reload()
        s.bot.wait_log("flood")
        check("striped" in s.ask("!q zebra")["content"]["body"])
        check(s.bot.running())
        same(len(logins(s.mock)), 1)


@case("SIGHUP when bot.conf is gone changes nothing, also where the bot had found it by itself")
def sighup_gone():
    for named in (True, False):
        with scene(start=False, bot={"admins": "@alice:localhost"}) as s:
            s.bot.start(named=named)
            check("admins" not in s.ask("!reload")["content"]["body"])
            s.bot.conf.rename(s.bot.folder / "away")
            s.bot.reload()
            s.bot.wait_log("the configuration stays as it was: .*bot.conf: No such file")
            check("admins" not in s.ask("!reload")["content"]["body"])
            s.bot.configure(bot={"admins": "@bob:localhost"})
            s.bot.reload()
            s.bot.wait_log("configuration was read again")
            check("admins" in s.ask("!reload")["content"]["body"])


@case("debug logs: no token, no password and no message in them either")
def debug():
    with scene(bot={"log_level": "debug"}, environment={"G_MESSAGES_DEBUG": "all"}) as s:
        s.ask("!q something-very-private")
        s.mock.expire()
        s.mock.wake()
        s.ask("!q another-private-thing")
        s.mock.rule(method="PUT", regex="/send/", times=1, status=403,
                    body={"errcode": "M_FORBIDDEN", "error": "no"})
        s.mock.say(s.room, "alice", "!q a-third-private-thing")
        s.fence()
        check(not re.search("private-thing|syt_|syr_", s.bot.log()), s.bot.log())


main()
