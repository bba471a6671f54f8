"""The common parts of the app with threads and of the one with asyncio."""
import json
import sys

URL, TOKEN, TRANSPORT, ROLE, ROOM, NAME = sys.argv[1:]
TRANSPORTS = {"upgrade": ["polling", "websocket"]}.get(TRANSPORT, [TRANSPORT])
RECONNECTION = {"reconnection_delay": 0.1, "randomization_factor": 0}
PRINTED = (
    "auth-reject",
    "unauthorized",
    "request-error",
    "room-create-accept",
    "room-create-reject",
    "room-join-reject",
    "room-user-leave",
    "ice-candidate",
)


def say(event, data):
    sys.stdout.write(json.dumps({"event": event, "data": data}) + "\n")
    sys.stdout.flush()


def description(kind):
    return {"type": kind, "sdp": f"v=0\r\no=- {NAME} “κόσμε”\r\n" + "a=candidate\r\n" * 500}


def candidate():
    return {"candidate": f"candidate of {NAME}", "sdpMLineIndex": 0}


def to_peer(peer, **fields):
    return {"to": peer, "peer_id": peer, **fields}


def answer_to(request):
    stranger = request["peerinfo"]["name"] == "stranger"
    return "room-join-reject" if stranger else "room-join-accept"
