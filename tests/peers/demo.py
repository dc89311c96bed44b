#!/usr/bin/env python3
"""make demo: a Matrix homeserver on this machine with the bot in a room, for
you to join with any client. All of it is in build/demo (or $DEMO), and goes on
with the next start; delete that folder to begin anew."""

import fcntl
import os
import pathlib
import signal
import socket
import subprocess
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "lib"))
import process  # noqa: E402
from peers import Refused, Synapse, quote  # noqa: E402
from tap import Failed  # noqa: E402

DEMO = pathlib.Path(os.environ.get("DEMO") or process.ROOT / "build/demo").resolve()
PASSWORDS = {"alice": "wonderland", "bob": "builder", "znatok": "a good memory"}
ALIAS = "#znatok:localhost"

TEXT = """
znatok lives in a Matrix homeserver on this machine now. Nothing leaves it.

    homeserver   {url}
    user         alice        password   {alice}
    user         bob          password   {bob}
    room         {alias}

In Element Desktop, or at https://app.element.io in Chrome or Firefox:
Sign in, Edit beside the homeserver, Other homeserver, the address above; then
user and password. Open the room and type:

    !q gil        !topics        !help

You may invite @znatok:localhost into rooms of your own, without encryption.
alice is admin of the bot: change a note in
{notes}, and she may !reload.

Without a client, in another terminal:

    HS={url}/_matrix/client/v3
    TOKEN=$(curl -s $HS/login -d '{{"type":"m.login.password","password":"{alice}","identifier":{{"type":"m.id.user","user":"alice"}}}}' | sed 's/.*"access_token": *"//; s/".*//')
    ROOM=$HS/rooms/{room}
    curl -s -X PUT -H "Authorization: Bearer $TOKEN" $ROOM/send/m.room.message/$(date +%s%N) -d '{{"msgtype":"m.text","body":"!q gil"}}'
    curl -s -H "Authorization: Bearer $TOKEN" "$ROOM/messages?dir=b&limit=1" | python3 -m json.tool --no-ensure-ascii

What the bot does is in {log}
Ctrl-C ends both; `make demo` goes on where you were.
"""


def is_free(port):
    try:
        socket.create_server(("127.0.0.1", port)).close()
        return True
    except OSError:
        return False


def person(server, name, **more):
    """Registered at the first start, logged in at the later ones."""
    try:
        return server.register(name, PASSWORDS[name], **more)
    except Refused as error:
        if error.code != "M_USER_IN_USE":
            raise
        return server.login(name, PASSWORDS[name])


def furnish(server):
    """The people and the room, as far as they are not there yet; the room."""
    alice, bob, bot = (person(server, name) for name in ("alice", "bob", "znatok"))
    try:
        room = alice.call("GET", f"/v3/directory/room/{quote(ALIAS)}")["room_id"]
    except Refused:
        room = alice.create_room(public=True, name="znatok", room_alias_name="znatok",
                                 topic="Ask the notes: !q gil")
    bob.join(room)
    if alice.membership(room, bot.id) is None:
        alice.invite(room, bot.id)
    for somebody in (bob, bot):
        somebody.call("POST", "/v3/logout", {})
    return alice, room, bot.id


def configure(url):
    password = DEMO / "password"
    password.touch(mode=0o600)
    password.write_text(PASSWORDS["znatok"] + "\n")
    (DEMO / "bot.conf").write_text(f"""# Written anew by each `make demo`.
[bot]
state = {DEMO}/state
admins = @alice:localhost
[notes]
folders = {process.ROOT}/kb/notes
[matrix]
homeserver = {url}
user = @znatok:localhost
password_file = {password}
invites = localhost
""")


def start_bot():
    with open(DEMO / "bot.log", "ab") as log:
        return process.start(
            [process.BUILD / "znatok", "run", "--config", DEMO / "bot.conf"], stdout=log,
            stderr=log, stdin=subprocess.DEVNULL, start_new_session=True)


def fail_if_ended(child, what, log):
    if child.poll() is not None:
        last = log.read_text(errors="replace").splitlines()[-5:]
        raise Failed("\n".join([f"{what} has ended, its last words in {log}:", *last]))


def run(server):
    server.port = 8008 if is_free(8008) else process.free_port()
    server.start()
    try:
        alice, room, bot_id = furnish(server)
        configure(server.url)
        bot = start_bot()
        try:
            while alice.membership(room, bot_id) != "join":
                fail_if_ended(bot, "The bot", DEMO / "bot.log")
                time.sleep(0.1)
            alice.call("POST", "/v3/logout", {})
            print(TEXT.format(url=server.url, room=quote(room), alias=ALIAS,
                              log=DEMO / "bot.log", notes=process.ROOT / "kb/notes",
                              **PASSWORDS), flush=True)
            while True:
                fail_if_ended(bot, "The bot", DEMO / "bot.log")
                fail_if_ended(server.process, "Synapse", DEMO / "synapse/stdout.log")
                time.sleep(0.5)
        finally:
            process.end(bot)
    finally:
        server.stop()


def interrupted(*_):
    raise KeyboardInterrupt


def main():
    DEMO.mkdir(parents=True, exist_ok=True)
    with open(DEMO / "lock", "w", encoding="utf-8") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            print("demo: it runs already, in another terminal", file=sys.stderr)
            return 1
        signal.signal(signal.SIGTERM, interrupted)
        signal.signal(signal.SIGINT, interrupted)
        print("Starting a homeserver and the bot …", flush=True)
        try:
            run(Synapse(data=DEMO / "synapse"))
        except KeyboardInterrupt:
            print("\nBoth have ended. `make demo` goes on where you were.")
            return 0
        except Failed as error:
            print(f"demo: {error}", file=sys.stderr)
            return 1


if __name__ == "__main__":
    sys.exit(main())
