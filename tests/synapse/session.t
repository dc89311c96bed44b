#!/usr/bin/env python3
"""The bot on a real Synapse: logging in, being logged out, tokens, and what was
under way when its device went.

Arguments choose cases by the beginning of their sentence."""

import contextlib
import pathlib
import shutil
import signal
import sys

sys.path[:0] = [str(pathlib.Path(__file__).resolve().parents[1] / room) for room in ("peers", "lib")]

from scene import (FRESH, Scene, database, each_once, check, settled, until,  # noqa: E402
                   words_of)
from proxy import Proxy  # noqa: E402
from tap import case, run  # noqa: E402

FAILED, LOGGED_OUT = 1, 3


def devices(scene, bot):
    return [d["device_id"] for d in bot.account.call("GET", "/v3/devices")["devices"]
            if d["device_id"] != bot.account.device]


@case("it logs in once, however often it is started; its device has a name")
def one_login(scene):
    with Proxy(scene.server.url) as proxy, scene.bot(url=proxy.url) as bot:
        for _ in range(3):
            check(bot.stop() == 0, bot.log())
            bot.start()
        bot.kill()
        bot.start()
        check(len(proxy.requests("POST", "/login")) == 1, "more logins than one")
        named = [d for d in bot.account.call("GET", "/v3/devices")["devices"]
                 if d["device_id"] != bot.account.device]
        check([d["display_name"] for d in named] == ["znatok"], named)


def with_token(scene, url):
    """A bot that is told a token: it is one device, whatever becomes of its store."""
    bot = scene.bot(url=url)
    file = bot.folder / "token"
    file.touch(mode=0o600)
    file.write_text(bot.account.token + "\n")
    bot.configure(matrix={"password_file": None, "token_file": file})
    return bot


@case("a token instead of a password")
def token(scene):
    with Proxy(scene.server.url) as proxy, with_token(scene, proxy.url) as bot:
        room = scene.room(bot)
        each_once(scene.alice, room, bot, [settled(scene.alice, room, bot)])
        check(not proxy.requests("POST", "/login"), "it logged in")


@case("a wrong password ends it with 1 and says so in one line")
def wrong_password(scene):
    bot = scene.bot()
    (bot.folder / "password").write_text("wrong\n")
    with contextlib.closing(bot):
        bot.start(sync=False)
        status = bot.ended()
        bot.wait_log("password|M_FORBIDDEN|log in|login")
        check(status == FAILED, f"exit status {status}", bot.log())


@case("SY25 logged out on the server: it ends with 3, and the next start logs in as a new device")
def logged_out(scene):
    with scene.bot() as bot:
        room = scene.room(bot)
        asked = [settled(scene.alice, room, bot)]
        old = devices(scene, bot)
        scene.alice.call("POST", f"/_synapse/admin/v2/users/{bot.id}/delete_devices",
                         {"devices": old})
        status = bot.ended()
        check(status == LOGGED_OUT, f"exit status {status}", bot.log())
        asked.append(scene.alice.send(room, "!q gil"))
        bot.start()
        scene.alice.wait_answer(room, asked[-1])
        asked.append(settled(scene.alice, room, bot))
        each_once(scene.alice, room, bot, asked)
        check(len(devices(scene, bot)) == 1 and devices(scene, bot) != old, devices(scene, bot))


def device_goes(scene, bot, proxy, room, what):
    """The answer to a command is under way, as what says; the bot is killed, its
    device deleted. It is started until it runs again."""
    before = len(proxy.requests("PUT", "/send/"))
    rule = proxy.rule("PUT", "/send/", what, times=-1)
    asked = scene.alice.send(room, "!q gil")
    until(lambda: len(proxy.requests("PUT", "/send/")) > before
               and proxy.requests("PUT", "/send/")[before].status, "a first try")
    bot.kill()
    rule.times = 0
    scene.alice.call("POST", f"/_synapse/admin/v2/users/{bot.id}/delete_devices",
                     {"devices": devices(scene, bot)})
    bot.start(sync=False)
    status = bot.ended()
    check(status == LOGGED_OUT, f"exit status {status}", bot.log())
    bot.start()
    return asked


@case("a row of a deleted device that had arrived is found in the room, and not sent again")
def arrived(scene):
    with Proxy(scene.server.url) as proxy, scene.bot(url=proxy.url) as bot:
        room = scene.room(bot)
        asked = device_goes(scene, bot, proxy, room, "cut")
        each_once(scene.alice, room, bot, [asked, settled(scene.alice, room, bot)])


@case("a row of a deleted device that had not arrived is sent by the new one")
def not_arrived(scene):
    with Proxy(scene.server.url) as proxy, scene.bot(url=proxy.url) as bot:
        room = scene.room(bot)
        asked = device_goes(scene, bot, proxy, room, 502)
        scene.alice.wait_answer(room, asked)
        each_once(scene.alice, room, bot, [asked, settled(scene.alice, room, bot)])


@case("SY28 a position that the server does not know: it begins anew, mute, in its rooms")
def unknown_position(_):
    with Scene(extra=FRESH) as scene, scene.bot() as bot:
        room = scene.room(bot)
        asked = [settled(scene.alice, room, bot)]
        check(bot.stop() == 0, bot.log())
        scene.alice.send(room, "!q gil")
        with database(bot) as db:
            db.execute("UPDATE position SET token = 'no_such_token' WHERE network = 'matrix'")
        bot.start()
        asked.append(settled(scene.alice, room, bot))
        each_once(scene.alice, room, bot, asked)


@case("FA07 the store was deleted: as at the first start, nothing old is answered")
def store_deleted(scene):
    with scene.bot() as bot:
        room = scene.room(bot)
        asked = [settled(scene.alice, room, bot)]
        check(bot.stop() == 0, bot.log())
        scene.alice.send(room, "!q gil")
        shutil.rmtree(bot.state)
        bot.start()
        asked.append(settled(scene.alice, room, bot))
        each_once(scene.alice, room, bot, asked)
        check(len(words_of(scene.alice, room, bot.id)) == 3, "another welcome")


@case("FA07 the same of a bot with a token: the server has its first /sync in a cache still")
def store_deleted_token(scene):
    with with_token(scene, scene.server.url) as bot:
        room = scene.room(bot)
        asked = [settled(scene.alice, room, bot)]
        check(bot.stop() == 0, bot.log())
        scene.alice.send(room, "!q gil")
        shutil.rmtree(bot.state)
        bot.start()
        asked.append(settled(scene.alice, room, bot))
        each_once(scene.alice, room, bot, asked)


@case("SIGHUP reads the notes and bot.conf again; the bot goes on")
def hangup(scene):
    with scene.bot() as bot:
        bot.stop()
        notes = bot.folder / "notes"
        notes.mkdir()
        bot.configure(notes={"folders": notes})
        bot.start()
        room = scene.room(bot)
        check("root" not in scene.alice.ask(room, "!q turnip")["content"]["body"])
        (notes / "n.md").write_text("## Turnip\n\nA root that one can eat.\n")
        bot.configure(bot={"language": "ru"})
        bot.process.send_signal(signal.SIGHUP)
        until(lambda: "root" in scene.alice.ask(room, "!q turnip")["content"]["body"],
                   "the new notes")
        check("В заметках" in scene.alice.ask(room, "!q kale")["content"]["body"])
        check(bot.stop() == 0, bot.log())


if __name__ == "__main__":
    with Scene() as everything:
        status = run(everything)
    sys.exit(status)
