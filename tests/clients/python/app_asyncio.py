"""The app of ../app.mjs with socketio.AsyncClient."""
import asyncio
import sys
from functools import partial

import socketio

from common import *

sio = socketio.AsyncClient(**RECONNECTION)
auth = None


async def send(event, fields):
    await sio.emit(event, {"auth": auth, "room": ROOM, **fields})


@sio.event
async def connect():
    await sio.emit("auth-request", {"token": TOKEN, "peerinfo": {"name": NAME}})


@sio.event
async def connect_error(data):
    say("connect_error", data)


@sio.on("auth-accept")
async def accepted(data):
    global auth
    auth = data["token"]
    # If the connection fails before connect() has returned, the library does not reconnect.
    while not sio.connected:
        await sio.sleep(0.01)
    if ROLE == "owner":
        await send("room-create-request", {})
    else:
        await send("room-join-request", {"payload": {"from": NAME}})


@sio.on("room-join-request")
async def asked(data):
    say("room-join-request", data)
    await send(answer_to(data), to_peer(data["peer_id"]))


@sio.on("room-join-accept")
async def admitted(data):
    say("room-join-accept", data)
    if ROLE == "sender":
        await send("relay-message", to_peer(data["peers"][0], data=bytes(range(200))))


@sio.on("room-user-join")
async def joined(data):
    say("room-user-join", data)
    if ROLE == "owner":
        offer = to_peer(data["peer_id"], session_description=description("offer"))
        await send("relay-session-description", offer)


@sio.on("session-description")
async def described(data):
    say("session-description", data)
    if data["session_description"]["type"] == "offer":
        answer = to_peer(data["peer_id"], session_description=description("answer"))
        await send("relay-session-description", answer)
    await send("relay-ice-candidate", to_peer(data["peer_id"], ice_candidate=candidate()))


@sio.on("message")
async def message(data):
    say("message", {"peer_id": data["peer_id"], "hex": data["data"].hex()})


async def leave():
    """Disconnects once nothing is being written; see app_threads.py."""
    while sio.connected and not sio.eio.queue._getters:
        await asyncio.sleep(0.01)
    await sio.disconnect()


async def main():
    for event in PRINTED:
        sio.on(event, partial(say, event))
    await sio.connect(URL, auth={"token": TOKEN}, transports=TRANSPORTS)
    await asyncio.to_thread(sys.stdin.read)
    await leave()


asyncio.run(main())
