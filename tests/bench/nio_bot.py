"""A bot on matrix-nio that answers each command with a fixed text: the rival
in CPU. nio_bot.py HOMESERVER USER_ID DEVICE_ID TOKEN CONTENT; it prints "ready"."""

import asyncio
import json
import sys

from nio import AsyncClient, RoomMessageText, SyncResponse

homeserver, user_id, device_id, token, content = sys.argv[1:]


async def run():
    client = AsyncClient(homeserver, user_id, device_id)
    client.restore_login(user_id, device_id, token)
    assert isinstance(await client.sync(timeout=0), SyncResponse)

    async def heard(room, event):
        if event.sender != user_id and event.body.startswith("!q "):
            await client.room_send(room.room_id, "m.room.message", {
                **json.loads(content),
                "m.relates_to": {"m.in_reply_to": {"event_id": event.event_id}}})

    client.add_event_callback(heard, RoomMessageText)
    print("ready", flush=True)
    await client.sync_forever(timeout=30000)

asyncio.run(run())
