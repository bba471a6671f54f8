"""The app of ../app.mjs with socketio.Client, which runs its handlers in threads."""
import sys
from functools import partial

import socketio

from common import *

sio = socketio.Client(**RECONNECTION)
auth = None


def send(event, fields):
    sio.emit(event, {"auth": auth, "room": ROOM, **fields})


@sio.event
def connect():
    sio.emit("auth-request", {"token": TOKEN, "peerinfo": {"name": NAME}})


@sio.event
def connect_error(data):
    say("connect_error", data)


@sio.on("auth-accept")
def accepted(data):
    global auth
    auth = data["token"]
    # If the connection fails before connect() has returned, the library does not reconnect.
    while not sio.connected:
        sio.sleep(0.01)
    if ROLE == "owner":
        send("room-create-request", {})
    else:
        send("room-join-request", {"payload": {"from": NAME}})


@sio.on("room-join-request")
def asked(data):
    say("room-join-request", data)
    send(answer_to(data), to_peer(data["peer_id"]))


@sio.on("room-join-accept")
def admitted(data):
    say("room-join-accept", data)
    if ROLE == "sender":
        send("relay-message", to_peer(data["peers"][0], data=bytes(range(200))))


@sio.on("room-user-join")
def joined(data):
    say("room-user-join", data)
    if ROLE == "owner":
        offer = to_peer(data["peer_id"], session_description=description("offer"))
        send("relay-session-description", offer)


@sio.on("session-description")
def described(data):
    say("session-description", data)
    if data["session_description"]["type"] == "offer":
        answer = to_peer(data["peer_id"], session_description=description("answer"))
        send("relay-session-description", answer)
    send("relay-ice-candidate", to_peer(data["peer_id"], ice_candidate=candidate()))


@sio.on("message")
def message(data):
    say("message", {"peer_id": data["peer_id"], "hex": data["data"].hex()})


def leave():
    """Disconnects once nothing is being written.

    Over polling, disconnect() ends the write loop with the POST it waits for. Packets that wait then,
    the goodbye too, are never sent (engineio/client.py, _write_loop)."""
    while sio.connected and not sio.eio.queue.not_empty._waiters:
        sio.sleep(0.01)
    sio.disconnect()


for event in PRINTED:
    sio.on(event, partial(say, event))

sio.connect(URL, auth={"token": TOKEN}, transports=TRANSPORTS)
sys.stdin.read()
leave()
